import { describe, expect, test } from 'vitest';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { populate } from '../../../seeds/population.ts';
import {
  acceptance,
  fee,
  firstStep,
  materials,
  partialBatch,
  result,
  specialEnd,
  specialStart,
  supplementStep,
} from './golden-records.ts';
import {
  caseSeed,
  chinaInstant,
  FEE_CASE,
  GOLDEN_CASE,
  HANDLING_ITEM,
  type Platform,
  startClient,
  startPlatform,
  stepSeed,
  TASK_CODE,
} from './platform-fixture.ts';

const LATER = '2022-10-24 18:00:00';
const KEY = { number: GOLDEN_CASE, password: '604518' };
const taken = (count: number) => ({ accepted: count, rejected: [] });

/** A client whose clock is the platform's. */
function clientOf(platform: Platform, options: { observer?: (record: CallRecord) => void; line?: object } = {}) {
  return startClient(platform.url, { clock: platform.core.now, ...options });
}

function ledgerOf(platform: Platform) {
  return platform.core.ledger.map(({ kind, reference, rowGuid, dataVer, operation }) => ({
    kind,
    reference,
    rowGuid,
    dataVer,
    operation,
  }));
}

describe('the client against the platform', () => {
  test('gets a number and a password that open the case once it is accepted', async () => {
    const platform = await startPlatform({ at: '2022-10-08 09:50:00' });
    const client = clientOf(platform);
    const allotment = await client.allocate({ taskCode: TASK_CODE, appliedAt: '2022-10-08 09:40:00' });
    expect(allotment).toEqual({ number: `${TASK_CODE}202210080001`, password: expect.stringMatching(/^\d{6}$/) });

    const { number, password } = allotment;
    await client.reportAcceptance([{ ...acceptance, caseNumber: number, password }]);
    expect(await client.progress({ number, password })).toMatchObject({ number, status: '1', steps: [] });
  });

  test('takes a case through its whole life', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = clientOf(platform);
    const received = {
      ...supplementStep,
      rowGuid: 's3',
      number: 3,
      name: '补正受理',
      nodeResult: '1',
      action: '4',
    } as const;
    const receivedAt = { startedAt: '2022-10-10 09:00:00', endedAt: '2022-10-10 09:30:00' };

    expect(await client.reportAcceptance([acceptance])).toEqual(taken(1));
    expect(await client.reportMaterials(materials)).toEqual(taken(2));
    expect(await client.reportProcess([firstStep, supplementStep])).toEqual(taken(2));
    expect((await client.progress(KEY))?.status).toBe('21');
    expect(await client.reportProcess([{ ...received, ...receivedAt }])).toEqual(taken(1));
    expect(await client.reportSpecialProcedure([specialStart])).toEqual(taken(1));
    expect((await client.progress(KEY))?.status).toBe('22');
    expect(await client.reportSpecialProcedure([specialEnd])).toEqual(taken(1));
    expect(await client.reportResult([result])).toEqual(taken(1));

    expect(await client.progress(KEY)).toMatchObject({
      status: '3',
      statusName: '已办结',
      resultAt: '2022-10-24T16:20:00+08:00',
      resultType: '0',
      steps: [{ number: 1 }, { number: 2 }, { number: 3, name: '补正受理', result: '1' }],
    });
    expect(ledgerOf(platform).map(({ kind }) => kind)).toEqual([
      'case-accepted',
      'material-reported',
      'material-reported',
      'process-reported',
      'process-reported',
      'process-reported',
      'special-reported',
      'special-reported',
      'result-reported',
    ]);
  });

  test('tells an open case without a promise with nulls', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ projectType: '1', promiseDate: '' })] });
    expect(await clientOf(platform).progress(KEY)).toMatchObject({
      promiseDate: null,
      resultAt: null,
      resultType: null,
    });
  });

  test('gives null for a case and for an item that the platform does not know', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = clientOf(platform);
    expect(await client.progress(KEY)).toBeNull();
    expect(await client.itemGuide('11421202MB2A91048P5420511999000')).toBeNull();
  });

  test('gives the guide of an item', async () => {
    const platform = await startPlatform({ at: LATER });
    expect(await clientOf(platform).itemGuide(TASK_CODE)).toMatchObject({
      implementationCode: TASK_CODE,
      promiseDays: 15,
      statutoryDays: 30,
      visits: 1,
      handlingItems: [{ code: HANDLING_ITEM }],
    });
    // 异地安置退休人员备案: the plan does not say how often one must come.
    expect(await clientOf(platform).itemGuide('11421202MB2A91056J5422036007000')).toMatchObject({ visits: null });
  });

  test('attaches a fee order and asks again how it was paid', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ number: FEE_CASE })] });
    const client = clientOf(platform);
    expect(await client.reportFee(fee)).toEqual({ payCode: fee.payCode, payState: '0' });
    platform.act('fee-paid', { payCode: fee.payCode });
    expect(await client.reportFee(fee)).toEqual({ payCode: fee.payCode, payState: '1' });
    expect(platform.core.ledger.filter(({ kind }) => kind === 'fee-reported')).toHaveLength(1);
  });

  test('says of a fee order for a closed case that it is refused', async () => {
    const closed = caseSeed({ number: FEE_CASE, status: '3' });
    const platform = await startPlatform({ at: LATER, cases: [closed] });
    await expect(clientOf(platform).reportFee(fee)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '2203', reference: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
  });

  test('tells every case of the demo population as the population has it', async () => {
    const population = populate({ seed: 7, residents: 40 });
    const platform = await startPlatform({ population, at: `${population.asOf} 20:00:00` });
    const client = clientOf(platform);
    expect(population.cases.length).toBeGreaterThan(0);
    for (const { number, password, status, steps, acceptedAt } of population.cases) {
      const progress = await client.progress({ number, password });
      expect(progress).toMatchObject({ number, status, acceptedAt: `${acceptedAt.replace(' ', 'T')}+08:00` });
      expect(progress?.steps.map((step) => step.name)).toEqual(steps.map((step) => step.name));
    }
  });

  test('tells observers of each message with its requestNo', async () => {
    const records: CallRecord[] = [];
    const platform = await startPlatform({ at: LATER });
    await clientOf(platform, { observer: (record) => records.push(record) }).progress(KEY);
    expect(records).toEqual([
      {
        department: 'unified-acceptance',
        transaction: 'query',
        mode: 'read',
        outcome: 'OK',
        reference: expect.stringMatching(/^[0-9a-f]{32}$/),
        durationMs: expect.any(Number),
      },
    ]);
  });
});

