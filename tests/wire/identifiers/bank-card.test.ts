import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBankCard, parseBankCard, parsePassbook, passbookWarning } from '../../../adapters/identifiers/bank-card.ts';

describe('a bank card number', () => {
  test.each([
    ['6217002870001234565', 'check digit wrong'],
    ['6217 0028 7000 1234 564', 'must be 16 to 19 digits'],
    ['62284840198765', 'must be 16 to 19 digits'],
    ['6217002870001O34564', 'must be 16 to 19 digits'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseBankCard(text)).toThrow(expect.objectContaining({ identifier: 'BankCard', reason }));
  });

  test('has exactly one check digit at every length from 16 to 19', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{15,18}$/), (body) => {
        expect([...'0123456789'].filter((check) => isBankCard(body + check))).toHaveLength(1);
      }),
    );
  });
});

describe('a passbook account number', () => {
  test('that fails the check of cards is taken with a warning', () => {
    const warning = passbookWarning(parsePassbook('6217002870001234565'));
    expect(warning).toEqual({ reason: 'check digit wrong', reasonZh: '校验位不正确' });
  });

  test('that passes the check of cards needs no warning', () => {
    expect(passbookWarning(parsePassbook('6217002870001234564'))).toBeUndefined();
  });
});
