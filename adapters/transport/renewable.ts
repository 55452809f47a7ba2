/** A value with an end: a sign-in number, a rotating secret. */
export interface Lease<T> {
  readonly value: T;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
}

export interface RenewableOptions<T> {
  /** Gets a fresh value. Called once however many callers wait for it. */
  readonly renew: (signal: AbortSignal) => Promise<Lease<T>>;
  /** Renew when less than this is left, in milliseconds. */
  readonly aheadMs: number;
  /** The shortest time between two renewals that were asked for by `invalidate`, in milliseconds. */
  readonly spacingMs?: number;
  readonly now?: () => number;
}

/**
 * Keeps one value that runs out and renews it in one flight, however many callers wait. A caller who leaves stops waiting; the
 * flight goes on for the others.
 */
export class Renewable<T> {
  readonly #options: RenewableOptions<T>;
  readonly #now: () => number;
  #lease: Lease<T> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #flight: Promise<Lease<T>> | undefined;

  constructor(options: RenewableOptions<T>) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The value, renewed first when it is about to end. Rejects with what `renew` threw, or the signal's reason. */
  async get(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const lease = this.#lease;
    if (lease && lease.validUntil - this.#now() > this.#options.aheadMs) return lease.value;
    // Taken back only after it was put here, even where `renew` throws at once.
    this.#flight ??= this.#renew().finally(() => {
      this.#flight = undefined;
    });
    return (await orAbort(this.#flight, signal)).value;
  }

  /**
   * Says that the counterpart refused this value. The next `get` renews it, unless another caller has done so already or the last
   * renewal is younger than `spacingMs`. Tells whether a `get` now may give another value.
   */
  invalidate(value: T): boolean {
    if (this.#lease === undefined || this.#lease.value !== value) return true;
    if (this.#now() - this.#renewedAt < (this.#options.spacingMs ?? 0)) return false;
    this.#lease = undefined;
    return true;
  }

  async #renew(): Promise<Lease<T>> {
    const lease = await this.#options.renew(new AbortController().signal);
    this.#lease = lease;
    this.#renewedAt = this.#now();
    return lease;
  }
}

function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
