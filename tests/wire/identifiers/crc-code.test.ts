import { describe, expect, test } from 'vitest';
import { parseCollectingUnit } from '../../../adapters/identifiers/collecting-unit.ts';
import { computeCrcCode, crc16, matchesCrcCode } from '../../../adapters/identifiers/crc-code.ts';
import { parsePaymentCode } from '../../../adapters/identifiers/payment-code.ts';
import { fenFromYuan } from '../../../adapters/values/fen.ts';

function notice(unit: string, ending: string, yuan: string) {
  return {
    unit: parseCollectingUnit(unit),
    paymentCode: parsePaymentCode(`4212022630000000${ending}`),
    amount: fenFromYuan(yuan),
  };
}

describe('the check code of a payment notice', () => {
  test('is CRC-16/CCITT-FALSE', () => {
    expect(crc16('123456789')).toBe(0x29b1);
    expect(crc16('')).toBe(0xffff);
  });

  test.each([
    ['042001', '1001', '412.50', '78F5'],
    ['038002', '1002', '80.00', '81B0'],
    ['015003', '1003', '40.00', '52CF'],
    ['015003', '1006', '20.00', '5601'],
    ['038002', '1007', '550.00', 'D9C4'],
  ])('of unit %s, payment code …%s and %s yuan is %s', (unit, ending, yuan, code) => {
    expect(computeCrcCode(notice(unit, ending, yuan))).toBe(code);
    expect(matchesCrcCode(code, notice(unit, ending, yuan))).toBe(true);
  });

  test.each([
    ['78F5', '042001', '1001', '412.51', 'the amount is another'],
    ['78f5', '042001', '1001', '412.50', 'the letters are small'],
    ['81B', '038002', '1002', '80.00', 'a character is missing'],
    ['52CF', '015004', '1003', '40.00', 'the unit is another'],
    ['5601', '015003', '1009', '20.00', 'the payment code is another'],
  ])('%s does not match unit %s, payment code …%s and %s yuan: %s', (code, unit, ending, yuan) => {
    expect(matchesCrcCode(code, notice(unit, ending, yuan))).toBe(false);
  });
});
