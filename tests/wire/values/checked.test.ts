import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseIdNumber } from '../../../adapters/identifiers/id-number.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { checked, converted, invalidInput, protocolFaults } from '../../../adapters/values/checked.ts';
import { fenFromYuan } from '../../../adapters/values/fen.ts';

const protocolFault = protocolFaults('housing-fund');

function failureOf(act: () => unknown): CasegraphError {
  try {
    act();
  } catch (error) {
    if (error instanceof CasegraphError) return error;
    throw error;
  }
  throw new Error('it should have failed');
}

describe('a value from outside', () => {
  const schema = z.object({ rows: z.array(z.object({ amount: converted(fenFromYuan, 'is not an amount') })) });

  test('is given as the schema reads it', () => {
    expect(checked(schema, { rows: [{ amount: '412.5', more: 1 }] }, 'data', protocolFault)).toEqual({
      rows: [{ amount: 41_250 }],
    });
  });

  test('of a department that does not fit is outside its protocol, with the path of the first wrong place', () => {
    const answer = { rows: [{ amount: '1' }, { amount: 'x' }, {}] };
    expect(failureOf(() => checked(schema, answer, 'data', protocolFault))).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      detail: 'data.rows.1.amount: is not an amount.',
      details: { field: 'data.rows.1.amount', department: 'housing-fund' },
    });
  });

  test('of a department that does not fit as a whole is the body', () => {
    expect(failureOf(() => checked(schema, 'html', '', protocolFault)).details.field).toBe('body');
  });

  test('of a caller that does not fit is invalid input, which is no department’s fault', () => {
    const error = failureOf(() => checked(schema, { rows: [{}] }, '', invalidInput));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'rows.0.amount' } });
    expect(error.details.department).toBeUndefined();
  });

  const SECRET = '421202197803159926';
  test.each<[string, z.ZodType]>([
    ['a number', z.number()],
    ['a literal', z.literal('1')],
    ['one of a list', z.enum(['1', '2'])],
    ['of another form', z.string().regex(/^LB\d{20}$/)],
    ['shorter', z.string().max(3)],
    ['longer', z.string().min(30)],
    ['a day', z.iso.date()],
    ['an address', z.url()],
    ['Base64', z.base64()],
    ['a list', z.array(z.string())],
    ['an object', z.strictObject({ a: z.string() })],
    ['one of two things', z.union([z.number(), z.literal('')])],
    ['converted', converted(fenFromYuan)],
  ])('that should be %s is never repeated by the error', (_, part) => {
    for (const schemaOfPart of [
      part,
      z.object({ part }),
      z.object({ part: z.discriminatedUnion('k', [z.object({ k: z.literal('1'), part })]) }),
    ]) {
      for (const value of [
        SECRET,
        { part: SECRET },
        { part: { k: SECRET } },
        { part: { k: '1', part: SECRET } },
        { part: { k: '1', part: [SECRET, 7] } },
      ]) {
        if (schemaOfPart.safeParse(value).success) continue;
        const error = failureOf(() => checked(schemaOfPart, value, 'data', protocolFault));
        expect(inspect(error, { depth: 10 })).not.toContain(SECRET);
      }
    }
  });
});

describe('a conversion', () => {
  test('refuses what is out of range and what is no identifier of its kind, for the reason given', () => {
    for (const schema of [converted(fenFromYuan, 'is wrong'), converted(parseIdNumber, 'is wrong')]) {
      const { error } = schema.safeParse('x');
      expect(error?.issues.map(({ message }) => message)).toEqual(['is wrong']);
    }
  });

  test('that fails for a fault of its own is not taken for a wrong value', () => {
    const broken = converted(() => {
      throw new TypeError('a fault of ours');
    });
    expect(() => broken.safeParse('x')).toThrow(TypeError);
  });
});
