import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

/** Computes a field from what it was sent, so that an answer shows it. */
const sent = (field: string) => (source: Record<string, unknown>) => JSON.stringify(source[field]);
const itself = (source: unknown) => source;

describe('fields that require one field with different arguments', () => {
  it('are right when it stands inside another', async () => {
    const { ask, asked } = await serve({
      parcels: {
        sdl: `
          type Query { parcel: Parcel }
          type Parcel @key(fields: "id") { id: ID! land: Land }
          type Land @shareable { area(in: String): Area }
          type Area @shareable { value: Int unit: String }
        `,
        resolvers: {
          Query: { parcel: () => ({ id: 'p', land: {} }) },
          Land: { area: (_, { in: unit }) => ({ value: unit === 'mu' ? 15 : 1, unit }) },
        },
      },
      taxes: {
        sdl: `
          type Parcel @key(fields: "id") {
            id: ID!
            land: Land @external
            inMu: String @requires(fields: "land { area(in: \\"mu\\") { value } }")
            inHectares: String @requires(fields: "land { area(in: \\"ha\\") { value } }")
            alsoInMu: String @requires(fields: "land { area(in: \\"mu\\") { value } }")
            double(of: Int): Int
          }
          type Land @shareable { area(in: String): Area @external }
          type Area @shareable { value: Int unit: String }
        `,
        resolvers: {
          Parcel: {
            __resolveReference: itself,
            inMu: sent('land'),
            inHectares: sent('land'),
            alsoInMu: sent('land'),
            double: (_, { of }) => 2 * of,
          },
        },
      },
    });
    const query = `query ($of: Int) {
      parcel { inMu inHectares alsoInMu double(of: $of) land { area(in: "m2") { unit } } }
    }`;
    expect(await ask(query, { of: 21 })).toEqual({
      data: {
        parcel: {
          inMu: '{"area":{"value":15}}',
          inHectares: '{"area":{"value":1}}',
          alsoInMu: '{"area":{"value":15}}',
          double: 42,
          land: { area: { unit: 'm2' } },
        },
      },
    });
    // Those that need the same go together.
    expect(asked.filter(({ subgraph }) => subgraph === 'taxes')).toHaveLength(2);
  });

  it('are right when each is required of another type', async () => {
    const { ask, asked } = await serve({
      files: {
        sdl: `
          type Query { folder: Folder }
          type Folder @key(fields: "id") { id: ID! items: [Item] }
          union Item = Text | Scan
          type Text @shareable { preview(size: Int): String }
          type Scan @shareable { preview(size: Int): String }
        `,
        resolvers: {
          Query: { folder: () => ({ id: 'f', items: [{ __typename: 'Text' }, { __typename: 'Scan' }] }) },
          Text: { preview: (_, { size }) => `text ${size}` },
          Scan: { preview: (_, { size }) => `scan ${size}` },
        },
      },
      covers: {
        sdl: `
          type Folder @key(fields: "id") {
            id: ID!
            items: [Item] @external
            texts: String @requires(fields: "items { ... on Text { preview(size: 1) } }")
            scans: String @requires(fields: "items { ... on Scan { preview(size: 2) } }")
          }
          union Item = Text | Scan
          type Text @shareable { preview(size: Int): String @external }
          type Scan @shareable { preview(size: Int): String @external }
        `,
        resolvers: { Folder: { __resolveReference: itself, texts: sent('items'), scans: sent('items') } },
      },
    });
    const both = '[{"preview":"text 1"},{"preview":"scan 2"}]';
    expect(await ask('{ folder { texts scans } }')).toEqual({ data: { folder: { texts: both, scans: both } } });
    expect(asked.filter(({ subgraph }) => subgraph === 'covers')).toHaveLength(1);
  });

  it('are right on an interface object', async () => {
    const titled = (_: unknown, { lang }: { lang: string }) => `title in ${lang}`;
    const library: SmallSubgraph = {
      sdl: `
        type Query { media: [Media] }
        interface Media @key(fields: "id") { id: ID! title(lang: String): String }
        type Book implements Media @key(fields: "id") { id: ID! title(lang: String): String }
        type Film implements Media @key(fields: "id") { id: ID! title(lang: String): String }
      `,
      resolvers: {
        Query: {
          media: () => [
            { __typename: 'Book', id: 'b' },
            { __typename: 'Film', id: 'f' },
          ],
        },
        Book: { title: titled },
        Film: { title: titled },
      },
    };
    const blurbs: SmallSubgraph = {
      sdl: `
        type Media @key(fields: "id") @interfaceObject {
          id: ID!
          title(lang: String): String @external
          french: String @requires(fields: "title(lang: \\"fr\\")")
          german: String @requires(fields: "title(lang: \\"de\\")")
        }
      `,
      resolvers: { Media: { __resolveReference: itself, french: sent('title'), german: sent('title') } },
    };
    const { ask } = await serve({ library, blurbs });
    const [french, german] = ['"title in fr"', '"title in de"'];
    expect(await ask('{ media { french german } }')).toEqual({
      data: {
        media: [
          { french, german },
          { french, german },
        ],
      },
    });
    expect(await ask('{ media { ... on Book { french } ... on Film { german french } } }')).toEqual({
      data: { media: [{ french }, { german, french }] },
    });
  });

  it('are right when it requires another with arguments itself', async () => {
    const { ask } = await serve({
      first: {
        sdl: 'type Query { p: P } type P @key(fields: "id") { id: ID! a(n: Int): Int }',
        resolvers: { Query: { p: () => ({ id: 'p' }) }, P: { a: (_, { n }) => n } },
      },
      second: {
        sdl: `type P @key(fields: "id") {
          id: ID! a(n: Int): Int @external b(times: Int): Int @requires(fields: "a(n: 7)")
        }`,
        resolvers: { P: { __resolveReference: itself, b: ({ a }, { times }) => a * times } },
      },
      third: {
        sdl: `type P @key(fields: "id") {
          id: ID!
          b(times: Int): Int @external
          tens: Int @requires(fields: "b(times: 10)")
          hundreds: Int @requires(fields: "b(times: 100)")
        }`,
        resolvers: { P: { __resolveReference: itself, tens: ({ b }) => b, hundreds: ({ b }) => b } },
      },
    });
    expect(await ask('{ p { tens hundreds b(times: 2) a(n: 1) } }')).toEqual({
      data: { p: { tens: 70, hundreds: 700, b: 14, a: 1 } },
    });
  });

  it('are refused by name when one of them needs both', async () => {
    const { ask } = await serve({
      files: {
        sdl: `
          type Query { folder: Folder }
          type Folder @key(fields: "id") { id: ID! item: Item }
          interface Item { preview(size: Int): String }
          type Text implements Item @shareable { preview(size: Int): String }
          type Scan implements Item @shareable { preview(size: Int): String }
        `,
        resolvers: {
          Query: { folder: () => ({ id: 'f', item: { __typename: 'Text' } }) },
          Text: { preview: (_, { size }) => `text ${size}` },
          Scan: { preview: (_, { size }) => `scan ${size}` },
        },
      },
      covers: {
        sdl: `
          type Folder @key(fields: "id") {
            id: ID!
            item: Item @external
            small: String @requires(fields: "item { preview(size: 1) }")
            large: String @requires(fields: "item { preview(size: 2) }")
            mixed: String @requires(fields: "item { ... on Text { preview(size: 1) } ... on Scan { preview(size: 2) } }")
          }
          interface Item { preview(size: Int): String }
          type Text implements Item @shareable { preview(size: Int): String @external }
          type Scan implements Item @shareable { preview(size: Int): String @external }
        `,
        resolvers: { Folder: { __resolveReference: itself, small: sent('item'), large: sent('item') } },
      },
    });
    expect(await ask('{ folder { small large } }')).toEqual({
      data: { folder: { small: '{"preview":"text 1"}', large: '{"preview":"text 2"}' } },
    });
    expect(await ask('{ folder { mixed small large } }')).toEqual({
      errors: [
        {
          message: expect.stringMatching(
            /Folder\.mixed.*Folder\.small.*Folder\.large.*item\.preview\(size: \d\) and item\.preview\(size: \d\)/,
          ),
        },
      ],
    });
  });

  it('is told by its own name when nobody gives it', async () => {
    const { ask } = await serve({
      posts: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! likes(of: Int): Int }',
        resolvers: { Query: { post: () => ({ id: 'p' }) } },
        answer: () => ({ data: { post: { __typename: 'Post', id: 'p' } } }),
      },
      ranks: {
        sdl: `type Post @key(fields: "id") {
          id: ID! likes(of: Int): Int @external rank: Int @requires(fields: "likes(of: 1)") other: Int
        }`,
        resolvers: { Post: { __resolveReference: itself, rank: ({ likes }) => likes, other: () => 1 } },
      },
    });
    expect(await ask('{ post { rank other } }')).toMatchObject({
      data: { post: { rank: null, other: 1 } },
      errors: [{ path: ['post', 'rank'], message: expect.stringContaining('No subgraph gave likes') }],
    });
  });
});

