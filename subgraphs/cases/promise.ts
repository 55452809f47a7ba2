import type { Pause } from './pauses.ts';
import { PROMISE_UNIT, type TimeLimit } from './time-limit.ts';
import { type Day, dateOf, dayOf, dayOfMoment, endOfDay, type WorkingDays } from './working-days.ts';

/**
 * The moment by which a decision is promised (承诺办结时间), milliseconds since 1970, by unified-acceptance 3.2: the day of acceptance
 * does not count, days and months end at 23:59:59 China time, and every day on which a pause began, ran or ended does not count. Hours
 * and minutes run from the moment of acceptance and stop for exactly as long as a pause lasts. Months end on the same day of the month,
 * or on its last where there is none.
 *
 * Null for an immediate case (即办件), and by the stopped-clock rule (停表规则): while a pause lasts that began before the promise ran
 * out, nobody can say when the promise ends; it has a moment again when the pause has ended. A promise that had run out before the
 * pause keeps its moment.
 *
 * Throws `CALENDAR_MISSING` when working days of a year without a notice would have to be counted.
 *
 * @param limit Null for an immediate case.
 * @param acceptedAt Milliseconds since 1970.
 */
export function promiseAt(
  limit: TimeLimit | null,
  acceptedAt: number,
  pauses: readonly Pause[],
  calendar: WorkingDays,
): number | null {
  if (limit === null) return null;
  switch (limit.unit) {
    case PROMISE_UNIT.WORKING_DAY:
      return endOrNull(afterDays(limit.amount, acceptedAt, pauses, (day) => calendar.isWorkingDay(day)));
    case PROMISE_UNIT.CALENDAR_DAY:
      return endOrNull(afterDays(limit.amount, acceptedAt, pauses, () => true));
    case PROMISE_UNIT.MONTH: {
      const accepted = dayOfMoment(acceptedAt);
      const days = monthsLater(accepted, limit.amount) - accepted;
      return endOrNull(afterDays(days, acceptedAt, pauses, () => true));
    }
    case PROMISE_UNIT.HOUR:
      return afterTime(limit.amount * 3_600_000, acceptedAt, pauses);
    case PROMISE_UNIT.MINUTE:
      return afterTime(limit.amount * 60_000, acceptedAt, pauses);
  }
}

/**
 * How many working days are left after today: 0 on the last day, below 0 when it has passed. Throws `CALENDAR_MISSING` as `promiseAt`
 * does.
 */
export function remainingWorkingDays(promise: number, now: number, calendar: WorkingDays): number {
  const [today, last] = [dayOfMoment(now), dayOfMoment(promise)];
  const count = workingDaysBetween(Math.min(today, last), Math.max(today, last), calendar);
  return last >= today ? count : 0 - count;
}

/** True once the promise was not kept: closed after it, or open after it (超期). Never while the clock stands still or for an immediate case. */
export function isOverdue(promise: number | null, closedAt: number | null, now: number): boolean {
  if (promise === null) return false;
  // The last second belongs to the promise.
  return (closedAt ?? now) >= promise + 1000;
}

/** The day on which so many counted days have passed, or null when a pause without end comes first. */
function afterDays(
  count: number,
  acceptedAt: number,
  pauses: readonly Pause[],
  counts: (day: Day) => boolean,
): Day | null {
  const stops = pauses.map(({ from, to }) => ({
    from: dayOfMoment(from),
    to: to === null ? Number.POSITIVE_INFINITY : dayOfMoment(to),
  }));
  let day = dayOfMoment(acceptedAt);
  for (let left = count; left > 0; ) {
    day += 1;
    const stop = stops.find(({ from, to }) => day >= from && day <= to);
    if (stop?.to === Number.POSITIVE_INFINITY) return null;
    if (!stop && counts(day)) left -= 1;
  }
  return day;
}

function endOrNull(day: Day | null): number | null {
  return day === null ? null : endOfDay(day);
}

/** The moment at which so much time has run outside the pauses, or null when a pause without end comes first. */
function afterTime(duration: number, acceptedAt: number, pauses: readonly Pause[]): number | null {
  let end = acceptedAt + duration;
  let runFrom = acceptedAt;
  for (const { from, to } of pauses.toSorted((one, other) => one.from - other.from)) {
    if (from >= end) break;
    if (to === null) return null;
    const stoppedFrom = Math.max(from, runFrom);
    if (to <= stoppedFrom) continue;
    end += to - stoppedFrom;
    runFrom = to;
  }
  return end;
}

function monthsLater(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = dateOf(day).split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const lastDate = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return dayOf(first.toISOString().slice(0, 10)) + Math.min(date, lastDate) - 1;
}

/** Working days after `from` up to and including `to`. */
function workingDaysBetween(from: Day, to: Day, calendar: WorkingDays): number {
  let count = 0;
  for (let day = from + 1; day <= to; day += 1) if (calendar.isWorkingDay(day)) count += 1;
  return count;
}
