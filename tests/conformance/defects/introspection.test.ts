import { execute, getIntrospectionQuery, type IntrospectionQuery, type IntrospectionType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine-under-test.ts';
import { GRAPHS } from '../graphs/all.ts';
import { type GraphDefinition, openGraph } from '../graphs/graph.ts';
import { serve } from './small-graph.ts';

const FULL = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  inputValueDeprecation: true,
  oneOf: true,
});

async function introspect(graph: GraphDefinition, query: string) {
  const { supergraphSdl, subgraphs, plain } = openGraph(graph);
  const engine = await openEngine(supergraphSdl, subgraphs);
  try {
    const answer = await engine.ask({ query });
    const right = JSON.parse(JSON.stringify(await execute({ schema: plain, document: parse(query) })));
    return { answer, right };
  } finally {
    await engine.close();
  }
}

/** The order of types and of what an interface has is open; the order of fields, arguments and values is that of the SDL. */
function sorted({ data }: { data?: unknown }) {
  const { __schema: schema } = data as IntrospectionQuery;
  const byName = <T extends { name: string }>(list: readonly T[]) =>
    list.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const types = byName<IntrospectionType>(schema.types).map((type) =>
    'possibleTypes' in type && type.possibleTypes ? { ...type, possibleTypes: byName(type.possibleTypes) } : type,
  );
  // What an engine offers clients beyond the schema's own directives, `@defer` say, is its own affair.
  const directives = byName(schema.directives).filter(({ name }) => name !== 'defer' && name !== 'stream');
  return { ...schema, types, directives };
}

describe('introspection', () => {
  it.each(GRAPHS.map((graph) => [graph.name, graph] as const))(
    'of the graph %s is graphql-js’s of the API schema',
    async (_, graph) => {
      const { answer, right } = await introspect(graph, FULL);
      expect(answer.errors).toBeUndefined();
      expect(sorted(answer)).toEqual(sorted(right));
    },
  );

  it('shows nothing of federation, and nothing that is inaccessible', async () => {
    const { ask } = await serve({
      a: {
        sdl: `
          type Query { shown(arg: Int, hiddenArg: Int @inaccessible): Shown hidden: Hidden @inaccessible }
          type Shown @key(fields: "id") { id: ID! @inaccessible kind(input: Input): Kind }
          type Hidden @inaccessible { x: Int }
          enum Kind { ONE TWO @inaccessible }
          input Input { one: Int two: Int @inaccessible }
        `,
      },
      b: { sdl: `type Shown @key(fields: "id") { id: ID! more: Int }` },
    });
    const { data } = await ask(
      '{ __schema { types { name fields { name args { name } } inputFields { name } enumValues { name } } } }',
    );
    const text = JSON.stringify(data);
    for (const hidden of [
      'hidden',
      'Hidden',
      '"TWO"',
      '"two"',
      'hiddenArg',
      '_entities',
      '_Any',
      '_Service',
      'join__',
      'link__',
    ])
      expect(text).not.toContain(hidden);
    const types = (data as unknown as IntrospectionQuery).__schema.types;
    expect(types.find(({ name }) => name === 'Shown')).toMatchObject({ fields: [{ name: 'kind' }, { name: 'more' }] });
  });

  it('goes together with data, under any names, with variables and conditions', async () => {
    const { ask } = await serve({
      a: {
        sdl: 'type Query { name: String other: Int } "A thing." type Thing { a: Int @deprecated(reason: "old") }',
        resolvers: { Query: { name: () => 'n' } },
      },
    });
    const query = `
      query ($type: String!, $old: Boolean = true, $no: Boolean!) {
        __typename: name
        name: __typename
        other: __type(name: $type) { kind fields(includeDeprecated: $old) { n: name type { name } } ...F @skip(if: $no) }
        __type(name: "None") { name }
      }
      fragment F on __Type { description }
    `;
    expect(await ask(query, { type: 'Thing', no: false })).toEqual({
      data: {
        __typename: 'n',
        name: 'Query',
        other: { kind: 'OBJECT', fields: [{ n: 'a', type: { name: 'Int' } }], description: 'A thing.' },
        __type: null,
      },
    });
    expect(await ask(query, { type: 'Thing', no: true, old: false })).toMatchObject({
      data: { other: { fields: [] } },
    });
  });

  it('asks no subgraph', async () => {
    const { ask, asked } = await serve({ a: { sdl: 'type Query { name: String }' } });
    expect(await ask('{ __typename __schema { queryType { name } } }')).toEqual({
      data: { __typename: 'Query', __schema: { queryType: { name: 'Query' } } },
    });
    expect(asked).toEqual([]);
  });
});
