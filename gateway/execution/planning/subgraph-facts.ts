import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { fieldedTypes, graphsByName, joinFields, joinTypes, parseFieldSet } from './join-directives.ts';

/** What a subgraph says of the entities that it is asked for, by type. Only the names at the top of each selection. */
export interface SubgraphFacts {
  /** The keys by which it finds an entity. */
  readonly keys: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** What it must be sent along for a field. */
  readonly requirements: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The facts of every subgraph of a supergraph, by its name. */
export function subgraphFacts(supergraph: DocumentNode): Record<string, SubgraphFacts> {
  const types = [...fieldedTypes(supergraph)];
  return Object.fromEntries(
    [...graphsByName(supergraph)].map(([name, graph]) => {
      const keys: Record<string, string[][]> = {};
      const requirements: Record<string, Record<string, string[]>> = {};
      for (const [type, node] of types) {
        const own = joinTypes(node).flatMap(({ graph: of, key, resolvable = true }) =>
          of === graph && key !== undefined && resolvable ? [topNames(parseFieldSet(key))] : [],
        );
        if (own.length > 0) keys[type] = own;
        const required = (node.fields ?? []).flatMap((field) =>
          joinFields(field).flatMap(({ graph: of, requires }) =>
            of === graph && requires !== undefined
              ? [[field.name.value, topNames(parseFieldSet(requires))] as const]
              : [],
          ),
        );
        if (required.length > 0) requirements[type] = Object.fromEntries(required);
      }
      return [name, { keys, requirements }];
    }),
  );
}

/** The names at the top of a field set, those inside its fragments included. */
function topNames({ selections }: SelectionSetNode): string[] {
  const names = selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? topNames(selection.selectionSet) : [];
  });
  return [...new Set(names)];
}
