import type { Fen } from '../values/fen.ts';
import type { CollectingUnit } from './collecting-unit.ts';
import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import type { PaymentCode } from './payment-code.ts';

/** Check code of a payment notice (校验码, CrcCode), four capital hex digits (non-tax.md 6.2). */
export type CrcCode = string & { readonly __brand: 'CrcCode' };

/** What the check code of a notice is computed over (non-tax.md 6.2). */
export interface CrcCodeSubject {
  readonly unit: CollectingUnit;
  readonly paymentCode: PaymentCode;
  /** The notice's total, Amt. */
  readonly amount: Fen;
}

/**
 * Takes a check code as typed. Throws `InvalidIdentifier`; whether it belongs to a notice is for `matchesCrcCode`
 * (non-tax.md 6.2).
 *
 * @example parseCrcCode('78f5') // '78F5'
 */
export function parseCrcCode(text: string): CrcCode {
  const value = upperInputForm(text);
  return accepted<CrcCode>('CrcCode', value, faultOf(value));
}

/**
 * True for a check code exactly as the wire carries it (non-tax.md 6.2).
 *
 * @example isCrcCode('78f5') // false
 */
export function isCrcCode(text: string): text is CrcCode {
  return faultOf(text) === undefined;
}

/**
 * Computes the check code of a notice, over unit, payment code and amount in fen without separators (non-tax.md 6.2).
 *
 * @example computeCrcCode({
 *   unit: parseCollectingUnit('042001'), paymentCode: parsePaymentCode('42120226300000001001'), amount: fen(41250),
 * }) // '78F5'
 */
export function computeCrcCode({ unit, paymentCode, amount }: CrcCodeSubject): CrcCode {
  return crc16(`${unit}${paymentCode}${amount}`).toString(16).toUpperCase().padStart(4, '0') as CrcCode;
}

/**
 * True when a check code is the one of the notice (non-tax.md 6.2).
 *
 * @example matchesCrcCode('78F5', {
 *   unit: parseCollectingUnit('042001'), paymentCode: parsePaymentCode('42120226300000001001'), amount: fen(41251),
 * }) // false, another amount
 */
export function matchesCrcCode(code: string, subject: CrcCodeSubject): boolean {
  return code === computeCrcCode(subject);
}

/**
 * CRC-16/CCITT-FALSE of ASCII text: polynomial 1021, start FFFF, nothing reflected, no final XOR (non-tax.md 6.2).
 *
 * @example crc16('123456789') // 0x29b1
 */
export function crc16(ascii: string): number {
  let crc = 0xffff;
  for (let index = 0; index < ascii.length; index += 1) {
    crc ^= ascii.charCodeAt(index) << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc;
}

function faultOf(text: string): Fault | undefined {
  return /^[0-9A-F]{4}$/.test(text)
    ? undefined
    : { reason: 'must be four capital hex digits', reasonZh: '应为4位大写十六进制' };
}
