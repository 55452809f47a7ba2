import { inputForm } from './input-form.ts';
import { accepted, type Fault, InvalidIdentifier } from './invalid-identifier.ts';
import { serialDigits } from './serial.ts';

/**
 * Payment code of a non-tax notice (缴款码, 缴款识别码, PayCode): 20 digits, or the 16 of older systems. There is no
 * check digit, so a code is never refused on a computed one (non-tax.md 6.1).
 */
export type PaymentCode = string & { readonly __brand: 'PaymentCode' };

/** Where a local payment code comes from: its year and running number (non-tax.md 6.1). */
export interface PaymentCodeNumbering {
  /** Four digits; the code keeps the last two. */
  readonly year: number;
  /** 1–9999999999. */
  readonly serial: number;
}

const LOCAL = /^421202\d{2}30(?!0{10})\d{10}$/;

/**
 * Takes a payment code as typed, of whatever issuer. Throws `InvalidIdentifier` (non-tax.md 6.1).
 *
 * @example parsePaymentCode('４2120226300000001001') // '42120226300000001001'
 */
export function parsePaymentCode(text: string): PaymentCode {
  const value = inputForm(text);
  return accepted<PaymentCode>('PaymentCode', value, faultOf(value));
}

/**
 * True for a payment code of whatever issuer exactly as the wire carries it (non-tax.md 6.1).
 *
 * @example isPaymentCode('4212022630000000100') // false, 19 digits
 */
export function isPaymentCode(text: string): text is PaymentCode {
  return faultOf(text) === undefined;
}

/**
 * True for a code numbered by the district's own units: Xian'an, source 30, serial from 1. Only such codes may be
 * opened or voided from here (non-tax.md 6.1).
 *
 * @example isLocallyIssued(parsePaymentCode('42120226310000001001')) // false, source 31
 */
export function isLocallyIssued(code: PaymentCode): boolean {
  return LOCAL.test(code);
}

/**
 * True for a 16-digit code of an older system, which may be asked about and nothing else (non-tax.md 6.1).
 *
 * @example isQueryOnly(parsePaymentCode('4212022600001001')) // true
 */
export function isQueryOnly(code: PaymentCode): boolean {
  return code.length === 16;
}

/**
 * Numbers a new notice of the district. Throws `InvalidIdentifier` when year or serial do not fit (non-tax.md 6.1).
 *
 * @example composePaymentCode({ year: 2026, serial: 1003 }) // '42120226300000001003'
 */
export function composePaymentCode({ year, serial }: PaymentCodeNumbering): PaymentCode {
  if (!Number.isInteger(year) || year < 2000 || year > 2099) {
    throw new InvalidIdentifier('PaymentCode', { reason: 'year out of range', reasonZh: '年份超出范围' });
  }
  return `421202${String(year).slice(2)}30${serialDigits('PaymentCode', serial, 10)}` as PaymentCode;
}

function faultOf(text: string): Fault | undefined {
  return /^(?:\d{16}|\d{20})$/.test(text)
    ? undefined
    : { reason: 'must be 20 or 16 digits', reasonZh: '应为20位或16位数字' };
}
