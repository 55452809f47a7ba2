import type { Tables } from './tables.ts';

/** A table with encrypted columns. */
export interface SealedTable {
  readonly table: keyof Tables;
  /** Its primary key. */
  readonly key: readonly string[];
  /** Each encrypted column, and the name that its values are bound to. */
  readonly columns: Readonly<Record<`${string}_sealed`, string>>;
  /** How many rows are sealed anew in one unit of work: 200 where it is left out. */
  readonly batch?: number;
}

/** Every encrypted column of the store, by table, in the order in which they are sealed anew. */
const SEALED: Readonly<Partial<Record<keyof Tables, Omit<SealedTable, 'table'>>>> = {
  resident: { key: ['handle'], columns: { id_number_sealed: 'resident.id_number', name_sealed: 'resident.name' } },
  registry_case: {
    key: ['id'],
    columns: {
      password_sealed: 'registry_case.password',
      applicant_name_sealed: 'registry_case.applicant_name',
      agent_sealed: 'registry_case.agent',
      mobile_sealed: 'registry_case.mobile',
    },
  },
  task: { key: ['id'], columns: { body_sealed: 'task.body' } },
  submission: {
    key: ['id'],
    columns: { input_sealed: 'submission.input', outcome_sealed: 'submission.outcome' },
  },
  submission_resolution: { key: ['id'], columns: { said_sealed: 'submission_resolution.said' } },
  idempotency_key: { key: ['caller', 'operation', 'key'], columns: { reply_sealed: 'idempotency.reply' } },
  payment: { key: ['pay_code'], columns: { notice_sealed: 'payment.notice' } },
  payment_notice: { key: ['pay_code', 'trade_number'], columns: { notice_sealed: 'payment_notice.notice' } },
  posting: { key: ['id'], columns: { progress_sealed: 'posting.progress' } },
  posting_entry: { key: ['posting_id'], columns: { entry_sealed: 'posting_entry.entry' } },
  posting_transition: {
    key: ['posting_id', 'number'],
    columns: { reason_sealed: 'posting_transition.reason' },
  },
  reconciliation: { key: ['id'], columns: { result_sealed: 'reconciliation.result' } },
  hospital_book_page: {
    key: ['provider', 'book', 'page'],
    columns: { rows_sealed: 'hospital_book_page.rows' },
    batch: 20,
  },
  document: {
    key: ['id'],
    columns: { bytes_sealed: 'document.bytes', facts_sealed: 'document.facts' },
    // Whole papers, of megabytes.
    batch: 4,
  },
};

export const SEALED_TABLES: readonly SealedTable[] = Object.entries(SEALED).map(([table, sealed]) => ({
  table: table as keyof Tables,
  ...sealed,
}));
