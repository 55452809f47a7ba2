import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Request } from './live/client.ts';
import type { Generation } from './live/graph.ts';
import { type Library, openLibrary } from './live/library.ts';
import type { Held, Measure } from './live/measured-gateway.ts';
import { mixedRequests } from './live/requests.ts';

const ENTRY = new URL('live/measured-gateway.ts', import.meta.url).pathname;
const CLIENTS = 40;

let library: Library;
let gateway: ChildProcess;
let url: string;
let agent: Agent;

beforeEach(async () => {
  library = await openLibrary();
  agent = new Agent({ connections: CLIENTS });
});

afterEach(async () => {
  const ended = once(gateway, 'exit');
  await agent.destroy();
  gateway.disconnect();
  await ended;
  await library.close();
});

async function start(deadlineMs: number): Promise<void> {
  gateway = fork(ENTRY, [library.supergraph, String(deadlineMs)], { execArgv: ['--expose-gc'] });
  [url] = (await once(gateway, 'message')) as [string];
}

async function measure(threads = false): Promise<Held> {
  const measured = once(gateway, 'message') as Promise<[Held]>;
  gateway.send({ threads } satisfies Measure);
  return (await measured)[0];
}

/** Asks each request, so many at a time; a client that leaves does so after some milliseconds. Resolves with how often each thing came of it. */
async function askAll(
  requests: readonly Request[],
  leaveAfterMs?: (n: number) => number,
): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  const entries = requests.entries();
  const client = async () => {
    for (const [n, request] of entries) {
      const options = leaveAfterMs ? { agent, signal: AbortSignal.timeout(leaveAfterMs(n)) } : { agent };
      const outcome = await ask(url, request, options).then(
        ({ errors }) => String(errors?.[0]?.extensions.code ?? 'whole'),
        (error: Error) => {
          if (error.name === 'TimeoutError') return 'left';
          throw error;
        },
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return outcomes;
}

const many = (count: number, request: (n: number) => Request) => Array.from({ length: count }, (_, n) => request(n));

/** Two clients each ask the same, so that what is shared is late too. */
async function late(): Promise<void> {
  const release = library.subgraphs.reviews.hold();
  const query =
    'query ($limit: Int) { latestReview { text } books(first: 2) { title reviews(limit: $limit) { text } } }';
  const outcomes = await askAll(many(CLIENTS, (n) => ({ query, variables: { limit: n >> 1 } })));
  release();
  expect(outcomes).toEqual({ DEPARTMENT_TIMEOUT: CLIENTS });
}

async function abandoned(): Promise<void> {
  library.subgraphs.loans.delayMs = () => 20;
  const query = 'query ($first: Int) { branch books(first: $first) { title rating copies } }';
  const { left = 0 } = await askAll(
    many(60, (n) => ({ query, variables: { first: (n % 8) + 1 } })),
    (n) => (n % 15) + 1,
  );
  library.subgraphs.loans.delayMs = () => 0;
  expect(left).toBeGreaterThan(30);
}

const invalid = (round: number) => many(60, (n) => ({ query: `{ book(id: 1) { title none_${round}_${n} } }` }));

const unique = (round: number) =>
  many(100, (n) => ({
    query: `{ book(id: ${n}) { title_${round}_${n}: title rating copies author { borrowed } } }`,
  }));

async function reload(): Promise<void> {
  for (const generation of ['loans', 'reviews'] satisfies Generation[]) {
    library.replace(library.compose(generation));
    const mark = async () => (await ask(url, { query: '{ mark }' }, { agent })).data?.mark;
    await expect.poll(mark, { timeout: 5_000 }).toBe(generation);
  }
}

/** The growth a round: the median of the slopes between any two rounds, which one that stands out does not move. */
function growth(values: readonly number[]): number {
  const slopes = values
    .flatMap((one, at) => values.slice(at + 1).map((other, distance) => (other - one) / (distance + 1)))
    .toSorted((left, right) => left - right);
  return slopes[Math.floor(slopes.length / 2)] as number;
}

/** In a gateway's first rounds its caches fill, and V8 gathers what it knows about each function. */
const WARM_UP = 4;
const MEASURED = 7;

/** Requests of one round. */
const REQUESTS = CLIENTS + 60 + 60 + 100 + 200;

/** What a request can leave behind, a listener or an entry of a map with its key, takes more. */
const SMALLEST_LEAK_BYTES = 128;

describe('a gateway process', () => {
  it('holds no more after many rounds of whole, late, abandoned, refused and ever new requests and of reloads than after the first', async () => {
    await start(400);
    const mixed = mixedRequests(200);
    const rounds: Held[] = [];
    for (let round = 0; round < WARM_UP + MEASURED; round += 1) {
      await late();
      await abandoned();
      await askAll(invalid(round));
      await askAll(unique(round));
      await reload();
      await askAll(mixed);
      const held = await measure(round === WARM_UP || round === WARM_UP + MEASURED - 1);
      if (round >= WARM_UP) rounds.push(held);
    }
    expect(growth(rounds.map(({ bytes }) => bytes))).toBeLessThan(REQUESTS * SMALLEST_LEAK_BYTES);
    // A generation that is not let go takes more than a megabyte in the thread that plans, and there are two a round.
    const threads = (rounds.at(-1)?.threadBytes ?? 0) - (rounds[0]?.threadBytes ?? 0);
    expect(threads / (MEASURED - 1)).toBeLessThan(500_000);
    // Sockets, timers, ports and watchers, each by its kind.
    for (const kind of new Set(rounds.flatMap(({ resources }) => Object.keys(resources)))) {
      expect(growth(rounds.map(({ resources }) => resources[kind] ?? 0)), kind).toBeLessThan(1);
    }
    const toSubgraphs = () => Object.values(library.subgraphs).reduce((sum, { seen }) => sum + seen.sockets, 0);
    await expect.poll(toSubgraphs, { timeout: 15_000 }).toBe(0);
    await agent.close();
    const left = async () => (await measure()).resources.TCPSocketWrap ?? 0;
    await expect.poll(left, { timeout: 5_000 }).toBe(0);
  }, 120_000);

  it('holds no timer for a request that was answered', async () => {
    // Longer than the requests take all together: a timer that nobody cleared is still there.
    await start(60_000);
    await askAll(mixedRequests(200));
    expect((await measure()).resources.Timeout ?? 0).toBeLessThan(5);
  }, 60_000);

  it('keeps documents within a bound in bytes, however large the documents are: the longest unused are given up', async () => {
    await start(10_000);
    const documentBytes = 900_000;
    const blanks = ' '.repeat(documentBytes);
    const bytes: number[] = [];
    for (let round = 0; round < WARM_UP + 4; round += 1) {
      const outcomes = await askAll(many(20, (n) => ({ query: `{ mark_${round}_${n}: mark }${blanks}` })));
      expect(outcomes).toEqual({ whole: 20 });
      bytes.push((await measure()).bytes);
    }
    // Twenty documents a round, and no room for even one more.
    expect(growth(bytes.slice(WARM_UP))).toBeLessThan(documentBytes);
  }, 60_000);
});
