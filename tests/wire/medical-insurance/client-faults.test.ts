import { once } from 'node:events';
import type { Socket } from 'node:net';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { describe, expect, test } from 'vitest';
import { closeLater } from '../closing.ts';
import { rawLoopback } from '../loopback.ts';
import { mswLoopback } from '../msw-loopback.ts';
import { CHRONIC, referral, settlementRequest } from './client-acts.ts';
import { type Answerer, type ClientParts, clientOf, refusal, signedIn, startPlatform } from './client-platform.ts';
import { golden } from './golden-files.ts';

async function answering(answer: Answerer, parts: ClientParts = {}) {
  const platform = await startPlatform(answer);
  const client = clientOf(platform.url, parts);
  return { client, platform };
}

const settled = golden('2304-inpatient-settle-maternity').response?.body;
const found = golden('5301-opsp-filing-query').response?.body;

describe('below the protocol', () => {
  /** Answers sign-ins properly and hands the socket of any other request to the test. */
  async function rawPlatform(answer: (socket: Socket, count: number) => unknown) {
    let count = 0;
    const loopback = await rawLoopback(({ body }, socket) => {
      if (body.includes('"infno":"9001"')) return httpAnswer(JSON.stringify(signedIn()));
      count += 1;
      answer(socket, count);
      return undefined;
    });
    return closeLater({
      ...loopback,
      get count() {
        return count;
      },
    });
  }
  const httpAnswer = (body: string) =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  const clientTo = (url: string, settings: Record<string, unknown> = {}) => clientOf(url, { settings });

  const whole = httpAnswer(JSON.stringify(found));
  const cuts: Record<string, (socket: Socket) => void> = {
    'closed without an answer': (socket) => socket.destroy(),
    'reset without an answer': (socket) => socket.resetAndDestroy(),
    'cut off inside the answer': (socket) => socket.write(whole.slice(0, -20), () => socket.destroy()),
    'answered in no HTTP': (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n', () => socket.destroy()),
  };

  test.each(Object.keys(cuts))('%s: a query is made again and answered', async (name) => {
    const platform = await rawPlatform((socket, count) =>
      count < 3 ? cuts[name]?.(socket) : void socket.write(whole),
    );
    expect(await clientTo(platform.url).chronicDiseaseFilings(CHRONIC)).toHaveLength(1);
    expect(platform.count).toBe(3);
  });

  test.each(Object.keys(cuts))('%s: a write is of unknown outcome and not made again', async (name) => {
    const platform = await rawPlatform((socket) => cuts[name]?.(socket));
    await expect(clientTo(platform.url).settle(settlementRequest)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reference: expect.stringMatching(/^H42120200137\d{18}$/) },
    });
    expect(platform.count).toBe(1);
  });

  test('nobody listens: unreachable and nothing was sent, for queries and writes', async () => {
    const platform = await rawPlatform(() => {});
    const client = clientTo(platform.url);
    await platform.close();
    for (const call of [client.chronicDiseaseFilings(CHRONIC), client.settle(settlementRequest)]) {
      await expect(call).rejects.toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    }
  });

  test('an answer sent twice does not become the answer to the next call', async () => {
    const person = JSON.stringify(golden('1101-person-info').response?.body);
    const platform = await rawPlatform((socket, count) => {
      const answer = httpAnswer(
        count === 1 ? person : JSON.stringify(golden('1101-person-info-resident').response?.body),
      );
      socket.write(count === 1 ? answer + answer : answer);
    });
    const client = clientTo(platform.url);
    expect((await client.insuredPerson({ idNumber: '421202195803120133' }))?.name).toBe('周启明');
    expect((await client.insuredPerson({ idNumber: '421202194909300242' }))?.name).toBe('汪素珍');
  });

  test('a deadline closes the socket: timeout for a query, unknown for a write', async () => {
    const asked: Socket[] = [];
    const platform = await rawPlatform((socket) => asked.push(socket));
    const client = clientTo(platform.url, { line: { deadline: { readMs: 400, writeMs: 400 } } });
    await Promise.all([
      expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' }),
      expect(client.fileReferral(referral)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' }),
    ]);
    expect(asked).toHaveLength(2);
    for (const socket of asked) if (!socket.closed) await once(socket, 'close');
  });

  test('a trial settlement has the time of a settlement', async () => {
    const asked = Promise.withResolvers<Socket>();
    const platform = await rawPlatform((socket) => asked.resolve(socket));
    const client = clientTo(platform.url, { settlementDeadlineMs: 10_000, line: { deadline: { readMs: 400 } } });
    const trial = client.trialSettlement(settlementRequest);
    const socket = await asked.promise;
    // A query that begins later is given up sooner.
    await expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    socket.write(httpAnswer(JSON.stringify(golden('2303-inpatient-presettle-maternity').response?.body)));
    expect(await trial).toMatchObject({ totalFen: 685_000 });
  });

  test('a caller who leaves closes the socket of a query and not that of a write', async () => {
    const controller = new AbortController();
    const requested = Promise.withResolvers<Socket>();
    const platform = await rawPlatform((socket) => requested.resolve(socket));
    const client = clientTo(platform.url);
    const query = client.chronicDiseaseFilings(CHRONIC, { signal: controller.signal });
    const socket = await requested.promise;
    const closed = once(socket, 'close');
    controller.abort();
    await expect(query).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    await closed;

    const second = Promise.withResolvers<Socket>();
    const writing = await rawPlatform((socket) => second.resolve(socket));
    const leaving = new AbortController();
    const write = clientTo(writing.url).settle(settlementRequest, { signal: leaving.signal });
    const writeSocket = await second.promise;
    leaving.abort();
    writeSocket.write(httpAnswer(JSON.stringify(settled)));
    expect(await write).toMatchObject({ id: '421202000000710001' });
  });

  test('repeated failures open the breaker, after which nothing is sent', async () => {
    const platform = await rawPlatform((socket) => socket.destroy());
    const client = clientTo(platform.url, {
      line: { breaker: { failures: 2, coolDownMs: 60_000 }, retry: { attempts: 1 } },
    });
    expect(client.breakerState).toBe('closed');
    for (const _ of ['first', 'second']) await client.chronicDiseaseFilings(CHRONIC).catch(() => {});
    expect(client.breakerState).toBe('open');
    await expect(client.settle(settlementRequest)).rejects.toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(platform.count).toBe(2);
  });

  test('refusals, being answers, do not open it', async () => {
    const { client } = await answering(() => refusal('FSI-示例：不予办理'), {
      settings: { line: { breaker: { failures: 2, coolDownMs: 60_000 } } },
    });
    for (let call = 0; call < 4; call += 1) await client.settle(settlementRequest).catch(() => {});
    expect(client.breakerState).toBe('closed');
  });
});

