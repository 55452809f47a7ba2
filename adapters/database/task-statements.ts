import { sql } from 'kysely';
import { locksRows } from './dialect.ts';
import { statement } from './statement.ts';
import type { TaskTable } from './work-tables.ts';
import type { WriteTransaction } from './writing.ts';

/** A line of tasks: those of one queue and key. */
export interface TaskLine {
  readonly queue: string;
  readonly orderKey: string;
}

/** Where a line is held by this process for this attempt. */
interface HeldLine extends TaskLine {
  readonly owner: string;
  readonly attempts: number;
}

/**
 * Writes a line that is not there yet. Where it is there it is touched: nobody ends its last task meanwhile and takes the line away.
 */
export const addLine = statement<TaskLine & { dueAt: number }>()((db, { queue, orderKey, dueAt }) =>
  db
    .insertInto('task_line')
    .values({ queue, order_key: orderKey, due_at: dueAt, attempts: 0, stuck: 0 })
    .onConflict((conflict) => conflict.columns(['queue', 'order_key']).doUpdateSet({ queue: sql`excluded.queue` })),
);

export const addTask = statement<Omit<TaskTable, 'id'>>()((db, row) =>
  db.insertInto('task').values({
    queue: row.queue,
    order_key: row.order_key,
    kind: row.kind,
    body_sealed: row.body_sealed,
    created_at: row.created_at,
    not_before: row.not_before,
  }),
);

/** The task whose turn it is in a line. */
export const firstTask = statement<TaskLine>()((db, { queue, orderKey }) =>
  db.selectFrom('task').selectAll().where('queue', '=', queue).where('order_key', '=', orderKey).orderBy('id').limit(1),
);

/** Takes the lines of a queue that are due, those first that have waited longest. */
export const takeLines = statement<{ queue: string; owner: string; now: number; until: number; limit: number }>()(
  (db, { queue, owner, now, until, limit }) =>
    db
      .updateTable('task_line')
      .set({ owner, due_at: until, attempts: sql`attempts + 1` })
      .where('queue', '=', queue)
      .where('order_key', 'in', (inner) =>
        inner
          .selectFrom('task_line')
          .select('order_key')
          .where('queue', '=', queue)
          .where('stuck', '=', 0)
          .where('due_at', '<=', now)
          .orderBy('due_at')
          .orderBy('order_key')
          .limit(limit)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['order_key', 'attempts']),
);

/** Takes away a task whose line is held for it. */
export const endTask = statement<HeldLine & { id: number }>()((db, { id, queue, orderKey, owner, attempts }) =>
  db
    .deleteFrom('task')
    .where('id', '=', id)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('task_line')
          .select('attempts')
          .where('queue', '=', queue)
          .where('order_key', '=', orderKey)
          .where('owner', '=', owner)
          .where('attempts', '=', attempts),
      ),
    ),
);

/** Takes the tasks of a kind out of a line. */
export const cancelTasks = statement<TaskLine & { kind: string }>()((db, { queue, orderKey, kind }) =>
  db
    .deleteFrom('task')
    .where('queue', '=', queue)
    .where('order_key', '=', orderKey)
    .where('kind', '=', kind)
    .returning('id'),
);

const lock = statement<TaskLine>()((db, { queue, orderKey }) =>
  db.selectFrom('task_line').select('due_at').where('queue', '=', queue).where('order_key', '=', orderKey).forUpdate(),
);

/** Holds a line, so that none is added to it until the transaction ends. */
export async function lockLine(tx: WriteTransaction, line: TaskLine): Promise<void> {
  if (locksRows(tx.getExecutor().adapter)) await lock(tx, line);
}

/** Begins with the next task of a line: for whoever comes first, or held by a process from the start. */
export const nextInLine = statement<TaskLine & { dueAt: number; owner: string | null; attempts: number }>()(
  (db, { queue, orderKey, dueAt, owner, attempts }) =>
    db
      .updateTable('task_line')
      .set({ due_at: dueAt, attempts, owner, stuck: 0, last_error: null })
      .where('queue', '=', queue)
      .where('order_key', '=', orderKey),
);

export const removeLine = statement<TaskLine>()((db, { queue, orderKey }) =>
  db.deleteFrom('task_line').where('queue', '=', queue).where('order_key', '=', orderKey),
);
