import { describe, expect, test } from 'vitest';
import {
  composeEInvoiceId,
  isEInvoiceIdOf,
  parseEBillCode,
  parseEBillNumber,
  parseEInvoiceId,
  splitEBillCode,
  splitEInvoiceId,
} from '../../../adapters/identifiers/e-bill.ts';

describe('a fiscal e-bill', () => {
  test.each([
    ['42010126', '0000012345', '5432100000-62101024'],
    ['42010125', '0000000001', '1000000000-52101024'],
    ['42020126', '1234567890', '0987654321-62102024'],
    ['42010226', '0000000100', '0010000000-62201024'],
    ['42010126', '9999999999', '9999999999-62101024'],
  ])('of code %s and number %s has the EInvoiceID %s', (code, number, id) => {
    expect(composeEInvoiceId(parseEBillCode(code), parseEBillNumber(number))).toBe(id);
    expect(splitEInvoiceId(parseEInvoiceId(id))).toEqual({ code, number });
  });

  test('is not named by number and code that were not reversed', () => {
    const code = parseEBillCode('42010126');
    const number = parseEBillNumber('0000012345');
    expect(isEInvoiceIdOf('0000012345-42010126', code, number)).toBe(false);
    expect(isEInvoiceIdOf('5432100000-62101024', code, number)).toBe(true);
  });

  test('tells region, class, kind and year by its code', () => {
    expect(splitEBillCode(parseEBillCode('42010226'))).toEqual({
      region: '42',
      class: '01',
      kind: '02',
      year: '26',
    });
  });
});
