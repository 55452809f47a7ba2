import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Parcel code (宗地代码), the first 19 characters of a real-estate unit number. Its letters are part of the code: a
 * validator that wants digits only is wrong (real-estate.md 6.1).
 */
export type ParcelCode = string & { readonly __brand: 'ParcelCode' };

/**
 * Takes a parcel code as typed, also with the spaces of its display form. Throws `InvalidIdentifier` (real-estate.md
 * 6.1).
 *
 * @example parseParcelCode('421202 001002 GB00012') // '421202001002GB00012'
 */
export function parseParcelCode(text: string): ParcelCode {
  const value = upperInputForm(text).replace(/\s+/g, '');
  return accepted<ParcelCode>('ParcelCode', value, faultOf(value));
}

/**
 * True for a parcel code exactly as the wire carries it (real-estate.md 6.1).
 *
 * @example isParcelCode('421202001002GI00012') // false, no feature I
 */
export function isParcelCode(text: string): text is ParcelCode {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (text.length !== 19) return { reason: 'must have 19 characters', reasonZh: '应为19位' };
  if (!/^\d{12}..\d{5}$/.test(text)) {
    return { reason: 'division, district and serial must be digits', reasonZh: '区划、地籍区和顺序号应为数字' };
  }
  if (!/^[GJZ][A-HSWXY]$/.test(text.slice(12, 14))) {
    return { reason: 'no such parcel feature', reasonZh: '宗地特征码不存在' };
  }
  return undefined;
}
