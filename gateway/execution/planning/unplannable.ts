import { Kind, type OperationDefinitionNode, type SelectionNode } from 'graphql';

/** How many parts of an operation are tried, at most, to find the one that cannot be planned. */
const MOST_TRIES = 100;

/**
 * Finds the innermost part of an operation that `fails` by itself: the names of its fields and the types of its fragments from the root
 * on. Empty when each part goes well alone.
 */
export function failingPart(
  operation: OperationDefinitionNode,
  fails: (part: OperationDefinitionNode) => boolean,
): string[] {
  let tries = 0;
  const path: string[] = [];
  let around = (selection: SelectionNode): OperationDefinitionNode => ({
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
  });
  let inner = operation.selectionSet.selections;
  while (tries < MOST_TRIES) {
    const failing = inner.find((selection) => {
      tries += 1;
      return tries <= MOST_TRIES && fails(around(selection));
    });
    if (!failing) break;
    path.push(nameOf(failing));
    if (failing.kind === Kind.FRAGMENT_SPREAD || !failing.selectionSet) break;
    const outer = around;
    around = (selection) =>
      outer({ ...failing, selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] } } as SelectionNode);
    inner = failing.selectionSet.selections;
  }
  return path;
}

function nameOf(selection: SelectionNode): string {
  if (selection.kind !== Kind.INLINE_FRAGMENT) return selection.name.value;
  return selection.typeCondition ? `... on ${selection.typeCondition.name.value}` : '...';
}
