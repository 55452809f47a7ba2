import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Departments' records that are asked after again and again until they come to their end. */
export interface FollowedRecordTables {
  followed_record: FollowedRecordTable;
}

export interface FollowedRecordTable {
  /** The department's folder name. */
  system: string;
  /** The record's key there. */
  reference: string;
  case_id: string;
  /** So many of its steps have been told to the case. */
  told: number;
  pause_ms: number;
}

export const FOLLOWED_RECORDS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('followed_record')
      .addColumn('system', 'text', (column) => column.notNull())
      .addColumn('reference', 'text', (column) => column.notNull())
      .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
      .addColumn('told', 'integer', (column) => column.notNull())
      .addColumn('pause_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('followed_record_once', ['system', 'reference'])
      .execute();
  },
};
