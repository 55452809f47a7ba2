import type { Payment } from '../../../adapters/database/payments.ts';
import type { PaymentRecord } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import type { WriteServices } from './open-payment.ts';
import { checkRecord, noticeOf } from './own-notice.ts';

/**
 * A notice to be voided. `expired`: nobody paid it until its last day was over, and nobody shall any more. `case-ended`: its case was
 * withdrawn or closed without it.
 */
export interface NoticeToVoid {
  readonly payCode: string;
  readonly reason: 'asked' | 'expired' | 'case-ended';
}

/** What voiding a notice gives: nothing but its being done. */
export type NoticeVoided = Readonly<Record<string, never>>;

/** Voids a notice (作废). Finance decides: whatever it answers, its state of the notice is obeyed (non-tax 3.4). */
export function voidPaymentKind(services: WriteServices): SubmissionKind<NoticeToVoid, NoticeVoided> {
  const { book } = services;
  return {
    name: 'void-payment',
    async send({ payCode }) {
      await voidNotice(services, payCode);
      return {};
    },
    async settle({ payCode }) {
      const payment = await kept(services, payCode);
      const record = await ask(services, payment);
      if (record?.state === 'paid') await tellPaid(services, record);
      return isClosed(record) ? { state: 'done', outcome: {} } : { state: 'not-done' };
    },
    async found({ payCode }) {
      return isClosed(await ask(services, await kept(services, payCode))) ? {} : undefined;
    },
    async recorded(tx, { input, operator }) {
      const { payCode, reason } = input as NoticeToVoid;
      if (reason === 'expired') await book.expired(tx, payCode);
      else await book.voided(tx, payCode, { operator: reason === 'asked' ? operator : null });
    },
  };
}

/**
 * Voids a notice at finance. Throws `DEPARTMENT_REJECTED` when it has been paid, which is noted, and `OUTCOME_UNKNOWN` when nothing can
 * be concluded.
 */
export async function voidNotice(services: WriteServices, payCode: string): Promise<void> {
  const payment = await kept(services, payCode);
  try {
    await services.client.voidPayment(noticeOf(payment));
  } catch (error) {
    // Without an answer nobody knows whether it is still under way; it is settled later.
    if (!(error instanceof CasegraphError) || error.details.departmentCode === undefined) throw error;
    const record = await ask(services, payment).catch((fault: unknown) => {
      throw new CasegraphError('OUTCOME_UNKNOWN', undefined, { department: 'non-tax', cause: fault });
    });
    if (isClosed(record)) return;
    if (record?.state !== 'paid') throw error;
    await tellPaid(services, record);
    throw paidAlready(payCode);
  }
}

/** The notice as finance has it. */
export async function ask({ client }: WriteServices, payment: Payment): Promise<PaymentRecord | null> {
  const { payCode, unitCode } = payment;
  const record = await client.payment(payCode, { unitCode });
  if (record) checkRecord(payment, record);
  return record;
}

/** True for a notice that nobody can pay any more. */
export function isClosed(record: PaymentRecord | null): boolean {
  return record?.state === 'void' || record?.state === 'expired';
}

export function tellPaid({ store, book }: WriteServices, record: PaymentRecord): Promise<void> {
  return store.write((tx) => book.paidByRecord(tx, record));
}

export async function kept({ store }: WriteServices, payCode: string): Promise<Payment> {
  const payment = await store.payments.byCode(payCode);
  if (!payment) throw new Error('a notice is voided that is not kept');
  return payment;
}

/** What was paid cannot be voided; a refund is made outside this interface (non-tax 3.4). */
export function paidAlready(payCode: string): CasegraphError {
  return new CasegraphError(
    'DEPARTMENT_REJECTED',
    'The notice has been paid; a refund is applied for at the finance office.',
    {
      department: 'non-tax',
      reference: payCode,
      field: 'input.paymentCode',
      detailZh: '该缴款书已缴款，不能作废或变更；如需退付，请向财政部门申请。',
    },
  );
}
