import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Documents that departments issued for cases. */
export interface DocumentTables {
  document: DocumentTable;
}

export interface DocumentTable {
  id: string;
  case_id: string;
  /** The write to a department that brought it. */
  submission_id: string;
  kind: string;
  /** As the department numbers it; whether it ever gives a number twice is the department's affair. */
  number: string;
  /** SHA-256 of the bytes, lower-case hex. */
  digest: string;
  /** The bytes as the department made them, encrypted. */
  bytes_sealed: Uint8Array;
  /** JSON, encrypted: what the department said beside it; names people. */
  facts_sealed: Uint8Array;
  created_at: number;
}

export const DOCUMENTS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('document')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
      .addColumn('submission_id', 'text', (column) => column.notNull().unique().references('submission.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('number', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('bytes_sealed', 'blob', (column) => column.notNull())
      .addColumn('facts_sealed', 'blob', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('document_of_case').on('document').columns(['case_id', 'created_at']).execute();
    await db.schema.createIndex('document_by_number').on('document').column('number').execute();
  },
};
