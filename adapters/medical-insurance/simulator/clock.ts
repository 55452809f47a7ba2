import { chinaCompactDateTime, chinaDate, chinaParts, isCalendarDate } from '../../values/china-time.ts';

const DAY_MS = 86_400_000;

/** `yyyyMMddHHmmssSSS` of an instant in milliseconds since 1970, as the answer envelope writes it (wire spec 2.2). */
export function compactMillisecondsOf(instant: number): string {
  return chinaCompactDateTime(instant) + chinaParts(instant).millisecond;
}

/** The day that lies `days` after an instant, `yyyy-MM-dd`. */
export function dateAfter(instant: number, days: number): string {
  return chinaDate(instant + days * DAY_MS);
}

/** True for a `yyyy-MM-dd HH:mm:ss` that calendar and clock have. */
export function isDateTime(text: string): boolean {
  return isCalendarDate(text.slice(0, 10)) && /^ (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text.slice(10));
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
