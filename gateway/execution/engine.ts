import { createHash } from 'node:crypto';
import type { QueryPlan } from '@apollo/query-planner';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { CasegraphError, type ErrorCode } from '../../adapters/transport/errors.ts';
import type { RequestScope } from '../supergraph/request-scope.ts';
import type { SubgraphSource } from '../supergraph/source.ts';
import { type Answer, CompiledOperation } from './compiled-operation.ts';
import { DocumentRefused, type OperationDocument, parseDocument, pickOperation } from './operation/document.ts';
import { isolatedOperation } from './operation/isolated.ts';
import { type Conditions, conditionVariables, resolveSelections, Slots, usesDefer } from './operation/selection.ts';
import { type CoerceVariables, variableCoercion } from './operation/variables.ts';
import { OperationCache } from './operation-cache.ts';
import { canComeInParts } from './planning/in-parts.ts';
import type { LoadedSupergraph } from './planning/messages.ts';
import type { Planner } from './planning/planner.ts';
import { JsonWriter } from './response/json-writer.ts';

/** Tells where a subgraph of the supergraph is asked. */
export type SourceOf = (name: string, url: string) => SubgraphSource;

export interface EngineOptions {
  readonly planner: Planner;
  readonly sourceOf: SourceOf;
  readonly settings: EngineSettings;
}

export interface EngineSettings {
  /** Most tokens in a document. */
  readonly maxTokens: number;
  /** Bytes that compiled operations may take. */
  readonly cacheBytes: number;
  /** Labels of `@override` that hold; `percent(N)` holds for so many of a hundred requests. */
  readonly overrideLabels: readonly string[];
}

export interface EngineRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** An operation of a document, valid in one supergraph, with what was compiled of it so far. */
export interface PreparedOperation {
  readonly key: string;
  readonly request: Pick<EngineRequest, 'query' | 'operationName'>;
  readonly document: OperationDocument;
  readonly coerce: CoerceVariables;
  /** The variables that decide which selections hold. */
  readonly conditions: readonly string[];
  /** True when something of it may come later. */
  readonly defers: boolean;
  /** By the values of those variables. */
  readonly variants: Map<string, Variant>;
}

/** An operation compiled for the conditions under which it was asked for. */
interface Variant {
  readonly conditions: Conditions;
  readonly labels: readonly string[];
  compiled: Promise<CompiledOperation> | CompiledOperation;
  /** For one that was refused: until when that stands, by the process's own clock. */
  refusedUntil?: number;
}

/** So long an operation that could not be planned is refused without another try. */
const REFUSED_MS = 30_000;
/** With what the planner refuses an operation. */
const CANNOT_BE_PLANNED: readonly ErrorCode[] = ['INVALID_INPUT', 'TOO_COMPLEX'];
/** The most variants that one operation is kept in. */
const MOST_VARIANTS = 64;
/** Rough weights of what is kept, in bytes for each character of a document and of a plan. */
const WEIGHT = { document: 12, plan: 6 };

/**
 * One supergraph in service, never changed: a request runs on the engine it began with, a reload makes another. Operations are compiled once
 * and run many times.
 */
export class Engine {
  /** Short hash of the supergraph's text. */
  readonly id: string;
  /** What clients may ask. */
  readonly schema: GraphQLSchema;
  readonly #options: EngineOptions;
  /** What the planner calls it. */
  readonly #generation: string;
  readonly #loaded: LoadedSupergraph;
  readonly #sources: ReadonlyMap<string, SubgraphSource>;
  readonly #operations: OperationCache<PreparedOperation>;
  readonly #writer = new JsonWriter();

  private constructor(id: string, generation: string, loaded: LoadedSupergraph, options: EngineOptions) {
    this.id = id;
    this.#generation = generation;
    this.schema = buildASTSchema(parse(loaded.apiSdl, { noLocation: true }), { assumeValid: true });
    this.#loaded = loaded;
    this.#options = options;
    this.#sources = new Map(loaded.subgraphs.map(({ name, url }) => [name, options.sourceOf(name, url)]));
    this.#operations = new OperationCache(options.settings.cacheBytes);
  }

