import type { Selectable } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { PostingTable, PostingTransitionTable } from './posting-tables.ts';

/**
 * Where a posting stands. `stored`: durably here, nothing sent. `sending`: its chain runs. `unknown`: a step's outcome is not known and the
 * platform is asked. `undoing`: what was done is being undone. `manual`: a person has to settle it. `settled`, `rejected`, `cancelled`:
 * known.
 */
export type PostingState =
  | 'stored'
  | 'sending'
  | 'settled'
  | 'rejected'
  | 'unknown'
  | 'undoing'
  | 'cancelled'
  | 'manual';

export const POSTING_STATES: readonly PostingState[] = [
  'stored',
  'sending',
  'settled',
  'rejected',
  'unknown',
  'undoing',
  'cancelled',
  'manual',
];

export type PostingKind = 'referral' | 'maternity-settlement';

export const POSTING_KINDS: readonly PostingKind[] = ['referral', 'maternity-settlement'];

/** Why a posting was not done, free of personal data. */
export interface PostingFailure {
  readonly code: string;
  readonly departmentCode?: string;
  readonly detail?: string;
  readonly detailZh?: string;
  readonly field?: string;
}

/** What a hospital sent. Moments are milliseconds since 1970. */
export interface NewPosting {
  /** A version 7 UUID (`postingId`); made from `at` where it is left out. */
  readonly id?: string;
  /** The hospital's provider code (定点医药机构编号), 12 characters. */
  readonly provider: string;
  readonly kind: PostingKind;
  readonly documentNumber: string;
  readonly version: number;
  readonly requestKey: string | null;
  /** Keyed digest of the entry (`Postings.fingerprint`); that of kind and entry where it is left out. */
  readonly fingerprint?: string;
  /** The account that posted it. */
  readonly operator: string;
  /** The patient's ID number: kept as a handle. */
  readonly idNumber: string;
  readonly caseId: string | null;
  readonly totalFen: number | null;
  /** JSON; kept encrypted. */
  readonly entry: unknown;
  readonly at: number;
}

/**
 * What became of an entry. `duplicate`: the same document with the same content is there, found by its key or by its number.
 * `document-conflict`: this version of the document is there with other content. `key-conflict`: the key was used for something else.
 * `earlier-version`: another version of the document stands, or a later one is there.
 */
export type PostingAdded =
  | { readonly result: 'stored'; readonly id: string }
  | { readonly result: 'duplicate'; readonly of: string; readonly byKey: boolean }
  | { readonly result: 'document-conflict'; readonly of: string }
  | { readonly result: 'key-conflict'; readonly of: string }
  | { readonly result: 'earlier-version'; readonly of: string; readonly state: PostingState };

export interface Posting {
  readonly id: string;
  readonly provider: string;
  readonly kind: PostingKind;
  readonly documentNumber: string;
  readonly version: number;
  readonly requestKey: string | null;
  readonly fingerprint: string;
  readonly operator: string;
  /** Handle of the patient. */
  readonly patient: string;
  readonly caseId: string | null;
  readonly totalFen: number | null;
  readonly state: PostingState;
  readonly step: string | null;
  readonly failure: PostingFailure | null;
  readonly settlementId: string | null;
  readonly storedAt: number;
  readonly changedAt: number;
  /** When the platform did it; stays when it is undone. */
  readonly settledAt: number | null;
  /** When what was settled was undone. */
  readonly undoneAt: number | null;
  /** When a machine goes on with it; null when none does. */
  readonly dueAt: number | null;
  readonly attempts: number;
  readonly lastError: string | null;
}

/** A posting with how far its chain has come; null until a step was kept. */
export interface PostingWithProgress extends Posting {
  readonly progress: unknown;
}

/** A posting with what was sent. */
export interface PostingWithContent extends PostingWithProgress {
  readonly entry: unknown;
}

/** A posting that a worker of this process works on. */
export interface TakenPosting extends Posting {
  /** How often it was taken, this time included: which of the times this one is. */
  readonly takes: number;
}

/** A change of state. The first, number 0, is that it was stored: from no state. */
export interface PostingTransition {
  readonly postingId: string;
  readonly number: number;
  readonly at: number;
  readonly from: PostingState | null;
  readonly to: PostingState;
  readonly cause: string;
  readonly step: string | null;
  readonly messageReference: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
}

/** The columns of a posting, without what is encrypted. */
export const POSTING_COLUMNS = [
  'id',
  'provider',
  'kind',
  'document_number',
  'version',
  'request_key',
  'fingerprint',
  'operator',
  'patient',
  'case_id',
  'total_fen',
  'state',
  'step',
  'failure',
  'settlement_id',
  'stored_at',
  'changed_at',
  'settled_at',
  'undone_at',
  'due_at',
  'attempts',
  'last_error',
] as const satisfies readonly (keyof PostingTable)[];

export type PostingRow = Pick<Selectable<PostingTable>, (typeof POSTING_COLUMNS)[number]>;

export function postingOf(row: PostingRow): Posting {
  return {
    id: row.id,
    provider: row.provider,
    kind: row.kind as PostingKind,
    documentNumber: row.document_number,
    version: row.version,
    requestKey: row.request_key,
    fingerprint: row.fingerprint,
    operator: row.operator,
    patient: row.patient,
    caseId: row.case_id,
    totalFen: row.total_fen,
    state: row.state as PostingState,
    step: row.step,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as PostingFailure),
    settlementId: row.settlement_id,
    storedAt: row.stored_at,
    changedAt: row.changed_at,
    settledAt: row.settled_at,
    undoneAt: row.undone_at,
    dueAt: row.due_at,
    attempts: row.attempts,
    lastError: row.last_error,
  };
}

/** That it was stored: told by its row. */
export function firstTransition({
  id,
  stored_at,
  operator,
}: Pick<PostingRow, 'id' | 'stored_at' | 'operator'>): PostingTransition {
  return {
    postingId: id,
    number: 0,
    at: stored_at,
    from: null,
    to: 'stored',
    cause: 'POSTED',
    step: null,
    messageReference: null,
    actor: operator,
    reason: null,
  };
}

export function transitionOf(columns: PersonalColumns, row: PostingTransitionTable): PostingTransition {
  return {
    postingId: row.posting_id,
    number: row.number,
    at: row.at,
    from: row.from_state as PostingState,
    to: row.to_state as PostingState,
    cause: row.cause,
    step: row.step,
    messageReference: row.message_reference,
    actor: row.actor,
    reason: row.reason_sealed === null ? null : columns.open('posting_transition.reason', row.reason_sealed),
  };
}
