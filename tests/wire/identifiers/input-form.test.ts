import { describe, expect, test } from 'vitest';
import { inputForm, upperInputForm } from '../../../adapters/identifiers/input-form.ts';

describe('what a person typed', () => {
  test('loses surrounding white space, full-width too, and keeps what is inside', () => {
    expect(inputForm('\u3000 6217 0028\t\n')).toBe('6217 0028');
  });

  test('becomes half-width', () => {
    expect(inputForm('！０ＡＺａｚ～（）＠－')).toBe('!0AZaz~()@-');
  });

  test('keeps Chinese characters and the case of letters', () => {
    expect(inputForm('咸安ab')).toBe('咸安ab');
  });

  test('is raised to capitals only where it is ASCII, so that ſ and ı never turn into S and I', () => {
    expect(upperInputForm('ａbxſıß')).toBe('ABXſıß');
  });
});