  /** Throws when the text is no supergraph, uses a feature that is not carried out here, or names a subgraph that nobody serves. */
  static async build(supergraphSdl: string, options: EngineOptions): Promise<Engine> {
    const id = createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 12);
    const { generation, loaded } = await options.planner.load(supergraphSdl);
    try {
      return new Engine(id, generation, loaded, options);
    } catch (error) {
      await options.planner.release(generation);
      throw error;
    }
  }

  /**
   * Finds the operation that a request is for, valid and ready. Rejects with `DocumentRefused`, or with a `CasegraphError` when the
   * operation or a variable is not as it must be.
   */
  async prepare({ query, operationName }: EngineRequest): Promise<PreparedOperation> {
    // No name holds the separator.
    const key = `${operationName ?? ''}\0${query}`;
    return this.#operations.get(
      key,
      () => this.#prepare(key, query, operationName),
      () => query.length * WEIGHT.document,
    );
  }

  /**
   * Runs an operation. What is deferred comes later when `defer` says that the client can take that; otherwise with the rest. Rejects with a
   * `CasegraphError` when a variable is not as it must be, or the operation is too large.
   */
  async run(
    operation: PreparedOperation,
    given: Readonly<Record<string, unknown>>,
    scope: RequestScope,
    defer: boolean,
  ): Promise<Answer> {
    const variables = operation.coerce(given);
    const compiled = await this.#variant(operation, variables, defer && operation.defers, this.#overrideLabels());
    return compiled.run(scope, variables, this.#writer);
  }

  /** Compiles the operations that another engine ran most often, as far as they are valid here, until the time is up. */
  async warmUp(from: Engine, count: number, budgetMs: number): Promise<number> {
    const until = performance.now() + budgetMs;
    let warmed = 0;
    for (const { value } of from.#operations.mostUsed(count)) {
      if (performance.now() > until) break;
      try {
        const { request, variants } = await value;
        const operation = await this.prepare(request);
        for (const { conditions, labels, refusedUntil } of variants.values()) {
          if (refusedUntil !== undefined) continue;
          await this.#variant(operation, conditions.variables, conditions.defer, labels);
        }
        warmed += 1;
      } catch (error) {
        // An operation that the new supergraph refuses is refused when it comes.
        if (!(error instanceof DocumentRefused || error instanceof CasegraphError)) throw error;
      }
    }
    return warmed;
  }

  /** Where its subgraphs are asked. */
  get sources(): Iterable<SubgraphSource> {
    return this.#sources.values();
  }

  /** Gives up what this supergraph holds in the planner. */
  stop(): Promise<void> {
    return this.#options.planner.release(this.#generation);
  }

  async #prepare(key: string, query: string, operationName: string | undefined): Promise<PreparedOperation> {
    const parsed = parseDocument(query, this.#options.settings.maxTokens);
    const faults = await this.#options.planner.validate(this.#generation, query);
    if (faults.length > 0) throw new DocumentRefused(faults);
    const document = pickOperation(parsed, operationName);
    const { operation, fragments } = document;
    if (operation.operation === 'subscription') {
      throw new CasegraphError('INVALID_INPUT', 'Subscriptions are not served.');
    }
    return {
      key,
      request: { query, operationName },
      document,
      coerce: variableCoercion(this.schema, operation.variableDefinitions),
      conditions: conditionVariables(operation, fragments),
      defers: usesDefer(document),
      variants: new Map(),
    };
  }

  #variant(
    operation: PreparedOperation,
    given: Readonly<Record<string, unknown>>,
    defer: boolean,
    labels: readonly string[],
  ): Promise<CompiledOperation> | CompiledOperation {
    const { variants } = operation;
    const key =
      operation.conditions.length === 0 && labels.length === 0 && !defer
        ? ''
        : variantKey(operation, given, defer, labels);
    const known = variants.get(key);
    if (known && (known.refusedUntil ?? Infinity) > performance.now()) return known.compiled;
    if (variants.size >= MOST_VARIANTS && !known) variants.delete(variants.keys().next().value as string);
    // Those that decide, and no other: a variant is kept, and what a client gave is not.
    const variables = Object.fromEntries(operation.conditions.map((name) => [name, given[name]]));
    const conditions = { variables, defer };
    const compiling = this.#compile(operation, conditions, labels);
    const variant: Variant = { conditions, labels, compiled: compiling };
    variants.set(key, variant);
    compiling.then(
      (compiled) => {
        variant.compiled = compiled;
      },
      (error: unknown) => {
        // What cannot be planned is not tried again for every request that asks for it.
        if (error instanceof CasegraphError) variant.refusedUntil = performance.now() + REFUSED_MS;
        else variants.delete(key);
      },
    );
    return compiling;
  }

  async #compile(
    prepared: PreparedOperation,
    conditions: Conditions,
    labels: readonly string[],
  ): Promise<CompiledOperation> {
    const { key, document } = prepared;
    const { operation, fragments } = document;
    const slots = new Slots(this.schema, this.#loaded.slotPrefix);
    const selections = resolveSelections(this.schema, operation, fragments, conditions, slots);
    const text = isolatedOperation(operation, selections);
    const plan = text === undefined ? undefined : await this.#plan(text, labels, conditions.defer);
    if (plan === 'whole') return this.#compile(prepared, { ...conditions, defer: false }, labels);
    this.#operations.add(key, JSON.stringify(plan ?? '').length * WEIGHT.plan);
    return new CompiledOperation({
      schema: this.schema,
      document,
      selections,
      plan,
      planOptions: {
        possibleTypes: this.#loaded.possibleTypes,
        longNumbers: this.#loaded.hasCustomScalars,
        facts: this.#loaded.facts,
        sourceOf: (name) => {
          const source = this.#sources.get(name);
          if (!source) throw new Error(`no subgraph ${name}`);
          return source;
        },
      },
    });
  }

  /** Plans an operation; `whole` for one that can be answered, but not in parts. */
  async #plan(text: string, labels: readonly string[], inParts: boolean): Promise<QueryPlan | 'whole'> {
    const { planner } = this.#options;
    if (!inParts) return planner.plan(this.#generation, text, labels);
    try {
      const plan = await planner.tryPlan(this.#generation, text, labels);
      return canComeInParts(plan) ? plan : 'whole';
    } catch (error) {
      // The query planner has no plan in parts for some operations that it can plan otherwise.
      if (error instanceof CasegraphError && CANNOT_BE_PLANNED.includes(error.code)) return 'whole';
      throw error;
    }
  }

  /** The labels that hold for one request: those that are set, and each `percent(N)` by its chance. */
  #overrideLabels(): readonly string[] {
    if (this.#loaded.overrideLabels.length === 0) return [];
    return this.#loaded.overrideLabels.filter((label) => {
      const percent = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1];
      return percent === undefined
        ? this.#options.settings.overrideLabels.includes(label)
        : Math.random() * 100 < Number(percent);
    });
  }
}

/** What tells one variant of an operation from another. Throws `INVALID_INPUT` for a condition that is neither true nor false. */
function variantKey(
  { conditions }: PreparedOperation,
  given: Readonly<Record<string, unknown>>,
  defer: boolean,
  labels: readonly string[],
): string {
  const values = conditions.map((name) => {
    if (typeof given[name] === 'boolean') return given[name];
    throw new CasegraphError('INVALID_INPUT', `${name}: Expected a value of type "Boolean".`, { field: name });
  });
  return JSON.stringify([values, defer, labels]);
}
