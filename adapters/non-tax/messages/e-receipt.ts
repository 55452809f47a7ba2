import { z } from 'zod';
import { invalidInput } from '../../values/checked.ts';
import { chinaCompactDateTime } from '../../values/china-time.ts';
import { protocolFault, SUCCESS } from '../errors.ts';
import type { EReceiptDraft, EReceiptFile, EReceiptKey } from '../records/e-receipt.ts';
import type { CollectingUnitSettings, EReceiptSettings } from '../settings.ts';
import { eBillSignature } from '../signing.ts';
import { date, fieldsOf, optionalText, readVoucher, resultCode, textOrNull } from './answer-fields.ts';
import { eBillCode, eBillNumber, eBillXml, issueInstant } from './e-bill.ts';
import { asciiField, digitsField, gbField } from './input-fields.ts';
import { element, type XmlElement } from './xml.ts';

/** 8999 获取电子票据号码, 8981 换开电子票据, 8982 电子票据下载 (wire spec 3.7). */
export const E_RECEIPT_NUMBER = '8999';
export const E_RECEIPT_ISSUE = '8981';
export const E_RECEIPT_DOWNLOAD = '8982';

/** 8999. Its 5001 carries the number in Information. */
export function numberVoucher(unit: CollectingUnitSettings, settings: EReceiptSettings): XmlElement {
  return element('Voucher', [
    ...billKind(settings, settings),
    digitsField('ChgAgenCode', unit.code, [1, 30], 'unitCode'),
    asciiField('Hold1', unit.operator.code, [0, 100], 'unitCode'),
    element('Hold2'),
  ]);
}

/** 8981. The bill is UTF-8 inside a GB18030 voucher. */
export function issueVoucher(
  draft: EReceiptDraft,
  context: { readonly division: string; readonly unit: CollectingUnitSettings; readonly settings: EReceiptSettings },
): XmlElement {
  const { division, unit, settings } = context;
  const bill = eBillXml(draft, settings);
  return element('Voucher', [
    digitsField('PayCode', draft.payCode, [20, 20], 'payCode'),
    element('BillNo', eBillNumber(draft.number, 'number')),
    element('AdmDivCode', division),
    ...billKind(settings, settings),
    asciiField('Version', settings.dataVersion, [1, 4], 'dataVersion'),
    element('Invoice_Data', Buffer.from(bill, 'utf8').toString('base64')),
    element('Seal_Pic'),
    element('Attach_Info'),
    asciiField('Hold1', unit.operator.code, [0, 100], 'unitCode'),
    signatureOf(bill, draft, settings),
    recipientOf(draft),
  ]);
}

/** 8982. */
export function downloadVoucher(key: EReceiptKey, division: string, settings: EReceiptSettings): XmlElement {
  if (key.number === undefined) throw invalidInput('number', 'the bill’s number is needed');
  return element('Voucher', [
    element('BillNo', eBillNumber(key.number, 'number')),
    element('AdmDivCode', division),
    ...billKind(settings, kindOf(key, settings)),
    asciiField('Version', settings.dataVersion, [1, 4], 'dataVersion'),
    asciiField('CrcCode', key.crcCode ?? '', [0, 4], 'crcCode'),
    element('Hold1'),
  ]);
}

/** The common part of the answers to 8981 and 8982, whose message number must not be depended on (wire spec section 2). */
export interface EReceiptAnswer {
  readonly result: string;
  readonly text: string;
}

const resultSchema = z.object({
  Result: resultCode,
  Msg: optionalText,
  Svr_Msg: optionalText,
  // a refusal may come as 5001
  Information: optionalText,
});

/** Reads the result and the words of either answer. Throws `DEPARTMENT_PROTOCOL`. */
export function readEReceiptAnswer(voucher: XmlElement): EReceiptAnswer {
  const { Result, Msg, Svr_Msg, Information } = readVoucher(resultSchema, voucher);
  return { result: Result, text: Information || Svr_Msg || Msg };
}

const issuedSchema = z.object({ Trade_Id: z.string().min(1), Issue_Date: date, Invoice_Url: textOrNull });

