import { z } from 'zod';
import { chinaIso, instantFromChina, isCalendarDate } from '../../values/china-time.ts';
import { protocolError } from '../errors.ts';
import type { XmlElement } from './xml.ts';

/** An element as a plain object: attributes under their names, child elements as lists under theirs, character data as `#text`. */
export function recordOf(element: XmlElement): Record<string, unknown> {
  const record: Record<string, unknown> = { ...element.attributes, '#text': element.text };
  for (const [name, elements] of Map.groupBy(element.children, (child) => child.name)) {
    record[name] = elements.map(recordOf);
  }
  return record;
}

/** Reads a value by a schema. Throws `DEPARTMENT_PROTOCOL` naming the first wrong place, never what stood there. */
export function matching<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path ?? [];
  throw protocolError(path.reduce<string>((text, key) => text + pathStep(key), place));
}

function pathStep(key: PropertyKey): string {
  return typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
}

/** Text that a conversion turns into a value; a `RangeError` of the conversion is a malformed field. */
export function converted<Value>(convert: (text: string) => Value) {
  return z.string().transform((text, context): Value => {
    try {
      return convert(text);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      context.addIssue({ code: 'custom', message: 'malformed' });
      return z.NEVER;
    }
  });
}

/** Text that must not be empty. */
export function filled(maxLength: number) {
  return z.string().min(1).max(maxLength);
}

/** Text that may be left out or empty: both are null. */
export function blank(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .optional()
    .transform((text) => text || null);
}

/** Another field that may be left out or empty: both are null. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([z.literal('').transform(() => null), z.undefined().transform(() => null), schema]);
}

export const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** `0` no, `1` yes. */
export const flag = z.enum(['0', '1']).transform((digit) => digit === '1');

export const decimal = z.string().regex(/^\d{1,12}(?:\.\d{1,6})?$/);

/** ISO 8601 with `+08:00`; older services send a date only, which means its first moment (wire spec 3.2). */
export const dateTime = converted((text) => chinaIso(instantFromChina(text)));

export const date = z.string().refine(isCalendarDate);

/** Child elements, none when there are none. */
export function children<Schema extends z.ZodType>(schema: Schema) {
  return z.array(schema).default([]);
}
