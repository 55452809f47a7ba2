import { describe, expect, test } from 'vitest';
import {
  displayForm,
  fixtureOf,
  isVirtualUnit,
  parcelOf,
  parseRealEstateUnit,
} from '../../../adapters/identifiers/real-estate-unit.ts';

describe('a real-estate unit number', () => {
  test.each([
    ['421202001002GB00012F0003040', 'must have 28 characters'],
    ['421202001002GI00012F00030402', 'parcel code wrong'],
    ['4212020010021200012000030402', 'parcel code wrong'],
    ['421202001002GB00012W00000001', 'fixture must be F, L or Q and 8 digits, or W and zeros'],
    ['421202001002GB00012X00030402', 'fixture must be F, L or Q and 8 digits, or W and zeros'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseRealEstateUnit(text)).toThrow(expect.objectContaining({ identifier: 'RealEstateUnit', reason }));
  });

  test('is read back from the groups it is displayed in', () => {
    const unit = parseRealEstateUnit('421202001002GB00012F00030402');
    expect(displayForm(unit)).toBe('421202 001002 GB00012 F00030402');
    expect(parseRealEstateUnit(displayForm(unit))).toBe(unit);
  });

  test('names the parcel it lies on', () => {
    expect(parcelOf(parseRealEstateUnit('421202001002GB00012F00030402'))).toBe('421202001002GB00012');
  });

  test.each([
    ['421202001002GB00012F00030402', { kind: 'building', building: '0003', room: '0402' }],
    ['421202001002GB00012F99990001', { kind: 'building', building: '9999', room: '0001' }],
    ['421202005007JE00141L00000001', { kind: 'forest', serial: '00000001' }],
    ['421202005007JE00141Q00000002', { kind: 'other', serial: '00000002' }],
    ['421202001002GB00012W00000000', { kind: 'none' }],
  ])('%s tells what stands on the parcel', (text, fixture) => {
    expect(fixtureOf(parseRealEstateUnit(text))).toEqual(fixture);
  });

  test.each([
    ['421202000000GB00012F00030402', true],
    ['421202001002GB00012F00030402', false],
    ['421202000000GH00012F00030402', false],
    ['421202000000GG00012W00000000', false],
  ])('%s is virtual: %s', (text, virtual) => {
    expect(isVirtualUnit(parseRealEstateUnit(text))).toBe(virtual);
  });
});
