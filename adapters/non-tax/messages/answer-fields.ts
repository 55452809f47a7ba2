import { z } from 'zod';
import { checked, converted } from '../../values/checked.ts';
import { chinaIso, instantFromChina, isCalendarDate } from '../../values/china-time.ts';
import { fenFromYuan } from '../../values/fen.ts';
import { protocolFault } from '../errors.ts';
import { readPayInfo } from './pay-info.ts';
import type { XmlElement } from './xml.ts';

/**
 * Reads the fields of a voucher by name, in any order, ignoring unknown ones (wire spec 3.2). Throws `DEPARTMENT_PROTOCOL` naming the
 * first field that is wrong.
 */
export function readVoucher<Schema extends z.ZodType>(schema: Schema, voucher: XmlElement): z.output<Schema> {
  return checked(schema, fieldsOf(voucher), 'Voucher', protocolFault);
}

/** The texts of a voucher's fields by name; a field given twice with two texts is a fault. */
export function fieldsOf(voucher: XmlElement): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const { name, text } of voucher.children) {
    const known = fields.get(name);
    if (known !== undefined && known !== text) throw protocolFault(`Voucher.${name}`, 'is given twice');
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
export const amount = converted(fenFromYuan, 'is not an amount').refine((value) => value >= 0, 'is below zero');

/** Date yyyyMMdd as `yyyy-MM-dd`. */
export const date = converted(isoDate, 'is not a date');

/** yyyyMMddHHmmss as ISO text with +08:00. */
export const dateTime = converted(isoDateTime, 'is not a time');

/** PayInfo, which may be empty. */
export const payInfo = optionalText.pipe(converted(readPayInfo, 'is not a list of items'));

/** A whole number from 0. */
export const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** yyyyMMdd as `yyyy-MM-dd`. Throws `RangeError`. */
function isoDate(text: string): string {
  const iso = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  if (iso === text || !isCalendarDate(iso)) throw new RangeError('not a day');
  return iso;
}

/** yyyyMMddHHmmss, China time, as `yyyy-MM-ddTHH:mm:ss+08:00`. Throws `RangeError`. */
function isoDateTime(text: string): string {
  if (!/^\d{14}$/.test(text)) throw new RangeError('not a time');
  return chinaIso(instantFromChina(text));
}
