import { z } from 'zod';
import { fen, yuanFromFen } from '../../values/fen.ts';
import { CLOSE_RESULTS } from '../codes.ts';
import { codeOf, type Dispatched, moment, optional, organisation, recordIdentity, synchronisation } from './record.ts';

/** The closing of a case (办件结果信息, up_pro_result): what the caller gives. Rules of wire spec 3.3, `result`. */
export const resultRecord = z
  .strictObject({
    ...recordIdentity,
    type: codeOf(CLOSE_RESULTS),
    at: moment,
    /** 办结说明; the reason, needed for every type but `0` (wire spec 3.2). */
    explanation: optional(2000),
    certificateName: optional(256),
    /** Needed when a certificate is issued. */
    certificateNumber: optional(2000),
    handler: optional(100),
    organisation: organisation.optional(),
    /** 是否快递送达. */
    delivered: z.boolean().optional(),
    /** What the applicant was charged, fen; none when absent. */
    feeFen: z.int().min(0).optional(),
    /** 满意度. */
    satisfaction: optional(2),
  })
  .refine((result) => result.type === '0' || !!result.explanation?.trim(), {
    path: ['explanation'],
    message: 'a reason is needed for this result',
  })
  .refine((result) => result.type !== '0' || !result.certificateName || !!result.certificateNumber?.trim(), {
    path: ['certificateNumber'],
    message: 'needed when a certificate is issued',
  });

export type ResultRecord = z.input<typeof resultRecord>;

/** Writes a closing as transcript 09 does. */
export function encodeResult(result: z.output<typeof resultRecord>, sent: Dispatched) {
  const charged = fen(result.feeFen ?? 0);
  return {
    rowGuid: result.rowGuid,
    projectNo: result.caseNumber,
    resultType: result.type,
    resultDate: result.at,
    resultExplain: result.explanation ?? '',
    resultCertName: result.certificateName ?? '',
    resultCertNo: result.certificateNumber ?? '',
    handleUserName: result.handler,
    orgCode: result.organisation?.code,
    orgName: result.organisation?.name,
    isDeliveryResults: result.delivered ? '1' : '0',
    isFee: charged > 0 ? '1' : '0',
    fee: yuanFromFen(charged),
    satisfaction: result.satisfaction ?? '',
    ...synchronisation(result, sent),
  };
}
