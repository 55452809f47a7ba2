import { isCalendarDate } from '../values/china-time.ts';
import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Number of a printed real-estate proof (证明编号, ZMBH): XA, day and a serial of 6 digits (real-estate.md 6.5). */
export type ProofNumber = string & { readonly __brand: 'ProofNumber' };

/**
 * Takes a proof number as typed. Throws `InvalidIdentifier` (real-estate.md 6.5).
 *
 * @example parseProofNumber('xa20260316000017') // 'XA20260316000017'
 */
export function parseProofNumber(text: string): ProofNumber {
  const value = upperInputForm(text);
  return accepted<ProofNumber>('ProofNumber', value, faultOf(value));
}

/**
 * True for a proof number exactly as the wire carries it (real-estate.md 6.5).
 *
 * @example isProofNumber('XA2026031600017') // false, 13 digits
 */
export function isProofNumber(text: string): text is ProofNumber {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (!/^XA\d{14}$/.test(text)) return { reason: 'must be XA and 14 digits', reasonZh: '应为XA加14位数字' };
  if (!isCalendarDate(`${text.slice(2, 6)}-${text.slice(6, 8)}-${text.slice(8, 10)}`)) {
    return { reason: 'no such day', reasonZh: '日期不存在' };
  }
  return undefined;
}
