import {
  composeEInvoiceId,
  type EBillCode,
  type EBillNumber,
  isEBillCheck,
  isEBillCode,
  isEBillNumber,
} from '../../identifiers/e-bill.ts';
import { invalidInput } from '../../values/checked.ts';
import { chinaCompactDate, chinaDateTime, instantFromChina } from '../../values/china-time.ts';
import { sumFen } from '../../values/fen.ts';
import type { EReceiptDraft } from '../records/e-receipt.ts';
import type { EReceiptSettings } from '../settings.ts';
import { amountField, asciiField, digitsField, gbField } from './input-fields.ts';
import { element, writeXml, type XmlElement } from './xml.ts';

const E_BILL_VERSION = '1.1.0';

/** The e-bill's own XML (Invoice_Data before Base64, wire spec 3.7): UTF-8 text without a declaration, with its EInvoice tag. */
export function eBillXml(draft: EReceiptDraft, settings: EReceiptSettings): string {
  const { payer, items } = draft;
  const number = eBillNumber(draft.number, 'number');
  const code = eBillCode(settings.code, 'code');
  if (!isEBillCheck(draft.check)) throw invalidInput('check', '6 of a–z and 0–9 are needed');
  if (items.length === 0) throw invalidInput('items', 'at least one item is needed');
  const issuedAt = issueInstant(draft.issuedAt);

  const main = element('Main', [
    gbField('EInvoiceName', settings.title, [1, 100], 'title'),
    element('EInvoiceCode', code),
    element('EInvoiceNumber', number),
    element('RandomNumber', draft.check),
    amountField('TotalAmount', sumFen(items.map((item) => item.amountFen)), 'items'),
    element('IssueDate', chinaCompactDate(issuedAt)),
    element('IssueTime', chinaDateTime(issuedAt).slice(11)),
    element('PayerParty', [
      element('PayerPartyType', payer.type),
      asciiField('PayerPartyCode', payer.idNumber, [1, 30], 'payer.idNumber'),
      gbField('PayerPartyName', payer.name, [1, 100], 'payer.name'),
    ]),
    element('MainExt', [digitsField('PayCode', draft.payCode, [20, 20], 'payCode')]),
  ]);
  const header = element('Header', [
    element('EInvoiceTag', settings.tag),
    element('EInvoiceID', composeEInvoiceId(code, number)),
    element('Version', E_BILL_VERSION),
  ]);
  return writeXml(
    element('EInvoice', [header, element('EInvoiceData', [main, element('Details', items.map(itemElement))])]),
  );
}

function itemElement(item: EReceiptDraft['items'][number], index: number): XmlElement {
  const at = `items.${index}`;
  if (!(item.quantity > 0 && /^\d{1,9}(?:\.\d{1,6})?$/.test(String(item.quantity)))) {
    throw invalidInput(`${at}.quantity`, 'a number above 0 is needed');
  }
  return element('Item', [
    digitsField('ItemCode', item.code, [6, 12], `${at}.code`),
    gbField('ItemName', item.name, [1, 100], `${at}.name`),
    element('ItemQuantity', String(item.quantity)),
    gbField('ItemUnit', item.unit, [1, 30], `${at}.unit`),
    amountField('ItemStd', item.standardFen, `${at}.standardFen`),
    amountField('ItemAmount', item.amountFen, `${at}.amountFen`),
  ]);
}

/** A 票据号码 of the caller; `input` is its place in the argument. Throws `INVALID_INPUT` unless it has 10 digits. */
export function eBillNumber(text: string, input: string): EBillNumber {
  if (!isEBillNumber(text)) throw invalidInput(input, '10 digits are needed');
  return text;
}

/** A 票据代码 of the caller or the settings. Throws `INVALID_INPUT` unless it has 8 digits. */
export function eBillCode(text: string, input: string): EBillCode {
  if (!isEBillCode(text)) throw invalidInput(input, '8 digits are needed');
  return text;
}

/** The instant of `yyyy-MM-ddTHH:mm:ss+08:00`. Throws `INVALID_INPUT`. */
export function issueInstant(issuedAt: string): number {
  try {
    return instantFromChina(issuedAt);
  } catch {
    throw invalidInput('issuedAt', 'a time like 2026-03-16T16:12:00+08:00 is needed');
  }
}
