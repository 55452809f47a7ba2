import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningGateway } from '../../gateway/serving.ts';
import { ACCEPT, type AnswerInParts, askInParts } from './incremental/client.ts';
import { MergedAnswer } from './incremental/merged.ts';
import type { Part } from './incremental/reader.ts';
import { ask } from './live/client.ts';
import { type Library, openLibrary, startLibraryGateway } from './live/library.ts';
import type { HttpAnswer } from './live/subgraph-server.ts';

let library: Library;
let gateway: RunningGateway | undefined;

beforeEach(async () => {
  library = await openLibrary();
});

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  await library.close();
});

async function start(settings: Readonly<Record<string, unknown>> = {}): Promise<string> {
  gateway = await startLibraryGateway(library, settings);
  return gateway.url;
}

/** Asks, and puts the parts together. */
async function merged(url: string, query: string, variables: Record<string, unknown> = {}): Promise<MergedAnswer> {
  return MergedAnswer.of(await parts(url, query, variables));
}

async function parts(url: string, query: string, variables: Record<string, unknown> = {}): Promise<Part[]> {
  return (await askInParts(url, { query, variables })).rest();
}

const BOOK = '{ book(id: 1) { title ... @defer(label: "stars") { rating } ... @defer(label: "stock") { copies } } }';
const WHOLE = { book: { title: 'Book 1', rating: 1.5, copies: 3 } };

