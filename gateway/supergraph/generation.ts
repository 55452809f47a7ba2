import { createHash } from 'node:crypto';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { RequestScope } from './request-scope.ts';
import type { SubgraphSource } from './source.ts';

/** An operation that has been validated against the generation's schema. */
export interface PreparedOperation {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * One supergraph in service, never changed: a request keeps the generation it began with, a reload makes another.
 */
export interface Generation {
  /** Short hash of the supergraph's text. */
  readonly id: string;
  /** The API schema: what clients may ask. */
  readonly schema: GraphQLSchema;
  execute(operation: PreparedOperation, scope: RequestScope): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

/** Tells where a subgraph of the supergraph is asked. */
export type SourceOf = (name: string, url: string) => SubgraphSource;

export interface GenerationLog {
  error(message: string): void;
  warn(message: string): void;
  debug(message: string): void;
}

/** Builds a generation from a supergraph. Throws when the text is no supergraph, or names a subgraph that nobody serves. */
export async function buildGeneration(
  supergraphSdl: string,
  sourceOf: SourceOf,
  log: GenerationLog,
): Promise<Generation> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => dataSource(sourceOf(name, url ?? '')),
    logger: { debug: log.debug, info: log.debug, warn: log.warn, error: log.error },
  });
  const { schema, executor } = await gateway.load();
  type RequestContext = Parameters<typeof executor>[0];
  return {
    id: createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 12),
    schema,
    execute: (operation, scope) =>
      executor({
        request: { query: operation.query, operationName: operation.operationName, variables: operation.variables },
        document: operation.document,
        operationName: operation.operationName ?? null,
        operation: undefined,
        queryHash: createHash('sha256').update(operation.query).digest('hex'),
        source: operation.query,
        context: scope,
        metrics: {},
        logger: log,
        schema,
      } as unknown as RequestContext) as Promise<ExecutionResult>,
    stop: () => gateway.stop(),
  };
}

function dataSource(source: SubgraphSource): GraphQLDataSource<RequestScope> {
  return {
    async process({ request, context }) {
      const { query = '', variables = {}, operationName } = request;
      const answer = await source.fetch(
        { query, variables, ...(operationName && { operationName }) },
        context as RequestScope,
      );
      return answer as Awaited<ReturnType<GraphQLDataSource<RequestScope>['process']>>;
    },
  };
}
