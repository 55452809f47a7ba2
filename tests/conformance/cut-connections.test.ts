import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../adapters/transport/errors.ts';
import type { RunningGateway } from '../../gateway/serving.ts';
import { type Cut, type CuttableProxy, cuttableProxy } from './cuttable-proxy.ts';
import { ask } from './live/client.ts';
import { type Library, openLibrary, startLibraryGateway } from './live/library.ts';
import type { SubgraphServer } from './live/subgraph-server.ts';

const DEADLINE_MS = 1_000;

/** What a busy machine may add to the deadline. */
const LEEWAY_MS = 600;

let library: Library;
let proxy: CuttableProxy;
let gateway: RunningGateway;

/** `reviews` stands behind the line that is cut. */
beforeAll(async () => {
  library = await openLibrary();
  proxy = await cuttableProxy(library.subgraphs.reviews.port);
  library.replace(library.compose('reviews', { reviews: proxy.port }));
  gateway = await startLibraryGateway(library, { requestDeadlineMs: DEADLINE_MS });
});

afterEach(() => mended());

afterAll(async () => {
  await gateway.stop();
  await proxy.close();
  await library.close();
});

/** A query, what it gives when `reviews` is there, what without it, and where the errors stand then. */
interface Case {
  readonly query: string;
  readonly whole: object;
  readonly without: object;
  readonly places: readonly (readonly (string | number)[])[];
}

const books = (rating: (id: number) => number | null) =>
  [1, 2, 3].map((id) => ({
    title: `Book ${id}`,
    rating: rating(id),
    seal: rating(id) && 'reviews',
    copies: id * 3,
    author: { borrowed: id * 7 },
  }));

/** Two fields of `reviews` on each of three entities, among fields of the others. */
const ON_ENTITIES: Case = {
  query: '{ branch books(first: 3) { title rating seal copies author { borrowed } } }',
  whole: { branch: 'main street', books: books((id) => id + 0.5) },
  without: { branch: 'main street', books: books(() => null) },
  places: [0, 1, 2].flatMap((index) => [
    ['books', index, 'rating'],
    ['books', index, 'seal'],
  ]),
};

/** The same with a field of `reviews` at the root. */
const EVERYWHERE: Case = {
  query: '{ branch latest: latestReview { text } books(first: 3) { title rating seal copies author { borrowed } } }',
  whole: { ...ON_ENTITIES.whole, latest: { text: 'Review 1 of 4' } },
  without: { ...ON_ENTITIES.without, latest: null },
  places: [['latest'], ...ON_ENTITIES.places],
};

/** The fault costs the fields of `reviews` with one error each, in time; without it everything is there again. */
async function costsItsOwnFields(codes: readonly ErrorCode[], { query, whole, without, places } = EVERYWHERE) {
  const began = performance.now();
  const { data, errors = [] } = await ask(gateway.url, { query });
  const took = performance.now() - began;
  expect(data).toEqual(without);
  const paths = errors.map(({ path }) => path);
  expect(paths).toHaveLength(places.length);
  expect(paths).toEqual(expect.arrayContaining([...places]));
  for (const { extensions } of errors) {
    expect(extensions.department).toBe('reviews');
    expect(codes).toContain(extensions.code);
  }
  expect(took).toBeLessThan(DEADLINE_MS + LEEWAY_MS);

  await mended({ query, whole });
}

/** Takes the fault away and waits until answers are whole: what failed several times in a row is given a pause of two seconds. */
async function mended({ query, whole }: Pick<Case, 'query' | 'whole'> = EVERYWHERE): Promise<void> {
  library.subgraphs.reviews.forge = undefined;
  await proxy.mend();
  const answer = () => ask(gateway.url, { query });
  await expect.poll(answer, { timeout: 5_000, interval: 100 }).toEqual({ status: 200, data: whole });
}

