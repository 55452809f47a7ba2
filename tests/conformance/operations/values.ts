import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';

export type Samples = Readonly<Record<string, readonly unknown[]>>;

const BUILT_IN: Samples = {
  Int: [0, 1, 2, 3, 4, -1, 2_147_483_647],
  Float: [0.5, -1, 1e21],
  String: ['', 'a', 'S', 'e', 'é "quoted"\n'],
  Boolean: [true, false],
  ID: ['p1', 'n1', 7],
};

/** A random value of an input type, as JSON. */
export function randomValue(type: GraphQLInputType, name: string, samples: Samples, random: Random): unknown {
  if (!isNonNullType(type) && random.chance(0.1)) return null;
  const nullable = getNullableType(type);
  const sample = samples[name];
  if (sample && random.chance(0.85)) return random.pick(sample);
  if (isListType(nullable)) {
    const item = () => randomValue(nullable.ofType, '', samples, random);
    // An item alone is coerced to a list of one, unless it is null.
    if (random.chance(0.1)) return item() ?? [];
    return Array.from({ length: random.integer(0, 3) }, item);
  }
  if (isEnumType(nullable)) return random.pick(nullable.getValues()).name;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter(
      (field) => isRequiredInputField(field) || random.chance(0.45),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, randomValue(field.type, field.name, samples, random)]),
    );
  }
  return random.pick(samples[nullable.name] ?? BUILT_IN[nullable.name] ?? ['anything']);
}

/** Stands for a value of a type: a literal, or a variable in its place. */
export type Stand = (value: unknown, type: GraphQLInputType) => string | undefined;

/** Writes a JSON value as a literal of its type. `variableFor` may put a variable wherever a value stands. */
export function literal(value: unknown, type: GraphQLInputType, variableFor: Stand): string {
  const variable = variableFor(value, type);
  if (variable) return variable;
  if (value === null) return 'null';
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    if (!Array.isArray(value)) return literal(value, nullable.ofType, () => undefined);
    return `[${value.map((item) => literal(item, nullable.ofType, variableFor)).join(', ')}]`;
  }
  if (isEnumType(nullable)) return String(value);
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields();
    const members = Object.entries(value as object).flatMap(([name, member]) => {
      const field = fields[name];
      return field ? [`${name}: ${literal(member, field.type, variableFor)}`] : [];
    });
    return `{${members.join(', ')}}`;
  }
  return untyped(value);
}

function untyped(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(untyped).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}: ${untyped(member)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
