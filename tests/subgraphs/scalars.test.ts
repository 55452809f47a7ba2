import fc from 'fast-check';
import { GraphQLObjectType, type GraphQLScalarType, GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { SubgraphExecutor } from '../../subgraphs/execution.ts';
import { SCALARS } from '../../subgraphs/scalars.ts';
import { anyText } from '../wire/any-text.ts';
import type { Answer } from './fixture/running-subgraph.ts';

const NAMES = Object.keys(SCALARS);
/** All but the one that is an object of any form. */
const PLAIN = NAMES.filter((name) => name !== 'PostingEntry');
const scalar = (name: string) => SCALARS[name] as GraphQLScalarType;

/** A field for each scalar that takes one and gives it back, and one that shows what stands behind it. */
const executor = new SubgraphExecutor(
  new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: Object.fromEntries(
        Object.values(SCALARS).map((type) => [
          type.name,
          { type, args: { it: { type } }, resolve: (_: unknown, { it: value }: { it: unknown }) => value },
        ]),
      ),
    }),
  }),
  (error) => {
    throw error;
  },
);

async function echo(name: string, value: unknown): Promise<Answer> {
  const query = `query ($it: ${name}) { ${name}(it: $it) }`;
  return JSON.parse(JSON.stringify(await executor.run({ query, variables: { it: value } }, {}))) as Answer;
}

async function echoLiteral(name: string, literal: string): Promise<Answer> {
  return JSON.parse(JSON.stringify(await executor.run({ query: `{ ${name}(it: ${literal}) }` }, {}))) as Answer;
}

