import { chinaDateTime, isCalendarDate } from '../../values/china-time.ts';
import { isLocalTime } from './local-time.ts';

/** A record as it came. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** Why a record is refused: a code of 2101 to 2204 (wire spec section 4) and the platform's words. */
export interface RecordFault {
  readonly code: string;
  readonly message: string;
}

/** Thrown while a record is worked on; nothing of it was taken. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
  readonly fault: RecordFault;

  constructor(code: string, message: string) {
    super(message);
    this.fault = { code, message };
  }
}

/** What a field of a record may hold (wire spec 3.3). */
export interface FieldRule {
  /** The field's Chinese name, for the platform's words. */
  readonly zh: string;
  /** Must be there and not empty: 2101. */
  readonly required?: boolean;
  readonly form:
    | { readonly kind: 'text'; readonly longest: number }
    | { readonly kind: 'pattern'; readonly pattern: RegExp }
    | { readonly kind: 'code'; readonly list: readonly string[] }
    | { readonly kind: 'integer'; readonly least: number }
    | { readonly kind: 'time'; readonly future: boolean }
    | { readonly kind: 'date' }
    | { readonly kind: 'list' };
}

export type RecordRules = Readonly<Record<string, FieldRule>>;

export const text = (zh: string, longest: number): FieldRule => ({ zh, form: { kind: 'text', longest } });
export const pattern = (zh: string, expression: RegExp): FieldRule => ({
  zh,
  form: { kind: 'pattern', pattern: expression },
});
export const code = (zh: string, ...list: string[]): FieldRule => ({ zh, form: { kind: 'code', list } });
export const integer = (zh: string, least: number): FieldRule => ({ zh, form: { kind: 'integer', least } });
export const time = (zh: string): FieldRule => ({ zh, form: { kind: 'time', future: false } });
/** A time that may lie ahead, as a promise does. */
export const timeAhead = (zh: string): FieldRule => ({ zh, form: { kind: 'time', future: true } });
export const date = (zh: string): FieldRule => ({ zh, form: { kind: 'date' } });
export const list = (zh: string): FieldRule => ({ zh, form: { kind: 'list' } });
export const required = (rule: FieldRule): FieldRule => ({ ...rule, required: true });

/**
 * Holds a record against its rules: first what is missing (2101), then what no field may hold (2102), then the times (2105). Fields
 * without a rule are passed over: the specification does not forbid them. Throws `RecordRefused`.
 *
 * @param now Milliseconds since 1970.
 */
export function checkRecord(record: WireRecord, rules: RecordRules, now: number): void {
  const entries = Object.entries(rules);
  for (const [field, rule] of entries) {
    if (rule.required && isAbsent(record[field])) throw new RecordRefused('2101', `${rule.zh}不能为空（${field}）`);
  }
  for (const [field, rule] of entries) {
    const value = record[field];
    if (!isAbsent(value) && !fits(value, rule)) throw new RecordRefused('2102', `${rule.zh}不符合要求（${field}）`);
  }
  const latest = chinaDateTime(now);
  for (const [field, rule] of entries) {
    const value = record[field];
    if (rule.form.kind === 'time' && !rule.form.future && typeof value === 'string' && value > latest) {
      throw new RecordRefused('2105', `${rule.zh}晚于当前时间（${field}）`);
    }
  }
}

/** `""` = not applicable, absent = not known: neither fills a required field (wire spec 2). */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A text field that was checked; empty when it is absent. */
export function textOf(record: WireRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' ? value : '';
}

function fits(value: unknown, { form }: FieldRule): boolean {
  switch (form.kind) {
    case 'text':
      return typeof value === 'string' && [...value].length <= form.longest;
    case 'pattern':
      return typeof value === 'string' && form.pattern.test(value);
    case 'code':
      return typeof value === 'string' && form.list.includes(value);
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= form.least;
    case 'time':
      return typeof value === 'string' && isLocalTime(value);
    case 'date':
      return typeof value === 'string' && isCalendarDate(value);
    case 'list':
      return Array.isArray(value) && value.length > 0;
  }
}
