import {
  isAcceptingOffice,
  isDivision,
  parseAcceptingOffice,
  parseDivision,
} from '../../../../adapters/identifiers/division.ts';
import { isNationalDivision, parseNationalDivision } from '../../../../adapters/identifiers/national-division.ts';
import golden from '../../golden/unified-acceptance/identifier-vectors.json' with { type: 'json' };
import type { Kind } from './kind.ts';

const { vectors } = golden;

/** Kinds that name a place. */
export const PLACES: readonly Kind[] = [
  {
    identifier: 'Division',
    parse: parseDivision,
    is: isDivision,
    valid: vectors.division.valid,
    invalid: vectors.division.invalid,
  },
  {
    identifier: 'AcceptingOffice',
    parse: parseAcceptingOffice,
    is: isAcceptingOffice,
    valid: ['421202', '421202001', '421202108000', '421202200003'],
    invalid: [
      ...['421202450', '421202451', '421202570', '421202571000', '421202571001'].map((value) => ({
        value,
        why: 'zone or farm',
      })),
      ...vectors.division.invalid,
    ],
  },
  {
    identifier: 'NationalDivision',
    parse: parseNationalDivision,
    is: isNationalDivision,
    valid: ['420000', '421200', '421202', '440305', '441900003000', '421202001', '421202999000', '429004'],
    invalid: [
      { value: '4212', why: '4 digits' },
      { value: '991202', why: 'no such province' },
      { value: '420001', why: 'county without a prefecture' },
      { value: '421202000001', why: 'village digits without a town' },
      { value: '42120200A', why: 'letter' },
    ],
  },
];
