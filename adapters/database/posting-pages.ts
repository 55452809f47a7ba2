import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import { postingIdPrefix } from './posting-ids.ts';
import {
  POSTING_COLUMNS,
  POSTING_KINDS,
  POSTING_STATES,
  type PostingKind,
  type PostingRow,
  type PostingState,
} from './posting-rows.ts';
import type { Tables } from './tables.ts';

/** Which postings; every condition given must hold. */
export interface PostingFilter {
  readonly provider?: string | undefined;
  readonly states?: readonly PostingState[] | undefined;
  readonly kind?: PostingKind | undefined;
  readonly documentNumber?: string | undefined;
  /** Handle of the patient. */
  readonly patient?: string | undefined;
  readonly caseId?: string | undefined;
  /** Stored at this moment or later, and before the other: by the moment in the id. */
  readonly storedFrom?: number | undefined;
  readonly storedBefore?: number | undefined;
}

/** A page of a list: what follows the posting of this id. */
export interface PostingPage {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Where a page of the work list goes on: after the posting that changed at this moment, with this id. */
export interface WorkListPosition {
  readonly changedAt: number;
  readonly id: string;
}

export interface WorkListPage {
  readonly after?: WorkListPosition | undefined;
  readonly limit: number;
}

type PostingExpressions = ExpressionBuilder<Tables, 'posting'>;

/** Ids from `low`, below `high`. */
interface Bounds {
  readonly low: string | undefined;
  readonly high: string | undefined;
}

/** The postings of a hospital, state and kind: they stand together in an index, in the order of lists. */
interface Run {
  readonly provider: string;
  readonly state: PostingState;
  readonly kind: PostingKind;
}

/**
 * A page of the list, newest first. Three ways, each along an index: everything; what belongs to a patient, a case or a document, which is
 * little; or else what is merged from the runs that match.
 */
export async function readPostingPage(
  db: Kysely<Tables>,
  filter: PostingFilter,
  { after, limit }: PostingPage,
): Promise<PostingRow[]> {
  if (filter.states?.length === 0) return [];
  const bounds = boundsOf(filter, after);
  const page = db.selectFrom('posting').select(POSTING_COLUMNS).orderBy('id', 'desc').limit(limit);
  const { provider, states, kind, documentNumber, patient, caseId } = filter;
  if (patient !== undefined || caseId !== undefined || documentNumber !== undefined) {
    const providers = provider === undefined ? await readProviders(db) : [provider];
    return await page
      .where((where) => where.and([...matching(where, filter, providers), ...within(where, bounds)]))
      .execute();
  }
  if ([provider, states, kind].every((condition) => condition === undefined)) {
    return await page.where((where) => where.and(within(where, bounds))).execute();
  }
  const ids = await mergedIds(db, await runsOf(db, filter), bounds, limit);
  return ids.length === 0 ? [] : await page.where('id', 'in', ids).execute();
}

/** What waits for a person, the longest first. */
export function readWorkList(
  db: Kysely<Tables>,
  provider: string | null,
  { after, limit }: WorkListPage,
): Promise<PostingRow[]> {
  return (
    db
      .selectFrom('posting')
      .select(POSTING_COLUMNS)
      // As it is written in the index: a parameter would not tell the database that the index has them all.
      .where('state', '=', sql.lit<string>('manual'))
      .$if(provider !== null, (query) => query.where('provider', '=', provider ?? ''))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('changed_at', 'id'), '>', tuple(after?.changedAt ?? 0, after?.id ?? '')),
        ),
      )
      .orderBy('changed_at')
      .orderBy('id')
      .limit(limit)
      .execute()
  );
}

export async function countByState(db: Kysely<Tables>, provider: string | null): Promise<Record<PostingState, number>> {
  const rows = await db
    .selectFrom('posting')
    .select(({ fn }) => ['state', fn.countAll<number>().as('total')])
    .$if(provider !== null, (query) => query.where('provider', '=', provider ?? ''))
    .groupBy('state')
    .execute();
  const totals = new Map(rows.map(({ state, total }) => [state, total]));
  return Object.fromEntries(POSTING_STATES.map((state) => [state, totals.get(state) ?? 0])) as Record<
    PostingState,
    number
  >;
}

