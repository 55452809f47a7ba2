import { isCalendarDate } from '../values/china-time.ts';
import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Acceptance number of the real-estate registry (受理编号, SLBH), 12 digits: day and daily serial (real-estate.md 6.5).
 */
export type AcceptanceNumber = string & { readonly __brand: 'AcceptanceNumber' };

/**
 * Takes an acceptance number as typed. Throws `InvalidIdentifier` (real-estate.md 6.5).
 *
 * @example parseAcceptanceNumber('202603160007') // '202603160007'
 */
export function parseAcceptanceNumber(text: string): AcceptanceNumber {
  const value = inputForm(text);
  return accepted<AcceptanceNumber>('AcceptanceNumber', value, faultOf(value));
}

/**
 * True for an acceptance number exactly as the wire carries it (real-estate.md 6.5).
 *
 * @example isAcceptanceNumber('20260316007') // false, 11 digits
 */
export function isAcceptanceNumber(text: string): text is AcceptanceNumber {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (!/^\d{12}$/.test(text)) return { reason: 'must be 12 digits', reasonZh: '应为12位数字' };
  if (!isCalendarDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`)) {
    return { reason: 'no such day', reasonZh: '日期不存在' };
  }
  return undefined;
}
