import type { QueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { RequestScope } from '../supergraph/request-scope.ts';
import { type CompiledPlan, compilePlan, type PlanOptions } from './fetching/plan.ts';
import { Run } from './fetching/run.ts';
import type { OperationDocument } from './operation/document.ts';
import { type Introspect, introspection } from './operation/introspection.ts';
import { rootType, type Selection } from './operation/selection.ts';
import type { JsonWriter } from './response/json-writer.ts';
import { Projection, type ResponseError } from './response/projection.ts';
import { Projector } from './response/projector.ts';

const DATA = Buffer.from('{"data":');
const CLOSE = 0x7d;

export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly document: OperationDocument;
  /** Resolved for the conditions that this is compiled for. */
  readonly selections: readonly Selection[];
  /** Undefined when nobody needs to be asked. */
  readonly plan: QueryPlan | undefined;
  readonly planOptions: PlanOptions;
}

/** What came of one run, as the body of an answer. */
export interface Answer {
  readonly body: Buffer;
  readonly errors: readonly ResponseError[];
}

/** An operation compiled for one set of conditions: its fetches, and what writes its answer. */
export class CompiledOperation {
  readonly #plan: CompiledPlan;
  readonly #projector: Projector;
  readonly #introspect: Introspect;

  constructor({ schema, document, selections, plan, planOptions }: OperationParts) {
    const node = plan?.node;
    if (node?.kind === 'Subscription') throw new Error('a subscription has no plan that ends');
    this.#plan = compilePlan(node, planOptions);
    this.#projector = new Projector(schema, rootType(schema, document.operation), selections);
    this.#introspect = introspection(schema, document, selections);
  }

  async run(scope: RequestScope, variables: Readonly<Record<string, unknown>>, writer: JsonWriter): Promise<Answer> {
    const run = new Run(scope, variables);
    await this.#plan.step(run);
    const projection = new Projection(writer, run.failures, this.#introspect(variables));
    writer.begin();
    writer.bytes(DATA);
    this.#projector.write(run.data, projection);
    const errors = [...projection.found(), ...untold(run)].map((error) => presented(error, scope.requestId));
    if (errors.length > 0) writer.raw(`,"errors":${JSON.stringify(errors)}`);
    writer.byte(CLOSE);
    return { body: writer.take(), errors };
  }
}

/** Failures of values that the client did not select and that nothing it selected depends on. */
function untold({ failures }: Run): ResponseError[] {
  return failures === undefined ? [] : failures.untold().map(({ message, extensions }) => ({ message, extensions }));
}

/** What is shown of an error: never what a subgraph tells of its own inside. */
function presented({ message, path, extensions }: ResponseError, requestId: string): ResponseError {
  const { serviceName: _name, stacktrace: _trace, exception: _exception, ...shown } = extensions;
  return { message, ...(path && { path }), extensions: { code: 'INTERNAL', ...shown, requestId } };
}
