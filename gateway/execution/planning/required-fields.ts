import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type DocumentNode, type FieldNode, Kind, print, stripIgnoredCharacters, visit } from 'graphql';
import { parseOperation, replaceFetches } from './fetch-nodes.ts';
import type { RequiredField } from './required-arguments.ts';
import type { FetchSplitter } from './split-fetch.ts';

/**
 * Turns a plan that was made with `separateRequiredArguments` into one for the subgraphs as they are. In the data such a field keeps the
 * name under which it was planned; it is fetched by its own name and arguments, and sent under its own name: there, `alias` is where a
 * value is read, and `name` under which it is written. Throws `NoPlan`.
 */
export function restoreRequiredFields(
  plan: QueryPlan,
  required: ReadonlyMap<string, RequiredField>,
  splitter: FetchSplitter,
): QueryPlan {
  return replaceFetches(plan, (fetch): PlanNode => {
    const [first, ...others] = splitter.split(fetch).map((part) => restoreFetch(part, required));
    if (!first) throw new Error('a fetch split into none');
    return others.length === 0 ? first : { kind: 'Sequence', nodes: [first, ...others] };
  });
}

function restoreFetch(fetch: FetchNode, required: ReadonlyMap<string, RequiredField>): FetchNode {
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(restoreOperation(parseOperation(fetch), required))),
    ...(fetch.requires && { requires: restoreRequires(fetch.requires, required) }),
  };
}

function restoreOperation(document: DocumentNode, required: ReadonlyMap<string, RequiredField>): DocumentNode {
  return visit(document, {
    Field(node): FieldNode | undefined {
      const field = required.get(node.name.value);
      if (!field) return undefined;
      return {
        ...node,
        alias: node.alias ?? node.name,
        name: { kind: Kind.NAME, value: field.name },
        // Those that the planner added hold values from a context.
        arguments: [...field.arguments, ...(node.arguments ?? [])],
      };
    },
  });
}

function restoreRequires(
  requires: readonly QueryPlanSelectionNode[],
  required: ReadonlyMap<string, RequiredField>,
): QueryPlanSelectionNode[] {
  return requires.map((node) => {
    const selections = node.selections && { selections: restoreRequires(node.selections, required) };
    if (node.kind === 'InlineFragment') return { ...node, ...selections };
    const field = required.get(node.name);
    return { ...node, ...(field && { alias: node.alias ?? node.name, name: field.name }), ...selections };
  }) as QueryPlanSelectionNode[];
}
