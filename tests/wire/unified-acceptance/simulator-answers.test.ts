import { describe, expect, test } from 'vitest';
import catalogue from '../../../seeds/catalogue.json' with { type: 'json' };
import items from '../../../seeds/items.json' with { type: 'json' };
import goldenItems from '../golden/unified-acceptance/item-codes.json' with { type: 'json' };
import { recordOf, transcript } from './golden-files.ts';
import {
  caseSeed,
  FEE_CASE,
  GOLDEN_CASE,
  populationOf,
  startPlatform,
  stepSeed,
  TASK_CODE,
} from './platform-fixture.ts';
import { post } from './raw-messages.ts';

const at = '2022-10-08 12:00:00';
const KEY = { projectNo: GOLDEN_CASE, projectPwd: '604518' };
const WRONG = { ...KEY, projectPwd: '000000' };

describe('a case number', () => {
  const request = recordOf(transcript('01').request);

  test('counts per item and day', async () => {
    const platform = await startPlatform({ at });
    const next = async (taskCode: string) => {
      const answer = await post(platform, 'alloc', { ...request, taskCode, taskHandleItem: '' });
      return answer.body?.projectNo;
    };
    const other = '11421202MB2A91048P5420511005000';
    expect(await next(TASK_CODE)).toBe(`${TASK_CODE}202210080001`);
    expect(await next(TASK_CODE)).toBe(`${TASK_CODE}202210080002`);
    expect(await next(other)).toBe(`${other}202210080001`);
    platform.setTime('2022-10-09 00:00:01');
    expect(await next(TASK_CODE)).toBe(`${TASK_CODE}202210090001`);
  });

  test('is never one that an acceptance brought', async () => {
    const platform = await startPlatform({ at });
    await post(platform, 'accept', recordOf(transcript('02').request));
    expect((await post(platform, 'alloc', request)).body?.projectNo).toBe(`${TASK_CODE}202210080018`);
  });

  test('is refused when the 9999 of the day are used up', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed({ number: `${TASK_CODE}202210089998` })] });
    expect((await post(platform, 'alloc', request)).body?.projectNo).toBe(`${TASK_CODE}202210089999`);
    const answer = await post(platform, 'alloc', request);
    expect(answer.body).toEqual({
      accepted: 0,
      rejected: [{ rowGuid: '', code: '2204', message: expect.any(String) }],
    });
  });
});

describe('a query', () => {
  test('of a number that is not known finds nothing', async () => {
    const platform = await startPlatform({ at });
    expect(await post(platform, 'query', KEY)).toEqual({ head: { code: '2302', message: expect.any(String) } });
  });

  test('with five wrong passwords locks the case for the day', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await post(platform, 'query', WRONG)).head).toEqual({ code: '2301', message: '查询密码错误' });
    }
    expect((await post(platform, 'query', KEY)).head).toEqual({
      code: '2301',
      message: expect.stringContaining('锁定'),
    });
    platform.setTime('2022-10-09 00:00:01');
    expect((await post(platform, 'query', KEY)).head.code).toBe('200');
  });

  test('with the right password forgets the wrong ones before', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    for (const key of [WRONG, WRONG, WRONG, WRONG, KEY, WRONG, WRONG, WRONG, WRONG]) await post(platform, 'query', key);
    expect((await post(platform, 'query', KEY)).head.code).toBe('200');
  });

  test('that is resent with its requestNo counts once', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    const requestNo = '41ac0db7f40f75eb9102c0a43ca438d1';
    for (let tries = 0; tries < 6; tries += 1) await post(platform, 'query', WRONG, { requestNo });
    expect((await post(platform, 'query', KEY)).head.code).toBe('200');
  });

  test('of an open immediate case leaves empty what does not apply', async () => {
    const toDo = stepSeed(2, {
      name: '审核',
      nodeState: '01',
      nodeResult: '',
      startedAt: '2022-10-08 10:00:00',
      endedAt: '',
    });
    const immediate = caseSeed({ projectType: '1', promiseDate: '', steps: [stepSeed(1), toDo] });
    const platform = await startPlatform({ at, cases: [immediate] });
    expect((await post(platform, 'query', KEY)).body).toMatchObject({
      status: '2',
      promiseDate: '',
      resultDate: '',
      resultType: '',
      overdue: '0',
      steps: [{ sn: 1 }, { sn: 2, nodeResult: '', eventEndTime: '2022-10-08 10:00:00' }],
    });
  });
});

