import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SIGNAL } from '../../adapters/transport/call.ts';
import { TransportFailure } from '../../adapters/transport/failure.ts';
import { type TcpRequest, tcpExchange } from '../../adapters/transport/tcp.ts';
import { Arrivals, closed, type Loopback, tcpServer, unusedPort } from './loopback.ts';
import { failureOf, listeners, settled } from './toy-line.ts';

/** Four bytes of length, the whole frame's, and then the text. */
function frame(text: string | Buffer): Buffer {
  const body = Buffer.from(text as string);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(4 + body.length);
  return Buffer.concat([head, body]);
}

const frameLength = (received: Buffer) => (received.length < 4 ? undefined : received.readUInt32BE(0));

function exchange(
  to: Loopback | number,
  about: Partial<TcpRequest> = {},
  options: { connectTimeoutMs?: number; readTimeoutMs?: number } = {},
): Promise<Buffer> {
  const port = typeof to === 'number' ? to : to.port;
  return tcpExchange(
    { host: '127.0.0.1', port, connectTimeoutMs: 5_000, readTimeoutMs: 10_000, ...options },
    { frame: frame('ask'), frameLength, signal: NO_SIGNAL, ...about },
  );
}

/** A server that reads one whole frame and then does as it is told. */
function answering(act: (socket: Socket, asked: Buffer) => void): Promise<Loopback> {
  return tcpServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= (frameLength(received) ?? Number.POSITIVE_INFINITY)) act(socket, received);
    });
  });
}

/** Writes each piece as a packet of its own. */
async function writePieces(socket: Socket, pieces: Iterable<Uint8Array>): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise<void>((written) => socket.write(piece, () => written()));
    await settled();
  }
}