/** Reads what a successful 8981 gives. Throws `DEPARTMENT_PROTOCOL`. */
export function readIssued(voucher: XmlElement): { tradeId: string; issuedOn: string; url: string | null } {
  const { Trade_Id, Issue_Date, Invoice_Url } = readVoucher(issuedSchema, voucher);
  return { tradeId: Trade_Id, issuedOn: Issue_Date, url: Invoice_Url };
}

/** What 8982's answer itself tells; the rest of an `EReceiptFile` the client knows from its question. */
export type DownloadedFile = Omit<EReceiptFile, 'code' | 'number' | 'check' | 'url'>;

/** The file of 8982's answer; its elements are found without regard to case (wire spec 3.7). */
export function readFile(voucher: XmlElement): DownloadedFile {
  const fields = new Map(Object.entries(fieldsOf(voucher)).map(([name, text]) => [name.toLowerCase(), text]));
  const base64 = (fields.get('invoicefiledata') ?? '').replace(/\s+/g, '');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw protocolFault('Voucher.InvoiceFileData', 'is not a file in Base64');
  }
  const content = new Uint8Array(Buffer.from(base64, 'base64'));
  return {
    fileName: fields.get('invoicefilename') || null,
    mediaType: mediaTypeOf(content),
    content,
    tradeId: fields.get('trade_id') || null,
    message: fields.get('msg') || null,
    serviceCode: fields.get('svr_code') || null,
    serviceMessage: fields.get('svr_msg') || null,
  };
}

/** 票据号码 out of 8999's Information. */
export function readNumber(information: string): string {
  if (!/^\d{10}$/.test(information)) throw protocolFault('Voucher.Information', 'is not a bill number');
  return information;
}

/** True for an answer with what was asked for. */
export function isSuccess({ result }: EReceiptAnswer): boolean {
  return result === SUCCESS;
}

export type BillKind = Pick<EReceiptSettings, 'code' | 'versionName'>;

/** The kind of bill that a key names by its code, or that was issued on its day; the current one when it says neither. */
export function kindOf({ code, issuedOn }: EReceiptKey, settings: EReceiptSettings): BillKind {
  const kinds: readonly BillKind[] = [settings, ...settings.earlier];
  if (code !== undefined) {
    const named = eBillCode(code, 'code');
    return kinds.find((kind) => kind.code === named) ?? { code: named, versionName: settings.versionName };
  }
  return settings.earlier.findLast(({ until }) => issuedOn !== undefined && issuedOn <= until) ?? settings;
}

function billKind(settings: EReceiptSettings, { code, versionName }: BillKind): XmlElement[] {
  return [
    asciiField('BillTypeCode', settings.typeCode, [1, 30], 'typeCode'),
    gbField('BillTypeName', settings.typeName, [1, 100], 'typeName'),
    asciiField('BillVerCode', code, [1, 30], 'code'),
    gbField('BillVerName', versionName, [1, 100], 'versionName'),
  ];
}

function signatureOf(bill: string, draft: EReceiptDraft, { signingKey }: EReceiptSettings): XmlElement {
  if (signingKey === undefined) return element('Sign_Info');
  return element('Sign_Info', [
    element('Format', 'DETACH'),
    element('Algorithm', 'SM2'),
    element('Value', eBillSignature(bill, signingKey)),
    element('Time', chinaCompactDateTime(issueInstant(draft.issuedAt))),
  ]);
}

function recipientOf({ recipient }: EReceiptDraft): XmlElement {
  const { email, phone } = recipient ?? {};
  return element('Recipient_Addr', [
    ...(email === undefined ? [] : [asciiField('Email', email, [1, 50], 'recipient.email')]),
    ...(phone === undefined ? [] : [asciiField('Telephone', phone, [1, 50], 'recipient.phone')]),
  ]);
}

function mediaTypeOf(content: Uint8Array): string {
  const start = Buffer.from(content.subarray(0, 4)).toString('latin1');
  if (start === '%PDF') return 'application/pdf';
  // OFD is a ZIP container
  return start === 'PK\u0003\u0004' ? 'application/ofd' : 'application/octet-stream';
}
