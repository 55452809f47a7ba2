import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { describe, expect, it } from 'vitest';
import { type CompiledPlan, compilePlan } from '../../../gateway/execution/fetching/plan.ts';
import { Run } from '../../../gateway/execution/fetching/run.ts';
import type { SubgraphAnswer, SubgraphFetch } from '../../../gateway/supergraph/source.ts';

const POSSIBLE_TYPES = { Media: ['Book', 'Film'] };
const KEYS = { Book: [['id']], Film: [['id']] };

/** What a subgraph was asked for, in the order in which it was. */
type Asked = { readonly subgraph: string; readonly request: SubgraphFetch }[];

/** Compiles a plan over subgraphs that answer by function. */
function compiled(
  node: PlanNode,
  answers: Readonly<Record<string, (request: SubgraphFetch) => SubgraphAnswer>>,
): { readonly plan: CompiledPlan; readonly asked: Asked } {
  const asked: Asked = [];
  const plan = compilePlan(node, {
    possibleTypes: POSSIBLE_TYPES,
    longNumbers: false,
    facts: Object.fromEntries(Object.keys(answers).map((name) => [name, { keys: KEYS, requirements: {} }])),
    sourceOf: (name) => ({
      name,
      async fetch(request) {
        asked.push({ subgraph: name, request });
        const answer = answers[name];
        if (!answer) throw new Error(`no subgraph ${name}`);
        return answer(request);
      },
      close: async () => {},
    }),
  });
  return { plan, asked };
}

async function run(plan: CompiledPlan, variables: Record<string, unknown> = {}): Promise<Run> {
  const scope = {
    requestId: 'plan',
    headers: {},
    signal: new AbortController().signal,
    deadlineAt: Date.now() + 10_000,
    contexts: new Map(),
  };
  const running = new Run(scope, variables);
  await plan.step(running);
  return running;
}

const root = (serviceName: string, operation: string, variableUsages: string[] = []): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationKind: 'query' as FetchNode['operationKind'],
  operationName: undefined,
  variableUsages,
});

const entities = (serviceName: string, type: string, field: string): FetchNode => ({
  ...root(
    serviceName,
    `query($representations:[_Any!]!){_entities(representations:$representations){...on ${type}{${field}}}}`,
  ),
  requires: [
    {
      kind: 'InlineFragment',
      typeCondition: type,
      selections: [
        { kind: 'Field', name: '__typename' },
        { kind: 'Field', name: 'id' },
      ],
    },
  ],
});

/** Answers each representation with a field that tells whose it is. */
const answering =
  (field: string) =>
  ({ representations = [] }: SubgraphFetch): SubgraphAnswer => ({
    data: { _entities: representations.map((text) => ({ [field]: `${field} of ${JSON.parse(text).id}` })) },
  });

describe('a condition of a plan', () => {
  const plan: PlanNode = {
    kind: 'Condition',
    condition: 'wanted',
    ifClause: root('one', '{a}'),
    elseClause: {
      kind: 'Condition',
      condition: 'other',
      ifClause: root('two', '{b}'),
    } as PlanNode,
  } as PlanNode;
  const open = () => compiled(plan, { one: () => ({ data: { a: 1 } }), two: () => ({ data: { b: 2 } }) });

  it.each([
    [{ wanted: true, other: true }, { a: 1 }],
    [{ wanted: false, other: true }, { b: 2 }],
    [{ wanted: false, other: false }, {}],
    [{ wanted: false }, {}],
  ])('with %j asks only the side that holds', async (variables, data) => {
    const { plan: steps, asked } = open();
    const { data: gathered, failures } = await run(steps, variables);
    expect({ ...gathered }).toEqual(data);
    expect(failures).toBeUndefined();
    expect(asked).toHaveLength(Object.keys(data).length);
  });

  it('is decided anew in every run', async () => {
    const { plan: steps } = open();
    const [first, second] = await Promise.all([
      run(steps, { wanted: true }),
      run(steps, { wanted: false, other: true }),
    ]);
    expect([{ ...first.data }, { ...second.data }]).toEqual([{ a: 1 }, { b: 2 }]);
  });
});

