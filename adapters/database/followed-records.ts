import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

/** A department's record that is asked after until it comes to its end. */
export interface FollowedRecord {
  /** The department's folder name: `disability-subsidy`. */
  readonly system: string;
  /** The record's key there. */
  readonly reference: string;
  readonly caseId: string;
  /** So many of its steps have been told to the case. */
  readonly told: number;
  /** How long was last waited between two questions, milliseconds. */
  readonly pauseMs: number;
}

/** Departments' records that move on without telling us: how far each has been told to its case. */
export class FollowedRecords {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Follows a record from now on. One that is followed already is asked after more often again. Returns what is kept. */
  async follow(
    tx: WriteTransaction,
    { system, reference, caseId, told, pauseMs }: FollowedRecord,
  ): Promise<FollowedRecord> {
    const row = await tx
      .insertInto('followed_record')
      .values({ system, reference, case_id: caseId, told, pause_ms: pauseMs })
      .onConflict((conflict) => conflict.columns(['system', 'reference']).doUpdateSet({ pause_ms: pauseMs }))
      .returningAll()
      .executeTakeFirstOrThrow();
    return { system, reference, caseId: row.case_id, told: row.told, pauseMs: Number(row.pause_ms) };
  }

  /** Undefined for a record that is not followed (any more). */
  async byReference(system: string, reference: string): Promise<FollowedRecord | undefined> {
    const row = await this.#db
      .selectFrom('followed_record')
      .selectAll()
      .where('system', '=', system)
      .where('reference', '=', reference)
      .executeTakeFirst();
    return row && { system, reference, caseId: row.case_id, told: row.told, pauseMs: Number(row.pause_ms) };
  }

  /** Notes that more steps have been told. False when it was told more meanwhile: then nothing of it may be told again. */
  async noteTold(
    tx: WriteTransaction,
    { system, reference, told }: FollowedRecord,
    now: { readonly told: number; readonly pauseMs: number },
  ): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('followed_record')
      .set({ told: now.told, pause_ms: now.pauseMs })
      .where('system', '=', system)
      .where('reference', '=', reference)
      .where('told', '=', told)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Ends the following of a record that has come to its end. */
  async end(tx: WriteTransaction, { system, reference }: Pick<FollowedRecord, 'system' | 'reference'>): Promise<void> {
    await tx.deleteFrom('followed_record').where('system', '=', system).where('reference', '=', reference).execute();
  }
}
