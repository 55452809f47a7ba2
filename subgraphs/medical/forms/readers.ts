import { type IdNumber, parseIdNumber } from '../../../adapters/identifiers/id-number.ts';
import type { MedicalProvider } from '../../../adapters/identifiers/medical-provider.ts';
import type { CodedName } from '../../../adapters/medical-insurance/records/person.ts';
import { chinaIso, instantFromChina, isCalendarDate } from '../../../adapters/values/china-time.ts';
import { formInput, identifierInput, invalidInput, textInput } from '../../invalid-input.ts';
import { codeInput, hospitalInput, phoneInput } from './form-fields.ts';
import { present, type Reader, shape } from './shape.ts';

/** Readers of single values, from GraphQL's typed input and from plain JSON alike. */

/** Control characters besides tab and line end, and halves of a character: no department's text has them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/u;

/** A moment in China's time, `yyyy-MM-ddTHH:mm:ss+08:00`; such texts compare as their moments do. */
export type Moment = string & { readonly __unit: 'moment' };

/** A text that says something, up to so many characters. */
export function text(longest: number): Reader<string> {
  return (value, at) => {
    const given = textInput(at, textual(value, at), longest);
    if (!UNWRITABLE.test(given)) return given;
    throw invalidInput(at, { en: 'has characters that cannot be written.', zh: '含有无法显示的字符。' });
  };
}

/** A code without white space. */
export function code(longest: number): Reader<string> {
  const checked = text(longest);
  return (value, at, faults) => codeInput(at, checked(value, at, faults), longest);
}

/** A text of a form. */
export function formed(form: RegExp, refusal: { readonly en: string; readonly zh: string }): Reader<string> {
  return (value, at) => formInput(at, textual(value, at), form, refusal);
}

/** An entry of one of the platform's catalogues. */
export function entry(longest: { readonly code: number; readonly name: number }): Reader<CodedName> {
  return shape({ code: code(longest.code), name: text(longest.name) });
}

export const phone: Reader<string> = (value, at) => phoneInput(at, textual(value, at));

export const idNumber: Reader<IdNumber> = (value, at) => identifierInput(at, textual(value, at), parseIdNumber);

/** A hospital's provider code. */
export const hospital: Reader<MedicalProvider> = (value, at) => hospitalInput(at, textual(value, at)).code;

export const flag: Reader<boolean> = (value, at) => {
  const given = present(at, value);
  if (typeof given === 'boolean') return given;
  throw invalidInput(at, { en: 'must be true or false.', zh: '应为true或false。' });
};

/** A whole number. */
export function whole(least: number, most: number): Reader<number> {
  return (value, at) => {
    const given = present(at, value);
    if (typeof given === 'number' && Number.isInteger(given)) return between(at, given, least, most);
    throw invalidInput(at, { en: 'must be a whole number.', zh: '应为整数。' });
  };
}

/** An amount of fen. */
export function amount(least: 0 | 1, most: number): Reader<number> {
  return (value, at) => {
    const given = present(at, value);
    if (typeof given !== 'number' || !Number.isSafeInteger(given)) {
      throw invalidInput(at, { en: 'must be a whole number of fen.', zh: '应为整数，单位为分。' });
    }
    if (given < least) {
      const [en, zh] = least === 0 ? ['not be below zero', '不应小于零'] : ['be above zero', '应大于零'];
      throw invalidInput(at, { en: `must ${en}.`, zh: `${zh}。` });
    }
    if (given > most) throw invalidInput(at, { en: `must be ${most} fen at most.`, zh: `不应超过${most}分。` });
    return given;
  };
}

/** A day of the calendar, `yyyy-MM-dd`. */
export const day: Reader<string> = (value, at) => {
  const given = textual(value, at);
  if (isCalendarDate(given)) return given;
  throw invalidInput(at, {
    en: 'must be a day of the calendar, yyyy-MM-dd.',
    zh: '应为日历上的日期，格式yyyy-MM-dd。',
  });
};

/** A moment with its offset; parts of a second are left out. */
export const moment: Reader<Moment> = (value, at) => {
  const read = momentOf(textual(value, at));
  if (read !== undefined) return read;
  throw invalidInput(at, {
    en: 'must be a moment with its offset, 2026-03-16T09:20:12+08:00.',
    zh: '应为带时区的时间，例如2026-03-16T09:20:12+08:00。',
  });
};

/** A moment as GraphQL reads it, milliseconds since 1970. */
export function momentAt(instant: number): Moment {
  return chinaIso(instant) as Moment;
}

/** As departments write it, `yyyy-MM-dd HH:mm:ss`. */
export function departmentTime(read: Moment): string {
  return `${read.slice(0, 10)} ${read.slice(11, 19)}`;
}

export function between(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw invalidInput(field, { en: `must be from ${least} to ${most}.`, zh: `应为${least}至${most}。` });
}

function textual(value: unknown, at: string): string {
  const given = present(at, value);
  if (typeof given === 'string') return given;
  throw invalidInput(at, { en: 'must be text.', zh: '应为文本。' });
}

function momentOf(given: string): Moment | undefined {
  // What nearly everybody writes needs no conversion.
  if (/^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\+08:00$/.test(given)) {
    return isCalendarDate(given.slice(0, 10)) ? (given as Moment) : undefined;
  }
  if (!/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(given)) return undefined;
  try {
    return momentAt(instantFromChina(given));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
