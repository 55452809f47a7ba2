import { Client } from 'pg';

/**
 * So many runs of a text before it has a name, and so many names in all: every connection keeps the plan of each on the server for as long
 * as it lives. Texts that are too long are not looked at.
 */
const NAMED_AFTER = 5;
const MOST_NAMES = 200;
const MOST_WATCHED = 2_000;
const LONGEST = 32_768;

/**
 * Only what writes is named: it finds its rows by a key, so that one plan does for all values, and tells columns by their names, so that it
 * lives through a table that has one more.
 */
const WRITES = /^(?:insert|update|delete) /;
const ALL_COLUMNS = /returning \*/;

/** By text: how often it ran, or its name. */
const known = new Map<string, number | string>();
let names = 0;

function nameOf(text: string): string | undefined {
  const runs = known.get(text);
  if (typeof runs === 'string') return runs;
  if (names >= MOST_NAMES || text.length > LONGEST || !WRITES.test(text) || ALL_COLUMNS.test(text)) return undefined;
  if (runs === undefined && known.size >= MOST_WATCHED) return undefined;
  if (runs === undefined || runs < NAMED_AFTER) {
    known.set(text, (runs ?? 0) + 1);
    return undefined;
  }
  names += 1;
  const name = `casegraph_${names}`;
  known.set(text, name);
  return name;
}

type Query = (...given: unknown[]) => unknown;

/** A connection whose often repeated writes the server parses and plans once. */
export class NamingClient extends Client {
  constructor(...options: ConstructorParameters<typeof Client>) {
    super(...options);
    const query = super.query.bind(this) as Query;
    const named: Query = (text, values, ...rest) => {
      const name = typeof text === 'string' && Array.isArray(values) ? nameOf(text) : undefined;
      return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest);
    };
    this.query = named as typeof this.query;
  }
}
