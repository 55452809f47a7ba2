import { describe, expect, test } from 'vitest';
import {
  composeHandlingItem,
  composeImplementationCode,
  implementationCodeOf,
  parseBasicCode,
  parseHandlingItem,
  parseImplementationCode,
  splitBasicCode,
  splitImplementationCode,
  type WrittenLevel,
} from '../../../adapters/identifiers/item-code.ts';
import { parseSocialCreditCode } from '../../../adapters/identifiers/social-credit-code.ts';
import golden from '../golden/unified-acceptance/item-codes.json' with { type: 'json' };

describe('an item code', () => {
  test('comes apart into origin, item type, department group, main item and sub-item', () => {
    expect(splitBasicCode(parseBasicCode('000117051000'))).toEqual({
      origin: '00',
      itemType: '01',
      departmentGroup: '17',
      mainItem: '051',
      subItem: '000',
    });
  });

  test.each(golden.items)('of $name joins body, level and basic code', (item) => {
    const code = parseImplementationCode(item.taskCode);
    expect(splitImplementationCode(code)).toEqual({
      body: item.uscc,
      level: item.level,
      basicCode: item.catalogCode,
    });
    expect(
      composeImplementationCode({
        body: parseSocialCreditCode(item.uscc),
        level: item.level as WrittenLevel,
        basicCode: parseBasicCode(item.catalogCode),
      }),
    ).toBe(code);
  });

  test.each(golden.items)('of $name begins its handling item', (item) => {
    expect(implementationCodeOf(parseHandlingItem(item.taskHandleItem))).toBe(item.taskCode);
    expect(composeHandlingItem(parseImplementationCode(item.taskCode), 1)).toBe(item.taskHandleItem);
  });

  test.each([
    ['11421202MB2A91048P542071100400', 'must have 31 characters'],
    ['11421202MB2A91048P9420711004000', 'no such exercise level'],
    ['11421202MB2A91048A5420711004000', 'social credit code wrong'],
    ['11421202MB2A91048P5426611004000', 'no such item type'],
    ['11421202IB2A91048P5420711004000', 'social credit code wrong'],
  ])('%s is refused with the reason "%s"', (text, reason) => {
    expect(() => parseImplementationCode(text)).toThrow(
      expect.objectContaining({ identifier: 'ImplementationCode', reason }),
    );
  });

  test.each([0, 100, 1.5, -1, Number.NaN])('has no handling item number %s', (number) => {
    const code = parseImplementationCode('11421202MB2A91048P5420711004000');
    expect(() => composeHandlingItem(code, number)).toThrow(
      expect.objectContaining({ identifier: 'HandlingItem', reason: 'serial out of range' }),
    );
  });
});