describe('a plan that fetches by type', () => {
  const items = () => [
    { __typename: 'Book', id: '1' },
    null,
    { __typename: 'Film', id: '2' },
    { __typename: 'Book', id: '3' },
    { __typename: 'Book', id: '1' },
  ];
  const flattened = (path: string[], node: PlanNode): PlanNode => ({ kind: 'Flatten', path, node }) as PlanNode;
  const plan = (path: string[], below: PlanNode[]): PlanNode => ({
    kind: 'Sequence',
    nodes: [root('library', '{items{__typename id}}'), flattened(path, { kind: 'Parallel', nodes: below } as PlanNode)],
  });

  it('asks for the objects of the type that the path names, each once, and lays what comes at every place', async () => {
    const { plan: steps, asked } = compiled(plan(['items', '@|[Book]'], [entities('pages', 'Media', 'pages')]), {
      library: () => ({ data: { items: items() } }),
      pages: answering('pages'),
    });
    const { data, failures } = await run(steps);
    expect(asked.at(-1)?.request.representations).toEqual([
      '{"__typename":"Book","id":"1"}',
      '{"__typename":"Book","id":"3"}',
    ]);
    expect((data.items as ({ pages?: string } | null)[]).map((item) => item?.pages)).toEqual([
      'pages of 1',
      undefined,
      undefined,
      'pages of 3',
      'pages of 1',
    ]);
    expect(failures).toBeUndefined();
  });

  it('asks nobody when no object is of the type', async () => {
    const { plan: steps, asked } = compiled(plan(['items', '@|[Film]'], [entities('pages', 'Media', 'pages')]), {
      library: () => ({ data: { items: [{ __typename: 'Book', id: '1' }, null] } }),
      pages: answering('pages'),
    });
    await run(steps);
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['library']);
  });

  it('asks for each type in its own words', async () => {
    const { plan: steps, asked } = compiled(
      plan(['items', '@'], [entities('pages', 'Book', 'pages'), entities('lengths', 'Film', 'length')]),
      { library: () => ({ data: { items: items() } }), pages: answering('pages'), lengths: answering('length') },
    );
    const { data } = await run(steps);
    expect(asked.map(({ subgraph, request }) => [subgraph, request.representations?.length])).toEqual([
      ['library', undefined],
      ['pages', 2],
      ['lengths', 1],
    ]);
    expect(data.items).toMatchObject([{ pages: 'pages of 1' }, null, { length: 'length of 2' }, {}, {}]);
  });

  it('that leads through a path in two parts goes the whole of it', async () => {
    const inner = flattened(['item|[Film]'], entities('lengths', 'Film', 'length'));
    const node: PlanNode = {
      kind: 'Sequence',
      nodes: [root('library', '{boxes{item{__typename id}}}'), flattened(['boxes', '@'], inner)],
    };
    const { plan: steps, asked } = compiled(node, {
      library: () => ({ data: { boxes: items().map((item) => ({ item })) } }),
      lengths: answering('length'),
    });
    await run(steps);
    expect(asked.at(-1)?.request.representations).toEqual(['{"__typename":"Film","id":"2"}']);
  });
});

describe('fetches of one plan', () => {
  it('that ask the same of the same subgraph at the same time travel as one', async () => {
    const like = () => entities('pages', 'Book', 'pages');
    const node: PlanNode = {
      kind: 'Sequence',
      nodes: [
        root('library', '{first{__typename id} second{__typename id} third{__typename id}}'),
        {
          kind: 'Parallel',
          nodes: ['first', 'second', 'third'].map((slot) => ({ kind: 'Flatten', path: [slot], node: like() })),
        } as PlanNode,
      ],
    };
    const book = (id: string) => ({ __typename: 'Book', id });
    const { plan: steps, asked } = compiled(node, {
      library: () => ({ data: { first: book('1'), second: book('2'), third: book('1') } }),
      pages: answering('pages'),
    });
    const { data } = await run(steps);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.request.representations).toEqual([
      '{"__typename":"Book","id":"1"}',
      '{"__typename":"Book","id":"2"}',
    ]);
    expect({ ...data }).toMatchObject({
      first: { pages: 'pages of 1' },
      second: { pages: 'pages of 2' },
      third: { pages: 'pages of 1' },
    });
  });

  it('send the variables that they use, and of those the ones that are there', async () => {
    const { plan: steps, asked } = compiled(root('one', 'query($a:Int,$b:Int){a(a:$a,b:$b)}', ['a', 'b']), {
      one: () => ({ data: { a: 1 } }),
    });
    await run(steps, { a: null, c: 3 });
    expect(asked[0]?.request.variables).toEqual({ a: null });
  });
});
