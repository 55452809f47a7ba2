import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import published from '../../seeds/working-days.json' with { type: 'json' };
import { dateOf, dayOf, dayOfMoment, endOfDay, workingDays } from '../../subgraphs/cases/working-days.ts';

const folder = mkdtempSync(join(tmpdir(), 'calendar-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Days off and weekend days worked in each year, as the notices list them. */
const COUNTS = [
  ['2022', 31, 7],
  ['2023', 27, 7],
  ['2024', 28, 8],
  ['2025', 28, 5],
  ['2026', 33, 6],
] as const;

const NEXT_YEAR = {
  notice: 'an invented notice',
  daysOff: [['2027-01-01', '2027-01-03']],
  workedWeekends: ['2027-02-20'],
};

function fileOf(content: unknown): string {
  const file = join(folder, `${crypto.randomUUID()}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('the calendar of working days', () => {
  const calendar = workingDays();
  const worked = (date: string): boolean => calendar.isWorkingDay(dayOf(date));

  test.each(COUNTS)('of %s has as many days off and worked weekends as its notice', (year, off, weekends) => {
    const { daysOff, workedWeekends } = published.years[year];
    const days = daysOff.map(([from = '', to = '']) => dayOf(to) - dayOf(from) + 1);
    expect(days.reduce((sum, count) => sum + count, 0)).toBe(off);
    expect(workedWeekends).toHaveLength(weekends);
  });

  const KNOWN: [date: string, worked: boolean, why: string][] = [
    ['2022-01-29', true, 'a Saturday worked for the Spring Festival'],
    ['2022-02-02', false, 'Spring Festival'],
    ['2022-10-08', true, 'a Saturday worked for the National Day'],
    ['2022-12-31', false, 'given by the notice of the year after'],
    ['2023-10-06', false, 'Mid-autumn and National Day'],
    ['2024-02-09', true, 'the eve, which was encouraged and not given'],
    ['2025-01-26', true, 'a Sunday worked'],
    ['2025-10-08', false, 'National Day'],
    ['2026-02-23', false, 'Spring Festival'],
    ['2026-03-07', false, 'a Saturday'],
    ['2026-03-09', true, 'a Monday'],
  ];

  test.each(KNOWN)('has %s as worked: %s (%s)', (date, expected) => {
    expect(worked(date)).toBe(expected);
  });

  test.each(['2021-12-31', '2027-01-01', '2027-03-03'])(
    'does not guess %s, and says where its year is added',
    (date) => {
      const year = date.slice(0, 4);
      expect(() => worked(date)).toThrow(CasegraphError);
      try {
        worked(date);
      } catch (error) {
        expect(error).toMatchObject({ code: 'CALENDAR_MISSING' });
        expect((error as CasegraphError).message).toContain(year);
        expect((error as CasegraphError).message).toContain('cases.calendar');
        expect((error as CasegraphError).extensions.messageZh).toContain(`缺少${year}年节假日安排`);
      }
    },
  );

  test('takes further years from a file, and a changed notice in the place of a published one', () => {
    const changed = { ...published.years['2026'], workedWeekends: ['2026-03-07'] };
    const extended = workingDays(fileOf({ years: { '2026': changed, '2027': NEXT_YEAR } }));
    expect(extended.isWorkingDay(dayOf('2027-01-01'))).toBe(false);
    expect(extended.isWorkingDay(dayOf('2027-02-20'))).toBe(true);
    expect(extended.isWorkingDay(dayOf('2026-03-07'))).toBe(true);
    expect(extended.isWorkingDay(dayOf('2026-02-14'))).toBe(false);
    expect(extended.isWorkingDay(dayOf('2025-02-08'))).toBe(true);
  });

  test.each([
    ['no JSON', '{'],
    ['no years', {}],
    [
      'a range that ends before it begins',
      { years: { '2027': { ...NEXT_YEAR, daysOff: [['2027-01-03', '2027-01-01']] } } },
    ],
    ['a worked weekend that is a Monday', { years: { '2027': { ...NEXT_YEAR, workedWeekends: ['2027-02-22'] } } }],
    ['a day that the year does not have', { years: { '2027': { ...NEXT_YEAR, workedWeekends: ['2027-02-30'] } } }],
    ['days of another year', { years: { '2028': NEXT_YEAR } }],
    ['no notice', { years: { '2027': { ...NEXT_YEAR, notice: '' } } }],
  ])('refuses a file with %s, naming it and the setting', (_, content) => {
    const file = fileOf(content);
    expect(() => workingDays(file)).toThrow(`cases.calendar: ${file}`);
  });

  test('refuses a file that is not there', () => {
    expect(() => workingDays(join(folder, 'none.json'))).toThrow('cases.calendar');
  });
});

describe('a day of China', () => {
  test('begins at midnight there, whatever zone the machine is in', () => {
    expect(dateOf(dayOfMoment(Date.parse('2026-03-31T15:59:59Z')))).toBe('2026-03-31');
    expect(dateOf(dayOfMoment(Date.parse('2026-03-31T16:00:00Z')))).toBe('2026-04-01');
    expect(new Date(endOfDay(dayOf('2026-03-31'))).toISOString()).toBe('2026-03-31T15:59:59.000Z');
  });
});
