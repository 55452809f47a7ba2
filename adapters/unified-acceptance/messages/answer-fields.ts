import { z } from 'zod';
import { converted } from '../../values/checked.ts';
import { chinaIso, instantFromChina } from '../../values/china-time.ts';

/** Text of an answer; the platform's limit for the longest columns is 2000 characters (wire spec 3.3). */
export const text = z.string().max(2_000);

/** Text that an answer cannot leave empty. */
export const filledText = text.min(1);

/** `yyyy-MM-dd HH:mm:ss` in China time, given as ISO 8601 with its offset. */
export const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'is not a time of the form yyyy-MM-dd HH:mm:ss')
  .pipe(converted((value) => chinaIso(instantFromChina(value)), 'is not a time that the calendar has'));

/** A time, or null for `""` (not applicable) and for an absent field (not known), wire spec 2. */
export const timeOrNull = z
  .union([z.literal('').transform(() => null), time])
  .nullish()
  .transform((value) => value ?? null);

/** Text, or null for `""` and for an absent field (wire spec 2). */
export const textOrNull = text.nullish().transform((value) => (value ? value : null));

/** `"1"` and `"0"` as a truth value. */
export const flag = z.enum(['0', '1']).transform((value) => value === '1');
