import fc from 'fast-check';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { JsonWriter } from '../../../gateway/execution/response/json-writer.ts';
import { leafWriter } from '../../../gateway/execution/response/leaf.ts';
import { parsePreciseJson } from '../../../gateway/precise-json.ts';

const CASE_STATUS = new GraphQLEnumType({ name: 'CaseStatus', values: { OPEN: {}, CLOSED: {} } });
const MONEY = new GraphQLScalarType({ name: 'Money' });

/** The JSON that is written of a value; undefined when it is none of its type. Throws when something was written all the same. */
function written(type: GraphQLLeafType, value: unknown): string | undefined {
  const writer = new JsonWriter();
  writer.begin();
  const taken = leafWriter(type)(value, writer);
  if (!taken && writer.position > 0) throw new Error('a refused value left something behind');
  return taken ? writer.take().toString('utf8') : undefined;
}

describe('a value that a subgraph answered', () => {
  it.each([
    [GraphQLInt, 0, '0'],
    [GraphQLInt, -2_147_483_648, '-2147483648'],
    [GraphQLInt, 2_147_483_647, '2147483647'],
    [GraphQLFloat, 1, '1'],
    [GraphQLFloat, 0.25, '0.25'],
    [GraphQLFloat, -1e300, '-1e+300'],
    [GraphQLString, '户籍 "x"', '"户籍 \\"x\\""'],
    [GraphQLString, '', '""'],
    [GraphQLBoolean, true, 'true'],
    [GraphQLBoolean, false, 'false'],
    [GraphQLID, 'a1', '"a1"'],
    [GraphQLID, 17, '"17"'],
    [CASE_STATUS, 'OPEN', '"OPEN"'],
  ])('of type %s stands: %j', (type, value, json) => {
    expect(written(type, value)).toBe(json);
  });

  it.each([
    [GraphQLInt, 2_147_483_648],
    [GraphQLInt, -2_147_483_649],
    [GraphQLInt, 1.5],
    [GraphQLInt, '1'],
    [GraphQLInt, true],
    [GraphQLFloat, '1.5'],
    [GraphQLFloat, true],
    [GraphQLFloat, Number.NaN],
    [GraphQLFloat, Number.POSITIVE_INFINITY],
    [GraphQLString, 1],
    [GraphQLString, true],
    [GraphQLString, ['a']],
    [GraphQLBoolean, 1],
    [GraphQLBoolean, 'true'],
    [GraphQLID, 1.5],
    [GraphQLID, true],
    [GraphQLID, { id: 1 }],
    [CASE_STATUS, 'LOST'],
    [CASE_STATUS, 'toString'],
    [CASE_STATUS, 0],
  ])('that is none of type %s is refused: %j', (type, value) => {
    expect(written(type, value)).toBeUndefined();
  });

  it('of a built-in type stands just where graphql-js would let it stand without changing it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean),
        fc.oneof(fc.jsonValue(), fc.double(), fc.integer({ min: -(2 ** 33), max: 2 ** 33 })),
        (type, value) => {
          fc.pre(value !== null);
          let serialized: unknown;
          try {
            serialized = type.serialize(value);
          } catch {
            serialized = undefined;
          }
          const expected = Object.is(serialized, value) ? JSON.stringify(value) : undefined;
          expect(written(type, value)).toBe(expected);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('of a custom scalar may be any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null);
        expect(written(MONEY, value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('of a custom scalar keeps the digits that no double holds', () => {
    const value = parsePreciseJson('{"fen":12345678901234567890}') as { fen: unknown };
    expect(written(MONEY, value.fen)).toBe('12345678901234567890');
    expect(written(MONEY, value)).toBe('{"fen":12345678901234567890}');
  });
});
