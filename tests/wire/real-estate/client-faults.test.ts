import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RealEstateClient } from '../../../adapters/real-estate/client.ts';
import type { Fault } from '../../../adapters/simulator/core.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { closeLater } from '../closing.ts';
import { mswLoopback } from '../msw-loopback.ts';
import {
  clientOf,
  HOUSE,
  ownerQuery,
  peopleWith,
  REGISTRATION,
  SEIZED_FLAT,
  SUN,
  signedAnswer,
  startRegistry,
  startServer,
} from './fixture.ts';

const LINK = {
  acceptanceNumber: REGISTRATION.acceptanceNumber,
  payCode: '42120226300000001002',
  items: [{ code: '103043211', name: '不动产登记费', unitPriceFen: fen(8_000), quantity: 1, amountFen: fen(8_000) }],
};
const LINKED = '<SFXX SLBH="202603160007" JFSBM="42120226300000001002" SFZT="0" HJ="80.00"/>';
const NOTHING = '<CXJG CXBH="CX2026031600020" Records="0" Page="1" Size="50" CXSJ="2026-03-16T09:20:12+08:00"/>';

const read = (client: RealEstateClient, signal?: AbortSignal) =>
  client.propertiesByOwner(ownerQuery(SUN), signal ? { signal } : {});
const write = (client: RealEstateClient, signal?: AbortSignal) => client.linkFee(LINK, signal ? { signal } : {});

describe('faults of the simulator', () => {
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  let client: RealEstateClient;

  beforeEach(async () => {
    registry = await startRegistry(peopleWith([SEIZED_FLAT, HOUSE], [REGISTRATION]));
    client = clientOf(registry.url);
  });

  /** `done`: whether the write was done; `reads`, `writes`: the codes, OK for none. */
  const TABLE: [Fault, { reads: string; writes: string; done: boolean }][] = [
    [
      { kind: 'delay', delayMs: 5 },
      { reads: 'OK', writes: 'OK', done: true },
    ],
    [{ kind: 'refuse-connection' }, { reads: 'DEPARTMENT_UNREACHABLE', writes: 'DEPARTMENT_UNREACHABLE', done: false }],
    [{ kind: 'drop-before-work' }, { reads: 'DEPARTMENT_UNREACHABLE', writes: 'OUTCOME_UNKNOWN', done: false }],
    [{ kind: 'drop-after-work' }, { reads: 'DEPARTMENT_UNREACHABLE', writes: 'OUTCOME_UNKNOWN', done: true }],
    [{ kind: 'duplicate-answer' }, { reads: 'OK', writes: 'OK', done: true }],
    [
      { kind: 'late-answer', delayMs: 5 },
      { reads: 'OK', writes: 'OK', done: true },
    ],
    [{ kind: 'truncate' }, { reads: 'DEPARTMENT_UNREACHABLE', writes: 'OUTCOME_UNKNOWN', done: true }],
    [{ kind: 'wrong-charset' }, { reads: 'DEPARTMENT_PROTOCOL', writes: 'OUTCOME_UNKNOWN', done: true }],
    [{ kind: 'html-error' }, { reads: 'DEPARTMENT_PROTOCOL', writes: 'OUTCOME_UNKNOWN', done: false }],
    [{ kind: 'http-status' }, { reads: 'DEPARTMENT_PROTOCOL', writes: 'OUTCOME_UNKNOWN', done: false }],
    [{ kind: 'busy' }, { reads: 'DEPARTMENT_BUSY', writes: 'DEPARTMENT_BUSY', done: false }],
    [{ kind: 'bad-signature' }, { reads: 'DEPARTMENT_PROTOCOL', writes: 'OUTCOME_UNKNOWN', done: true }],
    [{ kind: 'expired-secret' }, { reads: 'DEPARTMENT_REJECTED', writes: 'DEPARTMENT_REJECTED', done: false }],
    [{ kind: 'garbage' }, { reads: 'DEPARTMENT_PROTOCOL', writes: 'OUTCOME_UNKNOWN', done: true }],
  ];
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'OK',
      (error: { code: string }) => error.code,
    );

  test.each(TABLE)('%j', async (fault, { reads, writes, done }) => {
    registry.core.addFault({ ...fault });
    expect(await codeOf(read(client))).toBe(reads);
    expect(await codeOf(write(client))).toBe(writes);
    expect(registry.core.ledger.map(({ kind }) => kind)).toEqual(done ? ['fee-linked'] : []);
  });

  test('a write whose outcome is unknown carries its message id, and the same call again is done once', async () => {
    registry.core.addFault({ kind: 'drop-after-work', times: 1 });
    await expect(write(client)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reference: expect.stringMatching(/^421202\d{12}$/), department: 'real-estate' },
    });
    expect(await write(client)).toMatchObject({ paid: false });
    expect(registry.core.ledger).toHaveLength(1);
    expect(registry.core.calls.calls).toEqual({ LinkFee: 2 });
  });

  test('a lost connection is met by asking the query again with a new id', async () => {
    registry.core.addFault({ kind: 'drop-after-work', times: 2 });
    expect(await read(client)).toMatchObject({ total: 2 });
    expect(registry.core.calls.total).toBe(3);
  });

  test.each(['busy', 'html-error', 'http-status'] as const)(
    'a query is asked three times more after %s',
    async (kind) => {
      registry.core.addFault({ kind, times: 3 });
      expect(await read(client)).toMatchObject({ total: 2 });
      expect(registry.core.calls.total).toBe(4);
    },
  );

  test('a print is not asked again after 9001', async () => {
    const { queryNumber } = await read(client);
    registry.core.addFault({ kind: 'busy', match: 'PrintQueryProof' });
    const print = client.printQueryProof({ ...SUN, queryNumber, purpose: '1' });
    await expect(print).rejects.toMatchObject({ code: 'DEPARTMENT_BUSY', details: { departmentCode: '9001' } });
    expect(registry.core.calls.calls).toMatchObject({ PrintQueryProof: 1 });
  });

  test('a print whose answer was lost may be repeated, and is one certificate', async () => {
    const { queryNumber } = await read(client);
    registry.core.addFault({ kind: 'drop-after-work', times: 1 });
    const proof = await client.printQueryProof({ ...SUN, queryNumber, purpose: '1' });
    expect(registry.core.ledger).toMatchObject([{ kind: 'proof-printed', reference: proof.proofNumber }]);
  });

  test('a wrong signature passes nothing on and is not asked again', async () => {
    registry.core.addFault({ kind: 'bad-signature' });
    await expect(read(client)).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'Head.DigitalSign', reference: expect.any(String) },
    });
    expect(registry.core.calls.total).toBe(1);
  });

  test('the gateway’s own wrong key is a rejection with 1001', async () => {
    const stranger = await startRegistry(peopleWith([]), { gatewayPublicKey: STRANGER });
    await expect(read(clientOf(stranger.url))).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '1001' },
    });
    expect(stranger.core.calls.total).toBe(1);
  });

  test('after failures in a row the breaker spares the registry', async () => {
    const careful = clientOf(registry.url, {
      line: { retry: { attempts: 1 }, breaker: { failures: 2, coolDownMs: 60_000 } },
    });
    registry.core.addFault({ kind: 'drop-before-work' });
    await codeOf(read(careful));
    await codeOf(read(careful));
    expect(careful.breakerState).toBe('open');
    expect(await codeOf(write(careful))).toBe('DEPARTMENT_UNREACHABLE');
    expect(registry.core.calls.total).toBe(2);
  });
});

