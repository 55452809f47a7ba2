import { type DocumentNode, type ExecutionResult, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import { CasegraphError } from '../adapters/transport/errors.ts';
import type { Generation } from './supergraph/generation.ts';
import type { RequestScope } from './supergraph/request-scope.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** A GraphQL request as it was read from HTTP. */
export interface GraphQLRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** What became of a request. `started` is false when it was refused before any field was executed. */
export interface Outcome {
  readonly started: boolean;
  readonly result: ExecutionResult;
}

export interface PipelineOptions {
  readonly supergraph: Supergraph;
  readonly maxTokens: number;
  readonly requestDeadlineMs: number;
}

/** Documents kept validated for each generation. */
const DOCUMENTS = 1_000;

/** A request's life: parse → validate → execute. Reading and writing HTTP is the front's affair. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #documents = new WeakMap<Generation, Map<string, DocumentNode>>();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /**
   * Runs a request to its end: with whatever there is at the deadline, or until `left` is aborted because nobody waits any more.
   * `readOnly` refuses mutations. Never rejects for what the request holds.
   */
  run(request: GraphQLRequest, requestId: string, left: AbortSignal, readOnly: boolean): Promise<Outcome> {
    return this.#options.supergraph.use(async (generation) => {
      try {
        const document = this.#validated(generation, request.query);
        const operation = getOperationAST(document, request.operationName);
        if (!operation)
          throw new CasegraphError('INVALID_INPUT', noOperation(request.operationName), { field: 'operationName' });
        if (readOnly && operation.operation !== 'query') throw new NotReadOnly();
        return { started: true, result: await this.#execute(generation, document, request, requestId, left) };
      } catch (error) {
        return { started: false, result: { errors: refusals(error) } };
      }
    });
  }

  #validated(generation: Generation, query: string): DocumentNode {
    const documents = this.#documents.get(generation) ?? new Map<string, DocumentNode>();
    this.#documents.set(generation, documents);
    const known = documents.get(query);
    if (known) return known;
    const document = parse(query, { maxTokens: this.#options.maxTokens });
    const errors = validate(generation.schema, document);
    if (errors.length > 0) throw new AggregateError(errors);
    if (documents.size >= DOCUMENTS) documents.delete(documents.keys().next().value as string);
    documents.set(query, document);
    return document;
  }

  async #execute(
    generation: Generation,
    document: DocumentNode,
    { query, operationName, variables = {} }: GraphQLRequest,
    requestId: string,
    left: AbortSignal,
  ): Promise<ExecutionResult> {
    const deadline = new AbortController();
    const { requestDeadlineMs } = this.#options;
    const timer = setTimeout(
      () => deadline.abort(new DOMException('request deadline', 'TimeoutError')),
      requestDeadlineMs,
    );
    const leave = () => deadline.abort(left.reason);
    left.addEventListener('abort', leave, { once: true });
    if (left.aborted) leave();
    const scope: RequestScope = {
      requestId,
      signal: deadline.signal,
      deadlineAt: Date.now() + requestDeadlineMs,
      contexts: new Map(),
    };
    try {
      const result = await generation.execute({ query, document, operationName, variables }, scope);
      return result.errors
        ? { ...result, errors: result.errors.map((error) => withRequestId(error, requestId)) }
        : result;
    } finally {
      clearTimeout(timer);
      left.removeEventListener('abort', leave);
    }
  }
}

/** A mutation sent by GET. */
export class NotReadOnly extends Error {
  override readonly name = 'NotReadOnly';
}

function noOperation(name: string | undefined): string {
  return name === undefined
    ? 'The document holds several operations, or none: give operationName.'
    : `The document has no operation named ${name}.`;
}

/** The errors of a request that was refused before execution. Anything unexpected is let go. */
function refusals(error: unknown): GraphQLError[] {
  if (error instanceof AggregateError) return (error.errors as GraphQLError[]).map(asInvalidInput);
  if (error instanceof GraphQLError) return [asInvalidInput(error)];
  if (error instanceof CasegraphError) return [new GraphQLError(error.message, { extensions: error.extensions })];
  throw error;
}

function asInvalidInput(error: GraphQLError): GraphQLError {
  const { nodes = null, source = null, positions = null } = error;
  return new GraphQLError(error.message, { nodes, source, positions, extensions: { code: 'INVALID_INPUT' } });
}

function withRequestId(error: GraphQLError, requestId: string): GraphQLError {
  const { message, nodes = null, path = null } = error;
  const { serviceName: _, ...extensions } = error.extensions;
  return new GraphQLError(message, { nodes, path, extensions: { code: 'INTERNAL', ...extensions, requestId } });
}
