import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** A plan with other nodes in the place of its fetches. */
export function replaceFetches(plan: QueryPlan, replacement: (fetch: FetchNode) => PlanNode): QueryPlan {
  const replace = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map(replace) };
      case 'Flatten':
        return { ...node, node: replace(node.node) };
      case 'Condition':
        return {
          ...node,
          ...(node.ifClause && { ifClause: replace(node.ifClause) }),
          ...(node.elseClause && { elseClause: replace(node.elseClause) }),
        };
      case 'Defer':
        return {
          ...node,
          primary: { ...node.primary, ...(node.primary.node && { node: replace(node.primary.node) }) },
          deferred: node.deferred.map((part) => ({ ...part, ...(part.node && { node: replace(part.node) }) })),
        };
      case 'Fetch':
        return replacement(node);
    }
  };
  if (!plan.node) return plan;
  if (plan.node.kind === 'Subscription') throw new Error('subscriptions are not planned');
  return { ...plan, node: replace(plan.node) };
}

export interface EntityField {
  /** The type for which it is fetched. */
  readonly on: string;
  readonly node: FieldNode;
}

/** The one operation of a fetch. */
export function operationOf(document: DocumentNode): OperationDefinitionNode {
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a fetch without an operation');
  return operation;
}

export function parseOperation({ operation }: FetchNode): DocumentNode {
  return parse(operation, { noLocation: true });
}

/** What a fetch for entities asks of each, at its top. */
export function entityFields(document: DocumentNode): EntityField[] {
  const [entities] = operationOf(document).selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) throw new Error('a fetch for entities that does not begin with them');
  const fields: EntityField[] = [];
  const look = (set: SelectionSetNode | undefined, on: string) => {
    for (const node of set?.selections ?? []) {
      if (node.kind === Kind.INLINE_FRAGMENT) look(node.selectionSet, node.typeCondition?.name.value ?? on);
      else if (node.kind === Kind.FIELD && node.name.value !== '__typename') fields.push({ on, node });
    }
  };
  look(entities.selectionSet, '');
  return fields;
}