describe('a deferred fragment', () => {
  it('comes after the rest, each as soon as its subgraph has answered', async () => {
    const url = await start();
    const releaseReviews = library.subgraphs.reviews.hold();
    const releaseLoans = library.subgraphs.loans.hold();
    const answer = await askInParts(url, { query: BOOK });
    expect({ status: answer.status, type: answer.type }).toEqual({
      status: 200,
      type: 'multipart/mixed; boundary="-"',
    });
    expect(await answer.next()).toEqual({
      data: { book: { title: 'Book 1' } },
      pending: [
        { id: '0', path: ['book'], label: 'stars' },
        { id: '1', path: ['book'], label: 'stock' },
      ],
      hasNext: true,
    });
    releaseLoans();
    expect(await answer.next()).toEqual({
      incremental: [{ id: '1', data: { copies: 3 } }],
      completed: [{ id: '1' }],
      hasNext: true,
    });
    releaseReviews();
    expect(await answer.rest()).toEqual([
      { incremental: [{ id: '0', data: { rating: 1.5 } }], completed: [{ id: '0' }], hasNext: false },
    ]);
  });

  it('comes in the words of 2022 to a client that asks for them', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    const answer = await askInParts(url, { query: BOOK }, { accept: ACCEPT.of2022 });
    expect(answer.type).toBe('multipart/mixed; boundary="-"');
    expect(await answer.next()).toEqual({ data: { book: { title: 'Book 1' } }, hasNext: true });
    expect(await answer.next()).toEqual({
      incremental: [{ data: { copies: 3 }, path: ['book'], label: 'stock' }],
      hasNext: true,
    });
    release();
    expect(await answer.rest()).toEqual([
      { incremental: [{ data: { rating: 1.5 }, path: ['book'], label: 'stars' }], hasNext: false },
    ]);
  });

  it.each([
    ['multipart/mixed;incrementalSpec=v0.1', 'path'],
    ['multipart/mixed;incrementalSpec=v0.2', 'id'],
    ['multipart/mixed', 'id'],
  ])('comes to a client that says %s in the words that it reads', async (accept, member) => {
    const [, later] = await (await askInParts(await start(), { query: BOOK }, { accept })).rest();
    expect(Object.keys(later?.incremental?.[0] ?? {})).toContain(member);
  });

  it('comes as server-sent events', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    const answer = await askInParts(url, { query: BOOK }, { accept: ACCEPT.events });
    expect(answer.type).toContain('text/event-stream');
    expect(await answer.next()).toMatchObject({ data: { book: { title: 'Book 1' } }, hasNext: true });
    expect(await answer.next()).toMatchObject({ incremental: [{ id: '1', data: { copies: 3 } }] });
    release();
    expect(await answer.rest()).toMatchObject([{ incremental: [{ id: '0', data: { rating: 1.5 } }], hasNext: false }]);
  });

  it('comes with the rest to a client that takes no parts', async () => {
    expect(await ask(await start(), { query: BOOK })).toEqual({ status: 200, data: WHOLE });
  });

  it.each([
    ['a literal', BOOK.replaceAll('(label', '(if: false, label'), {}],
    [
      'a variable',
      BOOK.replace('{ book', 'query ($wait: Boolean!) { book').replaceAll('(label', '(if: $wait, label'),
      { wait: false },
    ],
  ])('comes with the rest when %s says so', async (_, query, variables) => {
    const response = await fetch(`${await start()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ACCEPT.multipart },
      body: JSON.stringify({ query, variables }),
    });
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(await response.json()).toEqual({ data: WHOLE });
  });

  it('comes apart when a variable says so', async () => {
    const query = BOOK.replace('{ book', 'query ($wait: Boolean!) { book').replaceAll('(label', '(if: $wait, label');
    const { data, labels } = await merged(await start(), query, { wait: true });
    expect(data).toEqual(WHOLE);
    expect(labels.toSorted()).toEqual(['stars', 'stock']);
  });
});

describe('where deferred fragments may stand', () => {
  it('inside another: announced only with that one', async () => {
    const url = await start();
    const release = library.subgraphs.loans.hold();
    const answer = await askInParts(url, {
      query: '{ book(id: 1) { title ... @defer(label: "outer") { rating ... @defer(label: "inner") { copies } } } }',
    });
    expect((await answer.next()).pending).toEqual([{ id: '0', path: ['book'], label: 'outer' }]);
    expect(await answer.next()).toEqual({
      pending: [{ id: '1', path: ['book'], label: 'inner' }],
      incremental: [{ id: '0', data: { rating: 1.5 } }],
      completed: [{ id: '0' }],
      hasNext: true,
    });
    release();
    expect(await answer.rest()).toEqual([
      { incremental: [{ id: '1', data: { copies: 3 } }], completed: [{ id: '1' }], hasNext: false },
    ]);
  });

  it('at the root', async () => {
    const { data } = await merged(
      await start(),
      '{ mark ... @defer { branch echo(text: "x") __schema { queryType { name } } } }',
    );
    expect(data).toEqual({
      mark: 'reviews',
      branch: 'main street',
      echo: 'x',
      __schema: { queryType: { name: 'Query' } },
    });
  });

  it('in a list: once for each item', async () => {
    const url = await start();
    const [first, ...later] = await parts(url, '{ books(first: 3) { title ... @defer(label: "stars") { rating } } }');
    expect(first?.pending).toEqual([0, 1, 2].map((n) => ({ id: String(n), path: ['books', n], label: 'stars' })));
    expect(later.flatMap(({ incremental = [] }) => incremental)).toEqual(
      [1.5, 2.5, 3.5].map((rating, n) => ({ id: String(n), data: { rating } })),
    );
  });

  it('under two aliases of one object', async () => {
    const query =
      '{ one: book(id: 1) { ...Stars @defer } two: book(id: 1) { title ...Stars @defer } } fragment Stars on Book { rating }';
    const { data } = await merged(await start(), query);
    expect(data).toEqual({ one: { rating: 1.5 }, two: { title: 'Book 1', rating: 1.5 } });
  });

  it('on an interface and on its types', async () => {
    const query = '{ items { id ... @defer { title } ... on Book @defer { rating } ... on Film @defer { minutes } } }';
    const { data } = await merged(await start(), query);
    expect(data).toEqual({
      items: [
        { id: '1', title: 'Book 1', rating: 1.5 },
        { id: '2', title: 'Film 2', minutes: 62 },
        { id: '3', title: 'Book 3', rating: 3.5 },
      ],
    });
  });

  it('on a union', async () => {
    const query = '{ search(word: "ab") { ... on Book @defer { title rating } ... on Author @defer { borrowed } } }';
    const { data } = await merged(await start(), query);
    expect(data).toEqual({ search: [{ title: 'Book 1', rating: 1.5 }, { borrowed: 14 }] });
  });

  it('beside fields that the rest asks for too: those come once, what is new inside them under its own place', async () => {
    const query = '{ book(id: 1) { title author { name } ... @defer { title pages author { name borrowed } } } }';
    const [first, ...later] = await parts(await start(), query);
    expect(first?.data).toEqual({ book: { title: 'Book 1', author: { name: 'Author 1' } } });
    expect(later).toEqual([
      {
        incremental: [
          { id: '0', data: { pages: 100 } },
          { id: '0', subPath: ['author'], data: { borrowed: 7 } },
        ],
        completed: [{ id: '0' }],
        hasNext: false,
      },
    ]);
  });

  it('beside another with the same field: it comes with the first of them', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    const query = '{ book(id: 1) { title ... @defer { copies rating } ... @defer { copies } } }';
    const answer = await askInParts(url, { query });
    await answer.next();
    expect(await answer.next()).toMatchObject({ incremental: [{ id: '1', data: { copies: 3 } }] });
    release();
    expect(await answer.rest()).toMatchObject([{ incremental: [{ id: '0', data: { rating: 1.5 } }], hasNext: false }]);
  });

  it('of whose fields all have come: told to be complete, without data', async () => {
    const [, ...later] = await parts(await start(), '{ book(id: 1) { title ... @defer { title } } }');
    expect(later).toEqual([{ completed: [{ id: '0' }], hasNext: false }]);
  });
});

/** The answers of a subgraph with one field of their entities made null. */
function withNull(field: string) {
  return (right: HttpAnswer): HttpAnswer => {
    const answer = JSON.parse(String(right.body));
    for (const entity of answer.data?._entities ?? []) if (field in entity) entity[field] = null;
    return { ...right, body: JSON.stringify(answer) };
  };
}

describe('what goes wrong in a deferred fragment', () => {
  it('is told with it, under the whole path', async () => {
    const query = '{ books(first: 1, after: 4) { title ... @defer { reviews { text } copies } } }';
    const [first, ...later] = await parts(await start(), query);
    expect(first?.errors).toBeUndefined();
    expect(later).toMatchObject([
      {
        incremental: [
          {
            id: '0',
            data: { reviews: null, copies: 15 },
            errors: [{ message: 'no reviews of 5', path: ['books', 0, 'reviews'], extensions: { code: 'NOT_FOUND' } }],
          },
        ],
        completed: [{ id: '0' }],
        hasNext: false,
      },
    ]);
  });

  it('takes all of it when null may not stand: told when it is complete, and no data', async () => {
    library.subgraphs.books.forge = withNull('minutes');
    const [, ...later] = await parts(await start(), '{ items { id ... on Film @defer { title minutes } } }');
    expect(later).toMatchObject([
      {
        completed: [
          { id: '0', errors: [{ path: ['items', 1, 'minutes'], extensions: { code: 'DEPARTMENT_PROTOCOL' } }] },
        ],
        hasNext: false,
      },
    ]);
    expect(later[0]).not.toHaveProperty('incremental');
  });

  it('takes all of it in the words of 2022: data that is null', async () => {
    library.subgraphs.books.forge = withNull('minutes');
    const query = '{ items { id ... on Film @defer(label: "film") { title minutes } } }';
    const [, ...later] = await (await askInParts(await start(), { query }, { accept: ACCEPT.of2022 })).rest();
    expect(later).toMatchObject([
      {
        incremental: [{ data: null, path: ['items', 1], label: 'film', errors: [{ path: ['items', 1, 'minutes'] }] }],
        hasNext: false,
      },
    ]);
  });

  it('takes all of it when an object that came before would turn null', async () => {
    library.subgraphs.books.forge = (right) => ({
      ...right,
      body: String(right.body).replace('"minutes":62', '"minutes":null'),
    });
    const [first, ...later] = await parts(
      await start(),
      '{ items { id ... on Film { title } } ... @defer { items { ... on Film { minutes } } mark } }',
    );
    expect(first?.data).toMatchObject({ items: [{ id: '1' }, { id: '2', title: 'Film 2' }, { id: '3' }] });
    expect(later).toMatchObject([
      { completed: [{ id: '0', errors: [{ path: ['items', 1, 'minutes'] }] }], hasNext: false },
    ]);
    expect(later[0]).not.toHaveProperty('incremental');
  });

  it('says nothing of what is deferred at a place that became null before', async () => {
    library.subgraphs.books.forge = (right) => ({
      ...right,
      body: String(right.body).replace('"title":"Book 1"', '"title":null'),
    });
    const query = '{ book(id: 1) { title } ... @defer { book(id: 1) { pages ... @defer { rating } } mark } }';
    const [first, ...later] = await parts(await start(), query);
    expect(first?.data).toEqual({ book: null });
    expect(later).toEqual([
      { incremental: [{ id: '0', data: { mark: 'reviews' } }], completed: [{ id: '0' }], hasNext: expect.any(Boolean) },
      ...(later.length > 1 ? [{ hasNext: false }] : []),
    ]);
  });

  it('leaves a fragment out whose object is null', async () => {
    const answer = await parts(await start(), '{ book(id: 99) { title ... @defer { rating } } mark }');
    expect(answer).toEqual([{ data: { book: null, mark: 'reviews' } }]);
  });

  it('leaves a fragment out of whose object another field made null', async () => {
    library.subgraphs.books.forge = (right) => ({
      ...right,
      body: String(right.body).replace('"title":"Book 1"', '"title":null'),
    });
    const answer = await merged(
      await start(),
      '{ mark book(id: 1) { title ... @defer { rating } } ... @defer { branch } }',
    );
    expect(answer.data).toEqual({ mark: 'reviews', book: null, branch: 'main street' });
    expect(answer.errors).toMatchObject([{ path: ['book', 'title'] }]);
    expect(answer.labels).toHaveLength(1);
  });

  it('is a subgraph that is gone: its fragment tells so, the others come', async () => {
    const url = await start();
    await library.subgraphs.reviews.close();
    const answer = await merged(url, BOOK);
    expect(answer.data).toEqual({ book: { title: 'Book 1', rating: null, copies: 3 } });
    expect(answer.errors).toMatchObject([
      { path: ['book', 'rating'], extensions: { code: 'DEPARTMENT_UNREACHABLE', department: 'reviews' } },
    ]);
  });
});

describe('the request’s deadline', () => {
  it('ends what is late of an answer that has begun, and the answer', async () => {
    const url = await start({ requestDeadlineMs: 400 });
    library.subgraphs.reviews.hold();
    const answer = await merged(url, BOOK);
    expect(answer.data).toEqual({ book: { title: 'Book 1', rating: null, copies: 3 } });
    expect(answer.errors).toMatchObject([
      { path: ['book', 'rating'], extensions: { code: 'DEPARTMENT_TIMEOUT', department: 'reviews' } },
    ]);
    await expect.poll(() => library.subgraphs.reviews.seen.abandoned).toBe(1);
  });
});

describe('a client that leaves in the middle of its answer', () => {
  async function leave(url: string): Promise<AnswerInParts> {
    const leaving = new AbortController();
    const answer = await askInParts(url, { query: BOOK }, { signal: leaving.signal });
    await answer.next();
    await expect.poll(() => library.subgraphs.reviews.seen.asked).toBeGreaterThan(0);
    leaving.abort();
    return answer;
  }

  it('ends the reads that it waited for', async () => {
    const url = await start();
    library.subgraphs.reviews.hold();
    const answer = await leave(url);
    await expect(answer.rest()).rejects.toThrow();
    await expect.poll(() => library.subgraphs.reviews.seen.abandoned).toBe(1);
  });

  it('takes nothing from those who come after, and the gateway still ends', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    for (let round = 0; round < 5; round += 1) (await leave(url)).rest().catch(() => undefined);
    await expect.poll(() => library.subgraphs.reviews.seen.abandoned).toBe(5);
    release();
    expect((await merged(url, BOOK)).data).toEqual(WHOLE);
    await gateway?.stop();
    gateway = undefined;
    await expect.poll(() => library.subgraphs.reviews.seen.sockets).toBe(0);
  });
});