/** Right input as typed, and as it is answered. */
const RIGHT: readonly (readonly [string, unknown, unknown])[] = [
  ['IdNumber', '421202197803159926', '421202197803159926'],
  ['IdNumber', ' ４21202198706059９1x', '42120219870605991X'],
  ['SocialCreditCode', '11421202mb2a91048p', '11421202MB2A91048P'],
  ['DisabilityCertificateNumber', '44030519820609996371b1', '44030519820609996371B1'],
  ['PaymentCode', '42120226300000001001', '42120226300000001001'],
  ['PaymentCode', '4212022600001001', '4212022600001001'],
  ['RealEstateUnitNumber', '421202 001002 GB00012 F00030402', '421202001002GB00012F00030402'],
  ['CaseNumber', '11421202mb2a91048p5420511008000202603020001', '11421202MB2A91048P5420511008000202603020001'],
  ['CaseNumber', ' 8f14e45f-ceea-467f-a8d5-5a1b2c3d4e5f', '8f14e45f-ceea-467f-a8d5-5a1b2c3d4e5f'],
  ['DivisionCode', '421202', '421202'],
  ['DivisionCode', '421202001003', '421202001003'],
  ['DivisionCode', '４40305', '440305'],
  ['Date', '2024-02-29', '2024-02-29'],
  ['Month', '2026-03', '2026-03'],
  ['DateTime', '2026-03-16T09:20:12+08:00', '2026-03-16T09:20:12+08:00'],
  ['DateTime', '2026-03-16T01:20:12Z', '2026-03-16T09:20:12+08:00'],
  ['DateTime', '2025-12-31T20:30:00.750-05:00', '2026-01-01T09:30:00+08:00'],
  ['Fen', 0, 0],
  ['Fen', -41_250, -41_250],
  ['Fen', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
];

/** Wrong input. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ['IdNumber', '421202197803159925'],
  ['IdNumber', '421202780315992'],
  ['IdNumber', 421202197803159],
  ['SocialCreditCode', '11421202MB2A91048Q'],
  ['DisabilityCertificateNumber', '42120219780315992699'],
  ['PaymentCode', '4212022630000000100'],
  ['RealEstateUnitNumber', '421202001002GB00012F0003040'],
  // 43 characters are this region's own and must be right.
  ['CaseNumber', '11421202MB2A91048P5420511008000202602300001'],
  ['CaseNumber', ''],
  ['CaseNumber', 'x'.repeat(51)],
  // No such town of the district; elsewhere only the form is known.
  ['DivisionCode', '421202999'],
  ['DivisionCode', '42120'],
  ['DivisionCode', '990101'],
  ['Date', '2026-02-29'],
  ['Date', '2026-3-1'],
  ['Date', 20260301],
  ['Date', '2026-03-01T00:00:00+08:00'],
  ['Month', '202603'],
  ['Month', '2026-13'],
  ['Month', '2026-00'],
  ['DateTime', '2025-03-16T09:20:12'],
  ['DateTime', '2025-03-16'],
  ['DateTime', '2026-02-30T09:20:12+08:00'],
  ['DateTime', '2026-03-16T24:00:00+08:00'],
  ['DateTime', '2026-03-16T09:20:12+99:00'],
  // Year 10000 in China.
  ['DateTime', '9999-12-31T23:59:59Z'],
  ['DateTime', 1_773_623_000_000],
  ['Fen', 1.5],
  ['Fen', '100'],
  ['Fen', 9_007_199_254_740_992],
  ['Fen', true],
];

/** What a Chinese text may say in Latin letters: the place, the form of a day or time, and identifiers' own letters. */
const LATIN = /^it：|yyyy-MM-dd|yyyy-MM|2026-03-16T09:20:12\+08:00|B1至B9|[A-Z]+(?![a-z])/g;

describe('input', () => {
  it.each(RIGHT)('of %s %j is answered as %j, as a variable and as a literal', async (name, typed, answered) => {
    expect(await echo(name, typed)).toEqual({ data: { [name]: answered } });
    expect(await echoLiteral(name, JSON.stringify(typed))).toEqual({ data: { [name]: answered } });
  });

  it.each(WRONG)('of %s %j is refused in Chinese as well', async (name, typed) => {
    for (const { errors } of [await echo(name, typed), await echoLiteral(name, JSON.stringify(typed))]) {
      const { messageZh } = errors?.[0]?.extensions ?? {};
      const told = /^输入不合规范。(it：.+。)$/.exec(String(messageZh))?.[1] ?? '';
      expect(told).toMatch(/\p{Script=Han}/u);
      expect(told.replace(LATIN, '')).not.toMatch(/[A-Za-z]/);
    }
  });

  it.each(WRONG)('of %s %j is refused, naming the argument and not the value', async (name, typed) => {
    for (const { data, errors } of [await echo(name, typed), await echoLiteral(name, JSON.stringify(typed))]) {
      expect(data).toBeUndefined();
      expect(errors).toHaveLength(1);
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'it' } }]);
      if (String(typed) !== '' && typed !== true) expect(JSON.stringify(errors)).not.toContain(String(typed));
    }
  });

  it.each([
    ['IdNumber', '421202197803159925', 'IdNumber: check character wrong.'],
    ['IdNumber', 42, 'IdNumber: must be text.'],
    ['DivisionCode', '421202999', 'Division: no such town.'],
    ['CaseNumber', '', 'CaseNumber: must have 43 characters.'],
    ['Date', '2026-02-29', 'Date: must be a day of the calendar, yyyy-MM-dd.'],
    ['Month', '202603', 'Month: must be yyyy-MM.'],
    ['Fen', '100', 'Fen: must be a whole number of fen.'],
  ])('of %s %j is refused with the reason: %s', async (name, typed, reason) => {
    for (const { errors } of [await echo(name, typed), await echoLiteral(name, JSON.stringify(typed))]) {
      expect(errors?.[0]?.message).toBe(`The input is not valid. it: ${reason}`);
    }
  });

  it.each(NAMES)('of %s may be left out or null', async (name) => {
    expect(await echo(name, null)).toEqual({ data: { [name]: null } });
    expect(await echoLiteral(name, 'null')).toEqual({ data: { [name]: null } });
  });

  it.each(PLAIN)('of %s is never a list, an object, a truth value, a name or a fraction', async (name) => {
    for (const literal of ['["a"]', '{a: "b"}', 'false', 'NAME', '1.5']) {
      const { errors } = await echoLiteral(name, literal);
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'it' } }]);
    }
  });

  it('of PostingEntry is any object, as a variable, as a literal and as a literal with variables', async () => {
    const entry = { kind: 'REFERRAL', fees: [{ amount: 1, quantity: '1.5' }, 2.5, null, true] };
    expect(await echo('PostingEntry', entry)).toEqual({ data: { PostingEntry: entry } });
    const literal = '{ kind: "REFERRAL", fees: [{ amount: 1, quantity: "1.5" }, 2.5, null, true] }';
    expect(await echoLiteral('PostingEntry', literal)).toEqual({ data: { PostingEntry: entry } });
    const query = 'query ($name: String) { PostingEntry(it: { patient: { name: $name } }) }';
    const answer = await executor.run({ query, variables: { name: '秦一' } }, {});
    expect(JSON.parse(JSON.stringify(answer))).toEqual({ data: { PostingEntry: { patient: { name: '秦一' } } } });
  });

  it.each(NAMES)('of %s is refused or taken, whatever it is, and a refusal never repeats it', async (name) => {
    const near = fc.constantFrom(...RIGHT.map(([, typed]) => String(typed)));
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789Xx-:T+Z '), minLength: 8, maxLength: 44 });
    const changed = fc
      .tuple(near, fc.nat(43), anyText({ minLength: 1, maxLength: 2 }))
      .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1));
    const texts = fc.oneof(near, changed, digits, anyText({ minLength: 8 }));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { data, errors } = await echo(name, text);
        if (errors === undefined) {
          // What was answered is taken again, and means the same.
          expect(await echo(name, data[name])).toEqual({ data });
        } else {
          expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'it' } }]);
          if (text.trim().length >= 8) expect(errors.map(({ message }) => message).join()).not.toContain(text);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('output', () => {
  it.each([
    ['2026-03-16', '2026-03-16T00:00:00+08:00'],
    ['20260316092012', '2026-03-16T09:20:12+08:00'],
    ['2026-03-16 09:20:12', '2026-03-16T09:20:12+08:00'],
    ['2026-03-16T09:20:12+08:00', '2026-03-16T09:20:12+08:00'],
    [1_773_624_012_000, '2026-03-16T09:20:12+08:00'],
  ])('of the moment %j is %s', (value, shown) => expect(scalar('DateTime').serialize(value)).toBe(shown));

  it('of a month is yyyy-MM', () => expect(scalar('Month').serialize('202603')).toBe('2026-03'));

  it.each([1.5, '100', Number.NaN])('of money that is no whole number of fen is a fault of ours: %j', (value) => {
    expect(() => scalar('Fen').serialize(value)).toThrow(TypeError);
  });

  it('of a moment that is none is a fault of ours', () => {
    expect(() => scalar('DateTime').serialize('soon')).toThrow(RangeError);
  });
});
