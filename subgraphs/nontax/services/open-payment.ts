import type { Payment } from '../../../adapters/database/payments.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { NonTaxClient } from '../../../adapters/non-tax/client.ts';
import type { PaymentNotice, PaymentRecord } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { type Clock, chinaDate } from '../../../adapters/values/china-time.ts';
import { hasEnded } from '../../services/case-for.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import { checkRecord } from './own-notice.ts';
import type { OpenedNotice, PaymentBook } from './payment-book.ts';

/** What the kinds of writes to finance work with. */
export interface WriteServices {
  readonly client: NonTaxClient;
  readonly store: Store;
  readonly book: PaymentBook;
  readonly clock: Clock;
}

/** A notice to be opened, with the code that it keeps whatever happens (non-tax 3.1). */
export interface NoticeToOpen {
  readonly notice: PaymentNotice;
}

/** What finance made of it. */
export interface NoticeOpened extends OpenedNotice {
  /** Set where the opening was found by asking, and the notice was paid by then. */
  readonly paid?: PaymentRecord;
}

/** Opens a notice (开具缴款书). */
export function openPaymentKind(services: WriteServices): SubmissionKind<NoticeToOpen, NoticeOpened> {
  const { client, book } = services;
  return {
    name: 'open-payment',
    send: ({ notice }) => open(client, notice),
    async settle({ notice }) {
      const opened = await openedOrOpen(services, notice);
      return opened ? { state: 'done', outcome: opened } : { state: 'not-done' };
    },
    found: async ({ notice }) => (await openedBefore(services, notice)) ?? undefined,
    async recorded(tx, submission, outcome) {
      await recordOpened(tx, book, (submission.input as NoticeToOpen).notice.payCode, outcome);
    },
    notDone: (tx, submission) => book.notOpened(tx, (submission.input as NoticeToOpen).notice.payCode),
  };
}

export async function open(client: NonTaxClient, notice: PaymentNotice): Promise<NoticeOpened> {
  const { crcCode, payUrl } = await client.openPayment(notice);
  return { checkCode: crcCode, payAddress: payUrl };
}

/**
 * The notice as finance has it; where finance does not know its code, the very same notice is sent again, never one of another code
 * (non-tax 3.1). Null when finance refuses it, or nobody needs it any more: its last day is over, or its case has ended.
 */
export async function openedOrOpen(services: WriteServices, notice: PaymentNotice): Promise<NoticeOpened | null> {
  const opened = await openedBefore(services, notice);
  if (opened) return opened;
  const { client, store, clock } = services;
  const { caseId, dueDate } = await keptNotice(services, notice);
  const [of] = await store.registry.casesById([caseId]);
  if (!of || hasEnded(of) || chinaDate(clock()) > dueDate) return null;
  try {
    return await open(client, notice);
  } catch (error) {
    if (error instanceof CasegraphError && error.code === 'DEPARTMENT_REJECTED') return null;
    throw error;
  }
}

/** The notice as finance has it; null where finance does not know its code. */
export async function openedBefore(services: WriteServices, notice: PaymentNotice): Promise<NoticeOpened | null> {
  const kept = await keptNotice(services, notice);
  const record = await services.client.payment(notice.payCode, { unitCode: notice.unitCode });
  if (!record) return null;
  checkRecord(kept, record);
  return { checkCode: null, payAddress: null, ...(record.state === 'paid' && { paid: record }) };
}

async function keptNotice({ store }: WriteServices, { payCode }: PaymentNotice): Promise<Payment> {
  const kept = await store.payments.byCode(payCode);
  if (!kept) throw new Error('a notice was sent that is not kept');
  return kept;
}

export async function recordOpened(
  tx: Parameters<PaymentBook['opened']>[0],
  book: PaymentBook,
  payCode: string,
  { paid, ...opened }: NoticeOpened,
  before?: Parameters<PaymentBook['opened']>[3],
): Promise<void> {
  await book.opened(tx, payCode, opened, before);
  if (paid) await book.paidByRecord(tx, paid);
}
