import type { Request } from './client.ts';

/** A source of requests: its nth. All are distinct in what they ask or in their variables. */
type Template = (n: number) => Request;

const id = (n: number) => String((n % 40) + 1);

/** Requests of every kind that a client may mix: whole ones, ones with errors in some fields, ones that are refused. */
const TEMPLATES: readonly Template[] = [
  (n) => ({ query: 'query ($id: ID!) { book(id: $id) { title rating copies } }', variables: { id: id(n) } }),
  (n) => ({ query: `{ book(id: ${id(n)}) { weight author { name borrowed books { title copies } } } }` }),
  (n) => ({
    query:
      'query ($first: Int, $after: Int) { books(first: $first, after: $after) { id reviews { text stars book { id title } } } }',
    variables: { first: (n % 9) + 1, after: n % 31 },
  }),
  (n) => ({
    query: `query ($skip: Boolean!, $include: Boolean!) {
      book(id: ${id(n)}) {
        title @skip(if: $skip)
        ...F @include(if: $include)
        author @skip(if: $include) { name ... @skip(if: $skip) { borrowed } }
      }
    }
    fragment F on Book { rating copies @skip(if: $skip) reviews(limit: 1) { text } }`,
    variables: { skip: n % 2 === 0, include: n % 3 === 0 },
  }),
  (n) => ({
    query: `query ($word: String!) {
      search(word: $word) { __typename ... on Book { title seal } ... on Author { name borrowed } }
      items { __typename id title ... on Film { minutes } ... on Book { rating } }
    }`,
    variables: { word: 'w'.repeat(n % 11) },
  }),
  (n) => ({ query: 'query ($text: String!) { echo(text: $text) branch mark }', variables: { text: `text ${n}` } }),
  (n) => ({
    query: 'query One { a: book(id: 1) { copies } } query Two { b: book(id: 2) { stamp } }',
    operationName: n % 2 === 0 ? 'One' : 'Two',
  }),
  (n) => ({
    query: 'mutation ($book: ID!, $reader: String!) { borrow(book: $book, reader: $reader) }',
    variables: { book: id(n), reader: `reader ${n}` },
  }),
  (n) => ({
    query: `mutation ($text: String!) {
      addReview(book: ${id(n)}, text: $text) { text stars book { title weight } }
      borrow(book: ${id(n)}, reader: $text)
      renameBook(id: ${id(n)}, title: $text) { title rating }
    }`,
    variables: { text: `said ${n}` },
  }),
  (n) => ({ query: `{ shelf(row: { number: ${n} }) again: shelf(row: { number: ${n}, side: RIGHT }) }` }),
  // Errors in some fields: the reviews of every fifth book.
  (n) => ({
    query: `{ books(first: 6, after: ${n % 20}) { title reviews(limit: 1) { text } notes } latestReview { stars } }`,
  }),
  (n) => ({ query: `{ missing: book(id: ${99 + n}) { title rating } mark }` }),
  // Refused: no such field, no such value, a variable that does not fit, text that is no document, no such operation.
  (n) => ({ query: `{ book(id: ${n}) { title prize } }` }),
  (n) => ({ query: `{ shelf(row: { number: ${n}, side: MIDDLE }) }` }),
  (n) => ({ query: 'query ($first: Int) { books(first: $first) { id } }', variables: { first: `${n} or so` } }),
  (n) => ({ query: `{ book(id: ${n}) { title ` }),
  () => ({ query: 'query A { mark }', operationName: 'B' }),
];

/** The first `count` requests of the mix. */
export function mixedRequests(count: number): readonly Request[] {
  return Array.from({ length: count }, (_, n) => (TEMPLATES[n % TEMPLATES.length] as Template)(n));
}
