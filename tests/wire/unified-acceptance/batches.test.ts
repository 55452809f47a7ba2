import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { MaterialRecord } from '../../../adapters/unified-acceptance/messages/material.ts';
import type { ProcessRecord } from '../../../adapters/unified-acceptance/messages/process.ts';
import { firstStep } from './golden-records.ts';
import { caseSeed, GOLDEN_CASE, startClient, startPlatform, TASK_CODE } from './platform-fixture.ts';
import { answerBy } from './wire-double.ts';

const LATER = '2022-10-24 18:00:00';
const caseNumber = (serial: number) => `${TASK_CODE}20221008${String(serial).padStart(4, '0')}`;

function materialOf(serial: number, change: Partial<MaterialRecord> = {}): MaterialRecord {
  return {
    rowGuid: `material-${serial}`,
    version: 1,
    caseNumber: GOLDEN_CASE,
    name: '居民身份证',
    way: '1',
    count: 1,
    required: true,
    ...change,
  };
}

function stepOf(serial: number, number: number): ProcessRecord {
  return { ...firstStep, rowGuid: `step-${serial}-${number}`, caseNumber: caseNumber(serial), number, nodeType: '2' };
}

describe('a report of many records', () => {
  test.each([
    [100, 1],
    [101, 2],
    [250, 3],
  ])('of %i goes out in %i messages, all of them taken', async (count, messages) => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed()] });
    const client = startClient(platform.url, { clock: platform.core.now });
    const records = Array.from({ length: count }, (_, index) => materialOf(index));
    expect(await client.reportMaterials(records)).toEqual({ accepted: count, rejected: [] });
    expect(platform.core.calls.total).toBe(messages);
    expect(platform.core.ledger.map(({ rowGuid }) => rowGuid)).toEqual(records.map(({ rowGuid }) => rowGuid));
  });

  test('that would be larger than 2 MiB is cut where the next record would not fit', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ status: '2' })] });
    const client = startClient(platform.url, { clock: platform.core.now });
    // Six bytes a quoted control character: about 12 KB a record, 90 of them more than 1 MiB; with three texts more than 2 MiB.
    const long = '\u0001'.repeat(2000);
    const procedures = Array.from({ length: 90 }, (_, index) => ({
      rowGuid: `special-${index}`,
      version: 1,
      caseNumber: GOLDEN_CASE,
      type: '9' as const,
      name: '其他',
      reason: long,
      outcome: long,
      explanation: long,
      startedAt: '2022-10-11 09:00:00',
      endedAt: '2022-10-11 10:00:00',
    }));
    expect(await client.reportSpecialProcedure(procedures)).toEqual({ accepted: 90, rejected: [] });
    expect(platform.core.calls.total).toBe(2);
  });

  test('gathers the refusals of all its messages', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed()] });
    const client = startClient(platform.url, { clock: platform.core.now });
    const records = Array.from({ length: 150 }, (_, index) =>
      materialOf(index, index % 75 === 0 ? { caseNumber: 'unknown' } : {}),
    );
    expect(await client.reportMaterials(records)).toMatchObject({
      accepted: 148,
      rejected: [
        { rowGuid: 'material-0', code: '2201' },
        { rowGuid: 'material-75', code: '2201' },
      ],
    });
  });

  test('is cut further where the platform finds a message too large (1007)', async () => {
    const sizes: number[] = [];
    const double = await answerBy(
      http.post('*/uap/api/material', async ({ request }) => {
        const { param } = (await request.json()) as { param: { postdata: unknown[] } };
        sizes.push(param.postdata.length);
        if (param.postdata.length > 3) return HttpResponse.json({ head: { code: '1007', message: '记录数超限' } });
        return HttpResponse.json({
          head: { code: '200', message: 'success' },
          body: { accepted: param.postdata.length, rejected: [] },
        });
      }),
    );
    const records = Array.from({ length: 10 }, (_, index) => materialOf(index));
    expect(await startClient(double.url).reportMaterials(records)).toEqual({ accepted: 10, rejected: [] });
    expect(sizes).toEqual([10, 5, 3, 2, 5, 3, 2]);
  });

  test('of one record that the platform finds too large is refused', async () => {
    const double = await answerBy(
      http.post('*/uap/api/material', () => HttpResponse.json({ head: { code: '1007', message: '报文过大' } })),
    );
    await expect(startClient(double.url).reportMaterials([materialOf(1)])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { departmentCode: '1007' },
    });
  });
});

describe('messages on their way', () => {
  test('are at most four at once', async () => {
    const cases = Array.from({ length: 12 }, (_, index) => caseSeed({ number: caseNumber(index + 1) }));
    const platform = await startPlatform({ at: LATER, cases });
    platform.core.addFault({ kind: 'delay', delayMs: 30 });
    const client = startClient(platform.url, { clock: platform.core.now });
    const outcomes = await Promise.all(cases.map((_, index) => client.reportProcess([stepOf(index + 1, 1)])));
    expect(outcomes.every(({ accepted }) => accepted === 1)).toBe(true);
    expect(platform.core.calls.highestInFlight).toBe(4);
  });

  test('never carry records of one case side by side, and keep their order', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ number: caseNumber(1) })] });
    platform.core.addFault({ kind: 'delay', delayMs: 5 });
    const client = startClient(platform.url, { clock: platform.core.now });
    const steps = Array.from({ length: 8 }, (_, index) => client.reportProcess([stepOf(1, index + 1)]));
    // A step that came before the one it follows would be refused with 2202.
    expect(await Promise.all(steps)).toEqual(Array(8).fill({ accepted: 1, rejected: [] }));
    expect(platform.core.calls.highestInFlight).toBe(1);
  });

  test('that share a case wait for each other, and messages of other cases do not wait', async () => {
    const cases = [1, 2, 3].map((serial) => caseSeed({ number: caseNumber(serial) }));
    const platform = await startPlatform({ at: LATER, cases });
    const client = startClient(platform.url, { clock: platform.core.now });
    platform.core.addFault({ kind: 'late-answer', delayMs: 300, times: 1 });

    const ended: string[] = [];
    const note = (name: string) => () => ended.push(name);
    const first = client.reportProcess([stepOf(1, 1), stepOf(2, 1)]).then(note('one and two'));
    await expect.poll(() => platform.core.calls.total).toBe(1);
    await Promise.all([
      first,
      client.reportProcess([stepOf(2, 2)]).then(note('two')),
      client.reportProcess([stepOf(3, 1)]).then(note('three')),
    ]);
    expect(ended).toEqual(['three', 'one and two', 'two']);
    expect(platform.core.ledger).toHaveLength(4);
  });

  test('of a case go on after one of them failed', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ number: caseNumber(1) })] });
    const client = startClient(platform.url, { clock: platform.core.now });
    platform.act('maintenance');
    const failed = client.reportProcess([stepOf(1, 1)]);
    const next = failed.catch(() => platform.act('maintenance', { on: false }));
    await expect(failed).rejects.toMatchObject({ code: 'DEPARTMENT_BUSY' });
    await next;
    expect(await client.reportProcess([stepOf(1, 1)])).toEqual({ accepted: 1, rejected: [] });
  });
});