describe('records that the platform refuses', () => {
  test('are told, not thrown, and the others are taken', async () => {
    const platform = await startPlatform({ at: LATER });
    expect(await clientOf(platform).reportAcceptance(partialBatch)).toEqual({
      accepted: 1,
      rejected: [{ rowGuid: partialBatch[1]?.rowGuid, code: '2103', message: '申请人证件号码校验不通过' }],
    });
    expect(platform.core.ledger).toHaveLength(1);
  });

  test('can be put right under the next version', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = clientOf(platform);
    await client.reportAcceptance(partialBatch);
    const corrected = { ...acceptance, rowGuid: '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1003', version: 2 };
    expect(await client.reportAcceptance([corrected])).toEqual(taken(1));
    expect(ledgerOf(platform)[1]).toMatchObject({ dataVer: 2, operation: 'U' });
  });

  test.each([
    ['a step before its acceptance', [firstStep], '2201'],
    ['a step with a gap before it', [{ ...firstStep, number: 2, caseNumber: FEE_CASE }], '2202'],
  ])('say why: %s', async (_, records, code) => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ number: FEE_CASE })] });
    expect((await clientOf(platform).reportProcess(records)).rejected).toMatchObject([{ code }]);
  });

  test('while suspended, or once closed, say so', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ steps: [stepSeed(1)] })] });
    const client = clientOf(platform);
    await client.reportSpecialProcedure([specialStart]);
    expect((await client.reportResult([result])).rejected).toMatchObject([{ code: '2204' }]);
    await client.reportSpecialProcedure([specialEnd]);
    await client.reportResult([{ ...result, version: 2 }]);
    expect((await client.reportMaterials(materials)).rejected).toMatchObject([{ code: '2203' }, { code: '2203' }]);
  });

  test('because they are held with the same content (2106) are done', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = clientOf(platform);
    await client.reportAcceptance([acceptance]);
    expect(await client.reportAcceptance([acceptance])).toEqual(taken(1));
    expect(await clientOf(platform).reportAcceptance([acceptance])).toEqual(taken(1));
    expect(platform.core.ledger).toHaveLength(1);
  });

  test('because they are held with another content (2106) stay refused', async () => {
    const platform = await startPlatform({ at: LATER });
    const client = clientOf(platform);
    await client.reportAcceptance([acceptance]);
    const changed = { ...acceptance, summary: '另一摘要' };
    expect(await client.reportAcceptance([changed])).toMatchObject({ accepted: 0, rejected: [{ code: '2106' }] });
    expect(await client.reportAcceptance([{ ...changed, version: 2 }])).toEqual(taken(1));
  });

  test('are not held against a later record of the same version', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed()] });
    const client = clientOf(platform);
    const early = { ...firstStep, number: 2 };
    expect((await client.reportProcess([early])).rejected).toMatchObject([{ code: '2202' }]);
    expect(await client.reportProcess([firstStep])).toEqual(taken(1));
    expect(await client.reportProcess([firstStep])).toEqual(taken(1));
  });
});

