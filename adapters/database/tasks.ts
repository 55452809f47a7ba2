import { randomUUID } from 'node:crypto';
import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import { afterCommit } from './after-commit.ts';
import type { PersonalColumns } from './personal-columns.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

/** Work to be done after the transaction that wrote it. */
export interface NewTask {
  readonly queue: string;
  /** Tasks of one queue and key are worked one after the other, in the order in which they were written: a case's id, say. */
  readonly orderKey: string;
  readonly kind: string;
  /** JSON; kept encrypted, so it may name people. */
  readonly body: unknown;
  readonly at: number;
  /** Not to be taken before this moment; `at` when left out. */
  readonly notBefore?: number;
}

/** A task taken by this process. */
export interface Task {
  readonly id: number;
  readonly queue: string;
  readonly orderKey: string;
  readonly kind: string;
  readonly body: unknown;
  readonly createdAt: number;
  /** How often it was taken, this time included. */
  readonly attempts: number;
}

/** How a key's tasks stand: what waits, and what stopped it. */
export interface Backlog {
  readonly orderKey: string;
  readonly waiting: number;
  readonly stuck: boolean;
  /** Code and message id of the last failure of the first task. */
  readonly lastError: string | null;
}

/**
 * Durable queues over the store: a task is written in the same transaction as what it follows from and is deleted in the same
 * transaction as what it did, so that its effect on the store happens once, whatever dies in between. Each key's tasks stand in a line of
 * their own; a line is due when its first task is, and is held for a while by the process that took that task. When it does not end
 * it in time, another takes it.
 */
export class Tasks {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;
  readonly #owner = randomUUID();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Writes tasks. Workers of this process that listen to their queues are told once they are committed. */
  async add(tx: WriteTransaction, tasks: readonly NewTask[]): Promise<void> {
    if (tasks.length === 0) return;
    const lines = Map.groupBy(tasks, ({ queue, orderKey }) => JSON.stringify([queue, orderKey]));
    await tx
      .insertInto('task_line')
      .values(
        [...lines.values()].map(([first]) => ({
          queue: first?.queue ?? '',
          order_key: first?.orderKey ?? '',
          due_at: first?.notBefore ?? first?.at ?? 0,
          attempts: 0,
          stuck: 0,
        })),
      )
      // Touched where it is there: nobody ends its last task meanwhile and takes the line away.
      .onConflict((conflict) => conflict.columns(['queue', 'order_key']).doUpdateSet({ queue: sql`excluded.queue` }))
      .execute();
    await tx
      .insertInto('task')
      .values(
        tasks.map((task) => ({
          queue: task.queue,
          order_key: task.orderKey,
          kind: task.kind,
          body_sealed: this.#columns.seal('task.body', JSON.stringify(task.body)),
          created_at: task.at,
          not_before: task.notBefore ?? task.at,
        })),
      )
      .execute();
    for (const queue of new Set(tasks.map((task) => task.queue))) this.#wakeAfter(tx, queue);
  }

  /** Calls back whenever tasks of the queue were committed by this process. Returns how to stop that. */
  listen(queue: string, wake: () => void): () => void {
    const listeners = this.#listeners.get(queue) ?? new Set();
    this.#listeners.set(queue, listeners.add(wake));
    return () => listeners.delete(wake);
  }

