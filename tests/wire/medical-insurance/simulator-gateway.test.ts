import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateMedicalInsurance } from '../../../adapters/medical-insurance/simulator.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import sandbox from '../../../seeds/sandbox.json' with { type: 'json' };
import { golden, goldenText } from './golden-files.ts';
import { GOLDEN_CREDENTIALS, GOLDEN_PEOPLE, GOLDEN_PROVIDER } from './golden-population.ts';
import {
  comparable,
  DISPATCHER,
  type Differences,
  envelopeOf,
  openSignedIn,
  type Simulator,
  sign,
} from './simulator-wire.ts';

const QUERY = golden('1101-person-info').request.body.input;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 09:12:05');
});

afterAll(() => simulator[Symbol.asyncDispose]());

/** What the gateway says: its status and its small JSON. */
async function refusedBy(differences: Differences): Promise<{ status: number; body: unknown }> {
  const { status, bytes } = await simulator.send('1101', QUERY, differences);
  return { status, body: JSON.parse(bytes.toString('utf8')) };
}

describe('the gateway in front of the platform', () => {
  it('takes a request at all three forms of address, behind any prefix', async () => {
    const addresses = [
      DISPATCHER,
      `/ebus/xianan${DISPATCHER}`,
      '/fsi/api/fsiPsnInfoService/queryPsnInfo',
      '/ebus/xianan/fsi/api/fsiPsnInfoService/queryPsnInfo',
      '/1101',
      '/ebus/xianan/1101',
    ];
    for (const path of addresses) {
      expect(await simulator.done('1101', QUERY, { path })).toHaveProperty('baseinfo');
    }
  });

  it.each([
    ['an address it does not serve', '/fsi/api/other'],
    ["another transaction's address", '/fsi/api/hospSettService/settV2'],
    ["another transaction's number", '/2304'],
  ])('answers 404 without an infcode at %s', async (_what, path) => {
    expect(await refusedBy({ path })).toEqual({ status: 404, body: { error: '示例：服务不存在' } });
  });

  it('refuses other methods and other kinds of body', async () => {
    expect(await refusedBy({ method: 'GET' })).toMatchObject({ status: 405 });
    expect(await refusedBy({ headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 });
    expect(await refusedBy({ headers: { 'content-type': 'application/xml' } })).toMatchObject({ status: 415 });
  });

  it.each(['paasid', 'timestamp', 'nonce', 'signature'])('refuses a request without x-tif-%s', async (name) => {
    const { status, body } = await refusedBy({ headers: { [`x-tif-${name}`]: undefined } });
    expect(status).toBe(401);
    expect(body).toEqual({ error: `示例：缺少请求头x-tif-${name}` });
  });

  it('refuses an application id it did not give', async () => {
    expect(await refusedBy({ headers: { 'x-tif-paasid': 'someone_else' } })).toEqual({
      status: 403,
      body: { error: '示例：应用标识不存在' },
    });
  });

  it('refuses a signature made with another token, in the golden words', async () => {
    const timestamp = String(Math.floor(simulator.core.instant / 1000));
    const headers = { 'x-tif-nonce': 'wrong-token', 'x-tif-signature': sign(timestamp, 'ANOTHER', 'wrong-token') };
    const { cases } = JSON.parse(goldenText('errors-non-envelope.json')) as {
      cases: { name: string; http_status: number; body: unknown }[];
    };
    const refusal = cases.find(({ name }) => name === 'gateway refusal');
    expect(await refusedBy({ headers })).toEqual({ status: refusal?.http_status, body: refusal?.body });
  });

  it('accepts every golden signature of its token and none of the negative ones', async () => {
    const { vectors, negative } = JSON.parse(goldenText('signing-sha256.json')) as {
      vectors: { token: string; timestamp: string; nonce: string; signature: string }[];
      negative: { timestamp?: string; nonce?: string; wrong_signature: string }[];
    };
    const signed = ({ timestamp, nonce, signature }: { timestamp: string; nonce: string; signature: string }) => ({
      'x-tif-timestamp': timestamp,
      'x-tif-nonce': nonce,
      'x-tif-signature': signature,
    });
    for (const vector of vectors.filter(({ token }) => token === GOLDEN_CREDENTIALS.token)) {
      expect(await simulator.done('1101', QUERY, { headers: signed(vector) })).toHaveProperty('baseinfo');
    }
    for (const { timestamp = '1773623525', nonce = 'not-used-before', wrong_signature } of negative) {
      const headers = signed({ timestamp, nonce, signature: wrong_signature });
      expect(await refusedBy({ headers })).toMatchObject({ status: 401 });
    }
  });

  it.each([
    [299, 200],
    [301, 401],
    [-299, 200],
    [-301, 401],
  ])('with the sender %i s behind answers %i', async (seconds, status) => {
    const timestamp = String(Math.floor(simulator.core.instant / 1000) - seconds);
    const answer = await simulator.send('1101', QUERY, { headers: simulator.headers(timestamp) });
    expect(answer.status).toBe(status);
  });

  it('takes a nonce once', async () => {
    const headers = simulator.headers();
    expect(await simulator.done('1101', QUERY, { headers })).toHaveProperty('baseinfo');
    expect(await refusedBy({ headers })).toEqual({ status: 401, body: { error: '示例：随机串重复' } });
  });

  it('does not spend the nonce of a request that was wrongly signed', async () => {
    const headers = simulator.headers();
    await refusedBy({ headers: { ...headers, 'x-tif-signature': 'f'.repeat(64) } });
    expect(await simulator.done('1101', QUERY, { headers })).toHaveProperty('baseinfo');
  });

  it('answers a body that is no envelope as an early failure, without ids', async () => {
    const early = (
      JSON.parse(goldenText('errors-non-envelope.json')) as { cases: { name: string; body: object }[] }
    ).cases.find(({ name }) => name.startsWith('early failure'));
    for (const body of ['', '{', '[]', '"text"']) {
      const answer = envelopeOf(await simulator.send('1101', QUERY, { body }));
      expect(Object.keys(answer).sort()).toEqual(Object.keys(early?.body ?? {}).sort());
      expect(answer).toMatchObject({ infcode: -1, inf_refmsgid: null, warn_msg: null, cainfo: null, output: null });
    }
  });

  it('refuses a body that is not UTF-8', async () => {
    const { path, init } = simulator.request('1101', QUERY);
    const body = Buffer.from(String(init.body));
    body[body.indexOf('示')] = 0xff;
    const answer = envelopeOf(await simulator.raw(path, { ...init, body }));
    expect(answer.err_msg).toContain('不是有效的JSON交易报文');
  });

  it('stamps its answers with region, seconds and serial, and with its own milliseconds', async () => {
    const answer = await simulator.call('1101', QUERY);
    const next = await simulator.call('1101', QUERY);
    expect(answer).toMatchObject({ refmsg_time: '20260316091205486', respond_time: '20260316091205486' });
    expect(answer.inf_refmsgid).toMatch(/^420000202603160912057\d{9}$/);
    expect(BigInt(String(next.inf_refmsgid)) - BigInt(String(answer.inf_refmsgid))).toBe(1n);
  });
});

describe('simulateMedicalInsurance', () => {
  it("expects the sandbox's application id and token, by its own clock", async () => {
    const core = new SimulatorCore('medical-insurance');
    const department = simulateMedicalInsurance(core, GOLDEN_PEOPLE, {});
    const url = new URL(await department.listen(0));
    try {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const { paasid, token } = sandbox.medicalInsurance;
      const body = JSON.stringify(golden('9001-sign-in').request.body);
      const request = (secret: string, nonce: string) =>
        [
          `POST ${DISPATCHER} HTTP/1.1`,
          `host: ${url.host}`,
          'content-type: application/json',
          'connection: close',
          `x-tif-paasid: ${paasid}`,
          `x-tif-timestamp: ${timestamp}`,
          `x-tif-nonce: ${nonce}`,
          `x-tif-signature: ${sign(timestamp, secret, nonce)}`,
          `content-length: ${Buffer.byteLength(body)}`,
          '',
          body,
        ].join('\r\n');
      expect(await exchange(Number(url.port), request(token, 'a'))).toMatch(
        /^HTTP\/1\.1 200 [\s\S]*"sign_no":"421200G/,
      );
      expect(await exchange(Number(url.port), request('another', 'b'))).toMatch(/^HTTP\/1\.1 401 /);
      core.setClock(-600_000);
      expect(await exchange(Number(url.port), request(token, 'c'))).toMatch(/^HTTP\/1\.1 401 [\s\S]*时间戳/);
    } finally {
      await department.close();
    }
  });
});

describe('an answer with infcode as text', () => {
  it('is given from the act on until the reset', async () => {
    await using own = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 09:12:05');
    await own.act('infcode-as-text');
    expect(await own.call('1101', QUERY)).toMatchObject({ infcode: '0' });
    expect(await own.call('9999', QUERY)).toMatchObject({ infcode: '-1' });
    await own.act('infcode-as-text', { on: false });
    expect(comparable(await own.call('1101', QUERY))).toEqual(
      comparable(golden('1101-person-info').response?.body ?? {}),
    );
  });
});

function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
  });
}

it('has the provider of the golden requests in the fixture', () => {
  expect(golden('9001-sign-in').request.body).toMatchObject({ fixmedins_code: GOLDEN_PROVIDER.code });
});
