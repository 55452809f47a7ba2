import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Code of a revenue item (收入项目编码), 6 to 12 digits. Comes from finance's table: look it up (non-tax.md 6.4). */
export type RevenueItem = string & { readonly __brand: 'RevenueItem' };

/**
 * Takes a revenue item code as typed. Throws `InvalidIdentifier` (non-tax.md 6.4).
 *
 * @example parseRevenueItem('103043211') // '103043211'
 */
export function parseRevenueItem(text: string): RevenueItem {
  const value = inputForm(text);
  return accepted<RevenueItem>('RevenueItem', value, faultOf(value));
}

/**
 * True for a revenue item code exactly as the wire carries it (non-tax.md 6.4).
 *
 * @example isRevenueItem('10304') // false
 */
export function isRevenueItem(text: string): text is RevenueItem {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  return /^[0-9]{6,12}$/.test(text) ? undefined : { reason: 'must be 6 to 12 digits', reasonZh: '应为6至12位数字' };
}
