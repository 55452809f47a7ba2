import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { chinaDate, instantFromChina, isCalendarDate } from '../../adapters/values/china-time.ts';
import published from '../../seeds/working-days.json' with { type: 'json' };

/** A day of China time, counted from 1970-01-01. */
export type Day = number;

const DAY_MS = 86_400_000;

/** @param date `yyyy-MM-dd` */
export function dayOf(date: string): Day {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** `yyyy-MM-dd`. */
export function dateOf(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day on which a moment (milliseconds since 1970) lies in China. */
export function dayOfMoment(moment: number): Day {
  return dayOf(chinaDate(moment));
}

/** The last second of a day in China, 23:59:59, milliseconds since 1970. */
export function endOfDay(day: Day): number {
  return instantFromChina(`${dateOf(day)} 23:59:59`);
}

const date = z.string().refine(isCalendarDate, 'must be a day, yyyy-MM-dd');
const weekend = date.refine((text) => isWeekend(dayOf(text)), 'must be a Saturday or a Sunday');
const range = z.tuple([date, date]).refine(([from, to]) => from <= to, 'must not end before it begins');

/** A notice reaches at most into the December before its year, as that of 2023 does. */
const belongsTo = (year: string, text: string) => text.startsWith(year) || text.startsWith(`${Number(year) - 1}-12`);

/** The form of `seeds/working-days.json` and of the file that the setting `cases.calendar` names. */
export const workingDaysFile = z
  .strictObject({
    $comment: z.string().optional(),
    years: z.record(
      z.string().regex(/^\d{4}$/, 'must be a year'),
      z.strictObject({
        /** The State Council notice's number, 国办发明电〔2025〕7号. */
        notice: z.string().min(1),
        /** Ranges, both ends included. */
        daysOff: z.array(range).min(1),
        workedWeekends: z.array(weekend),
      }),
    ),
  })
  .superRefine(({ years }, context) => {
    for (const [year, { daysOff, workedWeekends }] of Object.entries(years)) {
      const stray = [...daysOff.flat(), ...workedWeekends].find((text) => !belongsTo(year, text));
      if (stray !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['years', year],
          message: `${stray} is no day of this year's notice`,
        });
      }
    }
  });

export type WorkingDaysFile = z.output<typeof workingDaysFile>;

/** The State Council's calendar of working days (国务院办公厅部分节假日安排): data, a notice a year. A year without a notice is not guessed. */
export class WorkingDays {
  readonly #years: ReadonlySet<number>;
  readonly #off = new Set<Day>();
  readonly #worked = new Set<Day>();

  constructor(years: WorkingDaysFile['years']) {
    this.#years = new Set(Object.keys(years).map(Number));
    for (const { daysOff, workedWeekends } of Object.values(years)) {
      for (const [from, to] of daysOff) for (let day = dayOf(from); day <= dayOf(to); day += 1) this.#off.add(day);
      for (const worked of workedWeekends) this.#worked.add(dayOf(worked));
    }
  }

  /** Throws `CALENDAR_MISSING` for a day of a year without a notice, saying where it is to be added. */
  isWorkingDay(day: Day): boolean {
    const year = new Date(day * DAY_MS).getUTCFullYear();
    if (!this.#years.has(year)) throw calendarMissing(year);
    if (this.#worked.has(day)) return true;
    return !isWeekend(day) && !this.#off.has(day);
  }
}

/**
 * The calendar of the years published with the program, and of those that a file adds; a year of the file takes the place of the same
 * year here, for a notice that was changed. Throws `Error` naming the file when it cannot be read or is not of that form: the start of
 * the program is where that belongs.
 *
 * @param file The setting `cases.calendar`.
 */
export function workingDays(file?: string): WorkingDays {
  const shipped = workingDaysFile.parse(published);
  return new WorkingDays(file === undefined ? shipped.years : { ...shipped.years, ...addedYears(file) });
}

function addedYears(file: string): WorkingDaysFile['years'] {
  try {
    return workingDaysFile.parse(JSON.parse(readFileSync(file, 'utf8'))).years;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`cases.calendar: ${file} is no calendar of working days: ${reason}`, { cause: error });
  }
}

function isWeekend(day: Day): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}

function calendarMissing(year: number): CasegraphError {
  return new CasegraphError(
    'CALENDAR_MISSING',
    `No State Council notice for ${year}: add it to the file that the setting cases.calendar names, in the form of seeds/working-days.json.`,
    {
      detailZh: `缺少${year}年节假日安排：请按 seeds/working-days.json 的格式写入配置项 cases.calendar 指定的文件。`,
    },
  );
}
