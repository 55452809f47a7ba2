import { z } from 'zod';
import {
  APPLICANT_TYPES,
  DOCUMENT_TYPES,
  PROJECT_TYPES,
  PROMISE_UNITS,
  STATUTORY_UNITS,
  SUBMISSION_WAYS,
} from '../codes.ts';
import {
  codeOf,
  type Dispatched,
  moment,
  optional,
  organisation,
  recordIdentity,
  required,
  synchronisation,
} from './record.ts';

/** The acceptance record of a case (办件受理信息, up_pro_accept): what the caller gives. Rules of wire spec 3.3, `accept`. */
export const acceptanceRecord = z
  .strictObject({
    ...recordIdentity,
    /** 查询密码, as allotted. */
    password: z.string().regex(/^\d{6}$/, 'must be 6 digits'),
    /** National codes, or the local ones for an item that the nation has no code for (非标准事项): one of each pair. */
    item: z
      .strictObject({
        catalogCode: optional(12),
        localCatalogCode: optional(50),
        taskCode: optional(36),
        localTaskCode: optional(50),
        handlingItem: optional(50),
        name: required(1000),
        version: z.int().min(1),
      })
      .check((context) => {
        const { catalogCode, localCatalogCode, taskCode, localTaskCode } = context.value;
        const lacking = (field: string) =>
          context.issues.push({
            code: 'custom',
            message: 'this or its local code is needed',
            path: [field],
            input: undefined,
          });
        if (!catalogCode && !localCatalogCode) lacking('catalogCode');
        if (!taskCode && !localTaskCode) lacking('taskCode');
      }),
    /** 办件摘要. For a self-service machine it says so: the submission way is `8` then (wire spec 3.1). */
    summary: optional(1000),
    projectType: codeOf(PROJECT_TYPES),
    submission: codeOf(SUBMISSION_WAYS),
    applicant: z
      .strictObject({
        type: codeOf(APPLICANT_TYPES),
        name: required(100),
        documentType: codeOf(DOCUMENT_TYPES),
        documentNumber: required(500),
        /** 法定代表人; needed for the types 2 to 5. */
        legalRepresentative: optional(100),
      })
      .refine((applicant) => !/^[2-5]$/.test(applicant.type) || !!applicant.legalRepresentative?.trim(), {
        path: ['legalRepresentative'],
        message: 'needed for this type of applicant',
      }),
    /** 联系人 or 代理人. */
    contact: z
      .strictObject({
        name: optional(100),
        documentType: codeOf(DOCUMENT_TYPES).optional(),
        documentNumber: optional(50),
        phone: optional(11),
      })
      .optional(),
    address: optional(1000),
    postcode: optional(6),
    organisation,
    handler: optional(100),
    appliedAt: moment,
    acceptedAt: moment,
    /** 受理文书编号. */
    acceptanceDocument: optional(50),
    /** 法定时限. */
    statutoryLimit: z.strictObject({ amount: z.int().min(0), unit: codeOf(STATUTORY_UNITS) }).optional(),
    /** 承诺时限 and the moment it ends at; needed for a promised case (承诺件). */
    promise: z.strictObject({ amount: z.int().min(0), unit: codeOf(PROMISE_UNITS), date: moment }).optional(),
    /** 到办事现场次数. */
    visits: z.int().min(0).optional(),
  })
  .refine((record) => record.projectType !== '2' || record.promise !== undefined, {
    path: ['promise'],
    message: 'needed for a promised case',
  });

export type AcceptanceRecord = z.input<typeof acceptanceRecord>;

/** Writes an acceptance record as transcript 02 does. What the case cannot have is `""`, what is not known is left out (wire spec 2). */
export function encodeAcceptance(record: z.output<typeof acceptanceRecord>, sent: Dispatched) {
  const { item, applicant, contact, promise } = record;
  return {
    rowGuid: record.rowGuid,
    projectNo: record.caseNumber,
    projectPwd: record.password,
    taskCode: item.taskCode ?? '',
    taskHandleItem: item.handlingItem,
    catalogCode: item.catalogCode ?? '',
    localCatalogCode: item.localCatalogCode ?? '',
    localTaskCode: item.localTaskCode ?? '',
    taskName: item.name,
    taskVersion: item.version,
    projectName: record.summary,
    projectType: record.projectType,
    applyType: record.submission,
    applyerType: applicant.type,
    applyerName: applicant.name,
    applyerPageType: applicant.documentType,
    applyerPageCode: applicant.documentNumber,
    contactName: contact?.name,
    contactType: contact?.documentType,
    contactCode: contact?.documentNumber,
    contactMobile: contact?.phone,
    legal: applicant.legalRepresentative ?? '',
    address: record.address,
    zipCode: record.postcode,
    orgCode: record.organisation.code,
    orgName: record.organisation.name,
    handleUserName: record.handler,
    applyDate: record.appliedAt,
    acceptDate: record.acceptedAt,
    acceptDocNo: record.acceptanceDocument,
    timeLimit: record.statutoryLimit?.amount,
    timeUnit: record.statutoryLimit?.unit,
    promiseTimeLimit: promise?.amount,
    promiseTimeUnit: promise?.unit,
    promiseDate: record.projectType === '1' ? '' : promise?.date,
    limitSceneNum: record.visits,
    ...synchronisation(record, sent),
    cdBatch: sent.batch,
    dataSource: sent.source,
  };
}
