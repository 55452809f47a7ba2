import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { Tables } from './tables.ts';
import type { SubmissionTable } from './work-tables.ts';
import type { WriteTransaction } from './writing.ts';

/**
 * What became of a write to a department. `sending`: being sent, or its process died meanwhile. `unknown`: sent, no answer. `done`,
 * `rejected` by the department, `not-sent` because no byte left: known. `not-done`: was unknown, and the department says that it never
 * happened. `manual`: could not be settled by machine; a person has to.
 */
export type SubmissionState = 'sending' | 'unknown' | 'done' | 'rejected' | 'not-sent' | 'not-done' | 'manual';

/** What a submission may become: every one begins as `sending`. */
export type LaterSubmissionState = Exclude<SubmissionState, 'sending'>;

/** From which state which may follow. */
const TRANSITIONS: Readonly<Record<SubmissionState, readonly LaterSubmissionState[]>> = {
  sending: ['unknown', 'done', 'rejected', 'not-sent', 'not-done', 'manual'],
  unknown: ['done', 'not-done', 'manual'],
  manual: ['done', 'not-done'],
  done: [],
  rejected: [],
  'not-sent': [],
  'not-done': [],
};

/** Why a write failed, free of personal data. */
export interface SubmissionFailure {
  readonly code: string;
  readonly departmentCode?: string;
  readonly detail?: string;
  readonly detailZh?: string;
  readonly field?: string;
}

/** A write to a department, kept before it is sent. Moments are milliseconds since 1970. */
export interface Submission {
  readonly id: string;
  /** The department's folder name: `non-tax`. */
  readonly system: string;
  readonly kind: string;
  readonly caseId: string | null;
  readonly operator: string;
  readonly state: SubmissionState;
  readonly input: unknown;
  /** What the department answered; null until it is done. */
  readonly outcome: unknown;
  readonly failure: SubmissionFailure | null;
  readonly messageReference: string | null;
  readonly createdAt: number;
  readonly changedAt: number;
}

export type NewSubmission = Pick<Submission, 'system' | 'kind' | 'caseId' | 'operator' | 'input'> & {
  readonly at: number;
};

export interface SubmissionChange {
  readonly state: LaterSubmissionState;
  readonly at: number;
  readonly outcome?: unknown;
  readonly failure?: SubmissionFailure;
  readonly messageReference?: string | undefined;
}

/** Writes to departments and what became of each. */
export class Submissions {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Keeps what is about to be sent, as `sending`. Returns its id. */
  async add(tx: WriteTransaction, { system, kind, caseId, operator, input, at }: NewSubmission): Promise<string> {
    const id = randomUUID();
    await tx
      .insertInto('submission')
      .values({
        id,
        system,
        kind,
        case_id: caseId,
        operator,
        state: 'sending',
        input_sealed: this.#columns.seal('submission.input', JSON.stringify(input)),
        outcome_sealed: null,
        failure: null,
        message_reference: null,
        created_at: at,
        changed_at: at,
      })
      .execute();
    return id;
  }

  /**
   * Moves a submission on. False when its state does not allow that any more, because another process settled it: then nothing was
   * changed and nothing else may be written for it.
   */
  async change(tx: WriteTransaction, id: string, change: SubmissionChange): Promise<boolean> {
    const from = (Object.keys(TRANSITIONS) as SubmissionState[]).filter((state) =>
      TRANSITIONS[state].includes(change.state),
    );
    const { numUpdatedRows } = await tx
      .updateTable('submission')
      .set({
        state: change.state,
        changed_at: change.at,
        ...(change.outcome !== undefined && {
          outcome_sealed: this.#columns.seal('submission.outcome', JSON.stringify(change.outcome)),
        }),
        ...(change.failure && { failure: JSON.stringify(change.failure) }),
        ...(change.messageReference !== undefined && { message_reference: change.messageReference }),
      })
      .where('id', '=', id)
      .where('state', 'in', from)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /**
   * Keeps the message id under which a submission is about to be sent: what a reversal or a query will name. False when it is not being
   * sent any more, because it was taken for abandoned: then it must not be.
   */
  async remember(tx: WriteTransaction, id: string, messageReference: string): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('submission')
      .set({ message_reference: messageReference })
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Those of a system that have been `sending` since before a moment, at most 100: their process died, or forgot them. */
  async abandoned(system: string, before: number): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('submission')
      .select('id')
      .where('state', '=', 'sending')
      .where('changed_at', '<', before)
      .where('system', '=', system)
      .orderBy('changed_at')
      .limit(100)
      .execute();
    return rows.map(({ id }) => id);
  }

  async byId(id: string, db: Kysely<Tables> = this.#db): Promise<Submission | undefined> {
    const row = await db.selectFrom('submission').selectAll().where('id', '=', id).executeTakeFirst();
    return row && this.#submission(row);
  }

  /** The submissions of each case, oldest first; keyed by case id. */
  async ofCases(caseIds: readonly string[], db: Kysely<Tables> = this.#db): Promise<Map<string, Submission[]>> {
    const rows = await db
      .selectFrom('submission')
      .selectAll()
      .where('case_id', 'in', caseIds)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return Map.groupBy(
      rows.map((row) => this.#submission(row)),
      ({ caseId }) => caseId ?? '',
    );
  }

  #submission(row: SubmissionTable): Submission {
    return {
      id: row.id,
      system: row.system,
      kind: row.kind,
      caseId: row.case_id,
      operator: row.operator,
      state: row.state as SubmissionState,
      input: JSON.parse(this.#columns.open('submission.input', row.input_sealed)),
      outcome:
        row.outcome_sealed === null ? null : JSON.parse(this.#columns.open('submission.outcome', row.outcome_sealed)),
      failure: row.failure === null ? null : (JSON.parse(row.failure) as SubmissionFailure),
      messageReference: row.message_reference,
      createdAt: Number(row.created_at),
      changedAt: Number(row.changed_at),
    };
  }
}
