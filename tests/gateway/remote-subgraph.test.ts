import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remoteSettings } from '../../gateway/configuration/server-settings.ts';
import { RemoteSource } from '../../gateway/supergraph/remote.ts';
import type { RequestScope } from '../../gateway/supergraph/request-scope.ts';
import type { SubgraphFetch } from '../../gateway/supergraph/source.ts';

/** What came to the subgraph. */
interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly response: ServerResponse;
}

let server: Server;
let arrived: Arrived[];
let abandoned: number;
let source: RemoteSource | undefined;

beforeEach(async () => {
  arrived = [];
  abandoned = 0;
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.once('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    arrived.push({ headers: request.headers, body, response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await source?.close();
  source = undefined;
});

function open(
  settings: { readonly forwardHeaders?: readonly string[]; readonly coalesce?: boolean } = {},
): RemoteSource {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  source = new RemoteSource('library', { ...remoteSettings.parse({ url, ...settings }), observer: () => undefined });
  return source;
}

/** A request that comes to the gateway, and can leave. */
function scope(headers: IncomingHttpHeaders = {}, deadlineMs = 5_000): RequestScope & { leave(): void } {
  const leaving = new AbortController();
  return {
    requestId: 'r1',
    headers,
    signal: leaving.signal,
    deadlineAt: Date.now() + deadlineMs,
    contexts: new Map(),
    leave: () => leaving.abort(new Error('the client has left')),
  };
}

function fetchOf(
  query = '{ shelf }',
  { mode = 'read', variables = {} }: Partial<Pick<SubgraphFetch['operation'], 'mode'>> & { variables?: object } = {},
): SubgraphFetch {
  return {
    operation: { query, queryJson: JSON.stringify(query), mode, longNumbers: false },
    variables: { ...variables },
    representations: undefined,
  };
}

/** Waits until so many requests have come, lets them be answered, and takes no more for granted. */
async function answerAll(count: number, data: object = { shelf: ['a'] }): Promise<void> {
  await expect.poll(() => arrived.length).toBe(count);
  for (const { response } of arrived) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data }));
  }
}

describe('the headers of a client', () => {
  const HEADERS = { authorization: 'Bearer one', cookie: 'session=1', 'x-office': ['a', 'b'], accept: 'text/html' };

  it('stay here unless a rule names them', async () => {
    const source = open();
    const answer = source.fetch(fetchOf(), scope(HEADERS as IncomingHttpHeaders));
    await answerAll(1);
    await answer;
    for (const name of ['authorization', 'cookie', 'x-office']) expect(arrived[0]?.headers).not.toHaveProperty(name);
  });

  it('are passed on when a rule names them, and no others', async () => {
    const source = open({ forwardHeaders: ['authorization', 'x-office', 'x-absent'] });
    const answer = source.fetch(fetchOf(), scope(HEADERS as IncomingHttpHeaders));
    await answerAll(1);
    await answer;
    expect(arrived[0]?.headers).toMatchObject({
      authorization: 'Bearer one',
      'x-office': 'a, b',
      'x-request-id': 'r1',
    });
    expect(arrived[0]?.headers).not.toHaveProperty('cookie');
    expect(arrived[0]?.headers).not.toHaveProperty('x-absent');
  });

  it.each(['host', 'content-length', 'accept', 'x-request-id'])(
    'are refused as a rule where the gateway tells %s itself',
    (name) => {
      expect(() => remoteSettings.parse({ url: 'http://a.example', forwardHeaders: [name] })).toThrow(
        'is told by the gateway itself',
      );
    },
  );

  it('are refused as a rule when they are not in lower case', () => {
    expect(() => remoteSettings.parse({ url: 'http://a.example', forwardHeaders: ['Authorization'] })).toThrow(
      'lower case',
    );
  });
});

describe('queries that are alike and in flight at the same time', () => {
  it('are sent once, and each caller has an answer of its own', async () => {
    const source = open();
    const answers = [1, 2, 3].map(() => source.fetch(fetchOf(), scope()));
    await answerAll(1);
    const [one, two, three] = await Promise.all(answers);
    expect([one, two, three]).toEqual([1, 2, 3].map(() => ({ data: { shelf: ['a'] } })));
    if (one?.data) one.data.shelf = 'changed';
    expect([two, three]).toEqual([2, 3].map(() => ({ data: { shelf: ['a'] } })));
    expect(arrived).toHaveLength(1);
  });

  it('are sent again once the first is answered', async () => {
    const source = open();
    const first = source.fetch(fetchOf(), scope());
    await answerAll(1);
    await first;
    arrived.length = 0;
    const second = source.fetch(fetchOf(), scope());
    await answerAll(1, { shelf: ['b'] });
    expect(await second).toEqual({ data: { shelf: ['b'] } });
  });

  it('are sent each for itself with `coalesce: false`', async () => {
    const source = open({ coalesce: false });
    const answers = [1, 2].map(() => source.fetch(fetchOf(), scope()));
    await answerAll(2);
    await Promise.all(answers);
  });

  it.each([
    ['another query', fetchOf('{ shelf other }')],
    ['other variables', fetchOf('{ shelf }', { variables: { n: 1 } })],
    ['entities', { ...fetchOf(), representations: ['{"__typename":"Book","id":"1"}'] }],
  ])('are not what differs in the body: %s', async (_, other) => {
    const source = open();
    const answers = [source.fetch(fetchOf(), scope()), source.fetch(other, scope())];
    await answerAll(2);
    await Promise.all(answers);
  });

  it('are not what differs in a header that is passed on, and are what differs in one that is not', async () => {
    const source = open({ forwardHeaders: ['authorization'] });
    const answers = [
      { authorization: 'Bearer one', cookie: 'a' },
      { authorization: 'Bearer one', cookie: 'b' },
      { authorization: 'Bearer two' },
      {},
    ].map((headers) => source.fetch(fetchOf(), scope(headers)));
    await answerAll(3);
    await Promise.all(answers);
    expect(arrived.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two', undefined]);
  });

  it('are never mutations', async () => {
    const source = open();
    const answers = [1, 2].map(() => source.fetch(fetchOf('mutation { lend }', { mode: 'write' }), scope()));
    await answerAll(2);
    await Promise.all(answers);
  });

  it('are not waited for by one that could wait much longer itself', async () => {
    const source = open();
    const answers = [source.fetch(fetchOf(), scope({}, 1_000)), source.fetch(fetchOf(), scope({}, 5_000))];
    await answerAll(2);
    await Promise.all(answers);
  });
});

describe('a caller that leaves while others wait for the same', () => {
  it('takes nobody with it when it only waited', async () => {
    const source = open();
    const [stays, leaves] = [scope(), scope()];
    const first = source.fetch(fetchOf(), stays);
    const second = source.fetch(fetchOf(), leaves);
    leaves.leave();
    await expect(second).rejects.toThrow();
    await answerAll(1);
    expect(await first).toEqual({ data: { shelf: ['a'] } });
    expect(abandoned).toBe(0);
  });

  it('takes nobody with it when it was the one that asked: the others ask anew, once', async () => {
    const source = open();
    const leaves = scope();
    const first = source.fetch(fetchOf(), leaves);
    const others = [1, 2].map(() => source.fetch(fetchOf(), scope()));
    await expect.poll(() => arrived.length).toBe(1);
    leaves.leave();
    await expect(first).rejects.toThrow();
    await answerAll(2);
    expect(await Promise.all(others)).toEqual([1, 2].map(() => ({ data: { shelf: ['a'] } })));
    expect({ arrived: arrived.length, abandoned }).toEqual({ arrived: 2, abandoned: 1 });
  });
});
