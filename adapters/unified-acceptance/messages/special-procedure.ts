import { z } from 'zod';
import { SPECIAL_PROCEDURES } from '../codes.ts';
import { codeOf, type Dispatched, moment, optional, recordIdentity, required, synchronisation } from './record.ts';

/**
 * A special procedure (特别程序信息, up_pro_special_procedure): what the caller gives. Its start suspends the case; its end is the same
 * record again with the next version and `endedAt` (wire spec 3.2, 3.3, transcripts 07 and 08).
 */
export const specialProcedureRecord = z.strictObject({
  ...recordIdentity,
  type: codeOf(SPECIAL_PROCEDURES),
  name: required(1000),
  reason: required(2000),
  startedAt: moment,
  /** Null or absent while it runs. */
  endedAt: moment.nullish(),
  outcome: optional(2000),
  handler: optional(100),
  /** 申请人: who asked for the procedure. */
  requestedBy: optional(100),
  explanation: optional(2000),
});

export type SpecialProcedureRecord = z.input<typeof specialProcedureRecord>;

/** Writes a special procedure as the transcripts 07 and 08 do. */
export function encodeSpecialProcedure(special: z.output<typeof specialProcedureRecord>, sent: Dispatched) {
  return {
    rowGuid: special.rowGuid,
    projectNo: special.caseNumber,
    specialType: special.type,
    specialName: special.name,
    specialReason: special.reason,
    specialTime: special.startedAt,
    endTime: special.endedAt ?? '',
    result: special.outcome ?? '',
    handleUser: special.handler,
    applyerUserName: special.requestedBy,
    specialExplain: special.explanation ?? '',
    ...synchronisation(special, sent),
  };
}
