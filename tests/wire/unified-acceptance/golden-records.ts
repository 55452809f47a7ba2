import type { UnifiedAcceptanceClient } from '../../../adapters/unified-acceptance/client.ts';
import type { AcceptanceRecord } from '../../../adapters/unified-acceptance/messages/acceptance.ts';
import type { FeeOrder } from '../../../adapters/unified-acceptance/messages/fee.ts';
import type { MaterialRecord } from '../../../adapters/unified-acceptance/messages/material.ts';
import type { ProcessRecord } from '../../../adapters/unified-acceptance/messages/process.ts';
import type { ResultRecord } from '../../../adapters/unified-acceptance/messages/result.ts';
import type { SpecialProcedureRecord } from '../../../adapters/unified-acceptance/messages/special-procedure.ts';
import { FEE_CASE, GOLDEN_CASE, HANDLING_ITEM, TASK_CODE } from './platform-fixture.ts';

/** The golden records in the domain's words. */

export const acceptance: AcceptanceRecord = {
  rowGuid: '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1001',
  version: 1,
  caseNumber: GOLDEN_CASE,
  password: '604518',
  item: {
    taskCode: TASK_CODE,
    catalogCode: '420511008000',
    handlingItem: HANDLING_ITEM,
    name: '困难残疾人生活补贴和重度残疾人护理补贴',
    version: 1,
  },
  summary: '张惠兰申请残疾人两项补贴',
  projectType: '2',
  submission: '0',
  applicant: { type: '1', name: '张惠兰', documentType: '111', documentNumber: '421202197803159926' },
  contact: { name: '张惠兰', documentType: '111', documentNumber: '421202197803159926', phone: '13800000000' },
  address: '咸宁市咸安区温泉街道',
  postcode: '437000',
  organisation: { code: '11421202MB2A910803', name: '温泉街道办事处' },
  handler: '李某',
  appliedAt: '2022-10-08 09:40:00',
  acceptedAt: '2022-10-08T09:44:10+08:00',
  acceptanceDocument: '咸安温受〔2022〕17号',
  statutoryLimit: { amount: 30, unit: 'G' },
  promise: { amount: 15, unit: '1', date: '2022-10-27 23:59:59' },
  visits: 1,
};

/** The second golden batch: an acceptance that is taken and one with a wrong identity number. */
export const partialBatch: readonly AcceptanceRecord[] = [
  { ...acceptance, rowGuid: '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1002', caseNumber: `${TASK_CODE}202210080018` },
  {
    ...acceptance,
    rowGuid: '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1003',
    caseNumber: `${TASK_CODE}202210080019`,
    applicant: { ...acceptance.applicant, documentNumber: '421202197803159927' },
  },
];

export const firstStep: ProcessRecord = {
  rowGuid: '1c1f6b1e-0000-4d5e-9f55-000000000001',
  version: 1,
  caseNumber: GOLDEN_CASE,
  number: 1,
  name: '受理',
  nodeType: '1',
  nodeState: '02',
  nodeResult: '4',
  action: '1',
  startedAt: '2022-10-08 09:44:10',
  endedAt: '2022-10-08 09:44:10',
  handler: '李某',
  explanation: '予以受理',
  organisation: { code: '11421202MB2A910803', name: '温泉街道办事处', division: '421202001000' },
};

export const supplementStep: ProcessRecord = {
  ...firstStep,
  rowGuid: '1c1f6b1e-0000-4d5e-9f55-000000000002',
  number: 2,
  name: '审核',
  nodeType: '2',
  nodeResult: '5',
  action: '3',
  startedAt: '2022-10-09 09:00:00',
  endedAt: '2022-10-09 10:00:00',
  explanation: '缺低保证明',
};

export const materials: readonly MaterialRecord[] = [
  {
    rowGuid: '2c1f6b1e-0000-4d5e-9f55-000000000001',
    version: 1,
    caseNumber: GOLDEN_CASE,
    name: '居民身份证',
    attachment: 'sfz.pdf',
    way: '3',
    count: 1,
    required: true,
  },
  {
    rowGuid: '2c1f6b1e-0000-4d5e-9f55-000000000002',
    version: 1,
    caseNumber: GOLDEN_CASE,
    name: '残疾人证',
    way: '2',
    count: 1,
    required: true,
  },
];

export const specialStart: SpecialProcedureRecord = {
  rowGuid: '3c1f6b1e-0000-4d5e-9f55-000000000001',
  version: 1,
  caseNumber: GOLDEN_CASE,
  type: '4',
  name: '公示',
  reason: '按规定公示',
  startedAt: '2022-10-11 09:00:00',
  handler: '李某',
  requestedBy: '李某',
};

export const specialEnd: SpecialProcedureRecord = {
  ...specialStart,
  version: 2,
  endedAt: '2022-10-17 18:00:00',
  outcome: '公示无异议',
};

