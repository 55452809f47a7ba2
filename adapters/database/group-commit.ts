import type { ControlledTransaction, Kysely } from 'kysely';
import { committed } from './after-commit.ts';
import type { Tables } from './tables.ts';
import { refuseInsideUnit, runUnit } from './unit-of-work.ts';
import type { CommitObserver, Writer, WriteTransaction } from './writing.ts';

/** Units of work in one commit at most: so long do readers wait. */
const MOST = 256;

/** A unit of work that waits for its turn, or for the commit that it is part of. */
interface WaitingUnit {
  /** Runs the work in its savepoint and keeps what it gave. */
  run(tx: WriteTransaction): Promise<void>;
  succeed(): void;
  fail(error: unknown): void;
}

interface DoneUnit {
  readonly unit: WaitingUnit;
  readonly tx: WriteTransaction;
}

/**
 * Many units of work to one commit: those that wait are run one after the other inside one transaction, each in a savepoint of its own,
 * so that one that fails is undone and rejected alone. All of them resolve after the commit, hence after the one write to disk that they
 * share; where the commit fails, all of them reject.
 */
export class GroupCommit implements Writer {
  readonly #db: Kysely<Tables>;
  readonly #observe: CommitObserver | undefined;
  readonly #waiting: WaitingUnit[] = [];
  #committing: Promise<void> | undefined;

  constructor(db: Kysely<Tables>, observe?: CommitObserver) {
    this.#db = db;
    this.#observe = observe;
  }

  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    refuseInsideUnit('write');
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let given: { readonly value: T };
    this.#waiting.push({
      run: async (tx) => {
        given = { value: await runUnit(work, tx) };
      },
      succeed: () => resolve(given.value),
      fail: reject,
    });
    this.#committing ??= this.#commitAll();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#committing) await this.#committing;
  }

  async #commitAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        // One turn of the event loop: what has arrived on sockets meanwhile joins this commit.
        await new Promise((resolve) => setImmediate(resolve));
        await this.#commitGroup(this.#waiting.splice(0, MOST));
      }
    } finally {
      this.#committing = undefined;
    }
  }

  async #commitGroup(group: readonly WaitingUnit[]): Promise<void> {
    const started = performance.now();
    const done: DoneUnit[] = [];
    const failed = new Set<WaitingUnit>();
    try {
      const transaction = await this.#db.startTransaction().execute();
      try {
        for (const unit of group) {
          const outcome = await runInSavepoint(unit, transaction);
          if ('tx' in outcome) done.push(outcome);
          else {
            failed.add(unit);
            unit.fail(outcome.error);
          }
        }
        await transaction.commit().execute();
      } catch (error) {
        // SQLite may have rolled back by itself, on a full disk for one: then there is nothing left to roll back.
        await transaction
          .rollback()
          .execute()
          .catch(() => undefined);
        throw error;
      }
    } catch (error) {
      for (const unit of group) if (!failed.has(unit)) unit.fail(error);
      return;
    }
    this.#observe?.({ units: done.length, durationMs: performance.now() - started });
    for (const { unit, tx } of done) {
      unit.succeed();
      committed(tx);
    }
  }
}

/** Throws when the whole transaction is lost, not the unit alone. */
async function runInSavepoint(
  unit: WaitingUnit,
  transaction: ControlledTransaction<Tables>,
): Promise<DoneUnit | { readonly error: unknown }> {
  const tx = await transaction.savepoint('unit').execute();
  try {
    await unit.run(tx);
  } catch (error) {
    await tx.rollbackToSavepoint('unit').execute();
    await tx.releaseSavepoint('unit').execute();
    return { error };
  }
  await tx.releaseSavepoint('unit').execute();
  return { unit, tx };
}
