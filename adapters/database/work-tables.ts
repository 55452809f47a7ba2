import type { Generated, Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The tables of work in progress: durable queues, writes to departments, callers' idempotency keys. */
export interface WorkTables {
  task: TaskTable;
  task_line: TaskLineTable;
  submission: SubmissionTable;
  idempotency_key: IdempotencyTable;
}

export interface TaskTable {
  id: Generated<number>;
  queue: string;
  order_key: string;
  kind: string;
  /** JSON, encrypted: it may name people. */
  body_sealed: Uint8Array;
  created_at: number;
  not_before: number;
}

/** The tasks of one queue and key, worked one after the other in the order of their ids: when and by whom. */
export interface TaskLineTable {
  queue: string;
  order_key: string;
  /** When its first task may be taken; while one is worked on, when it counts as abandoned. */
  due_at: number;
  /** How often the first task was taken. */
  attempts: number;
  /** The process that works on the first task. */
  owner: string | null;
  /** 1 when a person has to look before it goes on. */
  stuck: number;
  /** Code, department's code and message id of the last failure; never personal data. */
  last_error: string | null;
}

export interface SubmissionTable {
  id: string;
  system: string;
  kind: string;
  case_id: string | null;
  operator: string;
  state: string;
  /** JSON, encrypted. */
  input_sealed: Uint8Array;
  /** JSON, encrypted; null until the department did it. */
  outcome_sealed: Uint8Array | null;
  /** JSON of the error's code and details; never personal data. */
  failure: string | null;
  /** The department's message id of the last attempt. */
  message_reference: string | null;
  created_at: number;
  changed_at: number;
  /** The process that sends it, or did; null where the program that kept it knew no leases. */
  owner: string | null;
  /** While it is `sending`: when it counts as abandoned, by the clock of the database. */
  lease_until: number | null;
}

export interface IdempotencyTable {
  caller: string;
  operation: string;
  key: string;
  /** Keyed digest of what was asked. */
  fingerprint: string;
  /** The write to a department that this key stands for; null where there is none. */
  submission_id: string | null;
  /** JSON, encrypted; null while the request runs. */
  reply_sealed: Uint8Array | null;
  created_at: number;
}

export const WORK_TABLES: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('task')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('queue', 'text', (column) => column.notNull())
      .addColumn('order_key', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('body_sealed', 'blob', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('not_before', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('task_in_line').on('task').columns(['queue', 'order_key', 'id']).execute();
    await db.schema
      .createTable('task_line')
      .addColumn('queue', 'text', (column) => column.notNull())
      .addColumn('order_key', 'text', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('owner', 'text')
      .addColumn('stuck', 'integer', (column) => column.notNull())
      .addColumn('last_error', 'text')
      .addPrimaryKeyConstraint('task_line_key', ['queue', 'order_key'])
      .execute();
    await db.schema
      .createIndex('task_line_due')
      .on('task_line')
      .columns(['queue', 'stuck', 'due_at', 'order_key'])
      .execute();

    await db.schema
      .createTable('submission')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('system', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('case_id', 'text', (column) => column.references('registry_case.id'))
      .addColumn('operator', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('input_sealed', 'blob', (column) => column.notNull())
      .addColumn('outcome_sealed', 'blob')
      .addColumn('failure', 'text')
      .addColumn('message_reference', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('submission_of_case').on('submission').columns(['case_id', 'created_at']).execute();
    await db.schema.createIndex('submission_by_state').on('submission').columns(['state', 'changed_at']).execute();

    await db.schema
      .createTable('idempotency_key')
      .addColumn('caller', 'text', (column) => column.notNull())
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('submission_id', 'text')
      .addColumn('reply_sealed', 'blob')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('idempotency_key_once', ['caller', 'operation', 'key'])
      .execute();
    await db.schema
      .createIndex('idempotency_key_of_submission')
      .on('idempotency_key')
      .column('submission_id')
      .execute();
    await db.schema.createIndex('idempotency_key_by_age').on('idempotency_key').column('created_at').execute();
  },
};
