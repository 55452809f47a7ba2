import { parseCollectingUnit } from '../../adapters/identifiers/collecting-unit.ts';
import type {
  DailyStatement,
  StatementDifference,
  StatementEntry,
  StatementResult,
} from '../../adapters/non-tax/records/reconciliation.ts';
import { type Clock, chinaDate } from '../../adapters/values/china-time.ts';
import { fen } from '../../adapters/values/fen.ts';
import { knownCode } from '../codes.ts';
import { formInput, identifierInput, invalidInput } from '../invalid-input.ts';
import type { Resolver, Resolvers } from '../schema.ts';
import type { NontaxContext } from './loaders.ts';

/** Codes of what differs (non-tax 4). */
const DIFFERENCE_KIND = {
  AMOUNT_DIFFERS: '15001',
  MISSING_IN_STATEMENT: '15002',
  MISSING_AT_FINANCE: '15003',
} as const;

/** Ten pages, each a call. */
const MOST_PAYMENTS = 5_000;

const HOUR_MS = 3_600_000;

interface PaymentInput {
  readonly paymentCode: string;
  readonly tradeNumber: string;
  readonly amount: number;
  readonly channelCode: string;
  readonly paidOn: string;
  readonly unitCode: string;
}

interface StatementInput {
  readonly number: string;
  readonly settleDate: string;
  readonly payments: readonly PaymentInput[];
}

/** Reconciliation (对账, non-tax 3.6). It compares; the books of neither side change. */
export const reconciliationQueries: Readonly<Record<string, Resolver>> = {
  paymentReconciliation: (_: unknown, { statement }: { statement: StatementInput }, context: NontaxContext) =>
    context.reconciled(checkedStatement(statement, context.clock)),
};

export const reconciliationTypes: Resolvers = {
  PaymentReconciliation: {
    number: ({ statementNumber }: StatementResult) => statementNumber,
    agrees: ({ differences }: StatementResult) => differences.length === 0,
  },
  PaymentDifference: {
    paymentCode: ({ payCode }: StatementDifference) => payCode,
    kind: ({ code }: StatementDifference) => knownCode(DIFFERENCE_KIND, code),
    amount: ({ amountFen }: StatementDifference) => amountFen,
    payment: ({ payCode }: StatementDifference, _: unknown, { payment }: NontaxContext) => payment({ payCode }),
  },
  PaymentDifferenceKind: DIFFERENCE_KIND,
};

function checkedStatement({ number, settleDate, payments }: StatementInput, clock: Clock): DailyStatement {
  // A statement is for the day before and run after one in the morning (non-tax 3.6); finance keeps what it answered.
  if (settleDate >= chinaDate(clock() - HOUR_MS)) {
    throw invalidInput('statement.settleDate', { en: 'must be a day that is over.', zh: '应为已结束的日期。' });
  }
  if (payments.length > MOST_PAYMENTS) {
    throw invalidInput('statement.payments', {
      en: `must hold at most ${MOST_PAYMENTS} payments.`,
      zh: `应不超过${MOST_PAYMENTS}笔。`,
    });
  }
  return {
    statementNumber: formInput('statement.number', number, /^[\x21-\x7e]{1,30}$/, {
      en: 'must have 1 to 30 letters, digits and signs.',
      zh: '应为1至30个字母、数字或符号。',
    }),
    settleDate,
    entries: payments.map((payment, index) => checkedPayment(`statement.payments.${index}`, payment)),
  };
}

function checkedPayment(at: string, payment: PaymentInput): StatementEntry {
  const { paymentCode, tradeNumber, amount, channelCode, paidOn, unitCode } = payment;
  if (amount < 0) throw invalidInput(`${at}.amount`, { en: 'must not be below zero.', zh: '不应小于零。' });
  return {
    payCode: paymentCode,
    // The two signs separate the statement's fields and lines.
    tradeNumber: formInput(`${at}.tradeNumber`, tradeNumber, /^(?!.*[|#])[\x21-\x7e]{1,32}$/, {
      en: 'must have 1 to 32 letters, digits and signs other than | and #.',
      zh: '应为1至32个字母、数字或符号，不含|和#。',
    }),
    amountFen: fen(amount),
    channel: formInput(`${at}.channelCode`, channelCode, /^\d{2}$/, { en: 'must be two digits.', zh: '应为2位数字。' }),
    paidOn,
    unitCode: identifierInput(`${at}.unitCode`, unitCode, parseCollectingUnit),
  };
}
