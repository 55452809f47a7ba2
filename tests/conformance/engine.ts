import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';

/** A GraphQL request as a client sends it. */
export interface Request {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer as a client reads it: what JSON carried. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** Something that serves a supergraph. */
export interface Engine {
  /** Answers a request; never rejects for what the request holds or a subgraph answers. */
  ask(request: Request): Promise<Answer>;
  close(): Promise<void>;
}

/** Serves a supergraph over subgraphs in this process. Rejects when the supergraph cannot be served. */
export type OpenEngine = (supergraphSdl: string, subgraphs: ReadonlyMap<string, GraphQLSchema>) => Promise<Engine>;
