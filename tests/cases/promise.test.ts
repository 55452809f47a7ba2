import { describe, expect, test } from 'vitest';
import { chinaDateTime, instantFromChina } from '../../adapters/values/china-time.ts';
import { type Pause, pausesOf } from '../../subgraphs/cases/pauses.ts';
import { isOverdue, promiseAt, remainingWorkingDays } from '../../subgraphs/cases/promise.ts';
import { PROMISE_UNIT, type TimeLimit } from '../../subgraphs/cases/time-limit.ts';
import { WorkingDays, workingDays } from '../../subgraphs/cases/working-days.ts';
import golden from '../wire/golden/unified-acceptance/deadline-vectors.json' with { type: 'json' };

const STATE_COUNCIL = workingDays();
const GOLDEN = new WorkingDays({
  '2022': {
    notice: 'of the golden data',
    daysOff: golden.holidays.map((day): [string, string] => [day, day]),
    workedWeekends: golden.extraWorkingDays,
  },
});

const at = instantFromChina;

function pause(from: string, to: string | null): Pause {
  return { cause: 'supplement', from: at(from), to: to === null ? null : at(to) };
}

function promise(limit: TimeLimit | null, acceptedAt: string, pauses: readonly Pause[] = []): string | null {
  const moment = promiseAt(limit, at(acceptedAt), pauses, STATE_COUNCIL);
  return moment === null ? null : chinaDateTime(moment);
}

const workingDaysLimit = (amount: number): TimeLimit => ({ amount, unit: PROMISE_UNIT.WORKING_DAY });

describe.each([
  ['the golden calendar', GOLDEN],
  ['the State Council’s calendar', STATE_COUNCIL],
])('the promise of every golden vector, on %s', (_, calendar) => {
  test.each(golden.vectors)('accepted $acceptDate, $limit of unit $unit, paused $pausedDays', (vector) => {
    const pauses = vector.pausedDays.map(([from = '', to = '']) => pause(`${from} 11:00:00`, `${to} 09:30:00`));
    const limit: TimeLimit = { amount: vector.limit, unit: vector.unit === '1' ? '1' : '2' };
    for (const time of ['00:00:00', '09:44:10', '23:59:59']) {
      const moment = promiseAt(limit, at(`${vector.acceptDate} ${time}`), pauses, calendar);
      expect(moment === null ? null : chinaDateTime(moment)).toBe(`${vector.promiseDate} 23:59:59`);
    }
  });
});

describe('a promise', () => {
  test('is none for an immediate case', () => {
    expect(promise(null, '2026-03-02 09:00:00')).toBeNull();
  });

  test('of months ends on the same day of the month, or on its last', () => {
    expect(promise({ amount: 1, unit: '5' }, '2026-03-02 09:00:00')).toBe('2026-04-02 23:59:59');
    expect(promise({ amount: 1, unit: '5' }, '2026-01-31 09:00:00')).toBe('2026-02-28 23:59:59');
    expect(promise({ amount: 14, unit: '5' }, '2022-12-31 09:00:00')).toBe('2024-02-29 23:59:59');
    expect(
      promise({ amount: 1, unit: '5' }, '2026-03-02 09:00:00', [pause('2026-03-30 08:00:00', '2026-04-03 08:00:00')]),
    ).toBe('2026-04-07 23:59:59');
  });

  test('of hours and minutes runs from the moment, and stops for as long as a pause lasts', () => {
    expect(promise({ amount: 3, unit: '3' }, '2026-03-02 22:30:05')).toBe('2026-03-03 01:30:05');
    expect(promise({ amount: 45, unit: '4' }, '2026-03-02 09:30:00')).toBe('2026-03-02 10:15:00');
    const overlapping = [
      pause('2026-03-02 10:00:00', '2026-03-02 11:00:00'),
      pause('2026-03-02 10:30:00', '2026-03-02 11:30:00'),
      pause('2026-03-02 10:40:00', '2026-03-02 10:50:00'),
      pause('2026-03-02 15:00:00', null),
    ];
    expect(promise({ amount: 2, unit: '3' }, '2026-03-02 09:00:00', overlapping)).toBe('2026-03-02 12:30:00');
    expect(promise({ amount: 9, unit: '3' }, '2026-03-02 09:00:00', overlapping)).toBeNull();
  });

  test('does not count a day twice that two pauses share', () => {
    const pauses = [
      pause('2026-03-04 09:00:00', '2026-03-05 10:00:00'),
      pause('2026-03-05 15:00:00', '2026-03-06 10:00:00'),
    ];
    expect(promise(workingDaysLimit(3), '2026-03-02 09:00:00', pauses)).toBe('2026-03-10 23:59:59');
  });

  test('has no moment while the clock stands still, and one again when the pause has ended', () => {
    expect(promise(workingDaysLimit(5), '2026-03-02 09:00:00', [pause('2026-03-04 09:00:00', null)])).toBeNull();
    expect(
      promise(workingDaysLimit(5), '2026-03-02 09:00:00', [pause('2026-03-04 09:00:00', '2026-03-04 16:00:00')]),
    ).toBe('2026-03-10 23:59:59');
  });

  test('that ran out before the pause keeps its moment', () => {
    expect(promise(workingDaysLimit(1), '2026-03-02 09:00:00', [pause('2026-03-04 09:00:00', null)])).toBe(
      '2026-03-03 23:59:59',
    );
  });

  test('is refused, not guessed, where it runs into a year without a notice', () => {
    expect(() => promise(workingDaysLimit(5), '2026-12-30 09:00:00')).toThrow(
      expect.objectContaining({ code: 'CALENDAR_MISSING' }),
    );
    expect(promise({ amount: 5, unit: '2' }, '2026-12-30 09:00:00')).toBe('2027-01-04 23:59:59');
  });
});

describe('a promise that runs', () => {
  const due = at('2026-03-10 23:59:59');

  test.each([
    ['2026-03-06 09:00:00', 2],
    ['2026-03-07 09:00:00', 2],
    ['2026-03-09 23:59:59', 1],
    ['2026-03-10 00:00:00', 0],
    ['2026-03-11 00:00:00', -1],
    ['2026-03-16 12:00:00', -4],
  ])('has at %s so many working days left: %i', (now, left) => {
    expect(remainingWorkingDays(due, at(now), STATE_COUNCIL)).toBe(left);
  });

  test('is overdue from the second after its last', () => {
    expect(isOverdue(due, null, due + 999)).toBe(false);
    expect(isOverdue(due, null, due + 1000)).toBe(true);
    expect(isOverdue(due, due, due + 86_400_000)).toBe(false);
    expect(isOverdue(due, due + 5_000, due + 86_400_000)).toBe(true);
    expect(isOverdue(null, null, due)).toBe(false);
  });
});

describe('the pauses of a case', () => {
  const step = (name: string, outcome: string | null, endedAt: number | null) => ({ name, outcome, endedAt });

  test('are read from its steps: each supplement and special procedure until the step that ended it', () => {
    expect(
      pausesOf([
        step('受理', '4', 100),
        step('审核', '5', 200),
        step('补正', '1', 300),
        step('审核', '6', 400),
        step('特别程序', '1', 500),
        step('审核', '5', 600),
        step('补正', null, null),
      ]),
    ).toEqual([
      { cause: 'supplement', from: 200, to: 300 },
      { cause: 'special-procedure', from: 400, to: 500 },
      { cause: 'supplement', from: 600, to: null },
    ]);
  });
});