/** A port whose server has stopped accepting, with nobody else's connection let in either. */
async function deafServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const waiting = Array.from({ length: 16 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.race(waiting.map((socket) => once(socket, 'connect')));
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}

describe('a TCP exchange', () => {
  it('sends its frame and gives the answer’s', async () => {
    const asked = new Arrivals<Buffer>();
    await using server = await answering((socket, received) => {
      asked.add(received);
      socket.end(frame('answer'));
    });
    expect(await exchange(server)).toEqual(frame('answer'));
    expect(asked.all).toEqual([frame('ask')]);
  });

  it('closes its connection when it has its answer, and takes another for the next', async () => {
    await using server = await answering((socket) => socket.write(frame('answer')));
    await exchange(server);
    await closed(await server.socket(0));
    await exchange(server);
    expect(server.sockets).toHaveLength(2);
  });

  it('puts an answer together that comes byte by byte', async () => {
    await using server = await answering((socket) => {
      void writePieces(
        socket,
        Array.from(frame('answer'), (byte) => Uint8Array.of(byte)),
      );
    });
    expect(await exchange(server)).toEqual(frame('answer'));
  });

  it('puts an answer together however it is cut', async () => {
    const answers = new Arrivals<Buffer[]>();
    await using server = await answering((socket) => void writePieces(socket, answers.all.at(-1) ?? []));
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(320), { maxLength: 6 }),
        async (body, cuts) => {
          const whole = frame(Buffer.from(body));
          const ends = [...cuts.filter((cut) => cut < whole.length), whole.length].sort((a, b) => a - b);
          answers.add(
            ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end)).filter((piece) => piece.length),
          );
          expect(await exchange(server)).toEqual(whole);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('carries large frames both ways', async () => {
    const large = frame(randomBytes(4 * 1024 * 1024));
    await using server = await answering((socket, received) => socket.end(received));
    expect((await exchange(server, { frame: large })).equals(large)).toBe(true);
  });

  it('leaves out what follows the answer’s frame', async () => {
    await using server = await answering((socket) => socket.end(Buffer.concat([frame('answer'), Buffer.from('\r\n')])));
    expect(await exchange(server)).toEqual(frame('answer'));
  });

  it('takes the first of two answers', async () => {
    await using server = await answering((socket) => socket.end(Buffer.concat([frame('first'), frame('second')])));
    expect(await exchange(server)).toEqual(frame('first'));
  });

  it('does not ask for the length again once it is known', async () => {
    let asked = 0;
    await using server = await answering((socket) => {
      void writePieces(
        socket,
        Array.from(frame('answer'), (byte) => Uint8Array.of(byte)),
      );
    });
    await exchange(server, {
      frameLength: (received) => {
        asked += 1;
        return frameLength(received);
      },
    });
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('leaves no listener on a signal that lives long, whatever the outcome', async () => {
    const longLived = new AbortController();
    await using server = await answering((socket) => socket.end(frame('answer')));
    await using rude = await tcpServer((socket) => socket.destroy());
    await exchange(server, { signal: longLived.signal });
    await failureOf(exchange(rude, { signal: longLived.signal }));
    await failureOf(exchange(await unusedPort(), { signal: longLived.signal }));
    expect(listeners(longLived.signal)).toBe(0);
  });
});

describe('a TCP exchange that fails', () => {
  it('because nobody listens has sent nothing', async () => {
    const error = await failureOf(exchange(await unusedPort()));
    expect(error).toBeInstanceOf(TransportFailure);
    expect(error).toMatchObject({ kind: 'connect', sent: false, cause: { code: 'ECONNREFUSED' } });
  });

  it('because no connection comes about in time has sent nothing', async () => {
    await using server = await deafServer();
    const failure = failureOf(exchange(server.port, {}, { connectTimeoutMs: 50 }));
    expect(await failure).toMatchObject({ kind: 'connect', sent: false });
  });

  it.each([
    ['closes without an answer', (socket: Socket) => socket.end()],
    ['resets without an answer', (socket: Socket) => socket.resetAndDestroy()],
    ['closes within the length', (socket: Socket) => socket.end(frame('answer').subarray(0, 3))],
    ['closes one byte too early', (socket: Socket) => socket.end(frame('answer').subarray(0, -1))],
  ])('because the other end %s may have been done', async (_, act) => {
    await using server = await answering(act);
    const error = await failureOf(exchange(server));
    expect(error).toBeInstanceOf(TransportFailure);
    expect(error).toMatchObject({ kind: 'closed', sent: true });
  });

  it.each([
    ['the whole answer', []],
    ['the rest of the answer', [frame('answer').subarray(0, 5)]],
  ])('because the other end keeps silent about %s is a timeout, and closes the connection', async (_, pieces) => {
    await using server = await answering((socket) => void writePieces(socket, pieces));
    expect(await failureOf(exchange(server, {}, { readTimeoutMs: 50 }))).toMatchObject({ kind: 'timeout', sent: true });
    await closed(await server.socket(0));
  });

  it('because the length cannot be read gives that very error, and closes the connection', async () => {
    const refusal = new Error('not a length');
    await using server = await answering((socket) => socket.write(frame('answer')));
    const failure = failureOf(
      exchange(server, {
        frameLength: () => {
          throw refusal;
        },
      }),
    );
    expect(await failure).toBe(refusal);
    await closed(await server.socket(0));
  });
});

describe('aborting a TCP exchange', () => {
  it.each([
    ['aborted', new Error('the client has left')],
    ['timeout', new DOMException('deadline', 'TimeoutError')],
  ])('while it waits destroys the socket; the failure is "%s"', async (kind, reason) => {
    const asked = new Arrivals<Buffer>();
    await using server = await answering((_, received) => asked.add(received));
    const caller = new AbortController();
    const failure = failureOf(exchange(server, { signal: caller.signal }));
    await asked.at(0);
    caller.abort(reason);
    expect(await failure).toMatchObject({ kind, sent: true });
    await closed(await server.socket(0));
  });

  it('within the answer destroys the socket', async () => {
    await using server = await answering((socket) => void writePieces(socket, [frame('answer').subarray(0, 5)]));
    const caller = new AbortController();
    const failure = failureOf(
      exchange(server, {
        signal: caller.signal,
        frameLength: () => {
          caller.abort();
          return undefined;
        },
      }),
    );
    expect(await failure).toMatchObject({ kind: 'aborted', sent: true });
    await closed(await server.socket(0));
  });

  it('before it begins opens no connection', async () => {
    await using server = await answering(() => {});
    const failure = await failureOf(exchange(server, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ kind: 'aborted', sent: false });
    await settled();
    expect(server.sockets).toHaveLength(0);
  });

  it('while it connects has sent nothing', async () => {
    const asked = new Arrivals<Buffer>();
    await using server = await answering((socket, received) => {
      asked.add(received);
      socket.end(frame('answer'));
    });
    const caller = new AbortController();
    const failure = failureOf(exchange(server, { signal: caller.signal }));
    caller.abort();
    expect(await failure).toMatchObject({ kind: 'aborted', sent: false });
    await exchange(server);
    expect(asked.all).toHaveLength(1);
  });
});
