import { z } from 'zod';
import type { Enrolment } from '../records.ts';
import { division, enrolmentState, idNumber, month, optional, subsidyType, yuan } from './codes.ts';
import type { Transaction } from './transaction.ts';

/** LB02 current enrolments across the country (享受状态查询), wire spec 3.2. */
export const enrolments: Transaction<{ readonly idNumber: string }, readonly Enrolment[]> = {
  code: 'LB02',
  mode: 'read',
  input: z.object({ idNumber }),
  body: (query) => ({ idCard: query.idNumber }),
  answer: z
    .object({
      enrolments: z.array(
        z.object({
          subsidyType,
          payDivision: division,
          startMonth: month,
          endMonth: optional(month),
          monthlyAmount: yuan,
          state: enrolmentState,
        }),
      ),
    })
    .transform((data) =>
      data.enrolments.map(({ monthlyAmount, ...enrolment }) => ({ ...enrolment, monthlyFen: monthlyAmount })),
    ),
};
