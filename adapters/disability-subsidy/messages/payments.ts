import { z } from 'zod';
import type { PaymentsQuery, SubsidyPaymentRecord } from '../records.ts';
import { day, idNumber, month, optional, payResult, subsidyType, text, yuan } from './codes.ts';
import type { Transaction } from './transaction.ts';

const MOST_MONTHS = 24;

/** LB08 payments (发放记录), wire spec 3.8. */
export const payments: Transaction<PaymentsQuery, readonly SubsidyPaymentRecord[]> = {
  code: 'LB08',
  mode: 'read',
  input: z
    .object({ idNumber, from: month, to: month })
    .refine(isShortSpan, { path: ['to'], message: 'must make 1 to 24 months with from' }),
  body: (query) => ({ idCard: query.idNumber, monthFrom: query.from, monthTo: query.to }),
  answer: z
    .object({
      rows: z.array(
        z.object({
          payNo: text,
          subsidyType,
          month,
          amount: yuan,
          arrears: yuan,
          payDate: optional(day),
          // A whole account number has no business here: only the masked form is let in.
          accountNo: z.string().regex(/^\d{4}\*+\d{4}$/, 'must be masked'),
          result: payResult,
          failReason: optional(z.string()),
        }),
      ),
    })
    .transform((data) =>
      data.rows.map((row) => ({
        number: row.payNo,
        subsidyType: row.subsidyType,
        month: row.month,
        amountFen: row.amount,
        arrearsFen: row.arrears,
        paidOn: row.payDate,
        maskedAccount: row.accountNo,
        result: row.result,
        failure: row.failReason,
      })),
    ),
};

function isShortSpan({ from, to }: { from: string; to: string }): boolean {
  const months = monthCount(to) - monthCount(from) + 1;
  return months >= 1 && months <= MOST_MONTHS;
}

function monthCount(value: string): number {
  return Number(value.slice(0, 4)) * 12 + Number(value.slice(4));
}
