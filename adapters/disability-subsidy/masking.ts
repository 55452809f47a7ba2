import { isDisabilityCertificate } from '../identifiers/disability-certificate.ts';
import {
  maskBankCard,
  maskDisabilityCertificate,
  maskIdNumber,
  maskMobileNumber,
  maskName,
} from '../identifiers/masking.ts';

/** Request members that hold a person's data, wherever they stand (wire spec 3). */
const PERSONAL_MEMBERS: ReadonlyMap<string, (value: string) => string> = new Map([
  ['name', maskName],
  ['accountName', maskName],
  ['reviewer', maskName],
  ['idCard', maskIdNumber],
  ['certNo', maskDisabilityCertificate],
  ['accountNo', maskBankCard],
  ['phone', maskMobileNumber],
  ['dibaoNo', stars],
  ['address', stars],
]);

/** Members whose `name` is a thing's and not a person's. */
const IMPERSONAL_MEMBERS: ReadonlySet<string> = new Set(['materials']);

/**
 * The department's own words without personal data: what the request said of persons is masked, and so is every number that looks
 * like an identity, certificate, card or mobile number. Application numbers stay, they are how the clerk goes on.
 */
export function maskText(text: string, requestBody: unknown): string {
  let masked = text;
  for (const [value, mask] of personalValues(requestBody)) masked = masked.replaceAll(value, mask(value));
  return masked.replace(/(?<![0-9A-Za-z])\d{11,21}[\dXx]?(?:B\d)?(?![0-9])/g, maskNumber);
}

function maskNumber(digits: string): string {
  if (isDisabilityCertificate(digits)) return maskDisabilityCertificate(digits);
  if (digits.length === 18) return maskIdNumber(digits);
  if (digits.length >= 16 && digits.length <= 19) return maskBankCard(digits);
  return /^1[3-9]\d{9}$/.test(digits) ? maskMobileNumber(digits) : digits;
}

/** Longest first, so that a certificate number is not cut by the identity number inside it. */
function personalValues(body: unknown): [string, (value: string) => string][] {
  const found: [string, (value: string) => string][] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [member, inner] of Object.entries(value)) {
      const mask = PERSONAL_MEMBERS.get(member);
      if (mask !== undefined && typeof inner === 'string' && inner.length > 1) found.push([inner, mask]);
      else if (!IMPERSONAL_MEMBERS.has(member)) visit(inner);
    }
  };
  visit(body);
  return found.sort(([one], [other]) => other.length - one.length);
}

function stars(value: string): string {
  return '*'.repeat([...value].length);
}
