import { z } from 'zod';
import type { CaseProgress, ProgressStep } from '../records.ts';
import { filledText, flag, text, textOrNull, time, timeOrNull } from './answer-fields.ts';
import { required } from './record.ts';

/** What names a case to the platform: 办件编号 and 查询密码. */
export const caseKey = z.strictObject({
  number: required(50),
  password: z.string().regex(/^\d{6}$/, 'must be 6 digits'),
});

export type CaseKey = z.input<typeof caseKey>;

/** Asks for a case as transcript 11 does. */
export function encodeCaseKey(key: z.output<typeof caseKey>) {
  return { projectNo: key.number, projectPwd: key.password };
}

const stepAnswer = z
  .object({ sn: z.int().min(1), processName: filledText, nodeResult: text, eventEndTime: time })
  .transform(
    (step): ProgressStep => ({
      number: step.sn,
      name: step.processName,
      result: step.nodeResult,
      endedAt: step.eventEndTime,
    }),
  );

/** The answer to a query; one object, so a message asks for one case (transcript 11). */
export const progressAnswer = z
  .object({
    projectNo: filledText,
    taskName: filledText,
    applyerName: filledText,
    status: filledText,
    statusName: filledText,
    acceptDate: time,
    promiseDate: timeOrNull,
    resultDate: timeOrNull,
    resultType: textOrNull,
    overdue: flag,
    steps: z.array(stepAnswer),
  })
  .transform(
    (body): CaseProgress => ({
      number: body.projectNo,
      itemName: body.taskName,
      maskedApplicantName: body.applyerName,
      status: body.status,
      statusName: body.statusName,
      acceptedAt: body.acceptDate,
      promiseDate: body.promiseDate,
      resultAt: body.resultDate,
      resultType: body.resultType,
      overdue: body.overdue,
      steps: body.steps,
    }),
  );