describe('an item', () => {
  test.each(items.items)('$id $name has a guide with its codes', async (item) => {
    const platform = await startPlatform({ at });
    const { body } = await post(platform, 'item', { taskCode: item.taskCode });
    const planned = catalogue.items.find(({ id }) => id === item.id);
    expect(body).toMatchObject({
      taskCode: item.taskCode,
      catalogCode: item.catalogCode,
      taskName: item.name,
      deptCode: item.orgCode,
      projectType: item.projectType,
      promiseDay: item.promiseDays,
      handleItems: [{ taskHandleItem: item.taskHandleItem, name: item.name }],
    });
    expect(body?.materials).not.toEqual([]);
    if (planned?.visits != null) expect(body?.limitSceneNum).toBe(planned.visits);
  });

  test.each(goldenItems.items)('of the golden list, $name, is known by its code', async (item) => {
    const platform = await startPlatform({ at });
    expect((await post(platform, 'item', { taskCode: item.taskCode })).body).toMatchObject({
      catalogCode: item.catalogCode,
      deptName: item.orgName,
      useLevel: item.level,
    });
  });

  test.each(goldenItems.invalidTaskCodes)('is not found by a code with a fault: $why', async ({ value }) => {
    const platform = await startPlatform({ at });
    expect((await post(platform, 'item', { taskCode: value })).head.code).toBe('2302');
  });
});

describe('a fee order', () => {
  const fee = recordOf(transcript('14').request);
  const payCode = fee.payCode;
  const cases = [caseSeed({ number: FEE_CASE, itemId: 'S01' }), caseSeed()];

  test.each([
    ['fee-paid', '1'],
    ['fee-void', '2'],
  ])('told again after %s gives the pay state %s', async (act, payState) => {
    const platform = await startPlatform({ at, cases });
    await post(platform, 'fee', fee);
    expect(platform.act(act, { payCode })).toMatchObject({ payState });
    expect((await post(platform, 'fee', fee)).body).toEqual({ payCode, payState });
    expect((await post(platform, 'fee', { ...fee, dataVer: 2, cdOperation: 'U' })).body).toEqual({ payCode, payState });
    expect(() => platform.act('fee-paid', { payCode })).toThrow(/paid or void/);
  });

  test('with another content under the same version is refused with 2106', async () => {
    const platform = await startPlatform({ at, cases });
    await post(platform, 'fee', fee);
    const answer = await post(platform, 'fee', { ...fee, payerName: '另一人' });
    expect(answer.body?.rejected).toMatchObject([{ rowGuid: fee.rowGuid, code: '2106' }]);
  });

  test('cannot take the payment code of another case', async () => {
    const platform = await startPlatform({ at, cases });
    await post(platform, 'fee', fee);
    const answer = await post(platform, 'fee', { ...fee, rowGuid: 'another', projectNo: GOLDEN_CASE });
    expect(answer.body?.rejected).toMatchObject([{ code: '2104' }]);
  });

  test('of a notice that finance has as paid is paid from the start', async () => {
    const population = populationOf(cases);
    const notice = { payCode, state: 'paid' } as (typeof population.nonTax.notices)[number];
    const platform = await startPlatform({ at, population: { ...population, nonTax: { notices: [notice] } } });
    expect((await post(platform, 'fee', fee)).body).toEqual({ payCode, payState: '1' });
  });

  test('is in the ledger once, with its amount in fen', async () => {
    const platform = await startPlatform({ at, cases });
    await post(platform, 'fee', fee);
    await post(platform, 'fee', fee);
    expect(platform.core.ledger).toEqual([
      {
        at: expect.any(String),
        kind: 'fee-reported',
        reference: FEE_CASE,
        subject: '421202197803159926',
        amountFen: 8_000,
        payCode,
        rowGuid: fee.rowGuid,
        dataVer: 1,
        operation: 'I',
      },
    ]);
  });
});

