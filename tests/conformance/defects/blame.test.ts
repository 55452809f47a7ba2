import { describe, expect, it } from 'vitest';
import { at, errorPaths, type SmallSubgraph, serve } from './small-graph.ts';

const broken = () => {
  throw new Error('broken');
};
/** A subgraph that does all by the book: where a field fails that may not be null, graphql-js takes away what is above. */
const shelves: SmallSubgraph = {
  sdl: `
    type Query { sure: Int! other: Int! shelf: Shelf! list: [Book!]! pair: [Holder!]! }
    type Mutation { first: Int! second: Int! }
    type Shelf { name: String! broken: Int! }
    type Holder { book: Book }
    type Book @key(fields: "id") { id: ID! numbers: [Int] box: Box title: String! broken: String! }
    type Box { inner: Inner! }
    type Inner { broken: Int! }
  `,
  resolvers: {
    Query: {
      sure: broken,
      other: () => 1,
      shelf: () => ({ name: 'a' }),
      list: () => [
        { id: '1', title: 'one', broken: 'no' },
        { id: '2', title: 'two' },
      ],
      pair: () => [{ book: { id: '1' } }, { book: { id: '1' } }],
    },
    Mutation: { first: broken, second: () => 2 },
    Shelf: { broken },
    Book: {
      __resolveReference: ({ id }) => ({ id }),
      numbers: () => [1, new Error('no number')],
      box: () => ({ inner: {} }),
    },
    Inner: { broken },
  },
};
const loans: SmallSubgraph = {
  sdl: `type Query { loans: [Loan!]! } type Loan { of: Book } type Book @key(fields: "id") { id: ID! }`,
  resolvers: { Query: { loans: () => [{ of: { id: '1' } }, { of: { id: '1' } }, { of: { id: '2' } }] } },
};

describe('an error is told only of the field that failed', () => {
  it.each<[string, string, (string | number)[][]]>([
    ['beside a root field that lost its value with it', '{ sure other }', [['sure']]],
    ['beside a field that lost its value with it', '{ shelf { name broken } }', [['shelf', 'broken']]],
    ['beside other items of its list', '{ list { title broken } other }', [['list', 1, 'broken']]],
    ['beside another mutation', 'mutation { first second }', [['first']]],
    [
      'at the field itself and not at what it took away',
      '{ pair { book { box { inner { broken } } } } }',
      [
        ['pair', 0, 'book', 'box', 'inner', 'broken'],
        ['pair', 1, 'book', 'box', 'inner', 'broken'],
      ],
    ],
    [
      'once at each place of one answer',
      '{ pair { book { numbers } } }',
      [
        ['pair', 0, 'book', 'numbers', 1],
        ['pair', 1, 'book', 'numbers', 1],
      ],
    ],
    [
      'once at each place of an entity',
      '{ loans { of { numbers } } }',
      [
        ['loans', 0, 'of', 'numbers', 1],
        ['loans', 1, 'of', 'numbers', 1],
        ['loans', 2, 'of', 'numbers', 1],
      ],
    ],
  ])('%s', async (_, query, paths) => {
    const { ask } = await serve({ shelves, loans });
    expect(errorPaths(await ask(query))).toEqual(at(paths).sort());
  });
});
