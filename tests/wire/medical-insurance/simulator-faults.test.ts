import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { golden, goldenText } from './golden-files.ts';
import { GOLDEN_PEOPLE } from './golden-population.ts';
import { DISPATCHER, envelopeOf, openSignedIn, type Simulator } from './simulator-wire.ts';

const REFERRAL = golden('2501-transfer-filing').request.body.input;

let simulator: Simulator;

beforeEach(async () => {
  simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 10:20:05');
});

afterEach(() => simulator[Symbol.asyncDispose]());

const file = () => simulator.send('2501', REFERRAL);
const filings = () => simulator.ledger.filter(({ kind }) => kind === 'referral').length;

describe('a fault told to the control server', () => {
  it('hits the transaction it names, as often as it says', async () => {
    await simulator.fault('busy', { match: '2501', times: 1 });
    expect(await simulator.done('5301', golden('5301-opsp-filing-query').request.body.input)).toEqual({
      feedetail: [],
    });
    expect((await file()).bytes.toString()).toContain('500159');
    expect(envelopeOf(await file())).toMatchObject({ infcode: 0 });
    expect(await simulator.control('GET', 'calls')).toMatchObject({ calls: { '2501': 2, '5301': 1, '9001': 1 } });
  });

  it('busy: the wrapper of the middleware, nothing done', async () => {
    await simulator.fault('busy');
    const { status, bytes } = await file();
    const { cases } = JSON.parse(goldenText('errors-non-envelope.json')) as { cases: { body: object }[] };
    expect(status).toBe(200);
    expect(Object.keys(JSON.parse(bytes.toString()) as object)).toEqual(Object.keys(cases[0]?.body ?? {}));
    expect(JSON.parse(bytes.toString())).toMatchObject({ code: 500159, success: false });
    expect(filings()).toBe(0);
  });

  it('expired-secret: a refusal that speaks of the sign-in, nothing done', async () => {
    await simulator.fault('expired-secret');
    expect(envelopeOf(await file())).toMatchObject({
      infcode: -1,
      err_msg: expect.stringContaining('签到'),
      output: null,
    });
    expect(filings()).toBe(0);
  });

  it('bad-signature: the refusal of the gateway, without an infcode', async () => {
    await simulator.fault('bad-signature');
    const { status, bytes } = await file();
    expect(status).toBe(401);
    expect(JSON.parse(bytes.toString())).toEqual({ error: '示例：签名校验失败' });
  });

  it('html-error and http-status: a gateway page or a bare status, nothing done', async () => {
    await simulator.fault('html-error', { times: 1 });
    await simulator.fault('http-status', { status: 504, times: 1 });
    expect(await file()).toMatchObject({ status: 502, type: 'text/html; charset=gbk' });
    expect(await file()).toMatchObject({ status: 504, bytes: Buffer.alloc(0) });
    expect(filings()).toBe(0);
  });

  it('drop-before-work: a closed connection, nothing done', async () => {
    await simulator.fault('drop-before-work');
    await expect(file()).rejects.toThrow();
    expect(filings()).toBe(0);
  });

  it('drop-after-work: a closed connection, and the referral is filed', async () => {
    await simulator.fault('drop-after-work');
    await expect(file()).rejects.toThrow();
    expect(filings()).toBe(1);
  });

  it('truncate: half an answer, and the referral is filed', async () => {
    await simulator.fault('truncate');
    await expect(file()).rejects.toThrow();
    expect(filings()).toBe(1);
  });

  it('garbage and wrong-charset: bytes that are no JSON or no UTF-8, and the referrals are filed', async () => {
    await simulator.fault('garbage', { times: 1 });
    expect((await file()).bytes).toHaveLength(64);
    await simulator.fault('wrong-charset', { match: '1101' });
    const person = await simulator.send('1101', golden('1101-person-info').request.body.input);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(person.bytes)).toThrow();
    expect(new TextDecoder('gb18030').decode(person.bytes)).toContain('周启明');
    expect(filings()).toBe(1);
  });

  it('delay and late-answer: the answer after the time told, the work before or after it', async () => {
    await simulator.fault('delay', { delayMs: 60, times: 1 });
    const began = performance.now();
    expect(envelopeOf(await file())).toMatchObject({ infcode: 0 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
    await simulator.fault('late-answer', { delayMs: 60_000 });
    const leaving = new AbortController();
    const { path, init } = simulator.request('2501', REFERRAL);
    const left = simulator.raw(path, { ...init, signal: leaving.signal });
    await expect.poll(filings).toBe(2);
    leaving.abort();
    await expect(left).rejects.toThrow();
  });

  it('duplicate-answer: the same answer twice, the work once', async () => {
    await simulator.fault('duplicate-answer', { times: 1 });
    const answers = await rawAnswers(2);
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('trt_dcla_detl_sn');
    expect(filings()).toBe(1);
  });

  it('refuse-connection: nobody listens until the faults are cleared', async () => {
    await simulator.fault('refuse-connection');
    await expect(file()).rejects.toThrow();
    await simulator.control('DELETE', 'faults');
    await expect
      .poll(() =>
        file().then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    expect(filings()).toBe(1);
  });
});

/** The bodies of the first answers that come back on one socket. */
function rawAnswers(count: number): Promise<string[]> {
  const { init } = simulator.request('2501', REFERRAL);
  const body = String(init.body);
  const headers = (init.headers as [string, string][]).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `POST ${DISPATCHER} HTTP/1.1\r\nhost: localhost\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1', () => socket.write(head + body));
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      received += String(text);
      const bodies = received.split(/HTTP\/1\.1 200 OK\r\n/).slice(1);
      const whole = bodies.map((answer) => answer.split('\r\n\r\n')[1] ?? '').filter((answer) => answer.endsWith('}}'));
      if (whole.length < count) return;
      socket.destroy();
      resolve(whole);
    });
    socket.on('error', reject);
  });
}
