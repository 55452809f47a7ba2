import { z } from 'zod';
import { invalidInput } from '../../values/checked.ts';
import { isCalendarDate } from '../../values/china-time.ts';
import { fenFromYuan, sumFen, yuanFromFen } from '../../values/fen.ts';
import { protocolFault } from '../errors.ts';
import type { DailyStatement, StatementDifference, StatementEntry } from '../records/reconciliation.ts';
import { contentDigest } from '../signing.ts';
import { count, date, optionalText, readVoucher, resultCode } from './answer-fields.ts';
import { encodeGb18030 } from './gb18030.ts';
import { amountField, asciiField, dateField, digitsField } from './input-fields.ts';
import { element, type XmlElement } from './xml.ts';

/** 8992 对账请求 (wire spec 3.6). */
export const STATEMENT = '8992';
export const STATEMENT_ANSWER = '5992';

const ENTRIES_A_PAGE = 500;

/** Results of an answer that was worked out: the same, or with differences. */
export const COMPARED: ReadonlySet<string> = new Set(['00000', '15001', '15002', '15003']);

export interface StatementContext {
  readonly division: string;
  readonly payee: { readonly accountType: string; readonly account: string };
}

/** The entries in pages of 500; a day without payments is one empty page. Throws `INVALID_INPUT`. */
export function statementPages({ entries }: DailyStatement): readonly (readonly StatementEntry[])[] {
  for (const [index, entry] of entries.entries()) checkEntry(entry, `entries.${index}`);
  const pages: StatementEntry[][] = [];
  for (let start = 0; start < entries.length; start += ENTRIES_A_PAGE) {
    pages.push(entries.slice(start, start + ENTRIES_A_PAGE));
  }
  return pages.length === 0 ? [[]] : pages;
}

/** One page; Count, SumAmt and Digest are the page's own [designed]. `pageNumber` counts from 1. */
export function statementVoucher(
  statement: DailyStatement,
  page: { readonly entries: readonly StatementEntry[]; readonly number: number; readonly of: number },
  { division, payee }: StatementContext,
): XmlElement {
  const details = page.entries.map(detailLine).join('');
  return element('Voucher', [
    digitsField('AdmDivCode', division, [1, 6], 'division'),
    dateField('SettleDate', statement.settleDate, 'settleDate'),
    asciiField('AccountFirmNo', statement.statementNumber, [1, 30], 'statementNumber'),
    digitsField('RecAcctType', payee.accountType, [1, 2], 'payee.accountType'),
    asciiField('RecAcct', payee.account, [1, 50], 'payee.account'),
    element('Count', String(page.entries.length)),
    amountField('SumAmt', sumFen(page.entries.map((entry) => entry.amountFen)), 'entries'),
    element('Digest', contentDigest(encodeGb18030(details))),
    element('Details', details),
    element('PageNo', String(page.number)),
    element('PageCount', String(page.of)),
  ]);
}

export interface StatementAnswer {
  readonly result: string;
  readonly matched: number;
  readonly differences: readonly StatementDifference[];
}

const schema = z.object({
  Result: resultCode,
  AccountFirmNo: z.string(),
  SettleDate: date,
  MatchCount: count,
  DiffCount: count,
  Diffs: optionalText,
  PageNo: count,
});

/** Reads 5992, which must be about the page that was sent. */
export function readStatementAnswer(
  voucher: XmlElement,
  statement: Pick<DailyStatement, 'statementNumber' | 'settleDate'>,
  pageNumber: number,
): StatementAnswer {
  const { Result } = readVoucher(schema.pick({ Result: true }), voucher);
  if (!COMPARED.has(Result)) return { result: Result, matched: 0, differences: [] };
  const fields = readVoucher(schema, voucher);
  if (fields.AccountFirmNo !== statement.statementNumber) {
    throw protocolFault('Voucher.AccountFirmNo', 'is another statement');
  }
  if (fields.SettleDate !== statement.settleDate) throw protocolFault('Voucher.SettleDate', 'is another day');
  if (fields.PageNo !== pageNumber) throw protocolFault('Voucher.PageNo', 'is another page');
  const differences = readDifferences(fields.Diffs);
  if (differences.length !== fields.DiffCount) {
    throw protocolFault('Voucher.DiffCount', 'is not the number of differences');
  }
  return { result: Result, matched: fields.MatchCount, differences };
}

function checkEntry(entry: StatementEntry, at: string): void {
  const fail = (field: string) => {
    throw invalidInput(`${at}.${field}`, 'is not in the form of the statement');
  };
  if (!/^(?:\d{16}|\d{20})$/.test(entry.payCode)) fail('payCode');
  if (!/^[\x21-\x7e]{1,32}$/.test(entry.tradeNumber) || /[|#]/.test(entry.tradeNumber)) fail('tradeNumber');
  if (!Number.isSafeInteger(entry.amountFen) || entry.amountFen < 0) fail('amountFen');
  if (!/^\d{2}$/.test(entry.channel)) fail('channel');
  if (!isCalendarDate(entry.paidOn)) fail('paidOn');
  if (!/^[0-9]{1,30}$/.test(entry.unitCode)) fail('unitCode');
}

function detailLine({ payCode, tradeNumber, amountFen, channel, paidOn, unitCode }: StatementEntry): string {
  return `${payCode}|${tradeNumber}|${yuanFromFen(amountFen)}|${channel}|${paidOn.replaceAll('-', '')}|${unitCode}#`;
}

function readDifferences(text: string): StatementDifference[] {
  return text
    .split('#')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [payCode = '', code = '', yuan = '', ...words] = line.split('|');
      if (payCode === '' || !/^\d{5}$/.test(code) || !/^\d{1,13}(?:\.\d{0,2})?$/.test(yuan)) {
        throw protocolFault('Voucher.Diffs', 'is not a list of differences');
      }
      return { payCode, code, amountFen: fenFromYuan(yuan), text: words.join('|') };
    });
}
