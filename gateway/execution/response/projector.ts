import {
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { FieldSelection, FragmentSelection, Selection } from '../operation/selection.ts';
import type { Failure, Failures } from './failures.ts';
import { leafWriter, type WriteLeaf } from './leaf.ts';
import type { Projection } from './projection.ts';

/**
 * Completes and writes a value that is not null. False when it may not stand: the reason was told, what was written is void, and who
 * called goes back to where it began.
 */
type Complete = (value: unknown, projection: Projection) => boolean;

type Data = Readonly<Record<string, unknown>>;

/** Whose fields are written: an object's, or those of an interface of which it is not known which object it is. */
type Owner = GraphQLObjectType | GraphQLInterfaceType;

const NULL = Buffer.from('null');
const EMPTY = Buffer.from('{}');
const LIST = { open: 0x5b, comma: 0x2c, close: 0x5d };
const CLOSE = 0x7d;

interface FieldWriter {
  readonly key: string;
  readonly slot: string;
  /** What stands before the value: `{"key":` or `,"key":`; the whole member where it is constant. */
  readonly lead: Buffer;
  readonly kind: 'data' | 'constant' | 'introspection';
  readonly nonNull: boolean;
  /** Undefined for a field whose type is no leaf. */
  readonly leaf: WriteLeaf | undefined;
  readonly complete: Complete;
  /** `Type.field`. */
  readonly place: string;
  readonly selections: readonly Selection[];
}

/**
 * Writes a part of an answer from the data that the fetches gathered: what the client selected, in its order and under its names, as
 * the GraphQL specification completes values (6.4.3) and carries null to the nearest parent that may be null (6.4.4). Compiled once for
 * an operation, each type at its first value.
 */
export class Projector {
  readonly #schema: GraphQLSchema;
  readonly #complete: Complete;

  constructor(schema: GraphQLSchema, type: GraphQLCompositeType, selections: readonly Selection[]) {
    this.#schema = schema;
    this.#complete = this.#composite(type, selections, type.name);
  }

  /** Writes an object. Where that fails, or it is null, `null` stands there, and false is returned. */
  write(data: unknown, projection: Projection): boolean {
    const { writer } = projection;
    const begin = writer.position;
    if (data !== null && data !== undefined && this.#complete(data, projection)) return true;
    writer.position = begin;
    writer.bytes(NULL);
    return false;
  }

  #composite(type: GraphQLCompositeType, selections: readonly Selection[], place: string): Complete {
    const write = isAbstractType(type) ? this.#abstract(type, selections, place) : this.#object(type, selections);
    return (value, projection) => {
      if (typeof value === 'object' && !Array.isArray(value)) return write(value as Data, projection);
      projection.refuse(`${place}: an object was expected.`);
      return false;
    };
  }

  #abstract(type: GraphQLAbstractType, selections: readonly Selection[], place: string) {
    const shapes = new Map<unknown, (value: Data, projection: Projection) => boolean>();
    return (value: Data, projection: Projection): boolean => {
      const name = value.__typename;
      const known = shapes.get(name);
      if (known) return known(value, projection);
      const runtime = typeof name === 'string' ? this.#schema.getType(name) : undefined;
      const shape =
        isObjectType(runtime) && this.#schema.isSubType(type, runtime)
          ? this.#object(runtime, selections)
          : this.#interfaceObject(type, runtime, selections);
      if (!shape) {
        // The name is not told: it may be one that clients must not see.
        projection.refuse(`${place}: which ${type.name} it is cannot be told.`);
        return false;
      }
      shapes.set(name, shape);
      return shape(value, projection);
    };
  }

  /**
   * An interface object, of which no subgraph was asked what it is: as long as nothing that was selected depends on that. Undefined otherwise.
   */
  #interfaceObject(type: GraphQLAbstractType, runtime: unknown, selections: readonly Selection[]) {
    if (!isInterfaceType(type) || (runtime !== undefined && !isInterfaceType(runtime))) return undefined;
    const dependsOnType = (inner: readonly Selection[]): boolean =>
      inner.some((selection) =>
        selection.kind === 'field'
          ? selection.name === '__typename'
          : showsFields(selection) &&
            ((selection.typeCondition !== undefined && selection.typeCondition !== type.name) ||
              dependsOnType(selection.selections)),
      );
    return dependsOnType(selections) ? undefined : this.#object(type, selections);
  }

  #object(type: Owner, selections: readonly Selection[]): (value: Data, projection: Projection) => boolean {
    let fields: readonly FieldWriter[] | undefined;
    return (value, projection) => {
      fields ??= this.#fields(type, selections);
      return writeFields(fields, value, projection);
    };
  }

  #fields(type: Owner, selections: readonly Selection[]): FieldWriter[] {
    return [...this.#collect(type, selections, new Map()).values()].map((merged, index) => {
      const { key, slot, name } = merged[0] as FieldSelection;
      const place = `${type.name}.${name}`;
      const lead = `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`;
      const inner = merged.flatMap(({ selections: own = [] }) => own);
      const common = { key, slot, place, selections: inner };
      if (name === '__typename') {
        const member = Buffer.from(`${lead}"${type.name}"`);
        return { ...common, lead: member, kind: 'constant', nonNull: true, leaf: undefined, complete: never };
      }
      if (name === '__schema' || name === '__type') {
        const introspection = { kind: 'introspection', nonNull: false, leaf: undefined, complete: never } as const;
        return { ...common, lead: Buffer.from(lead), ...introspection };
      }
      const field = type.getFields()[name];
      if (!field) throw new Error(`${place} is not in the schema`);
      const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
      return {
        ...common,
        lead: Buffer.from(lead),
        kind: 'data',
        nonNull: nullable !== field.type,
        leaf: isLeafType(nullable) ? leafWriter(nullable) : undefined,
        complete: this.#nullable(nullable, inner, place),
      };
    });
  }

  /** The fields that a type's object has, each with all that was selected under its key (GraphQL specification, 6.3.2). */
  #collect(
    type: Owner,
    selections: readonly Selection[],
    into: Map<string, FieldSelection[]>,
  ): Map<string, FieldSelection[]> {
    for (const selection of selections) {
      if (selection.kind === 'field') {
        const merged = into.get(selection.key);
        if (merged) merged.push(selection);
        else into.set(selection.key, [selection]);
      } else if (!selection.defer && this.#applies(selection.typeCondition, type)) {
        this.#collect(type, selection.selections, into);
      }
    }
    return into;
  }

  #applies(typeCondition: string | undefined, type: Owner): boolean {
    if (typeCondition === undefined || typeCondition === type.name) return true;
    const condition = this.#schema.getType(typeCondition);
    return isAbstractType(condition) && this.#schema.isSubType(condition, type);
  }

  #nullable(type: GraphQLOutputType, selections: readonly Selection[], place: string): Complete {
    if (isListType(type)) {
      const nonNull = isNonNullType(type.ofType);
      const item = this.#nullable(isNonNullType(type.ofType) ? type.ofType.ofType : type.ofType, selections, place);
      return (value, projection) => {
        if (Array.isArray(value)) return writeItems(value, item, nonNull, selections, place, projection);
        projection.refuse(`${place}: a list was expected.`);
        return false;
      };
    }
    const named = getNamedType(type);
    if (!isLeafType(named)) return this.#composite(named as GraphQLCompositeType, selections, place);
    const write = leafWriter(named);
    return (value, projection) => {
      if (write(value, projection.writer)) return true;
      projection.refuse(`${place}: a value of type ${named.name} was expected.`);
      return false;
    };
  }
}

