import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  Kind,
  parse,
  print,
  type ValueNode,
  visit,
} from 'graphql';
import type { Request } from '../engine.ts';
import type { Random } from '../operations/random.ts';

/** The variable that decides on some of them. */
const VARIABLE = 'deferring';

/** Defers some fragments of a request, and puts some of its fields into deferred fragments of their own. */
export function withDefers(request: Request, random: Random): Request {
  let labels = 0;
  let usesVariable = false;
  const value = random.chance(0.8);
  const parsed = parse(request.query, { noLocation: true });
  // Every operation of a document has to use the variables that it defines.
  const alone = parsed.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;

  const defer = (): DirectiveNode => {
    const given: ArgumentNode[] = [];
    if (random.chance(0.5)) {
      labels += 1;
      given.push(argument('label', { kind: Kind.STRING, value: `part${labels}` }));
    }
    const condition = random.next();
    if (condition < 0.2) given.push(argument('if', { kind: Kind.BOOLEAN, value: random.chance(0.5) }));
    else if (condition < 0.4 && alone) {
      usesVariable = true;
      given.push(argument('if', { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: VARIABLE } }));
    }
    return { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'defer' }, arguments: given };
  };
  const some = <Node extends { readonly directives?: readonly DirectiveNode[] }>(node: Node): Node =>
    random.chance(0.5) ? { ...node, directives: random.shuffle([...(node.directives ?? []), defer()]) } : node;

  const document = visit(parsed, {
    InlineFragment: { leave: some },
    FragmentSpread: { leave: some },
    Field: {
      leave: (node: FieldNode) =>
        random.chance(0.15)
          ? {
              kind: Kind.INLINE_FRAGMENT,
              directives: [defer()],
              selectionSet: { kind: Kind.SELECTION_SET, selections: [node] },
            }
          : node,
    },
  });
  const declared = !usesVariable
    ? document
    : visit(document, {
        OperationDefinition: (node) => ({
          ...node,
          variableDefinitions: [
            ...(node.variableDefinitions ?? []),
            {
              kind: Kind.VARIABLE_DEFINITION,
              variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: VARIABLE } },
              type: {
                kind: Kind.NON_NULL_TYPE,
                type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'Boolean' } },
              },
            },
          ],
        }),
      });
  return {
    ...request,
    query: print(declared),
    variables: { ...request.variables, ...(usesVariable ? { [VARIABLE]: value } : {}) },
  };
}

function argument(name: string, value: ValueNode & ArgumentNode['value']): ArgumentNode {
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value };
}
