import { isCalendarDate } from '../../values/china-time.ts';
import { malformed } from './refusal.ts';

const LONGEST_TEXT = 200;

/** Reads the members of a request one by one; whatever is missing, overlong or malformed is refused as LB1001 with its place. */
export class Fields {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(path);
    this.#members = value as Record<string, unknown>;
    this.#path = path;
  }

  /** A text that fits the pattern; any of 1 to 200 characters unless told. */
  text(name: string, pattern: RegExp = /\S/): string {
    const value = this.#members[name];
    if (typeof value !== 'string' || [...value].length > LONGEST_TEXT || !pattern.test(value))
      throw this.#refused(name);
    return value;
  }

  /** The same, or null when absent, null or empty (wire spec 2). */
  optionalText(name: string, pattern?: RegExp): string | null {
    return this.#absent(name) ? null : this.text(name, pattern);
  }

  date(name: string): string {
    const value = this.text(name);
    if (!isCalendarDate(value)) throw this.#refused(name);
    return value;
  }

  /** `yyyy-MM-dd HH:mm:ss`. */
  time(name: string): string {
    const value = this.text(name, /^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/);
    if (!isCalendarDate(value.slice(0, 10))) throw this.#refused(name);
    return value;
  }

  /** `yyyyMM`. */
  month(name: string): string {
    return this.text(name, /^\d{4}(0[1-9]|1[0-2])$/);
  }

  /** A 12-digit division. */
  division(name: string): string {
    return this.text(name, /^[1-9]\d{11}$/);
  }

  /** A whole number written as text. */
  number(name: string, low: number, high: number): number {
    const value = Number(this.text(name, /^\d{1,9}$/));
    if (value < low || value > high) throw this.#refused(name);
    return value;
  }

  /** A list of different codes. */
  codes(name: string, pattern: RegExp, least: number): string[] {
    const value = this.#members[name];
    const fits =
      Array.isArray(value) &&
      value.length >= least &&
      value.every((code) => typeof code === 'string' && pattern.test(code)) &&
      new Set(value).size === value.length;
    if (!fits) throw this.#refused(name);
    return value as string[];
  }

  object(name: string): Fields {
    return new Fields(this.#members[name], this.at(name));
  }

  optionalObject(name: string): Fields | null {
    return this.#absent(name) ? null : this.object(name);
  }

  objects(name: string, least: number): Fields[] {
    const value = this.#members[name];
    if (!Array.isArray(value) || value.length < least) throw this.#refused(name);
    return value.map((item, index) => new Fields(item, `${this.at(name)}.${index}`));
  }

  optionalObjects(name: string): Fields[] {
    return this.#absent(name) ? [] : this.objects(name, 0);
  }

  /** The place of a member: `applicant.phone`. */
  at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #absent(name: string): boolean {
    const value = this.#members[name];
    return value === undefined || value === null || value === '';
  }

  #refused(name: string) {
    return malformed(this.at(name));
  }
}
