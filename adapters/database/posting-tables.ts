import { type Generated, type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What hospitals post, and what became of it. */
export interface PostingTables {
  posting: PostingTable;
  posting_entry: PostingEntryTable;
  posting_transition: PostingTransitionTable;
}

export interface PostingTable {
  /** A version 7 UUID: in the order in which postings were stored. */
  id: string;
  /** The hospital, by its provider code (定点医药机构编号). */
  provider: string;
  kind: string;
  document_number: string;
  version: number;
  /** The caller's idempotency key; null where none was given, and once it is forgotten. */
  request_key: string | null;
  /** Keyed digest of the entry. */
  fingerprint: string;
  /** The account that posted it. */
  operator: string;
  /** Handle of the patient. */
  patient: string;
  case_id: string | null;
  total_fen: number | null;
  state: Generated<string>;
  step: string | null;
  /** JSON of the error's code and details; never personal data. */
  failure: string | null;
  settlement_id: string | null;
  stored_at: number;
  changed_at: number;
  /** When the platform did it; stays when it is undone. */
  settled_at: number | null;
  /** When what was settled was undone. */
  undone_at: number | null;
  /** When it may be taken; while it is worked on, when it counts as abandoned; null when nothing is to be done by machine. */
  due_at: number | null;
  /** The process that works on it. */
  owner: string | null;
  /** How often it was taken; never less than it was. */
  takes: Generated<number>;
  /** What the engine counts. */
  attempts: Generated<number>;
  /** Code and message id of the last failure; never personal data. */
  last_error: string | null;
  /** How often it changed its state. */
  transitions: Generated<number>;
  /** JSON, encrypted: how far its chain has come. */
  progress_sealed: Uint8Array | null;
}

/** What the hospital sent: apart from the row that changes with each step, and written once. */
export interface PostingEntryTable {
  posting_id: string;
  /** JSON, encrypted. */
  entry_sealed: Uint8Array;
}

/** Each change of a posting's state. That it was stored is told by its row. */
export interface PostingTransitionTable {
  posting_id: string;
  number: number;
  at: number;
  from_state: string;
  to_state: string;
  cause: string;
  step: string | null;
  /** The platform's message id of what led to it. */
  message_reference: string | null;
  /** The account of the person who did it; null where the machine did. */
  actor: string | null;
  /** That person's words, encrypted. */
  reason_sealed: Uint8Array | null;
}

export const POSTINGS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('posting')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('provider', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('document_number', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('request_key', 'text')
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('operator', 'text', (column) => column.notNull())
      .addColumn('patient', 'text', (column) => column.notNull())
      .addColumn('case_id', 'text', (column) => column.references('registry_case.id'))
      .addColumn('total_fen', 'bigint')
      .addColumn('state', 'text', (column) => column.notNull().defaultTo('stored'))
      .addColumn('step', 'text')
      .addColumn('failure', 'text')
      .addColumn('settlement_id', 'text')
      .addColumn('stored_at', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('undone_at', 'bigint')
      .addColumn('due_at', 'bigint')
      .addColumn('owner', 'text')
      .addColumn('takes', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('last_error', 'text')
      .addColumn('transitions', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('progress_sealed', 'blob')
      .execute();
    await db.schema
      .createTable('posting_entry')
      .addColumn('posting_id', 'text', (column) => column.primaryKey())
      .addColumn('entry_sealed', 'blob', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('posting_transition')
      .addColumn('posting_id', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('from_state', 'text', (column) => column.notNull())
      .addColumn('to_state', 'text', (column) => column.notNull())
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('step', 'text')
      .addColumn('message_reference', 'text')
      .addColumn('actor', 'text')
      .addColumn('reason_sealed', 'blob')
      .addPrimaryKeyConstraint('posting_transition_key', ['posting_id', 'number'])
      .execute();
    await createUniqueIndexes(db);
    await createIndexes(db);
  },
};

/** What makes a posting's effect happen once, whoever posts it at the same moment. */
async function createUniqueIndexes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('posting_document')
    .on('posting')
    .columns(['provider', 'document_number', 'version'])
    .unique()
    .execute();
  // Of a document at most one version stands at any time.
  await db.schema
    .createIndex('posting_standing_document')
    .on('posting')
    .columns(['provider', 'document_number'])
    .unique()
    .where(sql`state`, 'not in', sql`('rejected', 'cancelled')`)
    .execute();
  await db.schema
    .createIndex('posting_key')
    .on('posting')
    .columns(['provider', 'request_key'])
    .unique()
    .where(sql`request_key`, 'is not', null)
    .execute();
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  // Each hospital, state and kind is a run in the order of lists: a page is merged from runs.
  await db.schema.createIndex('posting_listed').on('posting').columns(['provider', 'state', 'kind', 'id']).execute();
  await db.schema
    .createIndex('posting_due')
    .on('posting')
    .columns(['provider', 'due_at', 'id'])
    .where(sql`due_at`, 'is not', null)
    .execute();
  await db.schema
    .createIndex('posting_on_work_list')
    .on('posting')
    .columns(['changed_at', 'id'])
    .where(sql`state`, '=', sql`'manual'`)
    .execute();
  await db.schema.createIndex('posting_of_patient').on('posting').columns(['patient', 'id']).execute();
  await db.schema
    .createIndex('posting_of_case')
    .on('posting')
    .columns(['case_id', 'id'])
    .where(sql`case_id`, 'is not', null)
    .execute();
  for (const moment of ['settled_at', 'undone_at']) {
    await db.schema
      .createIndex(`posting_${moment}`)
      .on('posting')
      .columns(['provider', moment, 'id'])
      .where(sql.ref(moment), 'is not', null)
      .execute();
  }
}
