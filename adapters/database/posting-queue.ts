import { randomUUID } from 'node:crypto';
import { sql, type Updateable } from 'kysely';
import { afterCommit } from './after-commit.ts';
import type { PersonalColumns } from './personal-columns.ts';
import {
  POSTING_COLUMNS,
  type PostingFailure,
  type PostingState,
  postingOf,
  type TakenPosting,
} from './posting-rows.ts';
import type { PostingTable } from './posting-tables.ts';
import { statement } from './statement.ts';
import type { WriteTransaction } from './writing.ts';

/** A change of a posting's state, and what is kept with it. What is left out stays as it is. */
export interface PostingMove {
  /** Nothing is written where it is in none of these. */
  readonly from: readonly PostingState[];
  readonly to: PostingState;
  readonly at: number;
  readonly cause: string;
  /**
   * When it is to be taken next: whoever held it does not any more. Null: by nobody. `held`: it stays with the worker that took it, for
   * as long as its lease.
   */
  readonly dueAt: number | null | 'held';
  readonly step?: string | null | undefined;
  readonly messageReference?: string | null | undefined;
  /** The account of the person who did it. */
  readonly actor?: string | null | undefined;
  /** That person's words; kept encrypted. */
  readonly reason?: string | null | undefined;
  readonly failure?: PostingFailure | null | undefined;
  readonly settlementId?: string | null | undefined;
  readonly settledAt?: number | null | undefined;
  readonly undoneAt?: number | null | undefined;
  /** JSON; kept encrypted. */
  readonly progress?: unknown;
  readonly attempts?: number | undefined;
  readonly lastError?: string | null | undefined;
}

/** What is kept of a posting that stays in its state. What is left out stays as it is. */
export interface PostingKeeping {
  /** JSON; kept encrypted. */
  readonly progress?: unknown;
  readonly step?: string | null | undefined;
  /** When it is to be taken again: then nobody holds it any more. */
  readonly dueAt?: number | undefined;
  readonly attempts?: number | undefined;
  readonly lastError?: string | null | undefined;
}

export interface PostingTake {
  readonly limit: number;
  readonly now: number;
  readonly leaseMs: number;
  /** Those that were taken least often, the newest first: what stands before them may be what always fails. */
  readonly leastTried?: boolean;
}

/** Told of postings that may be taken, with their hospital's provider code. */
export type PostingListener = (provider: string) => void;

type Order = readonly (readonly [column: 'due_at' | 'takes' | 'id', direction: 'asc' | 'desc'])[];

/** Takes what is due of a hospital, in this order. What others are taking is passed over. */
const takeDue = (order: Order) =>
  statement<{ provider: string; now: number; until: number; limit: number; owner: string }>()(
    (db, { provider, now, until, limit, owner }) =>
      db
        .updateTable('posting')
        .set({ owner, due_at: until, takes: sql`takes + 1` })
        .where('id', 'in', (due) => {
          const found = due
            .selectFrom('posting')
            .select('id')
            .where('provider', '=', provider)
            .where('due_at', '<=', now);
          return order
            .reduce((query, [column, direction]) => query.orderBy(column, direction), found)
            .limit(limit)
            .forUpdate()
            .skipLocked();
        })
        .returning([...POSTING_COLUMNS, 'takes']),
  );

const takeLongestWaiting = takeDue([
  ['due_at', 'asc'],
  ['id', 'asc'],
]);
const takeLeastTried = takeDue([
  ['takes', 'asc'],
  ['id', 'desc'],
]);

const holdTaken = statement<{ id: string; owner: string; takes: number; until: number }>()(
  (db, { id, owner, takes, until }) =>
    db
      .updateTable('posting')
      .set({ due_at: until })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('takes', '=', takes),
);

/**
 * Postings that something is to be done with: each hospital's own queue, and the changes of each. A posting is held by the worker that
 * took it until its lease ends; what it writes later is refused.
 */
export class PostingQueue {
  readonly #columns: PersonalColumns;
  readonly #owner = randomUUID();
  /** By provider; those of all under null. */
  readonly #listeners = new Map<string | null, Set<PostingListener>>();

  constructor(columns: PersonalColumns) {
    this.#columns = columns;
  }