/** What follows a null is written too, into the void, so that every error of the object is met. */
function writeFields(fields: readonly FieldWriter[], value: Data, projection: Projection): boolean {
  const { writer, failures } = projection;
  const failed = failures === undefined ? undefined : failures.at(value);
  let whole = true;
  let unexplained: FieldWriter | undefined;
  let lost: FieldWriter[] | undefined;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] as FieldWriter;
    writer.bytes(field.lead);
    if (field.kind !== 'data') {
      if (field.kind === 'introspection') writer.raw(projection.introspection[field.key] ?? 'null');
      continue;
    }
    const child = value[field.slot];
    if (failed === undefined && child !== null && child !== undefined && field.leaf?.(child, writer)) continue;
    const before = projection.errors;
    const here = failed === undefined ? undefined : standing(failed.get(field.slot), child);
    if (here?.[0]?.lost) {
      lost ??= [];
      lost.push(field);
    } else if (here) tell(here, field.selections, projection);
    if (child === null || child === undefined) {
      if (!field.nonNull) writer.bytes(NULL);
      else if (projection.errors === before) unexplained ??= field;
      else whole = false;
    } else {
      const begin = writer.position;
      if (!field.complete(child, projection)) {
        if (field.nonNull) whole = false;
        else {
          writer.position = begin;
          writer.bytes(NULL);
        }
      }
    }
    if (projection.errors > before) projection.within(before, field.key);
  }
  if (fields.length === 0) writer.bytes(EMPTY);
  else writer.byte(CLOSE);
  if (whole && lost === undefined && unexplained === undefined) return true;
  return whole && explain(lost ?? [], unexplained, failed, projection);
}

