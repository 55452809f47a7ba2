import {
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { compositeTypeOf, rootType } from '../operation/selection.ts';

/**
 * The same operation with each fragment on an interface or a union written out as fragments on the object types that it can meet where it
 * stands, and without those that can meet none. The query planner has no way for some of them: another interface below an interface
 * object. The operation must be valid and have no named fragments.
 */
export function spreadAbstractFragments(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): OperationDefinitionNode {
  const spreadSet = (parent: GraphQLCompositeType, set: SelectionSetNode): SelectionSetNode => {
    const selections = set.selections.flatMap((node) => spread(parent, node));
    return selectionSet(selections.length > 0 ? selections : [TYPENAME]);
  };

  const spread = (parent: GraphQLCompositeType, node: SelectionNode): readonly SelectionNode[] => {
    if (node.kind === Kind.FIELD) {
      if (!node.selectionSet) return [node];
      return [
        { ...node, selectionSet: spreadSet(compositeTypeOf(schema, parent, node.name.value), node.selectionSet) },
      ];
    }
    if (node.kind === Kind.FRAGMENT_SPREAD) throw new Error(`fragment ${node.name.value} was not spread`);
    const on = node.typeCondition ? (schema.getType(node.typeCondition.name.value) as GraphQLCompositeType) : parent;
    if (on === parent) return [{ ...node, selectionSet: spreadSet(on, node.selectionSet) }];
    const fragments = objectTypes(schema, parent)
      .filter((type) => type === on || (isAbstractType(on) && schema.isSubType(on, type)))
      .map((type) => fragmentOn(type, spreadSet(type, node.selectionSet)));
    if (fragments.length === 0 || !node.directives?.length) return fragments;
    // What is said of the fragment is said once, of all of them.
    const { typeCondition: _, ...around } = node;
    return [{ ...around, selectionSet: selectionSet(fragments) }];
  };

  return { ...operation, selectionSet: spreadSet(rootType(schema, operation), operation.selectionSet) };
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function selectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

function fragmentOn({ name }: GraphQLObjectType, set: SelectionSetNode): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
    selectionSet: set,
  };
}

function objectTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isObjectType(type) ? [type] : schema.getPossibleTypes(type);
}
