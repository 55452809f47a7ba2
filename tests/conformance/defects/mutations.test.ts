import { describe, expect, it } from 'vitest';
import { errorPaths, type SmallSubgraph, serve } from './small-graph.ts';

function book(): { debits: SmallSubgraph; credits: SmallSubgraph; entries: string[] } {
  const entries: string[] = [];
  const add = (text: string) => {
    entries.push(text);
    return { id: text, position: entries.length };
  };
  const debits: SmallSubgraph = {
    sdl: `
      type Query { count: Int }
      type Mutation { debit(text: String!): Entry refuse: Int mustDebit(fail: Boolean!): Int! }
      type Entry @key(fields: "id") { id: ID! position: Int }
    `,
    resolvers: {
      Query: { count: () => entries.length },
      Mutation: {
        debit: (_, { text }) => add(text),
        refuse: () => {
          add('refused');
          throw new Error('refused');
        },
        mustDebit: (_, { fail }) => {
          if (fail) throw new Error('must');
          return add('must').position;
        },
      },
      Entry: { __resolveReference: ({ id }: { id: string }) => ({ id, position: entries.indexOf(id) + 1 }) },
    },
  };
  const credits: SmallSubgraph = {
    sdl: `type Mutation { credit(text: String!): Entry } type Entry @key(fields: "id") { id: ID! length: Int }`,
    resolvers: {
      Mutation: { credit: (_, { text }) => add(text) },
      Entry: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        length: ({ id }) => id.length,
      },
    },
  };
  return { debits, credits, entries };
}

describe('mutations', () => {
  it('of several subgraphs run in the order in which they stand', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    const answer = await ask(`mutation {
      one: debit(text: "a") { position length }
      two: credit(text: "bb") { length position }
      three: debit(text: "ccc") { id: length }
      four: credit(text: "d") { length }
    }`);
    expect(entries).toEqual(['a', 'bb', 'ccc', 'd']);
    expect(JSON.stringify(answer)).toBe(
      '{"data":{"one":{"position":1,"length":1},"two":{"length":2,"position":2},"three":{"id":3},"four":{"length":1}}}',
    );
  });

  it('run in order also where fragments repeat a field', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    await ask(`
      mutation { ...F one: debit(text: "a") { length } two: credit(text: "b") { length } }
      fragment F on Mutation { three: credit(text: "c") { id } one: debit(text: "a") { position } }
    `);
    expect(entries).toEqual(['c', 'a', 'b']);
  });

  it('run in order also where some of one subgraph’s stand in fragments', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    await ask(`mutation {
      ... on Mutation { one: debit(text: "a") { id } }
      two: debit(text: "b") { id }
      ... on Mutation { three: debit(text: "c") { id } }
    }`);
    expect(entries).toEqual(['a', 'b', 'c']);
  });

  it('go on after one that failed and may be null', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    const answer = await ask('mutation { refuse one: credit(text: "b") { length } again: refuse }');
    expect(answer.data).toEqual({ refuse: null, one: { length: 1 }, again: null });
    expect(errorPaths(answer)).toEqual(['["again"]', '["refuse"]']);
    expect(entries).toEqual(['refused', 'b', 'refused']);
  });

  it('leave no data where one failed that may not be null', async () => {
    const { entries: _, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    const answer = await ask('mutation { debit(text: "a") { length } mustDebit(fail: true) }');
    expect(answer.data).toBeNull();
    expect(errorPaths(answer)).toEqual(['["mustDebit"]']);
  });

  it('run once, whatever is asked of what they give back', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    await ask('mutation { credit(text: "x") { a: position b: length c: position ... on Entry { d: length } } }');
    expect(entries).toEqual(['x']);
  });

  it('that are skipped do not run', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    expect(
      await ask(
        'mutation ($s: Boolean!) { a: debit(text: "a") @skip(if: $s) { id } credit(text: "b") @include(if: $s) { id } }',
        {
          s: true,
        },
      ),
    ).toEqual({ data: { credit: { id: 'b' } } });
    expect(entries).toEqual(['b']);
  });

  it('of an operation that was not chosen do not run', async () => {
    const { entries, ...subgraphs } = book();
    const { ask } = await serve(subgraphs);
    await ask('mutation M { debit(text: "a") { id } } query Q { count }', {}, 'Q');
    expect(entries).toEqual([]);
  });
});
