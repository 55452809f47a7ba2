import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { PossibleTypes } from '../fetching/targets.ts';
import { type EntityField, entityFields, operationOf, parseOperation } from './fetch-nodes.ts';
import { fieldedTypes, graphsByName, joinFields, parseFieldSet } from './join-directives.ts';
import { NoPlan } from './no-plan.ts';
import type { RequiredField, SeparatedSupergraph } from './required-arguments.ts';

/** A field of what a fetch requires. */
interface Requirement {
  /** Its names in the data, from the entity on, joined by dots. */
  readonly path: string;
  /** The same with the name under which it is sent at the end. */
  readonly sent: string;
  /** The types for which it is required, level by level; undefined for any. */
  readonly levels: readonly (ReadonlySet<string> | undefined)[];
}

/** Two fields that one representation cannot hold, since both are sent under the same name. */
type Conflict = readonly [string, string];

/**
 * Splits a fetch whose representations would have to hold one field twice, with different arguments: into fetches of which each asks for
 * the fields that can be computed from the same representation.
 */
export class FetchSplitter {
  readonly #required: ReadonlyMap<string, RequiredField>;
  readonly #possibleTypes: PossibleTypes;
  readonly #graphs: ReadonlyMap<string, string>;
  /** The paths that a field requires, by graph, type and field. */
  readonly #requires = new Map<string, ReadonlySet<string>>();

  constructor({ supergraph, required }: SeparatedSupergraph, possibleTypes: PossibleTypes) {
    this.#required = required;
    this.#possibleTypes = possibleTypes;
    this.#graphs = graphsByName(supergraph);
    for (const [type, { fields = [] }] of fieldedTypes(supergraph)) {
      for (const field of fields) {
        for (const { graph, requires } of joinFields(field)) {
          if (graph === undefined || requires === undefined) continue;
          this.#requires.set(`${graph} ${type}.${field.name.value}`, new Set(pathsOf(parseFieldSet(requires), '')));
        }
      }
    }
  }

  /** The fetch itself when it need not be split; only the last has its id. Throws `NoPlan` when that does not help. */
  split(fetch: FetchNode): FetchNode[] {
    const conflicts = this.#conflicts(fetch);
    if (conflicts.length === 0) return [fetch];
    const document = parseOperation(fetch);
    const groups = this.#group(fetch, entityFields(document), conflicts);
    const { id, ...common } = fetch;
    return groups.map(({ fields, paths }, index) => {
      const dropped = new Set(conflicts.flat().filter((path) => !paths.has(path)));
      const operation = withFields(document, fields);
      const variables = variablesOf(operation);
      return {
        ...common,
        ...(id !== undefined && index === groups.length - 1 && { id }),
        operation: print(operation),
        ...(fetch.variableUsages && { variableUsages: fetch.variableUsages.filter((name) => variables.has(name)) }),
        ...(fetch.contextRewrites && {
          contextRewrites: fetch.contextRewrites.filter(({ renameKeyTo }) => variables.has(renameKeyTo)),
        }),
        requires: this.#without(fetch.requires ?? [], dropped, ''),
      };
    });
  }

  /** Lays each field with the first group whose representations can hold what it requires as well. */
  #group(fetch: FetchNode, fields: readonly EntityField[], conflicts: readonly Conflict[]) {
    const groups: { readonly fields: Set<FieldNode>; readonly paths: Set<string>; readonly names: string[] }[] = [];
    const needed = new Set<string>();
    for (const { on, node } of fields) {
      const name = `${on}.${this.#required.get(node.name.value)?.name ?? node.name.value}`;
      const own = this.#requires.get(`${this.#graphs.get(fetch.serviceName)} ${on}.${node.name.value}`) ?? new Set();
      for (const path of own) needed.add(path);
      const fitting = groups.find(({ paths }) => !conflicts.some((conflict) => divides(conflict, own, paths)));
      const group = fitting ?? { fields: new Set(), paths: new Set(), names: [] };
      if (!fitting) groups.push(group);
      group.fields.add(node);
      group.names.push(name);
      for (const path of own) group.paths.add(path);
    }
    // A field that needs both by itself, or one of which nobody knows what it is needed for.
    const left = conflicts.find(
      (conflict) =>
        groups.some(({ paths }) => conflict.every((path) => paths.has(path))) ||
        !conflict.every((path) => needed.has(path)),
    );
    if (left) throw new NoPlan(this.#unsplittable(fetch, groups, left));
    return groups;
  }

