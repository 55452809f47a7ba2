import type { Generated } from 'kysely';

/**
 * The tables of the store. Moments are milliseconds since 1970. Columns ending in `_sealed` hold personal data, encrypted
 * (`personal-columns.ts`); `handle` columns find a person without showing who it is.
 */
export interface Tables {
  resident: ResidentTable;
  registry_case: CaseTable;
  case_step: CaseStepTable;
  case_reference: CaseReferenceTable;
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
  number: string;
  password_sealed: Uint8Array;
  item_id: string;
  applicant_handle: string;
  channel: string;
  organisation_code: string;
  organisation_name: string;
  organisation_division: string;
  status: string;
  applied_at: number;
  accepted_at: number;
  promise_at: number | null;
  visits_promised: number | null;
  visits_made: number;
  result_type: string | null;
  result_at: number | null;
  result_explanation: string | null;
  result_certificate_name: string | null;
  result_certificate_number: string | null;
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
