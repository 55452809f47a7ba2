import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput } from '../../invalid-input.ts';

/** The most faults that are named of one form: who sends more has sent another form. */
const MOST_FAULTS = 100;

/** What is wrong with a form, each an `INVALID_INPUT` that names its place. */
export class Faults {
  readonly #found: CasegraphError[] = [];

  get found(): readonly CasegraphError[] {
    return this.#found;
  }

  add(error: unknown): void {
    if (!(error instanceof CasegraphError)) throw error;
    if (this.#found.length < MOST_FAULTS) this.#found.push(error);
  }

  /** Does a check that throws; what it throws is a fault. */
  check(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.add(error);
    }
  }
}

/**
 * Reads a value of a form. What is wrong is thrown as `INVALID_INPUT` or added to `faults`; with faults, what is read is not whole and may
 * lack anything. An absent value is undefined or null.
 */
export type Reader<Value> = (value: unknown, at: string, faults: Faults) => Value;

export type Read<From> = From extends Reader<infer Value> ? Value : never;

type Members = Readonly<Record<string, Reader<unknown>>>;

type NeededName<Of extends Members> = { [Name in keyof Of]: undefined extends Read<Of[Name]> ? never : Name }[keyof Of];

/** An object of these members; those that may be absent are left out. */
export type Shaped<Of extends Members> = { readonly [Name in NeededName<Of>]: Read<Of[Name]> } & {
  readonly [Name in Exclude<keyof Of, NeededName<Of>>]?: Exclude<Read<Of[Name]>, undefined>;
};

/** A member's name as it may be told; anything else could be data in the wrong place. */
const NAME = /^[A-Za-z_]\w{0,40}$/;

/**
 * An object of these members and no others. The members of what is read come in the order of their names, whatever order they were written
 * in, so that its JSON is canonical (RFC 8785).
 */
export function shape<const Of extends Members>(members: Of): Reader<Shaped<Of>> {
  const ordered = Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1));
  return (value, at, faults) => {
    const given = objectInput(at, value);
    const read: Record<string, unknown> = {};
    for (const [name, member] of ordered) {
      try {
        const part = member(given[name], placeIn(at, name), faults);
        if (part !== undefined) read[name] = part;
      } catch (error) {
        faults.add(error);
      }
    }
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(members, name)) faults.add(unknownMember(at, name));
    }
    return read as Shaped<Of>;
  };
}

/** A member that may be absent. */
export function optional<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return (value, at, faults) => (value == null ? undefined : reader(value, at, faults));
}

/** A member that has a value when it is absent. */
export function withDefault<Value>(reader: Reader<Value>, absent: Value): Reader<Value> {
  return (value, at, faults) => (value == null ? absent : reader(value, at, faults));
}

/** A list of so many items. */
export function list<Item>(item: Reader<Item>, least: number, most: number): Reader<readonly Item[]> {
  const size = least === 0 ? { en: `${most} at most`, zh: `最多${most}项` } : { en: `${least} to ${most}`, zh: '' };
  return (value, at, faults) => {
    if (!Array.isArray(present(at, value))) throw invalidInput(at, { en: 'must be a list.', zh: '应为列表。' });
    const given = value as readonly unknown[];
    if (given.length < least || given.length > most) {
      throw invalidInput(at, {
        en: `must be ${size.en}.`,
        zh: size.zh === '' ? `应为${least}至${most}条。` : `${size.zh}。`,
      });
    }
    return given.map((one, index) => {
      try {
        return item(one, `${at}.${index}`, faults);
      } catch (error) {
        faults.add(error);
        return undefined as Item;
      }
    });
  };
}

/** Reads a form that is refused as a whole: throws the first of its faults. */
export function readForm<Value>(reader: Reader<Value>, value: unknown, at: string): Value {
  const faults = new Faults();
  const read = reader(value, at, faults);
  const [first] = faults.found;
  if (first) throw first;
  return read;
}

/** A value that is there. Throws `INVALID_INPUT` naming its place. */
export function present(at: string, value: unknown): unknown {
  if (value != null) return value;
  throw invalidInput(at, { en: 'is missing.', zh: '不能为空。' });
}

export function placeIn(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function objectInput(at: string, value: unknown): Readonly<Record<string, unknown>> {
  const given = present(at, value);
  if (typeof given === 'object' && !Array.isArray(given)) return given as Record<string, unknown>;
  throw invalidInput(at === '' ? 'entry' : at, { en: 'must be an object.', zh: '应为对象。' });
}

function unknownMember(at: string, name: string): CasegraphError {
  const place = NAME.test(name) ? placeIn(at, name) : at === '' ? 'entry' : at;
  return invalidInput(place, {
    en: NAME.test(name) ? 'is not known here.' : 'has a member that is not known here.',
    zh: NAME.test(name) ? '不是此处的字段。' : '含有未知字段。',
  });
}
