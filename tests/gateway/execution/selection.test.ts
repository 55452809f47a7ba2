import fc from 'fast-check';
import { buildSchema, type FieldNode, type GraphQLSchema, parse, print, validate, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { pickOperation } from '../../../gateway/execution/operation/document.ts';
import { isolatedOperation } from '../../../gateway/execution/operation/isolated.ts';
import {
  type Conditions,
  conditionVariables,
  type FieldSelection,
  resolveSelections,
  type Selection,
  Slots,
} from '../../../gateway/execution/operation/selection.ts';

const PREFIX = '_slot';

const schema = buildSchema(`
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { person(id: ID): Person someone: Person node(id: ID!): Node found: [Found] }
  type Mutation { rename(name: String): Person file: Person }
  interface Node { id: ID! about(short: Boolean): String owner: Person title: String }
  union Found = Person | Book
  type Person implements Node { id: ID! legacyId: ID name(short: Boolean): String about(short: Boolean): String owner: Person friend: Person friends(n: Int): [Person] title: String }
  type Book implements Node { id: ID! about(short: Boolean, lang: String): String owner: Person title(lang: String): String }
`);

const EVERYTHING: Conditions = { variables: {}, defer: false };

function resolve(text: string, conditions = EVERYTHING, of: GraphQLSchema = schema) {
  const document = parse(text);
  const faults = validate(of, document);
  if (faults[0]) throw faults[0];
  const { operation, fragments } = pickOperation(document, undefined);
  const selections = resolveSelections(of, operation, fragments, conditions, new Slots(of, PREFIX));
  return { operation, fragments, selections };
}

/** The text that is planned, in one line. */
function planned(text: string, conditions?: Conditions): string {
  const { operation, selections } = resolve(text, conditions);
  return (isolatedOperation(operation, selections) ?? '').replaceAll(/\s+/g, ' ');
}

function* fieldsOf(selections: readonly Selection[]): Generator<FieldSelection> {
  for (const selection of selections) {
    if (selection.kind === 'field') yield selection;
    yield* fieldsOf(selection.selections ?? []);
  }
}

function aliasesIn(text: string): string[] {
  const aliases: string[] = [];
  visit(parse(text), {
    Field: ({ alias }: FieldNode) => {
      if (alias) aliases.push(alias.value);
    },
  });
  return aliases;
}

describe('the name under which a value lies', () => {
  it.each([
    ['an alias that is a key’s name', '{ person { id: legacyId friend { id } } }'],
    ['an alias that is __typename', '{ person { __typename: legacyId } }'],
    ['one field with different arguments', '{ person { name short: name(short: true) long: name(short: false) } }'],
  ])('meets no other: %s', (_, text) => {
    const names = [...fieldsOf(resolve(text).selections)].map(({ name, slot }) => `${slot} ${name}`);
    for (const name of names) expect(name).toMatch(/^(\w+) \1$|^_slot\d+_(\w+) \2$/);
    expect(aliasesIn(planned(text)).filter((alias) => !/^_slot\d+_/.test(alias))).toEqual([]);
  });

  it('is the field’s own exactly where nothing else can be meant by it', () => {
    const alias = fc.option(fc.constantFrom('id', '__typename', 'name', 'legacyId', 'friend', 'x'), { nil: undefined });
    const selection = fc.letrec<{ set: string }>((tie) => {
      const leaf = fc.constantFrom('id', 'legacyId', 'name', 'name(short: true)', 'about(short: false)', 'title');
      const inner = fc.tuple(fc.constantFrom('friend', 'owner', 'friends(n: 2)', 'friends'), tie('set'));
      const field = fc.oneof(
        { maxDepth: 3 },
        leaf,
        inner.map(([name, set]) => `${name} { ${set} }`),
      );
      return {
        set: fc
          .array(fc.tuple(alias, field), { minLength: 1, maxLength: 4 })
          .map((all) => all.map(([key, text]) => `${key ? `${key}: ` : ''}${text}`).join(' ')),
      };
    }).set;
    let valid = 0;
    fc.assert(
      fc.property(selection, (set) => {
        const text = `{ person(id: 1) { ${set} } }`;
        if (validate(schema, parse(text)).length > 0) return;
        valid += 1;
        const fields = [...fieldsOf(resolve(text).selections)];
        const meaning = new Map<string, string>();
        for (const { name, slot, node } of fields) {
          const takesArguments = ['person', 'name', 'about', 'friends'].includes(name);
          const ownName = !takesArguments && (!node.alias || name === '__typename');
          expect(slot === name).toBe(ownName);
          if (!ownName) expect(slot).toMatch(new RegExp(`^${PREFIX}\\d+_${name}$`));
          // One slot never stands for two things.
          const given = `${name}(${(node.arguments ?? []).map((argument) => print(argument)).join()})`;
          expect(meaning.get(slot) ?? given).toBe(given);
          meaning.set(slot, given);
        }
        // Nothing of the client's names is left in what is planned.
        expect(aliasesIn(planned(text)).filter((own) => !/^_slot\d+_/.test(own))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    expect(valid).toBeGreaterThan(200);
  });

  it('is not the field’s own on an interface when one of its objects takes arguments', () => {
    const titleIn = (text: string) =>
      [...fieldsOf(resolve(text).selections)].find(({ name }) => name === 'title')?.slot;
    expect(titleIn('{ node(id: 1) { title } }')).toMatch(/^_slot\d+_title$/);
    expect(titleIn('{ someone { title } }')).toBe('title');
  });

  it('is another for each field of a mutation, however alike', () => {
    const { selections } = resolve('mutation { file { id } again: file { id } a: rename { id } b: rename { id } }');
    const slots = (selections as FieldSelection[]).map(({ slot }) => slot);
    expect(new Set(slots).size).toBe(4);
    for (const slot of slots) expect(slot).toMatch(/^_slot\d+_(file|rename)$/);
  });

  it('is one for the same field with the same arguments in another order', () => {
    const text = `{ node(id: 1) { ... on Book { a: about(short: true, lang: "zh") a: about(lang: "zh", short: true) } } }`;
    const slots = [...fieldsOf(resolve(text).selections)].slice(1).map(({ slot }) => slot);
    expect(slots[0]).toBe(slots[1]);
  });
});

describe('conditions', () => {
  const text = (field: string) => `query ($a: Boolean!, $b: Boolean!) { someone { id ${field} } }`;
  const shows = (field: string, variables: Record<string, unknown>) =>
    [
      ...fieldsOf(
        resolve(text(`${field} legacyId @include(if: $a) @skip(if: $b)`), { variables, defer: false }).selections,
      ),
    ]
      .map(({ name }) => name)
      .includes('title');

  it.each([
    ['title @skip(if: true)', {}, false],
    ['title @include(if: false)', {}, false],
    ['title @skip(if: false) @include(if: true)', {}, true],
    ['title @include(if: true) @skip(if: true)', {}, false],
    ['... @include(if: $a) { ... @skip(if: $b) { title } }', { a: true, b: false }, true],
    ['... @include(if: $a) { ... @skip(if: $b) { title } }', { a: true, b: true }, false],
    ['... @include(if: $a) { ... @skip(if: $b) { title } }', { a: false, b: false }, false],
    ['title @include(if: $a) title @skip(if: $b)', { a: false, b: false }, true],
    ['title @include(if: $a) title @skip(if: $b)', { a: false, b: true }, false],
  ])('decide whether a field is there: %s with %j', (field, variables, shown) => {
    expect(shows(field, { a: true, b: true, ...variables })).toBe(shown);
  });

  it('leave nothing of themselves in what is planned', () => {
    const plan = planned(text('title @include(if: $a)  legacyId @skip(if: $b)'), {
      variables: { a: true, b: false },
      defer: false,
    });
    expect(plan).toContain('title');
    expect(plan).not.toMatch(/[$@]/);
  });

  it('leave an object without fields an object', () => {
    expect(
      planned('query ($a: Boolean!) { someone { title @include(if: $a) } }', { variables: { a: false }, defer: false }),
    ).toBe('query { someone { __typename}}');
  });

  it('are decided by the variables that stand in them, wherever', () => {
    const { operation, fragments } = resolve(
      `query ($a: Boolean!, $b: Boolean!, $c: Boolean!, $n: Int) {
        someone { title @include(if: $c) ...F friends(n: $n) { id } }
      }
      fragment F on Person { ... @skip(if: $a) { id } friend { ...G } }
      fragment G on Person { legacyId @include(if: $b) ...H }
      fragment H on Person { name }`,
      { variables: { a: true, b: true, c: true }, defer: false },
    );
    expect(conditionVariables(operation, fragments)).toEqual(['a', 'b', 'c']);
  });
});

describe('fragments', () => {
  it('are spread once in one place, and again wherever another type asks', () => {
    expect(
      planned(`{ node(id: 1) { ... on Person { ...F ...F owner { ...F } } ... on Book { ...F owner { ...F } } } }
        fragment F on Node { id }`),
    ).toBe(
      'query { _slot1_node: node(id: 1) { ... on Person { ... on Node { id} owner { ... on Node { id}}} ... on Book { ... on Node { id} owner { ... on Node { id}}}}}',
    );
  });

  it('are not spread again below a type when they stand above it already', () => {
    expect(planned('{ node(id: 1) { ...F ... on Book { ...F owner { id } } } } fragment F on Node { id }')).toBe(
      'query { _slot1_node: node(id: 1) { id ... on Book { owner { id}}}}',
    );
  });

  it('stand below another type even when one of the same name stood in a part that was left out', () => {
    expect(
      planned(`{ node(id: 1) { ... @include(if: false) { ...F } ... on Book { ...F } } } fragment F on Node { id }`),
    ).toBe('query { _slot1_node: node(id: 1) { ... on Book { ... on Node { id}}}}');
  });

  it('that ask for no other type keep the order of a mutation', () => {
    const { selections } = resolve(
      'mutation { a: file { id } ...F c: file { id } } fragment F on Mutation { b: file { id } }',
    );
    expect((selections as FieldSelection[]).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('that multiply beyond what anybody would write are refused before they are spread out', () => {
    const levels = 40;
    const bomb = Array.from(
      { length: levels },
      (_, n) => `fragment F${n} on Person { x: friend { ...F${n + 1} } y: friend { ...F${n + 1} } }`,
    );
    const text = `{ someone { ...F0 } } ${bomb.join(' ')} fragment F${levels} on Person { id }`;
    // Validation takes as long as the spreading would, so that this document is not validated.
    const { operation, fragments } = pickOperation(parse(text), undefined);
    expect(() => resolveSelections(schema, operation, fragments, EVERYTHING, new Slots(schema, PREFIX))).toThrow(
      expect.objectContaining({ code: 'TOO_COMPLEX' }),
    );
  });

  it('and fields may be as many as 20,000', () => {
    const fields = (count: number) =>
      `{ someone { ${Array.from({ length: count }, (_, n) => `a${n}: id`).join(' ')} } }`;
    const spread = (text: string) => {
      const { operation, fragments } = pickOperation(parse(text), undefined);
      return resolveSelections(schema, operation, fragments, EVERYTHING, new Slots(schema, PREFIX));
    };
    expect(() => spread(fields(19_999))).not.toThrow();
    expect(() => spread(fields(20_000))).toThrow(expect.objectContaining({ code: 'TOO_COMPLEX' }));
  });
});
