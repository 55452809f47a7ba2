import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serverSettings } from '../../gateway/configuration/server-settings.ts';
import { Planner } from '../../gateway/execution/planning/planner.ts';
import { OperationAdmission } from '../../gateway/operations/admission.ts';
import { Pipeline } from '../../gateway/pipeline.ts';
import type { SubgraphSource } from '../../gateway/supergraph/source.ts';
import { Supergraph } from '../../gateway/supergraph/supergraph.ts';
import { compose } from '../conformance/graphs/graph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const ages = `${LINK} type Person @key(fields: "id") { id: ID! age: Int @shareable }`;
const SUPERGRAPH = compose({
  name: 'slow-planning',
  subgraphs: {
    people: `${LINK} type Query { person: Person } type Person @key(fields: "id") { id: ID! friend(n: Int): Person }`,
    ages,
    censuses: ages,
    passports: ages,
  },
});
const BUDGET_MS = 1_000;

/** Each of these ages can come from three subgraphs, and the query planner weighs 10,000 ways of choosing. */
const LONG = `{ person { ${Array.from({ length: 600 }, (_, n) => `f${n}: friend(n: ${n}) { age }`).join(' ')} } }`;
const SHORT = '{ person { age } }';
const SHORT_ANSWER = '{"data":{"person":{"age":40}}}';

let folder: string;
let planner: Planner;
let supergraph: Supergraph;
let pipeline: Pipeline;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casegraph-slow-planning-'));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, SUPERGRAPH);
  planner = new Planner({ budgetMs: BUDGET_MS });
  supergraph = await Supergraph.load({
    file,
    watch: false,
    engine: { planner, sourceOf, settings: serverSettings.parse({}) },
    log: { info() {}, error() {} },
  });
  pipeline = new Pipeline({
    supergraph,
    operations: new OperationAdmission({ only: false, automatic: { enabled: false, cacheBytes: 0 } }),
    requestDeadlineMs: 60_000,
  });
});

afterEach(async () => {
  await supergraph.close();
  await planner.close();
  rmSync(folder, { recursive: true });
});

function sourceOf(name: string): SubgraphSource {
  return {
    name,
    fetch: async ({ representations }) => ({
      data: representations
        ? { _entities: representations.map(() => ({ age: 40 })) }
        : { person: { __typename: 'Person', id: '1' } },
    }),
    close: async () => {},
  };
}

async function ask(query: string): Promise<string> {
  const outcome = await pipeline.run(
    { query },
    {
      requestId: 'slow-planning',
      headers: {},
      left: new AbortController().signal,
      readOnly: false,
      takesParts: false,
    },
  );
  if (outcome.kind === 'parted') throw new Error('an answer in parts, which nobody asked for');
  return outcome.body.toString('utf8');
}

describe('an operation that plans for long', () => {
  it('keeps no operation waiting that is known already, and is refused when its time is up', async () => {
    expect(await ask(SHORT)).toBe(SHORT_ANSWER);
    let refused: string | undefined;
    const long = ask(LONG).then((body) => {
      refused = body;
    });
    const begin = performance.now();
    let answered = 0;
    while (performance.now() - begin < BUDGET_MS / 2) {
      expect(await ask(SHORT)).toBe(SHORT_ANSWER);
      answered += 1;
      // Lets the planner's thread be heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(refused).toBeUndefined();
    expect(answered).toBeGreaterThan(50);
    await long;
    expect(JSON.parse(refused ?? '')).toMatchObject({
      errors: [{ message: expect.stringContaining(`${BUDGET_MS} ms`), extensions: { code: 'TOO_COMPLEX' } }],
    });
  });

  it('lets one that is new be planned after it', async () => {
    const [long, short] = await Promise.all([ask(LONG), ask(SHORT)]);
    expect(long).toContain('TOO_COMPLEX');
    expect(short).toBe(SHORT_ANSWER);
  });

  it('is planned once for all who ask for it at the same time', async () => {
    const plan = vi.spyOn(planner, 'plan');
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(LONG)));
    expect(new Set(answers).size).toBe(1);
    expect(plan).toHaveBeenCalledTimes(1);
  });

  it('is refused in the same words without another try when it is asked for again', async () => {
    const plan = vi.spyOn(planner, 'plan');
    const first = await ask(LONG);
    expect(first).toContain('TOO_COMPLEX');
    for (let times = 0; times < 3; times += 1) expect(await ask(LONG)).toBe(first);
    expect(plan).toHaveBeenCalledTimes(1);
    expect(await ask(SHORT)).toBe(SHORT_ANSWER);
  });
});
