import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

describe('a type with several compound keys, some of them not resolvable', () => {
  const composite = { one: '1', two: '2', three: '3' };
  const owner: SmallSubgraph = {
    sdl: `
      type Query { all: [A!]! }
      type A
        @key(fields: "id")
        @key(fields: "paper")
        @key(fields: "composite { one two }")
        @key(fields: "id composite { two three }") {
        id: ID! paper: ID! composite: Composite! name: String!
      }
      type Composite @shareable { one: ID! two: ID! three: ID! }
    `,
    resolvers: {
      Query: { all: () => [{ id: 'a', paper: 'p', composite, name: 'name' }] },
      A: { __resolveReference: () => ({ id: 'a', paper: 'p', composite, name: 'name' }) },
    },
  };
  const other: SmallSubgraph = {
    sdl: `
      type Query { b: B }
      type B @key(fields: "id") { id: ID! list: [A!]! }
      type A
        @key(fields: "id", resolvable: false)
        @key(fields: "paper", resolvable: false)
        @key(fields: "composite { one two }", resolvable: false)
        @key(fields: "id composite { two three }") {
        id: ID! paper: ID! composite: Composite! name: String! @external
        echo: String! @requires(fields: "name")
      }
      type Composite @shareable { one: ID! two: ID! three: ID! }
    `,
    resolvers: {
      Query: { b: () => ({ id: 'b', list: [{ id: 'a', paper: 'p', composite }] }) },
      A: {
        __resolveReference(sent: { id?: string; composite?: { two?: string; three?: string }; name?: string }) {
          if (!sent.id || !sent.composite?.two || !sent.composite.three) return null;
          return { ...sent, echo: `echo ${sent.name}` };
        },
      },
    },
  };

  it('is reached by a key that the subgraph resolves', async () => {
    const { ask } = await serve({ owner, other });
    expect(await ask('{ b { id list { name echo } } }')).toEqual({
      data: { b: { id: 'b', list: [{ name: 'name', echo: 'echo name' }] } },
    });
  });

  it('is never null without an error where it may not be', async () => {
    const { ask } = await serve({ owner, other });
    const { data, errors } = await ask('{ b { list { echo } } }');
    if (errors) expect(errors.map(({ path }) => path?.slice(0, 3))).toEqual([['b', 'list', 0]]);
    else expect(data).toEqual({ b: { list: [{ echo: 'echo name' }] } });
  });

  it('is reached from where it is owned, under any names', async () => {
    const { ask } = await serve({ owner, other });
    expect(await ask('{ all { id: name composite { two: three } echo } }')).toEqual({
      data: { all: [{ id: 'name', composite: { two: '3' }, echo: 'echo name' }] },
    });
  });
});

describe('a key', () => {
  const people: SmallSubgraph = {
    sdl: `
      type Query { people: [Person] }
      type Person @key(fields: "number") { number: ID @inaccessible name: String }
    `,
    resolvers: {
      Query: {
        people: () => [
          { number: 'n1', name: 'Ann' },
          { number: null, name: 'Bob' },
          { number: 0, name: 'Cyd' },
        ],
      },
    },
  };
  const taxes: SmallSubgraph = {
    sdl: `type Person @key(fields: "number") { number: ID tax: Int }`,
    resolvers: {
      Person: { __resolveReference: ({ number }: { number: string }) => ({ tax: number === 'n1' ? 7 : 8 }) },
    },
  };

  it('that clients never see joins, and is not shown', async () => {
    const { ask } = await serve({ people, taxes });
    expect(await ask('{ people { name tax } }')).toMatchObject({ data: { people: [{ name: 'Ann', tax: 7 }, {}, {}] } });
    expect(await ask('{ people { number } }')).toEqual({ errors: [expect.anything()] });
    expect((await ask('{ people { number } }')).errors?.[0]?.message).not.toContain('n1');
  });

  it('may be a falsy value', async () => {
    const { ask } = await serve({ people, taxes });
    expect(await ask('{ people { tax } }')).toMatchObject({ data: { people: [{}, {}, { tax: 8 }] } });
  });
});

describe('entities', () => {
  it('that stand at several places are asked for once', async () => {
    const { ask, asked } = await serve({
      visits: {
        sdl: `
          type Query { visits: [Visit!]! }
          type Visit { at: Hospital }
          type Hospital @key(fields: "id") { id: ID! }
        `,
        resolvers: { Query: { visits: () => Array.from({ length: 50 }, (_, n) => ({ at: { id: String(n % 3) } })) } },
      },
      hospitals: {
        sdl: `type Hospital @key(fields: "id") { id: ID! name: String }`,
        resolvers: { Hospital: { __resolveReference: ({ id }: { id: string }) => ({ name: `h${id}` }) } },
      },
    });
    const { data } = await ask('{ visits { at { name } } }');
    expect(data).toEqual({ visits: Array.from({ length: 50 }, (_, n) => ({ at: { name: `h${n % 3}` } })) });
    const sent = asked.find(({ subgraph }) => subgraph === 'hospitals')?.request.variables?.representations;
    expect(sent).toHaveLength(3);
  });

  it('that stand at several places and are asked for different fields are each right', async () => {
    const { ask } = await serve({
      people: {
        sdl: `
          type Query { first: Person second: Person list: [Person] }
          type Person @key(fields: "id") { id: ID! friend: Person }
        `,
        resolvers: {
          Query: { first: () => ({ id: '1' }), second: () => ({ id: '1' }), list: () => [{ id: '1' }, { id: '2' }] },
          Person: { friend: ({ id }) => ({ id: id === '1' ? '2' : '1' }) },
        },
      },
      names: {
        sdl: `type Person @key(fields: "id") { id: ID! name: String age(in: Int): Int }`,
        resolvers: {
          Person: {
            __resolveReference: ({ id }: { id: string }) => ({ id, name: `p${id}` }),
            age: ({ id }, { in: years }) => Number(id) + (years ?? 0),
          },
        },
      },
    });
    expect(
      await ask(
        '{ first { name x: age(in: 1) friend { age } } second { x: age(in: 5) friend { name } } list { name friend { name } } }',
      ),
    ).toEqual({
      data: {
        first: { name: 'p1', x: 2, friend: { age: 2 } },
        second: { x: 6, friend: { name: 'p2' } },
        list: [
          { name: 'p1', friend: { name: 'p2' } },
          { name: 'p2', friend: { name: 'p1' } },
        ],
      },
    });
  });
});