describe('the acts', () => {
  test('advance a case from its acceptance to its closing', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed({ status: '1' })] });
    const states = [];
    for (let step = 0; step < 3; step += 1) {
      states.push(platform.act('advance', { projectNo: GOLDEN_CASE }));
    }
    expect(states).toMatchObject([{ status: '2' }, { status: '2' }, { status: '3' }]);
    expect(() => platform.act('advance', { projectNo: GOLDEN_CASE })).toThrow(/2203/);
    const { body } = await post(platform, 'query', KEY);
    expect(body).toMatchObject({
      status: '3',
      resultType: '0',
      steps: [{ processName: '受理' }, { processName: '受理' }],
    });
  });

  test('do the step that is to do before they add one', async () => {
    const toDo = stepSeed(2, { name: '审核', nodeState: '01', nodeResult: '' });
    const platform = await startPlatform({ at, cases: [caseSeed({ steps: [stepSeed(1), toDo] })] });
    platform.act('advance', { projectNo: GOLDEN_CASE });
    const { body } = await post(platform, 'query', KEY);
    expect(body?.steps).toMatchObject([{ sn: 1 }, { sn: 2, processName: '审核', nodeResult: '1' }]);
    expect(platform.act('advance', { projectNo: GOLDEN_CASE })).toMatchObject({ status: '3' });
  });

  test('ask for a supplement and take it in', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    expect(platform.act('supplement', { projectNo: GOLDEN_CASE })).toMatchObject({ status: '21' });
    expect(platform.act('supplement', { projectNo: GOLDEN_CASE })).toMatchObject({ status: '2' });
    expect(platform.core.ledger.map(({ kind }) => kind)).toEqual(['supplement-asked', 'supplement-received']);
  });

  test('advance a suspended case out of its special procedure', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed({ status: '22' })] });
    expect(platform.act('advance', { projectNo: GOLDEN_CASE })).toMatchObject({ status: '2' });
  });

  test('review a case with an opinion', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    platform.act('review', { projectNo: GOLDEN_CASE, nodeResult: '0', processName: '复核' });
    const { body } = await post(platform, 'query', KEY);
    expect(body?.steps).toMatchObject([{ sn: 1, processName: '复核', nodeResult: '0' }]);
  });

  test('close a case with a result', async () => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    expect(platform.act('close', { projectNo: GOLDEN_CASE, resultType: '1' })).toMatchObject({ status: '44' });
    expect(() => platform.act('close', { projectNo: GOLDEN_CASE })).toThrow(/2204/);
  });

  test.each([
    ['review', { projectNo: 'unknown' }, 'projectNo'],
    ['review', { projectNo: GOLDEN_CASE, nodeResult: '9' }, 'nodeResult'],
    ['close', { projectNo: GOLDEN_CASE, resultType: '6' }, 'resultType'],
    ['fee-paid', { payCode: '42120000220000018432' }, 'payCode'],
    ['disable-app', { appId: 'NOBODY' }, 'appId'],
    ['maintenance', { on: 'yes' }, 'on'],
    ['revoke-interface', { apiCode: '421200W0199' }, 'apiCode'],
  ])('%s with %o is refused, naming %s', async (kind, parameters, name) => {
    const platform = await startPlatform({ at, cases: [caseSeed()] });
    expect(() => platform.act(kind, parameters)).toThrow(new RegExp(`^${name}`));
    expect(platform.core.ledger).toEqual([]);
  });
});
