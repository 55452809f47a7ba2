import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  maskBankCard,
  maskDisabilityCertificate,
  maskIdNumber,
  maskMobileNumber,
  maskName,
} from '../../../adapters/identifiers/masking.ts';
import { anyText } from '../any-text.ts';

describe('masking', () => {
  test('leaves the first 6 and last 2 of an identity number', () => {
    expect(maskIdNumber('421202197803159926')).toBe('421202**********26');
    expect(maskIdNumber('42120219870605991X')).toBe('421202**********1X');
  });

  test('leaves category, grade and count of re-issues of a disability certificate as well', () => {
    expect(maskDisabilityCertificate('42120219780315992642')).toBe('421202**********2642');
    expect(maskDisabilityCertificate('44030519820609996371B1')).toBe('440305**********6371B1');
  });

  test('leaves the first 4 and last 4 of a bank card', () => {
    expect(maskBankCard('6217002870001234564')).toBe('6217***********4564');
    expect(maskBankCard('6228480000001234')).toBe('6228********1234');
  });

  test('leaves the first 3 and last 4 of a mobile number', () => {
    expect(maskMobileNumber('13800000000')).toBe('138****0000');
  });

  test.each([
    ['王小明', '王**'],
    ['余䶮', '余*'],
    ['𠮷祥㙍', '𠮷**'],
    ['李𠮷', '李*'],
    ['阿依古丽·买买提', '阿*******'],
    ['李', '李'],
    ['', ''],
  ])('leaves the first character of the name %s, each character counting one', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  test('stars the whole of a text that is not of its kind', () => {
    expect(maskIdNumber('42120219780315992')).toBe('*'.repeat(17));
    expect(maskIdNumber('王小明13800000000')).toBe('*'.repeat(14));
    expect(maskDisabilityCertificate('421202197803159926421')).toBe('*'.repeat(21));
    expect(maskBankCard('62284840198765')).toBe('*'.repeat(14));
    expect(maskMobileNumber('1380000000')).toBe('*'.repeat(10));
    expect(maskMobileNumber('𠮷')).toBe('*');
  });

  const masks = {
    maskIdNumber,
    maskDisabilityCertificate,
    maskBankCard,
    maskMobileNumber,
    maskName,
  };
  test.each(Object.entries(masks))('%s keeps the length and changes nothing the second time', (_, mask) => {
    const numbers = fc.stringMatching(/^\d{0,22}$/);
    fc.assert(
      fc.property(fc.oneof(numbers, anyText()), (text) => {
        const masked = mask(text);
        expect([...masked]).toHaveLength([...text].length);
        expect(mask(masked)).toBe(masked);
      }),
    );
  });

  test('never shows the birth date or sequence of an identity number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{17}[\dX]$/), (text) => {
        expect(maskIdNumber(text).slice(6, 16)).toBe('*'.repeat(10));
      }),
    );
  });
});
