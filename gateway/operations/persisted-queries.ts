/**
 * The texts that clients have registered by automatic persisted queries, in memory, each under its SHA-256. The longest unused are given up
 * when all together take more bytes than allowed; a client whose text is gone registers it again.
 */
export class PersistedQueries {
  readonly #maxBytes: number;
  /** The one used last stands last. */
  readonly #texts = new Map<string, string>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that the texts take at most: two for each character of a text and of its hash. */
  get bytes(): number {
    return this.#bytes;
  }

  get(hash: string): string | undefined {
    const text = this.#texts.get(hash);
    if (text === undefined) return undefined;
    this.#texts.delete(hash);
    this.#texts.set(hash, text);
    return text;
  }

  /** Keeps a text; one that is larger than all may be together is not kept. */
  set(hash: string, text: string): void {
    const bytes = weight(hash, text);
    if (bytes > this.#maxBytes || this.get(hash) !== undefined) return;
    this.#texts.set(hash, text);
    this.#bytes += bytes;
    for (const [oldest, freed] of this.#texts) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#texts.delete(oldest);
      this.#bytes -= weight(oldest, freed);
    }
  }
}

function weight(hash: string, text: string): number {
  return 2 * (hash.length + text.length);
}
