import type { Posting, PostingFilter, PostingKind, PostingState } from '../../../adapters/database/postings.ts';
import type { Store } from '../../../adapters/database/store.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { type Connection, connectionOf, decodeCursor, encodeCursor, pageSize } from '../../connection.ts';
import { invalidInput, periodInput } from '../../invalid-input.ts';
import { between } from '../forms/readers.ts';

export interface PostingDocument {
  readonly hospital: string;
  readonly number: string;
  readonly version?: number | null;
}

export interface PostingQuestion {
  readonly id?: string | null;
  readonly document?: PostingDocument | null;
}

/** A posting by its id or its document; null when there is none. Throws `INVALID_INPUT` for neither and for both. */
export async function postingAsked(
  { postings }: Pick<Store, 'postings'>,
  { id, document }: PostingQuestion,
): Promise<Posting | null> {
  if (id != null && document == null) return (await postings.byId(id)) ?? null;
  if (id != null || document == null) {
    throw invalidInput('id', {
      en: 'or document is to be given, and not both.',
      zh: '报送标识与单据应填写且仅填写一项。',
    });
  }
  const { hospital, number } = document;
  const version = document.version == null ? 'last' : between('document.version', document.version, 1, 999);
  return (await postings.byDocument(hospital, number, version)) ?? null;
}

interface Page {
  readonly first: number;
  readonly after?: string | null;
}

export interface PostingListing extends Page {
  readonly filter?: {
    readonly hospital?: string | null;
    readonly kind?: PostingKind | null;
    readonly states?: readonly PostingState[] | null;
    readonly documentNumber?: string | null;
    readonly idNumber?: string | null;
    readonly caseId?: string | null;
    readonly from?: string | null;
    readonly to?: string | null;
  } | null;
}

const DAY_MS = 86_400_000;

/** A page of postings, newest first. */
export async function postingsAsked(
  { postings }: Pick<Store, 'postings'>,
  { filter, first, after }: PostingListing,
): Promise<Connection<Posting>> {
  const size = pageSize(first);
  const { from, to, idNumber } = filter ?? {};
  if (from != null && to != null) periodInput('filter.to', { from, to });
  const wanted: PostingFilter = {
    provider: filter?.hospital ?? undefined,
    kind: filter?.kind ?? undefined,
    states: filter?.states ?? undefined,
    documentNumber: filter?.documentNumber ?? undefined,
    caseId: filter?.caseId ?? undefined,
    patient: idNumber == null ? undefined : postings.handle(idNumber),
    storedFrom: from == null ? undefined : instantFromChina(from),
    // China has no summer time: a day is as long as the next.
    storedBefore: to == null ? undefined : instantFromChina(to) + DAY_MS,
  };
  const position = after == null ? undefined : String(decodeCursor(after, ['string'])[0]);
  const rows = await postings.list(wanted, { after: position, limit: size + 1 });
  return connectionOf(rows, size, after, ({ id }) => encodeCursor([id]));
}

/** A page of what waits for a person, the longest first. */
export async function workListAsked(
  { postings }: Pick<Store, 'postings'>,
  { hospital, first, after }: Page & { readonly hospital?: string | null },
): Promise<Connection<Posting>> {
  const size = pageSize(first);
  const rows = await postings.workList(hospital ?? null, { after: positionOf(after), limit: size + 1 });
  return connectionOf(rows, size, after, ({ changedAt, id }) => encodeCursor([changedAt, id]));
}

function positionOf(after: string | null | undefined): { readonly changedAt: number; readonly id: string } | undefined {
  if (after == null) return undefined;
  const [changedAt, id] = decodeCursor(after, ['number', 'string']);
  return { changedAt: Number(changedAt), id: String(id) };
}
