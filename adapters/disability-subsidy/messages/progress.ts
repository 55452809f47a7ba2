import { z } from 'zod';
import type { ApplicationProgress } from '../records.ts';
import { ofAnother } from './application-state.ts';
import { applicationNumber, applicationStatus, count, division, moment, subsidyTypes, text } from './codes.ts';
import type { Transaction } from './transaction.ts';

/** LB04 progress (进度查询), wire spec 3.4. */
export const progress: Transaction<{ readonly number: string }, ApplicationProgress> = {
  code: 'LB04',
  mode: 'read',
  input: z.object({ number: applicationNumber }),
  body: (query) => ({ applicationNo: query.number }),
  answer: z
    .object({
      applicationNo: applicationNumber,
      status: applicationStatus,
      statusName: text,
      subsidyTypes,
      steps: z.array(
        z.object({
          seq: count,
          status: applicationStatus,
          division,
          dept: z.string(),
          handler: z.string(),
          time: moment,
          opinion: z
            .string()
            .nullish()
            .transform((value) => value ?? ''),
        }),
      ),
    })
    .transform(({ applicationNo, steps, ...rest }) => ({
      number: applicationNo,
      ...rest,
      steps: steps
        .map(({ seq, dept, time, ...step }) => ({ sequence: seq, ...step, department: dept, at: time }))
        .sort((one, other) => one.sequence - other.sequence),
    })),
  stranger: ofAnother,
};
