import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { NO_SIGNAL } from '../../adapters/transport/call.ts';
import { TransportFailure } from '../../adapters/transport/failure.ts';
import { type HttpOptions, type HttpRequest, httpClient } from '../../adapters/transport/http.ts';
import { Arrivals, closed, httpServer, type Loopback, tcpServer, unusedPort } from './loopback.ts';
import { failureOf, listeners, settled } from './toy-line.ts';

function clientOf(server: Loopback | string, options: Partial<HttpOptions> = {}) {
  const origin = typeof server === 'string' ? server : server.origin;
  return httpClient({ origin, connectTimeoutMs: 5_000, readTimeoutMs: 10_000, connections: 4, ...options });
}

function get(about: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', path: '/', signal: NO_SIGNAL, ...about };
}

/** A server whose every answer the test gives by hand. */
async function heldServer() {
  const requests = new Arrivals<{ request: IncomingMessage; response: ServerResponse }>();
  const server = await httpServer((request, response) => requests.add({ request, response }));
  return Object.assign(server, { requests });
}

describe('an HTTP exchange', () => {
  it.each([200, 201, 302, 400, 401, 404, 500, 503])('gives the answer whatever its status: %d', async (status) => {
    await using server = await httpServer((_, response) => {
      response.writeHead(status, { 'X-Number': '7', 'content-type': 'text/plain' }).end(`about ${status}`);
    });
    const answer = await clientOf(server).exchange(get());
    expect(answer).toMatchObject({ status, headers: { 'x-number': '7', 'content-type': 'text/plain' } });
    expect(answer.body.toString()).toBe(`about ${status}`);
  });

  it('gives an empty body where there is none', async () => {
    await using server = await httpServer((_, response) => response.writeHead(204).end());
    const { status, body } = await clientOf(server).exchange(get());
    expect([status, body]).toEqual([204, Buffer.alloc(0)]);
  });

  it('sends method, path and query, body and its length as they are', async () => {
    const received = new Arrivals<unknown[]>();
    await using server = await httpServer(async (request, response) => {
      const chunks = await request.toArray();
      received.add([request.method, request.url, Buffer.concat(chunks).toString(), request.headers['content-length']]);
      response.end();
    });
    const client = clientOf(server);
    await client.exchange(get({ method: 'POST', path: '/services/BDC?wsdl', body: '余𠮷' }));
    await client.exchange(get({ method: 'POST', path: '/', body: Uint8Array.of(1, 2, 3) }));
    expect(received.all).toEqual([
      ['POST', '/services/BDC?wsdl', '余𠮷', '7'],
      ['POST', '/', '\u0001\u0002\u0003', '3'],
    ]);
  });

  it('sends header names as written, underscores, capitals and all', async () => {
    const received = new Arrivals<string[]>();
    await using server = await httpServer((request, response) => {
      received.add(request.rawHeaders);
      response.end();
    });
    await clientOf(server).exchange(get({ headers: { _api_name: 'hssServives', SOAPAction: '""', X_Ca_Key: 'k' } }));
    expect(received.all[0]?.join(' ')).toContain('_api_name hssServives SOAPAction "" X_Ca_Key k');
  });

  it('carries large bodies both ways, byte for byte', async () => {
    const large = randomBytes(8 * 1024 * 1024);
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    await using server = await httpServer(async (request, response) => {
      const received = Buffer.concat(await request.toArray());
      response.setHeader('x-received', digest(received));
      response.end(received);
    });
    const answer = await clientOf(server).exchange(get({ method: 'POST', body: large }));
    expect(answer.headers['x-received']).toBe(digest(large));
    expect(digest(answer.body)).toBe(digest(large));
  });

  it('passes over interim answers', async () => {
    await using server = await httpServer((_, response) => {
      response.writeProcessing();
      response.writeHead(200).end('final');
    });
    const answer = await clientOf(server).exchange(get());
    expect([answer.status, answer.body.toString()]).toEqual([200, 'final']);
  });

  it.each([
    ['a line break in a header', { headers: { 'x-name': 'a\r\nx-other: b' } }],
    ['a Chinese character in a header', { headers: { 'x-name': '余' } }],
    ['a space in the path', { path: '/a b' }],
  ])('refuses %s as a fault of ours, not as a failure of the line', async (_, about) => {
    await using server = await httpServer((_, response) => response.end());
    const error = await failureOf(clientOf(server).exchange(get(about)));
    expect(error).not.toBeInstanceOf(TransportFailure);
    expect(error).toMatchObject({ name: 'InvalidArgumentError' });
    expect(inspect(error)).not.toContain('余');
    expect(server.sockets).toHaveLength(0);
  });

  it('leaves no listener on a signal that lives long, whatever the outcome', async () => {
    const longLived = new AbortController();
    await using server = await httpServer((request, response) => {
      if (request.url === '/lost') response.destroy();
      else response.end();
    });
    const client = clientOf(server);
    await client.exchange(get({ signal: longLived.signal }));
    await failureOf(client.exchange(get({ path: '/lost', signal: longLived.signal })));
    await failureOf(client.exchange(get({ path: 'no slash', signal: longLived.signal })));
    await failureOf(
      clientOf(server, { maxAnswerBytes: 0.5 }).exchange(get({ path: '/lost', signal: longLived.signal })),
    );
    expect(listeners(longLived.signal)).toBe(0);
  });
});

