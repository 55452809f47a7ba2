import type { Tasks } from '../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { FeeLink, FeePayment } from '../../adapters/real-estate/records/fee.ts';

/** The queue that the real-estate subgraph works on: what the registry is told of registration fees. */
export const REGISTRY_QUEUE = 'realestate';

/** What the registry is told (real-estate 3.7, steps 3 to 5). Both are idempotent on acceptance number and payment code. */
export type RegistrationFeeNews =
  | { readonly kind: 'fee-linked'; readonly link: FeeLink }
  /** When it was paid, and once more with its e-receipt. */
  | { readonly kind: 'fee-paid'; readonly payment: FeePayment };

/** Has the registry told, in this order for one case. */
export function tellRegistry(
  tx: WriteTransaction,
  tasks: Tasks,
  caseId: string,
  news: RegistrationFeeNews,
  at: number,
): Promise<void> {
  return tasks.add(tx, [{ queue: REGISTRY_QUEUE, orderKey: caseId, kind: news.kind, body: news, at }]);
}
