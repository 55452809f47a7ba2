import type { GraphQLFormattedError } from 'graphql';
import type { RequestScope } from './request-scope.ts';

/** What a plan asks of a subgraph. */
export interface SubgraphFetch {
  /** The operation, the same object for every request that runs it. */
  readonly operation: SubgraphOperation;
  /** Coerced, those that the operation uses. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The entities asked for, each as JSON text; undefined where the operation begins at the root. */
  readonly representations: readonly string[] | undefined;
}

/** An operation on a subgraph, prepared once. */
export interface SubgraphOperation {
  readonly query: string;
  /** The same as a JSON text. */
  readonly queryJson: string;
  /** True when its answer may hold numbers that a double cannot: some leaf is of a custom scalar. */
  readonly longNumbers: boolean;
  /** `write` for a mutation: it is done once, whoever waits for it. */
  readonly mode: 'read' | 'write';
}

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/**
 * Where a subgraph is asked: inside this process or over HTTP. Rejects with a `CasegraphError` when there is no answer; what the
 * subgraph itself reports stands in the answer.
 */
export interface SubgraphSource {
  readonly name: string;
  fetch(request: SubgraphFetch, scope: RequestScope): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}
