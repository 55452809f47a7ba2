import { isCalendarDate } from '../values/china-time.ts';
import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { type ImplementationCode, isImplementationCode } from './item-code.ts';
import { serialDigits } from './serial.ts';

/**
 * Case number (办件编号, projectNo) as this region forms it, 43 characters: implementation code, day, and a serial that
 * counts per item and day (unified-acceptance.md 3.1).
 */
export type CaseNumber = string & { readonly __brand: 'CaseNumber' };

/**
 * A case number formed elsewhere, for example a 21-digit declaration number (申报号) or a UUID: opaque text of at most
 * 50 characters (unified-acceptance.md 3.1).
 */
export type ForeignCaseNumber = string & { readonly __brand: 'ForeignCaseNumber' };

/** The parts of a case number (unified-acceptance.md 3.1). */
export interface CaseNumberParts {
  readonly implementationCode: ImplementationCode;
  /** `yyyy-MM-dd`, China time. */
  readonly date: string;
  /** 1–9999. */
  readonly serial: number;
}

const NO_SUCH_DAY: Fault = { reason: 'no such day', reasonZh: '日期不存在' };

/**
 * Takes a case number of this region as typed. Throws `InvalidIdentifier` (unified-acceptance.md 3.1).
 *
 * @example parseCaseNumber('11421202MB2A91048P5420711004000202210080001') // the same
 */
export function parseCaseNumber(text: string): CaseNumber {
  const value = upperInputForm(text);
  return accepted<CaseNumber>('CaseNumber', value, faultOf(value));
}

/**
 * True for a case number of this region exactly as the wire carries it (unified-acceptance.md 3.1).
 *
 * @example isCaseNumber('11421202MB2A91048P5420711004000202210320001') // false, no such day
 */
export function isCaseNumber(text: string): text is CaseNumber {
  return faultOf(text) === undefined;
}

/**
 * Takes a case number formed elsewhere. Being opaque it only loses surrounding white space: another region may well
 * write its numbers with full-width brackets or small letters and mean them. Throws `InvalidIdentifier` when it is
 * empty, too long or holds control characters (unified-acceptance.md 3.1).
 *
 * @example parseForeignCaseNumber('421202202210080001234') // the same
 */
export function parseForeignCaseNumber(text: string): ForeignCaseNumber {
  const value = text.trim();
  return accepted<ForeignCaseNumber>('ForeignCaseNumber', value, foreignFaultOf(value));
}

/**
 * True for text that can stand as another region's case number exactly as the wire carries it (unified-acceptance.md
 * 3.1).
 *
 * @example isForeignCaseNumber('8f14e45f-ceea-467f-a8d5-5a1b2c3d4e5f') // true
 */
export function isForeignCaseNumber(text: string): text is ForeignCaseNumber {
  return foreignFaultOf(text) === undefined;
}

/**
 * Takes a case number apart (unified-acceptance.md 3.1).
 *
 * @example splitCaseNumber(parseCaseNumber('11421202MB2A91048P5420511008000202210080017')).date // '2022-10-08'
 */
export function splitCaseNumber(number: CaseNumber): CaseNumberParts {
  return {
    implementationCode: number.slice(0, 31) as ImplementationCode,
    date: dateText(number),
    serial: Number(number.slice(39)),
  };
}

/**
 * Puts a case number together. Throws `InvalidIdentifier` for a day that the calendar does not have and for a serial
 * outside 1–9999 (unified-acceptance.md 3.1).
 *
 * @example composeCaseNumber({
 *   implementationCode: parseImplementationCode('11421202MB2A91048P5420711004000'), date: '2022-10-08', serial: 1,
 * }) // '11421202MB2A91048P5420711004000202210080001'
 */
export function composeCaseNumber({ implementationCode, date, serial }: CaseNumberParts): CaseNumber {
  const text = `${implementationCode}${date.replaceAll('-', '')}${serialDigits('CaseNumber', serial, 4)}`;
  return accepted<CaseNumber>('CaseNumber', text, isCalendarDate(date) ? undefined : NO_SUCH_DAY);
}

function faultOf(text: string): Fault | undefined {
  if (text.length !== 43) return { reason: 'must have 43 characters', reasonZh: '应为43位' };
  if (!isImplementationCode(text.slice(0, 31))) {
    return { reason: 'implementation code wrong', reasonZh: '前31位不是有效的实施编码' };
  }
  if (!isCalendarDate(dateText(text))) return NO_SUCH_DAY;
  if (!/^(?!0000)\d{4}$/.test(text.slice(39))) {
    return { reason: 'serial must be 0001 to 9999', reasonZh: '流水号应为0001至9999' };
  }
  return undefined;
}

function foreignFaultOf(text: string): Fault | undefined {
  const length = [...text].length;
  if (length < 1 || length > 50) return { reason: 'must have 1 to 50 characters', reasonZh: '应为1至50个字符' };
  if (text !== text.trim()) return { reason: 'white space around it', reasonZh: '首尾不应有空白' };
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return { reason: 'control characters inside', reasonZh: '不应含控制字符' };
  return undefined;
}

function dateText(number: string): string {
  return `${number.slice(31, 35)}-${number.slice(35, 37)}-${number.slice(37, 39)}`;
}
