import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isOrganisationCode,
  parseOrganisationCode,
  withHyphen,
  withoutHyphen,
} from '../../../adapters/identifiers/organisation-code.ts';

describe('an organisation code', () => {
  test('is the same code with and without its hyphen', () => {
    const printed = parseOrganisationCode('MB2A9104-8');
    const embedded = parseOrganisationCode('MB2A91048');
    expect(withoutHyphen(printed)).toBe(embedded);
    expect(withHyphen(embedded)).toBe(printed);
    expect(withoutHyphen(embedded)).toBe(embedded);
    expect(withHyphen(printed)).toBe(printed);
  });

  test('has exactly one check character', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{8}$/), (body) => {
        expect([...'0123456789X'].filter((check) => isOrganisationCode(`${body}-${check}`))).toHaveLength(1);
      }),
    );
  });
});
