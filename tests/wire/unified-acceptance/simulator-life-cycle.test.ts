import { describe, expect, test } from 'vitest';
import type { CaseSeed } from '../../../seeds/model.ts';
import golden from '../golden/unified-acceptance/state-transitions.json' with { type: 'json' };
import { recordOf, transcript } from './golden-files.ts';
import { caseSeed, chinaInstant, GOLDEN_CASE, type Platform, startPlatform, stepSeed } from './platform-fixture.ts';
import { type AnyRecord, type InterfaceName, post, verdict } from './raw-messages.ts';

const step = recordOf(transcript('05').request);
const special = recordOf(transcript('07').request);
const result = recordOf(transcript('09').request);
const LATER = '2022-10-24 18:00:00';
const KEY = { projectNo: GOLDEN_CASE, projectPwd: '604518' };

/** A case in a state, as the population may hold it; closed ones closed an hour ago. */
function caseIn(status: string): CaseSeed {
  const closed = ['3', '47', '44', '5', '-1'].includes(status);
  return caseSeed({
    status,
    steps: status === '1' ? [] : [stepSeed(1)],
    ...(closed && {
      result: {
        type: '0',
        at: '2022-10-24 17:00:00',
        explanation: '',
        certificateName: '',
        certificateNumber: '',
        handler: '孙某',
      },
    }),
  });
}

/** The record that stands for an event of the transition table. */
function recordFor(event: string, status: string): readonly [InterfaceName, AnyRecord] {
  const sn = status === '1' ? 1 : 2;
  const [, node] = /nodeResult=(\d)/.exec(event) ?? [];
  if (node !== undefined) return ['process', { ...step, sn, nodeResult: node, eventName: node === '4' ? '1' : '3' }];
  const [, type] = /resultType=(\d)/.exec(event) ?? [];
  if (type !== undefined) return ['result', { ...result, resultType: type, resultExplain: '说明' }];
  switch (event) {
    case 'supplement received':
      return ['process', { ...step, sn, nodeResult: '1', eventName: '4' }];
    case 'special start':
      return ['special', special];
    case 'special end':
      return ['special', { ...special, endTime: '2022-10-17 18:00:00', dataVer: 2, cdOperation: 'U' }];
    case 'result':
      return ['result', result];
    case 'process':
      return ['process', { ...step, sn }];
    default:
      throw new Error(`an event that no record is known for: ${event}`);
  }
}

async function statusOf(platform: Platform): Promise<unknown> {
  return (await post(platform, 'query', KEY)).body?.status;
}

const transitions = golden.transitions.flatMap(([from = '', event = '', to = '']) =>
  event.includes(' or ')
    ? [...event.matchAll(/\d/g)].map(([type]) => ({ from, event: `resultType=${type}`, to }))
    : [{ from, event, to }],
);

describe('the transition table', () => {
  test.each(transitions)('takes a case from $from to $to by $event', async ({ from, event, to }) => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn(from)] });
    const [name, record] = recordFor(event, from);
    expect(await verdict(platform, name, record)).toBe('taken');
    expect(await statusOf(platform)).toBe(to);
  });

  test.each(golden.notAllowed.map(([from = '', event = '']) => ({ from, event })))(
    'does not take $event in $from, and the case stays',
    async ({ from, event }) => {
      const platform = await startPlatform({ at: LATER, cases: [caseIn(from)] });
      const [name, record] = recordFor(event, from);
      expect(await verdict(platform, name, record)).toBe(golden.terminal.includes(from) ? '2203' : '2204');
      expect(await statusOf(platform)).toBe(from);
      expect(platform.core.ledger).toEqual([]);
    },
  );

  test.each(Object.keys(golden.states))('has a name for the state %s', async (status) => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn(status)] });
    const { body } = await post(platform, 'query', KEY);
    const named = golden.states[status as keyof typeof golden.states];
    expect(named.startsWith(String(body?.statusName))).toBe(true);
  });

  test.each(['2', '3'])(
    'ends a case that is not accepted (node result %s) without a closing record',
    async (nodeResult) => {
      const platform = await startPlatform({ at: LATER, cases: [caseIn('1')] });
      await post(platform, 'process', { ...step, sn: 1, nodeResult });
      expect((await post(platform, 'query', KEY)).body).toMatchObject({ status: '47', resultType: '6' });
    },
  );

  test('lets the only step of an immediate case lead to its closing', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn('1')] });
    const only = { ...step, sn: 1, nodeType: '4', nodeResult: '1', eventName: '5' };
    expect(await verdict(platform, 'process', only)).toBe('taken');
    expect(await verdict(platform, 'result', result)).toBe('taken');
    expect(await statusOf(platform)).toBe('3');
  });

  test('moves a case when a step that was to do is done', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn('2')] });
    const toDo = { ...step, nodeState: '01', nodeResult: '', eventEndTime: step.eventStartTime };
    expect(await verdict(platform, 'process', toDo)).toBe('taken');
    expect(await statusOf(platform)).toBe('2');
    expect(await verdict(platform, 'process', { ...step, dataVer: 2, cdOperation: 'U' })).toBe('taken');
    expect(await statusOf(platform)).toBe('21');
  });

  test.each([
    { status: '21', why: 'a review before the supplement came', sn: 2 },
    { status: '22', why: 'a review while suspended', sn: 2 },
  ])('does not take $why', async ({ status, sn }) => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn(status)] });
    const review = { ...step, sn, nodeResult: '1', eventName: '2' };
    expect(await verdict(platform, 'process', review)).toBe('2204');
  });

  test('leaves a case received after the step of receiving it', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn('1')] });
    expect(await verdict(platform, 'process', { ...step, sn: 1, processName: '申请', nodeResult: '1' })).toBe('taken');
    expect(await statusOf(platform)).toBe('1');
    const accepted = { ...step, rowGuid: 'b', sn: 2, nodeResult: '4', eventStartTime: step.eventEndTime };
    expect(await verdict(platform, 'process', accepted)).toBe('taken');
    expect(await statusOf(platform)).toBe('2');
  });

  test('lets the first report of a step to do, known from before, take it over', async () => {
    const toDo = stepSeed(2, { nodeType: '2', nodeState: '01', nodeResult: '' });
    const platform = await startPlatform({ at: LATER, cases: [caseSeed({ steps: [stepSeed(1), toDo] })] });
    expect(await verdict(platform, 'process', { ...step, nodeResult: '1', eventName: '2' })).toBe('taken');
    const { body } = await post(platform, 'query', KEY);
    expect(body?.steps).toMatchObject([{ sn: 1 }, { sn: 2, nodeResult: '1' }]);
    expect(await verdict(platform, 'process', { ...step, rowGuid: 'c' })).toBe('2202');
  });

  test('does not let a second special procedure begin', async () => {
    const platform = await startPlatform({ at: LATER, cases: [caseIn('2')] });
    expect(await verdict(platform, 'special', special)).toBe('taken');
    expect(await verdict(platform, 'special', { ...special, rowGuid: 'another' })).toBe('2204');
    expect(await verdict(platform, 'result', result)).toBe('2204');
  });
});

