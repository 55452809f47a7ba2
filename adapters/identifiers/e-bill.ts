import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Code of a fiscal e-bill (财政电子票据代码), 8 digits (non-tax.md 6.3). */
export type EBillCode = string & { readonly __brand: 'EBillCode' };

/** Number of a fiscal e-bill (票据号码), 10 digits, zero-padded (non-tax.md 6.3). */
export type EBillNumber = string & { readonly __brand: 'EBillNumber' };

/**
 * Check text of a fiscal e-bill (校验码), 6 of a–z and 0–9, drawn at random: nothing can be computed from it
 * (non-tax.md 6.3).
 */
export type EBillCheck = string & { readonly __brand: 'EBillCheck' };

/** EInvoiceID of an e-bill's XML: the reversed number, a hyphen, the reversed code (non-tax.md 6.3). */
export type EInvoiceId = string & { readonly __brand: 'EInvoiceId' };

/** The parts of an e-bill code, two digits each (non-tax.md 6.3). */
export interface EBillCodeParts {
  /** Region of the supervising finance office (监管机构). */
  readonly region: string;
  readonly class: string;
  readonly kind: string;
  /** The last two digits of the year. */
  readonly year: string;
}

/**
 * Takes an e-bill code as typed. Throws `InvalidIdentifier` (non-tax.md 6.3).
 *
 * @example parseEBillCode('42010126') // '42010126'
 */
export function parseEBillCode(text: string): EBillCode {
  const value = inputForm(text);
  return accepted<EBillCode>('EBillCode', value, codeFaultOf(value));
}

/**
 * True for an e-bill code exactly as the wire carries it (non-tax.md 6.3).
 *
 * @example isEBillCode('4201012') // false, 7 digits
 */
export function isEBillCode(text: string): text is EBillCode {
  return codeFaultOf(text) === undefined;
}

/**
 * Takes an e-bill code apart (non-tax.md 6.3).
 *
 * @example splitEBillCode(parseEBillCode('42010126')).year // '26'
 */
export function splitEBillCode(code: EBillCode): EBillCodeParts {
  return {
    region: code.slice(0, 2),
    class: code.slice(2, 4),
    kind: code.slice(4, 6),
    year: code.slice(6, 8),
  };
}

/**
 * Takes an e-bill number as typed; one that is not padded to 10 digits is refused. Throws `InvalidIdentifier`
 * (non-tax.md 6.3).
 *
 * @example parseEBillNumber('0000012345') // '0000012345'
 */
export function parseEBillNumber(text: string): EBillNumber {
  const value = inputForm(text);
  return accepted<EBillNumber>('EBillNumber', value, numberFaultOf(value));
}

/**
 * True for an e-bill number exactly as the wire carries it (non-tax.md 6.3).
 *
 * @example isEBillNumber('12345') // false
 */
export function isEBillNumber(text: string): text is EBillNumber {
  return numberFaultOf(text) === undefined;
}

/**
 * Takes an e-bill's check text as typed. Throws `InvalidIdentifier` (non-tax.md 6.3).
 *
 * @example parseEBillCheck('8f3k2a') // '8f3k2a'
 */
export function parseEBillCheck(text: string): EBillCheck {
  const value = inputForm(text);
  return accepted<EBillCheck>('EBillCheck', value, checkFaultOf(value));
}

/**
 * True for an e-bill's check text exactly as the wire carries it (non-tax.md 6.3).
 *
 * @example isEBillCheck('8F3K2') // false
 */
export function isEBillCheck(text: string): text is EBillCheck {
  return checkFaultOf(text) === undefined;
}

/**
 * Takes an EInvoiceID. Throws `InvalidIdentifier`. The form alone cannot tell whether its halves were reversed: see
 * `isEInvoiceIdOf` (non-tax.md 6.3).
 *
 * @example parseEInvoiceId('5432100000-62101024') // the same
 */
export function parseEInvoiceId(text: string): EInvoiceId {
  const value = inputForm(text);
  return accepted<EInvoiceId>('EInvoiceId', value, idFaultOf(value));
}

/**
 * True for the form of an EInvoiceID exactly as the wire carries it (non-tax.md 6.3).
 *
 * @example isEInvoiceId('5432100000-62101024') // true
 */
export function isEInvoiceId(text: string): text is EInvoiceId {
  return idFaultOf(text) === undefined;
}

/**
 * The EInvoiceID of a bill (non-tax.md 6.3).
 *
 * @example composeEInvoiceId(parseEBillCode('42010126'), parseEBillNumber('0000012345')) // '5432100000-62101024'
 */
export function composeEInvoiceId(code: EBillCode, number: EBillNumber): EInvoiceId {
  return `${reversed(number)}-${reversed(code)}` as EInvoiceId;
}

/**
 * True when a text is the EInvoiceID of this bill and no other (non-tax.md 6.3).
 *
 * @example isEInvoiceIdOf('0000012345-42010126', parseEBillCode('42010126'), parseEBillNumber('0000012345')) // false, not reversed
 */
export function isEInvoiceIdOf(text: string, code: EBillCode, number: EBillNumber): text is EInvoiceId {
  return text === composeEInvoiceId(code, number);
}

/**
 * The bill that an EInvoiceID names (non-tax.md 6.3).
 *
 * @example splitEInvoiceId(parseEInvoiceId('5432100000-62101024')).code // '42010126'
 */
export function splitEInvoiceId(id: EInvoiceId): {
  readonly code: EBillCode;
  readonly number: EBillNumber;
} {
  return {
    code: reversed(id.slice(11)) as EBillCode,
    number: reversed(id.slice(0, 10)) as EBillNumber,
  };
}

function codeFaultOf(text: string): Fault | undefined {
  return /^\d{8}$/.test(text) ? undefined : { reason: 'must be 8 digits', reasonZh: '应为8位数字' };
}

function numberFaultOf(text: string): Fault | undefined {
  return /^\d{10}$/.test(text) ? undefined : { reason: 'must be 10 digits', reasonZh: '应为10位数字' };
}

function checkFaultOf(text: string): Fault | undefined {
  return /^[a-z0-9]{6}$/.test(text)
    ? undefined
    : { reason: 'must be 6 small letters or digits', reasonZh: '应为6位小写字母或数字' };
}

function idFaultOf(text: string): Fault | undefined {
  return /^\d{10}-\d{8}$/.test(text)
    ? undefined
    : { reason: 'must be 10 digits, a hyphen and 8 digits', reasonZh: '应为10位数字、连字符及8位数字' };
}

function reversed(digits: string): string {
  return [...digits].reverse().join('');
}
