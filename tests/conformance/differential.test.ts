import { afterAll, describe, expect, it } from 'vitest';
import type { Difference } from './comparison.ts';
import type { Request } from './engine.ts';
import { openEngine } from './engine-under-test.ts';
import { GRAPHS } from './graphs/all.ts';
import type { GraphDefinition } from './graphs/graph.ts';
import { shrink } from './operations/shrink.ts';
import { SEED } from './seed.ts';
import { openStock } from './stock.ts';
import { requestOf, Trial } from './trial.ts';

/** Cases for each graph. */
const CASES = Number(process.env.CASES ?? 700);
/** Cases that are made small and shown whole; of the others only the numbers are told. */
const SHOWN = Number(process.env.SHOWN ?? 3);

interface Tally {
  cases: number;
  thrownAway: number;
  refusedByPlanner: number;
  stockWrongData: number;
  stockWrongErrors: number;
}

interface Failure {
  readonly number: number;
  readonly request: Request;
  readonly difference: Difference;
  readonly stockIsRight: boolean;
}

const tallies: Record<string, Tally> = {};

describe(`random operations, SEED=${SEED} CASES=${CASES}`, () => {
  it.each(GRAPHS.map((graph) => [graph.name, graph] as const))(
    'on the graph %s are answered as by one plain schema over the same data',
    async (name, graph) => {
      const ours = await Trial.open(graph, openEngine);
      const stock = await Trial.open(graph, openStock);
      try {
        const tally = { cases: 0, thrownAway: 0, refusedByPlanner: 0, stockWrongData: 0, stockWrongErrors: 0 };
        tallies[name] = tally;
        const failures = await runCases(graph, ours, stock, tally);
        expect(failures.length, await report(failures, graph, ours)).toBe(0);
      } finally {
        await Promise.all([ours.close(), stock.close()]);
      }
    },
    600_000,
  );

  afterAll(() => console.table(tallies));
});

async function runCases(graph: GraphDefinition, ours: Trial, stock: Trial, tally: Tally): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (let number = 0; number < CASES; number += 1) {
    const { request, thrownAway } = requestOf(ours.api, graph, SEED, number);
    const difference = await ours.difference(request);
    const ofStock = await stock.difference(request);
    tally.cases += 1;
    tally.thrownAway += thrownAway;
    if (ofStock?.kind === 'data') tally.stockWrongData += 1;
    if (ofStock?.kind === 'errors') tally.stockWrongErrors += 1;
    if (difference?.kind === 'no plan') tally.refusedByPlanner += 1;
    else if (difference) failures.push({ number, request, difference, stockIsRight: !ofStock });
  }
  return failures;
}

async function report(failures: readonly Failure[], graph: GraphDefinition, ours: Trial): Promise<string> {
  const shown: string[] = [];
  for (const { request, number, difference, stockIsRight } of failures.slice(0, SHOWN)) {
    const small = await shrink(
      request,
      ours.api,
      async (smaller) => (await ours.difference(smaller))?.kind === difference.kind,
    );
    const { text } = (await ours.difference(small)) ?? difference;
    shown.push(
      [
        `graph ${graph.name}, SEED=${SEED}, case ${number}, stock is ${stockIsRight ? 'right' : 'wrong too'}`,
        small.query,
        `variables ${JSON.stringify(small.variables)}, operationName ${small.operationName}`,
        text,
      ].join('\n'),
    );
  }
  const stockRight = failures.filter(({ stockIsRight }) => stockIsRight).map(({ number }) => number);
  return [
    `${failures.length} of ${CASES} answers differ: ${failures.map(({ number }) => number).join(' ')}`,
    `where stock is right: ${stockRight.join(' ') || 'none'}`,
    ...shown,
  ].join('\n\n');
}
