import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { OperationDocument } from './document.ts';

/** A field as the client asks for it. */
export interface FieldSelection {
  readonly kind: 'field';
  /** The name under which the client finds it. */
  readonly key: string;
  /** The name under which it lies in the data of the request; see `Slots`. */
  readonly slot: string;
  readonly name: string;
  readonly node: FieldNode;
  readonly selections: readonly Selection[] | undefined;
}

export interface FragmentSelection {
  readonly kind: 'fragment';
  /** The type it asks for, by name; undefined when it asks for none. */
  readonly typeCondition: string | undefined;
  readonly defer: Defer | undefined;
  readonly selections: readonly Selection[];
}

/** A fragment that may come later. */
export interface Defer {
  /** Ours, unlike any other of the operation. */
  readonly id: string;
  /** The client's. */
  readonly label: string | undefined;
}

export type Selection = FieldSelection | FragmentSelection;

/** What decides which of an operation's selections hold. */
export interface Conditions {
  /** The values of the variables that stand in `@skip`, `@include` and `@defer`. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Without it, what is deferred comes with the rest. */
  readonly defer: boolean;
}

/** The most fields and fragments of an operation when its fragments are spread out. */
const MOST_SELECTIONS = 20_000;

/**
 * Resolves an operation for one set of conditions: fragments spread out, `@skip` and `@include` decided. Throws `TOO_COMPLEX` when that
 * makes it larger than anything a client would write. The operation must be valid.
 */
export function resolveSelections(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  conditions: Conditions,
  slots: Slots,
): Selection[] {
  let count = 0;
  let defers = 0;
  const root = rootType(schema, operation);
  // A mutation's fields are done in order; none of them can come before its fragment.
  const deferring = conditions.defer && operation.operation === 'query';

  const resolve = (parent: GraphQLCompositeType, set: SelectionSetNode, spread: Set<string>): Selection[] => {
    const selections: Selection[] = [];
    for (const node of set.selections) {
      if (!holds(node.directives, conditions.variables)) continue;
      count += 1;
      if (count > MOST_SELECTIONS) {
        throw new CasegraphError('TOO_COMPLEX', `More than ${MOST_SELECTIONS} fields and fragments.`);
      }
      if (node.kind === Kind.FIELD) {
        selections.push(field(parent, node));
        continue;
      }
      const defer = deferring ? deferOf(node.directives, conditions.variables) : undefined;
      const named = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : undefined;
      // A fragment that stands here twice says nothing new the second time.
      if (named && !defer) {
        if (spread.has(named.name.value)) continue;
        spread.add(named.name.value);
      }
      const body = named ?? (node as { selectionSet: SelectionSetNode; typeCondition?: { name: { value: string } } });
      const typeCondition = body.typeCondition?.name.value;
      const inner = typeCondition === undefined ? parent : (schema.getType(typeCondition) as GraphQLCompositeType);
      // What asks for no other type stands as if there were no fragment; so a mutation's fields keep their order.
      if (inner === parent && !defer) {
        selections.push(...resolve(parent, body.selectionSet, spread));
        continue;
      }
      selections.push({
        kind: 'fragment',
        typeCondition,
        defer: defer && { id: `d${defers++}`, label: defer.label },
        // What stands above is asked of every type; what stands in here only of the fragment's own.
        selections: resolve(inner, body.selectionSet, defer ? new Set() : new Set(spread)),
      });
    }
    return selections;
  };

  const field = (parent: GraphQLCompositeType, node: FieldNode): FieldSelection => {
    const name = node.name.value;
    const key = node.alias?.value ?? name;
    const slot =
      parent === root && operation.operation === 'mutation' ? slots.effect(name, key) : slots.of(parent, node);
    return {
      kind: 'field',
      key,
      slot,
      name,
      node,
      selections: node.selectionSet && resolve(compositeTypeOf(schema, parent, name), node.selectionSet, new Set()),
    };
  };

  return resolve(root, operation.selectionSet, new Set());
}

/** The variables that decide which selections of an operation hold. */
export function conditionVariables(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const look = (set: SelectionSetNode) => {
    for (const node of set.selections) {
      for (const directive of node.directives ?? []) {
        const condition = argument(directive, 'if');
        if (isCondition(directive) && condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
      }
      if (node.kind !== Kind.FRAGMENT_SPREAD) {
        if (node.selectionSet) look(node.selectionSet);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) look(fragment.selectionSet);
      }
    }
  };
  look(operation.selectionSet);
  return [...names].sort();
}

