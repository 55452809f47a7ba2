/**
 * Every department writes China time (Asia/Shanghai, UTC+8, no summer time since 1991) without saying so. These functions convert
 * between instants and the departments' text forms whatever zone the machine is in.
 */

/** Gives the current instant in milliseconds since 1970. Handed down so that tests and simulators can move it. */
export type Clock = () => number;

/** The machine's own clock. */
export const systemClock: Clock = () => Date.now();

const OFFSET_MS = 8 * 3_600_000;

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly millisecond: string;
}

/** `yyyy-MM-ddTHH:mm:ss.SSSZ` of the China wall clock, the one text all others are cut from. */
function wallClock(instant: number): string {
  const text = new Date(instant + OFFSET_MS).toISOString();
  if (text.length !== 'yyyy-MM-ddTHH:mm:ss.SSSZ'.length) throw new RangeError('outside the years 0000 to 9999');
  return text;
}

/** The China wall-clock parts of an instant (milliseconds since 1970), each zero-padded. Throws `RangeError` past the year 9999. */
export function chinaParts(instant: number): Parts {
  const text = wallClock(instant);
  return {
    year: text.slice(0, 4),
    month: text.slice(5, 7),
    day: text.slice(8, 10),
    hour: text.slice(11, 13),
    minute: text.slice(14, 16),
    second: text.slice(17, 19),
    millisecond: text.slice(20, 23),
  };
}

/** `yyyy-MM-dd`. */
export function chinaDate(instant: number): string {
  return wallClock(instant).slice(0, 10);
}

/** `yyyyMMdd`. */
export function chinaCompactDate(instant: number): string {
  return chinaDate(instant).replaceAll('-', '');
}

/** `yyyy-MM-dd HH:mm:ss`. */
export function chinaDateTime(instant: number): string {
  return wallClock(instant).slice(0, 19).replace('T', ' ');
}

/** `yyyyMMddHHmmss`. */
export function chinaCompactDateTime(instant: number): string {
  return chinaDateTime(instant).replace(/\D/g, '');
}

/** ISO 8601 with the offset: `yyyy-MM-ddTHH:mm:ss+08:00`. */
export function chinaIso(instant: number): string {
  return `${wallClock(instant).slice(0, 19)}+08:00`;
}

/**
 * Reads a department's local time in any of its forms (`yyyy-MM-dd`, `yyyyMMdd`, `yyyy-MM-dd HH:mm:ss`, `yyyyMMddHHmmss`,
 * `yyyyMMddHHmmssSSS`, `yyyy-MM-ddTHH:mm:ss`, the last also with an offset, and then with decimals) as an instant. A date means its
 * first moment.
 * Throws `RangeError` for anything else, and for days the calendar does not have.
 */
export function instantFromChina(text: string): number {
  const offset = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (offset) {
    const instant = Date.parse(text);
    if (Number.isNaN(instant) || !isWallClock(`${offset[1]}.000Z`)) throw new RangeError('no such day or time');
    return instant;
  }
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(\d{3})?)?$/.exec(text);
  if (!match) throw new RangeError('not a date or time in a known form');
  const [, year, month, day, hour = '00', minute = '00', second = '00', millisecond = '000'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`;
  if (!isWallClock(iso)) throw new RangeError('no such day or time');
  return Date.parse(iso) - OFFSET_MS;
}

/** False for 30 February and 24:00, which `Date.parse` reads as the day after. */
function isWallClock(iso: string): boolean {
  const utc = Date.parse(iso);
  return !Number.isNaN(utc) && new Date(utc).getUTCDate() === Number(iso.slice(8, 10));
}

/** True for a `yyyy-MM-dd` that the calendar has. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  return isWallClock(`${text}T00:00:00.000Z`);
}
