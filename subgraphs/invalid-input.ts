import { InvalidIdentifier } from '../adapters/identifiers/invalid-identifier.ts';
import { CasegraphError } from '../adapters/transport/errors.ts';

/** Why a value was refused, in both languages of the error table; neither repeats the value. */
export interface Refusal {
  readonly en: string;
  readonly zh: string;
}

/**
 * `INVALID_INPUT` that names the place of what was refused, `statement.payments.0.amount`.
 *
 * @example throw invalidInput('statement.to', { en: 'must not lie before from.', zh: '不应早于开始日期。' });
 */
export function invalidInput(field: string, { en, zh }: Refusal): CasegraphError {
  return new CasegraphError('INVALID_INPUT', `${field}: ${en}`, { field, detailZh: `${field}：${zh}` });
}

/** What an identifier's parser says of a text that is none. */
export function identifierRefusal({ identifier, reason, reasonZh }: InvalidIdentifier): Refusal {
  return { en: `${identifier}: ${reason}.`, zh: `${reasonZh}。` };
}

/** Reads an identifier that the schema takes as plain text. Throws `INVALID_INPUT` naming the argument. */
export function identifierInput<Identifier extends string>(
  field: string,
  text: string,
  parse: (text: string) => Identifier,
): Identifier {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidIdentifier) throw invalidInput(field, identifierRefusal(error));
    throw error;
  }
}

/** Checks a text's form. Throws `INVALID_INPUT` naming the argument. */
export function formInput(field: string, text: string, form: RegExp, refusal: Refusal): string {
  if (!form.test(text)) throw invalidInput(field, refusal);
  return text;
}

/** Checks that a text is there, and how long it is: a character outside the basic plane counts one. Throws `INVALID_INPUT`. */
export function textInput(field: string, text: string, longest: number): string {
  if (text.trim() !== '' && isAtMost(text, longest)) return text;
  throw invalidInput(field, { en: `must have 1 to ${longest} characters.`, zh: `应为1至${longest}个字符。` });
}

/** Whether a text has so many characters at most: one outside the basic plane counts one. */
export function isAtMost(text: string, longest: number): boolean {
  return text.length <= longest || [...text].length <= longest;
}

/** Checks that a period does not end before it begins; days compare as text. Throws `INVALID_INPUT` naming its end. */
export function periodInput(field: string, { from, to }: { readonly from: string; readonly to: string }): void {
  if (to < from) throw invalidInput(field, { en: 'must not lie before the first day.', zh: '不应早于开始日期。' });
}
