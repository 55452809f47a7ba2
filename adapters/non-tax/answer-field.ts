import { z } from 'zod';
import { chinaIso, instantFromChina, isCalendarDate } from '../values/china-time.ts';
import { type Fen, fenFromYuan } from '../values/fen.ts';
import { protocolFault } from './errors.ts';
import { readPayInfo } from './pay-info.ts';
import type { XmlElement } from './xml.ts';

/**
 * Reads the fields of a voucher by name, in any order, ignoring unknown ones (wire spec 3.2). Throws `DEPARTMENT_PROTOCOL` naming the
 * first field that is wrong.
 */
export function readVoucher<Schema extends z.ZodType>(schema: Schema, voucher: XmlElement): z.output<Schema> {
  const result = schema.safeParse(fieldsOf(voucher));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  // zod's own message may repeat the value
  throw protocolFault('The field is missing or not in its form.', ['Voucher', ...(issue?.path ?? [])].join('.'));
}

/** The texts of a voucher's fields by name; a field given twice with two texts is a fault. */
export function fieldsOf(voucher: XmlElement): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const { name, text } of voucher.children) {
    const known = fields.get(name);
    if (known !== undefined && known !== text) throw protocolFault('It is given twice.', `Voucher.${name}`);
    fields.set(name, text);
  }
  return Object.fromEntries(fields);
}

/** A text that may be empty or left out. */
export const optionalText = z.string().default('');

/** Text that an empty or missing field turns into null. */
export const textOrNull = optionalText.transform((text) => (text === '' ? null : text));

/** 结果代码, five digits. */
export const resultCode = z.string().regex(/^\d{5}$/);

/** Currency: yuan with none to two decimals, not below zero, as fen (wire spec section 2). */
export const amount = z.string().transform((text, context): Fen => {
  const value = attempt(() => fenFromYuan(text));
  if (value === undefined || value < 0) {
    context.addIssue({ code: 'custom', message: 'not an amount' });
    return z.NEVER;
  }
  return value;
});

/** Date yyyyMMdd as `yyyy-MM-dd`. */
export const date = z.string().transform((text, context) => {
  const iso = isoDate(text);
  if (iso === undefined) {
    context.addIssue({ code: 'custom', message: 'not a date' });
    return z.NEVER;
  }
  return iso;
});

/** yyyyMMddHHmmss as ISO text with +08:00. */
export const dateTime = z.string().transform((text, context) => {
  const iso = isoDateTime(text);
  if (iso === undefined) {
    context.addIssue({ code: 'custom', message: 'not a time' });
    return z.NEVER;
  }
  return iso;
});

/** PayInfo, which may be empty. */
export const payInfo = optionalText.transform((text, context) => {
  const items = attempt(() => readPayInfo(text));
  if (items === undefined) {
    context.addIssue({ code: 'custom', message: 'not a list of items' });
    return z.NEVER;
  }
  return items;
});

/** A whole number from 0. */
export const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** yyyyMMdd as `yyyy-MM-dd`, undefined for anything else. */
export function isoDate(text: string): string | undefined {
  const iso = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return isCalendarDate(iso) && iso !== text ? iso : undefined;
}

/** yyyyMMddHHmmss, China time, as `yyyy-MM-ddTHH:mm:ss+08:00`, undefined for anything else. */
export function isoDateTime(text: string): string | undefined {
  return /^\d{14}$/.test(text) ? attempt(() => chinaIso(instantFromChina(text))) : undefined;
}

/** What `read` gives, undefined when it refuses with a `RangeError`. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
