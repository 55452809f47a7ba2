import { InvalidIdentifier } from '../../identifiers/invalid-identifier.ts';
import { invalidInput } from '../../values/checked.ts';
import { chinaIso, instantFromChina } from '../../values/china-time.ts';
import { isXmlText } from './xml.ts';

/** Text of 1 to `maxLength` characters (a character outside the basic plane counts one) that XML can carry. */
export function textInput(field: string, text: string, maxLength: number): string {
  const length = [...text].length;
  if (length < 1 || length > maxLength) throw invalidInput(field, `must have 1 to ${maxLength} characters`);
  if (!isXmlText(text)) throw invalidInput(field, 'holds characters that the wire cannot carry');
  return text;
}

/** Text of a given form. */
export function formInput(field: string, text: string, form: RegExp, reason: string): string {
  if (!form.test(text)) throw invalidInput(field, reason);
  return text;
}

/** An identifier, by one of the parsers of `adapters/identifiers`. */
export function identifierInput<Identifier extends string>(
  field: string,
  text: string,
  parse: (text: string) => Identifier,
): Identifier {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidIdentifier) throw invalidInput(field, error.reason);
    throw error;
  }
}

/** A time in any of the forms of `instantFromChina`, as `yyyy-MM-ddTHH:mm:ss+08:00`. */
export function timeInput(field: string, text: string): string {
  try {
    return chinaIso(instantFromChina(text));
  } catch (error) {
    if (error instanceof RangeError) throw invalidInput(field, 'must be a date and time');
    throw error;
  }
}

/** A whole number from `low` to `high`, as text. */
export function numberInput(field: string, value: number, low: number, high: number): string {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw invalidInput(field, `must be a whole number from ${low} to ${high}`);
  }
  return String(value);
}

/** CXMD 查询目的, one of the five of wire spec 3.1. */
export function purposeInput(purpose: string): string {
  return formInput('purpose', purpose, /^[1-5]$/, 'must be a purpose code 1 to 5');
}
