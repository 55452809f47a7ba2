import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { Planner, PlannerRefused } from '../../../gateway/execution/planning/planner.ts';
import { compose } from '../../conformance/graphs/graph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const ages = `${LINK} type Person @key(fields: "id") { id: ID! age: Int @shareable }`;
const SUPERGRAPH = compose({
  name: 'planner',
  subgraphs: {
    people: `${LINK} type Query { person: Person } type Person @key(fields: "id") { id: ID! friend(n: Int): Person }`,
    names: `${LINK} type Person @key(fields: "id") { id: ID! name: String }`,
    ages,
    censuses: ages,
    passports: ages,
  },
});
const BUDGET_MS = 1_000;

/** Each of these ages can come from three subgraphs, and the query planner weighs 10,000 ways of choosing. */
const LONG = `{ person { ${Array.from({ length: 600 }, (_, n) => `f${n}: friend(n: ${n}) { age }`).join(' ')} } }`;

let planner: Planner;

beforeEach(() => {
  planner = new Planner({ budgetMs: BUDGET_MS });
});

afterEach(() => planner.close());

async function restart(budgetMs: number): Promise<void> {
  await planner.close();
  planner = new Planner({ budgetMs });
}

async function load(supergraph = SUPERGRAPH): Promise<string> {
  return (await planner.load(supergraph)).generation;
}

const plan = (generation: string) => planner.plan(generation, '{ person { name } }', []);
const subgraphsOf = (planned: object) => JSON.stringify(planned).match(/(?<="serviceName":")\w+/g);

describe('the planner', () => {
  it('ends what takes longer than its budget, and goes on with the next', async () => {
    const generation = await load();
    await expect(planner.plan(generation, LONG, [])).rejects.toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringContaining(`${BUDGET_MS} ms`),
    });
    expect(subgraphsOf(await plan(generation))).toEqual(['people', 'names']);
  });

  it('does what waited behind a job that it had to end', async () => {
    const generation = await load();
    const long = planner.plan(generation, LONG, []);
    const waiting = [plan(generation), planner.validate(generation, '{ nothing }'), planner.load(SUPERGRAPH)] as const;
    await expect(long).rejects.toThrow(CasegraphError);
    const [planned, faults, second] = await Promise.all(waiting);
    expect(subgraphsOf(planned)).toEqual(['people', 'names']);
    expect(faults).toEqual([{ message: expect.stringContaining('"nothing"'), locations: [{ line: 1, column: 3 }] }]);
    expect(subgraphsOf(await plan(second.generation))).toEqual(['people', 'names']);
  });

  it('survives what needs more memory than it may have', async () => {
    await restart(60_000);
    const generation = await load();
    await expect(planner.validate(generation, `{ ${'a '.repeat(4_000_000)} }`)).rejects.toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringContaining('memory'),
    });
    expect(subgraphsOf(await plan(generation))).toEqual(['people', 'names']);
  });

  it('does not count the time that a new thread takes to load the supergraphs', async () => {
    const budgetMs = 300;
    await restart(budgetMs);
    const types = Array.from({ length: 3_000 }, (_, n) => `type T${n} @key(fields: "id") { id: ID! a: Int b: T${n} }`);
    const large = compose({
      name: 'large',
      subgraphs: { large: `${LINK} type Query { t: T0 } ${types.join(' ')}`, people: `${LINK} type Query { b: Int }` },
    });
    const [small, begin] = [await load(), performance.now()];
    const generation = await load(large);
    // Otherwise nothing is shown.
    expect(performance.now() - begin).toBeGreaterThan(budgetMs);
    await expect(planner.plan(small, LONG, [])).rejects.toThrow(CasegraphError);
    expect(await planner.validate(generation, '{ t { a } }')).toEqual([]);
  });

  it('refuses what is larger than the query planner takes', async () => {
    await restart(60_000);
    const fields = Array.from({ length: 60_000 }, (_, n) => `f${n}: friend(n: ${n}) { age }`);
    await expect(planner.plan(await load(), `{ person { ${fields.join(' ')} } }`, [])).rejects.toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringContaining('exceeds limit'),
    });
  });

  it('forgets a supergraph that is released, and no other', async () => {
    const [first, second] = [await load(), await load()];
    await planner.release(first);
    await expect(plan(first)).rejects.toThrow(`no supergraph ${first}`);
    expect(subgraphsOf(await plan(second))).toEqual(['people', 'names']);
    await expect(planner.release(first)).resolves.toBeUndefined();
  });

  it('forgets a released supergraph for later threads as well', async () => {
    const [first, second] = [await load(), await load()];
    await planner.release(first);
    await expect(planner.plan(second, LONG, [])).rejects.toThrow(CasegraphError);
    await expect(plan(first)).rejects.toThrow(`no supergraph ${first}`);
    expect(subgraphsOf(await plan(second))).toEqual(['people', 'names']);
  });

  it('lets nobody wait when it is closed', async () => {
    const generation = await load();
    const jobs = [planner.plan(generation, LONG, []), plan(generation), planner.load(SUPERGRAPH)];
    const settled = Promise.allSettled(jobs);
    await planner.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(plan(generation)).rejects.toThrow('closed');
    await expect(planner.release(generation)).resolves.toBeUndefined();
  });

  it.each([
    ['a supergraph that cannot be read', () => planner.load('type Query {')],
    ['a plain schema', () => planner.load('type Query { a: Int }')],
    ['a document that cannot be read', async () => planner.validate(await load(), '{')],
    ['an operation that cannot be read', async () => planner.plan(await load(), '{', [])],
  ])('refuses %s, and goes on', async (_, ask) => {
    await expect(ask()).rejects.toThrow(PlannerRefused);
    expect(subgraphsOf(await plan(await load()))).toEqual(['people', 'names']);
  });

  it('tells where a supergraph is wrong', async () => {
    await expect(planner.load('type Query {')).rejects.toMatchObject({ locations: [{ line: 1, column: 13 }] });
  });

  it('refuses an operation without a plan by the names of its fields', async () => {
    const generation = await load();
    const refused = planner.plan(generation, '{ person { id nothing } }', []);
    await expect(refused).rejects.toThrow(CasegraphError);
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('cannot be planned: person → nothing: '),
    });
  });
});
