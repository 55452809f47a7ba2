import { crc16 } from '../../identifiers/crc-code.ts';
import type { Fen } from '../../values/fen.ts';
import { isOverdue } from './due.ts';
import { ascii, currency, date, fenOf, matching, readFields, text } from './field-rules.ts';
import { checkItems } from './notice-items.ts';
import type { Notice } from './notices.ts';
import { badParameter, notNow, overdueNotice, Refusal, unknownPayCode, voidNotice, wrongCheckCode } from './refusal.ts';
import { type Finance, generalAnswer, type VoucherAnswer, type VoucherRequest } from './transaction.ts';
import type { CollectingUnit } from './units.ts';

const RULES = {
  AdmDivCode: ascii(1, 6),
  PayCode: ascii(20, 20),
  BillDate: date,
  ChgAgenCode: ascii(1, 30),
  ChgAgenName: text(1, 100),
  PayerName: text(1, 100),
  PayerAcct: ascii(0, 50),
  PayerOpBk: text(0, 100),
  Amt: currency,
  OriAmt: currency,
  DelayAmt: currency,
  PayStats: matching(/^[02]$/),
  RecAcctType: matching(/^[12]$/),
  RecName: text(1, 100),
  RecAcct: ascii(1, 50),
  RecAcctReal: ascii(1, 50),
  RecOpBk: text(1, 100),
  RecBankNo: ascii(1, 20),
  IsInterBank: matching(/^[01]$/),
  PayInfo: text(0, 500),
  Memo: text(0, 200),
  CrcCode: ascii(0, 4),
  MobilePhone: ascii(1, 20),
  PayerCreditCode: ascii(0, 30),
  RecCreditCode: ascii(0, 30),
  OperatorCode: ascii(0, 30),
  OperatorName: text(0, 30),
  Hold1: text(0, 100),
  Hold2: text(0, 100),
} as const;

type Fields = Readonly<Record<keyof typeof RULES, string>>;

/** 电子缴款单信息, 8994: opens a notice, or voids it when PayStats says so (wire spec 3.1, 3.4). */
export function openOrVoid(finance: Finance, request: VoucherRequest): VoucherAnswer {
  const fields = readFields(request.voucher, RULES);
  check(finance, fields);
  if (fields.PayStats === '2') {
    voidTheNotice(finance, fields);
    return generalAnswer('8994', '00000', '');
  }
  open(finance, fields, request.head.SRC);
  return generalAnswer('8994', '00000', `${finance.settings.payAddress}${fields.PayCode}`);
}

/** Everything that can be told without looking at the book. */
function check({ settings, state }: Finance, fields: Fields): void {
  if (fields.AdmDivCode !== settings.division) throw badParameter('AdmDivCode');
  if (!new RegExp(`^${settings.division}\\d{2}30(?!0{10})\\d{10}$`).test(fields.PayCode)) throw badParameter('PayCode');
  if (!/^\d{4,30}$/.test(fields.ChgAgenCode)) throw badParameter('ChgAgenCode');
  const total = fenOf(fields.Amt);
  if (total === 0 || total !== fenOf(fields.OriAmt) + fenOf(fields.DelayAmt)) throw badParameter('Amt');
  const unit = state.registers.units.get(fields.ChgAgenCode);
  if (!unit) throw new Refusal('18012', `该单位无代收权限：${fields.ChgAgenCode}`);
  checkItems(fields.PayInfo, unit, fenOf(fields.OriAmt));
  if (fields.CrcCode !== '' && fields.CrcCode !== checkCodeOf(unit, fields.PayCode, total)) throw wrongCheckCode();
  checkAccount(settings.account, fields);
}

/** CrcCode (wire spec 6.2). */
function checkCodeOf(unit: CollectingUnit, payCode: string, amountFen: Fen): string {
  return crc16(`${unit.code}${payCode}${amountFen}`).toString(16).toUpperCase().padStart(4, '0');
}

function checkAccount(account: Finance['settings']['account'], fields: Fields): void {
  // This district has no collective accounts (汇缴专户), and none of its accounts is a pseudo account.
  if (fields.RecAcctType !== account.type) throw new Refusal('13002', '单位汇缴账户无效');
  const right =
    fields.RecAcct === account.number &&
    fields.RecAcctReal === account.number &&
    fields.RecBankNo === account.bankNumber;
  if (!right) throw new Refusal('16004', '收款银行信息错误');
}

/** PayCode is the key: the same notice again has no effect, another one under the same code is refused (wire spec 3.1). */
function open(finance: Finance, fields: Fields, node: string): void {
  const { state, core } = finance;
  const known = state.notices.get(fields.PayCode);
  if (known) {
    if (!says(known, fields)) throw new Refusal('10002', '报文参数不符合规范：PayCode 已存在且内容不一致');
    if (known.state === 'void') throw voidNotice();
    if (isOverdue(known, core.now())) throw overdueNotice();
    return;
  }
  const notice = noticeOf(fields, node);
  state.notices.add(notice);
  core.record({
    kind: 'payment-opened',
    reference: notice.payCode,
    subject: notice.payerIdNumber,
    amountFen: fenOf(fields.Amt),
    unit: notice.unitCode,
  });
}

function voidTheNotice({ state, core }: Finance, fields: Fields): void {
  const notice = state.notices.get(fields.PayCode);
  if (!notice) throw unknownPayCode();
  if (!isOfThisNotice(notice, fields)) throw new Refusal('10002', '报文参数不符合规范：与原缴款书内容不一致');
  if (notice.state === 'paid') throw notNow('该缴款书已缴款，不能作废');
  if (notice.state === 'void') return;
  state.notices.void(notice);
  core.record({
    kind: 'payment-voided',
    reference: notice.payCode,
    subject: notice.payerIdNumber,
    amountFen: fenOf(fields.Amt),
    unit: notice.unitCode,
  });
}

function noticeOf(fields: Fields, node: string): Notice {
  return {
    payCode: fields.PayCode,
    billDate: fields.BillDate,
    dueDate: null,
    unitCode: fields.ChgAgenCode,
    unitName: fields.ChgAgenName,
    payerName: fields.PayerName,
    payerIdNumber: fields.PayerCreditCode,
    originalFen: fenOf(fields.OriAmt),
    lateFeeFen: fenOf(fields.DelayAmt),
    payInfo: fields.PayInfo,
    accountType: fields.RecAcctType,
    accountName: fields.RecName,
    account: fields.RecAcct,
    crcCode: fields.CrcCode,
    notifyNode: fields.Hold1 === 'Y' ? node : null,
    origin: '8994',
    content: contentOf(fields),
    state: 'unpaid',
    payment: null,
  };
}

/** Whether an opening request says what the one that opened the notice said. */
function says(notice: Notice, fields: Fields): boolean {
  return notice.content === null ? isOfThisNotice(notice, fields) : notice.content === contentOf(fields);
}

/** The request's content; `80.0` and `80.00` are the same amount. */
function contentOf({ Amt, OriAmt, DelayAmt, ...rest }: Fields): string {
  return JSON.stringify([fenOf(Amt), fenOf(OriAmt), fenOf(DelayAmt), rest]);
}

/** Whether a request speaks of the notice that the book has: a void may have a memo and holds of its own (example 10). */
function isOfThisNotice(notice: Notice, fields: Fields): boolean {
  return (
    notice.unitCode === fields.ChgAgenCode &&
    notice.payerName === fields.PayerName &&
    notice.originalFen === fenOf(fields.OriAmt) &&
    notice.lateFeeFen === fenOf(fields.DelayAmt) &&
    notice.account === fields.RecAcct
  );
}
