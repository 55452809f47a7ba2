import { z } from 'zod';
import { converted } from '../../values/checked.ts';
import { instantFromChina, isCalendarDate } from '../../values/china-time.ts';
import { fen, fenFromYuan } from '../../values/fen.ts';

/**
 * Readers of the wire's field types (wire spec 2.4). Empty text and null both mean nothing. Unknown fields are dropped
 * (wire spec 2.2). Issues name the path and never the value.
 */

/** Text that must be there. */
export const text = z.string().min(1);

/** Text that may be missing. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value || null);

/** `yyyy-MM-dd`; a time behind it is dropped, some provinces send one. */
export const optionalDay = optionalText
  .transform((value) => value?.slice(0, 10) ?? null)
  .refine((day) => day === null || isCalendarDate(day), 'is not a day');

/** `yyyy-MM-dd HH:mm:ss`, or a day (wire spec 2.4), kept as it came. */
export const optionalMoment = optionalText.refine(
  (value) => value === null || (!value.includes('T') && isChinaMoment(value)),
  'is not a time',
);

function isChinaMoment(value: string): boolean {
  try {
    instantFromChina(value);
    return true;
  } catch {
    return false;
  }
}

/** Flag `"0"` or `"1"`. */
export const optionalFlag = z
  .union([z.literal(''), z.literal('0'), z.literal('1')])
  .nullish()
  .transform((value) => (value ? value === '1' : null));

/** Money in yuan, as fen. */
export const money = z
  .union([z.number(), z.string()])
  .transform(String)
  .pipe(converted(fenFromYuan, 'is not an amount in yuan'));

export const optionalMoney = z
  .union([z.literal('').transform(() => null), money])
  .nullish()
  .transform((value) => value ?? null);

/** A share of a sum: what is not named is nothing. */
export const share = optionalMoney.transform((value) => value ?? fen(0));

/** A ratio or an age: a fraction is harmless here. */
export const optionalNumber = z
  .union([z.literal(''), z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : Number(value)));

/** A quantity or unit price as decimal text: finer than a fen (16,4 and 16,6). */
export const optionalDecimal = z
  .union([z.number().transform(String), z.string()])
  .nullish()
  .transform((value) => value || null)
  .refine((value) => value === null || /^-?\d+(\.\d+)?$/.test(value), 'is not a decimal number');

/** A list of records: a missing node means there are none (wire spec 3.14). */
export function list<Row extends z.ZodType>(row: Row) {
  return z
    .array(row)
    .nullish()
    .transform((rows) => rows ?? []);
}
