/** The check digits that invented numbers need. The adapters check numbers with code of their own; the tests hold the two together. */

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';

/** The 18 characters of a citizen number from its first 17, GB 11643 (identifiers 1). */
export function withIdCheck(first17: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += (ID_WEIGHTS[index] as number) * (first17.charCodeAt(index) - 48);
  return [first17, ID_CHECKS.charAt(sum % 11)].join('');
}

/** A card number with its Luhn digit (identifiers 8). */
export function withLuhnDigit(digits: string): string {
  let sum = 0;
  for (let index = digits.length - 1, double = true; index >= 0; index -= 1, double = !double) {
    const digit = digits.charCodeAt(index) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return digits + ((10 - (sum % 10)) % 10);
}

/** Check code of a payment notice: CRC-16/CCITT-FALSE in four capital hex digits (non-tax 6.2). */
export function noticeCheckCode(unitCode: string, payCode: string, amountFen: number): string {
  const text = `${unitCode}${payCode}${amountFen}`;
  let crc = 0xffff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index) << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * A unified social credit code (identifiers 2, 3) from registering department and category, division and the first eight
 * characters of the organisation code.
 */
export function socialCreditCode(kind: string, division: string, organisation: string): string {
  const body = `${kind}${division}${organisation}${organisationCheck(organisation)}`;
  let sum = 0;
  for (let index = 0; index < 17; index += 1)
    sum += (CREDIT_WEIGHTS[index] as number) * CREDIT_ALPHABET.indexOf(body.charAt(index));
  return body + CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

function organisationCheck(organisation: string): string {
  let sum = 0;
  for (let index = 0; index < 8; index += 1)
    sum += (ORGANISATION_WEIGHTS[index] as number) * Number.parseInt(organisation.charAt(index), 36);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}
