import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Request } from './engine.ts';
import { withoutUnused } from './operations/without-unused.ts';

/**
 * Tells why `@apollo/query-planner` has no plan for a request, if it throws. It is asked as kindly as an engine can: conditions are decided
 * and every field has a name of its own before.
 */
export function plannerRefusal(supergraphSdl: string): (request: Request) => string | undefined {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  const api = supergraph.apiSchema();
  const schema = api.toGraphQLJSSchema();
  const planner = new QueryPlanner(supergraph);
  return ({ query, operationName, variables = {} }) => {
    const decided = decide(parse(query), operationName, variables, schema);
    if (!decided) return undefined;
    try {
      planner.buildQueryPlan(operationFromDocument(api, ownNames(decided, schema)));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
}

/** The chosen operation without what `@skip` and `@include` leave out; undefined when its variables are not as they must be. */
function decide(
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
  schema: GraphQLSchema,
): DocumentNode | undefined {
  const chosen = withoutUnused(document, operationName);
  const operation = getOperationAST(document, operationName);
  if (!chosen) return undefined;
  const { coerced } = getVariableValues(schema, operation?.variableDefinitions ?? [], variables);
  if (!coerced) return undefined;
  const leftOut = (node: { readonly directives?: readonly DirectiveNode[] }) =>
    getDirectiveValues(GraphQLSkipDirective, node, coerced)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, coerced)?.if === false;
  const isOwn = (node: FieldNode) => node.name.value === '__schema' || node.name.value === '__type';
  const decided = visit(chosen, {
    Field: (node) => (leftOut(node) || isOwn(node) ? null : undefined),
    InlineFragment: (node) => (leftOut(node) ? null : undefined),
    FragmentSpread: (node) => (leftOut(node) ? null : undefined),
    Directive: ({ name }) => (name.value === 'skip' || name.value === 'include' ? null : undefined),
    SelectionSet: { leave: filled },
  });
  return withoutUnused(decided, operationName);
}

function filled(node: SelectionSetNode): SelectionSetNode | undefined {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return node.selections.length === 0 ? { ...node, selections: [typename] } : undefined;
}

function ownNames(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const types = new TypeInfo(schema);
  const numbers = new Map<string, number>();
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType()?.name;
        const key = `${parent}.${node.name.value} ${(node.arguments ?? []).map((argument) => print(argument))}`;
        const number = numbers.get(key) ?? numbers.size;
        numbers.set(key, number);
        return { ...node, alias: { kind: Kind.NAME, value: `own${number}` } };
      },
    }),
  );
}