describe('HTTP faults by msw handlers, answered from a real listener', () => {
  const DISPATCHER = '*/fsi/api/rsfComIfsService/callService';

  async function served(...handlers: readonly RequestHandler[]) {
    const signingIn = http.post(DISPATCHER, async ({ request }) => {
      const { infno } = (await request.clone().json()) as { infno: string };
      return infno === '9001' ? HttpResponse.json(signedIn()) : undefined;
    });
    const platform = closeLater(await mswLoopback([signingIn, ...handlers]));
    return { client: clientOf(platform.url), platform };
  }

  test('a network error: unknown for a write, unreachable for a query that never succeeds', async () => {
    const { client } = await served(http.post(DISPATCHER, () => HttpResponse.error()));
    await expect(client.settle(settlementRequest)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
  });

  test.each([
    [400, 'DEPARTMENT_REJECTED', 'DEPARTMENT_REJECTED'],
    [404, 'DEPARTMENT_REJECTED', 'DEPARTMENT_REJECTED'],
    [500, 'DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN'],
    [503, 'DEPARTMENT_BUSY', 'OUTCOME_UNKNOWN'],
    [504, 'DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN'],
  ])('status %i: %s for a query, %s for a write', async (status, forQuery, forWrite) => {
    const { client } = await served(http.post(DISPATCHER, () => new HttpResponse(null, { status })));
    await expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({
      code: forQuery,
      details: { departmentCode: `HTTP ${status}` },
    });
    await expect(client.settle(settlementRequest)).rejects.toMatchObject({ code: forWrite });
  });

  test('a query is answered by the attempt after two pages of HTML', async () => {
    let count = 0;
    const { client } = await served(
      http.post(DISPATCHER, () => {
        count += 1;
        return count < 3 ? HttpResponse.html('<html>维护</html>') : HttpResponse.json(found);
      }),
    );
    expect(await client.chronicDiseaseFilings(CHRONIC)).toHaveLength(1);
    expect(count).toBe(3);
  });
});
