import { isIdNumber } from '../../identifiers/id-number.ts';
import type { MarkupElement } from './markup.ts';
import { Refusal } from './refusal.ts';

/** The attributes that an element may have: a name, and whether it has to be there. */
export type AttributeRules = Readonly<Record<string, { readonly required: boolean; readonly form: RegExp }>>;

/** A required attribute of a form. */
export const must = (form: RegExp) => ({ required: true, form });
/** An attribute that may be left out. */
export const may = (form: RegExp) => ({ required: false, form });
/** 1 to `length` characters. */
export const upTo = (length: number) => new RegExp(`^.{1,${length}}$`, 'su');

/** Gives the one element inside Data. Throws `Refusal` 1002 when it is another or not alone. */
export function onlyRecord(data: MarkupElement, name: string): MarkupElement {
  const [record, ...others] = data.children;
  if (!record || others.length > 0 || record.name !== name || data.text.trim() !== '') throw new Refusal('1002');
  return record;
}

/** Gives an element's attributes, missing ones empty. Throws `Refusal` 1002 for a missing, unknown, overlong or malformed one. */
export function attributesOf(element: MarkupElement, rules: AttributeRules): (name: string) => string {
  const { attributes } = element;
  for (const name of attributes.keys()) if (!Object.hasOwn(rules, name)) throw new Refusal('1002');
  for (const [name, { required, form }] of Object.entries(rules)) {
    const value = attributes.get(name);
    if (value === undefined ? required : !form.test(value)) throw new Refusal('1002');
  }
  return (name) => attributes.get(name) ?? '';
}

/** Who is asked about. */
export interface Subject {
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
}

/** QLRMC, ZJZL, ZJH; any form is taken here, `checkSubject` refuses with its own code. */
export const SUBJECT_RULES = { QLRMC: must(upTo(100)), ZJZL: must(/^/), ZJH: must(/^/) };

/** Throws `Refusal` 1005 for an ID type that is not in the list or a number that is not of it (wire spec 3.1, 3.2, 6.3). */
export function subjectOf(value: (name: string) => string, now: number): Subject {
  const subject = { name: value('QLRMC'), idType: value('ZJZL'), idNumber: value('ZJH') };
  if (!/^(?:[1-7]|99)$/.test(subject.idType)) throw new Refusal('1005');
  const fits =
    subject.idType === '1'
      ? isIdNumber(subject.idNumber, { asOf: new Date(now) }) || isOldNumber(subject.idNumber)
      : /^[0-9A-Z()-]{1,50}$/.test(subject.idNumber);
  if (!fits) throw new Refusal('1005');
  return subject;
}

/** The 15 digits of before 1999: yyMMdd in the middle, no check character. */
function isOldNumber(number: string): boolean {
  const date = /^\d{6}(\d\d)(\d\d)(\d\d)\d{3}$/.exec(number);
  if (!date) return false;
  const born = new Date(`19${date[1]}-${date[2]}-${date[3]}T00:00:00Z`);
  return !Number.isNaN(born.getTime()) && born.getUTCDate() === Number(date[3]);
}

/** The 15-digit form of an 18-digit number of someone born before 2000. */
export function oldNumber(idNumber: string): string | undefined {
  return idNumber.length === 18 && idNumber.slice(6, 8) === '19'
    ? idNumber.slice(0, 6) + idNumber.slice(8, 17)
    : undefined;
}
