import { setTimeout as sleep } from 'node:timers/promises';
import type { Abandoned } from '../../adapters/database/sender-leases.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { Clock } from '../../adapters/values/china-time.ts';

export interface AbandonedWritesOptions {
  /** The department's folder name: `non-tax`. */
  readonly system: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly report: (error: unknown, place: string) => void;
}

/** How often is looked for writes of processes that died. */
const LOOK_MS = 500;

/** Finds writes to one department that nobody sends any more: they become `unknown`, and the department is asked. */
export class AbandonedWrites {
  readonly #options: AbandonedWritesOptions;
  readonly #ask: (tx: WriteTransaction, id: string, at: number) => Promise<void>;
  readonly #stopped = new AbortController();
  #watching: Promise<void> | undefined;

  /** @param ask Has the department asked what became of a write. */
  constructor(options: AbandonedWritesOptions, ask: (tx: WriteTransaction, id: string, at: number) => Promise<void>) {
    this.#options = options;
    this.#ask = ask;
  }

  async start(): Promise<void> {
    // Whatever another process was sending, where no other can be: that process is gone.
    if (this.#options.store.exclusive) await this.#find('others');
    this.#watching ??= this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { report, system } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await this.#find('lapsed').catch((error: unknown) => report(error, `${system} writes`));
    }
  }

  async #find(which: Abandoned): Promise<void> {
    const { store, system } = this.#options;
    for (const id of await store.submissions.abandoned(system, which)) await this.#takeOver(id, which);
  }

  #takeOver(id: string, which: Abandoned): Promise<void> {
    const { store, clock } = this.#options;
    return store.write(async (tx) => {
      const at = clock();
      const failure = { code: 'OUTCOME_UNKNOWN' };
      if (await store.submissions.takeOver(tx, id, which, { at, failure })) await this.#ask(tx, id, at);
    });
  }
}
