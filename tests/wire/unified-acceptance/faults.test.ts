import { inspect } from 'node:util';
import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { FAULT_KINDS, type FaultKind } from '../../../adapters/simulator/core.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { UnifiedAcceptanceClient } from '../../../adapters/unified-acceptance/client.ts';
import { bodyOf, transcript } from './golden-files.ts';
import { acceptance } from './golden-records.ts';
import { caseSeed, FEE_CASE, GOLDEN_CASE, startClient, startPlatform, TASK_CODE } from './platform-fixture.ts';
import { answerBy, answerWith } from './wire-double.ts';

const LATER = '2022-10-24 18:00:00';
const KEY = { number: FEE_CASE, password: '604518' };
const cases = [caseSeed({ number: FEE_CASE })];
const once = { deadline: { readMs: 400, writeMs: 400 }, retry: { attempts: 1 }, breaker: { failures: 100 } };

const read = (client: UnifiedAcceptanceClient) => client.progress(KEY);
const write = (client: UnifiedAcceptanceClient) => client.reportAcceptance([acceptance]);

/** What one attempt without any resend gives for each fault: for a read, for a write, and whether the write was done. */
const outcomes: Readonly<Record<FaultKind, readonly [read: string, write: string, done: boolean]>> = {
  delay: ['OK', 'OK', true],
  'refuse-connection': ['DEPARTMENT_UNREACHABLE', 'DEPARTMENT_UNREACHABLE', false],
  'drop-before-work': ['DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', false],
  'drop-after-work': ['DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', true],
  'duplicate-answer': ['OK', 'OK', true],
  'late-answer': ['DEPARTMENT_TIMEOUT', 'OUTCOME_UNKNOWN', true],
  truncate: ['DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', true],
  'wrong-charset': ['DEPARTMENT_PROTOCOL', 'OK', true],
  'html-error': ['DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', false],
  'http-status': ['DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', false],
  busy: ['DEPARTMENT_BUSY', 'DEPARTMENT_BUSY', false],
  'bad-signature': ['DEPARTMENT_REJECTED', 'DEPARTMENT_REJECTED', false],
  'expired-secret': ['DEPARTMENT_REJECTED', 'DEPARTMENT_REJECTED', false],
  garbage: ['DEPARTMENT_PROTOCOL', 'OUTCOME_UNKNOWN', true],
};

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    if (error instanceof CasegraphError) return error.code;
    throw error;
  }
}

function faulty(kind: FaultKind) {
  return { kind, ...(kind === 'delay' && { delayMs: 20 }), ...(kind === 'late-answer' && { delayMs: 5_000 }) };
}

describe('every fault of the platform', () => {
  test.each(Object.keys(FAULT_KINDS) as FaultKind[])('%s gives a read the right outcome', async (kind) => {
    const platform = await startPlatform({ at: LATER, cases });
    const client = startClient(platform.url, { clock: platform.core.now, line: once });
    platform.core.addFault(faulty(kind));
    expect(await outcomeOf(read(client))).toBe(outcomes[kind][0]);
  });

  test.each(Object.keys(FAULT_KINDS) as FaultKind[])('%s gives a write the right outcome', async (kind) => {
    const platform = await startPlatform({ at: LATER, cases });
    const client = startClient(platform.url, { clock: platform.core.now, line: once });
    platform.core.addFault(faulty(kind));
    expect(await outcomeOf(write(client))).toBe(outcomes[kind][1]);
    expect(platform.core.ledger).toHaveLength(outcomes[kind][2] ? 1 : 0);
  });

  const passing: FaultKind[] = [
    'drop-before-work',
    'drop-after-work',
    'truncate',
    'html-error',
    'http-status',
    'bad-signature',
    'expired-secret',
    'garbage',
  ];

  test.each(passing)('%s that passes is overcome by a resend, and the write is done once', async (kind) => {
    const platform = await startPlatform({ at: LATER, cases });
    const client = startClient(platform.url, { clock: platform.core.now });
    platform.core.addFault({ kind, times: 1 });
    expect(await write(client)).toEqual({ accepted: 1, rejected: [] });
    expect(platform.core.ledger).toHaveLength(1);
    expect(platform.core.calls.total).toBe(2);
  });

  test.each(passing)('%s that passes is overcome by a read', async (kind) => {
    const platform = await startPlatform({ at: LATER, cases });
    const client = startClient(platform.url, { clock: platform.core.now });
    platform.core.addFault({ kind, times: 1 });
    expect(await read(client)).toMatchObject({ number: FEE_CASE });
  });

  test('busy is waited for as long as the platform asks', async () => {
    const platform = await startPlatform({ at: LATER, cases });
    const client = startClient(platform.url, { clock: platform.core.now });
    platform.core.addFault({ kind: 'busy', times: 1 });
    const started = performance.now();
    expect(await write(client)).toEqual({ accepted: 1, rejected: [] });
    expect(performance.now() - started).toBeGreaterThan(950);
  });
});

