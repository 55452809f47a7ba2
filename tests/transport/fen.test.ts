import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fen, fen, fenFromTenThousandYuan, fenFromYuan, sumFen, yuanFromFen } from '../../adapters/values/fen.ts';

const anyFen = fc.maxSafeInteger().map((amount) => fen(amount));

describe('an amount in fen', () => {
  it.each([0, 1, -1, 41_250, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('may be %d', (amount) => {
    expect(fen(amount)).toBe(amount);
  });

  it.each([0.5, 412.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('may not be %d', (amount) => {
    expect(() => fen(amount)).toThrow(RangeError);
  });
});

describe('yuan read as fen', () => {
  it.each([
    ['80', 8_000],
    ['80.0', 8_000],
    ['80.00', 8_000],
    ['80.', 8_000],
    ['412.5', 41_250],
    ['-412.50', -41_250],
    ['0.01', 1],
    ['0.1', 10],
    ['-0.00', 0],
    ['000080.00', 8_000],
    ['80.000000', 8_000],
    [' 80.00 ', 8_000],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
    [80, 8_000],
    [412.5, 41_250],
    [0.1, 10],
    [0.29, 29],
    [1.005e2, 10_050],
    [-0, 0],
    [4.35, 435],
    [1_234_567.89, 123_456_789],
  ])('%o are %d', (yuan, amount) => {
    expect(Object.is(fenFromYuan(yuan), amount)).toBe(true);
  });

  it.each([
    '',
    ' ',
    '.5',
    '+5',
    '--5',
    '1,000.00',
    '1e3',
    '0x10',
    '８０',
    '80元',
    '80.001',
    '80.00.00',
    'NaN',
    '90071992547409.92',
    '9999999999999999',
    0.001,
    0.1 + 0.2,
    1e21,
    1e-7,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
  ])('%o are no amount', (yuan) => {
    expect(() => fenFromYuan(yuan)).toThrow(RangeError);
  });

  it('do not repeat what was wrong: it may be personal data', () => {
    expect(() => fenFromYuan('421202197803159926x')).toThrow(/^not a decimal amount$/);
  });

  it('are the same again after writing and reading, for every amount', () => {
    fc.assert(
      fc.property(anyFen, (amount) => {
        const text = yuanFromFen(amount);
        expect(text).toMatch(/^-?\d+\.\d\d$/);
        expect(fenFromYuan(text)).toBe(amount);
      }),
    );
  });

  it('are the same again as a JSON number, for every amount below ten trillion yuan', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }), (amount) => {
        const number = JSON.parse(yuanFromFen(fen(amount))) as number;
        expect(fenFromYuan(number)).toBe(amount);
      }),
    );
  });

  it('are an amount or a RangeError, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^-?\d{0,18}\.?\d{0,8}$/)), (yuan) => {
        try {
          expect(Number.isSafeInteger(fenFromYuan(yuan))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('ten thousand yuan read as fen', () => {
  it.each([
    ['56.80', 56_800_000],
    ['56.8', 56_800_000],
    ['0.000001', 1],
    ['-1', -1_000_000],
    ['1.2345670', 1_234_567],
    [56.8, 56_800_000],
    [0, 0],
  ])('%o are %d', (amount, expected) => {
    expect(fenFromTenThousandYuan(amount)).toBe(expected);
  });

  it.each(['0.0000001', '9007199254.740992', '万', 1e-7])('%o are no amount', (amount) => {
    expect(() => fenFromTenThousandYuan(amount)).toThrow(RangeError);
  });

  it('are ten thousand times as much as yuan', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), (amount) => {
        const text = yuanFromFen(fen(amount));
        expect(fenFromTenThousandYuan(text)).toBe(fenFromYuan(text) * 10_000);
      }),
    );
  });
});

describe('fen written as yuan', () => {
  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [-1, '-0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [41_250, '412.50'],
    [-41_250, '-412.50'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('%d are %s', (amount, text) => {
    expect(yuanFromFen(fen(amount))).toBe(text);
  });
});

describe('the sum of amounts', () => {
  it('is zero of none, and what is to be expected of some', () => {
    expect(sumFen([])).toBe(0);
    expect(sumFen([fen(10), fen(20), fen(-5)])).toBe(25);
  });

  it('is taken of anything that gives amounts', () => {
    expect(sumFen(new Set([fen(1), fen(2)]))).toBe(3);
  });

  it('is refused when it leaves the whole numbers', () => {
    expect(() => sumFen([fen(Number.MAX_SAFE_INTEGER), fen(1)])).toThrow(RangeError);
  });

  it('is refused rather than wrong when it leaves them on the way and comes back', () => {
    expect(() => sumFen([fen(Number.MAX_SAFE_INTEGER), fen(2), fen(-3)])).toThrow(RangeError);
  });

  it('is exact', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(10 ** 12), max: 10 ** 12 })), (amounts) => {
        const exact = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
        expect(BigInt(sumFen(amounts as Fen[]))).toBe(exact);
      }),
    );
  });
});
