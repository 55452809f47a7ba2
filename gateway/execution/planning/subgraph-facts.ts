import type { Supergraph } from '@apollo/federation-internals';
import { Kind, parse, type SelectionSetNode } from 'graphql';

/** What a subgraph says of the entities that it is asked for, by type. Only the names at the top of each selection. */
export interface SubgraphFacts {
  /** The keys by which it finds an entity. */
  readonly keys: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** What it must be sent along for a field. */
  readonly requirements: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The facts of every subgraph of a supergraph, by its name. */
export function subgraphFacts(supergraph: Supergraph): Record<string, SubgraphFacts> {
  const graphs = new Map([...supergraph.subgraphNameToGraphEnumValue()].map(([name, graph]) => [graph, name]));
  const facts: Record<
    string,
    { keys: Record<string, string[][]>; requirements: Record<string, Record<string, string[]>> }
  > = {};
  for (const name of graphs.values()) facts[name] = { keys: {}, requirements: {} };

  for (const type of [...supergraph.schema.objectTypes(), ...supergraph.schema.interfaceTypes()]) {
    for (const applied of type.appliedDirectivesOf('join__type')) {
      const {
        graph,
        key,
        resolvable = true,
      } = applied.arguments() as { graph: string; key?: string; resolvable?: boolean };
      const own = facts[graphs.get(graph) ?? ''];
      if (own && key !== undefined && resolvable) {
        own.keys[type.name] ??= [];
        own.keys[type.name]?.push(topNames(key));
      }
    }
    for (const field of type.fields()) {
      for (const applied of field.appliedDirectivesOf('join__field')) {
        const { graph, requires } = applied.arguments() as { graph?: string; requires?: string };
        const own = facts[graphs.get(graph ?? '') ?? ''];
        if (own && requires !== undefined) {
          own.requirements[type.name] ??= {};
          Object.assign(own.requirements[type.name] ?? {}, { [field.name]: topNames(requires) });
        }
      }
    }
  }
  return facts;
}

/** The names at the top of a field set, those inside its fragments included. */
function topNames(fields: string): string[] {
  const [definition] = parse(`{${fields}}`).definitions;
  const names = new Set<string>();
  const look = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) look(selection.selectionSet);
    }
  };
  if (definition?.kind === Kind.OPERATION_DEFINITION) look(definition.selectionSet);
  return [...names];
}
