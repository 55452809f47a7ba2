import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What people say of writes to departments whose outcome no machine could find out. */
export interface ResolutionTables {
  submission_resolution: ResolutionTable;
}

export interface ResolutionTable {
  id: string;
  submission_id: string;
  /** The account of whoever said it. */
  operator: string;
  /** `done` or `not-done`. */
  outcome: string;
  /** JSON of the words and the department's reference, encrypted: they may name people. */
  said_sealed: Uint8Array;
  /** `pending` until the department's worker has acted on it, then `applied` or `refused`. */
  state: string;
  /** JSON of why it was refused, in English and Chinese; never personal data. */
  refusal: string | null;
  given_at: number;
  decided_at: number | null;
}

/** Who sends a write and until when that holds; what people say of writes that nobody could settle. */
export const SENDERS_AND_RESOLUTIONS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Without an index: a renewal then touches the row alone.
    await db.schema.alterTable('submission').addColumn('owner', 'text').execute();
    await db.schema.alterTable('submission').addColumn('lease_until', 'bigint').execute();
    await db.schema
      .createTable('submission_resolution')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('submission_id', 'text', (column) => column.notNull().references('submission.id'))
      .addColumn('operator', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('said_sealed', 'blob', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('refusal', 'text')
      .addColumn('given_at', 'bigint', (column) => column.notNull())
      .addColumn('decided_at', 'bigint')
      .execute();
    await db.schema
      .createIndex('submission_resolution_of')
      .on('submission_resolution')
      .columns(['submission_id', 'given_at'])
      .execute();
  },
};
