import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

const MEDIA = [
  { __typename: 'Book', id: '1', title: 'Sea', pages: 3 },
  { __typename: 'Film', id: '2', title: 'Sky', minutes: 90 },
];

const library: SmallSubgraph = {
  sdl: `
    type Query { media: [Media!]! paged: [Paged] }
    interface Media @key(fields: "id") { id: ID! title: String! }
    interface Paged { pages: Int! }
    type Book implements Media & Paged @key(fields: "id") { id: ID! title: String! pages: Int! }
    type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int }
  `,
  resolvers: {
    Query: { media: () => MEDIA, paged: () => [MEDIA[0]] },
    Media: { __resolveReference: ({ id }: { id: string }) => MEDIA.find((one) => one.id === id) ?? null },
    Book: { __resolveReference: ({ id }: { id: string }) => MEDIA.find((one) => one.id === id) ?? null },
    Film: { __resolveReference: ({ id }: { id: string }) => MEDIA.find((one) => one.id === id) ?? null },
  },
};
const ratings: SmallSubgraph = {
  sdl: `
    type Query { best: Media sure: Media! lost: Media top: [Media] }
    type Media @key(fields: "id") @interfaceObject { id: ID! score: Int }
  `,
  resolvers: {
    Query: {
      best: () => ({ id: '1' }),
      sure: () => ({ id: 'gone' }),
      lost: () => ({ id: 'gone' }),
      top: () => [{ id: '2' }, { id: 'gone' }, null],
    },
    Media: {
      __resolveReference: (sent: { id: string }) => sent,
      score: ({ id }) => (id === 'gone' ? 0 : Number(id) * 10),
    },
  },
};

describe('an interface object', () => {
  it.each([
    ['its type', '{ best { __typename id score } }', { best: { __typename: 'Book', id: '1', score: 10 } }],
    ['fields of the interface', '{ best { title score } }', { best: { title: 'Sea', score: 10 } }],
    ['fields of its type', '{ best { ... on Book { pages } ... on Film { minutes } } }', { best: { pages: 3 } }],
    ['a fragment of another interface', '{ best { ... on Paged { pages } } }', { best: { pages: 3 } }],
    ['only what it knows itself', '{ best { id score } }', { best: { id: '1', score: 10 } }],
  ])('shows %s', async (_, query, data) => {
    const { ask } = await serve({ library, ratings });
    expect(await ask(query)).toEqual({ data });
  });

  it.each([
    '{ media { ... on Film { __typename score } } }',
    '{ media { ... on Film { score __typename } } }',
    '{ media { ... on Film { score } ... on Film { __typename } } }',
  ])('does not take the type’s name from what it is extended with: %s', async (query) => {
    const { ask } = await serve({ library, ratings });
    expect(await ask(query)).toEqual({ data: { media: [{}, { __typename: 'Film', score: 20 }] } });
  });

  it('is extended for each of its types', async () => {
    const { ask } = await serve({ library, ratings });
    expect(
      await ask('{ media { type: __typename score ... on Book { pages } } paged { ... on Book { score } } }'),
    ).toEqual({
      data: {
        media: [
          { type: 'Book', score: 10, pages: 3 },
          { type: 'Film', score: 20 },
        ],
        paged: [{ score: 10 }],
      },
    });
  });
});

describe('an interface object that no subgraph can resolve', () => {
  it.each([
    '{ lost { __typename } }',
    '{ lost { title } }',
    '{ lost { ... on Book { pages } } }',
    '{ lost { id __typename score } }',
  ])('is null with an error: %s', async (query) => {
    const { ask } = await serve({ library, ratings });
    const { data, errors } = await ask(query);
    expect(data).toEqual({ lost: null });
    expect(errors?.map(({ path }) => path?.[0])).toContain('lost');
  });

  it('takes the place where it must not be null with it', async () => {
    const { ask } = await serve({ library, ratings });
    const { data, errors } = await ask('{ sure { __typename title } best { id } }');
    expect(data).toBeNull();
    expect(errors?.map(({ path }) => path?.[0])).toContain('sure');
  });

  it.each(['Person', 'Media', 'Nothing', 7])('and that is given the type %s is null with an error', async (type) => {
    const astray: SmallSubgraph = {
      ...library,
      answer: () => ({ data: { _entities: [{ __typename: type, title: 'x' }] } }),
    };
    const { ask } = await serve({ library: astray, ratings });
    const { data, errors } = await ask('{ lost { __typename title } }');
    expect(data).toEqual({ lost: null });
    expect(errors?.map(({ path }) => path?.[0])).toContain('lost');
  });

  it('is the only null of a list', async () => {
    const { ask } = await serve({ library, ratings });
    const { data, errors } = await ask('{ top { __typename } }');
    expect(data).toEqual({ top: [{ __typename: 'Film' }, null, null] });
    expect(errors?.map(({ path }) => path?.slice(0, 2))).toEqual([['top', 1]]);
  });
});
