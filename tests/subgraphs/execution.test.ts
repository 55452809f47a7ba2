import { buildSchema } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseIdNumber } from '../../adapters/identifiers/id-number.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { SubgraphExecutor } from '../../subgraphs/execution.ts';
import type { Answer } from './fixture/running-subgraph.ts';

const SECRET = '421202197803159926';

const schema = buildSchema(`
  type Query {
    good(text: String = "a", number: Int, state: State, filter: Filter, many: [Int!]): String
    needed(id: ID!): String
    fault: String
    word: String
    late: String
    department: String
    identifier: String
    never: String!
    thing: Thing
    things: [Thing]
  }
  type Thing { name: String bad: String never: String! }
  input Filter { state: State inner: Filter numbers: [Int!] }
  enum State { OPEN CLOSED }
`);

const failures: Record<string, () => unknown> = {
  fault: () => {
    throw new TypeError(`cannot read ${SECRET}`);
  },
  word: () => {
    throw SECRET;
  },
  late: () => Promise.reject(new Error(SECRET)),
  department: () => {
    throw new CasegraphError('DEPARTMENT_BUSY', 'Later.', {
      department: 'real-estate',
      reference: 'R-1',
      departmentCode: '9001',
      retryAfterMs: 1_000,
      cause: new Error(SECRET),
    });
  },
  identifier: () => parseIdNumber(`${SECRET}0`),
  never: () => null,
};
const thing = { name: 'thing', bad: failures.department, never: () => 'given' };
const root = {
  ...failures,
  good: ({ text }: { text: string }) => text,
  needed: ({ id }: { id: string }) => id,
  thing: () => ({ ...thing, never: () => null }),
  things: () => [thing, { ...thing, name: () => failures.fault?.() }],
};
for (const [name, field] of Object.entries(schema.getQueryType()?.getFields() ?? {})) {
  field.resolve = (_source, given) => (root as Record<string, (given: unknown) => unknown>)[name]?.(given);
}

let reported: { error: Error; place: string }[];
let executor: SubgraphExecutor;

beforeEach(() => {
  reported = [];
  executor = new SubgraphExecutor(schema, (error, place) => void reported.push({ error, place }));
});

async function ask(query: string, variables?: Record<string, unknown>, operationName?: string): Promise<Answer> {
  return JSON.parse(JSON.stringify(await executor.run({ query, variables, operationName }, {}))) as Answer;
}