  #unsplittable(fetch: FetchNode, groups: readonly { readonly names: readonly string[] }[], conflict: Conflict) {
    const fields = groups.flatMap(({ names }) => names).join(', ');
    const both = conflict.map((path) => this.#described(path)).join(' and ');
    return `${fields}: subgraph ${fetch.serviceName} cannot be sent ${both} at once.`;
  }

  #described(path: string): string {
    return path
      .split('.')
      .map((slot) => {
        const field = this.#required.get(slot);
        return field ? `${field.name}(${field.arguments.map((argument) => print(argument)).join(', ')})` : slot;
      })
      .join('.');
  }

  #conflicts({ requires = [] }: FetchNode): Conflict[] {
    const bySent = new Map<string, Requirement[]>();
    for (const requirement of this.#requirements(requires, '', [undefined])) {
      const same = bySent.get(requirement.sent);
      if (same) same.push(requirement);
      else bySent.set(requirement.sent, [requirement]);
    }
    return [...bySent.values()].flatMap((same) =>
      same.flatMap((one, index) =>
        same
          .slice(index + 1)
          .filter((other) => other.path !== one.path && meet(one.levels, other.levels))
          .map((other): Conflict => [one.path, other.path]),
      ),
    );
  }

  *#requirements(
    selections: readonly QueryPlanSelectionNode[],
    above: string,
    levels: Requirement['levels'],
  ): Generator<Requirement> {
    for (const node of selections) {
      if (node.kind === 'InlineFragment') {
        const outer = levels.slice(0, -1);
        yield* this.#requirements(node.selections, above, [...outer, this.#narrow(levels.at(-1), node.typeCondition)]);
        continue;
      }
      const path = `${above}${node.name}`;
      yield { path, sent: `${above}${this.#required.get(node.name)?.name ?? node.name}`, levels };
      yield* this.#requirements(node.selections ?? [], `${path}.`, [...levels, undefined]);
    }
  }

  #narrow(types: ReadonlySet<string> | undefined, condition: string | undefined): ReadonlySet<string> | undefined {
    if (condition === undefined) return types;
    const possible = new Set([condition, ...(this.#possibleTypes[condition] ?? [])]);
    return types ? types.intersection(possible) : possible;
  }

  #without(
    selections: readonly QueryPlanSelectionNode[],
    dropped: ReadonlySet<string>,
    above: string,
  ): QueryPlanSelectionNode[] {
    return selections.flatMap((node): QueryPlanSelectionNode[] => {
      if (node.kind === 'InlineFragment') {
        return [{ ...node, selections: this.#without(node.selections, dropped, above) }];
      }
      const path = `${above}${node.name}`;
      if (dropped.has(path)) return [];
      if (!node.selections) return [node];
      const inner = this.#without(node.selections, dropped, `${path}.`);
      return inner.length > 0 ? [{ ...node, selections: inner }] : [];
    });
  }
}

function divides([one, other]: Conflict, own: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return (own.has(one) && others.has(other)) || (own.has(other) && others.has(one));
}

/** True when some object is of both. */
function meet(one: Requirement['levels'], other: Requirement['levels']): boolean {
  return one.every((types, level) => {
    const others = other[level];
    return !types || !others || !types.isDisjointFrom(others);
  });
}

function pathsOf({ selections }: SelectionSetNode, above: string): string[] {
  return selections.flatMap((node): string[] => {
    if (node.kind === Kind.INLINE_FRAGMENT) return pathsOf(node.selectionSet, above);
    if (node.kind !== Kind.FIELD) return [];
    const path = `${above}${node.name.value}`;
    return [path, ...(node.selectionSet ? pathsOf(node.selectionSet, `${path}.`) : [])];
  });
}

/** The operation with these fields of its entities, and no other. */
function withFields(document: DocumentNode, fields: ReadonlySet<FieldNode>): DocumentNode {
  const keep = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) return fields.has(node) || node.name.value === '__typename' ? [node] : [];
      if (node.kind !== Kind.INLINE_FRAGMENT) return [];
      const inner = keep(node.selectionSet);
      return inner.selections.length > 0 ? [{ ...node, selectionSet: inner }] : [];
    }),
  });
  const operation = operationOf(document);
  const selections = operation.selectionSet.selections.map((entities) =>
    entities.kind === Kind.FIELD && entities.selectionSet
      ? { ...entities, selectionSet: keep(entities.selectionSet) }
      : entities,
  );
  const kept: OperationDefinitionNode = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const variables = variablesOf({ ...document, definitions: [{ ...kept, variableDefinitions: [] }] });
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  return { ...document, definitions: [{ ...kept, ...(variableDefinitions && { variableDefinitions }) }] };
}

function variablesOf(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, {
    Variable: ({ name }) => {
      names.add(name.value);
    },
  });
  return names;
}
