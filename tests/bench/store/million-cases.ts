import { sql } from 'kysely';
import { facetOf, listingOf } from '../../../adapters/database/case-listing.ts';
import type { Home } from '../../../adapters/database/home.ts';
import type { PersonalColumns } from '../../../adapters/database/personal-columns.ts';
import type { CaseTable, ResidentTable } from '../../../adapters/database/tables.ts';

/**
 * Cases made to be hard to list: common values whose combination never occurs, values that only the oldest cases have, and a newest fifth
 * that was never accepted.
 */
export const ITEMS = Array.from({ length: 20 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
export const CHANNELS = ['window', 'online', 'kiosk', 'village', 'hospital', 'bank'];
export const STATUSES = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
export const COMMON_ITEM = 'S01';
/** As common as the item, and never with it. */
export const OTHER_CHANNEL = 'hospital';
/** As common as the item, never with it, and never in the town. */
export const OTHER_STATUS = '2';
export const COMMON_TOWN = '421202001';
export const COMMON_VILLAGE = '421202001203';
/** Only the oldest cases have it. */
export const OLD_STATUS = '9';
export const BUSY_APPLICANT = 'applicant-of-many';

const FIRST_MOMENT = Date.UTC(2022, 0, 1);
const MOMENT_STEP_MS = 120_000;
const RESIDENTS = 50_000;
const SLICE = 5_000;

/** The moment at which a case of the given share of all was listed. */
export function momentAt(share: number, cases: number): number {
  return FIRST_MOMENT + Math.floor(share * cases) * MOMENT_STEP_MS;
}

/** Fills an empty store. Indexes are made again after the rows, which is many times faster than keeping them up. */
export async function fill({ db, shared }: Home, columns: PersonalColumns, cases: number): Promise<void> {
  const random = numbers(20_220_812);
  const sealed = columns.seal('resident.id_number', '421202197803159926');
  const password = columns.seal('registry_case.password', '604518');
  const handles = Array.from({ length: RESIDENTS }, (_, index) => `resident-${index}`);
  for (let start = 0; start < RESIDENTS; start += SLICE) {
    const rows = [...handles.slice(start, start + SLICE), ...(start === 0 ? [BUSY_APPLICANT] : [])].map(
      (handle): ResidentTable => ({
        handle,
        id_number_sealed: sealed,
        name_sealed: null,
        hukou_division: null,
        residence_division: null,
      }),
    );
    await db.insertInto('resident').values(rows).execute();
  }
  const indexes = await dropIndexes({ db, shared } as Home);
  const facets = new Map<number, ReturnType<typeof facetOf>>();
  for (let start = 0; start < cases; start += SLICE) {
    const rows = Array.from({ length: Math.min(SLICE, cases - start) }, (_, index) =>
      caseRow(start + index, cases, random, password),
    );
    for (const row of rows) facets.set(row.facet, facetOf(row));
    await insertTogether({ db, shared } as Home, rows);
  }
  await db
    .insertInto('case_facet')
    .values([...facets.values()])
    .execute();
  for (const index of indexes) await sql.raw(index).execute(db);
  await sql.raw(shared ? 'vacuum analyze' : 'analyze').execute(db);
}

function caseRow(index: number, cases: number, random: () => number, password: Uint8Array): CaseTable {
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
  const share = index / cases;
  let item = random() < 0.25 ? COMMON_ITEM : pick(ITEMS);
  let channel = random() < 0.25 ? OTHER_CHANNEL : pick(CHANNELS);
  let status = share < 0.001 ? OLD_STATUS : random() < 0.25 ? OTHER_STATUS : pick(STATUSES.slice(0, -1));
  if (item === COMMON_ITEM && channel === OTHER_CHANNEL) channel = 'window';
  if (item === COMMON_ITEM && status === OTHER_STATUS) status = '5';
  const division = random() < 0.2 ? '421202000000' : village(random, pick);
  if (division.startsWith(COMMON_TOWN) && status === OTHER_STATUS) status = '3';
  if (division === COMMON_VILLAGE && item === COMMON_ITEM) item = 'S02';
  const moment = FIRST_MOMENT + index * MOMENT_STEP_MS;
  const accepted = share < 0.8 && status !== '6';
  const row = {
    id: `case-${String(Math.floor(random() * 1e15)).padStart(15, '0')}${index}`,
    number: `11421202MB2A91048P5420511008000${String(index).padStart(12, '0')}`,
    password_sealed: password,
    item_id: item,
    applicant_handle: random() < 0.005 ? BUSY_APPLICANT : `resident-${Math.floor(random() * RESIDENTS)}`,
    applicant_name_sealed: null,
    agent_sealed: null,
    mobile_sealed: null,
    channel,
    operator: null,
    organisation_code: '11421202MB2A91048P',
    organisation_name: '便民服务中心',
    organisation_division: division,
    status,
    project_type: '2',
    promise_days: 5,
    applied_at: moment,
    accepted_at: accepted ? moment : null,
    promise_at: null,
    visits_promised: 0,
    visits_made: 0,
    result_type: null,
    result_at: null,
    result_explanation: null,
    result_certificate_name: null,
    result_certificate_number: null,
    version: 0,
  };
  return { ...row, ...listingOf(row) };
}

function village(random: () => number, pick: <Value>(values: readonly Value[]) => Value): string {
  if (random() < 0.25) return random() < 0.5 ? COMMON_VILLAGE : `${COMMON_TOWN}000`;
  return `421202${pick(['002', '003', '100', '101', '102', '103', '104', '105', '106', '107', '108', '200'])}${200 + Math.floor(random() * 15)}`;
}

/** Rows in one statement that carries each column as one value: the fastest way in, through the store's own connection. */
async function insertTogether({ db, shared }: Home, rows: readonly CaseTable[]): Promise<void> {
  const constant = new Set(['password_sealed', 'applicant_name_sealed', 'agent_sealed', 'mobile_sealed']);
  const names = Object.keys(rows[0] as CaseTable) as (keyof CaseTable)[];
  const carried = names.filter((name) => !constant.has(name));
  const json = JSON.stringify(rows.map((row) => Object.fromEntries(carried.map((name) => [name, row[name]]))));
  const numbers = [
    'promise_days',
    'applied_at',
    'accepted_at',
    'promise_at',
    'visits_promised',
    'visits_made',
    'result_at',
    'version',
    'facet',
  ];
  const from = shared
    ? sql`json_to_recordset(${json}::json) as given(${sql.join(
        carried.map((name) => sql`${sql.ref(name)} ${sql.raw(numbers.includes(name) ? 'bigint' : 'text')}`),
      )})`
    : sql`json_each(${json}) as given`;
  const value = (name: string) => (shared ? sql`given.${sql.ref(name)}` : sql`given.value ->> ${sql.lit(name)}`);
  await sql`
    insert into registry_case (${sql.join(names.map((name) => sql.ref(name)))})
    select ${sql.join(names.map((name) => (constant.has(name) ? sql`${rows[0]?.[name]}` : value(name))))}
    from ${from}`.execute(db);
}

async function dropIndexes({ db, shared }: Home): Promise<readonly string[]> {
  const { rows } = await (shared
    ? sql<{ name: string; sql: string }>`
        select indexname as name, indexdef as sql from pg_indexes where tablename = 'registry_case'
        and indexname like 'case_by_%'`
    : sql<{ name: string; sql: string }>`
        select name, sql from sqlite_master where type = 'index' and tbl_name = 'registry_case' and sql is not null`
  ).execute(db);
  for (const { name } of rows) await sql`drop index ${sql.ref(name)}`.execute(db);
  return rows.map((row) => row.sql);
}

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
