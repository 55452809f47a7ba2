import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RunningGateway } from '../../gateway/serving.ts';
import { type Answer, ask } from './live/client.ts';
import type { Generation } from './live/graph.ts';
import { type Library, openLibrary, servedSubgraph, startLibraryGateway } from './live/library.ts';

/** How often the supergraph is replaced under load, and how many times. */
const EVERY_MS = 200;
const REPLACEMENTS = 30;
const CLIENTS = 20;

let library: Library;
let gateway: RunningGateway;
let logged: string[];

beforeEach(async () => {
  library = await openLibrary();
  logged = [];
  gateway = await startLibraryGateway(library, {}, (line) => void logged.push(line));
});

afterEach(async () => {
  await gateway.stop();
  await library.close();
});

const takenOver = () => logged.filter((line) => line.includes('supergraph taken over')).length;

const served = async () => (await ask(gateway.url, { query: '{ mark }' })).data?.mark;

type Replace = (text: string) => void | Promise<void>;

const byRenaming: Replace = (text) => library.replace(text);

/** As an editor or a copy over the network does it: for a moment the file is half there. */
const inPieces: Replace = async (text) => {
  const file = openSync(library.supergraph, 'w');
  try {
    const half = Math.floor(text.length / 2);
    writeSync(file, text.slice(0, half));
    await pause(30);
    writeSync(file, text.slice(half));
  } finally {
    closeSync(file);
  }
};

/** Every answer tells by which generation each of its parts was planned, introspection among them. */
const MARKED = `query ($first: Int) {
  mark
  first: book(id: 1) { title seal author { books { stamp } } }
  books(first: $first) { seal stamp }
  __type(name: "Book") { fields { name } }
}`;

interface Marked {
  readonly mark: string;
  readonly first: { readonly seal: string; readonly author: { readonly books: readonly { readonly stamp: string }[] } };
  readonly books: readonly { readonly seal: string; readonly stamp: string }[];
  readonly __type: { readonly fields: readonly { readonly name: string }[] };
}

/** The generations that had a part in an answer. Fails when the answer is not whole. */
function generationsIn({ status, data, errors }: Answer): Set<string> {
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  const { mark, first, books, __type } = data as unknown as Marked;
  const introspected = __type.fields.flatMap(({ name }) =>
    name.startsWith('sealedBy') ? [name.slice(8).toLowerCase()] : [],
  );
  return new Set([
    mark,
    first.seal,
    ...first.author.books.map(({ stamp }) => stamp),
    ...books.flatMap(({ seal, stamp }) => [seal, stamp]),
    ...introspected,
  ]);
}

/** Clients that ask one request after another until `done`; resolves with every answer. */
async function load(done: AbortSignal): Promise<{ marked: Answer[]; passing: Answer[] }> {
  const marked: Answer[] = [];
  const passing: Answer[] = [];
  const client = async (number: number) => {
    for (let n = 0; !done.aborted; n += 1) {
      marked.push(await ask(gateway.url, { query: MARKED, variables: { first: (n % 4) + 1 } }));
      if (n % 3 === number % 3)
        passing.push(await ask(gateway.url, { query: '{ book(id: 1) { sealedByLoans seal } }' }));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return { marked, passing };
}

/** Fetches take long enough for requests to live through a replacement. */
function answerSlowly(): void {
  let asked = 0;
  for (const subgraph of Object.values(library.subgraphs)) {
    subgraph.delayMs = () => {
      asked += 1;
      return (asked * 37) % 90;
    };
  }
}

describe('a supergraph that is replaced every 200 ms under load', () => {
  it.each<[string, Replace]>([
    ['by renaming', byRenaming],
    ['in pieces', inPieces],
  ])('%s fails no request and mixes no generations', async (_, replace) => {
    const texts: Record<Generation, string> = { reviews: library.compose('reviews'), loans: library.compose('loans') };
    answerSlowly();
    const done = new AbortController();
    const loaded = load(done.signal);
    let last: Generation = 'reviews';
    for (let n = 0; n < REPLACEMENTS; n += 1) {
      last = last === 'reviews' ? 'loans' : 'reviews';
      await replace(texts[last]);
      await pause(EVERY_MS);
    }
    await expect.poll(served, { timeout: 5_000 }).toBe(last);
    done.abort();
    const { marked, passing } = await loaded;

    const generations = marked.map((answer) => [...generationsIn(answer)].toSorted().join(' and '));
    expect(new Set(generations)).toEqual(new Set(['loans', 'reviews']));
    // A field that only one generation has: whole in it, refused in the other.
    const seen = passing.map(({ status, data, errors }) =>
      status === 200 ? data : { refused: errors?.[0]?.extensions.code },
    );
    for (const one of seen) {
      expect([{ book: { sealedByLoans: 'loans', seal: 'loans' } }, { refused: 'INVALID_INPUT' }]).toContainEqual(one);
    }
    // The load and the replacements were real.
    expect(takenOver()).toBeGreaterThan(REPLACEMENTS / 2);
    expect(marked.length).toBeGreaterThan(CLIENTS * 5);
    expect(new Set(seen.map((one) => Object.keys(one ?? {})[0]))).toEqual(new Set(['book', 'refused']));
  });
});

describe('a generation that has been replaced', () => {
  it('still plans and answers the requests that began in it, however many have come since', async () => {
    const release = library.subgraphs.books.hold(({ query }) => query.includes('book('));
    const begun = ask(gateway.url, { query: MARKED, variables: { first: 2 } });
    await expect.poll(() => library.subgraphs.books.seen.asked).toBeGreaterThan(0);
    for (const generation of ['loans', 'reviews', 'loans'] as const) {
      library.replace(library.compose(generation));
      await expect.poll(served, { timeout: 5_000 }).toBe(generation);
    }
    release();
    expect(generationsIn(await begun)).toEqual(new Set(['reviews']));
  });

  it('takes nothing from one of the same text that came after it', async () => {
    const release = library.subgraphs.books.hold(({ query }) => query.includes('book('));
    const begun = ask(gateway.url, { query: MARKED, variables: { first: 1 } });
    await expect.poll(() => library.subgraphs.books.seen.asked).toBeGreaterThan(0);
    for (const generation of ['loans', 'reviews'] as const) {
      library.replace(library.compose(generation));
      await expect.poll(served, { timeout: 5_000 }).toBe(generation);
    }
    release();
    await begun;
    // Documents that were not seen before are still planned.
    for (let n = 0; n < 5; n += 1) {
      const query = `{ a${n}: book(id: ${n}) { seal } }`;
      expect(await ask(gateway.url, { query })).toEqual({ status: 200, data: { [`a${n}`]: { seal: 'reviews' } } });
    }
  });

  it('closes its sockets when its last request has ended, to addresses that nobody names any more', async () => {
    const former = await servedSubgraph('loans');
    onTestFinished(() => former.close());
    library.replace(library.compose('reviews', { loans: former.port }));
    await expect.poll(takenOver, { timeout: 5_000 }).toBe(1);
    const release = former.hold();
    const begun = ask(gateway.url, { query: '{ branch }' });
    await expect.poll(() => former.seen.asked).toBe(1);

    library.replace(library.compose('loans'));
    await expect.poll(served, { timeout: 5_000 }).toBe('loans');
    expect(former.seen.sockets).toBe(1);
    release();
    expect(await begun).toEqual({ status: 200, data: { branch: 'main street' } });
    // An idle socket would be kept for four seconds.
    await expect.poll(() => former.seen.sockets, { timeout: 2_000 }).toBe(0);
  });
});
