import { sumFen } from '../../values/fen.ts';
import { decodeBase64 } from './charset.ts';
import { child } from './envelope.ts';
import { currency, fenOf, isCompactDate } from './field-rules.ts';
import type { Notice } from './notices.ts';
import { badParameter, Refusal } from './refusal.ts';
import { MalformedXml, readXml, type XmlElement } from './xml.ts';

/** What an e-bill text has to agree with. */
export interface BillSubject {
  readonly code: string;
  readonly number: string;
  /** The paid notice. */
  readonly notice: Notice;
  /** Codes of the items that the unit may collect. */
  readonly items: ReadonlySet<string>;
}

/**
 * Holds Invoice_Data, Base64 of a UTF-8 e-bill text with or without its outer tag, to wire spec 3.7 and 6.3 and to the notice it is
 * for. Gives the check text and the day of issue that it names. Throws `Refusal` 10002, 16003 or 16005.
 */
export function checkBill(invoiceData: string, subject: BillSubject): { check: string; issuedOn: string } {
  const bill = readBill(invoiceData);
  const header = child(bill, 'Header');
  const data = child(bill, 'EInvoiceData');
  const main = child(data, 'Main');
  const value = (parent: XmlElement | undefined, name: string): string => child(parent, name)?.text ?? '';
  const { code, number, notice } = subject;
  const total = value(main, 'TotalAmount');
  const wrong = (
    [
      ['EInvoiceTag', value(header, 'EInvoiceTag') === `CZ-EI-${notice.payCode.slice(0, 2)}`],
      ['EInvoiceID', value(header, 'EInvoiceID') === `${reversed(number)}-${reversed(code)}`],
      ['Version', value(header, 'Version') === '1.1.0'],
      ['EInvoiceName', value(main, 'EInvoiceName') !== ''],
      ['EInvoiceCode', value(main, 'EInvoiceCode') === code],
      ['EInvoiceNumber', value(main, 'EInvoiceNumber') === number],
      ['RandomNumber', /^[a-z0-9]{6}$/.test(value(main, 'RandomNumber'))],
      ['TotalAmount', currency.accepts(total) && fenOf(total) === notice.payment?.amountFen],
      ['IssueDate', isCompactDate(value(main, 'IssueDate'))],
      ['IssueTime', /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(value(main, 'IssueTime'))],
      ['PayerPartyName', value(child(main, 'PayerParty'), 'PayerPartyName') === notice.payerName],
      ['PayCode', value(child(main, 'MainExt'), 'PayCode') === notice.payCode],
    ] as const
  ).find(([, right]) => !right);
  if (wrong) throw badParameter(`Invoice_Data.${wrong[0]}`);
  checkBillItems(child(data, 'Details'), subject, total);
  return { check: value(main, 'RandomNumber'), issuedOn: value(main, 'IssueDate') };
}

function checkBillItems(details: XmlElement | undefined, { items, notice }: BillSubject, total: string): void {
  const amounts = (details?.children ?? []).map((item) => {
    const part = (name: string): string => child(item, name)?.text ?? '';
    const whole = ['ItemName', 'ItemQuantity', 'ItemUnit', 'ItemStd'].every((name) => part(name) !== '');
    if (item.name !== 'Item' || !whole || !currency.accepts(part('ItemAmount')))
      throw badParameter('Invoice_Data.Details');
    if (!items.has(part('ItemCode'))) throw new Refusal('16003', `该单位无此收费项目权限：${notice.unitCode}`);
    return fenOf(part('ItemAmount'));
  });
  if (amounts.length === 0) throw badParameter('Invoice_Data.Details');
  if (sumFen(amounts) !== fenOf(total)) throw new Refusal('16005', '票据项目金额之和与总金额不一致');
}

function readBill(invoiceData: string): XmlElement {
  const bytes = decodeBase64(invoiceData);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // The observed unit leaves the outer tag out (wire spec 3.7, 2).
    const bill = readXml(text.startsWith('<Header>') ? `<EInvoice>${text}</EInvoice>` : text);
    if (bill.name === 'EInvoice') return bill;
  } catch (error) {
    if (!(error instanceof MalformedXml || error instanceof TypeError)) throw error;
  }
  throw badParameter('Invoice_Data');
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
