import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type GraphQLArgument,
  type GraphQLFieldResolver,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql';
import { SCALARS } from './scalars.ts';

/** A field's resolver; contexts and parents are a subgraph's own affair. */
// biome-ignore lint/suspicious/noExplicitAny: parents and arguments are typed where each resolver is written
export type Resolver = GraphQLFieldResolver<any, any, any>;

/** Resolvers by type and field; an enum's members by their internal values. */
export type Resolvers = Readonly<
  Record<string, Readonly<Record<string, Resolver | string | GraphQLTypeResolver<unknown, unknown>>>>
>;

/** Builds a subgraph's schema from its SDL file in `schema/` and its resolvers. Scalars are ours and come by their names. */
export function subgraphSchema(name: string, resolvers: Resolvers): GraphQLSchema {
  const typeDefs = parse(readFileSync(new URL(`../schema/${name}.graphql`, import.meta.url), 'utf8'));
  const declared = typeDefs.definitions.flatMap((node) =>
    node.kind === 'ScalarTypeDefinition' ? [node.name.value] : [],
  );
  const scalars = Object.fromEntries(
    declared.map((scalar): [string, GraphQLScalarType] => {
      const type = SCALARS[scalar];
      if (type === undefined) throw new Error(`schema/${name}.graphql: scalar ${scalar} has no implementation`);
      return [scalar, type];
    }),
  );
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: { ...resolvers, ...scalars } as never }]);
  useInternalDefaults(schema);
  for (const [scalar, type] of Object.entries(scalars)) {
    const built = schema.getType(scalar);
    if (!isScalarType(built) || built.serialize !== type.serialize)
      throw new Error(`scalar ${scalar} was not taken over`);
  }
  return schema;
}

/** Defaults in SDL were read before the enums got their internal values: a default would be the enum's outer name. */
function useInternalDefaults(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    for (const input of inputsOf(type)) {
      const named = getNamedType(input.type);
      if (isEnumType(named) && typeof input.defaultValue === 'string') {
        input.defaultValue = named.getValue(input.defaultValue)?.value;
      }
    }
  }
}

/** The places of a type that may have a default: arguments of its fields, or fields of an input. */
function inputsOf(type: GraphQLNamedType): readonly (GraphQLArgument | GraphQLInputField)[] {
  if (isInputObjectType(type)) return Object.values(type.getFields());
  return isObjectType(type) ? Object.values(type.getFields()).flatMap(({ args }) => args) : [];
}
