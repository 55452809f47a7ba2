import type { GraphQLFormattedError } from 'graphql';
import { CasegraphError } from '../../../adapters/transport/errors.ts';

/** Something that went wrong with a value: what the client is told, but for the path, which the projector finds. */
export interface Failure {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Where below the value it went wrong, in slots, when the value is null because of that. */
  readonly below: readonly (string | number)[];
  /** True for a value that was lost with another: it is told only where that other one has not taken the whole object with it. */
  readonly lost?: boolean;
  /** True for one that counts only where the client asked for the value: nobody else misses it. */
  readonly hidden?: boolean;
  /** True once it stands in the answer. */
  told: boolean;
}

/**
 * Failures by the place in a request's data where they count: an object and a slot of it, or a list and an index. An entity that stands at
 * several places is one object, or its failures are laid at each, so that the projector meets them on every path.
 */
export class Failures {
  readonly #places = new Map<object, Map<string | number, Failure[]>>();
  /** Failures without a place. */
  readonly #unplaced: Failure[] = [];

  at(container: object): ReadonlyMap<string | number, readonly Failure[]> | undefined {
    return this.#places.get(container);
  }

  add(container: object, slot: string | number, failure: Failure): void {
    let slots = this.#places.get(container);
    if (!slots) {
      slots = new Map();
      this.#places.set(container, slots);
    }
    const known = slots.get(slot);
    if (!known || (known[0]?.lost && !failure.lost)) slots.set(slot, [failure]);
    // One error for one value, however often a shared object is met.
    else if (!failure.lost && !known.some(({ below }) => below.join() === failure.below.join())) known.push(failure);
  }

  addUnplaced(failure: Failure): void {
    this.#unplaced.push(failure);
  }

  /** What lay at one object lies at another, into which it was merged. */
  move(from: object, to: object): void {
    const slots = this.#places.get(from);
    if (!slots || from === to) return;
    this.#places.delete(from);
    for (const [slot, failures] of slots) for (const failure of failures) this.add(to, slot, failure);
  }

  /** What no projector has met: it went wrong with a value that was fetched for the gateway's own use. Each is told once. */
  untold(): Failure[] {
    const placed = [...this.#places.values()].flatMap((slots) => [...slots.values()].flat());
    return [...new Set([...this.#unplaced, ...placed])].filter(({ told, lost, hidden }) => !told && !lost && !hidden);
  }
}

/** What is told of an error that a fetch ended with; anything but a `CasegraphError` is a fault of ours, and thrown on. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof CasegraphError)) throw error;
  return { message: error.message, extensions: error.extensions, below: [], told: false };
}

/** What is told of an error that a subgraph reported. */
export function failureFrom({ message, extensions = {} }: GraphQLFormattedError): Failure {
  return { message, extensions, below: [], told: false };
}
