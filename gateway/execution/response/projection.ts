import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { Failure, Failures } from './failures.ts';
import type { JsonWriter } from './json-writer.ts';

/** An error of the answer. */
export interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

interface FoundError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** From the inside out: each level adds its own key as the projector comes back to it. */
  readonly path: (string | number)[];
}

/** One writing of a part of an answer: where to, and what was met on the way. */
export class Projection {
  readonly writer: JsonWriter;
  /** What went wrong while the data was gathered; undefined when nothing did, which is the rule. */
  readonly failures: Failures | undefined;
  /** The answers to what was asked of the schema itself, by key. */
  readonly introspection: Readonly<Record<string, string>>;
  readonly #errors: FoundError[] = [];

  constructor(writer: JsonWriter, failures: Failures | undefined, introspection: Readonly<Record<string, string>>) {
    this.writer = writer;
    this.failures = failures;
    this.introspection = introspection;
  }

  /** How many errors were met so far. */
  get errors(): number {
    return this.#errors.length;
  }

  /** Tells failures at the current value. `pathBelow` gives the client's path for what lies below it. */
  tell(failures: readonly Failure[], pathBelow: (below: Failure['below']) => readonly (string | number)[]): void {
    for (const failure of failures) {
      failure.told = true;
      const { message, extensions } = failure;
      this.#errors.push({ message, extensions, path: pathBelow(failure.below).toReversed() });
    }
  }

  /** A value that a subgraph answered and that cannot stand where it is. */
  refuse(detail: string): void {
    const { message, extensions } = new CasegraphError('DEPARTMENT_PROTOCOL', detail);
    this.#errors.push({ message, extensions, path: [] });
  }

  /** Adds a key to the path of every error met since there were `before`. */
  within(before: number, key: string | number): void {
    for (let index = before; index < this.#errors.length; index += 1)
      (this.#errors[index] as FoundError).path.push(key);
  }

  /** The errors met, below a path. */
  found(prefix: readonly (string | number)[] = []): ResponseError[] {
    return this.#errors.map(({ message, extensions, path }) => ({
      message,
      path: [...prefix, ...path.toReversed()],
      extensions,
    }));
  }
}
