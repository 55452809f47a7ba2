/**
 * What the command sends, word for word: a gateway that runs only known operations takes these texts among them.
 */

const RECORD = `fragment Line on AuditRecord {
  id
  index
  at
  kind
  request
  actor { subject account organisation roles purpose }
  operation { name hash type }
  fields { sensitivity names }
  denied
  decision
  residents
  cases { id }
  calls { department transaction write outcome reference durationMs }
  outcome { status codes }
  durationMs
}`;

export const TRACE = `query AuditorTrace($case: ID, $number: CaseNumber) {
  caseTrace(case: $case, number: $number) {
    count
    case { id number }
    checkpoint { size at note }
    entries { number record { ...Line } }
  }
}
${RECORD}`;

export const EXPORT = `query AuditorExport($case: ID, $number: CaseNumber) {
  caseTrace(case: $case, number: $number) { count export }
}`;

export const ACCESSES_TO = `query AuditorAccessesTo($resident: ID, $idNumber: IdNumber, $from: DateTime, $to: DateTime, $after: String) {
  page: accessesTo(resident: $resident, idNumber: $idNumber, from: $from, to: $to, first: 100, after: $after) {
    edges { node { ...Line } }
    pageInfo { hasNextPage endCursor }
  }
}
${RECORD}`;

export const RECORDS = `query AuditorRecords($filter: AuditRecordFilter, $after: String) {
  page: auditRecords(filter: $filter, first: 100, after: $after) {
    edges { node { ...Line } }
    pageInfo { hasNextPage endCursor }
  }
}
${RECORD}`;

export const CHECKPOINT = `query AuditorCheckpoint {
  checkpoint { size at note }
}`;

export const AUDITOR_OPERATIONS: readonly string[] = [TRACE, EXPORT, ACCESSES_TO, RECORDS, CHECKPOINT];

/** A record as the command shows it. */
export interface Line {
  readonly id: string;
  readonly index: number;
  readonly at: string;
  readonly kind: string;
  readonly request: string;
  readonly actor: {
    readonly subject: string;
    readonly account: string | null;
    readonly organisation: string | null;
    readonly roles: readonly string[];
    readonly purpose: string;
  };
  readonly operation: { readonly name: string; readonly hash: string; readonly type: string } | null;
  readonly fields: readonly { readonly sensitivity: string; readonly names: readonly string[] }[];
  readonly denied: readonly string[];
  readonly decision: string;
  readonly residents: readonly string[];
  readonly cases: readonly { readonly id: string }[];
  readonly calls: readonly {
    readonly department: string;
    readonly transaction: string;
    readonly write: boolean;
    readonly outcome: string;
    readonly reference: string | null;
    readonly durationMs: number;
  }[];
  readonly outcome: { readonly status: string; readonly codes: readonly string[] } | null;
  readonly durationMs: number | null;
}

export interface TraceAnswer {
  readonly caseTrace: {
    readonly count: number;
    readonly case: { readonly id: string; readonly number: string | null };
    readonly checkpoint: { readonly size: number; readonly at: string; readonly note: string };
    readonly entries: readonly { readonly number: number; readonly record: Line }[];
  } | null;
}

export interface ExportAnswer {
  readonly caseTrace: { readonly count: number; readonly export: string } | null;
}

export interface PageAnswer {
  readonly page: {
    readonly edges: readonly { readonly node: Line }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export interface CheckpointAnswer {
  readonly checkpoint: { readonly size: number; readonly at: string; readonly note: string } | null;
}
