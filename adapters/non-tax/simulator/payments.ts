import { chinaCompactDate, chinaParts } from '../../values/china-time.ts';
import type { Fen } from '../../values/fen.ts';
import { recordIssue, tradeId } from './e-receipt.ts';
import type { Notice } from './notices.ts';
import { checkTextOf, standardKind } from './receipts.ts';
import type { Finance } from './transaction.ts';

/** A payment as a channel reports it. */
export interface ReceivedPayment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly mode: string;
  /** The channel's own number; one is made up when absent. */
  readonly tradeNumber: string | undefined;
  readonly amountFen: Fen;
}

/** Confirms a payment of an unpaid notice. */
export function confirmPayment(finance: Finance, notice: Notice, received: ReceivedPayment): Notice {
  const { state, core } = finance;
  const date = chinaCompactDate(received.at);
  const { hour, minute, second } = chinaParts(received.at);
  const tradeNumber = received.tradeNumber ?? tradeNumberOf(received.mode, date, state.next('trade'));
  const { mode, amountFen } = received;
  const paid = state.notices.pay(notice, { date, time: hour + minute + second, mode, tradeNumber, amountFen });
  core.record({
    kind: 'payment-paid',
    reference: notice.payCode,
    subject: notice.payerIdNumber,
    amountFen,
    mode,
    tradeNumber,
    unit: notice.unitCode,
  });
  // The JSON dialect can only ask for a bill, so finance issues it itself (wire spec 8, getEBillByPayCode).
  if (notice.origin === 'standard-web') issueItself(finance, paid, amountFen);
  return paid;
}

/** 28 characters as the two wallets' are in examples 06 and 09. */
function tradeNumberOf(mode: string, date: string, serial: number): string {
  const digits = (length: number): string => String(serial).padStart(length, '0');
  if (mode === '50') return `420000${date}${digits(14)}`;
  if (mode === '51') return `${date}220014${digits(14)}`;
  return `${date}${mode}${digits(18)}`;
}

function issueItself(finance: Finance, notice: Notice, amountFen: Fen): void {
  const { state, core } = finance;
  const kind = standardKind(chinaParts(core.now()).year);
  const number = state.receipts.giveNumber(kind.code, notice.unitCode);
  core.record({ kind: 'receipt-number', reference: number, subject: notice.unitCode, billCode: kind.code });
  const receipt = {
    ...kind,
    payCode: notice.payCode,
    number,
    check: checkTextOf(notice.payCode, number),
    payerName: notice.payerName,
    amountFen,
    issuedOn: chinaCompactDate(core.now()),
    tradeId: tradeId(state.next('tradeId'), core.now()),
    content: null,
  };
  state.receipts.issue(receipt, notice.unitCode);
  recordIssue(finance, receipt, notice);
}
