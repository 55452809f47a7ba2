import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';

/** The subgraphs of the library, a graph that knows no department. */
export const SUBGRAPHS = ['books', 'reviews', 'loans'] as const;

export type SubgraphName = (typeof SUBGRAPHS)[number];

/**
 * Which subgraph the supergraph asks for `mark`, `seal` and `stamp`. Both hold them and answer their own name, so that an answer
 * tells by which generation it was planned; `sealedByReviews` or `sealedByLoans` tells it to introspection.
 */
export type Generation = 'reviews' | 'loans';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])`;

const BOOKS = `${LINK}
  type Query {
    book(id: ID!): Book
    books(first: Int = 3, after: Int = 0): [Book!]!
    search(word: String!): [Found!]!
    items: [Item!]!
    echo(text: String!): String
    shelf(row: ShelfRow!): String
  }
  type Mutation { renameBook(id: ID!, title: String!): Book }
  input ShelfRow { number: Int! side: Side = LEFT }
  enum Side { LEFT RIGHT }
  union Found = Book | Author
  interface Item { id: ID! title: String! }
  type Film implements Item @key(fields: "id") { id: ID! title: String! minutes: Int! }
  type Book implements Item @key(fields: "id") { id: ID! title: String! pages: Int author: Author notes: [[String]] }
  type Author @key(fields: "id") { id: ID! name: String! books: [Book!]! }
`;

const MOVING_ROOT = 'mark: String';
const MOVING_BOOK = 'seal: String stamp: String';

const reviews = (moving: boolean) => `${LINK}
  type Query { latestReview: Review ${moving ? MOVING_ROOT : ''} }
  type Mutation { addReview(book: ID!, text: String!): Review }
  type Book @key(fields: "id") {
    id: ID!
    reviews(limit: Int = 2): [Review!]
    rating: Float
    ${moving ? `${MOVING_BOOK} sealedByReviews: String` : ''}
  }
  type Review { text: String! stars: Int! book: Book! }
`;

const loans = (moving: boolean) => `${LINK}
  type Query { branch: String ${moving ? MOVING_ROOT : ''} }
  type Mutation { borrow(book: ID!, reader: String!): String }
  type Book @key(fields: "id") {
    id: ID!
    pages: Int @external
    weight: Int @requires(fields: "pages")
    copies: Int
    ${moving ? `${MOVING_BOOK} sealedByLoans: String` : ''}
  }
  type Author @key(fields: "id") { id: ID! borrowed: Int }
`;

/** The SDL from which a generation of the supergraph is composed. */
export function composedSdl(generation: Generation): Record<SubgraphName, string> {
  return { books: BOOKS, reviews: reviews(generation === 'reviews'), loans: loans(generation === 'loans') };
}

/** What the subgraphs really serve: all of it, whatever the supergraph in service asks of them. */
export function servedSchemas(): Record<SubgraphName, GraphQLSchema> {
  return {
    books: buildSubgraphSchema([{ typeDefs: parse(BOOKS), resolvers: bookResolvers }]),
    reviews: buildSubgraphSchema([{ typeDefs: parse(reviews(true)), resolvers: reviewResolvers }]),
    loans: buildSubgraphSchema([{ typeDefs: parse(loans(true)), resolvers: loanResolvers }]),
  };
}

interface Key {
  readonly id: string;
}

/** Books are numbered; 99 and above do not exist. */
const book = (id: string) =>
  Number(id) < 99
    ? { __typename: 'Book', id, title: `Book ${id}`, pages: Number(id) * 100, author: author(String(Number(id) % 5)) }
    : null;
const author = (id: string) => ({ __typename: 'Author', id, name: `Author ${id}` });
const film = (id: string) => ({ __typename: 'Film', id, title: `Film ${id}`, minutes: Number(id) + 60 });
const range = (first: number, after = 0) => Array.from({ length: first }, (_, index) => String(after + index + 1));

const bookResolvers = {
  Query: {
    book: (_: unknown, { id }: Key) => book(id),
    books: (_: unknown, { first, after }: { first: number; after: number }) => range(first, after).map(book),
    search: (_: unknown, { word }: { word: string }) =>
      range(word.length % 7).map((id) => (Number(id) % 2 ? book(id) : author(id))),
    items: () => [book('1'), film('2'), book('3')],
    echo: (_: unknown, { text }: { text: string }) => text,
    shelf: (_: unknown, { row }: { row: { number: number; side: string } }) => `${row.number} ${row.side}`,
  },
  Mutation: {
    renameBook: (_: unknown, { id, title }: { id: string; title: string }) => ({ ...book(id), title }),
  },
  Film: { __resolveReference: ({ id }: Key) => film(id) },
  Book: {
    __resolveReference: ({ id }: Key) => book(id),
    notes: ({ id }: Key) => [[`note ${id}`, null], [], null],
  },
  Author: {
    __resolveReference: ({ id }: Key) => author(id),
    books: ({ id }: Key) => [book(id), book(String(Number(id) + 5))],
  },
};

const review = (id: string, index: number) => ({
  text: `Review ${index} of ${id}`,
  stars: (index % 5) + 1,
  book: { id },
});

const reviewResolvers = {
  Query: { latestReview: () => review('4', 1), mark: () => 'reviews' },
  Mutation: {
    addReview: (_: unknown, { book, text }: { book: string; text: string }) => ({ text, stars: 3, book: { id: book } }),
  },
  Book: {
    __resolveReference: ({ id }: Key) => ({ id }),
    // Reviews of every fifth book cannot be read.
    reviews: ({ id }: Key, { limit }: { limit: number }) => {
      if (Number(id) % 5 === 0) throw new GraphQLError(`no reviews of ${id}`, { extensions: { code: 'NOT_FOUND' } });
      return range(limit).map((index) => review(id, Number(index)));
    },
    rating: ({ id }: Key) => Number(id) + 0.5,
    seal: () => 'reviews',
    stamp: () => 'reviews',
    sealedByReviews: () => 'reviews',
  },
};

const loanResolvers = {
  Query: { branch: () => 'main street', mark: () => 'loans' },
  Mutation: {
    borrow: (_: unknown, { book, reader }: { book: string; reader: string }) => `${reader} has ${book}`,
  },
  Book: {
    __resolveReference: (key: Key & { pages?: number }) => key,
    weight: ({ pages }: { pages: number }) => pages * 2,
    copies: ({ id }: Key) => Number(id) * 3,
    seal: () => 'loans',
    stamp: () => 'loans',
    sealedByLoans: () => 'loans',
  },
  Author: { __resolveReference: ({ id }: Key) => ({ id }), borrowed: ({ id }: Key) => Number(id) * 7 },
};
