import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

/** A type with fields. */
export type FieldedType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** That a subgraph has a type; once for each of its keys. */
export interface JoinType {
  /** As the supergraph's own directives call the subgraph. */
  readonly graph: string;
  readonly key?: string;
  readonly resolvable?: boolean;
}

/** What a subgraph does about a field. */
export interface JoinField {
  readonly graph?: string;
  readonly requires?: string;
  /** The field's type there, where it is another. */
  readonly type?: string;
  readonly contextArguments?: readonly { readonly context: string; readonly selection: string }[];
}

/** The types with fields of a supergraph, by name. */
export function fieldedTypes({ definitions }: DocumentNode): Map<string, FieldedType> {
  return new Map(definitions.filter(isFielded).map((type) => [type.name.value, type]));
}

export function isFielded(node: { readonly kind: string }): node is FieldedType {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

export function joinTypes(type: FieldedType): JoinType[] {
  return directives(type, 'join__type').map((directive) => directiveArguments(directive) as unknown as JoinType);
}

export function joinFields(field: FieldDefinitionNode): JoinField[] {
  return directives(field, 'join__field').map(directiveArguments);
}

/** The subgraphs of a supergraph: how its directives call each, by its name. */
export function graphsByName({ definitions }: DocumentNode): Map<string, string> {
  const graphs = definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = (graphs?.kind === Kind.ENUM_TYPE_DEFINITION && graphs.values) || [];
  return new Map(
    values.flatMap((value) =>
      directives(value, 'join__graph').map((directive) => [
        String(directiveArguments(directive).name),
        value.name.value,
      ]),
    ),
  );
}

/** The selections of a `join__FieldSet`; it may stand in braces. */
export function parseFieldSet(text: string): SelectionSetNode {
  const [definition] = parse(text.trimStart().startsWith('{') ? text : `{${text}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`"${text}" is no set of fields`);
  return definition.selectionSet;
}

export function directives(node: { readonly directives?: readonly ConstDirectiveNode[] }, name: string) {
  return (node.directives ?? []).filter((directive) => directive.name.value === name);
}

function directiveArguments(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}
