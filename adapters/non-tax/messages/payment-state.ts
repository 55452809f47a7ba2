import { z } from 'zod';
import { isPaymentCode } from '../../identifiers/payment-code.ts';
import { checked, invalidInput } from '../../values/checked.ts';
import { protocolFault } from '../errors.ts';
import type { PaymentRecord, PaymentState } from '../records/payment.ts';
import { amount, date, dateTime, optionalText, payInfo, readVoucher, textOrNull } from './answer-fields.ts';
import { asciiField } from './input-fields.ts';
import { element, type XmlElement } from './xml.ts';

/** 8997 缴费状态查询 (wire spec 3.2). */
export const QUERY = '8997';
export const QUERY_ANSWER = '5997';

/** Hold1 carries the notice's 校验码 when it has one. */
export function queryVoucher(payCode: string, crcCode = ''): XmlElement {
  if (!isPaymentCode(payCode)) throw invalidInput('payCode', '20 or 16 digits are needed');
  return element('Voucher', [
    element('PayCode', payCode),
    element('PayMode'),
    asciiField('Hold1', crcCode, [0, 4], 'crcCode'),
    element('Hold2'),
  ]);
}

const STATES: Readonly<Record<string, PaymentState>> = { '0': 'unpaid', '1': 'paid', '2': 'void' };

const schema = z.object({
  AdmDivCode: textOrNull,
  PayCode: z.string().min(1),
  BillDate: date,
  ChgAgenCode: z.string().min(1),
  ChgAgenName: optionalText,
  PayerName: optionalText,
  Amt: amount,
  OriAmt: amount,
  DelayAmt: amount,
  PayStats: z.enum(['0', '1', '2']),
  RecAcctType: optionalText,
  RecName: optionalText,
  RecAcct: optionalText,
  PayInfo: payInfo,
  CfmDate: optionalText,
  CfmTime: optionalText,
  PayMode: textOrNull,
  TraNoBus: textOrNull,
  BillNo: textOrNull,
});

/** Reads 5997, which must be about the code that was asked for. */
export function readPayment(voucher: XmlElement, payCode: string): PaymentRecord {
  const fields = readVoucher(schema, voucher);
  if (fields.PayCode !== payCode) throw protocolFault('Voucher.PayCode', 'is another notice');
  if (fields.Amt !== fields.OriAmt + fields.DelayAmt) throw protocolFault('Voucher.Amt', 'is not the sum');
  const state = STATES[fields.PayStats] ?? 'unpaid';
  const paid = state === 'paid';
  return {
    payCode,
    state,
    division: fields.AdmDivCode,
    billDate: fields.BillDate,
    unitCode: fields.ChgAgenCode,
    unitName: fields.ChgAgenName,
    payerName: fields.PayerName,
    amountFen: fields.Amt,
    originalFen: fields.OriAmt,
    lateFeeFen: fields.DelayAmt,
    items: fields.PayInfo,
    payee: { accountType: fields.RecAcctType, name: fields.RecName, account: fields.RecAcct },
    paidAt: paid ? confirmedAt(fields.CfmDate, fields.CfmTime) : null,
    channel: paid ? fields.PayMode : null,
    tradeNumber: paid ? fields.TraNoBus : null,
    receiptNumber: fields.BillNo,
  };
}

/** A notice of which finance tells nothing more than that it can no longer be paid (results 11003 and 11004). */
export function closedRecord(payCode: string, state: 'expired' | 'void'): PaymentRecord {
  return { ...unpaidRecord(payCode), state };
}

/** An unpaid notice of which only the code is known. */
export function unpaidRecord(payCode: string): PaymentRecord {
  return {
    payCode,
    state: 'unpaid',
    division: null,
    billDate: null,
    unitCode: null,
    unitName: null,
    payerName: null,
    amountFen: null,
    originalFen: null,
    lateFeeFen: null,
    items: [],
    payee: null,
    paidAt: null,
    channel: null,
    tradeNumber: null,
    receiptNumber: null,
  };
}

function confirmedAt(day: string, time: string): string {
  return checked(dateTime, day + time, /^\d{8}$/.test(day) ? 'Voucher.CfmTime' : 'Voucher.CfmDate', protocolFault);
}
