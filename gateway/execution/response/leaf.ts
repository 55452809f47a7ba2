import { type GraphQLEnumType, type GraphQLLeafType, isEnumType } from 'graphql';
import type { JsonWriter } from './json-writer.ts';

/** Writes a value that is not null; false when it is none of its type, and nothing was written. */
export type WriteLeaf = (value: unknown, writer: JsonWriter) => boolean;

const LARGEST_INT = 2_147_483_647;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/** How a leaf type's values are written (GraphQL specification, 3.5 "Result Coercion" of each scalar; what a subgraph answered was serialized once). */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) return enumWriter(type);
  return BUILT_IN[type.name] ?? writeAny;
}

const BUILT_IN: Readonly<Record<string, WriteLeaf>> = {
  Int(value, writer) {
    if (!Number.isInteger(value) || Math.abs(value as number) > LARGEST_INT + 1 || value === LARGEST_INT + 1)
      return false;
    writer.number(value as number);
    return true;
  },
  Float(value, writer) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return false;
    writer.number(value);
    return true;
  },
  String(value, writer) {
    if (typeof value !== 'string') return false;
    writer.text(value);
    return true;
  },
  Boolean(value, writer) {
    if (typeof value !== 'boolean') return false;
    writer.bytes(value ? TRUE : FALSE);
    return true;
  },
  ID(value, writer) {
    if (typeof value === 'string') writer.text(value);
    else if (Number.isInteger(value)) writer.text(String(value));
    else return false;
    return true;
  },
};

function enumWriter(type: GraphQLEnumType): WriteLeaf {
  const names = new Map(type.getValues().map(({ name }) => [name, Buffer.from(`"${name}"`)]));
  return (value, writer) => {
    const name = names.get(value as string);
    if (!name) return false;
    writer.bytes(name);
    return true;
  };
}

/** A custom scalar: whatever JSON its subgraph answered. */
function writeAny(value: unknown, writer: JsonWriter): boolean {
  if (typeof value === 'string') writer.text(value);
  else if (typeof value === 'bigint') writer.raw(String(value));
  else if (typeof value !== 'number') {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return false;
    writer.raw(text);
  } else if (Number.isFinite(value)) writer.number(value);
  else return false;
  return true;
}
