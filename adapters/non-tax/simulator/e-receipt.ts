import { chinaCompactDate } from '../../values/china-time.ts';
import { checkBill } from './bill-content.ts';
import { decodeBase64 } from './charset.ts';
import { ascii, type FieldRule, group, matching, readFields, text } from './field-rules.ts';
import type { Notice } from './notices.ts';
import type { BillKind, Receipt } from './receipts.ts';
import { badParameter, notNow, Refusal, unknownPayCode, voidNotice } from './refusal.ts';
import { type Finance, generalAnswer, type VoucherAnswer, type VoucherRequest } from './transaction.ts';
import { writeVoucher } from './xml.ts';

const KIND_RULES = {
  BillTypeCode: ascii(1, 30),
  BillTypeName: text(1, 100),
  BillVerCode: ascii(1, 30),
  BillVerName: text(1, 100),
} as const;

const NUMBER_RULES = { ...KIND_RULES, ChgAgenCode: ascii(1, 30), Hold1: text(0, 100), Hold2: text(0, 100) } as const;

/** 获取电子票据号码, 8999 → 5001 with the number as Information (wire spec 3.7, 1). Each call takes another number. */
export function giveBillNumber({ state, core }: Finance, { voucher }: VoucherRequest): VoucherAnswer {
  const fields = readFields(voucher, NUMBER_RULES);
  const unit = state.registers.units.get(fields.ChgAgenCode);
  if (!unit || !state.receipts.knows(kindOf(fields))) throw new Refusal('16001', '该单位无权开具此种票据');
  const number = state.receipts.giveNumber(fields.BillVerCode, unit.code);
  core.record({ kind: 'receipt-number', reference: number, subject: unit.code, billCode: fields.BillVerCode });
  return generalAnswer('8999', '00000', number);
}

const base64: FieldRule = { mandatory: false, accepts: (value) => decodeBase64(value) !== undefined };

const BILL_RULES = { ...KIND_RULES, BillNo: ascii(1, 20), AdmDivCode: ascii(1, 6), Version: ascii(1, 4) } as const;

const ISSUE_RULES = {
  ...BILL_RULES,
  PayCode: ascii(1, 20),
  Invoice_Data: { ...base64, mandatory: true },
  Seal_Pic: base64,
  Attach_Info: text(0, 500),
  Hold1: text(0, 100),
  Sign_Info: group({
    Format: matching(/^DETACH$/),
    Algorithm: matching(/^SM2$/),
    Value: { ...base64, mandatory: true },
    Time: ascii(1, 20),
  }),
  Recipient_Addr: group({ Email: ascii(1, 50), Telephone: ascii(1, 50) }),
} as const;

type IssueFields = Readonly<Record<keyof typeof ISSUE_RULES, string>>;

/**
 * 换开电子票据, 8981 → 5981 (wire spec 3.7, 2): only for a paid notice, with a number of its unit, and with an e-bill text that agrees
 * with both. The same request again gets the same answer; a second bill for one notice is refused.
 */
export function issueBill(finance: Finance, { voucher }: VoucherRequest): VoucherAnswer {
  const fields = readFields(voucher, ISSUE_RULES);
  const { state, settings } = finance;
  if (fields.AdmDivCode !== settings.division) throw badParameter('AdmDivCode');
  const notice = state.notices.get(fields.PayCode);
  if (!notice) throw unknownPayCode();
  const issued = state.receipts.ofPayCode(fields.PayCode);
  if (issued) {
    if (!isRepetition(issued, fields)) throw notNow('该缴款书已开具电子票据');
    return issuedAnswer(finance, issued);
  }
  const receipt = checkIssue(finance, fields, notice);
  state.receipts.issue(receipt, notice.unitCode);
  recordIssue(finance, receipt, notice);
  return issuedAnswer(finance, receipt);
}