/** Nothing that was told took an object away: now what was lost, or null where it must not be, is told for itself. */
function explain(
  lost: readonly FieldWriter[],
  unexplained: FieldWriter | undefined,
  failed: ReturnType<Failures['at']>,
  projection: Projection,
): boolean {
  for (const field of lost) {
    const before = projection.errors;
    projection.tell(failed?.get(field.slot) ?? [], () => []);
    projection.within(before, field.key);
  }
  if (!unexplained) return true;
  if (!lost.includes(unexplained)) {
    const before = projection.errors;
    projection.refuse(`Cannot return null for non-nullable field ${unexplained.place}.`);
    projection.within(before, unexplained.key);
  }
  return false;
}

function writeItems(
  items: readonly unknown[],
  complete: Complete,
  nonNull: boolean,
  selections: readonly Selection[],
  place: string,
  projection: Projection,
): boolean {
  const { writer, failures } = projection;
  const failed = failures?.at(items);
  let whole = true;
  writer.byte(LIST.open);
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) writer.byte(LIST.comma);
    const before = projection.errors;
    const here = failed?.get(index);
    if (here) tell(here, selections, projection);
    const item = items[index];
    if (item === null || item === undefined) {
      if (!nonNull) writer.bytes(NULL);
      else {
        whole = false;
        if (projection.errors === before) projection.refuse(`Cannot return null for a non-nullable item of ${place}.`);
      }
    } else {
      const begin = writer.position;
      if (!complete(item, projection)) {
        if (nonNull) whole = false;
        else {
          writer.position = begin;
          writer.bytes(NULL);
        }
      }
    }
    if (projection.errors > before) projection.within(before, index);
  }
  writer.byte(LIST.close);
  return whole;
}

/** Apart from the loops that call it: a closure in there would cost a context for every field that is written. */
function tell(failures: readonly Failure[], selections: readonly Selection[], projection: Projection): void {
  projection.tell(failures, (below) => clientPath(selections, below));
}

/** True for a fragment of which something stands where it stands: it is not empty, and not all of it comes later. */
function showsFields({ defer, selections }: FragmentSelection): boolean {
  return !defer && selections.some((selection) => selection.kind === 'field' || showsFields(selection));
}

/** What went wrong with a value; nothing where a later fetch brought what an earlier one could not. */
function standing(failures: readonly Failure[] | undefined, value: unknown): readonly Failure[] | undefined {
  return value !== null && value !== undefined && failures?.every(({ hidden }) => hidden) ? undefined : failures;
}

/** The client's path for slots below a value that is null because of them; as far as the client selected them. */
function clientPath(selections: readonly Selection[], below: Failure['below']): (string | number)[] {
  const path: (string | number)[] = [];
  let inner = selections;
  for (const slot of below) {
    if (typeof slot === 'string') {
      const fields = fieldsOf(inner, slot);
      const [first] = fields;
      if (!first) break;
      path.push(first.key);
      inner = fields.filter(({ key }) => key === first.key).flatMap(({ selections: own = [] }) => own);
    } else path.push(slot);
  }
  return path;
}

function fieldsOf(selections: readonly Selection[], slot: string): FieldSelection[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'fragment') return fieldsOf(selection.selections, slot);
    return selection.slot === slot ? [selection] : [];
  });
}

function never(): boolean {
  throw new Error('has no value of its own');
}
