import {
  CompiledQuery,
  createQueryId,
  type Kysely,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  sql,
  type UnknownRow,
} from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CaseQuery,
  CaseRegistry,
  type NewCase,
  type RegisteredCase,
} from '../../adapters/database/case-registry.ts';
import { type Home, openHome } from '../../adapters/database/home.ts';
import { migrate } from '../../adapters/database/migrations.ts';
import { PersonalColumns } from '../../adapters/database/personal-columns.ts';
import type { Tables } from '../../adapters/database/tables.ts';
import { KEYS, testHomes } from './homes.ts';

const CASES = 3_000;
const APPLICANTS = ['421202197803159926', '421202196507229972', '42120219900307001X'];
const DIVISIONS = ['421202000000', '421202100000', '421202100201', '421202100202', '421202001203', '422801001001'];

/** Numbers from 0 to below `limit`, the same in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function cases(): NewCase[] {
  const random = numbers(7);
  const pick = <Value>(values: readonly Value[]) => values[random(values.length)] as Value;
  return Array.from({ length: CASES }, (_, index): NewCase => {
    const appliedAt = random(400) * 1_000;
    return {
      number: `11421202MB2A91048P54205110080002026${String(index).padStart(8, '0')}`,
      password: '604518',
      itemId: pick(['S01', 'S02', 'S07', 'O03', 'O04', 'O05']),
      applicantIdNumber: pick(APPLICANTS),
      channel: pick(['window', 'kiosk', 'village']),
      organisation: { code: '11421202MB2A91048P', name: '便民服务中心', division: pick(DIVISIONS) },
      status: pick(['1', '2', '3', '4', '5', '9']),
      appliedAt,
      acceptedAt: random(4) === 0 ? null : appliedAt + random(50) * 1_000,
      promiseAt: null,
      visitsPromised: 0,
      visitsMade: 0,
      result: null,
      steps: [],
      references: [],
    };
  });
}

/** What the condition means, without an index in mind. */
function matches(one: RegisteredCase, query: CaseQuery): boolean {
  const { status, itemId, channel, divisionPrefix, acceptedFrom, acceptedBefore, applicantHandles } = query;
  return (
    (status?.includes(one.status) ?? true) &&
    (itemId ?? one.itemId) === one.itemId &&
    (channel ?? one.channel) === one.channel &&
    one.organisation.division.startsWith(divisionPrefix ?? '') &&
    (acceptedFrom === undefined || (one.acceptedAt !== null && one.acceptedAt >= acceptedFrom)) &&
    (acceptedBefore === undefined || (one.acceptedAt !== null && one.acceptedAt < acceptedBefore)) &&
    (applicantHandles?.includes(one.applicantHandle) ?? true)
  );
}

function randomQuery(random: (limit: number) => number, handles: readonly string[]): CaseQuery {
  const pick = <Value>(values: readonly Value[]) => values[random(values.length)] as Value;
  const sometimes = <Part extends CaseQuery>(part: Part): CaseQuery => (random(2) === 0 ? part : {});
  return {
    ...sometimes({ status: pick([['2'], ['9', '1'], ['1', '2', '3', '4', '5'], ['8']]) }),
    ...sometimes({ itemId: pick(['S01', 'O03', 'S12']) }),
    ...sometimes({ channel: pick(['window', 'bank']) }),
    ...sometimes({ divisionPrefix: pick(['42', '4212', '421202', '421202100', '421202100201', '421202999', '11']) }),
    ...sometimes({ acceptedFrom: random(400) * 1_000 }),
    ...sometimes({ acceptedBefore: random(500) * 1_000 }),
    ...(random(5) === 0 && { applicantHandles: [pick(handles), pick(handles)] }),
  };
}