describe('a message whose outcome is unknown', () => {
  test('is sent four times with the same requestNo and body, and then told with the requestNo', async () => {
    const double = await answerWith(transcript('18').response.bytes);
    const error = await write(startClient(double.url)).catch((thrown: unknown) => thrown);
    expect(double.seen).toHaveLength(4);
    expect(new Set(double.seen.map(({ headers, body }) => `${headers.requestNo} ${body}`)).size).toBe(1);
    expect(error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { department: 'unified-acceptance', reference: double.seen[0]?.headers.requestNo },
    });
  });

  test('after 5000 is sent again and then told as unknown', async () => {
    const numbers: (string | null)[] = [];
    const double = await answerBy(
      http.post('*/uap/api/accept', ({ request }) => {
        numbers.push(request.headers.get('requestno'));
        return HttpResponse.json({ head: { code: '5000', message: '系统内部错误' } });
      }),
    );
    const error = await write(startClient(double.url)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { departmentCode: '5000', reference: numbers[0] },
    });
    expect(numbers).toHaveLength(4);
    expect(new Set(numbers).size).toBe(1);
  });

  test('stays unknown when a later attempt finds nobody listening', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = startClient(platform.url, {
      clock: platform.core.now,
      line: { retry: { attempts: 2, backoffMs: 200 } },
    });
    platform.core.addFault({ kind: 'drop-after-work', times: 1 });
    const outcome = outcomeOf(write(client));
    await expect.poll(() => platform.core.ledger.length, { interval: 2 }).toBe(1);
    platform.core.addFault({ kind: 'refuse-connection' });
    expect(await outcome).toBe('OUTCOME_UNKNOWN');
  });

  test('stays unknown when a later attempt is turned away', async () => {
    let attempts = 0;
    const double = await answerBy(
      http.post('*/uap/api/accept', () => {
        attempts += 1;
        return attempts === 1
          ? HttpResponse.text('<html></html>', { status: 502 })
          : HttpResponse.json({ head: { code: '1003', message: '应用不存在或已停用' } });
      }),
    );
    expect(await outcomeOf(write(startClient(double.url)))).toBe('OUTCOME_UNKNOWN');
    expect(attempts).toBe(2);
  });

  test('of a read is never told as unknown', async () => {
    const double = await answerBy(
      http.post('*/uap/api/query', () => HttpResponse.json({ head: { code: '5000', message: '系统内部错误' } })),
    );
    expect(await outcomeOf(read(startClient(double.url)))).toBe('DEPARTMENT_BUSY');
  });

  test('is done once although every answer is lost until the last attempt', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = startClient(platform.url, { clock: platform.core.now });
    platform.core.addFault({ kind: 'drop-after-work', times: 3 });
    expect(await write(client)).toEqual({ accepted: 1, rejected: [] });
    expect(platform.core.ledger).toHaveLength(1);
  });

  test('reported anew after all is held once', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = startClient(platform.url, { clock: platform.core.now, line: once });
    platform.core.addFault({ kind: 'drop-after-work', times: 1 });
    expect(await outcomeOf(write(client))).toBe('OUTCOME_UNKNOWN');
    expect(await write(client)).toEqual({ accepted: 1, rejected: [] });
    expect(platform.core.ledger).toHaveLength(1);
  });
});

