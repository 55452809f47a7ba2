import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLongNumber, parsePreciseJson } from '../../gateway/precise-json.ts';

describe('JSON that is read precisely', () => {
  it.each([
    '{"n":12345678901234567890}',
    '{"n":-12345678901234567890}',
    '[12345678901234567890,9007199254740993]',
    '{"a":[{"b": 9007199254740993}]}',
    '{"n":\n\t12345678901234567890}',
  ])('keeps integers that a double cannot hold: %s', (text) => {
    expect(JSON.stringify(parsePreciseJson(text))).toBe(text.replaceAll(/\s/g, ''));
  });

  it('keeps every integer, however long', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
        expect(JSON.stringify(parsePreciseJson(`{"n":${integer}}`))).toBe(`{"n":${integer}}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves numbers that a double holds numbers, also beside long ones', () => {
    const read = parsePreciseJson('[9007199254740991,1000000000000000,12345678901234567890,1.5,0,-7]') as unknown[];
    expect(read.map((value) => (isLongNumber(value) ? 'long' : value))).toEqual([
      9_007_199_254_740_991,
      1_000_000_000_000_000,
      'long',
      1.5,
      0,
      -7,
    ]);
  });

  it('leaves digits in texts alone', () => {
    const value = { code: '12345678901234567890', list: ['x:12345678901234567890', ',12345678901234567890'] };
    expect(parsePreciseJson(JSON.stringify(value))).toEqual(value);
  });

  it('gives what JSON.parse gives where no number is long', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text));
        expect(parsePreciseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what is no JSON, with a long number or without', () => {
    expect(() => parsePreciseJson('{"n":1')).toThrow(SyntaxError);
    expect(() => parsePreciseJson('{"n":12345678901234567890')).toThrow(SyntaxError);
  });

  it('takes nothing for a long number that only looks like one', () => {
    for (const value of [12, '12345678901234567890', { rawJSON: '12345678901234567890' }, [], null, undefined]) {
      expect(isLongNumber(value)).toBe(false);
    }
  });
});
