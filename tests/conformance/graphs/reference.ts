import {
  type ConstDirectiveNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** A record of a graph's data. A record that names subgraphs in `$unknownTo` does not exist there. */
export type DataRecord = Readonly<Record<string, unknown>> & { readonly $unknownTo?: readonly string[] };
export type RecordsOf = (typename: string) => readonly DataRecord[];
type Representation = Readonly<Record<string, unknown>>;

/**
 * `__resolveReference` for every entity of a subgraph, read from its SDL: finds the record that the representation's key means. Of fields the
 * subgraph does not own the record then shows what the representation carries and nothing else, so that a representation which lacks a
 * required field, or carries another value, cannot go unseen.
 */
export function referenceResolvers(subgraph: string, sdl: string, recordsOf: RecordsOf) {
  const entities = new Map<string, { keys: SelectionSetNode[]; external: string[] }>();
  for (const node of parse(sdl).definitions) {
    if (!mayHaveKeys(node)) continue;
    const keys = (node.directives ?? []).filter(({ name }) => name.value === 'key' || name.value === 'federation__key');
    if (keys.length === 0) continue;
    entities.set(node.name.value, {
      keys: keys.map((key) => fieldSet(argument(key, 'fields'))),
      external: (node.fields ?? [])
        .filter(({ directives }) => directives?.some(({ name }) => name.value === 'external'))
        .map(({ name }) => name.value),
    });
  }
  return Object.fromEntries(
    [...entities].map(([typename, { keys, external }]) => [
      typename,
      {
        __resolveReference(representation: Representation) {
          const key = keys.find((fields) => covers(representation, fields));
          if (!key) throw new Error(`${subgraph}: no key of ${typename} in ${JSON.stringify(representation)}`);
          const record = recordsOf(typename).find((candidate) => agrees(candidate, representation, key));
          if (!record || record.$unknownTo?.includes(subgraph)) return null;
          const inKey = new Set(key.selections.map((field) => (field.kind === Kind.FIELD ? field.name.value : '')));
          const sent = external.filter((field) => !inKey.has(field)).map((field) => [field, representation[field]]);
          return { ...record, ...Object.fromEntries(sent), $sent: representation };
        },
      },
    ]),
  );
}

/** What a representation carried for a field with `@requires`. Throws when it carried nothing. */
// biome-ignore lint/suspicious/noExplicitAny: the value is what the graph's own SDL says.
export function required(source: Representation, field: string): any {
  const sent = source.$sent;
  if (!isObject(sent)) throw new Error(`asked without a representation that carries ${field}`);
  if (!(field in sent)) throw new Error(`the representation lacks ${field}`);
  return sent[field];
}

function mayHaveKeys(node: {
  kind: Kind;
}): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}

function argument(directive: ConstDirectiveNode, name: string): string {
  const value = directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
  if (value?.kind !== Kind.STRING) throw new Error(`@${directive.name.value} without ${name}`);
  return value.value;
}

function fieldSet(text: string): SelectionSetNode {
  const [definition] = parse(`{ ${text} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${text}: not a set of fields`);
  return definition.selectionSet;
}

function covers(value: unknown, fields: SelectionSetNode): boolean {
  return (
    isObject(value) &&
    fields.selections.every(
      (field) =>
        field.kind === Kind.FIELD &&
        value[field.name.value] !== undefined &&
        (!field.selectionSet || covers(value[field.name.value], field.selectionSet)),
    )
  );
}

function agrees(record: unknown, representation: unknown, fields: SelectionSetNode): boolean {
  return (
    isObject(record) &&
    isObject(representation) &&
    fields.selections.every((field) => {
      if (field.kind !== Kind.FIELD) return false;
      const mine = record[field.name.value];
      const sent = representation[field.name.value];
      return field.selectionSet ? agrees(mine, sent, field.selectionSet) : String(mine) === String(sent);
    })
  );
}

function isObject(value: unknown): value is Representation {
  return typeof value === 'object' && value !== null;
}
