import { chinaDate, chinaDateTime, instantFromChina } from '../../values/china-time.ts';

/** The registry's times without the offset (wire spec section 2). */

const DAY_MS = 86_400_000;

/** `yyyy-MM-ddTHH:mm:ss`. */
export function localTime(instant: number): string {
  return chinaDateTime(instant).replace(' ', 'T');
}

/** `yyyy-MM-dd`, so many days later. */
export function day(instant: number, later = 0): string {
  return chinaDate(instant + later * DAY_MS);
}

/** Reads `yyyy-MM-ddTHH:mm:ss` as milliseconds since 1970; undefined for anything else. */
export function readLocalTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  try {
    return instantFromChina(text);
  } catch {
    return undefined; // a time that no calendar has
  }
}

/** A stored `yyyy-MM-dd HH:mm:ss` as it goes out; a date alone stays one (wire spec 3.2: older services). */
export function storedTime(text: string): string {
  return text.length === 10 ? text : `${text.slice(0, 10)}T${text.slice(11)}+08:00`;
}