  /** Takes up to `limit` tasks that are due, the first of each line, until `now + leaseMs`. */
  async take(
    tx: WriteTransaction,
    queue: string,
    { limit, now, leaseMs }: { readonly limit: number; readonly now: number; readonly leaseMs: number },
  ): Promise<Task[]> {
    const due = tx
      .selectFrom('task_line')
      .select('order_key')
      .where('queue', '=', queue)
      .where('stuck', '=', 0)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('order_key')
      .limit(limit)
      .forUpdate()
      .skipLocked();
    const lines = await tx
      .updateTable('task_line')
      .set({ owner: this.#owner, due_at: now + leaseMs, attempts: sql`attempts + 1` })
      .where('queue', '=', queue)
      .where('order_key', 'in', due)
      .returning(['order_key', 'attempts'])
      .execute();
    return Promise.all(lines.map((line) => this.#first(tx, queue, line)));
  }

  /** Holds a task that this process took for longer, until `until`. False when another process took it over. */
  async hold(tx: WriteTransaction, { id, queue, orderKey, attempts }: Task, until: number): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('task_line')
      .set({ due_at: until })
      .where('queue', '=', queue)
      .where('order_key', '=', orderKey)
      .where('owner', '=', this.#owner)
      .where('attempts', '=', attempts)
      .where(isThere(id))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /**
   * Ends a task that this process took, with what is to be written then. False, and nothing written, when it no longer holds it: another
   * process took it over.
   *
   * The line is held last: whoever writes tasks of a case holds the case before its line, and in the other order the two would wait for
   * each other.
   */
  async end(
    tx: WriteTransaction,
    { id, queue, orderKey, attempts }: Task,
    write: (tx: WriteTransaction) => Promise<void> = () => Promise.resolve(),
  ): Promise<boolean> {
    const { numDeletedRows } = await tx
      .deleteFrom('task')
      .where('id', '=', id)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('task_line')
            .select('attempts')
            .where('queue', '=', queue)
            .where('order_key', '=', orderKey)
            .where('owner', '=', this.#owner)
            .where('attempts', '=', attempts),
        ),
      )
      .executeTakeFirst();
    if (numDeletedRows === 0n) return false;
    await write(tx);
    await this.#moveUp(tx, queue, orderKey);
    return true;
  }

  /**
   * Gives a task back: to be taken again at `notBefore`, or, when that is null, by nobody until a person lets it go on. `counted: false`:
   * the attempt was none, the task itself was not tried.
   */
  async giveBack(
    tx: WriteTransaction,
    { id, queue, orderKey, attempts }: Task,
    {
      notBefore,
      lastError,
      counted = true,
    }: { readonly notBefore: number | null; readonly lastError: string; readonly counted?: boolean },
  ): Promise<void> {
    await tx
      .updateTable('task_line')
      .set({
        owner: null,
        last_error: lastError,
        attempts: counted ? attempts : attempts - 1,
        ...(notBefore === null ? { stuck: 1 } : { due_at: notBefore }),
      })
      .where('queue', '=', queue)
      .where('order_key', '=', orderKey)
      .where('owner', '=', this.#owner)
      .where('attempts', '=', attempts)
      .where(isThere(id))
      .execute();
  }

  /** Takes the tasks of a kind out of their line: what they were to watch has ended. */
  async cancel(tx: WriteTransaction, queue: string, orderKey: string, kind: string): Promise<void> {
    const first = await firstOf(tx, queue, orderKey);
    await tx
      .deleteFrom('task')
      .where('queue', '=', queue)
      .where('order_key', '=', orderKey)
      .where('kind', '=', kind)
      .execute();
    // Those behind the first are gone, and it is held or stuck as it was.
    if (first?.kind === kind) await this.#moveUp(tx, queue, orderKey);
  }

  /** Makes the whole queue due at once and frees it: for a store that this process holds alone, after whoever held it died. */
  async hurry(tx: WriteTransaction, queue: string, now: number): Promise<void> {
    await tx
      .updateTable('task_line')
      .set({ due_at: now, owner: null })
      .where('queue', '=', queue)
      .where('stuck', '=', 0)
      .execute();
  }

  /** Lets a stuck line be tried again. How many tasks were stuck in it: its first, or none. */
  async letGoOn(tx: WriteTransaction, queue: string, orderKey: string, now: number): Promise<number> {
    const { numUpdatedRows } = await tx
      .updateTable('task_line')
      .set({ stuck: 0, due_at: now })
      .where('queue', '=', queue)
      .where('order_key', '=', orderKey)
      .where('stuck', '=', 1)
      .executeTakeFirst();
    this.#wakeAfter(tx, queue);
    return Number(numUpdatedRows);
  }

  /** How the queue stands for each of these keys; those with nothing waiting are missing. */
  async backlogs(queue: string, orderKeys: readonly string[]): Promise<Backlog[]> {
    const rows = await this.#db
      .selectFrom('task_line')
      .innerJoin('task', (join) =>
        join.onRef('task.queue', '=', 'task_line.queue').onRef('task.order_key', '=', 'task_line.order_key'),
      )
      .select(['task_line.order_key', 'task_line.stuck', 'task_line.last_error'])
      .select(({ fn }) => fn.countAll().as('waiting'))
      .where('task_line.queue', '=', queue)
      .where('task_line.order_key', 'in', orderKeys)
      .groupBy(['task_line.order_key', 'task_line.stuck', 'task_line.last_error'])
      .execute();
    return rows.map(({ order_key, waiting, stuck, last_error }) => ({
      orderKey: order_key,
      waiting: Number(waiting),
      stuck: stuck === 1,
      lastError: last_error,
    }));
  }

  /** How many tasks of the queue are not done, and how many lines of them wait for a person. */
  async count(queue: string): Promise<{ readonly waiting: number; readonly stuck: number }> {
    const total = (row: { readonly total: number | bigint | string }) => Number(row.total);
    const [tasks, stuck] = await Promise.all([
      this.#db
        .selectFrom('task')
        .select(({ fn }) => fn.countAll().as('total'))
        .where('queue', '=', queue)
        .executeTakeFirstOrThrow(),
      this.#db
        .selectFrom('task_line')
        .select(({ fn }) => fn.countAll().as('total'))
        .where('queue', '=', queue)
        .where('stuck', '=', 1)
        .executeTakeFirstOrThrow(),
    ]);
    return { waiting: total(tasks), stuck: total(stuck) };
  }

  /** The first task of a line is gone: the next is due in its time, or the line is at its end. */
  async #moveUp(tx: WriteTransaction, queue: string, orderKey: string): Promise<void> {
    // Held before the next task is looked for: one that is being added would else lose its line.
    await tx
      .selectFrom('task_line')
      .select('due_at')
      .where('queue', '=', queue)
      .where('order_key', '=', orderKey)
      .forUpdate()
      .execute();
    const next = await firstOf(tx, queue, orderKey);
    if (next) {
      await tx
        .updateTable('task_line')
        .set({ due_at: next.not_before, attempts: 0, owner: null, stuck: 0, last_error: null })
        .where('queue', '=', queue)
        .where('order_key', '=', orderKey)
        .execute();
      this.#wakeAfter(tx, queue);
    } else {
      await tx.deleteFrom('task_line').where('queue', '=', queue).where('order_key', '=', orderKey).execute();
    }
  }

  async #first(
    tx: WriteTransaction,
    queue: string,
    { order_key: orderKey, attempts }: { readonly order_key: string; readonly attempts: number },
  ): Promise<Task> {
    const row = await firstOf(tx, queue, orderKey);
    if (!row) throw new Error('a line without a task');
    return {
      id: row.id,
      queue,
      orderKey,
      kind: row.kind,
      body: JSON.parse(this.#columns.open('task.body', row.body_sealed)),
      createdAt: row.created_at,
      attempts,
    };
  }

  #wakeAfter(tx: WriteTransaction, queue: string): void {
    const listeners = this.#listeners.get(queue);
    if (listeners?.size) {
      afterCommit(tx, () => {
        for (const wake of listeners) wake();
      });
    }
  }
}

/** The task whose turn it is. */
function firstOf(tx: WriteTransaction, queue: string, orderKey: string) {
  return tx
    .selectFrom('task')
    .selectAll()
    .where('queue', '=', queue)
    .where('order_key', '=', orderKey)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** Attempts are counted for each task anew: the line of a task that has ended may look as if it were still held for it. */
function isThere(id: number) {
  return ({ exists, selectFrom }: ExpressionBuilder<Tables, 'task_line'>) =>
    exists(selectFrom('task').select('id').where('id', '=', id));
}
