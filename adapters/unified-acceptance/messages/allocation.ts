import { z } from 'zod';
import type { CaseNumberAllotment } from '../records.ts';
import { moment, optional, required } from './record.ts';

/** What a case number is asked for with (transcript 01). */
export const allotmentRequest = z.strictObject({
  /** 实施编码; the number begins with it. */
  taskCode: required(36),
  /** 业务办理项编码. */
  handlingItem: optional(50),
  /** 6-digit division; the settings' own when absent. */
  division: z
    .string()
    .regex(/^\d{6}$/, 'must be 6 digits')
    .optional(),
  /** When the applicant applied. */
  appliedAt: moment,
});

export type AllotmentRequest = z.input<typeof allotmentRequest>;

/** Asks for a number as transcript 01 does. */
export function encodeAllotment(request: z.output<typeof allotmentRequest>, division: string) {
  return {
    taskCode: request.taskCode,
    taskHandleItem: request.handlingItem,
    areaCode: request.division ?? division,
    applyDate: request.appliedAt,
  };
}

/** The answer to a number request. */
export const allotmentAnswer = z
  .object({ projectNo: z.string().min(1).max(50), projectPwd: z.string().regex(/^\d{6}$/) })
  .transform((body): CaseNumberAllotment => ({ number: body.projectNo, password: body.projectPwd }));
