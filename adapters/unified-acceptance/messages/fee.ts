import { z } from 'zod';
import { isCalendarDate } from '../../values/china-time.ts';
import { fen, sumFen, yuanFromFen } from '../../values/fen.ts';
import { PAY_STATES } from '../codes.ts';
import { codeOf, type Dispatched, recordIdentity, required, synchronisation } from './record.ts';

/** A fee order attached to a case (非税缴款): what the caller gives. Rules of wire spec 3.3, `fee`. */
export const feeOrder = z.strictObject({
  ...recordIdentity,
  /** 缴款码. */
  payCode: z.string().regex(/^\d{20}$/, 'must be 20 digits'),
  payerName: required(100),
  items: z
    .array(
      z.strictObject({
        code: required(50),
        name: required(200),
        /** 收费标准 of one, fen. */
        standardFen: z.int().min(0),
        quantity: z.int().min(1),
        amountFen: z.int().min(0),
      }),
    )
    .min(1)
    .max(100),
  /** The last day to pay, `yyyy-MM-dd`. */
  dueDate: z.string().refine(isCalendarDate, 'must be a day, yyyy-MM-dd'),
});

export type FeeOrder = z.input<typeof feeOrder>;

/** The answer to a fee order (transcript 14). */
export const feeAnswer = z.object({ payCode: z.string().regex(/^\d{16,20}$/), payState: codeOf(PAY_STATES) });

/** Writes a fee order as transcript 14 does; the total is the sum of the items. */
export function encodeFee(order: z.output<typeof feeOrder>, sent: Dispatched) {
  return {
    rowGuid: order.rowGuid,
    projectNo: order.caseNumber,
    payCode: order.payCode,
    payerName: order.payerName,
    items: order.items.map((item) => ({
      itemCode: item.code,
      itemName: item.name,
      standard: yuanFromFen(fen(item.standardFen)),
      quantity: item.quantity,
      amount: yuanFromFen(fen(item.amountFen)),
    })),
    totalAmount: yuanFromFen(sumFen(order.items.map((item) => fen(item.amountFen)))),
    dueDate: order.dueDate,
    ...synchronisation(order, sent),
  };
}
