import { afterAll, describe, expect, it } from 'vitest';
import { CURRENT, type IncrementalFormat, OF_2022 } from '../../../gateway/execution/incremental/formats.ts';
import type { Answer, Engine, Request } from '../engine.ts';
import { openEngine, openEngineInParts } from '../engine-under-test.ts';
import { GRAPHS } from '../graphs/all.ts';
import { type Graph, type GraphDefinition, openGraph } from '../graphs/graph.ts';
import { Random } from '../operations/random.ts';
import { SEED } from '../seed.ts';
import { answerOfPlain, requestOf } from '../trial.ts';
import { withDefers } from './sprinkle.ts';

/** Cases for each graph and format. */
const CASES = Number(process.env.CASES ?? 100);

const FORMATS = { 'today’s format': CURRENT, 'the format of 2022': OF_2022 };

interface Tally {
  cases: number;
  /** That came in more than one part. */
  inParts: number;
  /** Whose right answer has errors: where a null may stand then depends on what was deferred. */
  withErrors: number;
  refused: number;
}

const tallies: Record<string, Tally> = {};

describe(`random operations with @defer, SEED=${SEED} CASES=${CASES}`, () => {
  const each = Object.entries(FORMATS).flatMap(([name, format]) =>
    GRAPHS.map((graph) => [name, graph.name, format, graph] as const),
  );

  it.each(each)(
    'in %s, on the graph %s, come to the same as without it when their parts are put together',
    async (name, _, format, graph) => {
      const tally = { cases: 0, inParts: 0, withErrors: 0, refused: 0 };
      tallies[`${graph.name}, ${name}`] = tally;
      expect(await differences(graph, format, tally)).toEqual([]);
      expect(tally.inParts).toBeGreaterThan(0);
    },
    300_000,
  );

  afterAll(() => console.table(tallies));
});

async function differences(definition: GraphDefinition, format: IncrementalFormat, tally: Tally): Promise<string[]> {
  const graph = openGraph(definition);
  const whole = await openEngine(graph.supergraphSdl, graph.subgraphs);
  let parts = 0;
  const deferring = await openEngineInParts(format, (count) => {
    parts = count;
  })(graph.supergraphSdl, graph.subgraphs);
  const found: string[] = [];
  try {
    for (let number = 0; number < CASES; number += 1) {
      const plain = requestOf(graph.plain, definition, SEED, number).request;
      const request = withDefers(plain, new Random(SEED + number));
      parts = 0;
      const difference = await compare({ graph, whole, deferring }, plain, request, tally);
      tally.cases += 1;
      if (parts > 1) tally.inParts += 1;
      if (difference !== undefined)
        found.push(`case ${number}: ${difference}\n${request.query}\n${JSON.stringify(request.variables)}`);
    }
  } finally {
    await Promise.all([whole.close(), deferring.close()]);
  }
  return found;
}

async function compare(
  { graph, whole, deferring }: { graph: Graph; whole: Engine; deferring: Engine },
  plain: Request,
  request: Request,
  tally: Tally,
): Promise<string | undefined> {
  graph.reset();
  const right = await answerOfPlain(graph.plain, plain);
  const { promise: late, resolve: giveUp } = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => giveUp({ errors: [{ message: 'no answer within ten seconds' }] }), 10_000);
  const answer = await Promise.race([deferring.ask(request), late]).catch(
    (error: unknown): Answer => ({ errors: [{ message: String(error) }] }),
  );
  clearTimeout(timer);
  if (right.errors) {
    tally.withErrors += 1;
    return answer.errors ? undefined : 'no error is told';
  }
  if (answer.data === undefined) {
    graph.reset();
    const { data } = await whole.ask(request);
    if (data !== undefined) return `refused when it comes in parts only: ${answer.errors?.[0]?.message}`;
    tally.refused += 1;
    return undefined;
  }
  if (answer.errors) return `errors: ${JSON.stringify(answer.errors)}`;
  const [got, expected] = [sorted(answer.data), sorted(right.data)];
  return got === expected ? undefined : `data\n  is       ${got}\n  expected ${expected}`;
}

/** What is deferred comes later, so that the order of an object's members says nothing here. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
