/** Something that went wrong with a value: what the client is told, but for the path, which the projector finds. */
export interface Failure {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Where below the value it went wrong, in slots, when the value is null because of that. */
  readonly below: readonly (string | number)[];
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
    if (known) known.push(failure);
    else slots.set(slot, [failure]);
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
    const untold = new Set(this.#unplaced.filter(({ told }) => !told));
    for (const slots of this.#places.values()) {
      for (const failures of slots.values()) for (const failure of failures) if (!failure.told) untold.add(failure);
    }
    return [...untold];
  }
}
