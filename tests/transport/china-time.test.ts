import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chinaCompactDate,
  chinaCompactDateTime,
  chinaDate,
  chinaDateTime,
  chinaIso,
  chinaParts,
  instantFromChina,
  isCalendarDate,
  systemClock,
} from '../../adapters/values/china-time.ts';

/** 2022-10-08 09:30:00.123 in China. */
const INSTANT = Date.UTC(2022, 9, 8, 1, 30, 0, 123);

/** Every instant that has a four-digit year in China. */
const anyInstant = fc.integer({
  min: Date.parse('0000-01-01T00:00:00+08:00'),
  max: Date.parse('9999-12-31T23:59:59.999+08:00'),
});

describe('China time', () => {
  it('is written in every form the departments use', () => {
    expect(chinaDate(INSTANT)).toBe('2022-10-08');
    expect(chinaCompactDate(INSTANT)).toBe('20221008');
    expect(chinaDateTime(INSTANT)).toBe('2022-10-08 09:30:00');
    expect(chinaCompactDateTime(INSTANT)).toBe('20221008093000');
    expect(chinaIso(INSTANT)).toBe('2022-10-08T09:30:00+08:00');
    expect(chinaParts(INSTANT)).toEqual({
      year: '2022',
      month: '10',
      day: '08',
      hour: '09',
      minute: '30',
      second: '00',
      millisecond: '123',
    });
  });

  it.each([
    ['2022-12-31T15:59:59.999Z', '2022-12-31 23:59:59'],
    ['2022-12-31T16:00:00Z', '2023-01-01 00:00:00'],
    ['2024-02-28T16:00:00Z', '2024-02-29 00:00:00'],
    ['1970-01-01T00:00:00Z', '1970-01-01 08:00:00'],
    ['1969-12-31T15:59:59Z', '1969-12-31 23:59:59'],
    ['0999-12-31T16:00:00Z', '1000-01-01 00:00:00'],
  ])('begins a new day at four in the afternoon of Greenwich: %s is %s', (utc, china) => {
    expect(chinaDateTime(Date.parse(utc))).toBe(china);
  });

  it.each([
    ['2022-10-08', '2022-10-07T16:00:00.000Z'],
    ['20221008', '2022-10-07T16:00:00.000Z'],
    ['2022-10-08 09:30:00', '2022-10-08T01:30:00.000Z'],
    ['20221008093000', '2022-10-08T01:30:00.000Z'],
    ['20221008093000123', '2022-10-08T01:30:00.123Z'],
    ['2022-10-08T09:30:00', '2022-10-08T01:30:00.000Z'],
    ['2022-10-08T09:30:00+08:00', '2022-10-08T01:30:00.000Z'],
    ['2022-10-08T09:30:00Z', '2022-10-08T09:30:00.000Z'],
    ['2022-10-08T09:30:00.5-05:00', '2022-10-08T14:30:00.500Z'],
    ['2022-10-08T09:30:00.123456789+05:45', '2022-10-08T03:45:00.123Z'],
    ['2024-02-29', '2024-02-28T16:00:00.000Z'],
    ['0001-01-01', '0000-12-31T16:00:00.000Z'],
  ])('is read from %s', (text, utc) => {
    expect(new Date(instantFromChina(text)).toISOString()).toBe(utc);
  });

  it.each([
    '',
    '2022',
    '2022-10',
    '2022-10-8',
    '2022/10/08',
    '2022-10-08 09:30',
    '2022-10-08  09:30:00',
    ' 2022-10-08',
    '2022-10-08\n',
    '2022-10-08T09:30:00.5',
    '2022-10-08T09:30:00+0800',
    '2022-10-08T09:30:00 +08:00',
    '2022100809300',
    '2022100809300012',
    '２０２２1008',
    '2022年10月08日',
  ])('is not read from "%s", which is none of its forms', (text) => {
    expect(() => instantFromChina(text)).toThrow(new RangeError('not a date or time in a known form'));
  });

  it.each([
    '2023-02-29',
    '20230229',
    '2022-02-30 00:00:00',
    '2022-02-30T09:30:00+08:00',
    '2022-04-31T09:30:00Z',
    '2022-13-01',
    '2022-00-10',
    '2022-10-00',
    '2022-10-08 24:00:00',
    '2022-10-08T24:00:00+08:00',
    '2022-10-08 23:60:00',
    '2022-10-08T23:60:00+08:00',
    '20221008235960',
    '2022-10-08T09:30:00+24:00',
    '1900-02-29',
  ])('is not read from %s, which no calendar or clock has', (text) => {
    expect(() => instantFromChina(text)).toThrow(new RangeError('no such day or time'));
    // The error tells nothing of the text: a date may be a date of birth.
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, Date.parse('9999-12-31T16:00:00Z'), -62_167_248_000_001])(
    'has no text for %d, outside four-digit years',
    (instant) => {
      for (const write of [chinaDate, chinaCompactDate, chinaDateTime, chinaCompactDateTime, chinaIso, chinaParts]) {
        expect(() => write(instant)).toThrow(RangeError);
      }
    },
  );

  it('is the same instant again after writing and reading, to the second', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const second = Math.floor(instant / 1_000) * 1_000;
        expect(instantFromChina(chinaDateTime(instant))).toBe(second);
        expect(instantFromChina(chinaCompactDateTime(instant))).toBe(second);
        expect(instantFromChina(chinaIso(instant))).toBe(second);
        expect(instantFromChina(chinaCompactDateTime(instant) + chinaParts(instant).millisecond)).toBe(instant);
      }),
    );
  });

  it('has each day’s first moment as the meaning of a date', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const first = instantFromChina(chinaDate(instant));
        expect(instantFromChina(chinaCompactDate(instant))).toBe(first);
        expect(instant - first).toBeGreaterThanOrEqual(0);
        expect(instant - first).toBeLessThan(86_400_000);
      }),
    );
  });

  it('is what Asia/Shanghai shows, since its last summer time in 1991', () => {
    const shanghai = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Asia/Shanghai',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1991, 11, 1), max: Date.UTC(2099, 11, 31) }), (instant) => {
        expect(chinaDateTime(instant)).toBe(shanghai.format(instant));
      }),
    );
  });

  it('is read or refused with a RangeError, whatever the text', () => {
    const almost = fc.stringMatching(
      /^\d{4}-?\d{2}-?\d{2}[T ]?\d{0,2}:?\d{0,2}:?\d{0,2}(\.\d{1,3})?(Z|\+\d{2}:\d{2})?$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        try {
          expect(Number.isInteger(instantFromChina(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('has the machine’s own clock at hand', () => {
    const before = Date.now();
    expect(systemClock()).toBeGreaterThanOrEqual(before);
    expect(systemClock()).toBeLessThanOrEqual(Date.now());
  });
});

describe('a calendar date', () => {
  it.each(['2022-10-08', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('may be %s', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2022-04-31',
    '2022-13-01',
    '2022-00-01',
    '20221008',
    '2022-10-8',
    ' 2022-10-08',
    '',
  ])('may not be "%s"', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });
});

describe('the machine’s own time zone', () => {
  /** Instants around the days on which New York changes its clocks, among others. */
  const INSTANTS = [INSTANT, Date.UTC(2022, 2, 13, 7), Date.UTC(2022, 10, 6, 6), Date.UTC(1988, 6, 1), 0, -1];
  const TEXTS = ['2022-03-13', '20220313023000', '2022-11-06 01:30:00', '1988-07-01', '2022-10-08T09:30:00+08:00'];

  const here = JSON.stringify([
    INSTANTS.map((instant) => [chinaIso(instant), chinaDate(instant), chinaParts(instant)]),
    TEXTS.map(instantFromChina),
    TEXTS.map(isCalendarDate),
  ]);

  it.each(['America/New_York', 'Asia/Kathmandu', 'Asia/Shanghai', 'UTC'])(
    'changes nothing where it is %s',
    async (zone) => {
      const program = `
      import { chinaIso, chinaDate, chinaParts, instantFromChina, isCalendarDate } from ${JSON.stringify(
        new URL('../../adapters/values/china-time.ts', import.meta.url).href,
      )};
      const instants = ${JSON.stringify(INSTANTS)};
      const texts = ${JSON.stringify(TEXTS)};
      console.log(JSON.stringify([
        new Date(2022, 0, 1).getTimezoneOffset(),
        [
          instants.map((instant) => [chinaIso(instant), chinaDate(instant), chinaParts(instant)]),
          texts.map(instantFromChina),
          texts.map(isCalendarDate),
        ],
      ]));`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
        env: { ...process.env, TZ: zone },
      });
      const [offset, there] = JSON.parse(stdout) as [number, unknown];
      expect(offset).toBe({ 'America/New_York': 300, 'Asia/Kathmandu': -345, 'Asia/Shanghai': -480, UTC: 0 }[zone]);
      expect(JSON.stringify(there)).toBe(here);
    },
  );
});
