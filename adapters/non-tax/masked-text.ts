import { maskBankCard, maskIdNumber, maskMobileNumber, maskName } from '../identifiers/masking.ts';

/**
 * Finance's own words without personal data, fit for an error: numbers in the form of identity, telephone and bank card numbers are
 * starred, and so is what the caller knows to be personal. Two to four Chinese characters after a colon at the end are taken for a
 * name (`业务尚未处理：张某`). Cut at 200 characters.
 */
export function maskedText(text: string, personal: readonly string[] = []): string {
  let masked = text;
  for (const value of personal) {
    if (value.length > 1) masked = masked.replaceAll(value, maskName(value));
  }
  return masked
    .replace(/(?<!\d)\d{17}[\dXx](?![\dXx])/g, maskIdNumber)
    .replace(/(?<!\d)1[3-9]\d{9}(?!\d)/g, maskMobileNumber)
    .replace(/(?<!\d)\d{16,19}(?!\d)/g, maskBankCard)
    .replace(
      /([：:]\s*)(\p{Script=Han}{2,4})(?=\s*$)/u,
      (_match, colon: string, name: string) => colon + maskName(name),
    )
    .slice(0, 200);
}
