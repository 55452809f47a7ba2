import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Code of a collecting unit (执收单位编码, ChgAgenCode), 4 to 30 digits, 6 to 9 usually. Comes from finance's table, so
 * the form says little: look it up (non-tax.md 6.4).
 */
export type CollectingUnit = string & { readonly __brand: 'CollectingUnit' };

/**
 * Takes a unit code as typed. Throws `InvalidIdentifier` (non-tax.md 6.4).
 *
 * @example parseCollectingUnit('042001') // '042001'
 */
export function parseCollectingUnit(text: string): CollectingUnit {
  const value = inputForm(text);
  return accepted<CollectingUnit>('CollectingUnit', value, faultOf(value));
}

/**
 * True for a unit code exactly as the wire carries it (non-tax.md 6.4).
 *
 * @example isCollectingUnit('04200A') // false
 */
export function isCollectingUnit(text: string): text is CollectingUnit {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  return /^[0-9]{4,30}$/.test(text) ? undefined : { reason: 'must be 4 to 30 digits', reasonZh: '应为4至30位数字' };
}
