import { chinaCompactDate } from '../../values/china-time.ts';

/** The numbers that the registry gives out (wire spec 6.5), each from 1 for a day. */
export class Serials {
  readonly #last = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Says that a serial of a series was given out already on some day (`yyyyMMdd`). */
  used(series: string, day: string, serial: number): void {
    const key = `${series}/${day}`;
    this.#last.set(key, Math.max(this.#last.get(key) ?? 0, serial));
  }

  /** The next number: the day as `yyyyMMdd`, then the serial padded to `width` digits. */
  next(series: string, width: number): string {
    const day = chinaCompactDate(this.#now());
    const key = `${series}/${day}`;
    const serial = (this.#last.get(key) ?? 0) + 1;
    this.#last.set(key, serial);
    return day + String(serial).padStart(width, '0');
  }
}
