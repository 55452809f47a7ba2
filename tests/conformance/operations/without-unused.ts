import { type ASTNode, type DocumentNode, getOperationAST, Kind, visit } from 'graphql';

/** The chosen operation with the fragments and variables it uses; undefined when nothing is left of it. */
export function withoutUnused(document: DocumentNode, operationName: string | undefined): DocumentNode | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const variables = new Set<string>();
  const used = new Set<string>();
  const walk = (root: ASTNode) =>
    visit(root, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.add(name.value);
        walk(fragment);
      },
    });
  walk(operation);
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
          variables.has(variable.name.value),
        ),
      },
      ...[...used].flatMap((name) => fragments.get(name) ?? []),
    ],
  };
}