const STRANGER = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCuaOlts5du5eFSymUXejhlLL0d
KjrWB7+/oevGQLAERCjYzjHzgcmscjHRqnInK8BZCv/rA0fAmS2CLJ2QDn8o53a2
56vpSOpaje8kKQzEAWA+WE5Ft07xE0UBV3JjrlHSfAeHY3QCNMGlbXL3elWtCuKZ
jtDKavPuCpUXHoXydQIDAQAB
-----END PUBLIC KEY-----`;

describe('deadlines and callers who leave', () => {
  /** Takes requests and never answers; tells of each that came and of each that was cut. */
  async function silent() {
    const came = Promise.withResolvers<void>();
    const cut = Promise.withResolvers<void>();
    const server = await startServer((_body, response) => {
      response.once('close', () => cut.resolve());
      came.resolve();
      return undefined;
    });
    return { ...server, came: came.promise, cut: cut.promise };
  }

  test('a read that is not answered times out and its socket is cut', async () => {
    const server = await silent();
    const client = clientOf(server.url, { line: { deadline: { readMs: 60 } } });
    await expect(read(client)).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    await server.cut;
  });

  test('a write that is not answered has an unknown outcome', async () => {
    const server = await silent();
    const client = clientOf(server.url, { line: { deadline: { writeMs: 60 } } });
    await expect(write(client)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reference: expect.stringMatching(/^\d{18}$/) },
    });
    await server.cut;
  });

  test('a caller who leaves cuts its read', async () => {
    const server = await silent();
    const caller = new AbortController();
    const call = read(clientOf(server.url), caller.signal);
    await server.came;
    caller.abort();
    await expect(call).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    await server.cut;
  });

  test('a caller who leaves does not cut its write', async () => {
    const caller = new AbortController();
    const server = await startServer(async (body) => {
      caller.abort();
      await new Promise((resolve) => setImmediate(resolve));
      return signedAnswer(body, { data: LINKED });
    });
    expect(await write(clientOf(server.url), caller.signal)).toMatchObject({ paid: false });
  });

  test('a caller who left before the call sends nothing', async () => {
    const server = await silent();
    await expect(read(clientOf(server.url), AbortSignal.abort())).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
  });
});

describe('answers of a service described by msw, on a loopback socket', () => {
  /** A client of msw handlers. */
  async function mocked(resolver: (body: string, attempt: number) => Response | Promise<Response>) {
    let attempts = 0;
    const handler = http.post('*/ws/query/1.0', async ({ request }) => {
      attempts += 1;
      return resolver(await request.text(), attempts);
    });
    const server = closeLater(await mswLoopback([handler]));
    return { client: clientOf(server.url), attempts: () => attempts };
  }

  const xml = (body: string, status = 200) =>
    new HttpResponse(body, { status, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  const fault = (detail: string, name = 'soapenv') =>
    `<?xml version="1.0"?><${name}:Envelope xmlns:${name}="http://schemas.xmlsoap.org/soap/envelope/"><${name}:Body><${name}:Fault>` +
    `<faultcode>${name}:Server</faultcode><faultstring>系统繁忙</faultstring>${detail}</${name}:Fault></${name}:Body></${name}:Envelope>`;
  const detail = (code: string) =>
    `<detail><bdcFault xmlns="http://bdc.example.invalid/ws/query/1.0"><code>${code}</code><bizMsgId></bizMsgId></bdcFault></detail>`;

  test('an answer of a service with other prefixes and another declaration is read', async () => {
    const { client } = await mocked((body) =>
      xml(
        signedAnswer(body, { data: NOTHING })
          .replaceAll('soapenv', 'S')
          .replace('<?xml version="1.0" encoding="UTF-8"?>', ''),
      ),
    );
    expect(await read(client)).toMatchObject({ total: 0 });
  });

  test('an answer whose message stands in CDATA is read', async () => {
    const { client } = await mocked((body) => {
      const answer = signedAnswer(body, { data: NOTHING }, (message) => message.replace('\r\n', '\n'));
      return xml(
        answer.replace(/<responseXml>(.*)<\/responseXml>/s, (_, inner: string) => {
          const message = inner.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
          return `<responseXml><![CDATA[${message}]]></responseXml>`;
        }),
      );
    });
    expect(await read(client)).toMatchObject({ total: 0 });
  });

  test.each([200, 500])('a Fault is recognised by its element with HTTP %d', async (status) => {
    const { client } = await mocked(() => xml(fault(detail('1002'), 'SOAP-ENV'), status));
    await expect(read(client)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '1002' },
    });
  });

  test('an answer with HTTP 500 that is no Fault is an answer', async () => {
    const { client } = await mocked((body) => xml(signedAnswer(body, { data: NOTHING }), 500));
    expect(await read(client)).toMatchObject({ total: 0 });
  });

  test.each<[string, () => Response]>([
    [
      'an HTML page',
      () => new HttpResponse('<!DOCTYPE html><html></html>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['an HTML page that says it is XML', () => xml('\n<HTML><body>busy</body></HTML>')],
    ['an empty body', () => new HttpResponse(null, { status: 200 })],
    ['a Fault without the registry’s detail', () => xml(fault(''), 500)],
    ['Fault 9999', () => xml(fault(detail('9999')), 500)],
  ])('%s counts as 9999: a query is asked again, a write is not and its outcome is unknown', async (_, broken) => {
    const { client, attempts } = await mocked((body, attempt) =>
      attempt < 4 ? broken() : xml(signedAnswer(body, { data: body.includes('LinkFee') ? LINKED : NOTHING })),
    );
    expect(await read(client)).toMatchObject({ total: 0 });
    expect(attempts()).toBe(4);
    const other = await mocked(broken);
    await expect(write(other.client)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { departmentCode: '9999', reference: expect.stringMatching(/^\d{18}$/) },
    });
    expect(other.attempts()).toBe(1);
  });

  test('a Fault about another message is not taken', async () => {
    const { client } = await mocked(() =>
      xml(fault(detail('1001').replace('<bizMsgId>', '<bizMsgId>421202260316000001')), 500),
    );
    await expect(read(client)).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'Fault.bizMsgId' },
    });
  });

  test('an answer larger than allowed is cut off', async () => {
    const { client } = await mocked(() => xml('x'.repeat(17 * 1024 * 1024)));
    await expect(read(client)).rejects.toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
  });
});
