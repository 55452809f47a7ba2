import { describe, expect, it } from 'vitest';
import { errorPaths, type SmallSubgraph, serve } from './small-graph.ts';

/** A subgraph that sends whatever a test puts into `data`, without a word of its own. */
const careless = (data: unknown): SmallSubgraph => ({
  sdl: `
    type Query { thing: Thing sure: Thing! things: [Thing!] shape: Shape kind: Kind count: Int on: Boolean ratio: Float name: String id: ID many: [[Int]] }
    type Thing { size: Int name: String! inner: Thing kinds: [Kind!] }
    interface Shape { area: Int }
    type Circle implements Shape { area: Int radius: Int }
    type Square implements Shape { area: Int side: Int }
    enum Kind { BIG SMALL SECRET @inaccessible }
  `,
  answer: () => ({ data }),
});

/** Query, what the subgraph sends, what the client gets, and where the errors stand. */
type Case = [string, string, unknown, unknown, (string | number)[][]];

const CASES: Case[] = [
  ['a text where an Int is due', '{ count }', { count: 'many' }, { count: null }, [['count']]],
  ['an object where an Int is due', '{ count }', { count: { a: 1 } }, { count: null }, [['count']]],
  ['a fraction where an Int is due', '{ count }', { count: 1.5 }, { count: null }, [['count']]],
  ['an Int beyond 32 bits', '{ count }', { count: 2 ** 31 }, { count: null }, [['count']]],
  ['a list where an Int is due', '{ count }', { count: [1] }, { count: null }, [['count']]],
  ['a text where a Boolean is due', '{ on }', { on: 'yes' }, { on: null }, [['on']]],
  ['a text where a Float is due', '{ ratio }', { ratio: 'half' }, { ratio: null }, [['ratio']]],
  ['an object where a String is due', '{ name }', { name: {} }, { name: null }, [['name']]],
  ['a list where an ID is due', '{ id }', { id: ['1'] }, { id: null }, [['id']]],
  ['a text where an object is due', '{ thing { size } }', { thing: 'x' }, { thing: null }, [['thing']]],
  ['a list where an object is due', '{ thing { size } }', { thing: [{ size: 1 }] }, { thing: null }, [['thing']]],
  ['an object where a list is due', '{ things { size } }', { things: { size: 1 } }, { things: null }, [['things']]],
  ['a number where a list is due', '{ many }', { many: 1 }, { many: null }, [['many']]],
  ['a number where an inner list is due', '{ many }', { many: [[1], 2] }, { many: [[1], null] }, [['many', 1]]],
  ['an enum value nobody knows', '{ kind }', { kind: 'HUGE' }, { kind: null }, [['kind']]],
  ['an enum value that clients do not know', '{ kind }', { kind: 'SECRET' }, { kind: null }, [['kind']]],
  [
    'an enum value nobody knows in a list that may not hold null',
    '{ thing { size kinds } }',
    { thing: { size: 1, kinds: ['BIG', 'HUGE'] } },
    { thing: { size: 1, kinds: null } },
    [['thing', 'kinds', 1]],
  ],
  [
    'no value for a field that may not be null',
    '{ thing { name } }',
    { thing: {} },
    { thing: null },
    [['thing', 'name']],
  ],
  [
    'null for a field that may not be null',
    '{ thing { name } }',
    { thing: { name: null } },
    { thing: null },
    [['thing', 'name']],
  ],
  [
    'null inside what may not be null',
    '{ things { size name } }',
    { things: [{ size: 1, name: 'a' }, null] },
    { things: null },
    [['things', 1]],
  ],
  ['null for the root’s non-null field', '{ sure { size } count }', { sure: null, count: 1 }, null, [['sure']]],
  [
    'a type that does not belong there',
    '{ shape { __typename area } }',
    { shape: { __typename: 'Thing', area: 1 } },
    { shape: null },
    [['shape']],
  ],
  [
    'a type that nobody knows',
    '{ shape { area ... on Circle { radius } } }',
    { shape: { __typename: 'Blob', area: 1, radius: 2 } },
    { shape: null },
    [['shape']],
  ],
  [
    'a type’s name that is no text',
    '{ shape { area ... on Circle { radius } } }',
    { shape: { __typename: 7, area: 1, radius: 2 } },
    { shape: null },
    [['shape']],
  ],
];

describe('a subgraph that answers with', () => {
  it.each(CASES)('%s: null there and an error, the rest whole', async (_, query, sent, data, paths) => {
    const { ask } = await serve({ careless: careless(sent) });
    const answer = await ask(query);
    expect(answer.data).toEqual(data);
    expect(errorPaths(answer)).toEqual(paths.map((path) => JSON.stringify(path)).sort());
  });

  it('more than it was asked for shows no client the rest', async () => {
    const { ask } = await serve({
      careless: careless({ thing: { size: 1, name: 'x', secret: 'y' }, count: 1, more: 2 }),
    });
    expect(await ask('{ thing { size } }')).toEqual({ data: { thing: { size: 1 } } });
  });

  it('names of the prototype does no harm', async () => {
    const data: unknown = JSON.parse(
      '{"thing": {"size": 1, "__proto__": {"polluted": true}}, "__proto__": {"count": 9}}',
    );
    const { ask } = await serve({ careless: careless(data) });
    expect(await ask('{ thing { size } count }')).toEqual({ data: { thing: { size: 1 }, count: null } });
    expect({}).not.toHaveProperty('polluted');
  });

  it('an error whose path leads nowhere does not lose the error', async () => {
    const odd: SmallSubgraph = {
      ...careless({}),
      answer: () => ({ data: { count: 1, name: null }, errors: [{ message: 'odd', path: ['nowhere', 3, 'x'] }] }),
    };
    const { ask } = await serve({ careless: odd });
    const { data, errors } = await ask('{ count name }');
    expect(data).toEqual({ count: 1, name: null });
    expect(errors?.map(({ message }) => message)).toEqual(['odd']);
  });
});

describe('an entity that is no object', () => {
  it.each([
    ['a list', [['x']]],
    ['a text', ['x']],
    ['a number', [7]],
    ['a truth', [true]],
  ])('but %s is not merged, and is an error', async (_, entities) => {
    const { ask } = await serve({
      a: {
        sdl: `type Query { one: One } type One @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { one: () => ({ id: '1' }) } },
      },
      b: {
        sdl: `type One @key(fields: "id") { id: ID! value: Int }`,
        answer: () => ({ data: { _entities: entities } }),
      },
    });
    const { data, errors } = await ask('{ one { id value } }');
    expect(data).toEqual({ one: { id: '1', value: null } });
    expect(errors).toHaveLength(1);
  });
});
