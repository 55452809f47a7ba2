import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Reconciliations of hospitals' books with the platform's. */
export interface ReconciliationTables {
  reconciliation: ReconciliationTable;
  hospital_book_page: HospitalBookPageTable;
}

export interface ReconciliationTable {
  /** A version 7 UUID: in the order in which they were asked for. */
  id: string;
  provider: string;
  /** China days, `yyyy-MM-dd`. */
  from_day: string;
  to_day: string;
  /** Hospital and day of a daily one, of which there is one; null for one that somebody asked for. */
  daily_key: string | null;
  /** The hospital's own book that was given. */
  book: string | null;
  /** The account that asked for it; null for a daily one. */
  operator: string | null;
  state: string;
  asked_at: number;
  made_at: number | null;
  /** JSON of the error's code and details; never personal data. */
  failure: string | null;
  difference_count: number;
  /** JSON, encrypted; null until it is made. */
  result_sealed: Uint8Array | null;
}

/** What a hospital has booked itself, in pages, kept until it is reconciled and some days longer. */
export interface HospitalBookPageTable {
  provider: string;
  book: string;
  page: number;
  added_at: number;
  row_count: number;
  /** JSON, encrypted. */
  rows_sealed: Uint8Array;
}

export const RECONCILIATIONS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('reconciliation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('provider', 'text', (column) => column.notNull())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('to_day', 'text', (column) => column.notNull())
      .addColumn('daily_key', 'text', (column) => column.unique())
      .addColumn('book', 'text')
      .addColumn('operator', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('made_at', 'bigint')
      .addColumn('failure', 'text')
      .addColumn('difference_count', 'integer', (column) => column.notNull())
      .addColumn('result_sealed', 'blob')
      .execute();
    await db.schema
      .createIndex('reconciliation_by_provider')
      .on('reconciliation')
      .columns(['provider', 'id'])
      .execute();
    await db.schema
      .createTable('hospital_book_page')
      .addColumn('provider', 'text', (column) => column.notNull())
      .addColumn('book', 'text', (column) => column.notNull())
      .addColumn('page', 'integer', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addColumn('row_count', 'integer', (column) => column.notNull())
      .addColumn('rows_sealed', 'blob', (column) => column.notNull())
      .addPrimaryKeyConstraint('hospital_book_page_once', ['provider', 'book', 'page'])
      .execute();
    await db.schema.createIndex('hospital_book_page_by_age').on('hospital_book_page').column('added_at').execute();
  },
};
