import type { NewPosting } from '../../../adapters/database/postings.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { Delegate } from '../services/delegation.ts';
import type { ReadEntry } from './entry.ts';
import type { ReceiptFacts } from './receipt.ts';

export interface EntryToStore {
  readonly entry: ReadEntry;
  readonly delegate: Delegate;
  readonly requestKey: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An entry as the store takes it. Its digest stands for all of it: two entries are the same when theirs are. */
export function newPosting(
  { postings }: Pick<Store, 'postings'>,
  { entry, delegate, requestKey, at }: EntryToStore,
): NewPosting {
  const { document, version, caseId, totalFen, kept } = entry;
  return {
    provider: delegate.institution.code,
    kind: kept.kind,
    documentNumber: document,
    version,
    requestKey,
    fingerprint: postings.fingerprint(kept.digest),
    operator: delegate.operator.account,
    idNumber: kept.patient.idNumber,
    caseId,
    totalFen,
    entry: kept,
    at,
  };
}

export function receiptFacts(id: string, { entry, delegate, at }: EntryToStore): ReceiptFacts {
  const { document, version, kept } = entry;
  const { kind, digest } = kept;
  return { id, hospital: delegate.institution.code, document, version, kind, storedAt: at, digest };
}
