import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Registration number of a market entity (市场主体注册号), the 15-digit form found on old paper archives
 * (identifiers.md 4).
 */
export type RegistrationNumber = string & { readonly __brand: 'RegistrationNumber' };

/**
 * Takes a registration number as typed. Throws `InvalidIdentifier` (identifiers.md 4).
 *
 * @example parseRegistrationNumber('421202600001123') // '421202600001123'
 */
export function parseRegistrationNumber(text: string): RegistrationNumber {
  const value = inputForm(text);
  return accepted<RegistrationNumber>('RegistrationNumber', value, faultOf(value));
}

/**
 * True for a registration number exactly as the wire carries it (identifiers.md 4).
 *
 * @example isRegistrationNumber('110108000000016') // true
 */
export function isRegistrationNumber(text: string): text is RegistrationNumber {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (!/^\d{15}$/.test(text)) return { reason: 'must be 15 digits', reasonZh: '应为15位数字' };
  if (text.charAt(14) !== checkDigit(text)) return { reason: 'check digit wrong', reasonZh: '校验码不正确' };
  return undefined;
}

/** ISO 7064 MOD 11,10. */
function checkDigit(text: string): string {
  let product = 10;
  for (const digit of text.slice(0, 14)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return String((11 - product) % 10);
}
