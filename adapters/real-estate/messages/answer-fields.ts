import { z } from 'zod';
import { converted } from '../../values/checked.ts';
import { chinaIso, instantFromChina, isCalendarDate } from '../../values/china-time.ts';
import type { XmlElement } from './xml.ts';

/** An element as a plain object: attributes under their names, child elements as lists under theirs, character data as `#text`. */
export function recordOf(element: XmlElement): Record<string, unknown> {
  const record: Record<string, unknown> = { ...element.attributes, '#text': element.text };
  for (const [name, elements] of Map.groupBy(element.children, (child) => child.name)) {
    record[name] = elements.map(recordOf);
  }
  return record;
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
