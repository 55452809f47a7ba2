/**
 * The platform's time texts, China time without saying so (wire spec 2.4). The simulator has its own, so that a mistake in the
 * client's cannot hide behind the same code.
 */

const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `yyyy-MM-dd HH:mm:ss` of an instant in milliseconds since 1970. */
export function dateTimeOf(instant: number): string {
  return new Date(instant + CHINA_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyy-MM-dd` of an instant in milliseconds since 1970. */
export function dateOf(instant: number): string {
  return dateTimeOf(instant).slice(0, 10);
}

/** `yyyyMMddHHmmss` of an instant in milliseconds since 1970. */
export function compactSecondsOf(instant: number): string {
  return dateTimeOf(instant).replace(/\D/g, '');
}

/** `yyyyMMddHHmmssSSS` of an instant in milliseconds since 1970, as the answer envelope writes it (wire spec 2.2). */
export function compactMillisecondsOf(instant: number): string {
  return new Date(instant + CHINA_OFFSET_MS).toISOString().replace(/\D/g, '');
}

/** The day that lies `days` after an instant, `yyyy-MM-dd`. */
export function dateAfter(instant: number, days: number): string {
  return dateOf(instant + days * DAY_MS);
}

/** True for a `yyyy-MM-dd` that the calendar has. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const utc = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(utc) && new Date(utc).toISOString().startsWith(text);
}

/** True for a `yyyy-MM-dd HH:mm:ss` that calendar and clock have. */
export function isDateTime(text: string): boolean {
  return isDate(text.slice(0, 10)) && /^ (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text.slice(10));
}

/**
 * Age in years with one decimal on a day: whole years, and the part of the current year of life that has passed. Both days
 * `yyyy-MM-dd`.
 *
 * @example ageOn('1949-09-30', '2026-03-16') // 76.5
 */
export function ageOn(birthDate: string, day: string): number {
  const birthday = (year: number) => Date.UTC(year, Number(birthDate.slice(5, 7)) - 1, Number(birthDate.slice(8, 10)));
  const today = Date.parse(`${day}T00:00:00Z`);
  const thisYear = Number(day.slice(0, 4));
  const lastBirthdayYear = birthday(thisYear) <= today ? thisYear : thisYear - 1;
  const past = today - birthday(lastBirthdayYear);
  const yearOfLife = birthday(lastBirthdayYear + 1) - birthday(lastBirthdayYear);
  return Math.round((lastBirthdayYear - Number(birthDate.slice(0, 4)) + past / yearOfLife) * 10) / 10;
}
