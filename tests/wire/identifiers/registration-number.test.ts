import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRegistrationNumber, parseRegistrationNumber } from '../../../adapters/identifiers/registration-number.ts';

describe('a registration number', () => {
  test.each([
    ['421202600001124', 'check digit wrong'],
    ['42120261000345', 'must be 15 digits'],
    ['4212026000A1120', 'must be 15 digits'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseRegistrationNumber(text)).toThrow(expect.objectContaining({ reason }));
  });

  test('has exactly one check digit, so that a single wrong digit always shows', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{14}$/), fc.nat({ max: 14 }), (body, place) => {
        const checks = [...'0123456789'].filter((check) => isRegistrationNumber(body + check));
        expect(checks).toHaveLength(1);
        const number = body + checks[0];
        const variants = [...'0123456789'].map((digit) => number.slice(0, place) + digit + number.slice(place + 1));
        expect(variants.filter(isRegistrationNumber)).toEqual([number]);
      }),
    );
  });
});
