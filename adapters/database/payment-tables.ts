import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Payment notices that were opened here, and what finance told of their payment. */
export interface PaymentTables {
  payment: PaymentTable;
  payment_notice: PaymentNoticeTable;
}

/** A payment notice of ours (缴款书). */
export interface PaymentTable {
  /** 缴款码. */
  pay_code: string;
  case_id: string;
  state: string;
  /** The account that opened it. */
  operator: string;
  service: string;
  unit_code: string;
  amount_fen: number;
  payee_account_type: string;
  payee_account: string;
  /** The last day to pay, `yyyy-MM-dd`. */
  due_date: string;
  /** 受理编号 of the application at the real-estate registry whose fee it is. */
  registration_number: string | null;
  /** Code of the notice in whose place it was opened. */
  replaces: string | null;
  check_code: string | null;
  /** JSON of the notice as it is sent: it names the payer. */
  notice_sealed: Uint8Array;
  created_at: number;
  changed_at: number;
  trade_number: string | null;
  channel: string | null;
  paid_at: number | null;
  receipt_number: string | null;
}

/** What finance told of a payment (缴款成功通知), by notice and trade number. */
export interface PaymentNoticeTable {
  pay_code: string;
  trade_number: string;
  amount_fen: number;
  paid_at: number;
  channel: string;
  state: string;
  /** Finance's message id. */
  reference: string;
  received_at: number;
  /** JSON of the whole message: it names who paid. */
  notice_sealed: Uint8Array;
}

export const PAYMENT_TABLES: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('payment')
      .addColumn('pay_code', 'text', (column) => column.primaryKey())
      .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('operator', 'text', (column) => column.notNull())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('unit_code', 'text', (column) => column.notNull())
      .addColumn('amount_fen', 'bigint', (column) => column.notNull())
      .addColumn('payee_account_type', 'text', (column) => column.notNull())
      .addColumn('payee_account', 'text', (column) => column.notNull())
      .addColumn('due_date', 'text', (column) => column.notNull())
      .addColumn('registration_number', 'text')
      .addColumn('replaces', 'text')
      .addColumn('check_code', 'text')
      .addColumn('notice_sealed', 'blob', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addColumn('trade_number', 'text')
      .addColumn('channel', 'text')
      .addColumn('paid_at', 'bigint')
      .addColumn('receipt_number', 'text')
      .execute();
    await db.schema.createIndex('payment_of_case').on('payment').columns(['case_id', 'created_at']).execute();
    await db.schema
      .createTable('payment_notice')
      .addColumn('pay_code', 'text', (column) => column.notNull().references('payment.pay_code'))
      .addColumn('trade_number', 'text', (column) => column.notNull())
      .addColumn('amount_fen', 'bigint', (column) => column.notNull())
      .addColumn('paid_at', 'bigint', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('reference', 'text', (column) => column.notNull())
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .addColumn('notice_sealed', 'blob', (column) => column.notNull())
      .addPrimaryKeyConstraint('payment_notice_once', ['pay_code', 'trade_number'])
      .execute();
  },
};