describe('what a resolver throws', () => {
  it.each([
    ['fault', TypeError],
    ['late', Error],
    ['word', Error],
  ])('unexpectedly (%s) is masked, and reported whole with its place', async (field, kind) => {
    const answer = await ask(`{ good here: ${field} }`);
    expect(answer).toEqual({
      data: { good: 'a', here: null },
      errors: [
        {
          message: 'Internal error.',
          path: ['here'],
          extensions: { code: 'INTERNAL', messageZh: '内部错误。' },
        },
      ],
    });
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatchObject({ place: 'here', error: expect.any(kind) });
    expect(reported[0]?.error.message).toContain(SECRET);
  });

  it('of the shared table is shown as it is, with its place, and is no fault of ours', async () => {
    const answer = await ask('{ things { name bad } }');
    expect(answer.errors).toContainEqual({
      message: 'The department system takes no more calls now. Later.',
      path: ['things', 0, 'bad'],
      extensions: {
        code: 'DEPARTMENT_BUSY',
        messageZh: '部门系统繁忙，暂不受理。Later.',
        department: 'real-estate',
        reference: 'R-1',
        departmentCode: '9001',
        retryAfterMs: 1_000,
      },
    });
    expect(answer.data.things).toEqual([
      { name: 'thing', bad: null },
      { name: null, bad: null },
    ]);
    expect(reported.map(({ place }) => place)).toEqual(['things.1.name']);
    expect(JSON.stringify(answer)).not.toContain(SECRET);
  });

  it('about an identifier is the caller’s input', async () => {
    const answer = await ask('{ identifier }');
    expect(answer).toMatchObject({
      data: { identifier: null },
      errors: [
        {
          extensions: { code: 'INVALID_INPUT', messageZh: '输入不合规范。IdNumber：应为18位。' },
          message: 'The input is not valid. IdNumber: must have 18 characters.',
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(reported).toEqual([]);
  });

  it('not, where a field may not be null, is a fault of ours and costs no more than GraphQL says', async () => {
    expect(await ask('{ good thing { name never } }')).toMatchObject({
      data: { good: 'a', thing: null },
      errors: [{ path: ['thing', 'never'], extensions: { code: 'INTERNAL' } }],
    });
    expect(await ask('{ good never }')).toMatchObject({ data: null, errors: [{ path: ['never'] }] });
    expect(reported.map(({ place }) => place)).toEqual(['thing.never', 'never']);
  });
});

describe('input', () => {
  it.each([
    [`{ good(number: "${SECRET}") }`, 'number'],
    [`{ good(number: ${SECRET}) }`, 'number'],
    [`{ good(state: S${SECRET}) }`, 'state'],
    [`{ good(state: "${SECRET}") }`, 'state'],
    [`{ good(filter: "${SECRET}") }`, 'filter'],
    [`{ good(filter: { state: S${SECRET} }) }`, 'filter.state'],
    [`{ good(filter: { inner: { inner: { state: "${SECRET}" } } }) }`, 'filter.inner.inner.state'],
    [`{ good(filter: { numbers: [1, "${SECRET}"] }) }`, 'filter.numbers.1'],
    [`{ good(filter: { other: "${SECRET}" }) }`, 'filter.other'],
    [`{ good(many: [1, "${SECRET}"]) }`, 'many.1'],
    ['{ good(many: [null]) }', 'many.0'],
    [`query ($n: Int = "${SECRET}") { good(number: $n) }`, 'n'],
    [`query ($f: Filter = { state: S${SECRET} }) { good(filter: $f) }`, 'f.state'],
  ])('as the literal of %s is refused, naming its place and not its value', async (query, field) => {
    const answer = await ask(query);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(answer.errors?.[0]?.message).toMatch(/^The input is not valid\. \S+: .+\.$/);
    expect(answer.errors?.[0]?.extensions.messageZh).toMatch(
      /^输入不合规范。[\w.]+：(?:应为\S+类型|值的类型不符|Filter类型没有该字段)。$/,
    );
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(reported).toEqual([]);
  });

  it.each([
    [{ number: SECRET }, 'number'],
    [{ number: 1.5 }, 'number'],
    [{ state: SECRET }, 'state'],
    [{ filter: SECRET }, 'filter'],
    [{ filter: { state: SECRET } }, 'filter.state'],
    [{ filter: { inner: { inner: { state: { a: SECRET } } } } }, 'filter.inner.inner.state'],
    [{ filter: { numbers: [1, SECRET] } }, 'filter.numbers.1'],
    [{ filter: { other: SECRET } }, 'filter'],
    [{ many: [1, SECRET] }, 'many.1'],
    [{ text: ` at "${SECRET}"`, number: ` at "${SECRET}"` }, 'number'],
    [{ filter: { [` at "${SECRET}`]: 1 } }, 'filter'],
  ])('in the variables %j is refused, naming its place and not its value', async (variables, field) => {
    const query = `query ($text: String, $number: Int, $state: State, $filter: Filter, $many: [Int!]) {
      good(text: $text, number: $number, state: $state, filter: $filter, many: $many)
    }`;
    const answer = await ask(query, variables);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(reported).toEqual([]);
  });

  it.each(['Thing', 'Nothing'])('of the type %s, which is none of input, is refused', async (type) => {
    const { errors } = await ask(`query ($id: ${type}) { needed(id: $id) }`, { id: SECRET });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    expect(errors?.[0]?.message).toContain(type);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  });

  it.each([
    ['an unknown field', '{ unheardOf }', 'unheardOf'],
    ['a missing argument', '{ needed }', 'id'],
  ])('with %s is refused by its name', async (_, query, name) => {
    const { errors } = await ask(query);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    expect(errors?.[0]?.message).toContain(name);
  });

  it('that a variable needs and does not get is named', async () => {
    const query = 'query ($id: ID!) { needed(id: $id) }';
    for (const variables of [undefined, {}, { id: null }]) {
      expect(await ask(query, variables)).toMatchObject({
        errors: [
          {
            extensions: {
              code: 'INVALID_INPUT',
              field: 'id',
              messageZh: expect.stringMatching(/^输入不合规范。id：(?:未提供|应为ID!?类型)。$/),
            },
          },
        ],
      });
    }
    expect(await ask('query ($id: ID! = "default") { needed(id: $id) }')).toEqual({ data: { needed: 'default' } });
    expect(await ask(query, { id: 7 })).toEqual({ data: { needed: '7' } });
  });
});

describe('a document', () => {
  it('that cannot be read is refused with the place, without what stands there', async () => {
    const answer = await ask(`{ good\n  "${SECRET}" }`);
    expect(answer.errors).toMatchObject([
      { message: expect.stringContaining('line 2, column 3'), extensions: { code: 'INVALID_INPUT' } },
    ]);
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(reported).toEqual([]);
  });

  it.each([
    ['query A { good } query B { good }', undefined],
    ['query A { good }', 'B'],
    ['fragment F on Query { good }', undefined],
  ])('without the operation to run is refused: %s, %s', async (query, operationName) => {
    expect(await ask(query, {}, operationName)).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_INPUT' } }],
    });
  });

  it('of several operations runs the one that is named', async () => {
    const query = 'query A { a: good } query B { b: good }';
    expect(await ask(query, {}, 'B')).toEqual({ data: { b: 'a' } });
    expect(await ask(query, {}, 'A')).toEqual({ data: { a: 'a' } });
  });

  it('is answered alike however often and after however many others it comes', async () => {
    const first = await ask('{ good }');
    for (let other = 0; other < 1_100; other += 1) await ask(`{ other${other}: good(text: "${other}") }`);
    expect(await ask('{ good }')).toEqual(first);
    expect(await ask('{ other0: good(text: "0") }')).toEqual({ data: { other0: '0' } });
  });
});
