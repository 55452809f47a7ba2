import type { GraphDefinition, OpenedData } from './graph.ts';
import type { DataRecord } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const debits = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable"])
  type Query { entries(first: Int): [Entry!]! }
  type Mutation {
    debit(input: EntryInput!): Entry!
    refuse(why: String): Entry
    undo(ids: [ID!]): [Entry]
  }
  input EntryInput { text: String! = "none", amount: Int = 1, tags: [String!], nested: [EntryInput!] }
  type Entry @key(fields: "id") { id: ID! position: Int! text(upper: Boolean): String amount: Int }
`;

const credits = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable"])
  type Mutation { credit(text: String = "c", sum: Sum): Entry clear: Boolean! must(fail: Boolean!): Int! }
  enum Sum { SMALL LARGE }
  type Query { counts: Int }
  type Entry @key(fields: "id") { id: ID! length: Int legacyId: String by: Clerk }
  type Clerk @key(fields: "id") { id: ID! name: String }
`;

/** Mutations of two subgraphs on one book: each entry tells the position at which it was made. */
export const ledger: GraphDefinition = {
  name: 'ledger',
  subgraphs: { debits, credits },
  samples: { ids: [['e1'], ['e2', 'e1'], ['e9']] },
  open,
};

function open(): OpenedData {
  // Entries stay as they were made; what runs after a mutation then cannot see what a later one has done.
  let book: DataRecord[] = [];
  const add = (text: string | null, amount: number | null) => {
    const position = book.length + 1;
    const made = { __typename: 'Entry', id: `e${position}`, position, text, amount, legacyId: `old ${position}` };
    book.push(made);
    return made;
  };
  return {
    recordsOf: () => book,
    reset() {
      book = [];
    },
    resolvers: {
      Query: { entries: (_, { first }) => book.slice(0, first ?? undefined), counts: () => book.length },
      Mutation: {
        debit: (_, { input: { text, amount, tags, nested } }) =>
          add(`${text}${(tags ?? []).join('')}${(nested ?? []).map((one: { text: string }) => one.text)}`, amount),
        refuse: (_, { why }) => {
          add('refused', 0);
          throw new Error(`refused: ${why}`);
        },
        undo: (_, { ids }) => (ids ?? []).map((wanted: string) => book.find(({ id }) => id === wanted) ?? null),
        credit: (_, { text, sum }) => add(text, sum === 'LARGE' ? 1000 : null),
        clear: () => add('cleared', null) !== null,
        must: (_, { fail }) => {
          add('must', null);
          if (fail) throw new Error('must not fail');
          return book.length;
        },
      },
      Entry: {
        text: ({ text }, { upper }) => (upper ? String(text).toUpperCase() : text),
        length: ({ text }) => String(text).length,
        by: ({ position }) => (position % 2 ? { id: `k${position}`, name: 'Kim' } : null),
      },
    },
  };
}