export const result: ResultRecord = {
  rowGuid: '4c1f6b1e-0000-4d5e-9f55-000000000001',
  version: 1,
  caseNumber: GOLDEN_CASE,
  type: '0',
  at: '2022-10-24 16:20:00',
  explanation: '准予发放',
  handler: '孙某',
  organisation: { code: '11421202MB2A91048P', name: '咸安区民政局' },
  delivered: false,
};

export const fee: FeeOrder = {
  rowGuid: '5c1f6b1e-0000-4d5e-9f55-000000000001',
  version: 1,
  caseNumber: FEE_CASE,
  payCode: '42120000220000018432',
  payerName: '李建国',
  items: [{ code: '103044808', name: '不动产登记费', standardFen: 8_000, quantity: 1, amountFen: 8_000 }],
  dueDate: '2022-10-15',
};

/** What a client is asked to do for each golden request that a client can make, and what it then gives. */
export const goldenCalls: readonly {
  readonly id: string;
  readonly call: (client: UnifiedAcceptanceClient) => Promise<unknown>;
  readonly gives?: unknown;
}[] = [
  {
    id: '01',
    call: (client) =>
      client.allocate({ taskCode: TASK_CODE, handlingItem: HANDLING_ITEM, appliedAt: '2022-10-08 09:40:00' }),
    gives: { number: GOLDEN_CASE, password: '604518' },
  },
  { id: '02', call: (client) => client.reportAcceptance([acceptance]), gives: { accepted: 1, rejected: [] } },
  {
    id: '03',
    call: (client) => client.reportAcceptance(partialBatch),
    gives: {
      accepted: 1,
      rejected: [
        { rowGuid: '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1003', code: '2103', message: '申请人证件号码校验不通过' },
      ],
    },
  },
  { id: '04', call: (client) => client.reportProcess([firstStep]), gives: { accepted: 1, rejected: [] } },
  { id: '05', call: (client) => client.reportProcess([supplementStep]), gives: { accepted: 1, rejected: [] } },
  { id: '06', call: (client) => client.reportMaterials(materials), gives: { accepted: 2, rejected: [] } },
  { id: '07', call: (client) => client.reportSpecialProcedure([specialStart]), gives: { accepted: 1, rejected: [] } },
  { id: '08', call: (client) => client.reportSpecialProcedure([specialEnd]), gives: { accepted: 1, rejected: [] } },
  { id: '09', call: (client) => client.reportResult([result]), gives: { accepted: 1, rejected: [] } },
  {
    id: '11',
    call: (client) => client.progress({ number: GOLDEN_CASE, password: '604518' }),
    gives: {
      number: GOLDEN_CASE,
      itemName: '困难残疾人生活补贴和重度残疾人护理补贴',
      maskedApplicantName: '张**',
      status: '3',
      statusName: '已办结',
      acceptedAt: '2022-10-08T09:44:10+08:00',
      promiseDate: '2022-11-03T23:59:59+08:00',
      resultAt: '2022-10-24T16:20:00+08:00',
      resultType: '0',
      overdue: false,
      steps: [
        { number: 1, name: '受理', result: '4', endedAt: '2022-10-08T09:44:10+08:00' },
        { number: 2, name: '审核', result: '5', endedAt: '2022-10-09T10:00:00+08:00' },
      ],
    },
  },
  { id: '12', call: (client) => client.progress({ number: GOLDEN_CASE, password: '000000' }) },
  {
    id: '13',
    call: (client) => client.itemGuide(TASK_CODE),
    gives: {
      implementationCode: TASK_CODE,
      basicCode: '420511008000',
      name: '困难残疾人生活补贴和重度残疾人护理补贴',
      itemType: '05',
      state: '1',
      version: 1,
      level: '5',
      departmentCode: '11421202MB2A91048P',
      departmentName: '咸安区民政局',
      caseType: '2',
      servedApplicants: ['1'],
      statutoryLimit: { amount: 30, unit: '1' },
      statutoryDays: 30,
      promise: { amount: 15, unit: '1' },
      promiseDays: 15,
      visits: 1,
      handlingForms: ['1', '2'],
      range: '1',
      hasFee: false,
      online: true,
      resultType: '4',
      handlingItems: [{ code: HANDLING_ITEM, name: '困难残疾人生活补贴和重度残疾人护理补贴' }],
      materials: [
        { name: '居民身份证', required: true, source: '10' },
        { name: '残疾人证', required: true, source: '20' },
      ],
    },
  },
  {
    id: '14',
    call: (client) => client.reportFee(fee),
    gives: { payCode: '42120000220000018432', payState: '0' },
  },
  { id: '16', call: (client) => client.itemGuide(TASK_CODE) },
];
