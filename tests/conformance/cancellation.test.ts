import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RunningGateway } from '../../gateway/serving.ts';
import { ask, type Request } from './live/client.ts';
import { startGatewayProcess } from './live/gateway-main.ts';
import { SUBGRAPHS } from './live/graph.ts';
import { type Library, openLibrary, startLibraryGateway } from './live/library.ts';

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

/** A client that asks and can leave; leaving resolves when its connection is closed on its side. */
function client(url: string, request: Request) {
  const leaving = new AbortController();
  const left = ask(url, request, { signal: leaving.signal }).then(
    () => 'answered',
    (error: Error) => error.name,
  );
  return {
    async leave() {
      leaving.abort();
      expect(await left).toBe('AbortError');
    },
  };
}

const seen = (property: 'asked' | 'answered' | 'abandoned') =>
  Object.fromEntries(SUBGRAPHS.map((name) => [name, library.subgraphs[name].seen[property]]));

const holdAll = () => SUBGRAPHS.map((name) => library.subgraphs[name].hold());

const MUTATION = { query: 'mutation { borrow(book: 1, reader: "Ada") }' };

describe('a client that leaves', () => {
  it('ends the reads at every subgraph', async () => {
    const url = await start();
    holdAll();
    const leaver = client(url, { query: '{ branch latestReview { text } echo(text: "x") }' });
    await expect.poll(() => seen('asked')).toEqual({ books: 1, reviews: 1, loans: 1 });
    await leaver.leave();
    await expect.poll(() => seen('abandoned')).toEqual({ books: 1, reviews: 1, loans: 1 });
  });

  it('ends the reads of entities too', async () => {
    const url = await start();
    library.subgraphs.reviews.hold();
    library.subgraphs.loans.hold();
    const leaver = client(url, { query: '{ books { title rating copies } }' });
    await expect.poll(() => seen('asked')).toEqual({ books: 1, reviews: 1, loans: 1 });
    await leaver.leave();
    await expect.poll(() => seen('abandoned')).toEqual({ books: 0, reviews: 1, loans: 1 });
  });

  it('begins no further read', async () => {
    const url = await start();
    const release = library.subgraphs.books.hold();
    const leaver = client(url, { query: '{ books { title rating copies } }' });
    await expect.poll(() => seen('asked')).toEqual({ books: 1, reviews: 0, loans: 0 });
    await leaver.leave();
    await expect.poll(() => seen('abandoned').books).toBe(1);
    release();
    // Another request goes its whole way meanwhile.
    expect(await ask(url, { query: '{ echo(text: "x") }' })).toEqual({ status: 200, data: { echo: 'x' } });
    expect(seen('asked')).toEqual({ books: 2, reviews: 0, loans: 0 });
  });

  it('takes nothing from another who asked the same', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    const same = { query: '{ books(first: 1) { title rating } latestReview { text } }' };
    const leaver = client(url, same);
    await expect.poll(() => seen('asked').reviews).toBe(2);
    const stays = ask(url, same);
    await expect.poll(() => seen('asked').books).toBe(2);
    await leaver.leave();
    const later = ask(url, same);
    release();
    const whole = {
      status: 200,
      data: { books: [{ title: 'Book 1', rating: 1.5 }], latestReview: { text: 'Review 1 of 4' } },
    };
    expect(await Promise.all([stays, later])).toEqual([whole, whole]);
  });

  it('ends a read that it shared when the others have left too', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    const query = 'query ($who: String!) { latestReview { text } echo(text: $who) }';
    const leavers = ['one', 'other'].map((who) => client(url, { query, variables: { who } }));
    await expect.poll(() => seen('asked').books).toBe(2);
    await expect.poll(() => seen('asked').reviews).toBeGreaterThan(0);
    for (const leaver of leavers) await leaver.leave();
    await expect.poll(() => seen('abandoned').reviews).toBe(seen('asked').reviews);
    release();
    expect(seen('answered').reviews).toBe(0);
  });

  it('leaves the subgraph to others, however many leave', async () => {
    const url = await start();
    const release = library.subgraphs.reviews.hold();
    const leavers = Array.from({ length: 12 }, (_, n) =>
      client(url, { query: `{ book(id: ${n + 1}) { reviews(limit: ${n}) { text } } }` }),
    );
    await expect.poll(() => seen('asked').reviews).toBe(12);
    for (const leaver of leavers) await leaver.leave();
    await expect.poll(() => seen('abandoned').reviews).toBe(12);
    release();
    const answer = await ask(url, { query: '{ latestReview { stars } }' });
    expect(answer).toEqual({ status: 200, data: { latestReview: { stars: 2 } } });
  });

  it('ends no write', async () => {
    const url = await start();
    const release = library.subgraphs.loans.hold();
    const writer = client(url, MUTATION);
    await expect.poll(() => seen('asked').loans).toBe(1);
    const reader = client(url, { query: '{ branch }' });
    await expect.poll(() => seen('asked').loans).toBe(2);
    await writer.leave();
    await reader.leave();
    // The reader left after the writer: when its read has ended, the writer's leaving has been noticed too.
    await expect.poll(() => seen('abandoned').loans).toBeGreaterThan(0);
    release();
    await expect.poll(() => seen('answered').loans).toBe(1);
    expect(seen('abandoned').loans).toBe(1);
  });
});