  async take(
    tx: WriteTransaction,
    provider: string,
    { limit, now, leaseMs, leastTried = false }: PostingTake,
  ): Promise<TakenPosting[]> {
    const values = { provider, now, until: now + leaseMs, limit, owner: this.#owner };
    const { rows } = await (leastTried ? takeLeastTried : takeLongestWaiting)(tx, values);
    return rows
      .map((row) => ({ ...postingOf(row), takes: row.takes }))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  async hold(tx: WriteTransaction, { id, takes }: TakenPosting, until: number): Promise<boolean> {
    const { numAffectedRows } = await holdTaken(tx, { id, owner: this.#owner, takes, until });
    return numAffectedRows === 1n;
  }

  async hurry(tx: WriteTransaction, now: number): Promise<void> {
    await tx
      .updateTable('posting')
      .set({ due_at: now, owner: null })
      .where('due_at', 'is not', null)
      .where('owner', 'is not', null)
      .execute();
  }

  async keep(tx: WriteTransaction, { id, takes }: TakenPosting, keeping: PostingKeeping): Promise<boolean> {
    const { step, dueAt, attempts, lastError } = keeping;
    const { numUpdatedRows } = await tx
      .updateTable('posting')
      .set({
        ...given({ step, attempts, last_error: lastError }),
        ...this.#progress(keeping.progress),
        ...(dueAt !== undefined && { due_at: dueAt, owner: null }),
        takes,
      })
      .where('id', '=', id)
      .where('owner', '=', this.#owner)
      .where('takes', '=', takes)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async move(tx: WriteTransaction, posting: TakenPosting | string, move: PostingMove): Promise<boolean> {
    const taken = typeof posting === 'string' ? undefined : posting;
    const id = typeof posting === 'string' ? posting : posting.id;
    const from = await stateAmong(tx, id, move.from);
    if (from === undefined) return false;
    const { dueAt } = move;
    const moved = await tx
      .updateTable('posting')
      .set({
        state: move.to,
        changed_at: move.at,
        transitions: sql`transitions + 1`,
        ...given({
          step: move.step,
          settlement_id: move.settlementId,
          settled_at: move.settledAt,
          undone_at: move.undoneAt,
          attempts: move.attempts,
          last_error: move.lastError,
        }),
        ...(move.failure !== undefined && { failure: move.failure && JSON.stringify(move.failure) }),
        ...this.#progress(move.progress),
        ...(dueAt !== 'held' && { due_at: dueAt, owner: null }),
      })
      .where('id', '=', id)
      .where('state', '=', from)
      .$if(taken !== undefined, (update) =>
        update.where('owner', '=', this.#owner).where('takes', '=', taken?.takes ?? 0),
      )
      .returning(['provider', 'transitions', 'step'])
      .executeTakeFirst();
    if (!moved) return false;
    await tx
      .insertInto('posting_transition')
      .values({
        posting_id: id,
        number: moved.transitions,
        at: move.at,
        from_state: from,
        to_state: move.to,
        cause: move.cause,
        step: moved.step,
        message_reference: move.messageReference ?? null,
        actor: move.actor ?? null,
        reason_sealed: move.reason == null ? null : this.#columns.seal('posting_transition.reason', move.reason),
      })
      .execute();
    if (!taken && typeof dueAt === 'number') this.wakeAfter(tx, [moved.provider]);
    return true;
  }

  listen(provider: string | null, wake: PostingListener): () => void {
    const listeners = this.#listeners.get(provider) ?? new Set();
    this.#listeners.set(provider, listeners.add(wake));
    return () => listeners.delete(wake);
  }

  /** Wakes who listens once the transaction is committed. */
  wakeAfter(tx: WriteTransaction, providers: Iterable<string>): void {
    for (const provider of providers) {
      const wakes = [...(this.#listeners.get(provider) ?? []), ...(this.#listeners.get(null) ?? [])];
      if (wakes.length === 0) continue;
      afterCommit(tx, () => {
        for (const wake of wakes) wake(provider);
      });
    }
  }

  #progress(progress: unknown): Pick<Updateable<PostingTable>, 'progress_sealed'> {
    if (progress === undefined) return {};
    const sealed = progress === null ? null : this.#columns.seal('posting.progress', JSON.stringify(progress));
    return { progress_sealed: sealed };
  }
}

/** The state in which the posting is held until the transaction ends, where it is one of these. One alone is seen to by the change itself. */
async function stateAmong(
  tx: WriteTransaction,
  id: string,
  states: readonly PostingState[],
): Promise<PostingState | undefined> {
  if (states.length <= 1) return states[0];
  const row = await tx
    .selectFrom('posting')
    .select('state')
    .where('id', '=', id)
    .where('state', 'in', states)
    .forUpdate()
    .executeTakeFirst();
  return row?.state as PostingState | undefined;
}

/** Those of the columns that are given. */
function given<Columns extends Updateable<PostingTable>>(
  columns: {
    [Name in keyof Columns]: Columns[Name] | undefined;
  },
): Partial<Columns> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<Columns>;
}
