import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isSocialCreditCode,
  parseSocialCreditCode,
  splitSocialCreditCode,
} from '../../../adapters/identifiers/social-credit-code.ts';
import golden from '../golden/unified-acceptance/identifier-vectors.json' with { type: 'json' };

const VALID = golden.vectors.unifiedSocialCreditCode.valid;

describe('a unified social credit code', () => {
  test.each([
    ['91421202MA4B1C2D1X', 'check character wrong'],
    ['91421202MA4B1C2D0R', 'organisation check character wrong'],
    ['91421202MI4B1C2D1W', 'must be digits and capitals other than I O S V Z'],
    ['91421202MA4B1C2D1', 'must have 18 characters'],
    ['94421202MA4B1C2D1K', 'no such category'],
    ['B1421202MA4B1C2D1T', 'no such registering department'],
    ['914212A2MA4B1C2D1W', 'division must be 6 digits'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseSocialCreditCode(text)).toThrow(
      expect.objectContaining({ identifier: 'SocialCreditCode', reason }),
    );
  });

  test('comes apart into department, category, division and organisation code', () => {
    expect(splitSocialCreditCode(parseSocialCreditCode('93421202MA4L9Q5R6F'))).toEqual({
      department: '9',
      category: '3',
      division: '421202',
      organisationCode: 'MA4L9Q5R6',
    });
  });

  test('is always refused when a single character is changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...VALID),
        fc.nat({ max: 17 }),
        fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY'),
        (code, place, character) => {
          fc.pre(code.charAt(place) !== character);
          expect(isSocialCreditCode(code.slice(0, place) + character + code.slice(place + 1))).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
