import {
  isCaseNumber,
  isForeignCaseNumber,
  parseCaseNumber,
  parseForeignCaseNumber,
} from '../../../../adapters/identifiers/case-number.ts';
import {
  isBasicCode,
  isHandlingItem,
  isImplementationCode,
  parseBasicCode,
  parseHandlingItem,
  parseImplementationCode,
} from '../../../../adapters/identifiers/item-code.ts';
import items from '../../golden/unified-acceptance/item-codes.json' with { type: 'json' };
import type { Kind } from './kind.ts';

const HANDLING_ITEM = '11421202MB2A91048P542071100400001';

/** Kinds that name a government service item or a case. */
export const CASES: readonly Kind[] = [
  {
    identifier: 'BasicCode',
    parse: parseBasicCode,
    is: isBasicCode,
    valid: ['000117051000', ...items.items.map((item) => item.catalogCode)],
    invalid: [
      { value: '00011705100', why: '11 digits' },
      { value: '990117051000', why: 'no such origin' },
      { value: '001117051000', why: 'no such item type' },
      { value: '00011705100A', why: 'letter' },
    ],
  },
  {
    identifier: 'ImplementationCode',
    parse: parseImplementationCode,
    is: isImplementationCode,
    valid: [
      '11440232MB2D06811W4000117051000',
      '11421202MB2A91048P6420711004000',
      ...items.items.map((item) => item.taskCode),
    ],
    invalid: items.invalidTaskCodes,
  },
  {
    identifier: 'HandlingItem',
    parse: parseHandlingItem,
    is: isHandlingItem,
    valid: items.items.map((item) => item.taskHandleItem),
    invalid: [
      { value: `${HANDLING_ITEM.slice(0, 31)}00`, why: 'number 00' },
      { value: HANDLING_ITEM.slice(0, 32), why: '32 characters' },
      { value: `${HANDLING_ITEM.slice(0, 31)}A1`, why: 'letter' },
      ...items.invalidTaskCodes.map(({ value, why }) => ({
        value: `${value}01`,
        why,
      })),
    ],
  },
  {
    identifier: 'CaseNumber',
    parse: parseCaseNumber,
    is: isCaseNumber,
    valid: items.caseNumbers.valid,
    invalid: items.caseNumbers.invalid,
  },
  {
    identifier: 'ForeignCaseNumber',
    parse: parseForeignCaseNumber,
    is: isForeignCaseNumber,
    opaque: true,
    valid: [
      '421202202210080001234',
      '8f14e45f-ceea-467f-a8d5-5a1b2c3d4e5f',
      '咸安办〔2022〕8号',
      '湘办（2022）８号',
      '𠮷'.repeat(50),
    ],
    invalid: [
      { value: '', why: 'empty' },
      { value: '1'.repeat(51), why: '51 characters' },
      { value: '4212 \u0000 17', why: 'control character' },
      { value: ' 421202202210080001234', why: 'leading space', readAs: '421202202210080001234' },
    ],
  },
];
