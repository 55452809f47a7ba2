import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { birthDate, isIdNumber, parseIdNumber, sex } from '../../../adapters/identifiers/id-number.ts';
import { REFERENCE_DAY } from './kinds/kind.ts';

describe('a citizen identity number', () => {
  test.each([
    ['421202197803159920', 'check character wrong'],
    ['421202197802309929', 'no such birth date'],
    ['421202190002299900', 'no such birth date'],
    ['42120219780315992', 'must have 18 characters'],
    ['421202780315992', 'must have 18 characters'],
    ['4212021978031599x6', 'must be 17 digits and a digit or X'],
    ['991202197803159927', 'no such province'],
    ['421202203012259910', 'birth date in the future'],
    ['440524188001010014', 'birth date before 1900'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseIdNumber(text, { asOf: REFERENCE_DAY })).toThrow(
      expect.objectContaining({
        identifier: 'IdNumber',
        reason,
        message: `IdNumber: ${reason}`,
      }),
    );
  });

  test('tells the date of birth', () => {
    expect(birthDate(parseIdNumber('421202197803159926'))).toBe('1978-03-15');
  });

  test('tells the sex by its seventeenth digit', () => {
    expect(sex(parseIdNumber('421202197803159926'))).toBe('female');
    expect(sex(parseIdNumber('421202196507229972'))).toBe('male');
  });

  test('may be of today, as China counts days, but not of tomorrow', () => {
    const newborn = withCheckCharacter('42120220221231001');
    expect(isIdNumber(newborn, { asOf: new Date('2022-12-30T16:00:00Z') })).toBe(true);
    expect(isIdNumber(newborn, { asOf: new Date('2022-12-30T15:59:59Z') })).toBe(false);
  });

  test('is held against the present day when no day is given', () => {
    const year = new Date().getUTCFullYear();
    expect(isIdNumber(withCheckCharacter(`421202${year + 1}0102001`))).toBe(false);
    expect(isIdNumber(withCheckCharacter(`421202${year - 1}0102001`))).toBe(true);
  });

  test('keeps the code of a county that no longer exists', () => {
    expect(isIdNumber('422301195501100030')).toBe(true);
  });

  test('with its right check character is taken whatever county, day and sequence', () => {
    fc.assert(
      fc.property(anyIdNumber(), (id) => {
        expect(isIdNumber(id)).toBe(true);
      }),
    );
  });

  test('is always refused when a single character is changed', () => {
    fc.assert(
      fc.property(anyIdNumber(), fc.nat({ max: 17 }), fc.constantFrom(...'0123456789X'), (id, place, character) => {
        fc.pre(id.charAt(place) !== character);
        expect(isIdNumber(id.slice(0, place) + character + id.slice(place + 1))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('is always refused when two different neighbours change places', () => {
    fc.assert(
      fc.property(anyIdNumber(), fc.nat({ max: 16 }), (id, place) => {
        fc.pre(id.charAt(place) !== id.charAt(place + 1));
        expect(isIdNumber(id.slice(0, place) + id.charAt(place + 1) + id.charAt(place) + id.slice(place + 2))).toBe(
          false,
        );
      }),
    );
  });

  test('is not made of letters that only the wider alphabet turns into X or digits', () => {
    expect(() => parseIdNumber('42120219870605991Χ')).toThrow();
    expect(() => parseIdNumber('٤21202198706059918')).toThrow();
  });
});

function anyIdNumber(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom('11', '23', '42', '50', '65', '71', '83'),
      fc.nat({ max: 9999 }),
      fc.date({
        min: new Date('1900-01-01'),
        max: new Date('2022-12-31'),
        noInvalidDate: true,
      }),
      fc.nat({ max: 999 }),
    )
    .map(([province, county, day, sequence]) =>
      withCheckCharacter(
        province +
          county.toString().padStart(4, '0') +
          day.toISOString().slice(0, 10).replaceAll('-', '') +
          sequence.toString().padStart(3, '0'),
      ),
    );
}

/** By the congruence of ISO 7064 MOD 11-2 instead of the standard's table: doubling from the left, the whole must leave 1. */
function withCheckCharacter(digits: string): string {
  let remainder = 0;
  for (const digit of digits) remainder = ((remainder + Number(digit)) * 2) % 11;
  const check = (12 - remainder) % 11;
  return digits + (check === 10 ? 'X' : check);
}
