import {
  isCustomScalarType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  operationFromDocument,
  type Schema,
  Supergraph,
} from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { spreadAbstractFragments } from './abstract-fragments.ts';
import { operationOf } from './fetch-nodes.ts';
import type { DocumentFault, LoadedSupergraph } from './messages.ts';
import { NoPlan } from './no-plan.ts';
import { type SeparatedSupergraph, separateRequiredArguments } from './required-arguments.ts';
import { restoreRequiredFields } from './required-fields.ts';
import { ResolvableKeys, resolvableKeysFirst } from './resolvable-keys.ts';
import { FetchSplitter } from './split-fetch.ts';
import { subgraphFacts } from './subgraph-facts.ts';
import { refuseUnenforced } from './unenforced-directives.ts';
import { failingPart } from './unplannable.ts';

/** The features of a supergraph that are carried out here; one that is for neither execution nor security (`@cost`) passes by itself. */
const FEATURES = new Set(
  ['core/v0.1', 'core/v0.2', 'inaccessible/v0.1', 'inaccessible/v0.2', 'context/v0.1', 'cost/v0.1']
    .concat(['v0.1', 'v0.2', 'v0.3', 'v0.4', 'v0.5'].map((version) => `join/${version}`))
    .concat(['v0.1', 'v0.2', 'v0.3'].map((version) => `tag/${version}`))
    .map((feature) => `https://specs.apollo.dev/${feature}`),
);

/** One supergraph, ready to validate documents and plan operations. */
export class SupergraphPlanner {
  readonly #api: Schema;
  readonly #apiSchema: GraphQLSchema;
  /** What plans are made with: the same graph, with what the query planner would get wrong told otherwise. */
  readonly #planned: SeparatedSupergraph;
  readonly #planner: QueryPlanner;
  readonly #keys: ResolvableKeys;
  readonly #splitter: FetchSplitter;
  readonly loaded: LoadedSupergraph;

  /** Throws what is wrong with the supergraph. */
  constructor(supergraphSdl: string) {
    const document = parse(supergraphSdl);
    refuseUnenforced(document);
    const supergraph = build(document);
    this.#api = supergraph.apiSchema();
    this.#apiSchema = this.#api.toGraphQLJSSchema({ includeDefer: true });
    this.#planned = separateRequiredArguments(resolvableKeysFirst(document));
    const planned = this.#planned.supergraph === document ? supergraph : rebuild(supergraph, this.#planned.supergraph);
    this.#planner = new QueryPlanner(planned, {
      incrementalDelivery: { enableDefer: true },
      // Fetches are prepared once, so a shorter text gains nothing; without names in them, like fetches are alike.
      reuseQueryFragments: false,
      // Every plan is right; of fewer, the best may be less good. Comparing the planner's ten thousand takes seconds where fields are shared.
      debug: { maxEvaluatedPlans: 1_000 },
    });
    this.loaded = {
      apiSdl: printSchema(this.#apiSchema),
      subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
      overrideLabels: overrideLabels(supergraph.schema),
      possibleTypes: possibleTypes(supergraph.schema),
      facts: subgraphFacts(this.#planned.supergraph),
      slotPrefix: slotPrefix(supergraph.schema),
      hasCustomScalars: supergraph.schema
        .scalarTypes()
        .some((type) => isCustomScalarType(type) && !/^(join|link|core|context|policy|federation)__/.test(type.name)),
    };
    this.#keys = new ResolvableKeys(document, this.loaded.possibleTypes);
    this.#splitter = new FetchSplitter(this.#planned, this.loaded.possibleTypes);
  }

  validate(document: string): DocumentFault[] {
    return validate(this.#apiSchema, parse(document)).map(({ message, locations }) => ({
      message,
      ...(locations && { locations: locations.map(({ line, column }) => ({ line, column })) }),
    }));
  }

  /** Plans the one operation of a document. Throws `NoPlan` where no subgraph's answers would make the right one. */
  plan(text: string, labels: readonly string[]): QueryPlan {
    const operation = operationOf(parse(text, { noLocation: true }));
    const overrides = new Map(this.loaded.overrideLabels.map((label) => [label, labels.includes(label)]));
    const { required } = this.#planned;
    const planned = this.#planSomehow(operation, overrides);
    const plan = required.size === 0 ? planned : restoreRequiredFields(planned, required, this.#splitter);
    this.#keys.check(plan);
    return plan;
  }

  #planSomehow(operation: OperationDefinitionNode, overrides: Overrides): QueryPlan {
    try {
      return this.#planAsItIs(operation, overrides);
    } catch (error) {
      // The planner's own limits (`MAX_RECURSIVE_SELECTIONS`, `MAX_NON_LOCAL_SELECTIONS`), which have no class of their own.
      if (/^exceeded maximum|exceeds limit/i.test(messageOf(error))) {
        throw new NoPlan(`${messageOf(error)}.`, { tooLarge: true, cause: error });
      }
    }
    const spread = spreadAbstractFragments(this.#apiSchema, operation);
    try {
      return this.#planAsItIs(spread, overrides);
    } catch (error) {
      const part = failingPart(spread, (some) => !this.#canPlan(some, overrides));
      const place = part.length > 0 ? part.join(' → ') : operation.operation;
      throw new NoPlan(`${place}: the query planner has no way to ask the subgraphs for it (${messageOf(error)}).`, {
        cause: error,
      });
    }
  }

  #canPlan(operation: OperationDefinitionNode, overrides: Overrides): boolean {
    try {
      this.#planAsItIs(operation, overrides);
      return true;
    } catch {
      // What is wrong with it was met before; here only whether it is this part.
      return false;
    }
  }

  #planAsItIs(operation: OperationDefinitionNode, overrideConditions: Overrides): QueryPlan {
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation] };
    return this.#planner.buildQueryPlan(operationFromDocument(this.#api, document), { overrideConditions });
  }
}

