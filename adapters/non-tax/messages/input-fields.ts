import { invalidInput } from '../../values/checked.ts';
import { isCalendarDate } from '../../values/china-time.ts';
import { type Fen, yuanFromFen } from '../../values/fen.ts';
import { encodeGb18030 } from './gb18030.ts';
import { element, type XmlElement } from './xml.ts';

/** The lengths of a field, `[shortest, longest]` of wire spec section 3. */
export type Length = readonly [number, number];

/** A String field: visible ASCII. `input` is the place in the caller's argument that an error names. */
export function asciiField(name: string, text: string, [low, high]: Length, input: string): XmlElement {
  if (!/^[\x20-\x7e]*$/.test(text)) throw invalidInput(input, 'only ASCII characters are allowed');
  checkLength(text.length, low, high, 'characters', input);
  return element(name, text);
}

/** An NString field: digits. */
export function digitsField(name: string, text: string, length: Length, input: string): XmlElement {
  if (!/^[0-9]*$/.test(text)) throw invalidInput(input, 'only digits are allowed');
  return asciiField(name, text, length, input);
}

/** A GBString field. Its length is counted in bytes of GB18030, where 㙍 takes four (wire spec section 2). */
export function gbField(name: string, text: string, [low, high]: Length, input: string): XmlElement {
  // XML 1.0 has no place for most of them, and a voucher is one line
  if (/[\p{Cc}\ufffe\uffff]/u.test(text)) throw invalidInput(input, 'control characters are not allowed');
  checkLength(gbLength(text, input), low, high, 'bytes of GB18030', input);
  return element(name, text);
}

/** A Currency field: yuan with exactly two decimals (wire spec section 2). */
export function amountField(name: string, amount: Fen, input: string): XmlElement {
  if (!Number.isSafeInteger(amount) || amount < 0) throw invalidInput(input, 'a whole number of fen from 0 is needed');
  return element(name, yuanFromFen(amount));
}

/** A Date field, yyyyMMdd, from `yyyy-MM-dd`. */
export function dateField(name: string, date: string, input: string): XmlElement {
  if (!isCalendarDate(date)) throw invalidInput(input, 'a date like 2026-03-16 is needed');
  return element(name, date.replaceAll('-', ''));
}

function gbLength(text: string, input: string): number {
  try {
    return encodeGb18030(text).length;
  } catch {
    throw invalidInput(input, 'GB18030 cannot carry the text');
  }
}

function checkLength(length: number, low: number, high: number, unit: string, input: string): void {
  if (length >= low && length <= high) return;
  throw invalidInput(input, length < low ? 'must not be empty' : `at most ${high} ${unit} are allowed`);
}
