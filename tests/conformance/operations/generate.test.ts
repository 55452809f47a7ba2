import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Request } from '../engine.ts';
import { GRAPHS } from '../graphs/all.ts';
import { openGraph } from '../graphs/graph.ts';
import { requestOf } from '../trial.ts';

const CASES = 150;

const all = GRAPHS.flatMap((graph) => {
  const { plain } = openGraph(graph);
  return Array.from({ length: CASES }, (_, number) => ({
    plain,
    graph,
    number,
    ...requestOf(plain, graph, 1, number),
  }));
});
const shareOf = (holds: (request: Request) => boolean) =>
  all.filter(({ request }) => holds(request)).length / all.length;
const matches = (pattern: RegExp) => shareOf(({ query }) => pattern.test(query));

describe('random operations', () => {
  it('are valid', () => {
    for (const { plain, request } of all) expect(validate(plain, parse(request.query))).toEqual([]);
  });

  it('are seldom thrown away', () => {
    expect(all.reduce((sum, { thrownAway }) => sum + thrownAway, 0) / all.length).toBeLessThan(0.3);
  });

  it('are the same for the same seed and number', () => {
    for (const { plain, graph, number, request } of all.filter((_, index) => index % 50 === 0))
      expect(requestOf(plain, graph, 1, number).request).toEqual(request);
  });

  it.each<[string, RegExp, number]>([
    ['aliases', /\w: \w/, 0.3],
    ['the alias __typename', /__typename: /, 0.01],
    ['the alias of a key', /\bid: /, 0.05],
    ['__typename', /\b__typename\b(?!:)/, 0.2],
    ['named fragments', /\.\.\.(?!on\b)\w/, 0.1],
    ['fragments in fragments', /fragment [^\n]* \{[^\n]*\.\.\./, 0.05],
    ['inline fragments with and without a type', /\.\.\. on \w/, 0.2],
    ['conditions on fields', /\w @(skip|include)\(if: /, 0.1],
    ['conditions on fragments', /\.\.\.[^{}]*@(skip|include)\(if: \$/, 0.03],
    ['both conditions at once', /@skip\([^)]*\) @include|@include\([^)]*\) @skip/, 0.03],
    ['variables with defaults', /\$\w+: [\w[\]!]+ = /, 0.03],
    ['list and input object literals', /: [[{]/, 0.03],
    ['introspection', /__type\(|__schema/, 0.01],
    ['mutations', /^mutation|\nmutation/, 0.05],
  ])('have %s', (_, pattern, share) => {
    expect(matches(pattern)).toBeGreaterThan(share);
  });

  it('have documents of several operations, and chosen ones', () => {
    expect(shareOf(({ query }) => (query.match(/^(query|mutation)/gm) ?? []).length > 1)).toBeGreaterThan(0.05);
    expect(shareOf(({ operationName }) => operationName !== undefined)).toBeGreaterThan(0.2);
  });

  it('have variables that are given, null and left out', () => {
    expect(shareOf(({ variables }) => Object.values(variables ?? {}).some((value) => value === null))).toBeGreaterThan(
      0,
    );
    expect(
      shareOf(({ query, variables }) => {
        const defined = new Set([...query.matchAll(/\$(\w+):/g)].map(([, name]) => name));
        return defined.size > Object.keys(variables ?? {}).length;
      }),
    ).toBeGreaterThan(0.02);
  });
});
