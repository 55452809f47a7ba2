import { describe, expect, test } from 'vitest';
import { recordOf, transcript } from './golden-files.ts';
import { caseSeed, exchangeRaw, GOLDEN_CASE, requestBytes, startPlatform } from './platform-fixture.ts';
import { post } from './raw-messages.ts';

const KEY = { projectNo: GOLDEN_CASE, projectPwd: '604518' };
const at = '2022-10-08 12:00:00';
const cases = [caseSeed()];

describe('a message is refused', () => {
  test.each([
    ['appId', undefined, '1001'],
    ['appId', 'xn42', '1001'],
    ['appId', 'XN4212020221999', '1003'],
    ['apiCode', '421200W0108', '1001'],
    ['apiCode', undefined, '1001'],
    ['apiKey', '091D078BC0BBC12935E7EE69940EB9E0', '1001'],
    ['apiKey', 'ffffffffffffffffffffffffffffffff', '1003'],
    ['requestNo', '1234', '1001'],
    ['requestNo', undefined, '1001'],
    ['sign', undefined, '1001'],
    ['sign', 'not hex', '1001'],
    ['sign', 'ffffffffffffffffffffffffffffffff', '1002'],
    ['sign', '647DADFA91B2F9056EA78DAF1380C95A', '1002'],
    ['Content-Type', 'text/plain', '1001'],
    ['Content-Type', 'application/json;charset=GBK', '1001'],
  ])('whose header %s is %s, with %s and no body', async (name, value, code) => {
    const platform = await startPlatform({ at, cases });
    const answer = await post(platform, 'query', KEY, { headers: { [name]: value } });
    expect(answer.head.code).toBe(code);
    expect(answer).not.toHaveProperty('body');
  });

  test.each([
    ['no JSON', '{"param":'],
    ['no envelope', '[]'],
    ['no records', '{"param":{"baseInfo":[]}}'],
    ['the other array', '{"param":{"postdata":[{}]}}'],
    ['a record that is no object', '{"param":{"baseInfo":["x"]}}'],
  ])('whose body is or has %s', async (_, body) => {
    const platform = await startPlatform({ at, cases });
    expect((await post(platform, 'query', KEY, { body })).head.code).toBe('1001');
  });

  test.each([
    ['query', 2],
    ['item', 2],
    ['alloc', 2],
    ['fee', 2],
    ['material', 101],
  ] as const)('that has too many records: %s with %i', async (name, count) => {
    const platform = await startPlatform({ at, cases });
    expect((await post(platform, name, Array(count).fill(KEY))).head.code).toBe('1007');
  });

  test('that is larger than 2 MiB', async () => {
    const platform = await startPlatform({ at, cases });
    const body = JSON.stringify({ param: { baseInfo: [{ ...KEY, filler: 'x'.repeat(2 * 1024 * 1024) }] } });
    expect((await post(platform, 'query', KEY, { body })).head.code).toBe('1007');
  });

  test.each([
    ['disable-app', { appId: 'XN4212020221001' }, { appId: 'XN4212020221001', disabled: false }, '1003'],
    ['revoke-interface', { apiCode: '421200W0107' }, { apiCode: '421200W0107', revoked: false }, '1004'],
    ['block-address', {}, { on: false }, '1005'],
    ['maintenance', {}, { on: false }, '5003'],
  ])('after %s, until it is taken back', async (kind, begin, end, code) => {
    const platform = await startPlatform({ at, cases });
    platform.act(kind, begin);
    expect((await post(platform, 'query', KEY)).head.code).toBe(code);
    platform.act(kind, end);
    expect((await post(platform, 'query', KEY)).head.code).toBe('200');
  });

  test.each([
    ['/uap/api/nothing', 'POST', 404],
    ['/uap/api/query', 'GET', 405],
    ['/', 'POST', 404],
  ])('with a page for %s by %s', async (path, method, status) => {
    const platform = await startPlatform({ at });
    expect((await exchangeRaw(platform.url, requestBytes(path, {}, '', method))).status).toBe(status);
  });

  test('after midnight in China when it is signed for the day before', async () => {
    const platform = await startPlatform({ at: '2022-10-08 23:59:50', cases });
    expect((await exchangeRaw(platform.url, transcript('11').request.bytes)).body).toContain('"code":"200"');
    platform.setTime('2022-10-09 00:00:01');
    expect((await exchangeRaw(platform.url, transcript('11').request.bytes)).body).toContain('"code":"1002"');
  });
});

describe('a requestNo', () => {
  const requestNo = 'b1c322f65fdd63f264b6cead0723bf95';
  const acceptance = recordOf(transcript('02').request);

  test('used again for the same message gives the same answer and no new effect', async () => {
    const platform = await startPlatform({ at });
    const record = recordOf(transcript('01').request);
    const first = await post(platform, 'alloc', record, { requestNo });
    expect(await post(platform, 'alloc', record, { requestNo })).toEqual(first);
    expect(platform.core.ledger).toHaveLength(1);
    expect((await post(platform, 'alloc', record)).body?.projectNo).not.toBe(first.body?.projectNo);
  });

  test('used again for another body is refused with 1006 and has no effect', async () => {
    const platform = await startPlatform({ at });
    await post(platform, 'accept', acceptance, { requestNo });
    const answer = await post(platform, 'accept', { ...acceptance, rowGuid: 'another' }, { requestNo });
    expect(answer.head.code).toBe('1006');
    expect(platform.core.ledger).toHaveLength(1);
  });

  test('used again for the same body at another interface is refused with 1006', async () => {
    const platform = await startPlatform({ at, cases });
    await post(platform, 'query', KEY, { requestNo });
    expect((await post(platform, 'item', KEY, { requestNo })).head.code).toBe('1006');
  });

  test('of a message that was refused at the gate is free again', async () => {
    const platform = await startPlatform({ at, cases });
    platform.act('maintenance');
    await post(platform, 'query', KEY, { requestNo });
    platform.act('maintenance', { on: false });
    expect((await post(platform, 'query', KEY, { requestNo })).head.code).toBe('200');
  });

  test('is forgotten by a reset, with all that was reported', async () => {
    const platform = await startPlatform({ at });
    await post(platform, 'accept', acceptance, { requestNo });
    platform.act('disable-app');
    platform.department.reset();
    platform.core.reset();
    platform.setTime(at);
    const answer = await post(platform, 'accept', { ...acceptance, rowGuid: 'another' }, { requestNo });
    expect(answer.body).toEqual({ accepted: 1, rejected: [] });
    expect(platform.core.ledger).toHaveLength(1);
  });
});
