import { chinaDate, isCalendarDate } from '../values/china-time.ts';
import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { isProvince } from './province.ts';

/**
 * Citizen identity number (公民身份号码), GB 11643-1999: 18 characters, the last a check character (identifiers.md 1).
 */
export type IdNumber = string & { readonly __brand: 'IdNumber' };

export interface IdNumberOptions {
  /** The day that no birth date may lie after, as China counts days. Now, unless told. */
  readonly asOf?: Date;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/**
 * Takes a citizen identity number as typed: full-width characters, a small x and surrounding space are put right first.
 * Throws `InvalidIdentifier`. 15-digit numbers, out of use since 2013, are refused; a county code that no longer exists
 * is not, since the number keeps the code of the first registration (identifiers.md 1).
 *
 * @example parseIdNumber('42120219870605991x') // '42120219870605991X'
 */
export function parseIdNumber(text: string, options: IdNumberOptions = {}): IdNumber {
  const value = upperInputForm(text);
  return accepted<IdNumber>('IdNumber', value, faultOf(value, options));
}

/**
 * True for an identity number exactly as the wire carries it; a small x or a full-width digit is false (identifiers.md
 * 1).
 *
 * @example isIdNumber('421202197803159926') // true
 */
export function isIdNumber(text: string, options: IdNumberOptions = {}): text is IdNumber {
  return faultOf(text, options) === undefined;
}

/**
 * The holder's date of birth (出生日期), `yyyy-MM-dd` (identifiers.md 1).
 *
 * @example birthDate(parseIdNumber('421202197803159926')) // '1978-03-15'
 */
export function birthDate(id: IdNumber): string {
  return birthDateText(id);
}

/**
 * The holder's sex as the sequence number tells it: odd male, even female (identifiers.md 1).
 *
 * @example sex(parseIdNumber('421202197803159926')) // 'female'
 */
export function sex(id: IdNumber): 'male' | 'female' {
  return Number(id.charAt(16)) % 2 === 1 ? 'male' : 'female';
}

function faultOf(text: string, options: IdNumberOptions): Fault | undefined {
  if (text.length !== 18) return { reason: 'must have 18 characters', reasonZh: '应为18位' };
  if (!/^\d{17}[\dX]$/.test(text)) {
    return { reason: 'must be 17 digits and a digit or X', reasonZh: '前17位应为数字，末位应为数字或X' };
  }
  if (!isProvince(text.slice(0, 2))) return { reason: 'no such province', reasonZh: '省级行政区划代码不存在' };

  const born = birthDateText(text);
  if (!isCalendarDate(born)) return { reason: 'no such birth date', reasonZh: '出生日期不存在' };
  if (born < '1900') return { reason: 'birth date before 1900', reasonZh: '出生日期早于1900年' };
  if (born > chinaDate((options.asOf ?? new Date()).getTime())) {
    return { reason: 'birth date in the future', reasonZh: '出生日期晚于当前日期' };
  }
  if (text.charAt(17) !== checkCharacter(text)) return { reason: 'check character wrong', reasonZh: '校验码不正确' };
  return undefined;
}

function birthDateText(text: string): string {
  return `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
}

function checkCharacter(text: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(text.charAt(index)), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}
