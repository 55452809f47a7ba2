import { describe, expect, it } from 'vitest';
import type { Answer } from '../engine.ts';
import { at, blamed, errorPaths, type SmallSubgraph, serve } from './small-graph.ts';

const people: SmallSubgraph = {
  sdl: `
    type Query { people: [Person!]! me: Person grid: [[Person]] sure: Person! }
    type Person @key(fields: "id") { id: ID! friend: Person }
  `,
  resolvers: {
    Query: {
      people: () => ['1', 'bad', '1', 'bad'].map((id) => ({ id })),
      me: () => ({ id: '1' }),
      grid: () => [[{ id: 'bad' }, null], [{ id: '1' }]],
      sure: () => ({ id: 'bad' }),
    },
    Person: { friend: () => ({ id: 'bad' }) },
  },
};
const names: SmallSubgraph = {
  sdl: `type Person @key(fields: "id") { id: ID! name: String must: String! detail: Detail details: [Detail] } type Detail { text: String sure: String! }`,
  resolvers: {
    Person: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }) => {
        if (id === 'bad') throw new Error('no name');
        return `p${id}`;
      },
      must: ({ id }) => {
        if (id === 'bad') throw new Error('must be');
        return `m${id}`;
      },
      detail: ({ id }) => ({ text: id === 'bad' ? new Error('no text') : 'text', sure: 'sure' }),
      details: ({ id }) => [{ text: 'a' }, { text: id === 'bad' ? new Error('no text') : 'b' }, null],
    },
  },
};
const crashing: SmallSubgraph = {
  sdl: `type Person @key(fields: "id") { id: ID! tax: Int sureTax: Int! }`,
  resolvers: {
    Person: {
      // Rejected alone: thrown at once, it would end the whole list of entities.
      async __resolveReference({ id }: { id: string }) {
        if (id === 'bad') throw new Error('no such person');
        return { tax: 1, sureTax: 1 };
      },
    },
  },
};

describe('an error of an entity’s field', () => {
  it('stands at every path where the entity stands', async () => {
    const { ask } = await serve({ people, names });
    const answer = await ask('{ people { name } }');
    expect(answer.data).toEqual({ people: [{ name: 'p1' }, { name: null }, { name: 'p1' }, { name: null }] });
    expect(errorPaths(answer)).toEqual(
      at([
        ['people', 1, 'name'],
        ['people', 3, 'name'],
      ]),
    );
    expect(answer.errors?.map(({ message }) => message)).toEqual(['no name', 'no name']);
  });

  it('stands under each alias', async () => {
    const { ask } = await serve({ people, names });
    const answer = await ask('{ me { friend { a: name id: name name: id } } }');
    expect(answer.data).toEqual({ me: { friend: { a: null, id: null, name: 'bad' } } });
    expect(errorPaths(answer)).toEqual(
      at([
        ['me', 'friend', 'a'],
        ['me', 'friend', 'id'],
      ]),
    );
  });

  it('stands at the entity’s own paths only, however deep below', async () => {
    const { ask } = await serve({ people, names });
    const answer = await ask(
      '{ me { detail { text } friend { d: detail { t: text } details { text } } } grid { detail { text } } }',
    );
    expect(answer.data).toEqual({
      me: {
        detail: { text: 'text' },
        friend: { d: { t: null }, details: [{ text: 'a' }, { text: null }, null] },
      },
      grid: [[{ detail: { text: null } }, null], [{ detail: { text: 'text' } }]],
    });
    expect(errorPaths(answer)).toEqual(
      at([
        ['grid', 0, 0, 'detail', 'text'],
        ['me', 'friend', 'd', 't'],
        ['me', 'friend', 'details', 1, 'text'],
      ]),
    );
  });

  it('takes the entity with it where the field may not be null', async () => {
    const { ask } = await serve({ people, names });
    const answer = await ask('{ me { friend { must } must } grid { must } }');
    expect(answer.data).toEqual({ me: { friend: null, must: 'm1' }, grid: [[null, null], [{ must: 'm1' }]] });
    expect(errorPaths(answer)).toEqual(
      at([
        ['grid', 0, 0, 'must'],
        ['me', 'friend', 'must'],
      ]),
    );
  });

  it('takes everything with it where nothing above may be null', async () => {
    const { ask } = await serve({ people, names });
    const answer = await ask('{ sure { must } me { name } }');
    expect(answer.data).toBeNull();
    expect(errorPaths(answer)).toEqual(at([['sure', 'must']]));
  });
});