describe('a wrong query password', () => {
  test('is a refusal that names the password', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed()] });
    await expect(clientOf(platform).progress({ ...KEY, password: '111111' })).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '2301', field: 'password' },
    });
  });

  test('given five times locks the case, which the refusal tells', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed()] });
    const client = clientOf(platform);
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(client.progress({ ...KEY, password: '111111' })).rejects.toThrow('查询密码错误');
    }
    await expect(client.progress(KEY)).rejects.toThrow('锁定');
  });
});

describe('the clocks of client and platform', () => {
  test('may disagree about the day: the message is signed once more by the platform’s date', async () => {
    const platform = await startPlatform({ at: '2022-10-09 00:00:05', cases: [caseSeed()] });
    const client = startClient(platform.url, { clock: () => chinaInstant('2022-10-08 23:59:50') });
    expect(await client.progress(KEY)).toMatchObject({ status: '2' });
    expect(platform.core.calls.calls).toEqual({ query: 2 });
    expect(await client.progress(KEY)).toMatchObject({ status: '2' });
    expect(platform.core.calls.calls).toEqual({ query: 3 });
  });

  test('agree and the signature is refused: it is sent once more and no oftener', async () => {
    const platform = await startPlatform({ at: LATER });
    platform.core.addFault({ kind: 'expired-secret' });
    await expect(clientOf(platform).progress(KEY)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '1002' },
    });
    expect(platform.core.calls.calls).toEqual({ query: 2 });
  });
});

describe('a caller that is not let in', () => {
  test.each([
    ['disable-app', {}, 'DEPARTMENT_REJECTED', '1003'],
    ['revoke-interface', { apiCode: '421200W0102' }, 'DEPARTMENT_REJECTED', '1004'],
    ['block-address', {}, 'DEPARTMENT_REJECTED', '1005'],
    ['maintenance', {}, 'DEPARTMENT_BUSY', '5003'],
  ])('after %s is told so by one message', async (kind, parameters, code, departmentCode) => {
    const platform = await startPlatform({ at: LATER });
    platform.act(kind, parameters);
    const error = { code, details: { departmentCode, department: 'unified-acceptance' } };
    await expect(clientOf(platform).reportAcceptance([acceptance])).rejects.toMatchObject(error);
    expect(platform.core.calls.total).toBe(1);
    expect(platform.core.ledger).toEqual([]);
  });
});