describe('the sockets of an HTTP client', () => {
  it('are kept and used again', async () => {
    await using server = await httpServer((_, response) => response.end('ok'));
    const client = clientOf(server, { connections: 1 });
    for (let exchange = 0; exchange < 5; exchange += 1) await client.exchange(get());
    expect(server.sockets).toHaveLength(1);
  });

  it('are never more than allowed', async () => {
    await using server = await heldServer();
    const client = clientOf(server, { connections: 2 });
    const exchanges = Array.from({ length: 6 }, () => client.exchange(get()));
    for (let number = 0; number < 6; number += 1) (await server.requests.at(number)).response.end();
    await Promise.all(exchanges);
    expect(server.sockets).toHaveLength(2);
  });

  it.each([
    ['closed', (socket: Socket) => socket.destroy()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('that the server has %s just before are not used: each request goes over a new one, once', async (_, end) => {
    const urls: string[] = [];
    await using server = await httpServer((request, response) => {
      urls.push(request.url ?? '');
      setImmediate(() => response.end('ok'));
    });
    const client = clientOf(server, { connections: 3 });
    const rounds = Array.from({ length: 10 }, (_, round) => [0, 1, 2, 3].map((number) => `/${round}.${number}`));
    for (const paths of rounds) {
      const answers = paths.map((path) => client.exchange(get({ method: 'POST', path, body: 'x' })));
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);

      const ends = server.sockets.map(closed);
      for (const socket of server.sockets) end(socket);
      await Promise.all(ends);
    }
    expect(urls.toSorted()).toEqual(rounds.flat());
  });

  it('that the server closes in the very moment of sending give the answer or a failure of unknown outcome', async () => {
    const urls: string[] = [];
    await using server = await httpServer((request, response) => {
      urls.push(request.url ?? '');
      response.end('ok');
    });
    const client = clientOf(server);
    for (let round = 0; round < 20; round += 1) {
      const path = `/${round}`;
      const outcome = await client.exchange(get({ method: 'POST', path })).catch((error: unknown) => error);
      if (outcome instanceof TransportFailure) expect(outcome).toMatchObject({ kind: 'closed', sent: true });
      else expect(urls.at(-1)).toBe(path);
      for (const socket of server.sockets) socket.destroy();
    }
    expect(new Set(urls).size).toBe(urls.length);
  });

  it.each(['GET', 'POST'] as const)(
    'that close under a %s give a failure of unknown outcome; the request is not sent again behind our back',
    async (method) => {
      let requests = 0;
      await using server = await httpServer((request, response) => {
        requests += 1;
        if (requests === 1) response.end('ok');
        else request.socket.destroy();
      });
      const client = clientOf(server);
      await client.exchange(get({ method }));
      expect(await failureOf(client.exchange(get({ method })))).toMatchObject({ kind: 'closed', sent: true });
      await settled();
      expect(requests).toBe(2);
    },
  );

  it('never give the second copy of an answer to the next exchange', async () => {
    await using server = await tcpServer((socket, number) => {
      let answers = 0;
      socket.on('data', () => {
        answers += 1;
        const answer = `HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n${number}.${answers}`;
        socket.write(answer + answer);
      });
    });
    const client = clientOf(server);
    const bodies: string[] = [];
    for (let exchange = 0; exchange < 3; exchange += 1) {
      bodies.push((await client.exchange(get())).body.toString());
    }
    expect(bodies).toEqual(['0.1', '1.1', '2.1']);
  });

  it('stay open for running exchanges while the client closes, and close with the last', async () => {
    await using server = await heldServer();
    const client = clientOf(server);
    const running = client.exchange(get());
    const { response } = await server.requests.at(0);
    let isClosed = false;
    const closing = client.close().then(() => {
      isClosed = true;
    });
    await settled();
    expect(isClosed).toBe(false);

    response.end('the last word');
    expect((await running).body.toString()).toBe('the last word');
    await closing;
    await closed(await server.socket(0));
  });

  it('are not opened any more by a closed client', async () => {
    await using server = await httpServer((_, response) => response.end());
    const client = clientOf(server);
    await client.close();
    expect(await failureOf(client.exchange(get()))).toMatchObject({ kind: 'connect', sent: false });
    expect(server.sockets).toHaveLength(0);
  });
});

describe('an HTTP exchange that fails', () => {
  it('because nobody listens has sent nothing', async () => {
    const client = clientOf(`http://127.0.0.1:${await unusedPort()}`);
    const error = await failureOf(client.exchange(get({ method: 'POST', body: 'x' })));
    expect(error).toBeInstanceOf(TransportFailure);
    expect(error).toMatchObject({ kind: 'connect', sent: false, cause: { code: 'ECONNREFUSED' } });
  });

  it('because no secure connection comes about in time has sent nothing', async () => {
    await using server = await tcpServer((socket) => socket.resume());
    const client = clientOf(server.origin.replace('http:', 'https:'), { connectTimeoutMs: 50 });
    expect(await failureOf(client.exchange(get()))).toMatchObject({ kind: 'connect', sent: false });
    await closed(await server.socket(0));
  });

  it('because no secure connection comes about has sent nothing, and tried once', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const client = clientOf(server.origin.replace('http:', 'https:'));
    expect(await failureOf(client.exchange(get()))).toMatchObject({ kind: 'connect', sent: false });
    expect(server.sockets).toHaveLength(1);
  });

  it('because nobody listens does so again and again, and succeeds once somebody does', async () => {
    await using server = await httpServer((_, response) => response.end('ok'));
    const client = clientOf(server);
    const other = await unusedPort();
    const nobody = clientOf(`http://127.0.0.1:${other}`, { connections: 1 });
    const failures = await Promise.all(Array.from({ length: 5 }, () => failureOf(nobody.exchange(get()))));
    for (const failure of failures) expect(failure).toMatchObject({ kind: 'connect', sent: false });
    expect((await client.exchange(get())).status).toBe(200);
  });

  it.each([
    ['reset before the answer', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
    ['closed before the answer', (socket: { end(): void }) => socket.end()],
    [
      'closed in the answer’s head',
      (socket: { end(text: string): void }) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
    ],
    [
      'closed in the answer’s body',
      (socket: { end(text: string): void }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'),
    ],
    [
      'closed in the body of an answer that announced it',
      (socket: { end(text: string): void }) =>
        socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf'),
    ],
    [
      'closed between two chunks',
      (socket: { end(text: string): void }) =>
        socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
    ],
    [
      'closed between two chunks of an answer that announced it',
      (socket: { end(text: string): void }) =>
        socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
    ],
  ])('because the connection was %s was sent and has no usable answer', async (_, act) => {
    await using server = await tcpServer((socket) => socket.once('data', () => act(socket)));
    const error = await failureOf(clientOf(server).exchange(get({ method: 'POST', body: 'x' })));
    expect(error).toBeInstanceOf(TransportFailure);
    expect(error).toMatchObject({ kind: 'closed', sent: true });
  });

  it('because the connection was reset within the answer was sent and has no usable answer', async () => {
    await using server = await heldServer();
    const failure = failureOf(clientOf(server).exchange(get()));
    const { request, response } = await server.requests.at(0);
    response.writeHead(200, { 'content-length': '10' });
    response.write('half', () => request.socket.resetAndDestroy());
    expect(await failure).toMatchObject({ kind: 'closed', sent: true });
  });

  it.each([
    ['by its length', { 'content-length': '11' }],
    ['chunk by chunk', {}],
  ])('because the answer is larger than allowed, %s, closes the socket on it', async (_, headers) => {
    await using server = await heldServer();
    const failure = failureOf(clientOf(server, { maxAnswerBytes: 10 }).exchange(get()));
    const { response } = await server.requests.at(0);
    response.writeHead(200, headers);
    response.write('12345');
    response.write('678901');
    expect(await failure).toMatchObject({ kind: 'too-large', sent: true });
    await closed(await server.socket(0));
  });

  it('does not because the answer is as large as allowed', async () => {
    await using server = await httpServer((_, response) => response.end('1234567890'));
    expect((await clientOf(server, { maxAnswerBytes: 10 }).exchange(get())).body).toHaveLength(10);
  });

  it('because the answer’s head is larger than any should be', async () => {
    await using server = await tcpServer((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx-filler: ${'x'.repeat(64 * 1024)}\r\n\r\n`));
    });
    expect(await failureOf(clientOf(server).exchange(get()))).toMatchObject({ kind: 'too-large', sent: true });
  });

  it.each([
    ['another protocol', '220 mail.example.invalid ESMTP 421202197803159926\r\n'],
    ['a frame of another binding', '00000123CNNONTAX1.08995<?xml version="1.0"?>421202197803159926'],
    ['no proper chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n421202197803159926\r\n'],
  ])('because the answer is %s says so and shows nothing of it', async (_, bytes) => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.write(bytes)));
    const error = await failureOf(clientOf(server).exchange(get()));
    expect(error).toBeInstanceOf(TransportFailure);
    expect(error).toMatchObject({ kind: 'malformed', sent: true });
    expect(inspect(error, { depth: 9 })).not.toContain('421202197803159926');
  });

  it('because no answer begins in time is a timeout, and closes the socket', async () => {
    await using server = await heldServer();
    const failure = failureOf(clientOf(server, { readTimeoutMs: 50 }).exchange(get()));
    await server.requests.at(0);
    expect(await failure).toMatchObject({ kind: 'timeout', sent: true });
    await closed(await server.socket(0));
  });

  it('because the answer falls silent is a timeout, and closes the socket', async () => {
    await using server = await heldServer();
    const failure = failureOf(clientOf(server, { readTimeoutMs: 50 }).exchange(get()));
    const { response } = await server.requests.at(0);
    response.writeHead(200, { 'content-length': '10' });
    response.write('half');
    expect(await failure).toMatchObject({ kind: 'timeout', sent: true });
    await closed(await server.socket(0));
  });
});

describe('aborting an HTTP exchange', () => {
  it.each([
    ['aborted', new Error('the client has left')],
    ['timeout', new DOMException('deadline', 'TimeoutError')],
  ])('while it waits for the answer reaches the server’s socket; the failure is "%s"', async (kind, reason) => {
    await using server = await heldServer();
    const caller = new AbortController();
    const failure = failureOf(clientOf(server).exchange(get({ signal: caller.signal })));
    await server.requests.at(0);
    caller.abort(reason);
    expect(await failure).toMatchObject({ kind, sent: true });
    await closed(await server.socket(0));
  });

  it('inside the answer’s body reaches the server’s socket', async () => {
    await using server = await heldServer();
    const caller = new AbortController();
    const failure = failureOf(clientOf(server).exchange(get({ signal: caller.signal })));
    const { response } = await server.requests.at(0);
    response.writeHead(200, { 'content-length': '10' });
    await new Promise<void>((written) => response.write('half', () => written()));
    await settled();
    caller.abort();
    expect(await failure).toMatchObject({ kind: 'aborted', sent: true });
    await closed(await server.socket(0));
  });

  it('before it begins opens no socket', async () => {
    await using server = await httpServer((_, response) => response.end());
    const error = await failureOf(clientOf(server).exchange(get({ signal: AbortSignal.abort() })));
    expect(error).toMatchObject({ kind: 'aborted', sent: false });
    expect(server.sockets).toHaveLength(0);
  });

  it('while it connects sends nothing', async () => {
    const requests: string[] = [];
    await using server = await httpServer((request, response) => {
      requests.push(request.url ?? '');
      response.end('ok');
    });
    const client = clientOf(server, { connections: 1 });
    const caller = new AbortController();
    const failure = failureOf(client.exchange(get({ path: '/aborted', signal: caller.signal })));
    caller.abort();
    expect(await failure).toMatchObject({ kind: 'aborted', sent: false });
    await client.exchange(get({ path: '/next' }));
    expect(requests).toEqual(['/next']);
  });

  it('while it waits for a socket sends nothing and costs no other exchange its socket', async () => {
    await using server = await heldServer();
    const client = clientOf(server, { connections: 1 });
    const caller = new AbortController();
    const first = client.exchange(get({ path: '/first' }));
    await server.requests.at(0);
    const aborted = failureOf(client.exchange(get({ path: '/aborted', signal: caller.signal })));
    const third = client.exchange(get({ path: '/third' }));
    caller.abort();
    expect(await aborted).toMatchObject({ kind: 'aborted', sent: false });

    (await server.requests.at(0)).response.end('one');
    expect((await first).body.toString()).toBe('one');
    (await server.requests.at(1)).response.end('three');
    expect((await third).body.toString()).toBe('three');
    expect(server.requests.all.map(({ request }) => request.url)).toEqual(['/first', '/third']);
    expect(server.sockets).toHaveLength(1);
  });

  it('after the answer is whole changes nothing', async () => {
    await using server = await httpServer((_, response) => response.end('ok'));
    const client = clientOf(server, { connections: 1 });
    const caller = new AbortController();
    const answer = await client.exchange(get({ signal: caller.signal }));
    caller.abort();
    expect(answer.status).toBe(200);
    await client.exchange(get());
    expect(server.sockets).toHaveLength(1);
  });
});
