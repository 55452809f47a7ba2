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
import { type GraphQLSchema, parse, printSchema, validate } from 'graphql';
import type { DocumentFault, LoadedSupergraph } from './messages.ts';

/**
 * The features of a supergraph that are carried out here. Whoever accepts a directive must enforce it, so `@authenticated`,
 * `@requiresScopes`, `@policy` and `@connect` are refused until they are; what a supergraph marks as neither execution nor security
 * (`@cost`, `@composeDirective`'s own) passes.
 */
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
  readonly #planner: QueryPlanner;
  readonly loaded: LoadedSupergraph;

  /** Throws what is wrong with the supergraph. */
  constructor(supergraphSdl: string) {
    const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: FEATURES });
    this.#api = supergraph.apiSchema();
    this.#apiSchema = this.#api.toGraphQLJSSchema({ includeDefer: true });
    this.#planner = new QueryPlanner(supergraph, {
      incrementalDelivery: { enableDefer: true },
      // Fetches are prepared once, so a shorter text gains nothing; without names in them, like fetches are alike.
      reuseQueryFragments: false,
    });
    this.loaded = {
      apiSdl: printSchema(this.#apiSchema),
      subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
      overrideLabels: overrideLabels(supergraph.schema),
      possibleTypes: possibleTypes(supergraph.schema),
      slotPrefix: slotPrefix(supergraph.schema),
      hasCustomScalars: supergraph.schema
        .scalarTypes()
        .some((type) => isCustomScalarType(type) && !/^(join|link|core|context|policy|federation)__/.test(type.name)),
    };
  }

  validate(document: string): DocumentFault[] {
    return validate(this.#apiSchema, parse(document)).map(({ message, locations }) => ({
      message,
      ...(locations && { locations: locations.map(({ line, column }) => ({ line, column })) }),
    }));
  }

  /** Plans the one operation of a document. */
  plan(operation: string, labels: readonly string[]): QueryPlan {
    const conditions = new Map(this.loaded.overrideLabels.map((label) => [label, labels.includes(label)]));
    return this.#planner.buildQueryPlan(operationFromDocument(this.#api, parse(operation)), {
      overrideConditions: conditions,
    });
  }
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
