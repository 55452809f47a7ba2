import type { CaseSeed, Population, ReferenceSeed } from '../../seeds/model.ts';
import { DEFAULT_RESIDENTS, DEFAULT_SEED, populate } from '../../seeds/population.ts';

/** The populations that every rule is held against: the sandbox's own, and a larger one of another seed. */
export const POPULATIONS: readonly (readonly [title: string, population: Population])[] = [
  ['500 residents', populate({ seed: DEFAULT_SEED, residents: DEFAULT_RESIDENTS })],
  ['5,000 residents of another seed', populate({ seed: 7, residents: 5_000 })],
];

export interface Referred {
  readonly case: CaseSeed;
  readonly reference: ReferenceSeed;
}

/** Every reference of a kind, with its case. */
export function referencesOf({ cases }: Population, kind: ReferenceSeed['kind']): Referred[] {
  return cases.flatMap((one) =>
    one.references.filter((reference) => reference.kind === kind).map((reference) => ({ case: one, reference })),
  );
}

export function byKey<Row>(rows: readonly Row[], key: (row: Row) => string): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [key(row), row]));
}

/** The values of a list that occur more than once. */
export function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

/** The rows for which a rule does not hold: a test expects none, and a failure shows the row. */
export function breaking<Row>(rows: readonly Row[], rule: (row: Row) => boolean): Row[] {
  return rows.filter((row) => !rule(row)).slice(0, 3);
}
