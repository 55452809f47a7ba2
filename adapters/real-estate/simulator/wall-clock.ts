/** The registry's times: China time, with the offset or without (wire spec section 2). */

const CHINA_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `yyyy-MM-ddTHH:mm:ss`. */
export function localTime(instant: number): string {
  return new Date(instant + CHINA_MS).toISOString().slice(0, 19);
}

/** `yyyy-MM-ddTHH:mm:ss+08:00`. */
export function zonedTime(instant: number): string {
  return `${localTime(instant)}+08:00`;
}

/** `yyyy-MM-dd`, so many days later. */
export function day(instant: number, later = 0): string {
  return localTime(instant + later * DAY_MS).slice(0, 10);
}

/** `yyyyMMdd`. */
export function compactDay(instant: number): string {
  return day(instant).replaceAll('-', '');
}

/** Reads `yyyy-MM-ddTHH:mm:ss` as milliseconds since 1970; undefined for anything else. */
export function readLocalTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const instant = Date.parse(`${text}Z`) - CHINA_MS;
  return Number.isNaN(instant) || localTime(instant) !== text ? undefined : instant;
}

/** A stored `yyyy-MM-dd HH:mm:ss` as it goes out; a date alone stays one (wire spec 3.2: older services). */
export function storedTime(text: string): string {
  return text.length === 10 ? text : `${text.slice(0, 10)}T${text.slice(11)}+08:00`;
}
