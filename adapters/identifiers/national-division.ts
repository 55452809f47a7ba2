import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { isProvince } from './province.ts';

/**
 * Administrative division code (行政区划代码) of any place in the country, 6, 9 or 12 digits: the hukou or residence of
 * someone from elsewhere, or the insured region of a medical insurance message. Only the form is checked, since codes
 * outside Xian'an are abolished and renumbered every year; for places of Xian'an see `Division` (identifiers.md 5).
 */
export type NationalDivision = string & { readonly __brand: 'NationalDivision' };

/**
 * Takes a division code of any place as typed. Throws `InvalidIdentifier` (identifiers.md 5).
 *
 * @example parseNationalDivision('440305') // '440305'
 */
export function parseNationalDivision(text: string): NationalDivision {
  const value = inputForm(text);
  return accepted<NationalDivision>('NationalDivision', value, faultOf(value));
}

/**
 * True for a division code of any place exactly as the wire carries it (identifiers.md 5).
 *
 * @example isNationalDivision('421200') // true
 */
export function isNationalDivision(text: string): text is NationalDivision {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (!/^\d{6}(?:\d{3}){0,2}$/.test(text)) {
    return { reason: 'must be 6, 9 or 12 digits', reasonZh: '应为6、9或12位数字' };
  }
  if (!isProvince(text.slice(0, 2))) return { reason: 'no such province', reasonZh: '省级行政区划代码不存在' };
  if (/^\d{2}00(?!00)/.test(text)) return { reason: 'county without a prefecture', reasonZh: '有县级代码而无地级代码' };
  if (/^\d{6}000(?!000)\d{3}$/.test(text)) {
    return { reason: 'village without a town', reasonZh: '有村级代码而无乡级代码' };
  }
  return undefined;
}
