import {
  type ASTNode,
  coerceInputValue,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  typeFromAST,
  type ValueNode,
  ValuesOfCorrectTypeRule,
  validate,
  visit,
} from 'graphql';
import { InvalidIdentifier } from '../adapters/identifiers/invalid-identifier.ts';
import { CasegraphError } from '../adapters/transport/errors.ts';
import { identifierRefusal, invalidInput, type Refusal } from './invalid-input.ts';
import { InvalidScalar } from './scalars.ts';

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

/**
 * What else is checked, for a client that asks a subgraph run apart; no message of these repeats a value. A plan may fetch fields of one
 * name and several types in one list of entities, so that their merging is not asked after.
 */
const OTHER_RULES = specifiedRules.filter(
  (rule) => rule !== ValuesOfCorrectTypeRule && rule !== OverlappingFieldsCanBeMergedRule,
);

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
    const document = parsed(query);
    const [error] = validate(this.#schema, document, [ValuesOfCorrectTypeRule]);
    if (error) throw invalidLiteral(document, error);
    const [fault] = validate(this.#schema, document, OTHER_RULES);
    if (fault) throw new CasegraphError('INVALID_INPUT', fault.message);
    if (this.#documents.size >= DOCUMENTS) this.#documents.delete(this.#documents.keys().next().value as string);
    this.#documents.set(query, document);
    return document;
  }

  /** graphql-js would check them too, but its messages repeat the values and tell the place in words only. */
  #checkVariables(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): void {
    for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
      const name = variable.name.value;
      const value = variables[name];
      const expected = typeFromAST(this.#schema, type);
      if (!isInputType(expected)) {
        throw invalidInput(name, { en: 'The type is not one of input.', zh: '该类型不能用于输入。' });
      }
      if (value !== undefined) {
        coerceInputValue(value, expected, (path, _refused, error) => {
          throw invalidInput([name, ...path].join('.'), refusalOf(error));
        });
      } else if (isNonNullType(expected) && !defaultValue) {
        throw invalidInput(name, { en: 'was not provided.', zh: '未提供。' });
      }
    }
  }

  /** What may be shown of an error. Refusals of the shared table stay; everything else is a fault of ours, reported and masked. */
  #presentable(error: GraphQLError): GraphQLError {
    const original = error.originalError ?? undefined;
    const shown = (cause: CasegraphError) =>
      new GraphQLError(cause.message, { path: error.path ?? null, extensions: cause.extensions });
    if (original instanceof CasegraphError) return shown(original);
    if (original instanceof InvalidIdentifier) {
      const { en, zh } = identifierRefusal(original);
      return shown(new CasegraphError('INVALID_INPUT', en, { detailZh: `${original.identifier}：${zh}` }));
    }
    this.#report(original ?? error, error.path?.join('.') ?? '');
    return shown(new CasegraphError('INTERNAL'));
  }
}

/** Throws `INVALID_INPUT` with the place: graphql-js's own words repeat what stands there, which may be personal data. */
function parsed(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [{ line, column } = { line: 0, column: 0 }] = error.locations ?? [];
    throw new CasegraphError('INVALID_INPUT', `The document cannot be read: line ${line}, column ${column}.`);
  }
}

/** A literal that its type refused, told by its place in the argument and without the value. */
function invalidLiteral(document: DocumentNode, error: GraphQLError): CasegraphError {
  const [refused] = error.nodes ?? [];
  let field: string | undefined;
  const look = (name: string, value: ValueNode | undefined) => {
    if (value) field ??= placeOf(refused, value, name);
  };
  visit(document, {
    Argument: (node) => look(node.name.value, node.value),
    VariableDefinition: (node) => look(node.variable.name.value, node.defaultValue),
  });
  return invalidInput(field ?? 'argument', refusalOf(error));
}

/** Where a node stands in a value that is called `place`: `filter.division`; undefined when it does not. */
function placeOf(wanted: ASTNode | undefined, value: ValueNode, place: string): string | undefined {
  if (value === wanted) return place;
  if (value.kind === Kind.LIST)
    return firstOf(value.values.map((item, index) => placeOf(wanted, item, `${place}.${index}`)));
  if (value.kind !== Kind.OBJECT) return undefined;
  return firstOf(
    value.fields.map((member) => {
      const inner = `${place}.${member.name.value}`;
      return member === wanted ? inner : placeOf(wanted, member.value, inner);
    }),
  );
}

function firstOf(places: readonly (string | undefined)[]): string | undefined {
  return places.find((place) => place !== undefined);
}

/** Why a value was refused. graphql-js puts the value itself into its messages; only texts known to be free of it are passed on. */
function refusalOf(error: GraphQLError): Refusal {
  for (let cause: Error | undefined = error; cause; cause = originalOf(cause)) {
    if (cause instanceof InvalidIdentifier) return identifierRefusal(cause);
    if (cause instanceof InvalidScalar) return { en: `${cause.message}.`, zh: `${cause.reasonZh}。` };
  }
  for (const [words, chinese] of GRAPHQL_REFUSALS) {
    const told = words.exec(error.message);
    if (told) return { en: `${told[0]}.`, zh: `${chinese(told[1] ?? '')}。` };
  }
  return { en: 'The value is not of the expected type.', zh: '值的类型不符。' };
}

/** What graphql-js says without the value, and how it is said in Chinese; the one group is a type's name. */
const GRAPHQL_REFUSALS: readonly (readonly [RegExp, (type: string) => string])[] = [
  [/Expected (?:value of )?(?:non-nullable )?type "([^"]+)"/, (type) => `应为${type}类型`],
  [/was not provided/, () => '未提供'],
  [/is not defined by type "([^"]+)"/, (type) => `${type}类型没有该字段`],
];

function originalOf(error: Error): Error | undefined {
  return error instanceof GraphQLError ? (error.originalError ?? undefined) : undefined;
}
