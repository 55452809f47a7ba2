import { isCalendarDate } from '../../values/china-time.ts';

/** True for a `yyyy-MM-dd HH:mm:ss` that calendar and clock have (wire spec 2). Texts of this form compare as times. */
export function isLocalTime(text: string): boolean {
  return isCalendarDate(text.slice(0, 10)) && /^ (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text.slice(10));
}
