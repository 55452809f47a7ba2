import { randomUUID } from 'node:crypto';
import type { ExpressionBuilder, Kysely, Selectable } from 'kysely';
import { afterCommit } from './after-commit.ts';
import type { PersonalColumns } from './personal-columns.ts';
import type { Tables } from './tables.ts';
import {
  addLine,
  addTask,
  cancelTasks,
  endTask,
  firstTask,
  lockLine,
  nextInLine,
  removeLine,
  type TaskLine,
  takeLines,
} from './task-statements.ts';
import type { TaskTable } from './work-tables.ts';
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

/** What is written when a task ends. */
type TaskWrite = (tx: WriteTransaction) => Promise<void>;

const NOTHING: TaskWrite = () => Promise.resolve();

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
    for (const [first] of lines.values()) {
      if (first) await addLine(tx, { ...first, dueAt: first.notBefore ?? first.at });
    }
    for (const task of tasks) {
      await addTask(tx, {
        queue: task.queue,
        order_key: task.orderKey,
        kind: task.kind,
        body_sealed: this.#columns.seal('task.body', JSON.stringify(task.body)),
        created_at: task.at,
        not_before: task.notBefore ?? task.at,
      });
    }
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
    const { rows } = await takeLines(tx, { queue, owner: this.#owner, now, until: now + leaseMs, limit });
    const taken: Task[] = [];
    for (const { order_key: orderKey, attempts } of rows) {
      const first = await this.#first(tx, { queue, orderKey }, attempts);
      if (!first) throw new Error('a line without a task');
      taken.push(first);
    }
    return taken;
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
  async end(tx: WriteTransaction, task: Task, write: TaskWrite = NOTHING): Promise<boolean> {
    if (!(await this.#end(tx, task, write))) return false;
    await this.#moveUp(tx, task);
    return true;
  }

  /** The same, and goes on: takes the next task of the line, where it is due, until `now + leaseMs`. */
  async endAndTakeNext(
    tx: WriteTransaction,
    task: Task,
    { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
    write: TaskWrite = NOTHING,
  ): Promise<Task | undefined> {
    if (!(await this.#end(tx, task, write))) return undefined;
    return this.#moveUp(tx, task, { now, until: now + leaseMs });
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
    const { rows: cancelled } = await cancelTasks(tx, { queue, orderKey, kind });
    if (cancelled.length === 0) return;
    const [first] = (await firstTask(tx, { queue, orderKey })).rows;
    // Those behind the first are gone, and it is held or stuck as it was.
    if (first && cancelled.every(({ id }) => id > first.id)) return;
    await this.#moveUp(tx, { queue, orderKey });
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

  async #end(tx: WriteTransaction, { id, queue, orderKey, attempts }: Task, write: TaskWrite): Promise<boolean> {
    const { numAffectedRows } = await endTask(tx, { id, queue, orderKey, owner: this.#owner, attempts });
    if (numAffectedRows === 0n) return false;
    await write(tx);
    return true;
  }

  /**
   * The first task of a line is gone: the next is due in its time, or the line is at its end. With `held`, the next that is due is this
   * process's at once, and returned.
   */
  async #moveUp(
    tx: WriteTransaction,
    { queue, orderKey }: TaskLine,
    held?: { readonly now: number; readonly until: number },
  ): Promise<Task | undefined> {
    const line = { queue, orderKey };
    // Held before the next task is looked for: one that is being added would else lose its line.
    await lockLine(tx, line);
    const [next] = (await firstTask(tx, line)).rows;
    if (!next) {
      await removeLine(tx, line);
      return undefined;
    }
    if (held && next.not_before <= held.now) {
      await nextInLine(tx, { ...line, dueAt: held.until, owner: this.#owner, attempts: 1 });
      return this.#task(next, 1);
    }
    await nextInLine(tx, { ...line, dueAt: next.not_before, owner: null, attempts: 0 });
    this.#wakeAfter(tx, queue);
    return undefined;
  }

  async #first(tx: WriteTransaction, line: TaskLine, attempts: number): Promise<Task | undefined> {
    const [row] = (await firstTask(tx, line)).rows;
    return row && this.#task(row, attempts);
  }

  #task(row: Selectable<TaskTable>, attempts: number): Task {
    return {
      id: row.id,
      queue: row.queue,
      orderKey: row.order_key,
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

/** Attempts are counted for each task anew: the line of a task that has ended may look as if it were still held for it. */
function isThere(id: number) {
  return ({ exists, selectFrom }: ExpressionBuilder<Tables, 'task_line'>) =>
    exists(selectFrom('task').select('id').where('id', '=', id));
}
