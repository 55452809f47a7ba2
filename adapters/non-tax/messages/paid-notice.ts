import { z } from 'zod';
import { checked } from '../../values/checked.ts';
import { protocolFault, SUCCESS } from '../errors.ts';
import type { PaidNotice, PaidNoticeVerdict } from '../records/payment.ts';
import { amount, dateTime, optionalText, readVoucher } from './answer-fields.ts';
import { element, type XmlElement } from './xml.ts';

/** 5996 交易确认/缴款成功通知 and its reply 8001 (wire spec 3.5). */
export const PAID_NOTICE = '5996';
export const PAID_NOTICE_REPLY = '8001';

/** The result that each verdict is told as (wire spec 3.5 and section 4). */
const RESULT_OF: Readonly<Record<PaidNoticeVerdict, string>> = {
  accepted: SUCCESS,
  'unknown-pay-code': '11001',
  'already-paid-by-other-trade': '12001',
  'account-differs': '12003',
  'amount-differs': '12004',
  'not-now': '99999',
};

/** 报文参数不合规范: the notice itself cannot be read. */
export const UNREADABLE = '10002';

const schema = z.object({
  PayCode: z.string().regex(/^(?:\d{16}|\d{20})$/),
  CfmDate: z.string(),
  CfmTime: z.string(),
  Amt: amount,
  BankOutlet: optionalText,
  Operator: optionalText,
  PayMode: z.string().min(1).max(2),
  TraNoBus: z.string().min(1).max(32),
  PayerName: optionalText,
  PayerAcct: optionalText,
  PayerOpBk: optionalText,
  PayerOpBkNo: optionalText,
  RecAcctType: optionalText,
  RecAcct: optionalText,
});

/** Reads 5996. Throws `DEPARTMENT_PROTOCOL`. `reference` is its message id, `node` the node that it was sent to. */
export function readPaidNotice(
  voucher: XmlElement,
  { reference, node }: Pick<PaidNotice, 'reference' | 'node'>,
): PaidNotice {
  const fields = readVoucher(schema, voucher);
  return {
    payCode: fields.PayCode,
    paidAt: checked(dateTime, fields.CfmDate + fields.CfmTime, 'Voucher.CfmDate', protocolFault),
    amountFen: fields.Amt,
    channel: fields.PayMode,
    tradeNumber: fields.TraNoBus,
    bankOutlet: fields.BankOutlet,
    operator: fields.Operator,
    payer: {
      name: fields.PayerName,
      account: fields.PayerAcct,
      bank: fields.PayerOpBk,
      bankNumber: fields.PayerOpBkNo,
    },
    payee: { accountType: fields.RecAcctType, account: fields.RecAcct },
    node,
    reference,
  };
}

/** The Result of 8001 that tells a verdict. */
export function resultOf(verdict: PaidNoticeVerdict): string {
  return RESULT_OF[verdict];
}

/** The voucher of 8001. Information stays empty: what is wrong is for our operator, not for finance's log. */
export function replyVoucher(result: string): XmlElement {
  return element('Voucher', [element('OriMsgNo', PAID_NOTICE), element('Result', result), element('Information')]);
}
