import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  ValuesOfCorrectTypeRule,
  validate,
  visit,
} from 'graphql';
import { InvalidIdentifier } from '../adapters/identifiers/invalid-identifier.ts';
import { CasegraphError } from '../adapters/transport/errors.ts';

/** An operation as a subgraph is asked: by the gateway's plan or by an HTTP client of the subgraph alone. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

/** Told of every error that is a fault of ours, with its cause; the client sees `INTERNAL`. */
export type FaultReporter = (error: Error, place: string) => void;

/** Documents kept parsed. The gateway's plans repeat themselves, so a few hundred cover what front ends send. */
const DOCUMENTS = 1_000;

/** Runs operations on one subgraph's schema. Documents are parsed and their literals checked once. */
export class SubgraphExecutor {
  readonly #schema: GraphQLSchema;
  readonly #report: FaultReporter;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema, report: FaultReporter) {
    this.#schema = schema;
    this.#report = report;
  }

  async run(request: SubgraphRequest, contextValue: object): Promise<ExecutionResult> {
    try {
      const document = this.#document(request.query);
      const operation = getOperationAST(document, request.operationName);
      if (!operation) throw new CasegraphError('INVALID_INPUT', 'The operation to run is not in the document.');
      this.#checkVariables(operation, request.variables ?? {});
      const result = await execute({
        schema: this.#schema,
        document,
        contextValue,
        variableValues: request.variables,
        operationName: request.operationName,
      });
      return result.errors ? { ...result, errors: result.errors.map((error) => this.#presentable(error)) } : result;
    } catch (error) {
      const wrapped =
        error instanceof GraphQLError
          ? error
          : new GraphQLError((error as Error).message, { originalError: error as Error });
      return { errors: [this.#presentable(wrapped)] };
    }
  }

  #document(query: string): DocumentNode {
    const known = this.#documents.get(query);
    if (known) return known;
    const document = parse(query);
    const [error] = validate(this.#schema, document, [ValuesOfCorrectTypeRule]);
    if (error) throw invalidLiteral(document, error);
    if (this.#documents.size >= DOCUMENTS) this.#documents.delete(this.#documents.keys().next().value as string);
    this.#documents.set(query, document);
    return document;
  }

  #checkVariables(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): void {
    const { errors } = getVariableValues(
      this.#schema,
      operation.variableDefinitions ?? [],
      { ...variables },
      { maxErrors: 1 },
    );
    const [error] = errors ?? [];
    if (!error) return;
    const name = /^Variable "\$(\w+)"(?:.*? at "([^"]+)")?/s.exec(error.message);
    const field = name?.[2] ?? name?.[1] ?? 'variables';
    throw new CasegraphError('INVALID_INPUT', `${field}: ${reason(error)}`, { field });
  }

  /** What may be shown of an error. Refusals of the shared table stay; everything else is a fault of ours, reported and masked. */
  #presentable(error: GraphQLError): GraphQLError {
    const original = error.originalError ?? undefined;
    const shown = (cause: CasegraphError) =>
      new GraphQLError(cause.message, { path: error.path ?? null, extensions: cause.extensions });
    if (original instanceof CasegraphError) return shown(original);
    if (original instanceof InvalidIdentifier)
      return shown(new CasegraphError('INVALID_INPUT', `${original.message}.`));
    this.#report(original ?? error, error.path?.join('.') ?? '');
    return shown(new CasegraphError('INTERNAL'));
  }
}

/** A literal that its scalar refused, told by the argument it stands in and without the value. */
function invalidLiteral(document: DocumentNode, error: GraphQLError): CasegraphError {
  const [refused] = error.nodes ?? [];
  let field = 'argument';
  visit(document, {
    Argument(argument) {
      visit(argument.value, {
        enter(node) {
          if (node === refused) field = argument.name.value;
        },
      });
    },
  });
  return new CasegraphError('INVALID_INPUT', `${field}: ${reason(error)}`, { field });
}

/** Why a value was refused. graphql-js puts the value itself into its messages; only texts known to be free of it are passed on. */
function reason(error: GraphQLError): string {
  for (let cause: Error | undefined = error; cause; cause = originalOf(cause)) {
    if (cause instanceof InvalidIdentifier || cause.name === 'InvalidScalar') return `${cause.message}.`;
  }
  const expected =
    /(Expected (?:value of )?(?:non-nullable )?type "[^"]+")|(was not provided)|(is not defined by type "[^"]+")/.exec(
      error.message,
    );
  return expected ? `${expected[0]}.` : 'The value is not of the expected type.';
}

function originalOf(error: Error): Error | undefined {
  return error instanceof GraphQLError ? (error.originalError ?? undefined) : undefined;
}
