import { describe, expect, test } from 'vitest';
import {
  divisionKind,
  divisionLevel,
  divisionName,
  isAcceptingOffice,
  isDivision,
  isWithin,
  parseAcceptingOffice,
  parseDivision,
  TOWNS,
  townOf,
  twelveDigits,
  XIANAN,
} from '../../../adapters/identifiers/division.ts';
import { parseNationalDivision } from '../../../adapters/identifiers/national-division.ts';

describe("a division of Xian'an", () => {
  test.each([
    ['4212', 'must be 6, 9 or 12 digits'],
    ['42120200A', 'must be 6, 9 or 12 digits'],
    ['421202999000', 'no such town'],
    ['421202000001', 'village without a town'],
    ['421203', "outside Xian'an"],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseDivision(text)).toThrow(expect.objectContaining({ identifier: 'Division', reason }));
  });

  test('is one of seventeen at town level: three streets, nine towns, a township and four others', () => {
    const count = (kind: string) => TOWNS.filter((row) => row.kind === kind).length;
    expect(TOWNS).toHaveLength(17);
    expect([count('street'), count('town'), count('township'), count('township-like')]).toEqual([3, 9, 1, 4]);
    expect(new Set(TOWNS.map((row) => row.code)).size).toBe(17);
    expect(TOWNS.every((row) => isDivision(row.code) && isDivision(twelveDigits(row.code)))).toBe(true);
  });

  test.each([
    ['421202', 'county', 'district', '咸安区'],
    ['421202000', 'county', 'district', '咸安区'],
    ['421202000000', 'county', 'district', '咸安区'],
    ['421202001', 'town', 'street', '温泉街道'],
    ['421202106000', 'town', 'town', '马桥镇'],
    ['421202200', 'town', 'township', '大幕乡'],
    ['421202571000', 'town', 'township-like', '湖北咸安经济开发区'],
    ['421202001001', 'village', 'community', undefined],
    ['421202106199', 'village', 'community', undefined],
    ['421202106200', 'village', 'village', undefined],
    ['421202106399', 'village', 'village', undefined],
    ['421202106400', 'village', 'village-like', undefined],
  ])('%s is of level %s, a %s, called %s', (text, level, kind, name) => {
    const division = parseDivision(text);
    expect(divisionLevel(division)).toBe(level);
    expect(divisionKind(division)).toBe(kind);
    expect(divisionName(division)).toBe(name);
  });

  test('belongs to a town unless it is the district', () => {
    expect(townOf(parseDivision('421202106201'))?.name).toBe('马桥镇');
    expect(townOf(parseDivision('421202106'))?.code).toBe('421202106');
    expect(townOf(XIANAN)).toBeUndefined();
    expect(townOf(parseDivision('421202000000'))).toBeUndefined();
  });

  test.each(['421202450', '421202451000', '421202570', '421202571001'])(
    '%s stands in addresses but is no accepting office',
    (text) => {
      expect(isDivision(text)).toBe(true);
      expect(isAcceptingOffice(text)).toBe(false);
      expect(() => parseAcceptingOffice(text)).toThrow(
        expect.objectContaining({ identifier: 'AcceptingOffice', reason: 'zone or farm without an accepting office' }),
      );
    },
  );

  test('may be an accepting office at every legal level', () => {
    const legal = TOWNS.filter((row) => row.kind !== 'township-like').map((row) => row.code);
    expect([XIANAN, ...legal, '421202106201'].every(isAcceptingOffice)).toBe(true);
  });
});

describe('jurisdiction', () => {
  test.each([
    ['421202106201', '421202106', true],
    ['421202106201', '421202106000', true],
    ['421202106201', '421202', true],
    ['421202106201', '421202000000', true],
    ['421202106201', '421200', true],
    ['421202106201', '420000', true],
    ['421202', '421202000000', true],
    ['421202000000', '421202', true],
    ['421202106', '421202106201', false],
    ['421202', '421202106', false],
    ['421202107', '421202106', false],
    ['421200', '421202', false],
    ['440305001002', '421202', false],
    ['421202', '421221', false],
  ])('over %s belongs to %s: %s', (inner, outer, expected) => {
    expect(isWithin(parseNationalDivision(inner), parseNationalDivision(outer))).toBe(expected);
  });

  test('is asked across both kinds of division code', () => {
    expect(isWithin(parseDivision('421202001'), parseNationalDivision('421200'))).toBe(true);
    expect(isWithin(parseNationalDivision('440305'), XIANAN)).toBe(false);
  });

  test.each([
    ['420000', 'province'],
    ['421200', 'prefecture'],
    ['421200000000', 'prefecture'],
    ['440305', 'county'],
    ['441900003000', 'town'],
    ['440305001002', 'village'],
  ])('of %s is of level %s', (text, level) => {
    expect(divisionLevel(parseNationalDivision(text))).toBe(level);
  });
});
