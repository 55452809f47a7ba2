import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { isLongNumber } from '../../precise-json.ts';

/** Checks and coerces the variables of a request. Throws `INVALID_INPUT` with the place, and without the value: it may be personal. */
export type CoerceVariables = (given: Readonly<Record<string, unknown>>) => Record<string, unknown>;

type Coerce = (value: unknown, place: string) => unknown;

/** Compiles what an operation's variables must be (GraphQL specification, 6.1.2). The definitions must be valid. */
export function variableCoercion(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[] = [],
): CoerceVariables {
  const variables = definitions.map(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node as never) as GraphQLInputType;
    if (!isInputType(type)) throw new Error(`${variable.name.value} is of no input type`);
    return {
      name: variable.name.value,
      coerce: coercion(type),
      required: isNonNullType(type) && defaultValue === undefined,
      fallback: defaultValue && valueFromASTUntyped(defaultValue),
    };
  });
  return (given) => {
    const coerced: Record<string, unknown> = Object.create(null);
    for (const { name, coerce, required, fallback } of variables) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value !== undefined) coerced[name] = withinStack(() => coerce(value, name), name);
      else if (fallback !== undefined) coerced[name] = fallback;
      else if (required) throw refused(name, 'was not provided.');
    }
    return coerced;
  };
}

function coercion(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) {
    const inner = coercion(type.ofType);
    return (value, place) => {
      if (value === null) throw refused(place, `Expected non-nullable type "${type}" not to be null.`);
      return inner(value, place);
    };
  }
  const some = nonNullCoercion(type);
  return (value, place) => (value === null ? null : some(value, place));
}

function nonNullCoercion(type: GraphQLInputType): Coerce {
  if (isListType(type)) {
    let item: Coerce | undefined;
    return (value, place) => {
      item ??= coercion(type.ofType);
      const inner = item;
      // One value stands for a list of it (3.11 "Input Coercion").
      if (!Array.isArray(value)) return [inner(value, place)];
      return value.map((each, index) => inner(each, `${place}.${index}`));
    };
  }
  if (isInputObjectType(type)) {
    // Compiled at the first value: an input type may hold itself.
    let fields: Map<string, { coerce: Coerce; required: boolean }> | undefined;
    return (value, place) => {
      fields ??= new Map(
        Object.values(type.getFields()).map((field) => [
          field.name,
          { coerce: coercion(field.type), required: isRequiredInputField(field) },
        ]),
      );
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw refused(place, `Expected type "${type}" to be an object.`);
      }
      const coerced: Record<string, unknown> = Object.create(null);
      for (const [name, inner] of Object.entries(value)) {
        const field = fields.get(name);
        if (!field) throw refused(`${place}.${name}`, `is not defined by type "${type}".`);
        coerced[name] = field.coerce(inner, `${place}.${name}`);
      }
      for (const [name, { required }] of fields) {
        if (required && !Object.hasOwn(value, name)) throw refused(`${place}.${name}`, 'was not provided.');
      }
      if (type.isOneOf && (Object.keys(coerced).length !== 1 || Object.values(coerced)[0] === null)) {
        throw refused(place, `Exactly one field of type "${type}" must be given.`);
      }
      return coerced;
    };
  }
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value, place) => {
      if (typeof value === 'string' && names.has(value)) return value;
      throw refused(place, `Expected a value of type "${type}".`);
    };
  }
  if (!isNonNullType(type) && 'name' in type) return BUILT_IN[type.name] ?? ((value) => value);
  throw new Error(`${String(type)} is no input type`);
}

const BUILT_IN: Readonly<Record<string, Coerce>> = {
  Int(value, place) {
    if (Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 31) return value;
    throw refused(place, 'Expected a value of type "Int".');
  },
  Float(value, place) {
    if ((typeof value === 'number' && Number.isFinite(value)) || isLongNumber(value)) return value;
    throw refused(place, 'Expected a value of type "Float".');
  },
  String(value, place) {
    if (typeof value === 'string') return value;
    throw refused(place, 'Expected a value of type "String".');
  },
  Boolean(value, place) {
    if (typeof value === 'boolean') return value;
    throw refused(place, 'Expected a value of type "Boolean".');
  },
  ID(value, place) {
    if (typeof value === 'string') return value;
    if (Number.isInteger(value) || isLongNumber(value)) return JSON.stringify(value);
    throw refused(place, 'Expected a value of type "ID".');
  },
};

/** Input that is nested deeper than the stack is bad input. */
function withinStack(coerce: () => unknown, name: string): unknown {
  try {
    return coerce();
  } catch (error) {
    throw error instanceof RangeError ? refused(name, 'is nested too deep.') : error;
  }
}

function refused(place: string, why: string): CasegraphError {
  return new CasegraphError('INVALID_INPUT', `${place}: ${why}`, { field: place });
}
