import { isCalendarDate } from '../../values/china-time.ts';
import { type Fen, fenFromYuan } from '../../values/fen.ts';
import { encodeGb18030 } from './charset.ts';
import { badParameter } from './refusal.ts';
import type { XmlElement } from './xml.ts';

/** How one field of a voucher is written (wire spec 2, "Types"). */
export interface FieldRule {
  /** False: the element may be empty or absent. */
  readonly mandatory: boolean;
  readonly accepts: (value: string) => boolean;
  /** The rules of its children, for an element that has some. */
  readonly group?: FieldRules;
}

export type FieldRules = Readonly<Record<string, FieldRule>>;

/** String: ASCII, its length in characters. A shortest length of 0 makes it optional. */
export const ascii = (shortest: number, longest: number): FieldRule => ({
  mandatory: shortest > 0,
  accepts: (value) => value.length >= shortest && value.length <= longest && /^[\x20-\x7e]*$/.test(value),
});

/** NString: digits. */
export const digits = (shortest: number, longest: number): FieldRule => ({
  mandatory: shortest > 0,
  accepts: (value) => value.length >= shortest && value.length <= longest && /^[0-9]*$/.test(value),
});

/** GBString: its length counted in GB18030 bytes (wire spec 2). */
export const text = (shortest: number, longest: number): FieldRule => ({
  mandatory: shortest > 0,
  accepts: (value) => {
    const length = encodeGb18030(value).length;
    return length >= shortest && length <= longest;
  },
});

/** ASCII of one form. */
export const matching = (pattern: RegExp): FieldRule => ({ mandatory: true, accepts: (value) => pattern.test(value) });

/** Date: `yyyyMMdd` of the calendar. */
export const date: FieldRule = { mandatory: true, accepts: isCompactDate };

/** Currency: yuan with 0 to 2 decimals. */
export const currency: FieldRule = matching(/^\d{1,13}(\.\d{1,2})?$/);

/** An optional element with children of its own. */
export const group = (rules: FieldRules): FieldRule => ({
  mandatory: false,
  accepts: (value) => value.trim() === '',
  group: rules,
});

/** True for a `yyyyMMdd` that the calendar has. */
export function isCompactDate(value: string): boolean {
  return /^\d{8}$/.test(value) && isCalendarDate(`${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`);
}

/** A field that `currency` took, as fen. */
export function fenOf(value: string): Fen {
  return fenFromYuan(value);
}

/**
 * The fields of a voucher by name, absent optional ones as `''`, in the order of the rules whatever the order on the wire. Throws
 * `Refusal` 10002 naming the first field that is unknown, repeated, missing or does not keep its rule.
 */
export function readFields<Rules extends FieldRules>(
  voucher: XmlElement,
  rules: Rules,
  path = '',
): Readonly<Record<keyof Rules & string, string>> {
  const elements = new Map<string, XmlElement>();
  for (const element of voucher.children) {
    if (!Object.hasOwn(rules, element.name) || elements.has(element.name))
      throw badParameter(path + element.name.slice(0, 40));
    elements.set(element.name, element);
  }
  if (voucher.children.length > 0 && voucher.text.trim() !== '') throw badParameter(path.slice(0, -1) || 'Voucher');
  const fields: Record<string, string> = {};
  for (const [name, rule] of Object.entries(rules)) fields[name] = readField(elements.get(name), name, rule, path);
  return fields as Readonly<Record<keyof Rules & string, string>>;
}

function readField(element: XmlElement | undefined, name: string, rule: FieldRule, path: string): string {
  const value = element?.text ?? '';
  if (element && element.children.length > 0) {
    if (!rule.group) throw badParameter(path + name);
    readFields(element, rule.group, `${path}${name}.`);
  }
  if (value === '' && !rule.mandatory) return '';
  if (!rule.accepts(value)) throw badParameter(path + name);
  return value;
}
