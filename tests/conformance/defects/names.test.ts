import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

/** `b` lives with the second subgraph and needs `id`. */
const records: SmallSubgraph = {
  sdl: `
    type Query { object: Object found: [Found] }
    union Found = Object | Other
    type Object @key(fields: "id") { id: ID! legacyId: ID legacyName: String! name: String! inner: Inner }
    type Inner { code: ID! legacyId: ID }
    type Other { name: String! count: Int }
  `,
  resolvers: {
    Query: {
      object: () => ({ id: '1', legacyId: 'old', name: 'one', inner: { code: 'c', legacyId: 'ic' } }),
      found: () => [
        { __typename: 'Object', id: '1', legacyId: 'old', legacyName: 'older', name: 'one' },
        { __typename: 'Other', name: 'other', count: 3 },
      ],
    },
  },
};
const extras: SmallSubgraph = {
  sdl: `
    type Object @key(fields: "id") {
      id: ID!
      b: String
      inner: Inner @external
      coded: String @requires(fields: "inner { code }")
    }
    type Inner { code: ID! @external }
  `,
  resolvers: {
    Object: {
      __resolveReference: ({ id, inner }: { id: string; inner?: { code: string } }) => ({
        b: `b of ${id}`,
        coded: inner && `coded ${inner.code}`,
      }),
    },
  },
};

describe('a response name', () => {
  it.each([
    ['of a key field', '{ object { id: legacyId b } }', { object: { id: 'old', b: 'b of 1' } }],
    ['of a key field, after what needs it', '{ object { b id: legacyId } }', { object: { b: 'b of 1', id: 'old' } }],
    [
      'of a key field, which is asked for as well',
      '{ object { id: legacyId key: id b } }',
      { object: { id: 'old', key: '1', b: 'b of 1' } },
    ],
    [
      'of a key field, for an object',
      '{ object { id: inner { code } b } }',
      { object: { id: { code: 'c' }, b: 'b of 1' } },
    ],
    ['__typename', '{ object { __typename: legacyId b } }', { object: { __typename: 'old', b: 'b of 1' } }],
    [
      '__typename, beside the type’s name',
      '{ object { __typename: legacyId type: __typename b } }',
      { object: { __typename: 'old', type: 'Object', b: 'b of 1' } },
    ],
    [
      'of a key field, for the type’s name',
      '{ object { id: __typename b } }',
      { object: { id: 'Object', b: 'b of 1' } },
    ],
    [
      'of a field that another one requires',
      '{ object { inner: legacyId coded } }',
      { object: { inner: 'old', coded: 'coded c' } },
    ],
    [
      'of a field inside what another one requires',
      '{ object { inner { code: legacyId } coded } }',
      { object: { inner: { code: 'ic' }, coded: 'coded c' } },
    ],
    [
      'swapped with another',
      '{ object { name: legacyId legacyId: name b } }',
      { object: { name: 'old', legacyId: 'one', b: 'b of 1' } },
    ],
    [
      'of what every object has in JavaScript',
      '{ object { constructor: name toString: b hasOwnProperty: legacyId } }',
      { object: { constructor: 'one', toString: 'b of 1', hasOwnProperty: 'old' } },
    ],
    [
      'that entities are fetched under',
      '{ object { _entities: name b } }',
      { object: { _entities: 'one', b: 'b of 1' } },
    ],
    ['that is a root field’s, at the root', '{ found: object { b } }', { found: { b: 'b of 1' } }],
  ])('%s shows what the client asked for', async (_, query, data) => {
    const { ask } = await serve({ records, extras });
    expect(await ask(query)).toEqual({ data });
  });

  it('__proto__ is a name like any other', async () => {
    const { ask } = await serve({ records, extras });
    const { data, errors } = await ask('{ object { __proto__: name b } }');
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toBe('{"object":{"__proto__":"one","b":"b of 1"}}');
  });

  it('may mean another field for each type of a union', async () => {
    const { ask } = await serve({ records, extras });
    expect(
      await ask('{ found { ... on Object { __typename: legacyName x: b } ... on Other { __typename: name } } }'),
    ).toEqual({ data: { found: [{ __typename: 'older', x: 'b of 1' }, { __typename: 'other' }] } });
  });
});

describe('the answer', () => {
  it('has its fields in the order of the operation, wherever they come from', async () => {
    const { ask } = await serve({ records, extras });
    const { data } = await ask('{ object { b ...F coded name } } fragment F on Object { name b legacyId }');
    expect(JSON.stringify(data)).toBe('{"object":{"b":"b of 1","name":"one","legacyId":"old","coded":"coded c"}}');
  });

  it('shows nothing that was only fetched to reach another subgraph', async () => {
    const { ask } = await serve({ records, extras });
    expect(await ask('{ object { coded } }')).toEqual({ data: { object: { coded: 'coded c' } } });
  });
});