/** True when an operation holds a `@defer`. */
export function usesDefer({ operation, fragments }: OperationDocument): boolean {
  let found = false;
  for (const node of [operation, ...fragments.values()]) {
    visit(node, {
      Directive: ({ name }) => {
        found ||= name.value === 'defer';
      },
    });
  }
  return found;
}

/**
 * Gives every field the name under which its value lies in a request's data. The name tells the field and its arguments and nothing else:
 * a field that takes no arguments keeps its own, any other has one of its own for each set of arguments. So no alias and no argument of a
 * client can meet a name that a `@key` or a `@requires` of the plan reads.
 */
export class Slots {
  readonly #schema: GraphQLSchema;
  readonly #prefix: string;
  readonly #slots = new Map<string, string>();

  constructor(schema: GraphQLSchema, prefix: string) {
    this.#schema = schema;
    this.#prefix = prefix;
  }

  of(parent: GraphQLCompositeType, node: FieldNode): string {
    const name = node.name.value;
    // What goes wrong with one of two aliases must leave the other whole, and be told under its own name.
    const apart = node.alias && !name.startsWith('__') ? ` ${node.alias.value}` : '';
    if (apart === '' && !this.#takesArguments(parent, name)) return name;
    const given = (node.arguments ?? []).map((each) => `${each.name.value}:${print(each.value)}`).sort();
    return this.#slot(name, `${name}(${given.join(' ')})${directives(node)}${apart}`);
  }

  /** A field of a mutation: each is done, however alike. */
  effect(name: string, key: string): string {
    return this.#slot(name, `${key}:`);
  }

  #slot(name: string, identity: string): string {
    const known = this.#slots.get(identity);
    if (known !== undefined) return known;
    const slot = `${this.#prefix}${this.#slots.size + 1}_${name}`;
    this.#slots.set(identity, slot);
    return slot;
  }

  /** An object may take arguments where its interface takes none, and both are one thing. */
  #takesArguments(parent: GraphQLCompositeType, name: string): boolean {
    if (name.startsWith('__')) return false;
    const types = isAbstractType(parent) ? [parent, ...this.#schema.getPossibleTypes(parent)] : [parent];
    return types.some((type) => 'getFields' in type && (type.getFields()[name]?.args.length ?? 0) > 0);
  }
}

/** The type on which an operation begins. */
export function rootType(schema: GraphQLSchema, { operation }: OperationDefinitionNode): GraphQLCompositeType {
  const type = schema.getRootType(operation);
  if (!type) throw new CasegraphError('INVALID_INPUT', `The schema has no ${operation}.`);
  return type;
}

/** The composite type of a field. */
export function compositeTypeOf(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  name: string,
): GraphQLCompositeType {
  if (name === '__schema' || name === '__type')
    return schema.getType(name === '__type' ? '__Type' : '__Schema') as never;
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  const type = field && getNamedType(field.type);
  if (!type || !isCompositeType(type)) throw new Error(`${parent.name}.${name} has no fields`);
  return type;
}

/** The directives of a field that a subgraph may be meant to see. */
export function directives(node: FieldNode): string {
  return (node.directives ?? [])
    .filter((directive) => !isCondition(directive))
    .map((directive) => ` ${print(directive)}`)
    .join('');
}

function isCondition({ name: { value } }: DirectiveNode): boolean {
  return value === 'skip' || value === 'include' || value === 'defer';
}

function holds(applied: readonly DirectiveNode[] = [], variables: Conditions['variables']): boolean {
  return applied.every((directive) => {
    if (directive.name.value === 'skip') return !condition(directive, variables);
    if (directive.name.value === 'include') return condition(directive, variables);
    return true;
  });
}

function deferOf(
  applied: readonly DirectiveNode[] = [],
  variables: Conditions['variables'],
): { label: string | undefined } | undefined {
  const directive = applied.find(({ name }) => name.value === 'defer');
  if (!directive || !condition(directive, variables)) return undefined;
  const label = argument(directive, 'label');
  return { label: label?.kind === Kind.STRING ? label.value : undefined };
}

/** The value of a directive's `if`; `@defer` may leave it out. */
function condition(directive: DirectiveNode, variables: Conditions['variables']): boolean {
  const value = argument(directive, 'if');
  if (value?.kind === Kind.BOOLEAN) return value.value;
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value] !== false;
  return true;
}

function argument(directive: DirectiveNode, name: string) {
  return directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
}