describe('arguments that come from above', () => {
  it('are right when they read one field with different arguments', async () => {
    const { ask } = await serve({
      offices: {
        sdl: `
          type Query { office: Office }
          type Office @key(fields: "id") @context(name: "office") { id: ID! desk: Desk name(lang: String): String }
          type Desk @key(fields: "id") {
            id: ID!
            english(of: String @fromContext(field: "$office { name(lang: \\"en\\") }")): String
            chinese(of: String @fromContext(field: "$office { name(lang: \\"zh\\") }")): String
          }
        `,
        resolvers: {
          Query: { office: () => ({ id: 'o', desk: { id: 'd' } }) },
          Office: { name: (_, { lang }) => `name in ${lang}` },
          Desk: { __resolveReference: itself, english: (_, { of }) => of, chinese: (_, { of }) => of },
        },
      },
      others: { sdl: 'type Query { other: Int } type Desk @key(fields: "id") { id: ID! }' },
    });
    expect(await ask('{ office { desk { english chinese } name(lang: "fr") } }')).toEqual({
      data: { office: { desk: { english: 'name in en', chinese: 'name in zh' }, name: 'name in fr' } },
    });
  });
});

describe('a supergraph with fields that are required with arguments', () => {
  it('shows clients none of the names under which they are planned', async () => {
    const { ask } = await serve({
      posts: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! likes(of: Int): Int }',
        resolvers: { Query: { post: () => ({ id: 'p' }) }, Post: { likes: (_, { of }) => of } },
      },
      ranks: {
        sdl: `type Post @key(fields: "id") {
          id: ID! likes(of: Int): Int @external rank: Int @requires(fields: "likes(of: 1)")
        }`,
        resolvers: { Post: { __resolveReference: itself, rank: ({ likes }) => likes } },
      },
    });
    expect(await ask('{ post { rank } }')).toEqual({ data: { post: { rank: 1 } } });
    expect(await ask('{ post { _r1_likes } }')).toMatchObject({ errors: [{}] });
    const { data } = await ask('{ __type(name: "Post") { fields { name } } }');
    expect(data).toEqual({ __type: { fields: [{ name: 'id' }, { name: 'likes' }, { name: 'rank' }] } });
  });
});
