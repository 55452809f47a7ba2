import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  print,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import {
  directives,
  type FieldedType,
  fieldedTypes,
  isFielded,
  type JoinField,
  joinFields,
  parseFieldSet,
} from './join-directives.ts';

/** A field with arguments that some field requires, planned under a name of its own. */
export interface RequiredField {
  readonly name: string;
  readonly arguments: readonly ArgumentNode[];
}

export interface SeparatedSupergraph {
  readonly supergraph: DocumentNode;
  /** By the names under which they are planned, which no field of the supergraph has. */
  readonly required: ReadonlyMap<string, RequiredField>;
}

/**
 * Gives each field that is required with arguments (`@requires(fields: "comments(limit: 3) { text }")`, a selection of `@fromContext`) a
 * field of its own in the supergraph, one for each set of arguments: the query planner tells fields by their names, and of two that are
 * required with different arguments it fetches one. Only for planning: clients must not see this supergraph. The same document when
 * nothing is required with arguments; throws when what is required is not there.
 */
export function separateRequiredArguments(supergraph: DocumentNode): SeparatedSupergraph {
  const separation = new Separation(fieldedTypes(supergraph));
  const rewritten = supergraph.definitions.map((type) => (isFielded(type) ? separation.rewriteRequires(type) : type));
  const { required } = separation;
  if (required.size === 0) return { supergraph, required };
  const definitions = rewritten.map((type) => (isFielded(type) ? separation.addFields(type) : type));
  return { supergraph: { ...supergraph, definitions }, required };
}

class Separation {
  readonly required = new Map<string, RequiredField>();
  readonly #types: ReadonlyMap<string, FieldedType>;
  /** By type: the new fields, each with the one that it stands for. */
  readonly #additions = new Map<string, Map<string, string>>();
  /** By field and arguments. */
  readonly #names = new Map<string, string>();
  readonly #prefix: string;

  constructor(types: ReadonlyMap<string, FieldedType>) {
    this.#types = types;
    const names = [...types.values()].flatMap(({ fields = [] }) => fields.map(({ name }) => name.value));
    let prefix = '_r';
    while (names.some((name) => name.startsWith(prefix))) prefix += 'r';
    this.#prefix = prefix;
  }

  rewriteRequires(type: FieldedType): FieldedType {
    const fields = type.fields?.map((field) =>
      joinFields(field).some(requiresArguments) ? this.#rewriteField(type, field) : field,
    );
    return { ...type, ...(fields && { fields }) } as FieldedType;
  }

  /** The type with the new fields: each where the one that it stands for is, and as that is there. */
  addFields(type: FieldedType): FieldedType {
    const additions = this.#additions.get(type.name.value);
    if (!additions) return type;
    const fields = type.fields ?? [];
    const added = [...additions].flatMap(([slot, name]) =>
      fields
        .filter((field) => field.name.value === name)
        .map(
          ({ kind, type: fieldType, ...field }): FieldDefinitionNode => ({
            kind,
            name: { kind: Kind.NAME, value: slot },
            type: fieldType,
            directives: directives(field, 'join__field'),
          }),
        ),
    );
    return { ...type, fields: [...fields, ...added] };
  }

  #rewriteField(owner: FieldedType, field: FieldDefinitionNode): FieldDefinitionNode {
    const rewritten = (field.directives ?? []).map((directive) => {
      if (directive.name.value !== 'join__field') return directive;
      const graph = stringArgument(directive.arguments, 'graph');
      return {
        ...directive,
        arguments: directive.arguments?.map((argument) => {
          if (argument.name.value === 'requires') {
            return { ...argument, value: this.#rewriteText(argument.value, [owner.name.value], graph) };
          }
          return argument.name.value === 'contextArguments'
            ? { ...argument, value: this.#rewriteContexts(argument.value, graph) }
            : argument;
        }),
      } as ConstDirectiveNode;
    });
    return { ...field, directives: rewritten };
  }

  #rewriteContexts(value: ConstValueNode, graph: string | undefined): ConstValueNode {
    if (value.kind !== Kind.LIST) return value;
    const values = value.values.map((item) => {
      if (item.kind !== Kind.OBJECT) return item;
      const context = stringArgument(item.fields, 'context');
      const owners = [...this.#types.values()].filter((type) =>
        directives(type, 'context').some((directive) => stringArgument(directive.arguments, 'name') === context),
      );
      const names = owners.map(({ name }) => name.value);
      const fields = item.fields.map((field) =>
        field.name.value === 'selection' ? { ...field, value: this.#rewriteText(field.value, names, graph) } : field,
      );
      return { ...item, fields };
    });
    return { ...value, values };
  }

  #rewriteText(value: ConstValueNode, owners: readonly string[], graph: string | undefined): ConstValueNode {
    if (value.kind !== Kind.STRING || !value.value.includes('(')) return value;
    const selections = this.#rewriteSelections(parseFieldSet(value.value), owners, graph);
    const text = print(selections);
    return { ...value, value: value.value.trimStart().startsWith('{') ? text : text.slice(1, -1).trim() };
  }

  #rewriteSelections(set: SelectionSetNode, owners: readonly string[], graph: string | undefined): SelectionSetNode {
    const selections = set.selections.map((node) => {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const inner = node.typeCondition ? [node.typeCondition.name.value] : owners;
        return { ...node, selectionSet: this.#rewriteSelections(node.selectionSet, inner, graph) };
      }
      if (node.kind !== Kind.FIELD || node.name.value === '__typename') return node;
      const { name, arguments: given = [], selectionSet } = node;
      const types = new Set(owners.map((owner) => this.#fieldType(owner, name.value, graph)));
      const inner = selectionSet && this.#rewriteSelections(selectionSet, [...types], graph);
      return {
        ...node,
        ...(inner && { selectionSet: inner }),
        ...(given.length > 0 && {
          name: { ...name, value: this.#separate(owners, name.value, given) },
          arguments: [],
        }),
      };
    });
    return { ...set, selections };
  }

  /** The name of the new field, which is added to its owners and to all that implement them. */
  #separate(owners: readonly string[], name: string, given: readonly ArgumentNode[]): string {
    const identity = `${name}(${given.map((argument) => print(argument)).sort()})`;
    const slot = this.#names.get(identity) ?? `${this.#prefix}${this.#names.size + 1}_${name}`;
    this.#names.set(identity, slot);
    this.required.set(slot, { name, arguments: given });
    for (const owner of owners) {
      for (const [typeName, { interfaces = [] }] of this.#types) {
        if (typeName !== owner && !interfaces.some((implemented) => implemented.name.value === owner)) continue;
        const additions = this.#additions.get(typeName) ?? new Map<string, string>();
        this.#additions.set(typeName, additions.set(slot, name));
      }
    }
    return slot;
  }

  /** The type of a field as a subgraph knows it. */
  #fieldType(owner: string, name: string, graph: string | undefined): string {
    const field = this.#types.get(owner)?.fields?.find((candidate) => candidate.name.value === name);
    if (!field) throw new Error(`${owner}.${name} is required with arguments, and is not in the supergraph`);
    const there = joinFields(field).find((join) => join.graph === graph)?.type;
    return there?.replace(/[[\]!]/g, '') ?? namedType(field.type);
  }
}

function requiresArguments({ requires = '', contextArguments = [] }: JoinField): boolean {
  return requires.includes('(') || contextArguments.some(({ selection }) => selection.includes('('));
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function stringArgument(
  given: readonly { readonly name: { readonly value: string }; readonly value: ConstValueNode }[] | undefined,
  name: string,
): string | undefined {
  const value = given?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
