import type { PersonalColumns } from './personal-columns.ts';
import { postingId } from './posting-ids.ts';
import type { NewPosting } from './posting-rows.ts';
import type { PostingTable } from './posting-tables.ts';

/** The columns that a posting begins with; the others begin as the table says. */
export const NEW_POSTING_COLUMNS = [
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
  'stored_at',
  'changed_at',
  'due_at',
] as const satisfies readonly (keyof PostingTable)[];

export type NewPostingRow = Readonly<Pick<PostingTable, (typeof NEW_POSTING_COLUMNS)[number]>>;

export interface PreparedPosting {
  /** Its place among the entries as they were given. */
  readonly index: number;
  readonly row: NewPostingRow;
  readonly entrySealed: Uint8Array;
}

/** Entries ready to be written: their ids, handles, digests and encrypted parts are made. */
export class PreparedPostings {
  /** In the order in which they were given. */
  readonly entries: readonly PreparedPosting[];

  constructor(entries: readonly PreparedPosting[]) {
    this.entries = entries;
  }
}

/** @param fingerprint the digest of an entry that comes without one. */
export function preparePostings(
  postings: readonly NewPosting[],
  columns: PersonalColumns,
  fingerprint: (content: unknown) => string,
): PreparedPostings {
  return new PreparedPostings(
    postings.map((posting, index) => ({
      index,
      row: {
        id: posting.id ?? postingId(posting.at),
        provider: posting.provider,
        kind: posting.kind,
        document_number: posting.documentNumber,
        version: posting.version,
        request_key: posting.requestKey,
        fingerprint: posting.fingerprint ?? fingerprint([posting.kind, posting.entry]),
        operator: posting.operator,
        patient: columns.handle(posting.idNumber),
        case_id: posting.caseId,
        total_fen: posting.totalFen,
        stored_at: posting.at,
        changed_at: posting.at,
        due_at: posting.at,
      },
      entrySealed: columns.seal('posting_entry.entry', JSON.stringify(posting.entry)),
    })),
  );
}
