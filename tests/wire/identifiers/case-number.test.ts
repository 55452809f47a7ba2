import { describe, expect, test } from 'vitest';
import {
  composeCaseNumber,
  isForeignCaseNumber,
  parseCaseNumber,
  splitCaseNumber,
} from '../../../adapters/identifiers/case-number.ts';
import { parseImplementationCode } from '../../../adapters/identifiers/item-code.ts';
import golden from '../golden/unified-acceptance/item-codes.json' with { type: 'json' };

const implementationCode = parseImplementationCode('11421202MB2A91048P5420711004000');

describe('a case number', () => {
  test.each([
    ['11421202MB2A91048P5420711004000202210320001', 'no such day'],
    ['11421202MB2A91048P5420711004000202302290001', 'no such day'],
    ['11421202MB2A91048P542071100400020221008000', 'must have 43 characters'],
    ['11421202MB2A91048P5420711004000202210080000', 'serial must be 0001 to 9999'],
    ['421202202210080001', 'must have 43 characters'],
    ['11421202MB2A91048A5420711004000202210080001', 'implementation code wrong'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseCaseNumber(text)).toThrow(expect.objectContaining({ identifier: 'CaseNumber', reason }));
  });

  test.each(golden.caseNumbers.valid)('%s comes apart and together again', (text) => {
    expect(composeCaseNumber(splitCaseNumber(parseCaseNumber(text)))).toBe(text);
  });

  test('tells item, day and serial', () => {
    expect(splitCaseNumber(parseCaseNumber('11421202MB2A91048P5420711004000202210080001'))).toEqual({
      implementationCode,
      date: '2022-10-08',
      serial: 1,
    });
  });

  test.each(['2023-02-29', '20221008', '2022-10-8', ''])('is not made for the day "%s"', (date) => {
    expect(() => composeCaseNumber({ implementationCode, date, serial: 1 })).toThrow(
      expect.objectContaining({ identifier: 'CaseNumber', reason: 'no such day' }),
    );
  });

  test.each([0, 10_000])('is not made with the serial %s', (serial) => {
    expect(() => composeCaseNumber({ implementationCode, date: '2022-10-08', serial })).toThrow(
      expect.objectContaining({ identifier: 'CaseNumber', reason: 'serial out of range' }),
    );
  });

  test('that is malformed here may still be the opaque number of another region', () => {
    expect(isForeignCaseNumber('421202202210080001')).toBe(true);
  });
});
