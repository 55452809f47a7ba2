import { randomUUID } from 'node:crypto';
import { type Expression, type ExpressionBuilder, expressionBuilder, type Kysely } from 'kysely';
import { DATABASE_CLOCK } from './dialect.ts';
import type { Tables } from './tables.ts';
import type { Writer } from './writing.ts';

/** How long a process that sends a write may be silent before another takes the write for abandoned, milliseconds. */
export const SENDER_LEASE_MS = 10_000;
/** So often in that time it is renewed. */
const RENEWALS = 3;
/** A write kept by a program that knew no leases is abandoned when it is older than any such program gave a write. */
const WITHOUT_LEASE_MS = 720_000;

/**
 * Whose sending has ended. `lapsed`: of any process whose lease has run out. `others`: of every other process, whatever its lease says, for
 * a store that this process holds alone.
 */
export type Abandoned = 'lapsed' | 'others';

/**
 * The leases of processes that send writes to departments. A process renews its own while it sends, those of all its writes in one unit of
 * work, and nothing while it sends nothing.
 *
 * All leases are written and compared by the clock of the database (of SQLite: of this machine), so that the clocks of the processes'
 * machines need not agree. It is assumed of that clock that it does not leap ahead by more than what is left of a lease: a process that
 * lives would be taken for dead. Nothing is recorded twice then either, since a write changes its state once only; but the department is
 * asked while it is at work.
 *
 * A process that stood still and lost its lease may have a message under way that no database can call back: it must begin to send soon
 * after `Submissions.remember`, which renews the lease.
 */
export class SenderLeases {
  /** This process, in the rows of what it sends. */
  readonly owner = randomUUID();
  readonly #writer: Writer;
  readonly #leaseMs: number;
  /** By submission: who is told when its lease cannot be renewed. */
  readonly #held = new Map<string, (error: unknown) => void>();
  #timer: NodeJS.Timeout | undefined;
  #renewing = false;

  constructor(writer: Writer, leaseMs = SENDER_LEASE_MS) {
    this.#writer = writer;
    this.#leaseMs = leaseMs;
  }

  /** The end of a lease that begins now. */
  until(): Expression<number> {
    const eb = expressionBuilder<Tables>();
    return eb(eb.fn<number>(DATABASE_CLOCK), '+', this.#leaseMs);
  }

  /** Renews a submission's lease until it is released. */
  hold(submissionId: string, failed: (error: unknown) => void): () => void {
    this.#held.set(submissionId, failed);
    this.#timer ??= setInterval(() => void this.#renew(), Math.max(1, this.#leaseMs / RENEWALS)).unref();
    return () => {
      this.#held.delete(submissionId);
      if (this.#held.size === 0) this.close();
    };
  }

  /** True for rows that are `sending` and whose sending has ended. */
  isAbandoned(which: Abandoned) {
    return (eb: ExpressionBuilder<Tables, 'submission'>) => {
      const ended =
        which === 'others'
          ? eb.or([eb('owner', 'is', null), eb('owner', '!=', this.owner)])
          : eb(
              eb.fn.coalesce('lease_until', eb('changed_at', '+', WITHOUT_LEASE_MS)),
              '<',
              eb.fn<number>(DATABASE_CLOCK),
            );
      return eb.and([eb('state', '=', 'sending'), ended]);
    };
  }

  /** Those of a system whose sending has ended, the oldest first, at most 100. */
  async abandoned(db: Kysely<Tables>, system: string, which: Abandoned): Promise<string[]> {
    const rows = await db
      .selectFrom('submission')
      .select('id')
      .where(this.isAbandoned(which))
      .where('system', '=', system)
      .orderBy('changed_at')
      .limit(100)
      .execute();
    return rows.map(({ id }) => id);
  }

  /** Renews nothing any more. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #renew(): Promise<void> {
    // A store that is slow now is not asked once more.
    if (this.#renewing) return;
    this.#renewing = true;
    const ids = [...this.#held.keys()];
    const [failed] = this.#held.values();
    try {
      await this.#writer.write((tx) =>
        tx
          .updateTable('submission')
          .set({ lease_until: this.until() })
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('submission')
              .select('id')
              .where('id', 'in', ids)
              .where('owner', '=', this.owner)
              .where('state', '=', 'sending')
              .forUpdate()
              // Whatever holds one brings it to its end: waiting for several in any order, the two could wait for each other.
              .skipLocked(),
          )
          .execute(),
      );
    } catch (error) {
      failed?.(error);
    } finally {
      this.#renewing = false;
    }
  }
}
