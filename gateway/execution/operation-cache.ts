/** Something kept, and what it weighs. */
interface Entry<Value> {
  readonly value: Promise<Value> | Value;
  bytes: number;
  uses: number;
}

/**
 * Keeps what is costly to make, the longest unused given up when all together weigh more than allowed. Made once however many ask at the same
 * time; what failed is not kept.
 */
export class OperationCache<Value> {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry<Value>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under a key, or is being made for it; otherwise what `make` gives. `weigh` tells its bytes, the key's not counted. */
  get(key: string, make: () => Promise<Value>, weigh: (value: Value) => number): Promise<Value> | Value {
    const known = this.#entries.get(key);
    if (known) {
      known.uses += 1;
      // The one used last stands last.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const making = make();
    const entry: Entry<Value> = { value: making, bytes: 0, uses: 1 };
    this.#entries.set(key, entry);
    making.then(
      (value) => {
        if (this.#entries.get(key) !== entry) return;
        this.#entries.set(key, { value, bytes: entry.bytes, uses: entry.uses });
        this.add(key, key.length * 2 + weigh(value));
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return making;
  }

  /** Tells that what is kept under a key has grown. */
  add(key: string, bytes: number): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.bytes += bytes;
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= freed;
    }
  }

  /** The keys used most, the first before all. */
  mostUsed(count: number): { key: string; value: Promise<Value> | Value }[] {
    return [...this.#entries]
      .sort(([, left], [, right]) => right.uses - left.uses)
      .slice(0, count)
      .map(([key, { value }]) => ({ key, value }));
  }
}
