import type { Kysely } from 'kysely';
import {
  changePaymentIn,
  insertPayment,
  noticesOfPayment,
  paymentByCode,
  paymentForUpdate,
  paymentsOfCase,
  setReceipt,
  writeNotice,
} from './payment-statements.ts';
import type { PaymentNoticeTable, PaymentTable } from './payment-tables.ts';
import type { PersonalColumns } from './personal-columns.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

/**
 * `opening`: kept, and sent or about to be. `unpaid`, `paid`, `void`, `expired` (past its last day): as finance has it. `not-opened`:
 * finance never took it.
 */
export type PaymentState = 'opening' | 'unpaid' | 'paid' | 'void' | 'expired' | 'not-opened';

/** From which state which may follow. Whoever pays in the last moment is found paid after the notice was given up. */
const TRANSITIONS: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  opening: ['unpaid', 'not-opened'],
  'not-opened': ['unpaid'],
  unpaid: ['paid', 'void', 'expired'],
  void: ['paid'],
  expired: ['paid'],
  paid: [],
};

const STATES = Object.keys(TRANSITIONS) as PaymentState[];

/** Moves a notice to a state, where it is in one from which that may follow. */
const CHANGE_TO = Object.fromEntries(
  STATES.map((state) => [state, changePaymentIn(STATES.filter((from) => TRANSITIONS[from].includes(state)))]),
) as Readonly<Record<PaymentState, ReturnType<typeof changePaymentIn>>>;

/** A payment notice of ours. Moments are milliseconds since 1970. */
export interface Payment {
  readonly payCode: string;
  readonly caseId: string;
  readonly state: PaymentState;
  /** The account that opened it. */
  readonly operator: string;
  /** What is paid for, as the fee table calls it. */
  readonly service: string;
  readonly unitCode: string;
  readonly amountFen: number;
  readonly payee: { readonly accountType: string; readonly account: string };
  /** The last day to pay, `yyyy-MM-dd`. */
  readonly dueDate: string;
  /** 受理编号 of the application at the real-estate registry whose fee it is. */
  readonly registrationNumber: string | null;
  /** Code of the notice in whose place it was opened. */
  readonly replaces: string | null;
  readonly checkCode: string | null;
  /** The notice as it is sent; JSON. */
  readonly notice: unknown;
  readonly createdAt: number;
  readonly tradeNumber: string | null;
  readonly channel: string | null;
  readonly paidAt: number | null;
  readonly receiptNumber: string | null;
}

export type NewPayment = Omit<
  Payment,
  'state' | 'checkCode' | 'createdAt' | 'tradeNumber' | 'channel' | 'paidAt' | 'receiptNumber'
> & { readonly at: number };

export interface PaymentChange {
  readonly state: PaymentState;
  readonly at: number;
  readonly checkCode?: string | null;
  readonly payment?: { readonly tradeNumber: string | null; readonly channel: string | null; readonly paidAt: number };
}

/** What became of something that finance told: `accepted`, or why it does not fit our notice. */
export type PaymentNoticeState = 'accepted' | 'other-unit' | 'account-differs' | 'amount-differs' | 'other-trade';

/** What finance told of a payment. */
export interface KeptPaymentNotice {
  readonly payCode: string;
  readonly tradeNumber: string;
  readonly amountFen: number;
  readonly paidAt: number;
  readonly channel: string;
  readonly state: PaymentNoticeState;
  readonly reference: string;
}

export type NewPaymentNotice = KeptPaymentNotice & {
  /** The whole message; JSON. */
  readonly notice: unknown;
  readonly at: number;
};

/** Payment notices that were opened here, and what finance told of their payment. */
export class Payments {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Keeps a notice that is about to be sent, as `opening`. */
  async add(tx: WriteTransaction, payment: NewPayment): Promise<void> {
    await insertPayment(tx, {
      pay_code: payment.payCode,
      case_id: payment.caseId,
      state: 'opening',
      operator: payment.operator,
      service: payment.service,
      unit_code: payment.unitCode,
      amount_fen: payment.amountFen,
      payee_account_type: payment.payee.accountType,
      payee_account: payment.payee.account,
      due_date: payment.dueDate,
      registration_number: payment.registrationNumber,
      replaces: payment.replaces,
      check_code: null,
      notice_sealed: this.#columns.seal('payment.notice', JSON.stringify(payment.notice)),
      created_at: payment.at,
      changed_at: payment.at,
      trade_number: null,
      channel: null,
      paid_at: null,
      receipt_number: null,
    });
  }

