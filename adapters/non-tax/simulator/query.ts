import { createHash } from 'node:crypto';
import { chinaCompactDateTime } from '../../values/china-time.ts';
import { yuanFromFen } from '../../values/fen.ts';
import { isOverdue } from './due.ts';
import { ascii, digits, readFields, text } from './field-rules.ts';
import { amountOf, type Notice } from './notices.ts';
import { badParameter, notNow, overdueNotice, unknownPayCode, voidNotice, wrongCheckCode } from './refusal.ts';
import type { Finance, VoucherAnswer, VoucherRequest } from './transaction.ts';
import { writeVoucher } from './xml.ts';

const STATES = { unpaid: '0', paid: '1', void: '2' } as const;

const QUERY_RULES = { PayCode: ascii(1, 20), PayMode: digits(0, 2), Hold1: text(0, 100), Hold2: text(0, 100) } as const;

/** 缴费状态查询, 8997 → 5997 (wire spec 3.2). A void notice is shown as such; an unpaid one after its last day is refused. */
export function queryNotice({ state, core, settings }: Finance, { voucher }: VoucherRequest): VoucherAnswer {
  const fields = readFields(voucher, QUERY_RULES);
  const notice = state.notices.get(fields.PayCode);
  if (!notice) throw unknownPayCode();
  // Example 06 leaves the check code out although the notice has one.
  if (fields.Hold1 !== '' && fields.Hold1 !== notice.crcCode) throw wrongCheckCode();
  if (isOverdue(notice, core.now())) throw overdueNotice();
  return {
    messageNumber: '5997',
    voucher: writeVoucher({
      AdmDivCode: settings.division,
      PayCode: notice.payCode,
      BillDate: notice.billDate,
      ChgAgenCode: notice.unitCode,
      ChgAgenName: notice.unitName,
      PayerName: notice.payerName,
      Amt: yuanFromFen(amountOf(notice)),
      OriAmt: yuanFromFen(notice.originalFen),
      DelayAmt: yuanFromFen(notice.lateFeeFen),
      PayStats: STATES[notice.state],
      RecAcctType: notice.accountType,
      RecName: notice.accountName,
      RecAcct: notice.account,
      PayInfo: notice.payInfo,
      CfmDate: notice.payment?.date ?? '',
      CfmTime: notice.payment?.time ?? '',
      PayMode: notice.payment?.mode ?? '',
      TraNoBus: notice.payment?.tradeNumber ?? '',
      BillNo: state.receipts.ofPayCode(notice.payCode)?.number ?? '',
      Hold1: '',
      Hold2: '',
    }),
  };
}

const QR_RULES = {
  PayCode: ascii(1, 20),
  PayMode: digits(2, 2),
  ExpireMinutes: digits(1, 2),
  Hold1: text(0, 100),
  Hold2: text(0, 100),
} as const;

/** 动态二维码获取, 8995 → 5995 (wire spec 3.3). Only for a notice that can be paid. */
export function dynamicQr({ state, core, settings }: Finance, { voucher }: VoucherRequest): VoucherAnswer {
  const fields = readFields(voucher, QR_RULES);
  const minutes = Number(fields.ExpireMinutes);
  if (minutes < 1 || minutes > 30) throw badParameter('ExpireMinutes');
  const notice = payableNotice(state.notices.get(fields.PayCode), core.now());
  const expires = chinaCompactDateTime(core.now() + minutes * 60_000);
  const token = createHash('sha256').update(`${notice.payCode}/${fields.PayMode}/${expires}`).digest('hex').slice(0, 8);
  return {
    messageNumber: '5995',
    voucher: writeVoucher({
      OriMsgNo: '8995',
      Result: '00000',
      PayCode: notice.payCode,
      Amt: yuanFromFen(amountOf(notice)),
      QrUrl: `${settings.payAddress}${notice.payCode}&t=${token}`,
      QrImage: '',
      ExpireTime: expires,
      Hold1: '',
      Hold2: '',
    }),
  };
}

/** The notice when it can be paid now. Throws `Refusal` 11001, 11003, 11004 or 99999. */
export function payableNotice(notice: Notice | undefined, now: number): Notice {
  if (!notice) throw unknownPayCode();
  if (notice.state === 'void') throw voidNotice();
  if (notice.state === 'paid') throw notNow('该缴款书已缴款');
  if (isOverdue(notice, now)) throw overdueNotice();
  return notice;
}
