import type { KeptPaymentNotice, Payment, PaymentNoticeState } from '../../../adapters/database/payments.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { PaidNoticeHandler } from '../../../adapters/non-tax/listener.ts';
import type { PaidNotice, PaidNoticeVerdict } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import type { BookServices, PaymentBook } from './payment-book.ts';

const VERDICT_OF: Readonly<Record<PaymentNoticeState, PaidNoticeVerdict>> = {
  accepted: 'accepted',
  // Of that unit there is no such notice (non-tax 3.5).
  'other-unit': 'unknown-pay-code',
  'account-differs': 'account-differs',
  'amount-differs': 'amount-differs',
  'other-trade': 'already-paid-by-other-trade',
};

/** What came of a notice: how finance is answered, and what our operator is told, where there is anything. */
interface Taken {
  readonly verdict: PaidNoticeVerdict;
  readonly alarm?: string;
}

/**
 * Takes in what finance tells of payments (缴款成功通知, non-tax 3.5): held to our own notice, on disk before it is answered, and once for
 * each code and trade number. One that comes before our own opening was answered is kept, and joined to it when it is
 * (`PaymentBook.opened`). What does not fit marks nothing as paid; a person is told.
 */
export function takePaidNotices(services: BookServices, book: PaymentBook): PaidNoticeHandler {
  return async (notice) => {
    const { verdict, alarm } = await services.store.write((tx) => take(tx, services, book, notice));
    if (alarm !== undefined) {
      const { reference } = notice;
      services.report(
        new CasegraphError('DEPARTMENT_PROTOCOL', `${alarm} (${verdict}).`, { department: 'non-tax', reference }),
        `paid notice ${notice.payCode}`,
      );
    }
    return verdict;
  };
}

async function take(
  tx: WriteTransaction,
  { store, settings, clock }: BookServices,
  book: PaymentBook,
  notice: PaidNotice,
): Promise<Taken> {
  const { payCode, tradeNumber, amountFen, channel, reference } = notice;
  const payment = await store.payments.held(tx, payCode);
  if (!payment) return { verdict: 'unknown-pay-code', alarm: 'A payment of a notice that is none of ours' };
  const kept = await store.payments.noticesOf(payCode, tx);
  const state = judged(payment, kept, notice, nodeOf(payment, settings));
  const verdict = VERDICT_OF[state];
  const same = kept.find((one) => one.tradeNumber === tradeNumber);
  if (same?.state !== 'accepted') {
    const paidAt = instantFromChina(notice.paidAt);
    await store.payments.keepNotice(tx, {
      payCode,
      tradeNumber,
      amountFen,
      paidAt,
      channel,
      state,
      reference,
      notice,
      at: clock(),
    });
    if (state === 'accepted') return accept(tx, book, payment, { tradeNumber, channel, at: paidAt });
  }
  return state === 'accepted' ? { verdict } : { verdict, alarm: 'A payment that does not fit its notice' };
}

async function accept(
  tx: WriteTransaction,
  book: PaymentBook,
  payment: Payment,
  confirmed: Parameters<PaymentBook['paid']>[2],
): Promise<Taken> {
  const { payCode, state } = payment;
  switch (state) {
    case 'unpaid':
    case 'expired':
      await book.paid(tx, payCode, confirmed, payment);
      return { verdict: 'accepted' };
    case 'void':
    case 'not-opened':
      // Both cannot be: finance is asked, and obeyed.
      await book.watch(tx, payCode, 0);
      return { verdict: 'accepted', alarm: 'A payment of a notice that cannot be paid' };
    case 'opening':
    case 'paid':
      return { verdict: 'accepted' };
  }
}

function judged(
  payment: Payment,
  kept: readonly KeptPaymentNotice[],
  { payee, amountFen, tradeNumber, node }: PaidNotice,
  ownNode: string | undefined,
): PaymentNoticeState {
  if (ownNode !== undefined && node !== ownNode) return 'other-unit';
  const { accountType, account } = payment.payee;
  // An account that finance leaves out is not told.
  if (
    (payee.account !== '' && payee.account !== account) ||
    (payee.accountType !== '' && payee.accountType !== accountType)
  )
    return 'account-differs';
  if (amountFen !== payment.amountFen) return 'amount-differs';
  const known = payment.tradeNumber ?? kept.find(({ state }) => state === 'accepted')?.tradeNumber;
  return known === undefined || known === tradeNumber ? 'accepted' : 'other-trade';
}

/** The node whose notice it is: that of its unit, as it was opened. */
function nodeOf({ unitCode }: Payment, { units, cnnontax }: BookServices['settings']): string | undefined {
  return units.find(({ code }) => code === unitCode)?.node ?? cnnontax?.node;
}
