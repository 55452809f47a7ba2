import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import { takeHooks } from './after-commit.ts';
import type { Tables } from './tables.ts';
import { refuseInsideUnit, runUnit } from './unit-of-work.ts';
import type { CommitObserver, Writer, WriteTransaction } from './writing.ts';

/** Units of work in one commit at most: so long do readers wait. */
const MOST = 256;

/**
 * While units come one close after the other, the next commit waits until so many times the last write to disk has passed since, for as
 * many to share it, but not for longer than this. Where so many wait already, sharing it with more would spare little.
 */
const REST = { times: 6, mostMs: 20, enough: 16 };

/**
 * Savepoints are dear: SQLite keeps each page as it was before each of them. Units run without, and a group in which one fails is undone
 * and run again, each unit in a savepoint of its own; so are as many groups after it, since failures seldom come alone.
 */
const CAREFUL = 8;

/** Each unit's own way back. Units run one after the other: one name does for all. */
const SAVEPOINT = CompiledQuery.raw('savepoint unit');
const RELEASE = CompiledQuery.raw('release unit');
const ROLLBACK = CompiledQuery.raw('rollback to unit');

/** A unit of work that waits for its turn, or for the commit that it is part of. */
interface WaitingUnit {
  /** Runs the work in its savepoint and keeps what it gave. */
  run(tx: WriteTransaction): Promise<void>;
  succeed(): void;
  fail(error: unknown): void;
}

interface DoneUnit {
  readonly unit: WaitingUnit;
  readonly hooks: readonly (() => void)[];
}

/**
 * Many units of work to one commit: those that wait are run one after the other inside one transaction, and one that fails is undone and
 * rejected alone. All of them resolve after the commit, hence after the one write to disk that they
 * share; where the commit fails, all of them reject.
 */
export class GroupCommit implements Writer {
  readonly #db: Kysely<Tables>;
  readonly #observe: CommitObserver | undefined;
  readonly #waiting: WaitingUnit[] = [];
  #committing: Promise<void> | undefined;
  /** So many groups more are run with savepoints from the start. */
  #careful = 0;
  /** The commit before: how many units it had, when it ended, and how long the write to disk took. */
  #last = { units: 0, endedAt: 0, diskMs: 0 };

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
        await this.#rest();
        await this.#commitGroup(this.#waiting.splice(0, MOST));
      }
    } finally {
      this.#committing = undefined;
    }
  }

  /** One unit after the other, each alone, is somebody who waits for each: only units that others follow closely are made to wait. */
  async #rest(): Promise<void> {
    const { units, endedAt, diskMs } = this.#last;
    if (units < 2 || this.#waiting.length >= REST.enough) return;
    const ms = endedAt + Math.min(diskMs * REST.times, REST.mostMs) - performance.now();
    if (ms >= 1) await sleep(ms);
  }

  async #commitGroup(group: readonly WaitingUnit[]): Promise<void> {
    const started = performance.now();
    const cpu = process.threadCpuUsage();
    let done: readonly DoneUnit[];
    try {
      done = (await this.#together(group)) ?? (await this.#apart(group));
    } catch (error) {
      for (const unit of group) unit.fail(error);
      return;
    }
    const { user, system } = process.threadCpuUsage(cpu);
    this.#observe?.({
      units: done.length,
      durationMs: performance.now() - started,
      cpuMs: (user + system) / 1_000,
    });
    for (const { unit, hooks } of done) {
      unit.succeed();
      for (const hook of hooks) hook();
    }
  }

  /** Runs units with no way back for each and commits them. Undefined, and nothing written, when one of several failed. */
  async #together(group: readonly WaitingUnit[]): Promise<readonly DoneUnit[] | undefined> {
    if (this.#careful > 0) {
      this.#careful -= 1;
      return undefined;
    }
    let failed = false;
    try {
      return await this.#commit(async (tx) => {
        const done: DoneUnit[] = [];
        for (const unit of group) {
          failed = true;
          await unit.run(tx);
          failed = false;
          done.push({ unit, hooks: takeHooks(tx) });
        }
        return done;
      });
    } catch (error) {
      if (!failed || group.length === 1) throw error;
      this.#careful = CAREFUL;
      return undefined;
    }
  }

  /** Runs units with a way back for each and commits those that did not fail. */
  #apart(group: readonly WaitingUnit[]): Promise<readonly DoneUnit[]> {
    return this.#commit(async (tx) => {
      const done: DoneUnit[] = [];
      for (const unit of group) {
        const outcome = await runInSavepoint(unit, tx);
        if ('hooks' in outcome) done.push(outcome);
        else unit.fail(outcome.error);
      }
      return done;
    });
  }

  async #commit(run: (tx: WriteTransaction) => Promise<readonly DoneUnit[]>): Promise<readonly DoneUnit[]> {
    const transaction = await this.#db.startTransaction().execute();
    try {
      const done = await run(transaction);
      const worked = performance.now();
      await transaction.commit().execute();
      const endedAt = performance.now();
      this.#last = { units: done.length, endedAt, diskMs: endedAt - worked };
      return done;
    } catch (error) {
      // SQLite may have rolled back by itself, on a full disk for one: then there is nothing left to roll back.
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      throw error;
    }
  }
}

/** Throws when the whole transaction is lost, not the unit alone. */
async function runInSavepoint(
  unit: WaitingUnit,
  tx: WriteTransaction,
): Promise<DoneUnit | { readonly error: unknown }> {
  await tx.executeQuery(SAVEPOINT);
  try {
    await unit.run(tx);
  } catch (error) {
    takeHooks(tx);
    await tx.executeQuery(ROLLBACK);
    await tx.executeQuery(RELEASE);
    return { error };
  }
  await tx.executeQuery(RELEASE);
  return { unit, hooks: takeHooks(tx) };
}
