import type { GraphDefinition, OpenedData } from './graph.ts';
import { type DataRecord, required } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const library = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable"])
  scalar BigInt
  enum Lang { EN FR }
  type Query {
    media(first: Int): [Media!]!
    medium(id: ID!): Media
    find(text: String): [Found]
    shelves: [[Media]]
    paged: [Paged]
    creators: [Creator!]
  }
  interface Media @key(fields: "id") { id: ID! title(lang: Lang = EN): String! creator: Creator }
  interface Paged { pages: Int! }
  interface Creator { name: String! }
  interface Named { name: String! }
  union Found = Book | Film | Person
  type Book implements Media & Paged @key(fields: "id") {
    id: ID! title(lang: Lang = EN): String! creator: Creator pages: Int! isbn: BigInt part(n: Int = 1): String
  }
  type Film implements Media @key(fields: "id") {
    id: ID! title(lang: Lang = EN): String! creator: Creator minutes: Int sequel: Film part(n: Int = 1): String
  }
  type Album implements Media & Paged @key(fields: "id") {
    id: ID! title(lang: Lang = EN): String! creator: Creator pages: Int! tracks: [[String]]
  }
  type Person implements Creator & Named @key(fields: "id") { id: ID! name: String! works: [Media!] rival: Named }
  type Band implements Creator { name: String! founded: Int members: [Person] }
`;

const ratings = `
  extend schema @link(url: "${LINK}", import: ["@key", "@interfaceObject", "@external", "@requires"])
  enum Lang { EN FR }
  type Query { best: Media! top(first: Int = 2): [Media] notes: [Note!] }
  type Media @key(fields: "id") @interfaceObject {
    id: ID!
    title(lang: Lang = EN): String! @external
    score(scale: Int = 10): Float
    notes(first: Int = 2): [Note!]!
    blurb: String @requires(fields: "title(lang: FR)")
  }
  type Note { text: String by: Person media: Media }
  type Person @key(fields: "id") { id: ID! notes: [Note] }
`;

const cinema = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable", "@external", "@requires"])
  type Query { showing: [Found] named: [Named] cinema(id: ID!): Cinema }
  interface Named { name: String! }
  interface Place { name: String! city: String }
  union Found = Film | Person | Cinema
  interface Creator { name: String! }
  type Cinema implements Named & Place @key(fields: "id") { id: ID! name: String! city: String found: [Found!] films: [Film] }
  type Film @key(fields: "id") {
    id: ID!
    creator: Creator @external
    poster: String @requires(fields: "creator { name ... on Band { founded } }")
    shownAt: [Cinema!]
    duration: Int
  }
  type Person implements Creator @key(fields: "id") { id: ID! name: String! @external roles: [Film] }
  type Band implements Creator { name: String! @external founded: Int @external }
`;

const PEOPLE: readonly DataRecord[] = [
  { __typename: 'Person', id: 'u1', name: 'Ida', works: ['m1', 'm2'], rival: 'u2', roles: ['m2', 'm5'] },
  { __typename: 'Person', id: 'u2', name: 'Jo', works: [], rival: null, roles: null },
];
const BAND: DataRecord = { __typename: 'Band', name: 'Rust', founded: 1991, members: ['u2', 'u9'] };

const MEDIA: readonly DataRecord[] = [
  { __typename: 'Book', id: 'm1', title: 'Sea', creator: 'u1', pages: 300, isbn: '9789999999999999999', score: 7.5 },
  { __typename: 'Film', id: 'm2', title: 'Sky', creator: 'u1', minutes: 90, sequel: 'm5', score: 1e21, duration: 95 },
  { __typename: 'Album', id: 'm3', title: 'Mud', creator: 'band', pages: 4, tracks: [['a', null], null], score: null },
  { __typename: 'Book', id: 'm4', title: 'Ash', creator: null, pages: 0, isbn: 9007199254740991, score: 0.1 },
  { __typename: 'Film', id: 'm5', title: 'Sky 2', creator: 'band', minutes: null, sequel: null, score: 3 },
];
const NOTES = [
  { text: 'wet', by: 'u1', media: 'm1' },
  { text: null, by: 'u2', media: 'm2' },
  { text: 'loud', by: null, media: 'm3' },
  { text: 'again', by: 'u1', media: 'm1' },
  { text: 'more', by: 'u2', media: 'm1' },
];
const CINEMAS: readonly DataRecord[] = [
  { __typename: 'Cinema', id: 'c1', name: 'Rex', city: 'Oslo', films: ['m2', 'm5'] },
  { __typename: 'Cinema', id: 'c2', name: 'Ida', city: null, films: ['m2', 'none'] },
];

