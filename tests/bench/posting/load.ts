/** What a load came to. */
export interface Load {
  /** Postings a second, each on disk before it was acknowledged. */
  readonly rate: number;
  readonly p99Ms: number;
}

/** One request, of as many postings as it gives. */
export type Request = () => Promise<number>;

/** So many writers send one request after the other for a time. */
export class Writers {
  readonly #count: number;
  readonly #request: Request;
  readonly #latencies: number[] = [];
  #postings = 0;
  #elapsedMs = 0;

  constructor(count: number, request: Request) {
    this.#count = count;
    this.#request = request;
  }

  async run(ms: number): Promise<void> {
    const started = performance.now();
    await Promise.all(Array.from({ length: this.#count }, () => this.#write(started + ms)));
    this.#elapsedMs += performance.now() - started;
  }

  get postings(): number {
    return this.#postings;
  }

  get load(): Load {
    const sorted = this.#latencies.toSorted((one, other) => one - other);
    return {
      rate: (this.#postings * 1_000) / this.#elapsedMs,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    };
  }

  async #write(until: number): Promise<void> {
    for (;;) {
      const begun = performance.now();
      if (begun >= until) return;
      const written = await this.#request();
      this.#postings += written;
      this.#latencies.push(performance.now() - begun);
    }
  }
}
