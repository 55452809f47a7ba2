import workingDays from '../working-days.json' with { type: 'json' };

/** A day, counted from 1970-01-01. The population is all days and seconds of China time: no zone, no clock. */
export type Day = number;

/** A moment: seconds from 1970-01-01 00:00:00 on a China wall clock. */
export type Moment = number;

const DAY_SECONDS = 86_400;

/** @example dateText(dayOf('2026-03-31')) // '2026-03-31' */
export function dayOf(date: string): Day {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / 86_400_000;
}

/** `yyyy-MM-dd`. */
export function dateText(day: Day): string {
  const { year, month, date } = civil(day);
  return `${year}-${twoDigits(month)}-${twoDigits(date)}`;
}

/** `yyyyMMdd`. */
export function compactDate(day: Day): string {
  const { year, month, date } = civil(day);
  return `${year}${twoDigits(month)}${twoDigits(date)}`;
}

/** The year of a day, as a number. */
export function yearOf(day: Day): number {
  return civil(day).year;
}

/** A moment of a day. @example at(day, 9, 30) // half past nine */
export function at(day: Day, hour: number, minute = 0, second = 0): Moment {
  return day * DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

/** A moment from its text. @example momentOfText('2026-03-16 09:30:00') */
export function momentOfText(text: string): Moment {
  return at(dayOf(text), Number(text.slice(11, 13)), Number(text.slice(14, 16)), Number(text.slice(17, 19)));
}

/** The day on which a moment lies. */
export function dayOfMoment(moment: Moment): Day {
  return Math.floor(moment / DAY_SECONDS);
}

/** `yyyy-MM-dd HH:mm:ss`. Made in one piece: a population holds millions, and a text put together by `+` keeps its pieces. */
export function timeText(moment: Moment): string {
  const day = dayOfMoment(moment);
  const { year, month, date } = civil(day);
  const second = moment - day * DAY_SECONDS;
  const hour = Math.floor(second / 3600);
  const minute = Math.floor(second / 60) % 60;
  const digit = (value: number, unit: number) => ZERO + (Math.floor(value / unit) % 10);
  return String.fromCharCode(
    digit(year, 1000),
    digit(year, 100),
    digit(year, 10),
    digit(year, 1),
    HYPHEN,
    digit(month, 10),
    digit(month, 1),
    HYPHEN,
    digit(date, 10),
    digit(date, 1),
    SPACE,
    digit(hour, 10),
    digit(hour, 1),
    COLON,
    digit(minute, 10),
    digit(minute, 1),
    COLON,
    digit(second % 60, 10),
    digit(second % 60, 1),
  );
}

const [SPACE, HYPHEN, ZERO, COLON] = [0x20, 0x2d, 0x30, 0x3a] as const;

/** `yyyyMMddHHmmss`. */
export function compactTime(moment: Moment): string {
  const day = dayOfMoment(moment);
  const second = moment - day * DAY_SECONDS;
  const hour = Math.floor(second / 3600);
  return `${compactDate(day)}${twoDigits(hour)}${twoDigits(Math.floor(second / 60) % 60)}${twoDigits(second % 60)}`;
}

/** Milliseconds since 1970 in UTC, as some serial numbers carry them. */
export function epochMilliseconds(moment: Moment): number {
  return (moment - 8 * 3600) * 1000;
}

/** A month, counted from January of the year 0. */
export type Month = number;

/** The month in which a day lies. */
export function monthOf(day: Day): Month {
  const { year, month } = civil(day);
  return year * 12 + month - 1;
}

/** `yyyyMM`. */
export function monthText(month: Month): string {
  return `${Math.floor(month / 12)}${twoDigits((month % 12) + 1)}`;
}

/** A day of a month. */
export function dayOfMonth(month: Month, date: number): Day {
  return Date.UTC(Math.floor(month / 12), month % 12, date) / 86_400_000;
}

/** The same date some years later; 29 February becomes 1 March where there is none. */
export function yearsLater(day: Day, years: number): Day {
  const { year, month, date } = civil(day);
  return Date.UTC(year + years, month - 1, date) / 86_400_000;
}

/** Whole years lived on a day by someone born on another. */
export function ageOn(day: Day, born: Day): number {
  const now = civil(day);
  const then = civil(born);
  const birthdayPassed = now.month > then.month || (now.month === then.month && now.date >= then.date);
  return now.year - then.year - (birthdayPassed ? 0 : 1);
}

/** The years in which the population lives: adding a year to the calendar changes nothing in it. */
const FIRST_DAY = dayOf('2025-01-01');
const LAST_DAY = dayOf('2026-12-31');

/** The days worked from 2025-01-01 to 2026-12-31 by the State Council's calendar, in order. */
export const WORKING_DAYS: readonly Day[] = listWorkingDays();

/** Place of a day in `WORKING_DAYS`, or of the last working day before it. */
export function workingDayIndex(day: Day): number {
  let low = 0;
  let high = WORKING_DAYS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((WORKING_DAYS[middle] as Day) <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The day on which so many working days have passed; the day itself does not count (unified-acceptance 3.2). */
export function addWorkingDays(day: Day, count: number): Day {
  const found = WORKING_DAYS[workingDayIndex(day) + count];
  if (found === undefined) throw new RangeError('outside the calendar of working days');
  return found;
}

function listWorkingDays(): Day[] {
  const years = Object.values(workingDays.years);
  const off = years.flatMap(({ daysOff }) =>
    daysOff.map((range) => [dayOf(range[0] as string), dayOf(range[1] as string)] as const),
  );
  const worked = new Set(years.flatMap(({ workedWeekends }) => workedWeekends.map(dayOf)));
  const days: Day[] = [];
  for (let day = FIRST_DAY; day <= LAST_DAY; day += 1) {
    const weekday = (day + 4) % 7;
    const free = weekday === 0 || weekday === 6 || off.some(([first, last]) => day >= first && day <= last);
    if (!free || worked.has(day)) days.push(day);
  }
  return days;
}

/** Days to year, month and date without a Date object: the population is made of millions of these. */
function civil(day: Day): { readonly year: number; readonly month: number; readonly date: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
