/**
 * Runs what belongs to one key strictly one after another, in order of arrival: the platform wants one settlement or filing of a
 * person at a time (wire spec 5).
 */
export class OneAtATime {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` when everything before it under this key has ended. Rejects with the signal's reason when that takes too long. */
  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    // Who leaves the queue early does not let the next one past whoever is still at work.
    const tail = before ? before.then(() => ended) : ended;
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    try {
      if (before) await untilAborted(before, signal);
      return await work();
    } finally {
      end();
    }
  }
}

function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
