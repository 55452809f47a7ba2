import { invalidInput } from '../values/checked.ts';
import { isAbsence } from './errors.ts';
import type { Node } from './messages/input-fields.ts';
import { everyFeeInput, feesTakenBackInput } from './messages/taking-back.ts';
import type { MedicalCallOptions, Orders } from './orders.ts';
import type { FeesTakenBack, FeesTakingBack } from './records/taking-back.ts';
import type { Transaction } from './transactions.ts';

/**
 * 2302 住院费用明细撤销 (README, *Taking back*): every row in one call, or the rows named in slices of `size`, one after another. A slice is
 * taken back whole; one that the platform has nothing of counts as taken back.
 */
export async function takeBackFees(
  orders: Orders,
  transaction: Transaction,
  taking: FeesTakingBack,
  size: number,
  options: MedicalCallOptions,
): Promise<FeesTakenBack> {
  let outcome: FeesTakenBack['outcome'] = 'nothing-there';
  const messageIds: string[] = [];
  for (const input of slices(taking, size)) {
    try {
      const { messageId } = await orders.place(transaction, taking, input, () => undefined, options);
      outcome = 'taken-back';
      messageIds.push(messageId);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      messageIds.push(error.details.reference ?? '');
    }
  }
  return { outcome, messageIds };
}

/** Nothing is sent unless all of it can be. */
function slices(taking: FeesTakingBack, size: number): readonly Node[] {
  const { rows = 'all' } = taking;
  if (rows === 'all') return [everyFeeInput(taking)];
  if (rows.length === 0) throw invalidInput('rows', 'must hold one row at least');
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => {
    const first = index * size;
    return feesTakenBackInput(taking, rows.slice(first, first + size), first);
  });
}
