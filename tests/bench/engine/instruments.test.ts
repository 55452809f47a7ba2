import { once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { compareAnswers } from './answers.ts';
import type { Contender } from './contenders.ts';
import { jsonAnswer, serveLean } from './lean-http.ts';
import { cpuMs } from './os-count.ts';
import { fitLine, median } from './statistics.ts';

describe('figures', () => {
  it('have the mean of the two in the middle as median when they are even', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });

  it('on a straight line give its slope and its start', () => {
    const { slope, intercept, r2 } = fitLine([1, 10, 100].map((x) => [x, 3 * x + 2]));
    expect([slope, intercept, r2]).toEqual([expect.closeTo(3), expect.closeTo(2), expect.closeTo(1)]);
  });

  it('off any line have an r² far from 1', () => {
    const zigzag = [1, 9, 1, 9, 1];
    expect(fitLine(zigzag.map((y, x) => [x, y])).r2).toBeLessThan(0.1);
  });
});

describe.skipIf(process.platform !== 'linux')('the operating system’s count', () => {
  it('agrees with what the process knows of its own CPU', () => {
    const before = cpuMs(process.pid);
    const own = process.cpuUsage();
    while (process.cpuUsage(own).user < 300_000);
    const { user, system } = process.cpuUsage(own);
    expect(Math.abs(cpuMs(process.pid) - before - (user + system) / 1_000)).toBeLessThan(60);
  });
});

describe('contenders', () => {
  const [left, right] = [{ letter: 'g' } as Contender, { letter: 'h' } as Contender];

  it('that answer the same in another order of keys are told apart', () => {
    expect(() => compareAnswers(left, ['{"a":1,"b":2}'], right, ['{"b":2,"a":1}'])).toThrow(
      /\(g\) and \(h\).*request 0/,
    );
  });

  it('of which one has answered less are told apart', () => {
    expect(() => compareAnswers(left, ['{}', '{}'], right, ['{}'])).toThrow(/request 1/);
  });
});

describe('the lean HTTP server', () => {
  let server: Server;
  const listen = async () => {
    server = serveLean((body) => jsonAnswer(JSON.stringify({ got: body.toString('utf8') })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => server.close());

  it('takes request after request on one connection', async () => {
    const socket = connect(await listen(), '127.0.0.1');
    const texts = [];
    for (const text of ['户籍', 'second']) {
      socket.write(`POST / HTTP/1.1\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      texts.push(answer.toString('utf8').split('\r\n\r\n')[1]);
    }
    socket.destroy();
    expect(texts).toEqual(['{"got":"户籍"}', '{"got":"second"}']);
  });

  it('waits for the rest of a body that comes in pieces', async () => {
    const socket = connect({ port: await listen(), host: '127.0.0.1', noDelay: true });
    const answered = once(socket, 'data') as Promise<[Buffer]>;
    for (const piece of ['POST / HTTP/1.1\r\ncontent-le', 'ngth: 6\r\n\r\nab', 'cdef']) {
      await new Promise((resolve) => socket.write(piece, resolve));
      await new Promise(setImmediate);
    }
    const [answer] = await answered;
    socket.destroy();
    expect(answer.toString('utf8')).toMatch(/\{"got":"abcdef"\}$/);
  });

  it('refuses a body of unknown length', async () => {
    const socket = connect(await listen(), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString('utf8')).toMatch(/^HTTP\/1\.1 411 /);
  });
});