describe('time', () => {
  test('a caller who leaves ends a read, down to the socket', async () => {
    const caller = new AbortController();
    const double = await answerBy(
      http.post('*/uap/api/query', () => {
        caller.abort();
        return new Promise<never>(() => {});
      }),
    );
    const call = startClient(double.url).progress(KEY, { signal: caller.signal });
    await expect(call).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    await double.aborted;
  });

  test('a caller who leaves does not end a write', async () => {
    const platform = await startPlatform({ at: LATER });
    platform.core.addFault({ kind: 'delay', delayMs: 80 });
    const client = startClient(platform.url, { clock: platform.core.now });
    const signal = AbortSignal.timeout(20);
    expect(await client.reportAcceptance([acceptance], { signal })).toEqual({ accepted: 1, rejected: [] });
  });

  test('the deadline ends a write with an unknown outcome, down to the socket', async () => {
    const double = await answerBy(http.post('*/uap/api/accept', () => new Promise<never>(() => {})));
    const client = startClient(double.url, { line: { deadline: { writeMs: 60 } } });
    expect(await outcomeOf(write(client))).toBe('OUTCOME_UNKNOWN');
    await double.aborted;
  });

  test('a silent platform is given up at the read time-out and asked again', async () => {
    const platform = await startPlatform({ at: LATER });
    platform.core.addFault({ kind: 'late-answer', delayMs: 3_000, times: 1 });
    const client = startClient(platform.url, { clock: platform.core.now, line: { readTimeoutMs: 200 } });
    expect(await write(client)).toEqual({ accepted: 1, rejected: [] });
    expect(platform.core.ledger).toHaveLength(1);
  });

  test('a platform that asks for a long pause is not waited for', async () => {
    const double = await answerBy(
      http.post('*/uap/api/query', () =>
        HttpResponse.json({ head: { code: '1008', message: '访问过于频繁' } }, { headers: { 'Retry-After': '60' } }),
      ),
    );
    await expect(read(startClient(double.url))).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { retryAfterMs: 60_000 },
    });
  });

  test('repeated failures open the breaker, and nothing is sent then', async () => {
    const double = await answerWith(transcript('18').response.bytes);
    const client = startClient(double.url, { line: { retry: { attempts: 1 }, breaker: { failures: 2 } } });
    for (let calls = 0; calls < 4; calls += 1) await outcomeOf(read(client));
    expect(client.breakerState).toBe('open');
    expect(double.seen).toHaveLength(2);
  });
});

