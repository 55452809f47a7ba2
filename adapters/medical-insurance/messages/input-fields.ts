import { invalidInput } from '../../values/checked.ts';
import { instantFromChina, isCalendarDate } from '../../values/china-time.ts';
import { fen, yuanFromFen } from '../../values/fen.ts';

/**
 * Writers of the wire's field types (wire spec 2.4). Each takes the caller's name of the field for the error: whatever does not fit
 * is `INVALID_INPUT` before anything is sent. No error repeats a value.
 */

/** An input or output node. */
export type Node = { [field: string]: unknown };

/** Text that must be there, at most `longest` characters. */
export function required(field: string, value: string, longest: number): string {
  if (value.trim() === '') throw invalidInput(field, 'must not be empty');
  return withinLength(field, value, longest);
}

/** Text that may be missing: the empty text stands for nothing (wire spec 2.4). */
export function optional(field: string, value: string | undefined, longest: number): string {
  return withinLength(field, value ?? '', longest);
}

/** A region code (医保区划), six digits. */
export function region(field: string, value: string): string {
  if (!/^\d{6}$/.test(value)) throw invalidInput(field, 'must be six digits');
  return value;
}

/** `yyyy-MM-dd`. */
export function day(field: string, value: string): string {
  if (!isCalendarDate(value)) throw invalidInput(field, 'must be a day, yyyy-MM-dd');
  return value;
}

export function optionalDay(field: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : day(field, value);
}

/** `yyyy-MM-dd HH:mm:ss`. */
export function moment(field: string, value: string): string {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value)) throw invalidInput(field, 'must be yyyy-MM-dd HH:mm:ss');
  try {
    instantFromChina(value);
  } catch {
    throw invalidInput(field, 'must be a time that the calendar has');
  }
  return value;
}

/** The start or end of a period: a day stands for its first or last second. */
export function periodEnd(field: string, value: string, end: 'first' | 'last'): string {
  if (!isCalendarDate(value)) return moment(field, value);
  return `${value} ${end === 'first' ? '00:00:00' : '23:59:59'}`;
}

/** Fen as the wire's JSON number in yuan (16,2). */
export function yuan(field: string, amount: number): number {
  if (!Number.isSafeInteger(amount)) throw invalidInput(field, 'must be a whole number of fen');
  return Number(yuanFromFen(fen(amount)));
}

/** Decimal text as a JSON number with at most so many decimals. */
export function decimal(field: string, value: string, decimals: number): number {
  const match = /^-?\d{1,12}(?:\.(\d+))?$/.exec(value);
  if (!match || (match[1] ?? '').length > decimals) {
    throw invalidInput(field, `must be a decimal number with at most ${decimals} decimals`);
  }
  return Number(value);
}

/** A whole number with at most so many digits. */
export function count(field: string, value: number, digits: number): number {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 10 ** digits) {
    throw invalidInput(field, `must be a whole number of at most ${digits} digits`);
  }
  return value;
}

export function flag(value: boolean | undefined): '0' | '1' {
  return value ? '1' : '0';
}

function withinLength(field: string, value: string, longest: number): string {
  if ([...value].length > longest) throw invalidInput(field, `must have at most ${longest} characters`);
  return value;
}
