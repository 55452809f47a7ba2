import { isLongNumber } from '../../precise-json.ts';

export type Path = readonly (string | number)[];

/** Members that an object at a path lacks. */
export interface Lacking {
  readonly path: Path;
  readonly members: Members;
}

/** May have a member that is called `__proto__`: it has no prototype. */
type Members = Record<string, unknown>;

/** What a client has of an answer that comes in parts, when it puts each part where the part says. */
export class Shown {
  readonly #data: unknown;

  constructor(data: unknown) {
    this.#data = data;
  }

  /** True where an object stands to which something can be added. */
  isObject(path: Path): boolean {
    return isObject(this.#at(path));
  }

  /** True where a null stands on the way, or at its end: what failed there has been told. */
  isNull(path: Path): boolean {
    return this.#at(path) === null;
  }

  /**
   * Adds to the object at a path what it lacks of `data`, and tells what that is, object by object. Undefined, and nothing added, when a null
   * would have to take the place of an object or list that the client has.
   */
  add(path: Path, data: unknown): readonly Lacking[] | undefined {
    const found: { readonly lacking: Lacking; readonly target: Members }[] = [];
    const look = (shown: unknown, value: unknown, at: Path): boolean => {
      if (Array.isArray(shown)) {
        return Array.isArray(value) && value.every((item, index) => look(shown[index], item, [...at, index]));
      }
      // What became null stays so: the client was told why.
      if (!isObject(shown)) return true;
      if (!isObject(value)) return false;
      const members: Members = Object.create(null);
      const added = Object.entries(value).filter(([key]) => !Object.hasOwn(shown, key));
      for (const [key, member] of added) members[key] = member;
      if (added.length > 0) found.push({ lacking: { path: at, members }, target: shown });
      return Object.entries(value).every(
        ([key, member]) => !Object.hasOwn(shown, key) || look(shown[key], member, [...at, key]),
      );
    };
    const target = this.#at(path);
    if (!look(target, data, path)) return undefined;
    for (const one of found) {
      for (const [key, value] of Object.entries(one.lacking.members)) {
        Object.defineProperty(one.target, key, { value, writable: true, enumerable: true, configurable: true });
      }
    }
    return found.map(({ lacking }) => lacking);
  }

  #at(path: Path): unknown {
    let value = this.#data;
    for (const step of path) {
      if (value === null || typeof value !== 'object') return value;
      value = Object.hasOwn(value, step) ? (value as Members)[step] : undefined;
    }
    return value;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLongNumber(value);
}
