import { randomUUID } from 'node:crypto';
import type { InsertResult, Kysely } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { Abandoned, SenderLeases } from './sender-leases.ts';
import { changing, type Statement, statement } from './statement.ts';
import { readDone, readDoneOfCases, type SubmissionKinds, type SubmissionPeriod } from './submission-periods.ts';
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

/** Where a page of a list begins. */
export interface SubmissionPosition {
  readonly changedAt: number;
  readonly id: string;
}

type NewRow = Pick<SubmissionTable, 'id' | 'system' | 'kind' | 'case_id' | 'operator' | 'input_sealed' | 'created_at'>;

const STATES = Object.keys(TRANSITIONS) as SubmissionState[];

const changeIn = (states: readonly SubmissionState[]) =>
  changing<Partial<SubmissionTable>, { id: string }>()((db, columns, { id }) =>
    db.updateTable('submission').set(columns).where('id', '=', id).where('state', 'in', states),
  );

/** Moves a submission to a state, where it is in one from which that may follow. */
const CHANGE_TO = Object.fromEntries(
  STATES.map((state) => [state, changeIn(STATES.filter((from) => TRANSITIONS[from].some((to) => to === state)))]),
) as Readonly<Record<SubmissionState, ReturnType<typeof changeIn>>>;

const submissionById = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom('submission').selectAll().where('id', '=', id),
);

/** Writes to departments and what became of each. */
export class Submissions {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;
  readonly #leases: SenderLeases;
  readonly #insert: Statement<NewRow, InsertResult>;

  constructor(db: Kysely<Tables>, columns: PersonalColumns, leases: SenderLeases) {
    this.#db = db;
    this.#columns = columns;
    this.#leases = leases;
    this.#insert = statement<NewRow>()((db, { id, system, kind, case_id, operator, input_sealed, created_at }) =>
      db.insertInto('submission').values({
        ...{ id, system, kind, case_id, operator, input_sealed, created_at },
        changed_at: created_at,
        state: 'sending',
        outcome_sealed: null,
        failure: null,
        message_reference: null,
        owner: leases.owner,
        lease_until: leases.until(),
      }),
    );
  }

  /** Keeps what this process is about to send, as `sending`, with a lease. Returns its id. */
  async add(tx: WriteTransaction, { system, kind, caseId, operator, input, at }: NewSubmission): Promise<string> {
    const id = randomUUID();
    await this.#insert(tx, {
      id,
      system,
      kind,
      case_id: caseId,
      operator,
      input_sealed: this.#columns.seal('submission.input', JSON.stringify(input)),
      created_at: at,
    });
    return id;
  }

  /** Renews the lease of a submission that this process sends until it is released. `failed` is told when that cannot be done. */
  hold(id: string, failed: (error: unknown) => void): () => void {
    return this.#leases.hold(id, failed);
  }

  /**
   * Moves a submission on. False when its state does not allow that any more, because another process settled it: then nothing was
   * changed and nothing else may be written for it.
   */
  async change(tx: WriteTransaction, id: string, change: SubmissionChange): Promise<boolean> {
    const columns = {
      state: change.state,
      changed_at: change.at,
      ...(change.outcome !== undefined && {
        outcome_sealed: this.#columns.seal('submission.outcome', JSON.stringify(change.outcome)),
      }),
      ...(change.failure && { failure: JSON.stringify(change.failure) }),
      ...(change.messageReference !== undefined && { message_reference: change.messageReference }),
    };
    const { numAffectedRows } = await CHANGE_TO[change.state](tx, columns, { id });
    return numAffectedRows === 1n;
  }

  /**
   * Keeps the message id under which this process is about to send a submission, what a reversal or a query will name, and renews its
   * lease. False when it is not this process's to send any more, because it was taken for abandoned: then it must not be.
   */
  async remember(tx: WriteTransaction, id: string, messageReference: string): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('submission')
      .set({ message_reference: messageReference, lease_until: this.#leases.until() })
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .where('owner', '=', this.#leases.owner)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Those of a system that are `sending` and that nobody sends any more, at most 100: their process died, or forgot them. */
  abandoned(system: string, which: Abandoned): Promise<string[]> {
    return this.#leases.abandoned(this.#db, system, which);
  }

  /** Makes an abandoned submission `unknown`. False when its sender has renewed its lease or brought it to an end meanwhile. */
  async takeOver(
    tx: WriteTransaction,
    id: string,
    which: Abandoned,
    { at, failure }: { readonly at: number; readonly failure: SubmissionFailure },
  ): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('submission')
      .set({ state: 'unknown', changed_at: at, failure: JSON.stringify(failure) })
      .where('id', '=', id)
      .where(this.#leases.isAbandoned(which))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async byId(id: string, db: Kysely<Tables> = this.#db): Promise<Submission | undefined> {
    const [row] = (await submissionById(db, { id })).rows;
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

  /** Those of some states, the longest in theirs first. */
  async page(
    states: readonly SubmissionState[],
    { after, limit }: { readonly after?: SubmissionPosition; readonly limit: number },
  ): Promise<Submission[]> {
    const rows = await this.#db
      .selectFrom('submission')
      .selectAll()
      .where('state', 'in', states)
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('changed_at', 'id'), '>', tuple(after?.changedAt ?? 0, after?.id ?? '')),
        ),
      )
      .orderBy('changed_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => this.#submission(row));
  }

  /** Those of some kinds that came to be done in a period, in pages, in that order. */
  async *doneBetween(which: SubmissionKinds, period: SubmissionPeriod): AsyncGenerator<readonly Submission[]> {
    for await (const page of readDone(this.#db, which, period)) yield page.map((row) => this.#submission(row));
  }

  /** Those of some kinds that are done for some cases. */
  async doneOfCases(which: SubmissionKinds, caseIds: readonly string[]): Promise<readonly Submission[]> {
    if (caseIds.length === 0) return [];
    return (await readDoneOfCases(this.#db, which, caseIds)).map((row) => this.#submission(row));
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
