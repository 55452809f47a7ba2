import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { momentText, positionOf } from './case-listing.ts';
import type { CaseTable, Tables } from './tables.ts';

/** Which cases; every condition given must hold. */
export interface CaseQuery {
  readonly applicantHandles?: readonly string[];
  readonly status?: readonly string[];
  readonly itemId?: string;
  readonly channel?: string;
  /** A division with its trailing zeros cut, hence 2, 4, 6, 9 or 12 digits: cases of it and below it. */
  readonly divisionPrefix?: string;
  readonly acceptedFrom?: number;
  readonly acceptedBefore?: number;
}

/** Where a page of cases goes on: after the case listed at this moment with this id. */
export interface CasePosition {
  readonly listedAt: number;
  readonly id: string;
}

export interface CasePageBounds {
  readonly after?: CasePosition;
  readonly limit: number;
}

const COUNTY_DIGITS = 6;
const TOWN_DIGITS = 9;

/** From so many facets on the newest cases of all are looked through first, and so many of them. */
const DENSE = { facets: 300, cases: 500 };

type CaseExpressions = ExpressionBuilder<Tables, 'registry_case'>;

/** Positions from `low`, below `high`. */
interface Bounds {
  readonly low: string | undefined;
  readonly high: string | undefined;
}

/**
 * A page of the list, newest first. Three ways, each along an index in the list's order: everything; an applicant's cases; or else those
 * of the facets that match (`case-listing.ts`).
 */
export async function readCasePage(
  db: Kysely<Tables>,
  query: CaseQuery,
  { after, limit }: CasePageBounds,
): Promise<CaseTable[]> {
  if (isImpossible(query)) return [];
  const bounds = { low: lowest(query), high: highest(query, after) };
  const page = db.selectFrom('registry_case').selectAll().orderBy('position', 'desc').limit(limit);
  if (query.applicantHandles) {
    return await page.where('position', 'in', ofApplicants(db, query, bounds, limit)).execute();
  }
  if (!isFaceted(query)) return await page.where((where) => where.and(within(where, bounds))).execute();
  const positions =
    (await densePositions(db, query, bounds, limit)) ?? (await mergedPositions(db, query, bounds, limit));
  if (positions.length === 0) return [];
  return await page.where('position', 'in', positions).execute();
}

/** How many cases there are in all. */
export async function countCases(db: Kysely<Tables>, query: CaseQuery): Promise<number> {
  if (isImpossible(query)) return 0;
  const bounds = { low: lowest(query), high: highest(query, undefined) };
  const { total } = await db
    .selectFrom('registry_case')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where((where) => {
      const conditions = [...matching(where, query), ...within(where, bounds)];
      if (query.applicantHandles) conditions.push(where('applicant_handle', 'in', query.applicantHandles));
      return where.and(conditions);
    })
    .executeTakeFirstOrThrow();
  return total;
}

/** Where the page's cases stand among those of applicants: a person has few, and their own index tells all that is asked of them. */
function ofApplicants(db: Kysely<Tables>, query: CaseQuery, bounds: Bounds, limit: number) {
  return db
    .selectFrom('registry_case')
    .select('registry_case.position')
    .where('applicant_handle', 'in', query.applicantHandles ?? [])
    .where((where) => where.and([...matching(where, query), ...within(where, bounds)]))
    .orderBy('registry_case.position', 'desc')
    .limit(limit);
}

/**
 * Where the page's cases stand, when so many facets match that the newest cases of all, or of the place, are likely to be among them:
 * those are looked through first. Undefined when they are not enough.
 */
async function densePositions(
  db: Kysely<Tables>,
  query: CaseQuery,
  bounds: Bounds,
  limit: number,
): Promise<string[] | undefined> {
  const { facets } = await db
    .selectFrom('case_facet')
    .select((select) => select.fn.countAll<number>().as('facets'))
    .where((where) => matchingFacet(where, query))
    .executeTakeFirstOrThrow();
  if (facets < DENSE.facets) return undefined;
  const newest = db
    .selectFrom('registry_case')
    .select(['registry_case.position', 'registry_case.facet'])
    .where((where) => where.and([...inPlace(where, query), ...within(where, bounds)]))
    .orderBy('registry_case.position', 'desc')
    .limit(DENSE.cases);
  const rows = await db
    .selectFrom(newest.as('newest'))
    .select('newest.position')
    .where('newest.facet', 'in', (select) =>
      select
        .selectFrom('case_facet')
        .select('case_facet.facet')
        .where((where) => matchingFacet(where, query)),
    )
    .orderBy('newest.position', 'desc')
    .limit(limit)
    .execute();
  return rows.length === limit ? rows.map(({ position }) => position) : undefined;
}

/** Where the page's cases stand, merged from the runs of the facets that match. */
async function mergedPositions(db: Kysely<Tables>, query: CaseQuery, bounds: Bounds, limit: number): Promise<string[]> {
  return await newestPositions(db, query, bounds, limit, await newestFacets(db, query, bounds, limit));
}

/** A facet that matches, and where its newest case stands. */
interface FacetHead {
  readonly facet: number;
  readonly newest: string;
}

