import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { committed } from './after-commit.ts';
import type { Tables } from './tables.ts';
import { refuseInsideUnit, runUnit } from './unit-of-work.ts';
import type { CommitObserver, Writer, WriteTransaction } from './writing.ts';

/** How often a unit of work is run at most, and the pause before the second time; it doubles from then on. */
const RETRY = { times: 8, firstPauseMs: 5 };

/** PostgreSQL's serialization_failure and deadlock_detected: nothing was written, and the same work may succeed now. */
const CONFLICTS = ['40001', '40P01'];

/** A transaction to each unit of work, run again where it lost against another. */
export class RetriedTransactions implements Writer {
  readonly #db: Kysely<Tables>;
  readonly #observe: CommitObserver | undefined;
  readonly #running = new Set<Promise<unknown>>();

  constructor(db: Kysely<Tables>, observe?: CommitObserver) {
    this.#db = db;
    this.#observe = observe;
  }

  async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    refuseInsideUnit('write');
    const written = this.#write(work);
    this.#running.add(written);
    try {
      return await written;
    } finally {
      this.#running.delete(written);
    }
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    for (let time = 1; ; time += 1) {
      const started = performance.now();
      try {
        const { tx, value } = await this.#db
          .transaction()
          .execute(async (transaction) => ({ tx: transaction, value: await runUnit(work, transaction) }));
        this.#observe?.({ units: 1, durationMs: performance.now() - started, cpuMs: null });
        committed(tx);
        return value;
      } catch (error) {
        if (!isConflict(error) || time === RETRY.times) throw error;
      }
      await delay(RETRY.firstPauseMs * 2 ** (time - 1) * (0.5 + Math.random()));
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CONFLICTS.includes(String(error.code));
}
