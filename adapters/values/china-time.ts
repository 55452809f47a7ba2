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

/** The China wall-clock parts of an instant (milliseconds since 1970), each zero-padded. */
export function chinaParts(instant: number): Parts {
  const text = new Date(instant + OFFSET_MS).toISOString();
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
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 10);
}

/** `yyyyMMdd`. */
export function chinaCompactDate(instant: number): string {
  return chinaDate(instant).replaceAll('-', '');
}

/** `yyyy-MM-dd HH:mm:ss`. */
export function chinaDateTime(instant: number): string {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyyMMddHHmmss`. */
export function chinaCompactDateTime(instant: number): string {
  return chinaDateTime(instant).replace(/\D/g, '');
}

/** ISO 8601 with the offset: `yyyy-MM-ddTHH:mm:ss+08:00`. */
export function chinaIso(instant: number): string {
  return `${new Date(instant + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/**
 * Reads a department's local time in any of its forms (`yyyy-MM-dd`, `yyyyMMdd`, `yyyy-MM-dd HH:mm:ss`, `yyyyMMddHHmmss`,
 * `yyyyMMddHHmmssSSS`, `yyyy-MM-ddTHH:mm:ss`, the last also with an offset) as an instant. A date means its first moment.
 * Throws `RangeError` for anything else, and for days the calendar does not have.
 */
export function instantFromChina(text: string): number {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) {
    const instant = Date.parse(text);
    if (!Number.isNaN(instant)) return instant;
  }
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(\d{3})?)?$/.exec(text);
  if (!match) throw new RangeError('not a date or time in a known form');
  const [, year, month, day, hour = '00', minute = '00', second = '00', millisecond = '000'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`;
  const utc = Date.parse(iso);
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== iso) throw new RangeError('no such day or time');
  return utc - OFFSET_MS;
}

/** True for a `yyyy-MM-dd` that the calendar has. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const utc = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(utc) && new Date(utc).toISOString().slice(0, 10) === text;
}