/** The hospitals that there are postings of. */
export function readProviders(db: Kysely<Tables>): Promise<string[]> {
  return eachProvider((last) =>
    db
      .selectFrom('posting')
      .select(({ fn }) => fn.min('provider').as('provider'))
      .where('provider', '>', last)
      .executeTakeFirst(),
  );
}

/** The hospitals some of whose postings are to be worked on, now or later. */
export function readProvidersWithWork(db: Kysely<Tables>): Promise<string[]> {
  return eachProvider((last) =>
    db
      .selectFrom('posting')
      .select(({ fn }) => fn.min('provider').as('provider'))
      .where('due_at', 'is not', null)
      .where('provider', '>', last)
      .executeTakeFirst(),
  );
}

/** There are few: from one to the next along the index, without the postings between. */
async function eachProvider(
  next: (last: string) => Promise<{ readonly provider: string | null } | undefined>,
): Promise<string[]> {
  const providers: string[] = [];
  for (;;) {
    const found = await next(providers.at(-1) ?? '');
    if (!found?.provider) return providers;
    providers.push(found.provider);
  }
}

async function runsOf(db: Kysely<Tables>, { provider, states, kind }: PostingFilter): Promise<Run[]> {
  const providers = provider === undefined ? await readProviders(db) : [provider];
  const kinds = kind === undefined ? POSTING_KINDS : [kind];
  return providers.flatMap((one) =>
    [...new Set(states ?? POSTING_STATES)].flatMap((state) =>
      kinds.map((each) => ({ provider: one, state, kind: each })),
    ),
  );
}

/** The page's ids: the newest of the newest of each run. */
async function mergedIds(db: Kysely<Tables>, runs: readonly Run[], bounds: Bounds, limit: number): Promise<string[]> {
  const [first, ...others] = runs.map((run) => newestOf(db, run, bounds, limit));
  if (!first) return [];
  const rows = await others
    .reduce((all, ids) => all.unionAll(ids), first)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

function newestOf(db: Kysely<Tables>, { provider, state, kind }: Run, bounds: Bounds, limit: number) {
  const ids = db
    .selectFrom('posting')
    .select('posting.id')
    .where('provider', '=', provider)
    .where('state', '=', state)
    .where('kind', '=', kind)
    .where((where) => where.and(within(where, bounds)))
    .orderBy('posting.id', 'desc')
    .limit(limit);
  return db.selectFrom(ids.as('run')).select('run.id');
}

function matching(where: PostingExpressions, filter: PostingFilter, providers: readonly string[]) {
  const { states, kind, documentNumber, patient, caseId } = filter;
  const conditions = [where('provider', 'in', providers)];
  if (states !== undefined) conditions.push(where('state', 'in', states));
  if (kind !== undefined) conditions.push(where('kind', '=', kind));
  if (documentNumber !== undefined) conditions.push(where('document_number', '=', documentNumber));
  if (patient !== undefined) conditions.push(where('patient', '=', patient));
  if (caseId !== undefined) conditions.push(where('case_id', '=', caseId));
  return conditions;
}

function within(where: PostingExpressions, { low, high }: Bounds) {
  const conditions = [];
  if (low !== undefined) conditions.push(where('posting.id', '>=', low));
  if (high !== undefined) conditions.push(where('posting.id', '<', high));
  return conditions;
}

function boundsOf({ storedFrom, storedBefore }: PostingFilter, after: string | undefined): Bounds {
  const limits: string[] = [];
  if (storedBefore !== undefined) limits.push(postingIdPrefix(storedBefore));
  if (after !== undefined) limits.push(after);
  return { low: storedFrom === undefined ? undefined : postingIdPrefix(storedFrom), high: limits.sort()[0] };
}
