import { type Column, needed, optional } from './column.ts';

/** A hospital's own book of settlements: one a row, known by its settlement id or its document. */
export const BOOK_COLUMNS: readonly Column[] = [
  optional('settlementId', 'settlementId', '结算ID', '', { kind: 'number-text', also: ['结算编号'] }),
  optional('document', 'document', '单据号', 'EXAMPLE-0001', { kind: 'number-text', also: ['单据编号'] }),
  optional('visitId', 'visitId', '就诊ID', '', { kind: 'number-text' }),
  needed('day', 'day', '结算日期', '2026-11-24', { kind: 'day-of-moment', also: ['结算时间'] }),
  needed('total', 'totalYuan', '医疗费总额(元)', '4200.00', { kind: 'yuan' }),
  needed('fundTotal', 'fundTotalYuan', '基金支付总额(元)', '3200.00', { kind: 'yuan' }),
  optional('accountPaid', 'accountPaidYuan', '个人账户支付(元)', '0.00', { kind: 'yuan' }),
  optional('refunded', 'refunded', '退费标志', '否', { kind: 'yes-no', also: ['退费结算标志'] }),
];
