import type { PreparedPosting } from './posting-preparing.ts';
import type { PostingAdded, PostingState } from './posting-rows.ts';
import type { PostingTable } from './posting-tables.ts';
import type { WriteTransaction } from './writing.ts';

/** Values in one condition at most. */
const VALUES = 1_000;

const KNOWN_COLUMNS = [
  'id',
  'document_number',
  'version',
  'request_key',
  'fingerprint',
  'state',
] as const satisfies readonly (keyof PostingTable)[];

interface Known {
  readonly id: string;
  readonly document_number: string;
  readonly version: number;
  readonly request_key: string | null;
  readonly fingerprint: string;
  readonly state: string;
}

/** Notes why entries did not go in, each in its place. Gives those of which nothing is found, in their order. */
export async function explainRefusals(
  tx: WriteTransaction,
  entries: readonly PreparedPosting[],
  results: PostingAdded[],
): Promise<readonly PreparedPosting[]> {
  const unexplained: PreparedPosting[] = [];
  for (const [provider, ofProvider] of Map.groupBy(entries, ({ row }) => row.provider)) {
    const documents = Map.groupBy(
      await known(tx, provider, 'document_number', ofProvider),
      ({ document_number }) => document_number,
    );
    const keys = new Map(
      (await known(tx, provider, 'request_key', ofProvider)).map((posting) => [posting.request_key, posting]),
    );
    for (const entry of ofProvider) {
      const { document_number, request_key } = entry.row;
      const sameKey = request_key === null ? undefined : keys.get(request_key);
      const verdict = verdictOf(entry, sameKey, documents.get(document_number) ?? []);
      if (verdict) results[entry.index] = verdict;
      else unexplained.push(entry);
    }
  }
  return unexplained.sort((one, other) => one.index - other.index);
}

/** Postings of a hospital that have a document number, or a key, of one of the entries. */
async function known(
  tx: WriteTransaction,
  provider: string,
  column: 'document_number' | 'request_key',
  entries: readonly PreparedPosting[],
): Promise<Known[]> {
  const values = [...new Set(entries.map(({ row }) => row[column]).filter((value) => value !== null))];
  const found: Known[] = [];
  for (let start = 0; start < values.length; start += VALUES) {
    const rows = await tx
      .selectFrom('posting')
      .select(KNOWN_COLUMNS)
      .where('provider', '=', provider)
      .where(column, 'in', values.slice(start, start + VALUES))
      .execute();
    for (const row of rows) found.push(row);
  }
  return found;
}

/** Undefined when nothing stands against the entry. */
function verdictOf(
  { row }: PreparedPosting,
  sameKey: Known | undefined,
  versions: readonly Known[],
): PostingAdded | undefined {
  const isSame = (one: Known) => one.fingerprint === row.fingerprint;
  const isSameVersion = (one: Known) => one.document_number === row.document_number && one.version === row.version;
  if (sameKey) {
    if (isSameVersion(sameKey) && isSame(sameKey)) return { result: 'duplicate', of: sameKey.id, byKey: true };
    return { result: 'key-conflict', of: sameKey.id };
  }
  const sameVersion = versions.find(isSameVersion);
  if (sameVersion) {
    if (isSame(sameVersion)) return { result: 'duplicate', of: sameVersion.id, byKey: false };
    return { result: 'document-conflict', of: sameVersion.id };
  }
  const [last] = versions.toSorted((one, other) => other.version - one.version);
  if (last && (last.version > row.version || stands(last))) {
    return { result: 'earlier-version', of: last.id, state: last.state as PostingState };
  }
  return undefined;
}

/** As the table's unique key for documents that stand has it. */
function stands({ state }: Known): boolean {
  return state !== 'rejected' && state !== 'cancelled';
}
