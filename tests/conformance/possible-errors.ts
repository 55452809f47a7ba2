import {
  buildASTSchema,
  execute,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  printSchema,
  visit,
} from 'graphql';
import type { Request } from './engine.ts';

/**
 * Every path at which an error may stand: each field that fails, also where an error beside it would end the execution first. The schema
 * is run with no `!` on its fields, and a null where there was one is an error there.
 */
export class PossibleErrors {
  readonly #forgiving: GraphQLSchema;

  /** `plain` keeps its resolvers; a graph with state needs a plain schema of its own here. */
  constructor(plain: GraphQLSchema) {
    this.#forgiving = forgiving(plain);
  }

  async paths({ query, operationName, variables }: Request): Promise<ReadonlySet<string>> {
    const document = parse(query);
    const { errors } = await execute({
      schema: this.#forgiving,
      document,
      operationName,
      variableValues: variables,
    });
    return new Set((errors ?? []).map(({ path }) => JSON.stringify(path ?? [])));
  }
}

function forgiving(strict: GraphQLSchema): GraphQLSchema {
  const sdl = visit(parse(printSchema(strict)), {
    FieldDefinition: {
      leave: (field) => ({ ...field, type: visit(field.type, { NonNullType: { leave: ({ type }) => type } }) }),
    },
  });
  if (sdl.kind !== Kind.DOCUMENT) throw new Error('no document');
  const schema = buildASTSchema(sdl);
  for (const type of Object.values(strict.getTypeMap())) {
    const twin = schema.getType(type.name);
    if (!isObjectType(type) || !isObjectType(twin) || type.name.startsWith('__')) continue;
    for (const { name, type: strictType, resolve } of Object.values(type.getFields())) {
      const field = twin.getFields()[name];
      if (!field) throw new Error(`${type}.${name} has gone`);
      field.resolve = (source, args, context, info) =>
        withMissing(
          resolve ? resolve(source, args, context, info) : (source as Record<string, unknown> | undefined)?.[name],
          strictType,
        );
    }
  }
  return schema;
}

/** The value with an error in place of every null that may not be. */
function withMissing(value: unknown, type: GraphQLOutputType): unknown {
  if (isNonNullType(type)) return value == null ? new Error('null where none may be') : withMissing(value, type.ofType);
  if (isListType(type) && Array.isArray(value)) return value.map((item) => withMissing(item, type.ofType));
  return value;
}
