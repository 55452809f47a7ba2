import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operationOf } from '../../../gateway/execution/planning/fetch-nodes.ts';
import { NoPlan } from '../../../gateway/execution/planning/no-plan.ts';
import { SupergraphPlanner } from '../../../gateway/execution/planning/supergraph-planner.ts';
import { failingPart } from '../../../gateway/execution/planning/unplannable.ts';
import { compose } from '../../conformance/graphs/graph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@external", "@requires", "@interfaceObject", "@tag", "@context", "@fromContext",
  "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@composeDirective"
])`;

function open(subgraphs: Record<string, string>): SupergraphPlanner {
  const linked = Object.entries(subgraphs).map(([name, sdl]) => [name, `${LINK}\n${sdl}`]);
  return new SupergraphPlanner(compose({ name: 'planned', subgraphs: Object.fromEntries(linked) }));
}

describe('a supergraph', () => {
  it.each(['@authenticated', '@requiresScopes(scopes: [["read"]])', '@policy(policies: [["open"]])'])(
    'that protects a field with %s is refused, since that is not enforced',
    (directive) => {
      const [name] = directive.split('(');
      expect(() => open({ one: `type Query { secret: Int ${directive} }` })).toThrow(
        `The supergraph protects fields with ${name}, which this gateway does not enforce yet.`,
      );
    },
  );

  it('is refused for every directive that is not enforced at once', () => {
    const sdl = 'type Query { a: Int @authenticated b: Int @policy(policies: [["open"]]) }';
    expect(() => open({ one: sdl })).toThrow('with @authenticated, @policy, which');
  });

  it.each([
    ['@cost', 'type Query { a: Int @cost(weight: 5) }'],
    ['@listSize', 'type Query { a: [Int] @listSize(assumedSize: 5) }'],
    ['@tag', 'type Query { a: Int @tag(name: "open") }'],
    [
      '@composeDirective',
      `extend schema @link(url: "https://example.org/audited/v1.0", import: ["@audited"]) @composeDirective(name: "@audited")
      directive @audited on FIELD_DEFINITION
      type Query { a: Int @audited }`,
    ],
    [
      '@context',
      `type Query { a: Above }
      type Above @key(fields: "id") @context(name: "above") { id: ID! below: Below name: String }
      type Below @key(fields: "id") { id: ID! of(above: String @fromContext(field: "$above { name }")): String }`,
    ],
  ])('that uses %s passes', (_, sdl) => {
    const others = 'type Query { b: Int } type Below @key(fields: "id") { id: ID! }';
    const planner = open(sdl.includes('type Below') ? { one: sdl, two: others } : { one: sdl });
    expect(planner.validate('{ a { __typename } }').length + planner.validate('{ a }').length).toBe(1);
  });
});

describe('a subgraph that does not resolve all of its keys', () => {
  const owner = 'type Query { car: Car } type Car @key(fields: "id") @key(fields: "vin") { id: ID! vin: ID! km: Int }';
  const taxes = (keys: string, fields: string) => `
    type Query { taxed: Car }
    type Car ${keys} { ${fields} km: Int @external tax: Int @requires(fields: "km") }
  `;

  it.each([
    ['first', '@key(fields: "vin") @key(fields: "id", resolvable: false)'],
    ['last', '@key(fields: "id", resolvable: false) @key(fields: "vin")'],
  ])('is asked by the one that it does, named %s', (_, keys) => {
    const plan = JSON.stringify(open({ owner, taxes: taxes(keys, 'id: ID! vin: ID!') }).plan('{ taxed { tax } }', []));
    expect(plan).toContain('{taxed{__typename id vin}}');
    expect(plan).toContain(
      '"selections":[{"kind":"Field","name":"__typename"},{"kind":"Field","name":"km"},{"kind":"Field","name":"vin"}]',
    );
  });

  it('is not asked by one that it does not, if there is no other way', () => {
    // The key that it resolves cannot be read there, since it is external.
    const keys = '@key(fields: "id", resolvable: false) @key(fields: "vin")';
    const planner = open({ owner, taxes: taxes(keys, 'id: ID! vin: ID! @external') });
    expect(() => planner.plan('{ taxed { tax } }', [])).toThrow(NoPlan);
    expect(() => planner.plan('{ taxed { tax } }', [])).toThrow(
      'Car.tax: subgraph taxes cannot be asked for Car by a key that it resolves ("vin").',
    );
    expect(() => planner.plan('{ car { tax } }', [])).not.toThrow();
  });
});

describe('an interface object', () => {
  const planner = open({
    library: `
      type Query { media: [Media!]! paged: Paged }
      interface Media @key(fields: "id") { id: ID! title: String }
      interface Paged { pages: Int }
      union Kept = Book | Box
      type Book implements Media & Paged @key(fields: "id") { id: ID! title: String pages: Int box: Box }
      type Film implements Media @key(fields: "id") { id: ID! title: String next: Media }
      type Box @shareable { kept: [Kept] }
    `,
    ratings: 'type Query { best: Media } type Media @key(fields: "id") @interfaceObject { id: ID! score: Int }',
  });

  it.each([
    ['{ best { ... on Paged { pages } } }', '... on Book{pages}'],
    ['{ best { ... on Kept { ... on Paged { pages } } } }', '... on Book{pages}'],
    ['{ best { ... on Kept { ... on Box { kept { __typename } } ... on Book { title } } } }', '... on Book{title}'],
    ['{ best { ... on Film { next { ... on Paged { pages } } } } }', 'next{__typename ...on Book{pages}}'],
    ['{ best { ... on Paged @defer(label: "d") { pages } } }', '... on Book{pages}'],
  ])('can be asked %s', (operation, fetched) => {
    const plan = JSON.stringify(planner.plan(operation, []));
    expect(plan.replaceAll('... on ', '...on ')).toContain(fetched.replaceAll('... on ', '...on '));
  });
});

describe('an operation that cannot be planned', () => {
  const planner = open({ one: 'type Query { a: A } type A { b: B c: Int } type B { d: Int }' });

  it.each([
    ['{ a { c b { nothing d } } }', 'a → b → nothing: '],
    ['{ a { c ... on A { b { ... on B { d nothing } } } } }', 'a → ... on A → b → ... on B → nothing: '],
  ])('is refused by the place that has no plan: %s', (operation, place) => {
    expect(() => planner.plan(operation, [])).toThrow(NoPlan);
    expect(() => planner.plan(operation, [])).toThrow(place);
  });
});

describe('the part of an operation that fails', () => {
  const operation = operationOf(parse('{ a { b c } d { e { f } } g }'));
  const names = (part: OperationDefinitionNode): string[] => {
    const found: string[] = [];
    const look = ({ selectionSet }: Pick<OperationDefinitionNode, 'selectionSet'>) => {
      for (const node of selectionSet.selections) {
        if (node.kind !== Kind.FIELD) continue;
        found.push(node.name.value);
        if (node.selectionSet) look({ selectionSet: node.selectionSet });
      }
    };
    look(part);
    return found;
  };

  it('is the innermost', () => {
    expect(failingPart(operation, (part) => names(part).includes('f'))).toEqual(['d', 'e', 'f']);
  });

  it('ends where no part fails alone', () => {
    expect(failingPart(operation, (part) => names(part).includes('b') && names(part).includes('c'))).toEqual(['a']);
    expect(failingPart(operation, (part) => names(part).includes('a') && names(part).includes('g'))).toEqual([]);
  });

  it('is not looked for without end', () => {
    let tries = 0;
    const wide = operationOf(parse(`{ ${'a '.repeat(5_000)} }`));
    expect(
      failingPart(wide, () => {
        tries += 1;
        return false;
      }),
    ).toEqual([]);
    expect(tries).toBe(100);
  });
});
