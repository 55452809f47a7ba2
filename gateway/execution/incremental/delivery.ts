import {
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import type { DeferredPart } from '../fetching/plan.ts';
import type { DataObject, Run } from '../fetching/run.ts';
import { compositeTypeOf, type Defer, type FragmentSelection, type Selection } from '../operation/selection.ts';
import type { JsonWriter } from '../response/json-writer.ts';
import { Projection, type ResponseError } from '../response/projection.ts';
import { Projector } from '../response/projector.ts';

/** A deferred fragment at one place of the answer. */
export interface Pending {
  readonly id: string;
  readonly label: string | undefined;
  readonly path: readonly (string | number)[];
}

/** What came for one of them. `data` is JSON; undefined when null would have to stand where the fragment does. */
export interface Delivered {
  readonly pending: Pending;
  readonly data: string | undefined;
  readonly errors: readonly ResponseError[];
}

/** What is sent at one time. */
export interface Batch {
  /** New ones, found inside what is delivered with it. */
  readonly pending: readonly Pending[];
  readonly delivered: readonly Delivered[];
  /** Errors that belong to no field that was asked for; with the last batch. */
  readonly errors: readonly ResponseError[];
  readonly hasNext: boolean;
}

interface Waiting extends Pending {
  readonly fragment: FragmentSelection;
  readonly object: DataObject;
  readonly type: GraphQLObjectType;
}

/** Writes deferred fragments; compiled with their operation. */
export class DeferredProjectors {
  readonly schema: GraphQLSchema;
  readonly #projectors = new Map<string, Projector>();

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  of(fragment: FragmentSelection & { defer: Defer }, type: GraphQLObjectType): Projector {
    const key = `${fragment.defer.id} ${type.name}`;
    const known = this.#projectors.get(key) ?? new Projector(this.schema, type, fragment.selections);
    this.#projectors.set(key, known);
    return known;
  }
}

/** What of one request's answer comes later: each deferred fragment as soon as what it needs was fetched. */
export class Delivery {
  readonly #run: Run;
  readonly #projectors: DeferredProjectors;
  readonly #writer: JsonWriter;
  /** When the data of a fragment is there, by its id. */
  readonly #ready = new Map<string, Promise<unknown>>();
  readonly #waiting = new Set<Waiting>();
  readonly #arrived: string[] = [];
  #wake = Promise.withResolvers<void>();
  #lastId = -1;

  constructor(run: Run, parts: readonly DeferredPart[], projectors: DeferredProjectors, writer: JsonWriter) {
    this.#run = run;
    this.#projectors = projectors;
    this.#writer = writer;
    for (const part of parts) this.#start(part);
  }

  /** The fragments that wait at the places of what was just written: `shown` is that, as the client reads it. */
  find(
    selections: readonly Selection[],
    type: GraphQLCompositeType,
    object: DataObject,
    shown: unknown,
    path: readonly (string | number)[],
  ): Pending[] {
    const found: Pending[] = [];
    this.#look(selections, type, object, shown, path, found);
    return found;
  }

  /** One batch after the other, until nothing waits. */
  async *batches(): AsyncGenerator<Batch> {
    while (this.#waiting.size > 0) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
      const arrived = new Set(this.#arrived.splice(0));
      const pending: Pending[] = [];
      const delivered: Delivered[] = [];
      for (const waiting of [...this.#waiting]) {
        if (!arrived.has(waiting.fragment.defer?.id ?? '')) continue;
        this.#waiting.delete(waiting);
        const one = this.#deliver(waiting);
        delivered.push(one);
        if (one.data !== undefined) {
          const { fragment, type, object, path } = waiting;
          pending.push(...this.find(fragment.selections, type, object, JSON.parse(one.data), path));
        }
      }
      const hasNext = this.#waiting.size > 0;
      const untold = hasNext ? [] : (this.#run.failures?.untold() ?? []);
      const errors = untold.map(({ message, extensions }) => ({ message, extensions }));
      if (delivered.length > 0) yield { pending, delivered, errors, hasNext };
    }
  }

  #start({ id, depends, plan }: DeferredPart): void {
    const before = this.#ready.get(id);
    const own = Promise.all(depends.map((fetch) => this.#run.finished(fetch))).then(() => plan.step(this.#run));
    this.#ready.set(id, before ? Promise.all([before, own]) : own);
    for (const inner of plan.deferred) this.#start(inner);
  }

  #look(
    selections: readonly Selection[],
    type: GraphQLCompositeType,
    value: unknown,
    shown: unknown,
    path: readonly (string | number)[],
    found: Pending[],
  ): void {
    if (shown === null || shown === undefined) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        this.#look(selections, type, item, (shown as unknown[])[index], [...path, index], found);
      }
      return;
    }
    const object = value as DataObject;
    const runtime = this.#runtimeType(type, object);
    for (const selection of selections) {
      if (selection.kind === 'field') {
        if (!selection.selections || selection.name.startsWith('__')) continue;
        const inner = compositeTypeOf(this.#projectors.schema, runtime, selection.name);
        const below = (shown as Record<string, unknown>)[selection.key];
        this.#look(selection.selections, inner, object[selection.slot], below, [...path, selection.key], found);
      } else if (this.#applies(selection.typeCondition, runtime)) {
        if (selection.defer) found.push(this.#wait(selection, selection.defer, object, runtime, path));
        else this.#look(selection.selections, runtime, object, shown, path, found);
      }
    }
  }

  #wait(
    fragment: FragmentSelection,
    { id, label }: Defer,
    object: DataObject,
    type: GraphQLObjectType,
    path: readonly (string | number)[],
  ): Pending {
    this.#lastId += 1;
    const waiting: Waiting = { id: String(this.#lastId), label, path, fragment, object, type };
    this.#waiting.add(waiting);
    const arrive = () => {
      this.#arrived.push(id);
      this.#wake.resolve();
    };
    void (this.#ready.get(id) ?? Promise.resolve()).then(arrive);
    return { id: waiting.id, label, path };
  }

  #deliver({ id, label, path, fragment, object, type }: Waiting): Delivered {
    const projection = new Projection(this.#writer, this.#run.failures, {});
    this.#writer.begin();
    const projector = this.#projectors.of(fragment as FragmentSelection & { defer: Defer }, type);
    const whole = projector.write(object, projection);
    return {
      pending: { id, label, path },
      data: whole ? this.#writer.take().toString('utf8') : undefined,
      errors: projection.found(path),
    };
  }

  #runtimeType(type: GraphQLCompositeType, { __typename: name }: DataObject): GraphQLObjectType {
    const runtime = isAbstractType(type) ? this.#projectors.schema.getType(name as string) : type;
    if (!isObjectType(runtime)) throw new Error(`${type.name} was written as an object that it is not`);
    return runtime;
  }

  #applies(typeCondition: string | undefined, type: GraphQLObjectType): boolean {
    if (typeCondition === undefined || typeCondition === type.name) return true;
    const condition = this.#projectors.schema.getType(typeCondition);
    return isAbstractType(condition) && this.#projectors.schema.isSubType(condition, type);
  }
}