describe('an entity that a subgraph fails on', () => {
  it('is blamed at every path where it stands, and costs that subgraph’s fields only', async () => {
    const { ask } = await serve({ people, names, crashing });
    const answer = await ask('{ people { id tax } grid { again: tax } me { tax friend { details { text } tax } } }');
    expect(answer.data).toMatchObject({
      people: [{ id: '1', tax: 1 }, { id: 'bad', tax: null }, { tax: 1 }, { tax: null }],
      grid: [[{ again: null }, null], [{ again: 1 }]],
      me: { tax: 1, friend: { tax: null, details: [{ text: 'a' }, { text: null }, null] } },
    });
    const places = [
      ['people', 1],
      ['people', 3],
      ['grid', 0, 0],
      ['me', 'friend'],
    ];
    expect(blamed(answer, places)).toEqual(at(places));
    expect(
      blamed(answer, [
        ['people', 0],
        ['people', 2],
        ['grid', 1, 0],
      ]),
    ).toEqual([]);
  });

  it('is blamed under each alias of the field that leads to it', async () => {
    const { ask } = await serve({ people, crashing });
    const answer = await ask('{ a: me { friend { tax } } b: me { f: friend { tax } } }');
    expect(answer.data).toEqual({ a: { friend: { tax: null } }, b: { f: { tax: null } } });
    expect(
      blamed(answer, [
        ['a', 'friend'],
        ['b', 'f'],
      ]),
    ).toEqual(
      at([
        ['a', 'friend'],
        ['b', 'f'],
      ]),
    );
  });

  it('takes the place of a field that may not be null', async () => {
    const { ask } = await serve({ people, crashing });
    const answer = await ask('{ me { friend { sureTax } } }');
    expect(answer.data).toEqual({ me: { friend: null } });
    expect(blamed(answer, [['me', 'friend']])).toEqual(at([['me', 'friend']]));
  });
});

describe('a subgraph that answers with other than it was asked', () => {
  const silent = (change: (entities: unknown[]) => unknown[]): SmallSubgraph => ({
    ...crashing,
    resolvers: { Person: { __resolveReference: () => ({ tax: 1, sureTax: 1 }) } },
    answer: (_, { data }) => ({ data: { _entities: change((data as { _entities: unknown[] })._entities) } }),
  });

  it.each<[string, (entities: unknown[]) => unknown[]]>([
    ['too few entities', (entities) => entities.slice(1)],
    ['no entity', () => []],
    ['too many entities', (entities) => [...entities, ...entities]],
  ])('with %s is an error, and none of them is taken for another', async (_, change) => {
    const { ask } = await serve({ people, crashing: silent(change) });
    const answer = await ask('{ people { id tax } }');
    expect(answer.data).toEqual({ people: ['1', 'bad', '1', 'bad'].map((id) => ({ id, tax: null })) });
    expect(
      blamed(
        answer,
        [0, 1, 2, 3].map((n) => ['people', n]),
      ),
    ).toHaveLength(4);
  });

  it.each<[string, SmallSubgraph['answer'] & {}]>([
    ['errors without a path and no data', () => ({ errors: [{ message: 'out of order' }] })],
    ['errors and null data', () => ({ data: null, errors: [{ message: 'out of order', path: ['_entities'] }] })],
    ['a null list of entities', () => ({ data: { _entities: null }, errors: [{ message: 'out of order' }] })],
    ['nothing at all', () => ({})],
    ['null data and no error', () => ({ data: null })],
    ['a text', () => 'busy'],
    ['null', () => null],
    ['a list', () => []],
    ['entities that are no list', () => ({ data: { _entities: {} } })],
    ['entities that are no objects', () => ({ data: { _entities: ['x', 1] } })],
  ])('with %s costs its own fields, and the error says so', async (_, answer) => {
    const { ask } = await serve({ people, crashing: { ...crashing, answer } });
    const given: Answer = await ask('{ me { id tax } }');
    expect(given.data).toEqual({ me: { id: '1', tax: null } });
    expect(blamed(given, [['me']])).toEqual(at([['me']]));
  });

  it('with an entity that is null answers null, with an error only where null may not be', async () => {
    const gone: SmallSubgraph = { ...crashing, resolvers: { Person: { __resolveReference: () => null } } };
    const { ask } = await serve({ people, crashing: gone });
    expect(await ask('{ me { id tax } }')).toEqual({ data: { me: { id: '1', tax: null } } });
    const answer = await ask('{ me { id sureTax } }');
    expect(answer.data).toEqual({ me: null });
    expect(errorPaths(answer)).toEqual(at([['me', 'sureTax']]));
  });
});
