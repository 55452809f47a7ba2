import type { Generated } from 'kysely';
import type { DocumentTables } from './document-tables.ts';
import type { FollowedRecordTables } from './followed-record-tables.ts';
import type { PaymentTables } from './payment-tables.ts';
import type { PostingCallbackTables } from './posting-callback-tables.ts';
import type { PostingTables } from './posting-tables.ts';
import type { ReconciliationTables } from './reconciliation-tables.ts';
import type { ResolutionTables } from './submission-tables.ts';
import type { WorkTables } from './work-tables.ts';

/**
 * The tables of the store. Moments are milliseconds since 1970. Columns ending in `_sealed` hold personal data, encrypted
 * (`personal-columns.ts`); `handle` columns find a person without showing who it is.
 */
export interface Tables
  extends WorkTables,
    PaymentTables,
    DocumentTables,
    FollowedRecordTables,
    ResolutionTables,
    PostingTables,
    PostingCallbackTables,
    ReconciliationTables {
  resident: ResidentTable;
  registry_case: CaseTable;
  case_step: CaseStepTable;
  case_reference: CaseReferenceTable;
  special_procedure: SpecialProcedureTable;
  case_material: CaseMaterialTable;
  case_facet: CaseFacetTable;
  counter: CounterTable;
  setting: SettingTable;
}

export interface ResidentTable {
  handle: string;
  id_number_sealed: Uint8Array;
  name_sealed: Uint8Array | null;
  hukou_division: string | null;
  residence_division: string | null;
}

export interface CaseTable {
  id: string;
  /** Null until the unified acceptance platform has allotted it, and the password with it. */
  number: string | null;
  password_sealed: Uint8Array | null;
  item_id: string;
  applicant_handle: string;
  /** The name as it stands on the application. */
  applicant_name_sealed: Uint8Array | null;
  /** JSON of name and ID number of whoever applies for the applicant. */
  agent_sealed: Uint8Array | null;
  mobile_sealed: Uint8Array | null;
  channel: string;
  /** The account that opened the case; null where none of ours did. */
  operator: string | null;
  organisation_code: string;
  organisation_name: string;
  organisation_division: string;
  status: string;
  /** `1` decided on the spot, `2` within a promised time; null where not known. */
  project_type: string | null;
  promise_days: number | null;
  applied_at: number;
  accepted_at: number | null;
  promise_at: number | null;
  visits_promised: number | null;
  visits_made: number;
  result_type: string | null;
  result_at: number | null;
  result_explanation: string | null;
  result_certificate_name: string | null;
  result_certificate_number: string | null;
  /** Counts the changes. */
  version: number;
  /** Where it stands on lists, and what they are asked by (`case-listing.ts`). */
  position: string;
  facet: number;
  town: string;
  village: string;
}

/** Every combination of what lists of cases are asked by that has occurred. Few rows, never taken away. */
export interface CaseFacetTable {
  facet: number;
  item_id: string;
  channel: string;
  status: string;
  /** 1 for cases that have been accepted. */
  accepted: number;
  county: string;
}

export interface CaseStepTable {
  case_id: string;
  number: number;
  name: string;
  /** Null while the step is to do. */
  outcome: string | null;
  started_at: number;
  ended_at: number | null;
  handler: string;
  explanation: string | null;
  organisation_code: string;
  organisation_name: string;
  organisation_division: string;
  /** Where it stands in the process (环节类型): first, middle, last, the only one; null where not known. */
  node_type: string | null;
  /** The action's code, `1` to `8` (环节操作); null where not known. */
  action: string | null;
  /** The account that took the step; null where none of ours did. */
  operator: string | null;
}

/** A time during which a case's clock stands still (特别程序). */
export interface SpecialProcedureTable {
  case_id: string;
  number: number;
  kind: string;
  name: string;
  reason: string;
  started_at: number;
  /** Null while it lasts. */
  ended_at: number | null;
  outcome: string | null;
}

export interface CaseMaterialTable {
  case_id: string;
  number: number;
  name: string;
  /** How it came: the platform's code (收取方式). */
  way: string;
  copies: number;
}

export interface CaseReferenceTable {
  id: Generated<number>;
  case_id: string;
  system: string;
  kind: string;
  reference: string;
  /** JSON object of the values that reading the record needs. */
  read_values: string;
}

export interface CounterTable {
  series: string;
  value: number;
}

export interface SettingTable {
  name: string;
  value: string;
}
