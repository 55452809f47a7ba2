/**
 * Masked forms for logs and answers (脱敏, identifiers.md 13). Each function takes any text, since what is logged has
 * often just been refused: a text that does not look like its kind is starred whole, so that nothing shows that was
 * meant to be hidden. Masking what is masked already changes nothing. Masked numbers are display text, never keys
 * (real-estate.md 6.3).
 */

/**
 * First 6 and last 2 of a citizen identity number (identifiers.md 13).
 *
 * @example maskIdNumber('421202197803159926') // '421202**********26'
 */
export function maskIdNumber(text: string): string {
  return /^[\d*]{17}[\dXx*]$/.test(text) ? keepEnds(text, 6, 2) : maskWhole(text);
}

/**
 * A disability certificate number: the identity number masked, then category, grade and count of re-issues as they are
 * (identifiers.md 13).
 *
 * @example maskDisabilityCertificate('44030519820609996371B1') // '440305**********6371B1'
 */
export function maskDisabilityCertificate(text: string): string {
  return /^.{18}\d{2}(?:B\d)?$/.test(text) ? maskIdNumber(text.slice(0, 18)) + text.slice(18) : maskWhole(text);
}

/**
 * First 4 and last 4 of a bank card or passbook account (identifiers.md 13).
 *
 * @example maskBankCard('6217002870001234564') // '6217***********4564'
 */
export function maskBankCard(text: string): string {
  return /^[\d*]{16,19}$/.test(text) ? keepEnds(text, 4, 4) : maskWhole(text);
}

/**
 * First 3 and last 4 of a mobile number (identifiers.md 13).
 *
 * @example maskMobileNumber('13800000000') // '138****0000'
 */
export function maskMobileNumber(text: string): string {
  return /^[\d*]{11}$/.test(text) ? keepEnds(text, 3, 4) : maskWhole(text);
}

/**
 * First character of a name and a star for each other one; a character outside the basic plane, as 𠮷, counts one
 * (identifiers.md 13).
 *
 * @example maskName('𠮷祥㙍') // '𠮷**'
 */
export function maskName(name: string): string {
  const [first = '', ...others] = name;
  return first + '*'.repeat(others.length);
}

/** A star for each character: for what is personal and has no form of its own, an address for one. */
export function maskWhole(text: string): string {
  return '*'.repeat([...text].length);
}

function keepEnds(text: string, head: number, tail: number): string {
  return text.slice(0, head) + '*'.repeat(text.length - head - tail) + text.slice(-tail);
}
