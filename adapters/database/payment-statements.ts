import type { PaymentNoticeTable, PaymentTable } from './payment-tables.ts';
import { changing, columnsOf, statement } from './statement.ts';

/** The statements of every payment notice; `payments.ts` says what they are for. */

const PAYMENT = columnsOf<PaymentTable>({
  pay_code: true,
  case_id: true,
  state: true,
  operator: true,
  service: true,
  unit_code: true,
  amount_fen: true,
  payee_account_type: true,
  payee_account: true,
  due_date: true,
  registration_number: true,
  replaces: true,
  check_code: true,
  notice_sealed: true,
  created_at: true,
  changed_at: true,
  trade_number: true,
  channel: true,
  paid_at: true,
  receipt_number: true,
});

const NOTICE = columnsOf<PaymentNoticeTable>({
  pay_code: true,
  trade_number: true,
  amount_fen: true,
  paid_at: true,
  channel: true,
  state: true,
  reference: true,
  received_at: true,
  notice_sealed: true,
});

interface OfPayment {
  readonly payCode: string;
}

export const insertPayment = statement<PaymentTable>()((db, row) => db.insertInto('payment').values(PAYMENT(row)));

export const paymentByCode = statement<OfPayment>()((db, { payCode }) =>
  db.selectFrom('payment').selectAll().where('pay_code', '=', payCode),
);

export const paymentForUpdate = statement<OfPayment>()((db, { payCode }) =>
  db.selectFrom('payment').selectAll().where('pay_code', '=', payCode).forUpdate(),
);

export const paymentsOfCase = statement<{ caseId: string }>()((db, { caseId }) =>
  db.selectFrom('payment').selectAll().where('case_id', '=', caseId).orderBy('created_at').orderBy('pay_code'),
);

/** Where it is in one of these states. */
export const changePaymentIn = (states: readonly string[]) =>
  changing<Partial<PaymentTable>, OfPayment>()((db, columns, { payCode }) =>
    db.updateTable('payment').set(columns).where('pay_code', '=', payCode).where('state', 'in', states),
  );

/** Where there is none yet. */
export const setReceipt = statement<OfPayment & { receiptNumber: string; at: number }>()(
  (db, { payCode, receiptNumber, at }) =>
    db
      .updateTable('payment')
      .set({ receipt_number: receiptNumber, changed_at: at })
      .where('pay_code', '=', payCode)
      .where('receipt_number', 'is', null),
);

/** Over the one of the same trade number where there is one. */
export const writeNotice = statement<PaymentNoticeTable>()((db, row) =>
  db
    .insertInto('payment_notice')
    .values(NOTICE(row))
    .onConflict((conflict) => conflict.columns(['pay_code', 'trade_number']).doUpdateSet(NOTICE(row))),
);

export const noticesOfPayment = statement<OfPayment>()((db, { payCode }) =>
  db
    .selectFrom('payment_notice')
    .selectAll()
    .where('pay_code', '=', payCode)
    .orderBy('received_at')
    .orderBy('trade_number'),
);
