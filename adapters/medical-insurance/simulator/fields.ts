import { isCalendarDate } from '../../values/china-time.ts';
import { isDateTime } from './clock.ts';
import { fieldRefusal } from './refusal.ts';

/** How one member of a request is read: gives its value, or throws the `Refusal` that names the member's path. */
export interface Rule<Value> {
  read(value: unknown, path: string): Value;
}

export type Fields = Readonly<Record<string, Rule<unknown>>>;

/** What a rule gives. */
export type Given<Read> = Read extends Rule<infer Value> ? Value : never;

export type Values<Members extends Fields> = { readonly [Name in keyof Members]: Given<Members[Name]> };

/** Members that may stand at any level and mean nothing (wire spec 2.2). */
const EXTENSIONS: ReadonlySet<string> = new Set(['exp_content', 'expContent']);

/** A node with exactly these members; a member the specification does not list is refused. */
export function node<Members extends Fields>(members: Members): Rule<Values<Members>> {
  const rules = Object.entries(members);
  return {
    read(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw fieldRefusal(path, value === undefined || value === null ? '节点不能为空' : '应为对象');
      }
      const given = value as Record<string, unknown>;
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(members, name) && !EXTENSIONS.has(name)) {
          throw fieldRefusal(within(path, name), '不是接口定义的字段');
        }
      }
      const read = rules.map(([name, rule]) => [name, rule.read(given[name], within(path, name))]);
      return Object.fromEntries(read) as Values<Members>;
    },
  };
}

/** A list of at least `min` and at most `max` entries. */
export function list<Value>(entry: Rule<Value>, min: number, max: number): Rule<readonly Value[]> {
  return {
    read(value, path) {
      if (isEmpty(value) && min === 0) return [];
      if (!Array.isArray(value)) throw fieldRefusal(path, isEmpty(value) ? '不能为空' : '应为列表');
      if (value.length < min) throw fieldRefusal(path, '不能为空');
      if (value.length > max) throw fieldRefusal(path, `不能超过${max}条`);
      return value.map((each, index) => entry.read(each, `${path}[${index}]`));
    },
  };
}

/** Lets a whole node be left out. */
export function maybe<Value>(rule: Rule<Value>): Rule<Value | undefined> {
  return { read: (value, path) => (isEmpty(value) ? undefined : rule.read(value, path)) };
}

/** A member that must be there and not empty. */
export function required<Value>(rule: Rule<Value>): Rule<NonNullable<Value>> {
  return {
    read(value, path) {
      if (isEmpty(value)) throw fieldRefusal(path, '不能为空');
      return rule.read(value, path) as NonNullable<Value>;
    },
  };
}

/** Text of at most `max` characters; left out, null and empty are all the empty text (wire spec 2.4). Codes are text, never numbers. */
export function text(max: number): Rule<string> {
  return {
    read(value, path) {
      if (isEmpty(value)) return '';
      if (typeof value !== 'string') throw fieldRefusal(path, '应为文本');
      if (value.length > max && [...value].length > max) throw fieldRefusal(path, `长度不能超过${max}`);
      return value;
    },
  };
}

/** Text in a form of its own, empty allowed. */
export function form(max: number, pattern: RegExp): Rule<string> {
  const base = text(max);
  return {
    read(value, path) {
      const given = base.read(value, path);
      if (given !== '' && !pattern.test(given)) throw fieldRefusal(path, '格式不正确');
      return given;
    },
  };
}

/** One of a list of codes, empty allowed. */
export function code(...values: readonly string[]): Rule<string> {
  const base = text(Math.max(...values.map((value) => value.length)));
  return {
    read(value, path) {
      const given = base.read(value, path);
      if (given !== '' && !values.includes(given)) throw fieldRefusal(path, '不在代码表内');
      return given;
    },
  };
}

/** `"0"` no, `"1"` yes (wire spec 2.4). */
export const flag: Rule<string> = code('0', '1');

/** Region code, 6 digits. */
export const region: Rule<string> = form(6, /^\d{6}$/);

/** `yyyy-MM-dd`, null when empty. */
export const date: Rule<string | null> = moment(10, isCalendarDate);

/** `yyyy-MM-dd HH:mm:ss`, null when empty. */
export const dateTime: Rule<string | null> = moment(19, isDateTime);

/** An amount 16,2 in yuan, a JSON number or text (wire spec 2.4), as fen; null when empty. */
export const money: Rule<number | null> = {
  read(value, path) {
    const plain = decimalText(value, path, 2);
    if (plain === null) return null;
    const [whole = '', fraction = ''] = plain.split('.');
    const fen = Number(whole + fraction.padEnd(2, '0'));
    if (!Number.isSafeInteger(fen)) throw fieldRefusal(path, '金额过大');
    return fen;
  },
};

/** A quantity or unit price, up to six decimals (wire spec 2.4); null when empty. */
export const decimal: Rule<number | null> = {
  read(value, path) {
    const plain = decimalText(value, path, 6);
    return plain === null ? null : Number(plain);
  },
};

/** A whole number of at most `digits` digits, a JSON number or text; null when empty. */
export function whole(digits: number): Rule<number | null> {
  return {
    read(value, path) {
      if (isEmpty(value)) return null;
      if (!new RegExp(`^\\d{1,${digits}}$`).test(String(value)))
        throw fieldRefusal(path, `应为不超过${digits}位的整数`);
      return Number(value);
    },
  };
}

function moment(length: number, exists: (text: string) => boolean): Rule<string | null> {
  const base = text(length);
  return {
    read(value, path) {
      const given = base.read(value, path);
      if (given === '') return null;
      if (!exists(given)) throw fieldRefusal(path, '日期格式不正确');
      return given;
    },
  };
}

function decimalText(value: unknown, path: string, decimals: number): string | null {
  if (isEmpty(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number') throw fieldRefusal(path, '应为数值');
  const plain = String(value);
  if (!new RegExp(`^-?\\d{1,14}(?:\\.\\d{1,${decimals}})?$`).test(plain)) throw fieldRefusal(path, '数值格式不正确');
  return plain;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function within(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Who acts for the insured (代办人), in the fields that filings share. */
export const agent = {
  agnter_name: text(50),
  agnter_cert_type: text(6),
  agnter_certno: text(50),
  agnter_tel: text(50),
  agnter_addr: text(200),
  agnter_rlts: text(6),
};
