import type { QueryPlan } from '@apollo/query-planner';
import type { GraphQLCompositeType, GraphQLSchema } from 'graphql';
import type { RequestScope } from '../supergraph/request-scope.ts';
import { type CompiledPlan, compilePlan, type PlanOptions } from './fetching/plan.ts';
import { Run } from './fetching/run.ts';
import { type Batch, DeferredProjectors, Delivery, type Pending } from './incremental/delivery.ts';
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

/** What came of one run. */
export type Answer = WholeAnswer | PartedAnswer;

/** Everything at once, as the body of an answer. */
export interface WholeAnswer {
  readonly kind: 'whole';
  readonly body: Buffer;
  readonly errors: readonly ResponseError[];
}

/** What is there now, and what is still to come. */
export interface PartedAnswer {
  readonly kind: 'parted';
  /** JSON. */
  readonly data: string;
  readonly errors: readonly ResponseError[];
  readonly pending: readonly Pending[];
  readonly later: AsyncGenerator<Batch>;
}

/** An operation compiled for one set of conditions: its fetches, and what writes its answer. */
export class CompiledOperation {
  readonly #plan: CompiledPlan;
  readonly #root: GraphQLCompositeType;
  readonly #selections: readonly Selection[];
  readonly #projector: Projector;
  readonly #introspect: Introspect;
  /** Undefined when nothing is deferred. */
  readonly #deferred: DeferredProjectors | undefined;

  constructor({ schema, document, selections, plan, planOptions }: OperationParts) {
    const node = plan?.node;
    if (node?.kind === 'Subscription') throw new Error('a subscription has no plan that ends');
    this.#plan = compilePlan(node, planOptions);
    this.#root = rootType(schema, document.operation);
    this.#selections = selections;
    this.#projector = new Projector(schema, this.#root, selections);
    this.#introspect = introspection(schema, document, selections);
    this.#deferred = hasDeferred(selections) ? new DeferredProjectors(schema) : undefined;
  }

  /** Runs it to its end, or to where the rest comes later. */
  async run(scope: RequestScope, variables: Readonly<Record<string, unknown>>, writer: JsonWriter): Promise<Answer> {
    const run = new Run(scope, variables);
    if (this.#deferred) return this.#runInParts(run, this.#deferred, writer);
    await this.#gather(run);
    const projection = new Projection(writer, run.failures, this.#introspect(variables));
    writer.begin();
    writer.bytes(DATA);
    this.#projector.write(run.data, projection);
    const errors = [...projection.found(), ...untold(run)].map((error) => presented(error, scope.requestId));
    if (errors.length > 0) writer.raw(`,"errors":${JSON.stringify(errors)}`);
    writer.byte(CLOSE);
    return { kind: 'whole', body: writer.take(), errors };
  }

  async #gather(run: Run): Promise<void> {
    await this.#plan.step(run);
    if (!run.early) return;
    run.again = true;
    await this.#plan.step(run);
  }

  async #runInParts(run: Run, projectors: DeferredProjectors, writer: JsonWriter): Promise<PartedAnswer> {
    const { requestId } = run.scope;
    const introspection = this.#introspect(run.variables);
    const delivery = new Delivery({ run, parts: this.#plan.deferred, projectors, writer, introspection });
    await this.#gather(run);
    const projection = new Projection(writer, run.failures, introspection);
    writer.begin();
    this.#projector.write(run.data, projection);
    const data = writer.take().toString('utf8');
    const pending = delivery.find(this.#selections, this.#root, JSON.parse(data));
    return {
      kind: 'parted',
      data,
      errors: projection.found().map((error) => presented(error, requestId)),
      pending,
      later: presentedBatches(delivery.batches(), requestId),
    };
  }
}

async function* presentedBatches(batches: AsyncGenerator<Batch>, requestId: string): AsyncGenerator<Batch> {
  const shown = (error: ResponseError) => presented(error, requestId);
  for await (const { pending, delivered, errors, hasNext } of batches) {
    yield {
      pending,
      delivered: delivered.map((one) => ({ ...one, errors: one.errors.map(shown) })),
      errors: errors.map(shown),
      hasNext,
    };
  }
}

function hasDeferred(selections: readonly Selection[]): boolean {
  return selections.some(
    (selection) =>
      (selection.kind === 'fragment' && selection.defer !== undefined) || hasDeferred(selection.selections ?? []),
  );
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
