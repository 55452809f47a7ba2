import { encodeGb18030 } from './messages/gb18030.ts';

/** How much finance takes of a notice's texts, in bytes of GB18030, where a rare character takes four (wire spec 2, 3.1 and 3.7). */
export const LONGEST_TEXT = { payerName: 100, memo: 200 } as const;

/** True when finance's messages can carry a text of so many bytes at most. */
export function fitsFinance(text: string, longest: number): boolean {
  if (/[\p{Cc}\ufffe\uffff]/u.test(text)) return false;
  try {
    return encodeGb18030(text).length <= longest;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