describe('a closed case', () => {
  const correction = { ...result, dataVer: 2, cdOperation: 'U', resultType: '1', resultExplain: '更正' };

  async function closedCase(): Promise<Platform> {
    const platform = await startPlatform({ at: LATER, cases: [caseIn('2')] });
    await post(platform, 'result', result);
    return platform;
  }

  test('takes a correction within 24 hours, which may change the result', async () => {
    const platform = await closedCase();
    platform.setTime('2022-10-25 17:59:00');
    expect(await verdict(platform, 'result', correction)).toBe('taken');
    expect(await statusOf(platform)).toBe('44');
  });

  test('takes none after 24 hours', async () => {
    const platform = await closedCase();
    platform.setTime('2022-10-25 18:01:00');
    expect(await verdict(platform, 'result', correction)).toBe('2203');
    expect(await statusOf(platform)).toBe('3');
  });

  test('takes no new version that is not a correction', async () => {
    const platform = await closedCase();
    expect(await verdict(platform, 'result', { ...correction, cdOperation: 'I' })).toBe('2203');
  });

  test('takes nothing new', async () => {
    const platform = await closedCase();
    const material = recordOf(transcript('06').request);
    expect(await verdict(platform, 'material', material)).toBe('2203');
    expect(await verdict(platform, 'material', { ...material, cdOperation: 'U' })).toBe('2203');
    expect(await verdict(platform, 'special', special)).toBe('2203');
    const fee = { ...recordOf(transcript('14').request), projectNo: GOLDEN_CASE };
    expect(await verdict(platform, 'fee', fee)).toBe('2203');
  });

  test('answers the same record again with 2106, not with 2203', async () => {
    const platform = await closedCase();
    expect(await verdict(platform, 'result', result)).toBe('2106');
  });
});

describe('a promise', () => {
  const promised = (change: Partial<CaseSeed>) => caseSeed({ promiseDate: '2022-10-27 23:59:59', ...change });

  test.each([
    ['2022-10-27 23:59:59', '0'],
    ['2022-10-28 00:00:01', '1'],
  ])('of an open case asked for at %s is overdue: %s', async (at, overdue) => {
    const platform = await startPlatform({ at, cases: [promised({})] });
    platform.core.setClock(chinaInstant(at) - Date.now());
    expect((await post(platform, 'query', KEY)).body?.overdue).toBe(overdue);
  });

  test.each(['21', '22'])('does not run out while the case is in %s', async (status) => {
    const platform = await startPlatform({ at: '2022-12-01 00:00:00', cases: [promised({ status })] });
    expect((await post(platform, 'query', KEY)).body?.overdue).toBe('0');
  });

  test('that was kept stays kept', async () => {
    const closed = { ...caseIn('3'), promiseDate: '2022-10-27 23:59:59' };
    const platform = await startPlatform({ at: '2022-12-01 00:00:00', cases: [closed] });
    expect((await post(platform, 'query', KEY)).body?.overdue).toBe('0');
  });
});
