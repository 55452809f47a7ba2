import type { SubsidyApplication } from '../../../adapters/disability-subsidy/records.ts';
import { LI, LIU, TO_SHENZHEN, ZHANG, ZHOU } from './population.ts';

const NONE = { specialHardship: false, orphan: false, workInjuryNursing: false, elderlyNursing: false };

/** Transcript 11: both subsidies at the hukou place. */
export const AT_HOME: SubsidyApplication = {
  clientSerial: 'XN-2022-10-08-0017',
  mode: '1',
  acceptDivision: '421202001000',
  hukouDivision: '421202100000',
  residenceDivision: '421202001003',
  subsidyTypes: ['1', '2'],
  applicant: {
    name: ZHANG.name,
    idNumber: ZHANG.idNumber,
    nation: '01',
    phone: '13800000000',
    address: '咸宁市咸安区温泉街道某社区1栋101',
  },
  certificate: { number: ZHANG.certificate, category: '4', grade: '2' },
  household: { hukouType: '1', economicStatus: '1', dibaoNumber: '42120220200315001' },
  exclusions: NONE,
  bank: { code: '105', name: '建设银行', accountName: ZHANG.name, account: '6217002870001234564' },
  agent: null,
  materials: [
    { code: '01', name: '居民身份证', form: '2', fileId: 'f-0001' },
    { code: '02', name: '残疾人证', form: '2', fileId: 'f-0002' },
  ],
};

/** Transcript 13: hukou in another province. */
export const AWAY: SubsidyApplication = {
  clientSerial: 'XN-2022-10-08-0018',
  mode: '2',
  acceptDivision: '421202003000',
  hukouDivision: '440305005000',
  residenceDivision: '421202003002',
  subsidyTypes: ['1'],
  applicant: {
    name: ZHOU.name,
    idNumber: ZHOU.idNumber,
    nation: '01',
    phone: '13900000001',
    address: '咸宁市咸安区永安街道某社区',
  },
  certificate: { number: ZHOU.certificate, category: '7', grade: '1' },
  household: { hukouType: '2', economicStatus: '1', dibaoNumber: '44030520190611008' },
  exclusions: NONE,
  bank: { code: '103', name: '农业银行', accountName: ZHOU.name, account: '6228484019876543212' },
  agent: { name: '周国平', idNumber: null, relation: '父母', phone: '13900000000' },
  materials: [
    { code: '01', name: '居民身份证', form: '2', fileId: 'f-0003' },
    { code: '02', name: '残疾人证', form: '2', fileId: 'f-0004' },
    { code: '05', name: '书面申请书', form: '2', fileId: 'f-0005' },
  ],
};

/** Transcript 14: grade 4 asks for the nursing subsidy. */
export const NOT_SEVERE: SubsidyApplication = {
  clientSerial: 'XN-2022-10-08-0019',
  mode: '1',
  acceptDivision: '421202001000',
  hukouDivision: '421202001000',
  residenceDivision: '421202001003',
  subsidyTypes: ['2'],
  applicant: {
    name: LIU.name,
    idNumber: LIU.idNumber,
    nation: '01',
    phone: '13800000001',
    address: '咸宁市咸安区温泉街道',
  },
  certificate: { number: LIU.certificate, category: '2', grade: '4' },
  household: { hukouType: '1', economicStatus: '0', dibaoNumber: null },
  exclusions: NONE,
  bank: { code: '105', name: '建设银行', accountName: LIU.name, account: '6217995270007654320' },
  agent: null,
  materials: [],
};

/** Transcript 18. */
export const SUPPLEMENT = {
  number: TO_SHENZHEN,
  round: 1,
  materials: [{ code: '03', name: '低保证明', form: '2', fileId: 'f-0009' }],
};

/** Transcript 19. */
export const PENDING = {
  hukouDivision: '421202000000',
  statuses: ['20'],
  updatedFrom: '2022-10-01 00:00:00',
  updatedTo: '2022-10-08 09:00:00',
  page: 1,
  pageSize: 2,
};

/** Transcripts 21, 22. */
export const FEDERATION_PASSES = {
  number: 'LB44030520221007000077',
  stage: '2',
  decision: '1',
  subsidyTypes: ['1', '2'],
  opinion: '残疾类别、等级与证件一致',
  reviewer: '赵某',
  reviewedAt: '2022-10-09 10:12:00',
};
export const CIVIL_AFFAIRS_GRANT = {
  number: 'LB44030520221007000077',
  stage: '3',
  decision: '1',
  subsidyTypes: ['2'],
  rejected: [{ subsidyType: '1', reasonCode: 'R03', reason: '不属于低保家庭' }],
  opinion: '同意护理补贴',
  reviewer: '孙某',
  reviewedAt: '2022-10-10 09:01:00',
  startMonth: '202210',
};
/** Transcript 23. */
export const TOO_EARLY = {
  number: TO_SHENZHEN,
  stage: '3',
  decision: '1',
  subsidyTypes: ['1'],
  opinion: '同意',
  reviewer: '孙某',
  reviewedAt: '2022-10-10 09:05:00',
  startMonth: '202210',
};

/** Transcript 24. */
export const AUTUMN_PAYMENTS = { idNumber: LI.idNumber, from: '202208', to: '202210' };