/** Interfaces and unions whose members differ by subgraph, an entity interface and its interface object, `@requires` over an interface. */
export const media: GraphDefinition = {
  name: 'media',
  subgraphs: { library, ratings, cinema },
  samples: { id: ['m1', 'm2', 'm3', 'c1', 'c2', 'none'], text: ['S', 'a', ''] },
  open,
};

function open(): OpenedData {
  const all = [...MEDIA, ...PEOPLE, ...CINEMAS];
  const recordsOf = (typename: string) =>
    typename === 'Media' ? MEDIA : all.filter((record) => record.__typename === typename);
  const find = (id: unknown) => (id === 'band' ? BAND : (all.find((record) => record.id === id) ?? null));
  const finds = (ids: readonly string[]) => ids.map(find);
  const first = <T>(list: readonly T[], count: number | null | undefined) => list.slice(0, count ?? undefined);
  const titled = (title: string, lang: string | null) => (lang === 'FR' ? `le ${title}` : title);
  const poster = (creator: DataRecord | null) => creator && `${creator.name} ${creator.founded ?? ''}`;
  return {
    recordsOf,
    resolvers: {
      Query: {
        media: (_, { first: count }) => first(MEDIA, count),
        medium: (_, { id }) => MEDIA.find((one) => one.id === id) ?? null,
        find: (_, { text }) => [
          ...all.filter((one) => one.__typename !== 'Cinema' && one.__typename !== 'Album' && has(one, text)),
          null,
        ],
        shelves: () => [[MEDIA[0], null, MEDIA[1]], null, [], [MEDIA[2], MEDIA[0]]],
        paged: () => [MEDIA[2], MEDIA[0], null],
        creators: () => [PEOPLE[0], BAND, PEOPLE[1]],
        best: () => MEDIA[0],
        top: (_, { first: count }) => first([MEDIA[1], null, MEDIA[2], MEDIA[1]], count),
        notes: () => NOTES,
        showing: () => [MEDIA[1], CINEMAS[0], PEOPLE[0], null, MEDIA[4]],
        named: () => [CINEMAS[0], null, CINEMAS[1]],
        cinema: (_, { id }) => CINEMAS.find((one) => one.id === id) ?? null,
      },
      Media: {
        title: ({ title }, { lang }) => titled(title, lang),
        creator: ({ creator }) => find(creator),
        score: ({ score }, { scale }) => (score === null ? null : (score * (scale ?? 10)) / 10),
        notes: ({ id }, { first: count }) =>
          first(
            NOTES.filter((note) => note.media === id),
            count,
          ),
        blurb: ({ title }) => `${titled(title, 'FR')}…`,
      },
      Book: { part: ({ title }, { n }) => `${title}/${n}` },
      Film: {
        part: ({ title }, { n }) => `${title}#${n}`,
        sequel: ({ sequel }) => find(sequel),
        poster: ({ creator }) => poster(find(creator)),
        shownAt: ({ id }) => CINEMAS.filter(({ films }) => (films as string[]).includes(id)),
      },
      Person: {
        works: ({ works }) => finds(works),
        rival: ({ rival }) => find(rival),
        notes: ({ id }) => [...NOTES.filter((note) => note.by === id), null],
        roles: ({ roles }) => roles && finds(roles),
      },
      Band: { members: ({ members }) => finds(members) },
      Note: { by: ({ by }) => find(by), media: ({ media: id }) => find(id) },
      Cinema: {
        found: ({ films }) => [...finds(films).filter((film) => film), PEOPLE[1], CINEMAS[0]],
        films: ({ films }) => finds(films),
      },
    },
    inSubgraph: {
      ratings: { Media: { blurb: (medium) => `${required(medium, 'title')}…` } },
      cinema: { Film: { poster: (film) => poster(required(film, 'creator')) } },
    },
  };
}

function has({ title, name }: DataRecord, text: string | null): boolean {
  return String(title ?? name).includes(text ?? '');
}