describe('an answer outside the specification', () => {
  const progress = bodyOf(transcript('11').response) as { head: object; body: Record<string, unknown> };
  const item = bodyOf(transcript('13').response) as { head: object; body: Record<string, unknown> };
  const key = { number: GOLDEN_CASE, password: '604518' };
  const wrongReads: readonly (readonly [string, object])[] = [
    ['head', {}],
    ['head.code', { head: { code: 200 } }],
    ['body', { head: { code: '200', message: 'success' } }],
    ['body.status', { ...progress, body: { ...progress.body, status: 3 } }],
    ['body.overdue', { ...progress, body: { ...progress.body, overdue: 'no' } }],
    ['body.acceptDate', { ...progress, body: { ...progress.body, acceptDate: '' } }],
    ['body.promiseDate', { ...progress, body: { ...progress.body, promiseDate: '2022-11-31 23:59:59' } }],
    ['body.steps', { ...progress, body: { ...progress.body, steps: null } }],
    ['body.steps.0.sn', { ...progress, body: { ...progress.body, steps: [{ sn: '1' }] } }],
    ['body.projectNo', { ...progress, body: { ...progress.body, projectNo: FEE_CASE } }],
  ];

  test.each(wrongReads)('names %s', async (field, answer) => {
    const double = await answerBy(http.post('*/uap/api/query', () => HttpResponse.json(answer)));
    await expect(startClient(double.url).progress(key)).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field, department: 'unified-acceptance', reference: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
  });

  test.each([
    ['body.materials.0.isNeed', { materials: [{ materialName: '居民身份证', isNeed: 'yes', sourceType: '10' }] }],
    ['body.limitSceneNum', { limitSceneNum: '1' }],
    ['body.taskCode', { taskCode: '11421202MB2A91048P5420511005000' }],
  ])('of an item names %s', async (field, change) => {
    const answer = { ...item, body: { ...item.body, ...change } };
    const double = await answerBy(http.post('*/uap/api/item', () => HttpResponse.json(answer)));
    await expect(startClient(double.url).itemGuide(TASK_CODE)).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field },
    });
  });

  test.each([
    ['body.accepted', { accepted: '1', rejected: [] }],
    ['body.accepted', { accepted: 2, rejected: [] }],
    ['body.accepted', { accepted: 0, rejected: [] }],
    ['body.rejected', { accepted: 1 }],
    ['body.rejected.0.rowGuid', { accepted: 0, rejected: [{ rowGuid: 'stranger', code: '2101', message: '' }] }],
    ['body.rejected.0.code', { accepted: 0, rejected: [{ rowGuid: acceptance.rowGuid, code: 2101, message: '' }] }],
  ])('to a write leaves its outcome unknown and names %s', async (field, body) => {
    const answer = { head: { code: '200', message: 'success' }, body };
    const double = await answerBy(http.post('*/uap/api/accept', () => HttpResponse.json(answer)));
    await expect(write(startClient(double.url))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { field } });
  });

  test('may have fields that the specification does not', async () => {
    const answer = { ...progress, trace: 'x', body: { ...progress.body, extra: 1 } };
    const double = await answerBy(http.post('*/uap/api/query', () => HttpResponse.json(answer)));
    expect(await startClient(double.url).progress(key)).toMatchObject({ status: '3' });
  });

  test('with a code that the catalogue does not have is a refusal with that code', async () => {
    const double = await answerBy(
      http.post('*/uap/api/query', () => HttpResponse.json({ head: { code: '9999', message: '未知' } })),
    );
    await expect(read(startClient(double.url))).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '9999' },
    });
  });

  test('that is no JSON is not quoted by the error or its causes', async () => {
    const double = await answerBy(
      http.post('*/uap/api/query', () =>
        HttpResponse.text('张惠兰421202197803159926', { headers: { 'content-type': 'application/json' } }),
      ),
    );
    const error: unknown = await read(startClient(double.url)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
    expect(inspect(error, { depth: 10 })).not.toMatch(/张惠兰|421202197803159926/);
  });

  test('that quotes personal data is shown without it', async () => {
    const words = '证件号码421202197803159926与手机13800000000不符';
    const double = await answerBy(
      http.post('*/uap/api/query', () => HttpResponse.json({ head: { code: '9999', message: words } })),
      http.post('*/uap/api/accept', () =>
        HttpResponse.json({
          head: { code: '200', message: 'success' },
          body: { accepted: 0, rejected: [{ rowGuid: acceptance.rowGuid, code: '2103', message: words }] },
        }),
      ),
    );
    const masked = '证件号码421202**********26与手机138****0000不符';
    const client = startClient(double.url);
    await expect(read(client)).rejects.toThrow(masked);
    expect((await write(client)).rejected[0]?.message).toBe(masked);
  });

  test('that quotes what was reported of a person is shown without it', async () => {
    const { name } = acceptance.applicant;
    const message = `${name}的证件已失效`;
    const rejected = [{ rowGuid: acceptance.rowGuid, code: '2103', message }];
    const double = await answerBy(
      http.post('*/uap/api/accept', () =>
        HttpResponse.json({ head: { code: '200', message: 'success' }, body: { accepted: 0, rejected } }),
      ),
    );
    expect((await write(startClient(double.url))).rejected[0]?.message).toBe(`${name[0]}**的证件已失效`);
  });
});