  async byCode(payCode: string, db: Kysely<Tables> = this.#db): Promise<Payment | undefined> {
    const [row] = (await paymentByCode(db, { payCode })).rows;
    return row && this.#payment(row);
  }

  /** The same, held until the transaction ends. */
  async held(tx: WriteTransaction, payCode: string): Promise<Payment | undefined> {
    const [row] = (await paymentForUpdate(tx, { payCode })).rows;
    return row && this.#payment(row);
  }

  /** The notices of a case, oldest first. */
  async ofCase(caseId: string, db: Kysely<Tables> = this.#db): Promise<Payment[]> {
    const { rows } = await paymentsOfCase(db, { caseId });
    return rows.map((row) => this.#payment(row));
  }

  /** Moves a notice on. False when its state does not allow that (any more): then nothing was changed. */
  async change(tx: WriteTransaction, payCode: string, change: PaymentChange): Promise<boolean> {
    const { state, at, checkCode, payment } = change;
    const columns = {
      state,
      changed_at: at,
      ...(checkCode !== undefined && { check_code: checkCode }),
      ...(payment && { trade_number: payment.tradeNumber, channel: payment.channel, paid_at: payment.paidAt }),
    };
    const { numAffectedRows } = await CHANGE_TO[state](tx, columns, { payCode });
    return numAffectedRows === 1n;
  }

  /** Notes the number of the e-receipt. False when one is noted already. */
  async noteReceipt(tx: WriteTransaction, payCode: string, receiptNumber: string, at: number): Promise<boolean> {
    const { numAffectedRows } = await setReceipt(tx, { payCode, receiptNumber, at });
    return numAffectedRows === 1n;
  }

  /** Keeps what finance told; told again under the same trade number, the later replaces the earlier. */
  async keepNotice(tx: WriteTransaction, notice: NewPaymentNotice): Promise<void> {
    await writeNotice(tx, {
      pay_code: notice.payCode,
      trade_number: notice.tradeNumber,
      amount_fen: notice.amountFen,
      paid_at: notice.paidAt,
      channel: notice.channel,
      state: notice.state,
      reference: notice.reference,
      received_at: notice.at,
      notice_sealed: this.#columns.seal('payment_notice.notice', JSON.stringify(notice.notice)),
    });
  }

  /** What finance told of a notice, in the order in which it came. */
  async noticesOf(payCode: string, db: Kysely<Tables> = this.#db): Promise<KeptPaymentNotice[]> {
    const { rows } = await noticesOfPayment(db, { payCode });
    return rows.map(keptNotice);
  }

  #payment(row: PaymentTable): Payment {
    return {
      payCode: row.pay_code,
      caseId: row.case_id,
      state: row.state as PaymentState,
      operator: row.operator,
      service: row.service,
      unitCode: row.unit_code,
      amountFen: Number(row.amount_fen),
      payee: { accountType: row.payee_account_type, account: row.payee_account },
      dueDate: row.due_date,
      registrationNumber: row.registration_number,
      replaces: row.replaces,
      checkCode: row.check_code,
      notice: JSON.parse(this.#columns.open('payment.notice', row.notice_sealed)),
      createdAt: Number(row.created_at),
      tradeNumber: row.trade_number,
      channel: row.channel,
      paidAt: row.paid_at === null ? null : Number(row.paid_at),
      receiptNumber: row.receipt_number,
    };
  }
}

function keptNotice(row: PaymentNoticeTable): KeptPaymentNotice {
  return {
    payCode: row.pay_code,
    tradeNumber: row.trade_number,
    amountFen: Number(row.amount_fen),
    paidAt: Number(row.paid_at),
    channel: row.channel,
    state: row.state as PaymentNoticeState,
    reference: row.reference,
  };
}
