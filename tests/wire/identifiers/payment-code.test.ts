import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  composePaymentCode,
  isLocallyIssued,
  isPaymentCode,
  isQueryOnly,
  parsePaymentCode,
} from '../../../adapters/identifiers/payment-code.ts';

describe('a payment code', () => {
  test.each(['42120226300000001001', '42120226300000001006', '42120225300000000001'])('%s was issued here', (text) => {
    expect(isLocallyIssued(parsePaymentCode(text))).toBe(true);
  });

  test.each([
    ['42120226310000001001', 'its source is not 30'],
    ['42120226300000000000', 'its serial is 0'],
    ['44030526300000001001', 'its division is another'],
    ['4212022630000001', 'it has 16 digits'],
  ])('%s is taken but was not issued here: %s', (text) => {
    expect(isLocallyIssued(parsePaymentCode(text))).toBe(false);
  });

  test('of 20 digits is never refused for a check digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{20}$/), (text) => {
        expect(isPaymentCode(text)).toBe(true);
      }),
    );
  });

  test('of 16 digits may only be asked about', () => {
    expect(isQueryOnly(parsePaymentCode('4212022600001001'))).toBe(true);
    expect(isQueryOnly(parsePaymentCode('42120226300000001001'))).toBe(false);
  });

  test('is numbered by year and serial', () => {
    expect(composePaymentCode({ year: 2026, serial: 1003 })).toBe('42120226300000001003');
    expect(composePaymentCode({ year: 2025, serial: 9_999_999_999 })).toBe('42120225309999999999');
  });

  test('numbered here counts as issued here', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 9_999_999_999 }), (year, serial) => {
        expect(isLocallyIssued(composePaymentCode({ year, serial }))).toBe(true);
      }),
    );
  });

  test.each([
    { year: 2026, serial: 0, reason: 'serial out of range' },
    { year: 2026, serial: 10_000_000_000, reason: 'serial out of range' },
    { year: 2026, serial: 1.5, reason: 'serial out of range' },
    { year: 26, serial: 1, reason: 'year out of range' },
    { year: 2100, serial: 1, reason: 'year out of range' },
  ])('is not numbered with year $year and serial $serial', ({ year, serial, reason }) => {
    expect(() => composePaymentCode({ year, serial })).toThrow(
      expect.objectContaining({ identifier: 'PaymentCode', reason }),
    );
  });
});
