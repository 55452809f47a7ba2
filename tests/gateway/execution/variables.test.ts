import fc from 'fast-check';
import { buildSchema, getVariableValues, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { variableCoercion } from '../../../gateway/execution/operation/variables.ts';

const schema = buildSchema(`
  type Query { a: Int }
  scalar Any
  enum Status { OPEN CLOSED }
  input Filter { status: Status! ids: [ID!] under: Int near: Point and: [Filter!] any: Any }
  input Point { x: Float! y: Float! label: String }
  input Lookup @oneOf { id: ID number: Int near: Point }
`);
const NAMED = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Any', 'Status', 'Filter', 'Point', 'Lookup'];

/** The definitions of `query (...)`. */
function definitions(text: string) {
  const [operation] = parse(`query (${text}) { a }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return (operation as OperationDefinitionNode).variableDefinitions ?? [];
}

function coerced(text: string, given: Record<string, unknown>): Record<string, unknown> {
  return variableCoercion(schema, definitions(text))(given);
}

function refusal(text: string, given: Record<string, unknown>): CasegraphError {
  try {
    coerced(text, given);
  } catch (error) {
    if (error instanceof CasegraphError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const anyType = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...NAMED),
    tie('type').map((inner) => `[${inner}]`),
    tie('type').map((inner) => (inner.endsWith('!') ? inner : `${inner}!`)),
  ),
})).type;

/** Values that are often nearly right. */
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 2 ** 53, 1e300),
    fc.constantFrom('', 'OPEN', 'CLOSED', 'LOST', '1', 'text', '户籍'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.record(
      { x: fc.oneof(fc.double(), tie('value')), y: fc.oneof(fc.integer(), tie('value')), label: tie('value') },
      { requiredKeys: ['x', 'y'] },
    ),
    fc.record(
      {
        status: fc.oneof(fc.constant('OPEN'), tie('value')),
        ids: tie('value'),
        under: fc.oneof(fc.integer(), tie('value')),
        near: tie('value'),
        and: tie('value'),
        any: tie('value'),
      },
      { requiredKeys: ['status'] },
    ),
    fc.record(
      { id: tie('value'), number: fc.oneof(fc.integer(), tie('value')), near: tie('value') },
      { requiredKeys: [] },
    ),
    fc.record({ unknown: tie('value') }),
  ),
})).value;

describe('variables', () => {
  it('are taken, and come out, as graphql-js would have it', () => {
    let taken = 0;
    let refused = 0;
    const variables = fc.array(fc.record({ type: anyType, value: fc.option(anyValue, { nil: undefined }) }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(variables, (all) => {
        const text = all.map(({ type }, index) => `$v${index}: ${type}`).join(', ');
        const given = Object.fromEntries(
          all.flatMap(({ value }, index) => (value === undefined ? [] : [[`v${index}`, value]])),
        );
        const expected = getVariableValues(schema, definitions(text), given);
        if (expected.errors) {
          refused += 1;
          expect(() => coerced(text, given)).toThrow(CasegraphError);
        } else {
          taken += 1;
          expect(JSON.parse(JSON.stringify(coerced(text, given)))).toEqual(
            JSON.parse(JSON.stringify(expected.coerced)),
          );
        }
      }),
      { numRuns: 10_000 },
    );
    // Otherwise one half was hardly tried.
    expect([taken > 1_000, refused > 1_000]).toEqual([true, true]);
  });

  it.each([
    ['$n: Int!', {}, 'n', 'was not provided'],
    ['$n: Int!', { n: null }, 'n', 'not to be null'],
    ['$f: Filter', { f: {} }, 'f.status', 'was not provided'],
    ['$f: Filter', { f: { status: 'OPEN', near: { x: 1, y: 'z' } } }, 'f.near.y', 'type "Float"'],
    ['$f: [Filter]', { f: [{ status: 'OPEN' }, { status: 'OPEN', ids: ['1', null] }] }, 'f.1.ids.1', 'not to be null'],
    ['$f: Filter', { f: { status: 'OPEN', and: [{ status: 'LOST' }] } }, 'f.and.0.status', 'type "Status"'],
    ['$f: Filter', { f: { status: 'OPEN', other: 1 } }, 'f.other', 'not defined by type "Filter"'],
    ['$f: Filter', { f: ['OPEN'] }, 'f', 'to be an object'],
    ['$l: Lookup', { l: {} }, 'l', 'Exactly one field'],
    ['$l: Lookup', { l: { id: '1', number: 1 } }, 'l', 'Exactly one field'],
    ['$l: Lookup', { l: { id: null } }, 'l', 'Exactly one field'],
  ])('of %s that are %j are refused at %s', (text, given, place, why) => {
    const { code, message, extensions } = refusal(text, given);
    expect([code, extensions.field]).toEqual(['INVALID_INPUT', place]);
    expect(message).toContain(` ${place}: `);
    expect(message).toContain(why);
  });

  it('are refused without a word of their values', () => {
    const secret = '421202196108179023';
    const anyPlace = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(secret, Number(secret), [secret], { status: secret }, { x: secret, y: secret }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.record({ status: fc.constant('OPEN'), and: tie('value'), near: tie('value') }),
        fc.record({ id: tie('value'), number: tie('value') }, { requiredKeys: [] }),
      ),
    })).value;
    fc.assert(
      fc.property(anyType, anyPlace, (type, value) => {
        try {
          coerced(`$v: ${type}`, { v: value });
        } catch (error) {
          const { message, extensions } = error as CasegraphError;
          expect(message + JSON.stringify(extensions)).not.toMatch(/4212021961/);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('that are not given are left out, or are the default', () => {
    expect(coerced('$a: Int, $b: Int = 3, $c: [Status!]! = [OPEN], $d: Int = null', {})).toEqual({
      b: 3,
      c: ['OPEN'],
      d: null,
    });
    expect(coerced('$b: Int = 3', { b: null })).toEqual({ b: null });
    expect(refusal('$b: Int! = 3', { b: null }).extensions.field).toBe('b');
  });

  it('that no operation defines are left out', () => {
    expect(coerced('$a: Int', { a: 1, b: 2 })).toEqual({ a: 1 });
  });

  it('are not taken from what every object has', () => {
    expect(coerced('$toString: Any, $constructor: Any', {})).toEqual({});
    expect(refusal('$p: Point', { p: { x: 1, toString: 1 } }).extensions.field).toBe('p.toString');
  });

  it('become a list where one is expected', () => {
    expect(coerced('$a: [[Int]], $b: [ID!]!', { a: 1, b: 7 })).toEqual({ a: [[1]], b: ['7'] });
  });
});
