import type { Payment } from '../../../adapters/database/payments.ts';
import type { PaymentItem } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput } from '../../invalid-input.ts';
import type { NontaxSettings } from '../settings.ts';
import { noticeOf } from './own-notice.ts';
import { chargedItem, type PaymentForm } from './payment-form.ts';
import { paidAlready } from './void-payment.ts';

/** A case has one notice that can be paid, and is paid once. */
export function checkNoneOpen(payments: readonly Payment[]): void {
  for (const { state, payCode } of payments) {
    if (state === 'paid') {
      throw invalidInput('input.caseId', {
        en: `has been paid, notice ${payCode}; open a new case to pay again.`,
        zh: `已缴款（缴款码${payCode}），再次缴款请另行申请。`,
      });
    }
    if (state === 'opening' || state === 'unpaid') {
      throw invalidInput('input.caseId', {
        en: `has an open notice, ${payCode}: it can be paid, voided, or changed in its amount.`,
        zh: `已有未缴的缴款书（缴款码${payCode}），可缴款、作废或变更金额。`,
      });
    }
  }
}

/** Throws what the caller is told of a notice that cannot be voided or changed. */
export function checkUnpaid({ state, payCode }: Payment): void {
  const field = 'input.paymentCode';
  switch (state) {
    case 'unpaid':
      return;
    case 'paid':
      throw paidAlready(payCode);
    case 'opening':
      throw new CasegraphError('IN_PROGRESS', `${field}: the notice is being opened.`, {
        field,
        retryAfterMs: 1_000,
        detailZh: `${field}：缴款书正在开具。`,
      });
    case 'void':
      throw invalidInput(field, { en: 'is void already.', zh: '已作废。' });
    case 'expired':
      throw invalidInput(field, { en: 'is past its last day; open a new case.', zh: '已逾期，请另行申请。' });
    case 'not-opened':
      throw noSuchNotice();
  }
}

/** What the caller is told of a code that no notice of the case has. */
export function noSuchNotice(): CasegraphError {
  const field = 'input.paymentCode';
  return new CasegraphError('NOT_FOUND', `${field}: the case has no such notice opened here.`, {
    field,
    detailZh: `${field}：该办件没有此缴款书。`,
  });
}

/** The line of a notice with its new amount. Throws `INVALID_INPUT` when nothing would change. */
export function changedItem(
  old: Payment,
  { amount, quantity }: { readonly amount?: number | null; readonly quantity?: number | null },
  settings: NontaxSettings,
  day: string,
): PaymentItem {
  const [item] = noticeOf(old).items;
  if (!item) throw new Error('a notice without a line');
  const service = old.service as PaymentForm['service'];
  const byContract = settings.fees.some((row) => row.service === service && row.amountFen === null);
  const changed = chargedItem(
    {
      service,
      quantity: quantity ?? item.quantity,
      amount: amount ?? (byContract ? item.amountFen / item.quantity : null),
    },
    settings,
    day,
  );
  if (changed.amountFen === item.amountFen) {
    throw invalidInput('input.amount', {
      en: 'is what the notice has: nothing would change.',
      zh: '与原缴款书金额相同。',
    });
  }
  return changed;
}
