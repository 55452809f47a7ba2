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
import { type Home, openHome } from '../../adapters/database/home.ts';
import { migrate } from '../../adapters/database/migrations.ts';
import { PersonalColumns } from '../../adapters/database/personal-columns.ts';
import { POSTING_STATES } from '../../adapters/database/posting-rows.ts';
import { type NewPosting, type Posting, type PostingFilter, Postings } from '../../adapters/database/postings.ts';
import type { Tables } from '../../adapters/database/tables.ts';
import { KEYS, testHomes } from './homes.ts';
import { entryOf, HOSPITAL, OTHER_HOSPITAL, PATIENT } from './posting-of-a-test.ts';

const POSTINGS = 3_000;
const THIRD_HOSPITAL = 'H42120200003';
const PATIENTS = [PATIENT.idNumber, '421202196507229972', '42120219900307001X', '421202198803056219'];
/** Postings are stored so far apart, milliseconds. */
const STEP_MS = 40;

/** Numbers from 0 to below `limit`, the same in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Most are referrals of one hospital that are settled; the few others are what lists are asked for. */
function entries(): NewPosting[] {
  const random = numbers(7);
  const pick = <Value>(values: readonly Value[]) => values[random(values.length)] as Value;
  return Array.from({ length: POSTINGS }, (_, index) =>
    entryOf(`D${index}`, {
      provider: random(4) === 0 ? pick([OTHER_HOSPITAL, THIRD_HOSPITAL]) : HOSPITAL,
      kind: random(10) === 0 ? 'maternity-settlement' : 'referral',
      idNumber: pick(PATIENTS),
      at: 1_000_000 + index * STEP_MS,
      entry: index,
    }),
  );
}

/** What the condition means, without an index in mind. */
function matches(one: Posting, filter: PostingFilter): boolean {
  const { provider, states, kind, documentNumber, patient, storedFrom, storedBefore } = filter;
  return (
    (provider ?? one.provider) === one.provider &&
    (states?.includes(one.state) ?? true) &&
    (kind ?? one.kind) === one.kind &&
    (documentNumber ?? one.documentNumber) === one.documentNumber &&
    (patient ?? one.patient) === one.patient &&
    one.storedAt >= (storedFrom ?? 0) &&
    one.storedAt < (storedBefore ?? Number.POSITIVE_INFINITY)
  );
}

function randomFilter(random: (limit: number) => number, patients: readonly string[]): PostingFilter {
  const pick = <Value>(values: readonly Value[]) => values[random(values.length)] as Value;
  const sometimes = <Part extends PostingFilter>(part: Part): PostingFilter => (random(2) === 0 ? part : {});
  const moment = () => 1_000_000 + random(POSTINGS * STEP_MS);
  return {
    ...sometimes({ provider: pick([HOSPITAL, OTHER_HOSPITAL, THIRD_HOSPITAL, 'H0']) }),
    ...sometimes({ states: pick([['settled'], ['manual', 'unknown'], ['stored'], POSTING_STATES, []]) }),
    ...sometimes({ kind: pick(['referral', 'maternity-settlement'] as const) }),
    ...sometimes({ storedFrom: moment() }),
    ...sometimes({ storedBefore: moment() }),
    ...(random(5) === 0 && { patient: pick(patients) }),
    ...(random(8) === 0 && { documentNumber: `D${random(POSTINGS)}` }),
  };
}

