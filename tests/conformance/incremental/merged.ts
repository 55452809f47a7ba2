import type { Increment, Part, PartError, Path } from './reader.ts';

type Container = Record<string | number, unknown>;

/**
 * An answer put together from its parts as a client does it. Throws for whatever breaks the rules of the format: data for a place that has
 * not come or that came before (in today's format), an id that was not announced, one that is never told to be complete, parts after the last.
 */
export class MergedAnswer {
  data: unknown;
  readonly errors: PartError[] = [];
  /** Labels in the order in which their data came. */
  readonly labels: (string | undefined)[] = [];
  readonly #pending = new Map<string, { readonly path: Path; readonly label: string | undefined }>();
  #begun = false;
  #ended = false;

  static of(parts: Iterable<Part>): MergedAnswer {
    const merged = new MergedAnswer();
    for (const part of parts) merged.add(part);
    merged.end();
    return merged;
  }

  add(part: Part): void {
    if (this.#ended) throw new Error('a part after the last');
    if (!this.#begun) {
      if (!('data' in part) && !part.errors) throw new Error('a first part without data');
      this.data = part.data;
    }
    this.#begun = true;
    this.errors.push(...(part.errors ?? []));
    for (const { id, path, label } of part.pending ?? []) {
      if (this.#pending.has(id)) throw new Error(`${id} is announced twice`);
      this.#pending.set(id, { path, label });
    }
    for (const increment of part.incremental ?? []) this.#increment(increment);
    for (const { id } of part.pending ?? []) this.#at(this.#announced(id).path);
    for (const { id, errors = [] } of part.completed ?? []) {
      this.#announced(id);
      this.#pending.delete(id);
      this.errors.push(...errors);
    }
    this.#ended = part.hasNext !== true;
  }

  end(): void {
    if (!this.#ended) throw new Error('the last part promises another');
    if (this.#pending.size > 0) throw new Error(`never complete: ${[...this.#pending.keys()]}`);
  }

  #increment({ id, subPath = [], path, label, data, errors = [] }: Increment): void {
    const announced = id === undefined ? undefined : this.#announced(id);
    const at = announced ? [...announced.path, ...subPath] : path;
    if (!at) throw new Error('data without a place');
    this.labels.push(announced ? announced.label : label);
    this.errors.push(...errors);
    const target = this.#at(at);
    if (announced) addTo(target, data as Container);
    else if (data !== null) mergeInto(target, data as Container);
  }

  #announced(id: string) {
    const announced = this.#pending.get(id);
    if (!announced) throw new Error(`${id} was not announced, or is complete`);
    return announced;
  }

  /** The object at a path, which must be there. */
  #at(path: Path): Container {
    const value = path.reduce<unknown>((parent, key) => (parent as Container | null | undefined)?.[key], this.data);
    if (typeof value !== 'object' || value === null) throw new Error(`nothing is at ${JSON.stringify(path)}`);
    return value as Container;
  }
}

/** Today's format: members are added to an object, and each comes once. */
function addTo(target: Container, members: Container): void {
  for (const [key, value] of Object.entries(members)) {
    if (Object.hasOwn(target, key)) throw new Error(`${key} came before`);
    put(target, key, value);
  }
}

/** The format of 2022: each part is whole, and what came before may come again. */
function mergeInto(target: Container, source: Container): void {
  for (const [key, value] of Object.entries(source)) {
    const known = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isContainer(known) && isContainer(value)) mergeInto(known, value);
    else put(target, key, value);
  }
}

/** A key of an answer may be called `__proto__`. */
function put(target: Container, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
