import { expect } from 'vitest';
import { type Opening, openCase } from './case-steps.ts';
import type { Effect } from './district.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** S01, 非税缴纳: a notice is opened, somebody pays it, finance tells us or is asked, the e-receipt ends the case. */

const RENT_FEN = 41_250;
const OTHER_RENT_FEN = 39_900;

/** `fee` says what is paid for. */
export const openPaymentOf = (operator: string, fee: (at: Travelling) => object): JourneyStep => ({
  name: 'openPayment',
  async take(at) {
    const { payment } = await at.district.frontEnd.mutate<{ payment: { code: string } }>({
      name: 'openPayment',
      inputType: 'OpenPaymentInput',
      input: { operator, caseId: at.caseId, payerPhone: at.applicant.phone, ...fee(at) },
      selection: 'submission { id } payment { code }',
    });
    at.notes.set('payCode', payment.code);
  },
});

export const openPayment = (operator: string) => openPaymentOf(operator, () => ({ service: 'RENT', amount: RENT_FEN }));

/** The contract has another amount: another notice stands in its place. */
const changeAmount = (operator: string): JourneyStep => ({
  name: 'changePaymentAmount',
  async take(at) {
    const { payment } = await at.district.frontEnd.mutate<{ payment: { code: string } }>({
      name: 'changePaymentAmount',
      inputType: 'ChangePaymentAmountInput',
      input: { operator, caseId: at.caseId, paymentCode: payCodeOf(at), amount: OTHER_RENT_FEN },
      selection: 'submission { id } payment { code }',
    });
    at.notes.set('payCode', payment.code);
  },
});

/** Somebody pays on a channel; finance sends its notice, which finds our listener or does not. */
export const isPaid: JourneyStep = {
  name: 'is paid',
  async take(at) {
    await at.district.act('non-tax', { kind: 'pay', payCode: payCodeOf(at) });
  },
};

/** Nobody pays until the last day is over. */
const isOverdue: JourneyStep = {
  name: 'is overdue',
  async take(at) {
    await at.district.act('non-tax', { kind: 'expire', payCode: payCodeOf(at) });
  },
};

export const voidPayment = (operator: string): JourneyStep => ({
  name: 'voidPayment',
  async take(at) {
    await at.district.frontEnd.mutate({
      name: 'voidPayment',
      inputType: 'VoidPaymentInput',
      input: { operator, caseId: at.caseId, paymentCode: payCodeOf(at) },
      selection: 'submission { id } payment { state }',
    });
  },
});

function payCodeOf({ notes }: Travelling): string {
  const payCode = notes.get('payCode');
  if (payCode === undefined) throw new Error('no notice was opened yet');
  return payCode;
}

/** Finance has done exactly this for the payer. */
export const financeDid =
  (...kinds: readonly string[]) =>
  async ({ district, applicant }: Travelling) => {
    const ledger = await district.ledger('non-tax');
    const isOfPayer = ({ subject, kind }: Effect) => subject === applicant.idNumber && kind !== 'receipt-number';
    expect(ledger.filter(isOfPayer).map(({ kind }) => kind)).toEqual(kinds);
  };

export const PAID: Journey['ends'] = {
  status: 'CLOSED',
  steps: [
    ['扫码窗口动态二维码', 'ACCEPTED'],
    ['出件', 'AGREED'],
  ],
  told: ['allotted', 'a', 's1', 'fee-reported', 's2', 'r'],
};

const RETURNED: Journey['ends'] = {
  status: 'CLOSED_ABNORMALLY',
  steps: [
    ['扫码窗口动态二维码', 'ACCEPTED'],
    ['出件', 'RETURNED'],
  ],
  told: ['allotted', 'a', 's1', 'fee-reported', 's2', 'r'],
};

const paid = (name: string, opening: Omit<Opening, 'itemId'>): Journey => ({
  name: `S01 ${name}, paid`,
  itemId: 'S01',
  applicant: 'adult',
  steps: [openCase({ itemId: 'S01', ...opening }), openPayment(opening.operator), isPaid],
  ends: PAID,
  effects: financeDid('payment-opened', 'payment-paid', 'receipt-issued'),
});

export const PAYMENTS: readonly Journey[] = [
  paid('at the window', { channel: 'WINDOW', operator: 'clerk' }),
  paid('at a bank’s machine', { channel: 'BANK', operator: 'bank' }),
  paid('from home', { channel: 'ONLINE', operator: 'ehuiban' }),
  {
    name: 'S01 voided before it was paid',
    itemId: 'S01',
    applicant: 'adult',
    steps: [
      openCase({ itemId: 'S01', channel: 'WINDOW', operator: 'clerk' }),
      openPayment('clerk'),
      voidPayment('clerk'),
    ],
    ends: RETURNED,
    effects: financeDid('payment-opened', 'payment-voided'),
  },
  {
    ...paid('with its amount changed', { channel: 'WINDOW', operator: 'clerk' }),
    steps: [
      openCase({ itemId: 'S01', channel: 'WINDOW', operator: 'clerk' }),
      openPayment('clerk'),
      changeAmount('clerk'),
      isPaid,
    ],
    ends: { ...PAID, told: ['allotted', 'a', 's1', 'fee-reported', 'fee-withdrawn', 'fee-reported', 's2', 'r'] },
    effects: financeDid('payment-opened', 'payment-voided', 'payment-opened', 'payment-paid', 'receipt-issued'),
  },
  {
    name: 'S01 unpaid past its date',
    itemId: 'S01',
    applicant: 'adult',
    steps: [openCase({ itemId: 'S01', channel: 'WINDOW', operator: 'clerk' }), openPayment('clerk'), isOverdue],
    ends: RETURNED,
    effects: financeDid('payment-opened'),
  },
];