describe.each(await testHomes())('lists of postings on $name', ({ name, newPlace }) => {
  const columns = new PersonalColumns(KEYS);
  let home: Home;
  let postings: Postings;
  /** All of them, newest first. */
  let all: Posting[];

  beforeAll(async () => {
    home = await openHome(await newPlace());
    await migrate(home.db, home.name);
    postings = new Postings(home.db, columns);
    const prepared = postings.prepare(entries());
    const added = await home.writer.write((tx) => postings.add(tx, prepared));
    await home.writer.write(async (tx) => {
      for (const [index, one] of added.entries()) {
        if (one.result !== 'stored') throw new Error(one.result);
        if (index % 20 === 0) continue;
        const to = (['manual', 'unknown', 'cancelled'] as const)[index % 100] ?? 'settled';
        const settled = to === 'settled' || to === 'cancelled';
        await postings.move(tx, one.id, {
          from: ['stored'],
          to,
          at: 2_000_000 + ((index * 7) % POSTINGS),
          cause: 'TEST',
          dueAt: null,
          progress: { number: index },
          settledAt: settled ? 3_000_000 + ((index * 13) % POSTINGS) : null,
          undoneAt: to === 'cancelled' ? 3_000_000 + ((index * 17) % POSTINGS) + 500 : null,
        });
      }
    });
    await sql.raw(name === 'PostgreSQL' ? 'vacuum analyze' : 'analyze').execute(home.db);
    all = await postings.list({}, { limit: POSTINGS + 1 });
  });
  afterAll(() => home.close());

  it('have every posting, the one stored last first', () => {
    expect(all.map(({ documentNumber }) => documentNumber)).toEqual(
      Array.from({ length: POSTINGS }, (_, index) => `D${POSTINGS - 1 - index}`),
    );
  });

  it('tell just what matches, page by page, for any combination of conditions', async () => {
    const random = numbers(11);
    const patients = PATIENTS.map((idNumber) => postings.handle(idNumber));
    let found = 0;
    for (let round = 0; round < 150; round += 1) {
      const filter = randomFilter(random, patients);
      const expected = all.filter((one) => matches(one, filter)).map(({ id }) => id);
      const first = await postings.list(filter, { limit: 7 });
      const after = first.at(-1)?.id;
      const second = after ? await postings.list(filter, { limit: 60, after }) : [];
      expect({ filter, ids: [...first, ...second].map(({ id }) => id) }).toEqual({
        filter,
        ids: expected.slice(0, 67),
      });
      found += expected.length;
    }
    expect(found).toBeGreaterThan(1_000);
  });

  it('count by state, of one hospital and of all', async () => {
    for (const provider of [null, HOSPITAL, 'H0']) {
      const counted = await postings.countByState(provider);
      expect(Object.keys(counted)).toEqual([...POSTING_STATES]);
      for (const state of POSTING_STATES) {
        const expected = all.filter((one) => matches(one, { ...(provider && { provider }), states: [state] }));
        expect(counted[state]).toBe(expected.length);
      }
    }
  });

  it('of what waits for a person have the longest waiting first, page by page', async () => {
    for (const provider of [null, HOSPITAL, OTHER_HOSPITAL]) {
      const expected = all
        .filter((one) => one.state === 'manual' && (provider ?? one.provider) === one.provider)
        .sort((one, other) => one.changedAt - other.changedAt || (one.id < other.id ? -1 : 1));
      const first = await postings.workList(provider, { limit: 3 });
      const after = first.at(-1);
      const second = await postings.workList(provider, { limit: 99, ...(after && { after }) });
      expect([...first, ...second]).toEqual(expected);
    }
  });

  it('of a period have what was settled and what was undone in it, each once, with its progress', async () => {
    const isIn = (moment: number | null, from: number, before: number) =>
      moment !== null && moment >= from && moment < before;
    for (const [from, before] of [
      [3_000_000, 3_010_000],
      [3_000_100, 3_001_500],
      [3_000_017, 3_000_018],
      [1, 2],
    ] as const) {
      const pages: number[] = [];
      const found: string[] = [];
      for await (const page of postings.settledBetween(HOSPITAL, from, before)) {
        pages.push(page.length);
        for (const { id, documentNumber, progress } of page) {
          found.push(id);
          expect(progress).toEqual({ number: Number(documentNumber.slice(1)) });
        }
      }
      const expected = all
        .filter(
          ({ provider, settledAt, undoneAt }) =>
            provider === HOSPITAL && (isIn(settledAt, from, before) || isIn(undoneAt, from, before)),
        )
        .map(({ id }) => id);
      expect(found.toSorted()).toEqual(expected.toSorted());
      expect(Math.max(...pages, 0)).toBeLessThanOrEqual(1_000);
    }
  });

  it.each<[string, (postings: Postings) => Promise<unknown>]>([
    ['the list', (all) => all.list({}, { limit: 5 })],
    ['the list by hospital', (all) => all.list({ provider: HOSPITAL }, { limit: 5 })],
    ['the list by state', (all) => all.list({ states: ['manual', 'unknown'] }, { limit: 5 })],
    ['the list by kind', (all) => all.list({ kind: 'maternity-settlement' }, { limit: 5 })],
    [
      'the list by hospital, state, kind and time',
      (all) =>
        all.list(
          { provider: HOSPITAL, states: ['manual'], kind: 'referral', storedFrom: 1_000_000, storedBefore: 1_009_000 },
          { limit: 5 },
        ),
    ],
    ['the list by document', (all) => all.list({ provider: HOSPITAL, documentNumber: 'D7' }, { limit: 5 })],
    ['the list by document of any hospital', (all) => all.list({ documentNumber: 'D7' }, { limit: 5 })],
    ['the list by patient', (all) => all.list({ patient: 'one-without-postings' }, { limit: 5 })],
    ['the list by case', (all) => all.list({ caseId: 'case' }, { limit: 5 })],
    ['a document', (all) => all.byDocument(HOSPITAL, 'D7', 'last')],
    ['the content of one', (all) => all.content('none')],
    ['the transitions of some', (all) => all.transitions(['none', 'other'])],
    ['the work list', (all) => all.workList(null, { limit: 5 })],
    ['the work list of a hospital', (all) => all.workList(HOSPITAL, { limit: 5 })],
    ['the hospitals with work', (all) => all.providersWithWork()],
    ['a period', (all) => Array.fromAsync(all.settledBetween(HOSPITAL, 3_000_010, 3_000_020))],
  ])('are read along an index: %s', async (_, read) => {
    const queries = new Queries();
    await read(new Postings(home.db.withPlugin(queries), columns));
    expect(queries.nodes.length).toBeGreaterThan(0);
    for (const node of queries.nodes)
      expect(await planOf(home.db, compiled(home.db, node), name)).not.toMatch(FULL_SCAN[name]);
  });

  it('of what is due are taken along an index, and so is what stands against an entry found', async () => {
    const there = all.find(({ provider }) => provider === HOSPITAL)?.documentNumber ?? '';
    const queries = new Queries();
    const statements: Explainable[] = [];
    await home.writer.write(async (tx) => {
      const watched = tx.withPlugin(queries);
      // Statements that are compiled once do not pass through the plugin with their values.
      watched.executeQuery = (query) => {
        if ('sql' in query) statements.push(query);
        return tx.executeQuery(query);
      };
      await postings.take(watched, HOSPITAL, { limit: 4, now: 1_000_000, leaseMs: 10 });
      await postings.add(watched, [entryOf(there, { requestKey: 'K1' }), entryOf('new', { requestKey: 'K2' })]);
    });
    expect(statements).toHaveLength(3);
    const others = queries.nodes
      .map((node) => compiled(home.db, node))
      .filter(({ parameters }) => parameters.every(isValue));
    expect(others).toHaveLength(2);
    for (const query of [...statements, ...others])
      expect(await planOf(home.db, query, name)).not.toMatch(FULL_SCAN[name]);
  });
});

/** How each database says that it reads a whole table or index, but for those whose every row is asked for. */
const FULL_SCAN = {
  SQLite:
    /SCAN (posting\b|posting_entry|posting_transition|other)(?! USING INDEX (sqlite_autoindex_posting_1|posting_on_work_list))/,
  PostgreSQL: /Seq Scan on posting/,
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

type Explainable = Pick<CompiledQuery, 'sql' | 'parameters'>;

function compiled(db: Kysely<Tables>, node: RootOperationNode): Explainable {
  return db.getExecutor().compileQuery(node, createQueryId());
}

/** Not the place of a value in a statement that is compiled once. */
function isValue(parameter: unknown): boolean {
  return parameter === null || typeof parameter !== 'object' || parameter instanceof Uint8Array;
}

async function planOf(
  db: Kysely<Tables>,
  { sql: text, parameters }: Explainable,
  name: keyof typeof FULL_SCAN,
): Promise<string> {
  const explain = name === 'SQLite' ? 'explain query plan' : 'explain';
  const { rows } = await db.executeQuery<Record<string, unknown>>(
    CompiledQuery.raw(`${explain} ${text}`, [...parameters]),
  );
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n');
}