describe('a line to a subgraph', () => {
  it('that is whole gives whole answers', async () => {
    expect(await ask(gateway.url, { query: EVERYWHERE.query })).toEqual({ status: 200, data: EVERYWHERE.whole });
  });

  it.each<[string, Cut, ErrorCode]>([
    ['refuses connections', { kind: 'refuse' }, 'DEPARTMENT_UNREACHABLE'],
    ['resets connections at once', { kind: 'reset-on-connect' }, 'DEPARTMENT_UNREACHABLE'],
    ['resets before the answer', { kind: 'reset', at: 'before the answer' }, 'DEPARTMENT_UNREACHABLE'],
    ['resets inside the head', { kind: 'reset', at: 'inside the head' }, 'DEPARTMENT_UNREACHABLE'],
    ['resets inside the body', { kind: 'reset', at: 'inside the body' }, 'DEPARTMENT_UNREACHABLE'],
    ['closes before the answer', { kind: 'close', at: 'before the answer' }, 'DEPARTMENT_UNREACHABLE'],
    ['closes inside the head', { kind: 'close', at: 'inside the head' }, 'DEPARTMENT_UNREACHABLE'],
    ['closes inside the body', { kind: 'close', at: 'inside the body' }, 'DEPARTMENT_UNREACHABLE'],
    ['stalls before the answer', { kind: 'stall', at: 'before the answer' }, 'DEPARTMENT_TIMEOUT'],
    ['stalls inside the head', { kind: 'stall', at: 'inside the head' }, 'DEPARTMENT_TIMEOUT'],
    ['stalls inside the body', { kind: 'stall', at: 'inside the body' }, 'DEPARTMENT_TIMEOUT'],
    ['drips a byte at a time', { kind: 'drip', everyMs: 20 }, 'DEPARTMENT_TIMEOUT'],
  ])('that %s costs that subgraph’s fields', async (_, cut, code) => {
    await proxy.cut(cut);
    await costsItsOwnFields([code]);
  });

  it.each<[string, Cut]>([
    ['stalls', { kind: 'stall', at: 'inside the body' }],
    ['drips', { kind: 'drip', everyMs: 20 }],
  ])('that %s is given up at the deadline, its sockets closed', async (_, cut) => {
    await proxy.cut(cut);
    await ask(gateway.url, { query: EVERYWHERE.query });
    await expect.poll(() => proxy.open).toBe(0);
  });
});

const JSON_TYPE = 'application/json';

/** Blanks after an answer are good JSON, so only the size is wrong: more than the 16 MiB that `adapters/transport/http.ts` takes. */
const BLANKS = Buffer.alloc(17 * 1024 * 1024, ' ');

const forged = (body: string | Buffer, status = 200, type = JSON_TYPE): SubgraphServer['forge'] => {
  return () => ({ status, type, body });
};

/** Changes the list of entities of an answer. */
const entities = (change: (list: unknown[]) => unknown): SubgraphServer['forge'] => {
  return (right) => {
    const { data } = JSON.parse(String(right.body)) as { data: { _entities: unknown[] } };
    return { ...right, body: JSON.stringify({ data: { _entities: change(data._entities) } }) };
  };
};

const GRAPHQL_ERROR = JSON.stringify({
  data: null,
  errors: [{ message: 'Closed for the inventory.', extensions: { code: 'DEPARTMENT_BUSY' } }],
});

describe('a subgraph', () => {
  it.each<[string, SubgraphServer['forge']]>([
    ['good JSON under another content type', (right) => ({ ...right, type: 'text/plain' })],
    ['a page of HTML with status 200', forged('<!doctype html><title>Sign in</title>', 200, 'text/html')],
    ['HTML that calls itself JSON', forged('<!doctype html><title>Sign in</title>')],
    ['more than is taken', (right) => ({ ...right, body: Buffer.concat([Buffer.from(right.body), BLANKS]) })],
    ['nothing', forged('')],
    ['JSON that breaks off', forged('{"data": {"latest')],
    ['JSON with something after it', (right) => ({ ...right, body: `${right.body}}` })],
    ['a list', forged('[]')],
    ['null', forged('null')],
    ['text', forged('"reviews"')],
    ['an object without data and errors', forged('{}')],
    ['data that is no object', forged('{"data": "none"}')],
    ['errors that are no list', forged('{"data": null, "errors": "down"}')],
    ['errors that are no objects', forged('{"data": null, "errors": [null, "down", 7]}')],
    ['an empty list of errors without data', forged('{"errors": []}')],
  ])('that answers %s costs its own fields, as an answer outside the protocol', async (_, forge) => {
    library.subgraphs.reviews.forge = forge;
    await costsItsOwnFields(['DEPARTMENT_PROTOCOL']);
  });

  it.each<[string, SubgraphServer['forge']]>([
    ['too few entities', entities((list) => list.slice(1))],
    ['too many entities', entities((list) => [...list, list[0]])],
    ['entities that are no list', entities((list) => ({ ...list }))],
    ['entities that are no objects', entities((list) => list.map(() => 'book'))],
    ['null for the list of entities, without an error', entities(() => null)],
  ])('that answers %s costs the fields of these entities, as an answer outside the protocol', async (_, forge) => {
    library.subgraphs.reviews.forge = forge;
    await costsItsOwnFields(['DEPARTMENT_PROTOCOL'], ON_ENTITIES);
  });

  it('that answers HTTP 500 with a GraphQL error costs its own fields, with its own code', async () => {
    library.subgraphs.reviews.forge = forged(GRAPHQL_ERROR, 500);
    await costsItsOwnFields(['DEPARTMENT_BUSY']);
  });

  it.each([
    ['nothing', ''],
    ['a page', '<h1>Service Unavailable</h1>'],
  ])('that answers HTTP 503 with %s costs its own fields', async (_, body) => {
    library.subgraphs.reviews.forge = forged(body, 503, 'text/html');
    await costsItsOwnFields(['DEPARTMENT_BUSY', 'DEPARTMENT_UNREACHABLE', 'DEPARTMENT_PROTOCOL']);
  });
});
