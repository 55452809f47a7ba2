import { setTimeout as sleep } from 'node:timers/promises';
import { CasegraphError } from '../transport/errors.ts';
import type { RetryOptions } from '../transport/retry.ts';
import { isAbsence } from './errors.ts';
import { reversalInput } from './messages/settlement.ts';
import type { MedicalCallOptions, Orders } from './orders.ts';
import type { Reversal, Reversed } from './records/settlement.ts';
import { TRANSACTIONS } from './transactions.ts';

/** 2601 冲正 (wire spec 3.12), made again while its own outcome is unknown: it is the one write that may be (wire spec 4). */
export async function reverse(
  orders: Orders,
  reversal: Reversal,
  { attempts, backoffMs }: Pick<RetryOptions, 'attempts' | 'backoffMs'>,
  options: MedicalCallOptions,
): Promise<Reversed> {
  const input = reversalInput(reversal);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { messageId } = await orders.place(TRANSACTIONS.reverse, reversal, input, () => undefined, options);
      return { outcome: 'reversed', messageId };
    } catch (error) {
      if (isAbsence(error)) return { outcome: 'nothing-there', messageId: error.details.reference ?? '' };
      const unknown = error instanceof CasegraphError && error.code === 'OUTCOME_UNKNOWN';
      if (!unknown || attempt >= attempts) throw error;
      await sleep(backoffMs * 2 ** (attempt - 1));
    }
  }
}