describe('the request’s deadline', () => {
  it('answers with what came, and ends what is late', async () => {
    const url = await start({ requestDeadlineMs: 400 });
    library.subgraphs.reviews.hold();
    const { data, errors = [] } = await ask(url, {
      query: '{ branch latestReview { text } books(first: 2) { title copies rating } }',
    });
    expect(data).toEqual({
      branch: 'main street',
      latestReview: null,
      books: [
        { title: 'Book 1', copies: 3, rating: null },
        { title: 'Book 2', copies: 6, rating: null },
      ],
    });
    const told = errors.map(({ path, extensions: { code, department } }) => ({ path, code, department }));
    const late = { code: 'DEPARTMENT_TIMEOUT', department: 'reviews' };
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        { path: ['latestReview'], ...late },
        { path: ['books', 0, 'rating'], ...late },
        { path: ['books', 1, 'rating'], ...late },
      ]),
    );
    await expect.poll(() => seen('abandoned')).toEqual({ books: 0, reviews: 2, loans: 0 });
  });

  it('begins nothing after it: what hangs on a late read is null without being asked', async () => {
    const url = await start({ requestDeadlineMs: 300 });
    library.subgraphs.books.hold();
    const { data, errors } = await ask(url, { query: '{ branch book(id: 1) { title rating } }' });
    expect(data).toEqual({ branch: 'main street', book: null });
    expect(errors?.map(({ path, extensions: { code } }) => ({ path, code }))).toEqual([
      { path: ['book'], code: 'DEPARTMENT_TIMEOUT' },
    ]);
    expect(seen('asked')).toEqual({ books: 1, reviews: 0, loans: 1 });
  });

  it('ends no write', async () => {
    const url = await start({ requestDeadlineMs: 300 });
    const release = library.subgraphs.loans.hold();
    const writing = ask(url, MUTATION);
    await expect.poll(() => seen('asked').loans).toBe(1);
    // A read that began after the write: when it was given up, the write's deadline has passed too.
    expect((await ask(url, { query: '{ branch }' })).errors?.[0]?.extensions.code).toBe('DEPARTMENT_TIMEOUT');
    release();
    await expect.poll(() => seen('answered').loans).toBe(1);
    expect(seen('abandoned').loans).toBe(1);
    // The caller either waited for the outcome or was told that it is unknown; never that the write failed.
    const { data, errors } = await writing;
    expect([{ borrow: 'Ada has 1' }, 'OUTCOME_UNKNOWN']).toContainEqual(errors?.[0]?.extensions.code ?? data);
  });
});

describe('a gateway process that is told to end', () => {
  it('lets what it has begun end, takes nothing more, and ends well', async () => {
    const running = await startGatewayProcess(library.supergraph);
    onTestFinished(() => void running.process.kill('SIGKILL'));
    const release = library.subgraphs.loans.hold();
    const read = ask(running.url, { query: '{ branch }' });
    const write = ask(running.url, MUTATION);
    await expect.poll(() => seen('asked').loans).toBe(2);
    running.process.kill('SIGTERM');
    const another = () => ask(running.url, { query: '{ mark }' }).catch(() => 'refused');
    await expect.poll(another, { timeout: 5_000 }).toBe('refused');
    release();
    expect(await read).toEqual({ status: 200, data: { branch: 'main street' } });
    expect(await write).toEqual({ status: 200, data: { borrow: 'Ada has 1' } });
    expect(await running.ended).toEqual({ code: 0, signal: null });
  }, 40_000);

  it('ends when its last answer has left, though the client would keep the connection', async () => {
    const running = await startGatewayProcess(library.supergraph);
    onTestFinished(() => void running.process.kill('SIGKILL'));
    const release = library.subgraphs.loans.hold();
    const read = ask(running.url, { query: '{ branch }' });
    await expect.poll(() => seen('asked').loans).toBe(1);
    running.process.kill('SIGTERM');
    const another = () => ask(running.url, { query: '{ mark }' }).catch(() => 'refused');
    await expect.poll(another, { timeout: 5_000 }).toBe('refused');
    release();
    await read;
    const answered = performance.now();
    await running.ended;
    // Far below the ten seconds that running requests are given.
    expect(performance.now() - answered).toBeLessThan(3_000);
  }, 40_000);
});