/** Puts an issued receipt into the ledger. */
export function recordIssue({ core }: Finance, receipt: Receipt, notice: Notice): void {
  core.record({
    kind: 'receipt-issued',
    reference: receipt.number,
    subject: notice.payerIdNumber,
    amountFen: receipt.amountFen,
    billCode: receipt.code,
    payCode: receipt.payCode,
  });
}

function checkIssue({ state, core }: Finance, fields: IssueFields, notice: Notice): Receipt {
  if (notice.state === 'void') throw voidNotice();
  if (!notice.payment) throw notNow('该缴款书尚未缴款');
  const kind = kindOf(fields);
  if (!state.receipts.knows(kind)) throw new Refusal('16001', '该单位无权开具此种票据');
  const free = state.receipts.get(kind.code, fields.BillNo) === undefined;
  if (!free || state.receipts.holderOf(kind.code, fields.BillNo) !== notice.unitCode) {
    throw new Refusal('16002', '该单位无此票据号码');
  }
  const unit = state.registers.units.get(notice.unitCode);
  const { check, issuedOn } = checkBill(fields.Invoice_Data, {
    code: kind.code,
    number: fields.BillNo,
    notice,
    items: unit?.items ?? new Set(),
  });
  return {
    ...kind,
    payCode: notice.payCode,
    number: fields.BillNo,
    check,
    payerName: notice.payerName,
    amountFen: notice.payment.amountFen,
    issuedOn,
    tradeId: tradeId(state.next('tradeId'), core.now()),
    content: fields.Invoice_Data,
  };
}

function isRepetition(receipt: Receipt, fields: IssueFields): boolean {
  return (
    receipt.number === fields.BillNo && receipt.code === fields.BillVerCode && receipt.content === fields.Invoice_Data
  );
}

/** The address at which a bill is shown to the resident. */
export function billAddress({ settings }: Finance, { code, number, check }: Receipt): string {
  return `${settings.billAddress}/${code}/${number}/${check}`;
}

function issuedAnswer(finance: Finance, receipt: Receipt): VoucherAnswer {
  return {
    messageNumber: '5981',
    voucher: writeVoucher({
      Result: '00000',
      Msg: '成功',
      Svr_Code: '00000',
      Svr_Msg: '业务处理成功',
      Trade_Id: receipt.tradeId,
      Issue_Date: receipt.issuedOn,
      Invoice_Url: billAddress(finance, receipt),
      Attach_Info: '',
    }),
  };
}

const DOWNLOAD_RULES = { ...BILL_RULES, CrcCode: ascii(0, 4), Hold1: text(0, 100) } as const;

/** 电子票据下载, 8982 → 5982 (wire spec 3.7, 3). */
export function downloadBill({ state, core, settings }: Finance, { voucher }: VoucherRequest): VoucherAnswer {
  const fields = readFields(voucher, DOWNLOAD_RULES);
  if (fields.AdmDivCode !== settings.division) throw badParameter('AdmDivCode');
  const receipt = state.receipts.get(fields.BillVerCode, fields.BillNo);
  if (!receipt || receipt.typeCode !== fields.BillTypeCode) throw notNow('电子票据不存在');
  return {
    messageNumber: '5982',
    voucher: writeVoucher({
      Result: '00000',
      Msg: '成功',
      Svr_Code: '00000',
      Svr_Msg: '',
      Trade_Id: tradeId(state.next('tradeId'), core.now()),
      InvoiceFileName: `${receipt.code}_${receipt.number}.pdf`,
      InvoiceFileData: settings.billFile(receipt).toString('base64'),
    }),
  };
}

/** `T` + day + 8 digits (wire spec 3.8, examples 14 and 15). */
export function tradeId(serial: number, now: number): string {
  return `T${chinaCompactDate(now)}${String(serial).padStart(8, '0')}`;
}

function kindOf(fields: Readonly<Record<keyof typeof KIND_RULES, string>>): BillKind {
  return {
    typeCode: fields.BillTypeCode,
    typeName: fields.BillTypeName,
    code: fields.BillVerCode,
    versionName: fields.BillVerName,
  };
}
