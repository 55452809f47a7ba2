import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  APPLICANT_TYPES,
  applicantTypeOf,
  CASE_STATUSES,
  CLOSE_RESULTS,
  codesOf,
  DOCUMENT_TYPES,
  documentTypeOf,
  ITEM_TYPES,
  NODE_RESULTS,
  nameOf,
  PAY_STATES,
  SPECIAL_PROCEDURES,
} from '../../../adapters/unified-acceptance/codes.ts';
import { dutyOf, refusalError, WIRE_ERRORS } from '../../../adapters/unified-acceptance/errors.ts';
import golden from '../golden/unified-acceptance/state-transitions.json' with { type: 'json' };

describe('the code lists', () => {
  test('name every case status of the transition table', () => {
    expect(new Set(codesOf(CASE_STATUSES))).toEqual(new Set(Object.keys(golden.states)));
    for (const [status, zh] of Object.entries(golden.states)) {
      expect(zh.startsWith(nameOf(CASE_STATUSES, status)?.zh ?? '?')).toBe(true);
    }
  });

  test.each([
    ['node results', NODE_RESULTS, '0 1 2 3 4 5 6 7'],
    ['actions', ACTIONS, '1 2 3 4 5 6 7 8'],
    ['close results', CLOSE_RESULTS, '0 1 2 3 4 5 6'],
    ['special procedures', SPECIAL_PROCEDURES, '1 2 3 4 5 9'],
    ['applicant types', APPLICANT_TYPES, '1 2 3 4 5 6 7'],
    ['pay states', PAY_STATES, '0 1 2'],
    ['item types', ITEM_TYPES, '01 02 03 04 05 06 07 08 09 10 20'],
    ['document types', DOCUMENT_TYPES, '01 02 111 113 414 511 516 553'],
  ])('of %s are those of the specification', (_, table, codes) => {
    expect([...codesOf(table)].sort().join(' ')).toBe(codes);
  });

  test('have no name for a code that they do not hold', () => {
    expect(nameOf(CASE_STATUSES, '99')).toBeUndefined();
    expect(nameOf(CASE_STATUSES, 'toString')).toBeUndefined();
  });

  test('take the codes that other lists write for the same thing', () => {
    expect(['51', '10', '111', '01'].map(documentTypeOf)).toEqual(['111', '111', '111', '01']);
    expect(['9', '7', '1'].map(applicantTypeOf)).toEqual(['7', '7', '1']);
  });
});

describe('the error catalogue', () => {
  test('is that of wire spec section 4', () => {
    const messages = '1001 1002 1003 1004 1005 1006 1007 1008 2301 2302 5000 5003';
    const records = '2101 2102 2103 2104 2105 2106 2201 2202 2203 2204';
    const codesAt = (level: string) =>
      Object.keys(WIRE_ERRORS)
        .filter((code) => WIRE_ERRORS[code]?.level === level)
        .join(' ');
    expect(codesAt('message')).toBe(messages);
    expect(codesAt('record')).toBe(records);
  });

  test('lets only what was not done, or may be asked for again, be repeated', () => {
    const repeatable = Object.keys(WIRE_ERRORS).filter((code) => WIRE_ERRORS[code]?.safeToRepeat);
    expect(repeatable).toEqual(['1008', '5000']);
  });

  test.each([
    ['1001', 'INTERNAL'],
    ['1006', 'INTERNAL'],
    ['1007', 'INVALID_INPUT'],
    ['1008', 'DEPARTMENT_BUSY'],
    ['2203', 'DEPARTMENT_REJECTED'],
    ['5003', 'DEPARTMENT_BUSY'],
    ['8888', 'DEPARTMENT_REJECTED'],
  ])('%s becomes %s', (code, expected) => {
    expect(refusalError({ code, words: '', mode: 'write', sent: '{}' })).toMatchObject({
      code: expected,
      details: { departmentCode: code, department: 'unified-acceptance' },
    });
  });

  test.each([
    ['2101', 'correct'],
    ['2106', 'raise-version'],
    ['2201', 'send-acceptance-first'],
    ['2202', 'send-missing-steps'],
    ['2203', 'case-closed'],
    ['2204', 'end-special-procedure-first'],
    ['1003', 'stop-and-alarm'],
    ['8888', 'show'],
  ])('says what %s asks of the caller: %s', (code, duty) => {
    expect(dutyOf(code)).toBe(duty);
  });
});