describe.each(await testHomes())('lists of cases on $name', ({ name, newPlace }) => {
  const columns = new PersonalColumns(KEYS);
  let home: Home;
  let registry: CaseRegistry;
  /** All of them, newest first, as one query without conditions gives them. */
  let all: RegisteredCase[];

  beforeAll(async () => {
    home = await openHome(await newPlace());
    await migrate(home.db, home.name);
    registry = new CaseRegistry(home.db, home.writer, columns);
    const residents = APPLICANTS.map((idNumber) => ({
      idNumber,
      name: null,
      hukouDivision: null,
      residenceDivision: null,
    }));
    await registry.add(residents, cases());
    await sql.raw(name === 'PostgreSQL' ? 'vacuum analyze' : 'analyze').execute(home.db);
    all = await registry.casePage({}, { limit: CASES + 1 });
  });
  afterAll(() => home.close());

  it('have every case, the one listed last first', () => {
    expect(all).toHaveLength(CASES);
    const order = all.map(({ listedAt, id }) => [listedAt, id] as const);
    expect(order).toEqual(
      order.toSorted(([one, oneId], [other, otherId]) => other - one || (oneId < otherId ? 1 : -1)),
    );
  });

  it('tell just what matches, page by page, for any combination of conditions', async () => {
    const random = numbers(11);
    const handles = APPLICANTS.map((idNumber) => registry.handle(idNumber));
    let found = 0;
    for (let round = 0; round < 150; round += 1) {
      const query = randomQuery(random, handles);
      const expected = all.filter((one) => matches(one, query)).map(({ id }) => id);
      const first = await registry.casePage(query, { limit: 7 });
      const after = first.at(-1);
      const second = after ? await registry.casePage(query, { limit: 60, after }) : [];
      expect({ query, ids: [...first, ...second].map(({ id }) => id) }).toEqual({ query, ids: expected.slice(0, 67) });
      if (round % 10 === 0) expect(await registry.countCases(query)).toBe(expected.length);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(1_000);
  });

  it.each<[string, CaseQuery]>([
    ['nothing', {}],
    ['status', { status: ['2', '3'] }],
    ['item and channel that never meet', { itemId: 'S01', channel: 'bank' }],
    ['county', { divisionPrefix: '421202' }],
    ['town and status', { divisionPrefix: '421202100', status: ['9'] }],
    ['village', { divisionPrefix: '421202100201' }],
    ['time of acceptance', { acceptedFrom: 100_000, acceptedBefore: 101_000 }],
    [
      'everything',
      { divisionPrefix: '421202100', status: ['9'], itemId: 'S01', channel: 'kiosk', acceptedFrom: 1_000 },
    ],
    ['applicant', { applicantHandles: ['one-without-cases'] }],
    [
      'applicant and status',
      { applicantHandles: [new PersonalColumns(KEYS).handle(APPLICANTS[0] as string)], status: ['9'] },
    ],
  ])('are read along an index when asked by %s', async (_, query) => {
    const queries = new Queries();
    await new CaseRegistry(home.db.withPlugin(queries), home.writer, columns).casePage(query, { limit: 5 });
    expect(queries.nodes.length).toBeGreaterThan(0);
    for (const node of queries.nodes) expect(await planOf(home.db, node, name)).not.toMatch(FULL_SCAN[name]);
  });
});

/** How each database says that it reads a whole table or index, but for the one index that the whole list is read along. */
const FULL_SCAN = {
  SQLite: /SCAN registry_case(?! USING INDEX sqlite_autoindex_registry_case_3)/,
  PostgreSQL: /Seq Scan on registry_case/,
};

/** Keeps the queries that are made. */
class Queries implements KyselyPlugin {
  readonly nodes: RootOperationNode[] = [];

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    this.nodes.push(node);
    return node;
  }

  transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(result);
  }
}

async function planOf(db: Kysely<Tables>, node: RootOperationNode, name: keyof typeof FULL_SCAN): Promise<string> {
  const { sql: text, parameters } = db.getExecutor().compileQuery(node, createQueryId());
  const explain = name === 'SQLite' ? 'explain query plan' : 'explain';
  const { rows } = await db.executeQuery<Record<string, unknown>>(
    CompiledQuery.raw(`${explain} ${text}`, [...parameters]),
  );
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n');
}
