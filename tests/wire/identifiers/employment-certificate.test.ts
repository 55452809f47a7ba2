import { describe, expect, test } from 'vitest';
import {
  isEmploymentCertificate,
  parseEmploymentCertificate,
} from '../../../adapters/identifiers/employment-certificate.ts';

describe('an employment certificate number', () => {
  test.each(['421200', '421201', '421202', '421221', '421222', '421223', '421224', '421281'])(
    'is local when it begins with %s',
    (division) => expect(isEmploymentCertificate(`${division}0022000017`)).toBe(true),
  );

  test.each(['421203', '421220', '421225', '421282', '420000', '991202'])(
    'from %s is refused as foreign, unless any region is welcome',
    (division) => {
      const text = `${division}0022000017`;
      expect(() => parseEmploymentCertificate(text)).toThrow(
        expect.objectContaining({ reason: 'issued outside Xianning' }),
      );
      expect(parseEmploymentCertificate(text, { issuedIn: 'anywhere' })).toBe(text);
      expect(isEmploymentCertificate(text, { issuedIn: 'anywhere' })).toBe(true);
    },
  );

  test('must be 16 digits wherever it was issued', () => {
    expect(isEmploymentCertificate('421202002200001', { issuedIn: 'anywhere' })).toBe(false);
  });
});
