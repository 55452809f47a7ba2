import type { Answer } from './engine.ts';

type Path = readonly (string | number)[];

/** How an answer differs from what graphql-js answers over the same data in one schema. */
export interface Difference {
  /** `no plan`: refused with an error, and `@apollo/query-planner` itself throws on the operation. */
  readonly kind: 'data' | 'errors' | 'no plan';
  readonly text: string;
}

/**
 * Compares an answer with the right one.
 *
 * - `data` has to be the same text: values, and the order of the fields.
 * - Errors stand where the first null on their path stands. Both answers must have errors standing at the same places. Which of several
 *   errors under one null is told, the specification (6.4.4) leaves open; so is its text.
 * - Each error told must be one that may happen (`possible`), and is told once.
 */
export function compare(answer: Answer, right: Answer, possible: ReadonlySet<string>): Difference | undefined {
  const got = JSON.stringify(answer.data);
  const expected = JSON.stringify(right.data);
  if (got !== expected) return { kind: 'data', text: `data\n  is       ${got}\n  expected ${expected}` };
  const paths = pathsOf(answer);
  const impossible = paths.filter((path) => !possible.has(JSON.stringify(path)));
  if (impossible.length > 0) return { kind: 'errors', text: `no error is possible at ${shown(impossible)}` };
  const twice = paths.filter((path, index) => paths.slice(0, index).some((other) => shown([other]) === shown([path])));
  if (twice.length > 0) return { kind: 'errors', text: `more than one error at ${shown(twice)}` };
  const standing = places(answer);
  const shouldStand = places(right);
  if (standing !== shouldStand)
    return { kind: 'errors', text: `errors\n  stand at  ${standing}\n  expected ${shouldStand}` };
  return undefined;
}

function pathsOf(answer: Answer): Path[] {
  return (answer.errors ?? []).map(({ path }) => path ?? []);
}

function places(answer: Answer): string {
  return [...new Set(pathsOf(answer).map((path) => JSON.stringify(placeOf(path, answer.data))))].sort().join(' ');
}

/** Where the null stands that an error has made. */
function placeOf(path: Path, data: unknown): Path {
  let value = data;
  for (const [index, step] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, index);
    value = (value as Record<string | number, unknown>)[step];
  }
  return path;
}

function shown(paths: readonly Path[]): string {
  return paths.map((path) => JSON.stringify(path)).join(' ');
}
