import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';
import { operationOf, parseOperation } from '../planning/fetch-nodes.ts';
import type { SubgraphFacts } from '../planning/subgraph-facts.ts';
import type { PossibleTypes } from './targets.ts';

/** A field at the top of a fetch. */
export interface TopField {
  /** Where its value lies in the data. */
  readonly slot: string;
  /** The type for which it is fetched; undefined for a root. */
  readonly on: string | undefined;
  /** Its name in the answer. */
  readonly responseName: string;
  /** The slots that must be sent along for it (`@requires`). */
  readonly requires: readonly string[];
  /** The variables that stand in it. */
  readonly variables: readonly string[];
}

/** The fields that a fetch brings to each of its objects. */
export function topFields(
  node: FetchNode,
  { facts, possibleTypes }: { facts: SubgraphFacts; possibleTypes: PossibleTypes },
): TopField[] {
  const renamed = new Map(
    node.outputRewrites?.flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1), rewrite.renameKeyTo]] : [],
    ),
  );
  const requirement = (on: string | undefined, name: string): readonly string[] => {
    if (on === undefined) return [];
    const own = facts.requirements[on]?.[name];
    if (own) return own;
    const types = (possibleTypes[on] ?? []).filter((type) => type !== on);
    return [...new Set(types.flatMap((type) => facts.requirements[type]?.[name] ?? []))];
  };
  const fields: TopField[] = [];
  const look = (set: SelectionSetNode | undefined, on: string | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const responseName = (selection.alias ?? selection.name).value;
        if (responseName === '__typename') continue;
        const slot = renamed.get(responseName) ?? responseName;
        fields.push({
          slot,
          on,
          responseName,
          requires: requirement(on, selection.name.value),
          variables: variablesIn(selection),
        });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        look(selection.selectionSet, selection.typeCondition?.name.value ?? on);
      }
    }
  };
  look(topSelections(node), undefined);
  return fields;
}

function variablesIn(field: FieldNode): string[] {
  return [...print(field).matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
}

/** A fetch for entities without some of its fields, and without what was required for them; undefined when nothing is left. */
export function withoutFields(node: FetchNode, fields: readonly TopField[], required?: string): FetchNode | undefined {
  const dropped = new Set(fields.map(({ responseName }) => responseName));
  const prune = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD)
        return dropped.has((selection.alias ?? selection.name).value) ? [] : [selection];
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
      const selectionSet = prune(selection.selectionSet);
      return brings(selectionSet) ? [{ ...selection, selectionSet }] : [];
    }),
  });
  const definition = operationOf(parseOperation(node));
  const entities = entitiesOf(definition);
  const selectionSet = prune(entities.selectionSet as SelectionSetNode);
  if (!brings(selectionSet)) return undefined;
  const rest = {
    ...definition,
    selectionSet: { ...definition.selectionSet, selections: [{ ...entities, selectionSet }] },
  };
  const { used, ...operation } = onlyUsedVariables(rest);
  return {
    ...node,
    operation: stripIgnoredCharacters(print(operation as OperationDefinitionNode)),
    variableUsages: (node.variableUsages ?? []).filter((name) => used.has(name)),
    requires: required === undefined ? (node.requires ?? []) : withoutRequired(node.requires ?? [], required),
    ...(node.contextRewrites && {
      contextRewrites: node.contextRewrites.filter(({ renameKeyTo }) => used.has(renameKeyTo)),
    }),
  };
}

function brings({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) => selection.kind !== Kind.FIELD || selection.name.value !== '__typename');
}

function withoutRequired(selections: readonly QueryPlanSelectionNode[], slot: string): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field') return (selection.alias ?? selection.name) === slot ? [] : [selection];
    return [{ ...selection, selections: withoutRequired(selection.selections, slot) }];
  });
}

/** A subgraph refuses an operation that declares a variable which it does not use. */
function onlyUsedVariables(operation: OperationDefinitionNode) {
  const body = print(operation.selectionSet);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) =>
    new RegExp(`\\$${name.value}\\b`).test(body),
  );
  return {
    ...operation,
    variableDefinitions,
    used: new Set(variableDefinitions.map(({ variable }) => variable.name.value)),
  };
}

function topSelections(node: FetchNode): SelectionSetNode | undefined {
  const definition = operationOf(parseOperation(node));
  return node.requires ? entitiesOf(definition).selectionSet : definition.selectionSet;
}

function entitiesOf({ selectionSet }: OperationDefinitionNode): FieldNode {
  const [entities] = selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) throw new Error('a fetch for entities that does not begin with them');
  return entities;
}
