/** So many requests run at once however busy the process is. */
const ALWAYS = 8;

/** A turn of the event loop that took no longer, in milliseconds, had nothing to do. */
const IDLE_TURN_MS = 0.05;

/**
 * Lets requests in: while the process has work, what has begun is finished before more begins. A process that is busy answers no faster by
 * beginning everything at once: all would be late together, and what each holds meanwhile would outlive the collections of young garbage.
 * One that only waits for its subgraphs lets in a request with every turn of the event loop.
 */
export class Turnstile {
  #inside = 0;
  /** In order of arrival; those before `#next` are in. */
  #waiting: (() => void)[] = [];
  #next = 0;
  #watching = false;
  #turnBegan = 0;

  /** A promise for the turn of a request that must wait; nothing where it may begin at once. Each must leave. */
  enter(): Promise<void> | undefined {
    if (this.#inside < ALWAYS && this.#next === this.#waiting.length) {
      this.#inside += 1;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#watching) this.#watch();
    });
  }

  leave(): void {
    this.#inside -= 1;
    if (this.#inside < ALWAYS) this.#letIn();
  }

  #letIn(): void {
    const next = this.#waiting[this.#next];
    if (!next) return;
    this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    this.#inside += 1;
    next();
  }

  #watch(): void {
    this.#watching = this.#next < this.#waiting.length;
    if (!this.#watching) return;
    this.#turnBegan = performance.now();
    setImmediate(this.#turn);
  }

  readonly #turn = () => {
    if (performance.now() - this.#turnBegan < IDLE_TURN_MS) this.#letIn();
    this.#watch();
  };
}
