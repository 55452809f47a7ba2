import { chinaDate, instantFromChina } from '../../../../adapters/values/china-time.ts';

const DAY_MS = 86_400_000;

/** The day so many days after one; before it when negative. China has no clock changes. */
export function dayAfter(day: string, days: number): string {
  return chinaDate(instantFromChina(day) + days * DAY_MS);
}

/** Each day from the first to the last; none when that lies before. */
export function daysFrom(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = dayAfter(day, 1)) days.push(day);
  return days;
}
