import type { PlanNode, QueryPlan } from '@apollo/query-planner';

/**
 * True for a plan by which an answer can come in parts. It cannot where a value is taken from a context, since that may come only later than
 * the plan says and then all of the plan is run once more; nor where a part waits for a fetch that the query planner has left out.
 */
export function canComeInParts({ node }: QueryPlan): boolean {
  if (node?.kind === 'Subscription') return false;
  const seen = { fetches: new Set<string>(), awaited: new Set<string>(), takesContexts: false };
  if (node) look(node, seen);
  return !seen.takesContexts && seen.awaited.isSubsetOf(seen.fetches);
}

interface Seen {
  readonly fetches: Set<string>;
  readonly awaited: Set<string>;
  takesContexts: boolean;
}

function look(node: PlanNode, seen: Seen): void {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      for (const inner of node.nodes) look(inner, seen);
      break;
    case 'Flatten':
      look(node.node, seen);
      break;
    case 'Condition':
      if (node.ifClause) look(node.ifClause, seen);
      if (node.elseClause) look(node.elseClause, seen);
      break;
    case 'Defer':
      if (node.primary.node) look(node.primary.node, seen);
      for (const { depends, node: inner } of node.deferred) {
        for (const { id } of depends) seen.awaited.add(id);
        if (inner) look(inner, seen);
      }
      break;
    case 'Fetch':
      if (node.id !== undefined) seen.fetches.add(node.id);
      if (node.contextRewrites) seen.takesContexts = true;
  }
}
