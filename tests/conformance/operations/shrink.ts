import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql';
import type { Request } from '../engine.ts';
import { withoutUnused } from './without-unused.ts';

/** How many smaller requests are tried. */
const ATTEMPTS = 400;

/** The smallest request found, by leaving out one thing after the other, for which `fails` still holds. */
export async function shrink(
  request: Request,
  schema: GraphQLSchema,
  fails: (smaller: Request) => Promise<boolean>,
): Promise<Request> {
  let smallest = request;
  let attempts = ATTEMPTS;
  for (let progress = true; progress && attempts > 0; ) {
    progress = false;
    for (const candidate of smaller(smallest, schema)) {
      attempts -= 1;
      if (attempts === 0) break;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

function* smaller(request: Request, schema: GraphQLSchema): Generator<Request> {
  const document = parse(request.query);
  const count = leaveOut(document, -1).seen;
  for (let index = 0; index < count; index += 1) {
    const tidy = withoutUnused(leaveOut(document, index).document, request.operationName);
    if (!tidy || hasEmptySelection(tidy) || validate(schema, tidy).length > 0) continue;
    const query = print(tidy);
    if (query.length >= print(document).length) continue;
    const defined = new Set(
      getOperationAST(tidy, request.operationName)?.variableDefinitions?.map(({ variable }) => variable.name.value),
    );
    const variables = Object.entries(request.variables ?? {}).filter(([name]) => defined.has(name));
    yield { ...request, query, variables: Object.fromEntries(variables) };
  }
}

/** Leaves out the thing at `index`: a selection, a directive, an argument, an alias; a fragment spread gives way to its fields. */
function leaveOut(document: DocumentNode, index: number): { document: DocumentNode; seen: number } {
  let seen = 0;
  const turn = () => seen++ === index;
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const edited = visit(document, {
    enter(node: ASTNode) {
      if (node.kind === Kind.FIELD) {
        if (turn()) return null;
        if (node.alias && turn()) {
          const { alias: _, ...plain } = node;
          return plain as FieldNode;
        }
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (turn()) return null;
        const fragment = fragments.get(node.name.value);
        if (fragment && turn())
          return {
            kind: Kind.INLINE_FRAGMENT,
            typeCondition: fragment.typeCondition,
            directives: node.directives,
            selectionSet: fragment.selectionSet,
          };
      }
      if (node.kind === Kind.INLINE_FRAGMENT && turn()) return null;
      if (node.kind === Kind.DIRECTIVE && turn()) return null;
      if (node.kind === Kind.ARGUMENT && turn()) return null;
      if (node.kind === Kind.SELECTION_SET) {
        const flattened = node.selections.findIndex((one) => one.kind === Kind.INLINE_FRAGMENT && turn());
        if (flattened >= 0) return flatten(node, flattened);
      }
      return undefined;
    },
  });
  return { document: edited, seen };
}

function hasEmptySelection(document: DocumentNode): boolean {
  let empty = false;
  visit(document, {
    SelectionSet(node) {
      empty ||= node.selections.length === 0;
    },
  });
  return empty;
}

function flatten(node: SelectionSetNode, index: number): SelectionSetNode {
  return {
    ...node,
    selections: node.selections.flatMap((one, at) =>
      at === index && one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet.selections : [one],
    ),
  };
}
