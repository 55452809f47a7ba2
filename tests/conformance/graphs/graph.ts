import { composeServices } from '@apollo/composition';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  parse,
  printSchema,
} from 'graphql';
import { type RecordsOf, referenceResolvers } from './reference.ts';

// biome-ignore lint/suspicious/noExplicitAny: a resolver's source and arguments are whatever the graph's own data and SDL say.
export type Resolver = GraphQLFieldResolver<any, unknown, any>;
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>;

/** The graph's data, freshly made, and what its fields mean. A field without a resolver is the record's property. */
export interface OpenedData {
  /** The records of a type that is an entity somewhere; each carries `__typename`. */
  readonly recordsOf: RecordsOf;
  /** What fields mean: in the plain schema, and in every subgraph that has them, unless `inSubgraph` says otherwise. */
  readonly resolvers: Resolvers;
  /** What differs in a subgraph: a field with `@requires` computes from what it is sent. */
  readonly inSubgraph?: Readonly<Record<string, Resolvers>>;
  /** Puts the data back to how it began. */
  reset?(): void;
}

/** Subgraphs over one set of data. */
export interface GraphDefinition {
  readonly name: string;
  /** SDL by subgraph. */
  readonly subgraphs: Readonly<Record<string, string>>;
  open(): OpenedData;
  /** Argument values that lead somewhere, by argument name or by scalar. */
  readonly samples?: Readonly<Record<string, readonly unknown[]>>;
}

/** A graph twice over the same data: federated, and as one plain schema. */
export interface Graph {
  readonly supergraphSdl: string;
  readonly subgraphs: ReadonlyMap<string, GraphQLSchema>;
  /** graphql-js over the API schema. */
  readonly plain: GraphQLSchema;
  /** Puts the data of both back to how it began. */
  reset(): void;
}

/** Composes a graph and opens its data, once for the subgraphs and once for the plain schema. Throws when it does not compose. */
export function openGraph(definition: GraphDefinition): Graph {
  const federated = definition.open();
  const alone = definition.open();
  const supergraphSdl = compose(definition);
  return {
    supergraphSdl,
    subgraphs: new Map(
      Object.entries(definition.subgraphs).map(([name, sdl]) => [name, subgraphSchema(name, sdl, federated)]),
    ),
    plain: plainSchema(supergraphSdl, alone.resolvers),
    reset() {
      federated.reset?.();
      alone.reset?.();
    },
  };
}

export function compose({ name, subgraphs }: Pick<GraphDefinition, 'name' | 'subgraphs'>): string {
  const result = composeServices(
    Object.entries(subgraphs).map(([subgraph, sdl]) => ({
      name: subgraph,
      url: `memory://${subgraph}`,
      typeDefs: parse(sdl),
    })),
  );
  if (result.errors) throw new Error(`graph ${name}: ${result.errors.map((error) => error.message).join('\n')}`);
  return result.supergraphSdl;
}

/** The API schema as graphql-js builds it from its SDL. */
export function apiSchema(supergraphSdl: string): GraphQLSchema {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  return buildSchema(printSchema(supergraph.apiSchema().toGraphQLJSSchema()));
}

function plainSchema(supergraphSdl: string, resolvers: Resolvers): GraphQLSchema {
  const schema = apiSchema(supergraphSdl);
  attach(schema, resolvers);
  return schema;
}

function subgraphSchema(name: string, sdl: string, data: OpenedData): GraphQLSchema {
  const schema = buildSubgraphSchema([
    { typeDefs: parse(sdl), resolvers: referenceResolvers(name, sdl, data.recordsOf) },
  ]);
  attach(schema, data.inSubgraph?.[name] ?? {});
  attach(schema, data.resolvers);
  return schema;
}

/** Gives every field of an object type the resolver that is named for it or for its interface; the first call that knows one has it. */
function attach(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolver = resolverOf(type, field.name, resolvers);
      if (resolver) field.resolve ??= resolver;
    }
  }
}

function resolverOf(type: GraphQLObjectType, field: string, resolvers: Resolvers): Resolver | undefined {
  return [type, ...type.getInterfaces()].map(({ name }) => resolvers[name]?.[field]).find((resolver) => resolver);
}
