import { type GraphQLFormattedError, Kind, parse } from 'graphql';
import type { CasegraphError } from '../../adapters/transport/errors.ts';
import type { RequestScope } from './request-scope.ts';

/** What a plan asks of a subgraph. */
export interface SubgraphFetch {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export interface SubgraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Where a subgraph is asked: inside this process or over HTTP. Never rejects: a failure is an answer with errors. */
export interface SubgraphSource {
  fetch(request: SubgraphFetch, scope: RequestScope): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}

/** The answer for a fetch that failed as a whole: an error for each entity asked for, or for each field at the root. */
export function failedFetch(error: CasegraphError, request: SubgraphFetch): SubgraphAnswer {
  const { message, extensions } = error;
  const { representations } = request.variables;
  if (Array.isArray(representations)) {
    return {
      data: { _entities: representations.map(() => null) },
      errors: representations.map((_, index) => ({ message, extensions, path: ['_entities', index] })),
    };
  }
  return { data: null, errors: rootKeys(request.query).map((key) => ({ message, extensions, path: [key] })) };
}

/** The response names of an operation's fields at the root. A plan's fetch has no fragments there. */
function rootKeys(query: string): string[] {
  return parse(query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === Kind.FIELD ? [(selection.alias ?? selection.name).value] : [],
        )
      : [],
  );
}