type Overrides = Map<string, boolean>;

function build(supergraph: DocumentNode): Supergraph {
  return Supergraph.build(supergraph, { supportedFeatures: FEATURES });
}

/** Builds what was made of a supergraph. Of that one, the subgraphs are checked; here, an external field may have lost what it was for. */
function rebuild(original: Supergraph, document: DocumentNode): Supergraph {
  original.subgraphs();
  return Supergraph.build(document, { supportedFeatures: FEATURES, validateSupergraph: false });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function overrideLabels(schema: Schema): string[] {
  const labels = new Set<string>();
  for (const type of [...schema.objectTypes(), ...schema.interfaceTypes()]) {
    for (const field of type.fields()) {
      for (const directive of field.appliedDirectivesOf('join__field')) {
        const { overrideLabel } = directive.arguments() as { overrideLabel?: string };
        if (overrideLabel !== undefined) labels.add(overrideLabel);
      }
    }
  }
  return [...labels];
}

function possibleTypes(schema: Schema): Record<string, string[]> {
  const possible: Record<string, string[]> = {};
  for (const type of schema.types()) {
    if (isUnionType(type)) possible[type.name] = type.types().map(({ name }) => name);
    // An interface object carries the name of its interface, and of the interfaces below one as well.
    if (isInterfaceType(type)) {
      const below = schema.interfaceTypes().filter((other) => other.implementsInterface(type.name));
      possible[type.name] = [...type.possibleRuntimeTypes(), type, ...below].map(({ name }) => name);
    }
    if (isObjectType(type)) possible[type.name] = [type.name];
  }
  return possible;
}

/** `_`, and further ones as long as a field of the supergraph begins like a slot (`_1_name`). */
function slotPrefix(schema: Schema): string {
  const names = [...schema.objectTypes(), ...schema.interfaceTypes()].flatMap((type) =>
    type.fields().map(({ name }) => name),
  );
  let prefix = '_';
  while (names.some((name) => name.startsWith(prefix) && /^\d+_/.test(name.slice(prefix.length)))) prefix += '_';
  return prefix;
}
