import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Mainland mobile number (手机号), 11 digits without country code (identifiers.md 9). */
export type MobileNumber = string & { readonly __brand: 'MobileNumber' };

/**
 * Takes a mobile number as typed. Throws `InvalidIdentifier`, for a country code too (identifiers.md 9).
 *
 * @example parseMobileNumber('１３８００００００００') // '13800000000'
 */
export function parseMobileNumber(text: string): MobileNumber {
  const value = inputForm(text);
  return accepted<MobileNumber>('MobileNumber', value, faultOf(value));
}

/**
 * True for a mobile number exactly as the wire carries it (identifiers.md 9).
 *
 * @example isMobileNumber('+8613800000000') // false
 */
export function isMobileNumber(text: string): text is MobileNumber {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (!/^\d{11}$/.test(text)) return { reason: 'must be 11 digits', reasonZh: '应为11位数字' };
  if (!/^1[3-9]/.test(text)) return { reason: 'must begin with 13 to 19', reasonZh: '应以13至19开头' };
  return undefined;
}
