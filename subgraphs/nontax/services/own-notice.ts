import type { Payment, PaymentState } from '../../../adapters/database/payments.ts';
import type { PaymentNotice, PaymentRecord } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { chinaIso } from '../../../adapters/values/china-time.ts';
import { fen } from '../../../adapters/values/fen.ts';
import type { NontaxSettings } from '../settings.ts';

/** The notice as it was sent. */
export function noticeOf(payment: Payment): PaymentNotice {
  return payment.notice as PaymentNotice;
}

/** A notice that is not opened was never one; one that is being opened is not paid yet. */
const RECORD_STATE: Readonly<Record<PaymentState, PaymentRecord['state']>> = {
  opening: 'unpaid',
  'not-opened': 'void',
  unpaid: 'unpaid',
  paid: 'paid',
  void: 'void',
  expired: 'expired',
};

/** A notice of ours as finance tells of it: what a mutation answers without asking finance once more. */
export function recordOf(payment: Payment, settings: NontaxSettings): PaymentRecord {
  const notice = noticeOf(payment);
  const amountFen = fen(payment.amountFen);
  return {
    payCode: payment.payCode,
    state: RECORD_STATE[payment.state],
    division: settings.division,
    billDate: notice.billDate,
    unitCode: payment.unitCode,
    unitName: settings.units.find(({ code }) => code === payment.unitCode)?.name ?? null,
    payerName: notice.payer.name,
    amountFen,
    originalFen: amountFen,
    lateFeeFen: fen(0),
    items: notice.items.map((item) => ({ ...item, standardType: null, standard: null })),
    payee: { ...payment.payee, name: settings.cnnontax?.payee.name ?? '' },
    paidAt: payment.paidAt === null ? null : chinaIso(payment.paidAt),
    channel: payment.channel,
    tradeNumber: payment.tradeNumber,
    receiptNumber: payment.receiptNumber,
  };
}

/**
 * Holds what finance has under one of our codes to our notice: another amount or unit is another notice. Throws `DEPARTMENT_PROTOCOL`.
 * Finance tells no amount of a notice that can no longer be paid.
 */
export function checkRecord(payment: Payment, { amountFen, unitCode }: PaymentRecord): void {
  const differs =
    (amountFen !== null && amountFen !== payment.amountFen) || (unitCode !== null && unitCode !== payment.unitCode);
  if (!differs) return;
  throw new CasegraphError('DEPARTMENT_PROTOCOL', 'Finance has another notice under this code.', {
    department: 'non-tax',
    reference: payment.payCode,
    detailZh: '非税系统中该缴款码对应的缴款书与本系统不一致。',
  });
}
