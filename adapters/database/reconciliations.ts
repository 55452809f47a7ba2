import { randomUUIDv7 } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import { POSTING_COLUMNS, type Posting, postingOf } from './posting-rows.ts';
import type { ReconciliationTable } from './reconciliation-tables.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

export type ReconciliationState = 'running' | 'done' | 'failed';

/** Why one could not be made, free of personal data. */
export interface ReconciliationFailure {
  readonly code: string;
  readonly departmentCode?: string;
  readonly detail?: string;
  readonly detailZh?: string;
}

/** A reconciliation of a hospital's books over some China days. Moments are milliseconds since 1970. */
export interface Reconciliation {
  readonly id: string;
  /** The hospital, by its provider code (定点医药机构编号). */
  readonly provider: string;
  readonly from: string;
  readonly to: string;
  readonly daily: boolean;
  /** The hospital's own book; null where it gave none. */
  readonly book: string | null;
  readonly operator: string | null;
  readonly state: ReconciliationState;
  readonly askedAt: number;
  readonly madeAt: number | null;
  readonly failure: ReconciliationFailure | null;
  readonly differenceCount: number;
}

export type NewReconciliation = Pick<Reconciliation, 'provider' | 'from' | 'to' | 'daily' | 'book' | 'operator'> & {
  readonly at: number;
};

const COLUMNS = [
  'id',
  'provider',
  'from_day',
  'to_day',
  'daily_key',
  'book',
  'operator',
  'state',
  'asked_at',
  'made_at',
  'failure',
  'difference_count',
] as const satisfies readonly (keyof ReconciliationTable)[];

/** Documents that are looked up with one statement. */
const TOGETHER = 500;

/** Reconciliations and what came of each. */
export class Reconciliations {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Keeps what was asked for, as `running`. Its id; undefined for the daily one of a hospital and day that is there already. */
  async add(
    tx: WriteTransaction,
    { provider, from, to, daily, book, operator, at }: NewReconciliation,
  ): Promise<string | undefined> {
    const added = await tx
      .insertInto('reconciliation')
      .values({
        id: randomUUIDv7(),
        provider,
        from_day: from,
        to_day: to,
        daily_key: daily ? `${provider} ${from}` : null,
        book,
        operator,
        state: 'running',
        asked_at: at,
        made_at: null,
        failure: null,
        difference_count: 0,
        result_sealed: null,
      })
      .onConflict((conflict) => conflict.column('daily_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    return added?.id;
  }

  /** Keeps what came of one that runs. False, and nothing written, when that is known already. */
  async done(
    tx: WriteTransaction,
    id: string,
    {
      at,
      result,
      differenceCount,
    }: { readonly at: number; readonly result: unknown; readonly differenceCount: number },
  ): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable('reconciliation')
      .set({
        state: 'done',
        made_at: at,
        difference_count: differenceCount,
        result_sealed: this.#columns.seal('reconciliation.result', JSON.stringify(result)),
      })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Keeps why one that runs could not be made. */
  async failed(tx: WriteTransaction, id: string, at: number, failure: ReconciliationFailure): Promise<void> {
    await tx
      .updateTable('reconciliation')
      .set({ state: 'failed', made_at: at, failure: JSON.stringify(failure) })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute();
  }

  async byId(id: string): Promise<Reconciliation | undefined> {
    const row = await this.#db.selectFrom('reconciliation').select(COLUMNS).where('id', '=', id).executeTakeFirst();
    return row && reconciliationOf(row);
  }

  /** What came of it; undefined until it is made. */
  async result(id: string): Promise<unknown> {
    const row = await this.#db
      .selectFrom('reconciliation')
      .select('result_sealed')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.result_sealed ? JSON.parse(this.#columns.open('reconciliation.result', row.result_sealed)) : undefined;
  }

  /** A hospital's, newest first. */
  async ofProvider(provider: string, limit: number): Promise<readonly Reconciliation[]> {
    const rows = await this.#db
      .selectFrom('reconciliation')
      .select(COLUMNS)
      .where('provider', '=', provider)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(reconciliationOf);
  }

  /** The last day for which there is a daily one; undefined where there is none. */
  async lastDaily(provider: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('reconciliation')
      .select(({ fn }) => fn.max('from_day').as('day'))
      .where('provider', '=', provider)
      .where('daily_key', 'is not', null)
      .executeTakeFirst();
    return row?.day ?? undefined;
  }

  /** The last version of each of these documents of a hospital, by document number; those that were never posted are missing. */
  async postingsOf(provider: string, documentNumbers: readonly string[]): Promise<Map<string, Posting>> {
    const postings = new Map<string, Posting>();
    for (let start = 0; start < documentNumbers.length; start += TOGETHER) {
      const rows = await this.#db
        .selectFrom('posting')
        .select(POSTING_COLUMNS)
        .where('provider', '=', provider)
        .where('document_number', 'in', documentNumbers.slice(start, start + TOGETHER))
        .orderBy('version')
        .execute();
      for (const row of rows) postings.set(row.document_number, postingOf(row));
    }
    return postings;
  }
}

function reconciliationOf(row: Pick<ReconciliationTable, (typeof COLUMNS)[number]>): Reconciliation {
  return {
    id: row.id,
    provider: row.provider,
    from: row.from_day,
    to: row.to_day,
    daily: row.daily_key !== null,
    book: row.book,
    operator: row.operator,
    state: row.state as ReconciliationState,
    askedAt: Number(row.asked_at),
    madeAt: row.made_at === null ? null : Number(row.made_at),
    failure: row.failure === null ? null : (JSON.parse(row.failure) as ReconciliationFailure),
    differenceCount: row.difference_count,
  };
}
