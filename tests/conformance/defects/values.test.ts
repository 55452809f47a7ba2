import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

describe('lists', () => {
  const grid: SmallSubgraph = {
    sdl: `
      type Query { grid: [[Cell]] numbers: [[Int]!] cube: [[[Cell!]]!]! empty: [Cell!]! }
      type Cell @key(fields: "id") { id: ID! }
    `,
    resolvers: {
      Query: {
        grid: () => [[{ id: '1' }, null], null, [], [{ id: '2' }, { id: '1' }]],
        numbers: () => [[1, null], [], [2]],
        cube: () => [[[{ id: '1' }], null, []], []],
        empty: () => [],
      },
    },
  };
  const cells: SmallSubgraph = {
    sdl: `type Cell @key(fields: "id") { id: ID! text: String neighbours: [[Cell]] }`,
    resolvers: {
      Cell: {
        __resolveReference: ({ id }: { id: string }) => ({ id, text: id === '2' ? null : `cell ${id}` }),
        neighbours: () => [[null, { id: '2' }], null],
      },
    },
  };

  it('of lists with nulls at every level are joined item by item', async () => {
    const { ask } = await serve({ grid, cells });
    expect(await ask('{ grid { text } numbers cube { id text } empty { text } }')).toEqual({
      data: {
        grid: [[{ text: 'cell 1' }, null], null, [], [{ text: null }, { text: 'cell 1' }]],
        numbers: [[1, null], [], [2]],
        cube: [[[{ id: '1', text: 'cell 1' }], null, []], []],
        empty: [],
      },
    });
  });

  it('inside entities that came from another list are joined again', async () => {
    const { ask } = await serve({ grid, cells });
    expect(await ask('{ grid { neighbours { id: text key: id } } }')).toEqual({
      data: {
        grid: [
          [{ neighbours: [[null, { id: null, key: '2' }], null] }, null],
          null,
          [],
          [
            { neighbours: [[null, { id: null, key: '2' }], null] },
            { neighbours: [[null, { id: null, key: '2' }], null] },
          ],
        ],
      },
    });
  });
});

describe('value types that two subgraphs know parts of', () => {
  const subgraph = (own: string, size: object, places: object[]): SmallSubgraph => ({
    sdl: `
      ${own === 'left' ? 'type Query { box: Box }' : ''}
      type Box @key(fields: "id") { id: ID! size: Size @shareable places: [Place!] @shareable }
      type Size { unit: String @shareable ${own}: Int inner: Inner @shareable }
      type Inner { ${own}: Int deep: Deep @shareable }
      type Deep { ${own}: [Int] }
      type Place { name: String @shareable ${own}: Int }
    `,
    resolvers: {
      ...(own === 'left' && { Query: { box: () => ({ id: '1', size, places }) } }),
      Box: { __resolveReference: () => ({ id: '1', size, places }) },
    },
  });
  const left = subgraph('left', { unit: 'cm', left: 1, inner: { left: 2, deep: { left: [3, null] } } }, [
    { name: 'a', left: 1 },
    { name: 'b', left: 2 },
  ]);
  const right = subgraph('right', { unit: 'cm', right: 4, inner: { right: 5, deep: { right: [null, 6] } } }, [
    { name: 'a', right: 3 },
    { name: 'b', right: 4 },
  ]);

  it('are merged to the depth', async () => {
    const { ask } = await serve({ left, right });
    expect(await ask('{ box { size { right unit left inner { deep { right left } right left } } } }')).toEqual({
      data: {
        box: {
          size: {
            right: 4,
            unit: 'cm',
            left: 1,
            inner: { deep: { right: [null, 6], left: [3, null] }, right: 5, left: 2 },
          },
        },
      },
    });
  });

  it('are merged item by item in lists', async () => {
    const { ask } = await serve({ left, right });
    expect(await ask('{ box { places { right name left } } }')).toEqual({
      data: {
        box: {
          places: [
            { right: 3, name: 'a', left: 1 },
            { right: 4, name: 'b', left: 2 },
          ],
        },
      },
    });
  });
});

describe('custom scalars', () => {
  const VALUES = {
    long: '340282366920938463463374607431768211456',
    safe: 9007199254740991,
    negative: -9007199254740991,
    wide: 4294967296,
    json: { b: [1, { c: null }], a: 'é\u2028"\\', 10: 1, 2: { __typename: 'X' }, id: 'not the key' },
    list: [null, [[]], {}],
    text: '',
    no: false,
  };
  const values: SmallSubgraph = {
    sdl: `
      scalar Any
      type Query { any: Any value(name: String!): Any echo(value: Any): Any thing: Thing }
      type Thing @key(fields: "id") { id: Any! }
    `,
    resolvers: {
      Query: {
        value: (_, { name }) => VALUES[name as keyof typeof VALUES],
        echo: (_, { value }) => value,
        thing: () => ({ id: VALUES.json }),
      },
    },
  };
  const things: SmallSubgraph = {
    sdl: `scalar Any type Thing @key(fields: "id") { id: Any! seen: Any }`,
    resolvers: { Thing: { __resolveReference: ({ id }: { id: unknown }) => ({ id, seen: { saw: id } }) } },
  };

  it.each(Object.keys(VALUES) as (keyof typeof VALUES)[])('pass unharmed: %s', async (name) => {
    const { ask } = await serve({ values, things });
    const { data } = await ask('query ($name: String!) { value(name: $name) }', { name });
    expect(JSON.stringify(data)).toBe(JSON.stringify({ value: VALUES[name] }));
  });

  it('pass unharmed where a double cannot hold them', async () => {
    const long = JSON.rawJSON('12345678901234567890');
    const { ask } = await serve({ values: { ...values, answer: () => ({ data: { any: { a: [long] } } }) } });
    const { data } = await ask('{ any }');
    expect(JSON.stringify(data)).toBe('{"any":{"a":[12345678901234567890]}}');
  });

  it('pass unharmed as variables and literals', async () => {
    const { ask } = await serve({ values, things });
    const { data } = await ask(
      'query ($value: Any) { one: echo(value: $value) two: echo(value: {a: [1, null, X], b: $value}) }',
      {
        value: VALUES.json,
      },
    );
    expect(JSON.stringify(data)).toBe(JSON.stringify({ one: VALUES.json, two: { a: [1, null, 'X'], b: VALUES.json } }));
  });

  it('pass unharmed as keys', async () => {
    const { ask } = await serve({ values, things });
    expect(await ask('{ thing { seen } }')).toEqual({ data: { thing: { seen: { saw: VALUES.json } } } });
  });
});
