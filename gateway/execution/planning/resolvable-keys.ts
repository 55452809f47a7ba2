import type { FetchNode, QueryPlan, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type ConstDirectiveNode, type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import type { PossibleTypes } from '../fetching/targets.ts';
import { entityFields, parseOperation, replaceFetches } from './fetch-nodes.ts';
import { fieldedTypes, graphsByName, isFielded, joinTypes, parseFieldSet } from './join-directives.ts';
import { NoPlan } from './no-plan.ts';

/**
 * Puts the keys that a subgraph resolves before those that it does not. When the query planner comes back to a subgraph with what a field
 * there requires, it takes the first key of the type that can be read in it, and never looks whether the subgraph resolves that key.
 */
export function resolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  let changed = false;
  const definitions = supergraph.definitions.map((type) => {
    const { directives = [] } = type as { directives?: readonly ConstDirectiveNode[] };
    if (!isFielded(type) || !directives.some(isUnresolvableKey)) return type;
    changed = true;
    const resolvable = directives.filter((directive) => !isUnresolvableKey(directive));
    return { ...type, directives: [...resolvable, ...directives.filter(isUnresolvableKey)] };
  });
  return changed ? { ...supergraph, definitions } : supergraph;
}

function isUnresolvableKey({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  return (
    name.value === 'join__type' &&
    given.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value)
  );
}

interface Key {
  /** As the schema writes it. */
  readonly text: string;
  readonly fields: SelectionSetNode;
}

/** The keys that the subgraphs of a supergraph resolve. */
export class ResolvableKeys {
  readonly #possibleTypes: PossibleTypes;
  readonly #graphs: ReadonlyMap<string, string>;
  /** By graph and type. */
  readonly #keys = new Map<string, readonly Key[]>();

  constructor(supergraph: DocumentNode, possibleTypes: PossibleTypes) {
    this.#possibleTypes = possibleTypes;
    this.#graphs = graphsByName(supergraph);
    for (const [name, type] of fieldedTypes(supergraph)) {
      for (const { graph, key, resolvable = true } of joinTypes(type)) {
        if (key === undefined || !resolvable) continue;
        const known = this.#keys.get(`${graph} ${name}`) ?? [];
        this.#keys.set(`${graph} ${name}`, [...known, { text: key, fields: parseFieldSet(key) }]);
      }
    }
  }

  /** Throws `NoPlan` when a fetch asks for entities by what is no key that its subgraph resolves. */
  check(plan: QueryPlan): void {
    replaceFetches(plan, (fetch) => {
      this.#checkFetch(fetch);
      return fetch;
    });
  }

  #checkFetch(fetch: FetchNode): void {
    const types = (fetch.requires ?? []).flatMap(
      (node) => (node.kind === 'InlineFragment' && node.typeCondition) || [],
    );
    const found = types.filter((type) => this.#finds(fetch, type));
    for (const type of types) {
      // What is required for an interface may stand beside the keys of its types.
      if (found.includes(type) || this.#isAbove(type, found)) continue;
      const sent = this.#sentAs(fetch, type);
      const keys = this.#keysOf(fetch, sent).map(({ text }) => `"${text}"`);
      const asked = entityFields(parseOperation(fetch)).map(({ on, node }) => `${on}.${node.name.value}`);
      throw new NoPlan(
        `${asked.join(', ')}: subgraph ${fetch.serviceName} cannot be asked for ${sent} by a key that it resolves (${keys.join(' or ') || 'it has none'}).`,
      );
    }
  }

  /** True when what a fetch requires of a type holds a key by which the subgraph finds it. */
  #finds(fetch: FetchNode, type: string): boolean {
    const given = (fetch.requires ?? []).flatMap((node) => {
      if (node.kind === 'Field') return [node];
      const applies = node.typeCondition === type || this.#possibleTypes[node.typeCondition ?? type]?.includes(type);
      return applies ? fieldsOf(node.selections) : [];
    });
    return this.#keysOf(fetch, this.#sentAs(fetch, type)).some(({ fields }) => contains(given, fields));
  }

  /** The name under which an entity is sent: that of its interface to a subgraph for which the interface is an object. */
  #sentAs({ inputRewrites = [] }: FetchNode, type: string): string {
    for (const rewrite of inputRewrites) {
      const [on = '', name] = rewrite.path;
      const condition = on.slice('... on '.length);
      if (rewrite.kind !== 'ValueSetter' || name !== '__typename') continue;
      if (condition === type || this.#possibleTypes[condition]?.includes(type)) return String(rewrite.setValueTo);
    }
    return type;
  }

  #isAbove(type: string, others: readonly string[]): boolean {
    return others.some((other) => other !== type && this.#possibleTypes[type]?.includes(other));
  }

  #keysOf({ serviceName }: FetchNode, type: string): readonly Key[] {
    return this.#keys.get(`${this.#graphs.get(serviceName)} ${type}`) ?? [];
  }
}

/** The fields of selections, those of fragments among them: a key's fragments stand in what is required as they stand in the key. */
function fieldsOf(selections: readonly QueryPlanSelectionNode[]): QueryPlanFieldNode[] {
  return selections.flatMap((node) => (node.kind === 'Field' ? [node] : fieldsOf(node.selections)));
}

function contains(given: readonly QueryPlanFieldNode[], key: SelectionSetNode): boolean {
  return keyFields(key).every(({ name, selectionSet }) => {
    const same = given.filter((field) => field.name === name.value);
    if (same.length === 0) return false;
    return !selectionSet || contains(fieldsOf(same.flatMap(({ selections = [] }) => selections)), selectionSet);
  });
}

function keyFields({ selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((node): FieldNode[] => {
    if (node.kind === Kind.FIELD) return [node];
    return node.kind === Kind.INLINE_FRAGMENT ? keyFields(node.selectionSet) : [];
  });
}
