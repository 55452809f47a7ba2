import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { ResolutionTable } from './submission-tables.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

/** What a person says became of a write to a department. */
export type ResolutionOutcome = 'done' | 'not-done';

/** What a refusal says, free of personal data. */
export interface ResolutionRefusal {
  readonly en: string;
  readonly zh: string;
}

/** A person's word on a submission that no machine could settle. Moments are milliseconds since 1970. */
export interface Resolution {
  readonly id: string;
  readonly submissionId: string;
  /** The account of whoever says it. */
  readonly operator: string;
  readonly outcome: ResolutionOutcome;
  /** How the person knows. */
  readonly reason: string;
  /** Under what the department has it, where the person knows. */
  readonly reference: string | null;
  /** `pending` until the department's worker has acted on it. */
  readonly state: 'pending' | 'applied' | 'refused';
  readonly refusal: ResolutionRefusal | null;
  readonly givenAt: number;
  readonly decidedAt: number | null;
}

export type NewResolution = Pick<
  Resolution,
  'submissionId' | 'operator' | 'outcome' | 'reason' | 'reference' | 'givenAt'
>;

/** What people have said of submissions, and what came of it. Never taken away. */
export class Resolutions {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Keeps a person's word as `pending`. Undefined while another on the same submission is. */
  async add(
    tx: WriteTransaction,
    { submissionId, operator, outcome, reason, reference, givenAt }: NewResolution,
  ): Promise<string | undefined> {
    // Held, so that of two people who speak at once one is first.
    await tx.selectFrom('submission').select('id').where('id', '=', submissionId).forUpdate().execute();
    const pending = await tx
      .selectFrom('submission_resolution')
      .select('id')
      .where('submission_id', '=', submissionId)
      .where('state', '=', 'pending')
      .executeTakeFirst();
    if (pending) return undefined;
    const id = randomUUID();
    await tx
      .insertInto('submission_resolution')
      .values({
        id,
        submission_id: submissionId,
        operator,
        outcome,
        said_sealed: this.#columns.seal('submission_resolution.said', JSON.stringify({ reason, reference })),
        state: 'pending',
        refusal: null,
        given_at: givenAt,
        decided_at: null,
      })
      .execute();
    return id;
  }

  /** Keeps what came of one: applied, or why not. */
  async decide(tx: WriteTransaction, id: string, at: number, refusal: ResolutionRefusal | null): Promise<void> {
    await tx
      .updateTable('submission_resolution')
      .set({
        state: refusal ? 'refused' : 'applied',
        refusal: refusal && JSON.stringify(refusal),
        decided_at: at,
      })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute();
  }

  async byId(id: string): Promise<Resolution | undefined> {
    const row = await this.#db.selectFrom('submission_resolution').selectAll().where('id', '=', id).executeTakeFirst();
    return row && this.#resolution(row);
  }

  /** Those of each submission, oldest first; keyed by submission id. */
  async ofSubmissions(ids: readonly string[]): Promise<Map<string, Resolution[]>> {
    const rows = await this.#db
      .selectFrom('submission_resolution')
      .selectAll()
      .where('submission_id', 'in', ids)
      .orderBy('given_at')
      .orderBy('id')
      .execute();
    return Map.groupBy(
      rows.map((row) => this.#resolution(row)),
      ({ submissionId }) => submissionId,
    );
  }

  #resolution(row: ResolutionTable): Resolution {
    const said = JSON.parse(this.#columns.open('submission_resolution.said', row.said_sealed)) as Pick<
      Resolution,
      'reason' | 'reference'
    >;
    return {
      id: row.id,
      submissionId: row.submission_id,
      operator: row.operator,
      outcome: row.outcome as ResolutionOutcome,
      ...said,
      state: row.state as Resolution['state'],
      refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as ResolutionRefusal),
      givenAt: row.given_at,
      decidedAt: row.decided_at,
    };
  }
}