/** The facets whose newest cases are the newest, and only as many as a page can hold: no other facet has a case on it. */
async function newestFacets(db: Kysely<Tables>, query: CaseQuery, bounds: Bounds, limit: number): Promise<FacetHead[]> {
  const rows = await db
    .selectFrom('case_facet')
    .select('case_facet.facet')
    .select((select) => run(select, query, bounds, 1).as('newest'))
    .where((where) => matchingFacet(where, query))
    .orderBy('newest', (order) => order.desc().nullsLast())
    .limit(limit)
    .execute();
  return rows.flatMap(({ facet, newest }) => (newest === null ? [] : [{ facet, newest }]));
}

/** Where the page's cases stand, merged from the runs of these facets. */
async function newestPositions(
  db: Kysely<Tables>,
  query: CaseQuery,
  { low, high }: Bounds,
  limit: number,
  heads: readonly FacetHead[],
): Promise<string[]> {
  if (heads.length === 0) return [];
  // As many heads as the page holds: what comes after the last of them is not on the page.
  const bounds = { low: heads.length < limit ? low : heads.at(-1)?.newest, high };
  const rows = await db
    .selectFrom('case_facet')
    .select((select) =>
      select
        .selectFrom(run(select, query, bounds, limit).as('run'))
        .select(sql<string>`string_agg(run.position, ' ')`.as('positions'))
        .as('positions'),
    )
    .where(
      'case_facet.facet',
      'in',
      heads.map(({ facet }) => facet),
    )
    .execute();
  const positions = rows.flatMap(({ positions }) => positions?.split(' ') ?? []);
  return positions.sort().reverse().slice(0, limit);
}

/** Where the newest cases of a facet stand, of the facet that the outer query is at. */
function run(select: ExpressionBuilder<Tables, 'case_facet'>, query: CaseQuery, bounds: Bounds, limit: number) {
  return select
    .selectFrom('registry_case')
    .select('registry_case.position')
    .whereRef('registry_case.facet', '=', 'case_facet.facet')
    .where((where) => where.and([...inPlace(where, query), ...within(where, bounds)]))
    .orderBy('registry_case.position', 'desc')
    .limit(limit);
}

function isImpossible({ status, applicantHandles }: CaseQuery): boolean {
  return status?.length === 0 || applicantHandles?.length === 0;
}

function isFaceted({ status, itemId, channel, divisionPrefix, acceptedFrom, acceptedBefore }: CaseQuery): boolean {
  return [status, itemId, channel, divisionPrefix, acceptedFrom, acceptedBefore].some((value) => value !== undefined);
}

function matchingFacet(
  where: ExpressionBuilder<Tables, 'case_facet'>,
  { status, itemId, channel, divisionPrefix, acceptedFrom, acceptedBefore }: CaseQuery,
): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = [];
  if (status) conditions.push(where('status', 'in', status));
  if (itemId !== undefined) conditions.push(where('item_id', '=', itemId));
  if (channel !== undefined) conditions.push(where('channel', '=', channel));
  if (divisionPrefix !== undefined) conditions.push(startsWith('county', divisionPrefix.slice(0, COUNTY_DIGITS)));
  if (acceptedFrom !== undefined || acceptedBefore !== undefined) conditions.push(where('accepted', '=', 1));
  return where.and(conditions);
}

/** The condition on a town or a village: a larger division is told by the facet. */
function inPlace(where: CaseExpressions, { divisionPrefix = '' }: CaseQuery): Expression<SqlBool>[] {
  if (divisionPrefix.length <= COUNTY_DIGITS) return [];
  return [where(divisionPrefix.length <= TOWN_DIGITS ? 'town' : 'village', '=', divisionPrefix)];
}

/** The conditions on facet and place, tried on each case: where others keep the cases few. */
function matching(where: CaseExpressions, query: CaseQuery): Expression<SqlBool>[] {
  if (!isFaceted(query)) return [];
  const facets = where
    .selectFrom('case_facet')
    .select('case_facet.facet')
    .where((facet) => matchingFacet(facet, query));
  return [where('registry_case.facet', 'in', facets), ...inPlace(where, query)];
}

function within(where: CaseExpressions, { low, high }: Bounds): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  if (low !== undefined) conditions.push(where('registry_case.position', '>=', low));
  if (high !== undefined) conditions.push(where('registry_case.position', '<', high));
  return conditions;
}

/** Of accepted cases the position begins with the moment of acceptance. */
function lowest({ acceptedFrom }: CaseQuery): string | undefined {
  return acceptedFrom === undefined ? undefined : momentText(acceptedFrom);
}

function highest({ acceptedBefore }: CaseQuery, after: CasePosition | undefined): string | undefined {
  const limits: string[] = [];
  if (acceptedBefore !== undefined) limits.push(momentText(acceptedBefore));
  if (after) limits.push(positionOf(after.listedAt, after.id));
  return limits.sort()[0];
}

/** Divisions are digits only, so the range from the prefix to just behind it is exactly what lies in it, and uses an index. */
export function startsWith(column: string, prefix: string): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} >= ${prefix} and ${sql.ref(column)} < ${`${prefix}:`}`;
}
