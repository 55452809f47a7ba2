import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What hospitals are told of their postings. */
export interface PostingCallbackTables {
  posting_callback: PostingCallbackTable;
}

export interface PostingCallbackTable {
  posting_id: string;
  /** From 1: a posting may end, and be taken back later. */
  number: number;
  state: string;
  attempts: number;
  created_at: number;
  /** When it was delivered or given up; null while it is tried. */
  ended_at: number | null;
}

export const POSTING_CALLBACKS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('posting_callback')
      .addColumn('posting_id', 'text', (column) => column.notNull().references('posting.id'))
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addPrimaryKeyConstraint('posting_callback_once', ['posting_id', 'number'])
      .execute();
  },
};
