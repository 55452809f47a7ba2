import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Number of a query answered by the real-estate registry (查询编号, CXBH): CX and 13 digits (real-estate.md 6.5). */
export type QueryNumber = string & { readonly __brand: 'QueryNumber' };

/**
 * Takes a query number as typed. Throws `InvalidIdentifier` (real-estate.md 6.5).
 *
 * @example parseQueryNumber('cx2026031600017') // 'CX2026031600017'
 */
export function parseQueryNumber(text: string): QueryNumber {
  const value = upperInputForm(text);
  return accepted<QueryNumber>('QueryNumber', value, faultOf(value));
}

/**
 * True for a query number exactly as the wire carries it (real-estate.md 6.5).
 *
 * @example isQueryNumber('cx2026031600017') // false, small letters
 */
export function isQueryNumber(text: string): text is QueryNumber {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  return /^CX\d{13}$/.test(text) ? undefined : { reason: 'must be CX and 13 digits', reasonZh: '应为CX加13位数字' };
}
