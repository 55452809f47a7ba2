import { isDisabilityCertificate } from './disability-certificate.ts';
import {
  maskBankCard,
  maskDisabilityCertificate,
  maskIdNumber,
  maskMobileNumber,
  maskName,
  maskWhole,
} from './masking.ts';

/** Real texts of departments run to several thousand characters, of which an operator reads the first. */
const LONGEST = 500;

/**
 * A certificate number; an identity or mobile number; a card number or an identity number of 15 digits. What may be part of a case
 * number, a payment code or an application number is none: identity and mobile numbers do not touch digits, the others no letters
 * either.
 */
const NUMBERS =
  /(?<![0-9A-Za-z])\d{17}[\dXx]\d{2}(?:B\d)?(?![0-9A-Za-z])|(?<!\d)(?:\d{17}[\dXx]|1\d{10})(?!\d)|(?<![0-9A-Za-z])\d{15,19}(?![0-9A-Za-z])/g;

const NAME = /^\p{Script=Han}[\p{Script=Han}·]{1,19}$/u;

/**
 * A department's own words, fit for an error or a log: numbers in the form of identity, certificate, card and mobile numbers are masked
 * (identifiers.md 13), and so is what is known to be personal, each value by its own form and as a whole where it has none. Cut to at
 * most `limit` characters.
 *
 * @param known What the request said of persons, in any order; see `personalValues`.
 *
 * @example maskPersonalText('张惠兰（421202197803159926）不符', ['张惠兰']) // '张**（421202**********26）不符'
 */
export function maskPersonalText(text: string, known: readonly string[] = [], limit = LONGEST): string {
  const masked = known
    .filter((value) => value.length > 1)
    // An identity number stands inside a certificate number, a name inside an address.
    .sort((one, other) => other.length - one.length)
    .reduce((rest, value) => rest.replaceAll(value, maskedValue(value)), text)
    .replace(NUMBERS, maskedNumber);
  return masked.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
}

/**
 * What a request says of persons: the texts under these member names, however deep they stand.
 *
 * @example personalValues({ baseInfo: [{ name: '张惠兰', code: '7' }] }, new Set(['name'])) // ['张惠兰']
 */
export function personalValues(request: unknown, members: ReadonlySet<string>): string[] {
  if (typeof request !== 'object' || request === null) return [];
  return Object.entries(request).flatMap(([member, value]) => {
    if (typeof value !== 'string') return personalValues(value, members);
    return members.has(member) ? [value] : [];
  });
}

function maskedValue(value: string): string {
  if (NAME.test(value)) return maskName(value);
  const masked = maskedNumber(value);
  return masked === value ? maskWhole(value) : masked;
}

/** The text itself when it has the form of none. */
function maskedNumber(text: string): string {
  if (isDisabilityCertificate(text.toUpperCase())) return maskDisabilityCertificate(text);
  if (/^\d{17}[\dXx]$/.test(text)) return maskIdNumber(text);
  if (/^1\d{10}$/.test(text)) return maskMobileNumber(text);
  if (/^\d{16,19}$/.test(text)) return maskBankCard(text);
  return /^\d{15}$/.test(text) ? maskWhole(text) : text;
}
