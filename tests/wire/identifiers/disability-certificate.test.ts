import { describe, expect, test } from 'vitest';
import {
  parseDisabilityCertificate,
  splitDisabilityCertificate,
} from '../../../adapters/identifiers/disability-certificate.ts';
import { REFERENCE_DAY } from './kinds/kind.ts';

describe('a disability certificate number', () => {
  test.each([
    ['42120219780315992682', 'category must be 1 to 7'],
    ['42120219780315992645', 'grade must be 1 to 4'],
    ['4212021978031599264', 'must have 20 or 22 characters'],
    ['421202197803159926420', 'must have 20 or 22 characters'],
    ['42120219780315992642B0', 'suffix must be B1 to B9'],
    ['42120219780315992642C1', 'suffix must be B1 to B9'],
    ['42120219780315992042', 'identity number wrong'],
    ['42120220301225991042', 'identity number wrong'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseDisabilityCertificate(text, { asOf: REFERENCE_DAY })).toThrow(
      expect.objectContaining({ identifier: 'DisabilityCertificate', reason }),
    );
  });

  test('tells holder, category, grade and how often it was issued again', () => {
    expect(splitDisabilityCertificate(parseDisabilityCertificate('42120219780315992642'))).toEqual({
      holder: '421202197803159926',
      category: 4,
      grade: 2,
      reissues: 0,
    });
    expect(splitDisabilityCertificate(parseDisabilityCertificate('42120220081225991552B9'))).toEqual({
      holder: '421202200812259915',
      category: 5,
      grade: 2,
      reissues: 9,
    });
  });

  test.each(['42120219690418011343', '42120219581020002721B1'])('%s of the federation is taken', (text) => {
    expect(parseDisabilityCertificate(text)).toBe(text);
  });
});
