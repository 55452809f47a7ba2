import { z } from 'zod';
import { isBankCard } from '../../identifiers/bank-card.ts';
import { isDisabilityCertificate } from '../../identifiers/disability-certificate.ts';
import { isIdNumber } from '../../identifiers/id-number.ts';
import { isNationalDivision } from '../../identifiers/national-division.ts';
import { instantFromChina, isCalendarDate } from '../../values/china-time.ts';
import { type Fen, fenFromYuan } from '../../values/fen.ts';

/** The code lists and value rules of wire spec 2 and 3.0, as the schemas both directions are held to. */

export const category = z.enum(['1', '2', '3', '4', '5', '6', '7']);
export const grade = z.enum(['1', '2', '3', '4']);
export const certificateStatus = z.enum(['1', '2', '3', '4', '5']);
export const economicStatus = z.enum(['0', '1', '2']);
export const applicationMode = z.enum(['1', '2']);
export const hukouType = z.enum(['1', '2']);
export const materialForm = z.enum(['1', '2', '3']);
export const materialCode = z.enum(['01', '02', '03', '04', '05', '06', '07']);
export const payResult = z.enum(['0', '1', '2', '3']);
export const subsidyType = z.enum(['1', '2']);
export const enrolmentState = z.enum(['50', '51', '52']);
export const stage = z.enum(['1', '2', '3']);
export const decision = z.enum(['1', '2', '3']);
export const reasonCode = z.enum(['R01', 'R02', 'R03', 'R04', 'R05', 'R06', 'R07', 'R08', 'R09', 'R10']);
export const applicationStatus = z.enum(['10', '11', '12', '20', '21', '30', '32', '40', '42', '50', '51', '52', '60']);

/** A list of subsidy types without repeats. */
export const subsidyTypes = z
  .array(subsidyType)
  .refine((types) => new Set(types).size === types.length, 'a type is named twice');

export const text = z.string().regex(/\S/, 'must not be empty');
export const day = z.string().refine(isCalendarDate, 'must be a day, yyyy-MM-dd');
export const month = z.string().regex(/^\d{4}(0[1-9]|1[0-2])$/, 'must be a month, yyyyMM');
export const moment = z.string().refine(isMoment, 'must be a time, yyyy-MM-dd HH:mm:ss');
export const division = z.string().refine(isTwelveDigitDivision, 'must be a division of 12 digits');
export const idNumber = z.string().refine((value) => isIdNumber(value), 'must be an identity number');
export const certificateNumber = z
  .string()
  .refine((value) => isDisabilityCertificate(value), 'must be a disability certificate number');
export const bankAccount = z.string().refine((value) => isBankCard(value), 'must be a bank card number');
export const applicationNumber = z.string().regex(/^LB\d{20}$/, 'must be LB and 20 digits');

/** Yuan as text with two decimals (2), read as fen. */
export const yuan = z
  .string()
  .regex(/^\d{1,12}\.\d{2}$/, 'must be yuan with two decimals')
  .transform((value): Fen => fenFromYuan(value));

/** A whole number that the wire writes as text; a JSON number is taken too. */
export const count = z
  .union([z.string().regex(/^\d{1,9}$/), z.int().nonnegative()])
  .transform((value) => Number(value));

/** `1` or `0`, read as true or false. */
export const flag = z.enum(['0', '1']).transform((value) => value === '1');

/** Absent values come as null or not at all (2); both read as null. */
export function optional<Output>(schema: z.ZodType<Output>) {
  return schema.nullish().transform((value): Output | null => value ?? null);
}

function isMoment(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value)) return false;
  try {
    instantFromChina(value);
    return true;
  } catch {
    return false;
  }
}

function isTwelveDigitDivision(value: string): boolean {
  return value.length === 12 && isNationalDivision(value);
}
