import {
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
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
  readonly path: Path;
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
  readonly fragment: DeferredFragment;
  /** The type of the field or the root at which it stands. */
  readonly type: GraphQLCompositeType;
  /** Where its object lies in the data, in slots. The object itself may be another by then: a fetch may have put an entity in its place. */
  readonly slots: Path;
  /** The type conditions of the fragments around it that could not be decided yet. */
  readonly conditions: readonly string[];
}

type Path = readonly (string | number)[];

type DeferredFragment = FragmentSelection & { readonly defer: Defer };

/** Writes deferred fragments; compiled with their operation. */
export class DeferredProjectors {
  readonly schema: GraphQLSchema;
  readonly #projectors = new Map<string, Projector>();

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  of({ fragment, type, conditions }: Waiting): Projector {
    const key = [fragment.defer.id, type.name, ...conditions].join(' ');
    const known = this.#projectors.get(key) ?? new Projector(this.schema, type, [here(fragment, conditions)]);
    this.#projectors.set(key, known);
    return known;
  }
}

export interface DeliveryOptions {
  readonly run: Run;
  readonly parts: readonly DeferredPart[];
  readonly projectors: DeferredProjectors;
  readonly writer: JsonWriter;
  readonly introspection: Readonly<Record<string, string>>;
}

/** What of one request's answer comes later: each deferred fragment as soon as what it needs was fetched. */
export class Delivery {
  readonly #run: Run;
  readonly #projectors: DeferredProjectors;
  readonly #writer: JsonWriter;
  /** The answers to what was asked of the schema itself, by key. */
  readonly #introspection: Readonly<Record<string, string>>;
  /** When the data of a fragment is there, by its id. */
  readonly #ready = new Map<string, Promise<unknown>>();
  readonly #waiting = new Set<Waiting>();
  readonly #arrived: string[] = [];
  #wake = Promise.withResolvers<void>();
  #lastId = -1;

  constructor({ run, parts, projectors, writer, introspection }: DeliveryOptions) {
    this.#run = run;
    this.#projectors = projectors;
    this.#writer = writer;
    this.#introspection = introspection;
    for (const part of parts) this.#start(part);
  }

  /** The fragments that wait at the places of what was written of the whole answer: `shown` is that, as the client reads it. */
  find(selections: readonly Selection[], type: GraphQLCompositeType, shown: unknown): Pending[] {
    return this.#findIn(selections, { type, value: this.#run.data, slots: [], conditions: [] }, shown, []);
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
          const { fragment, type, slots, path, conditions } = waiting;
          const place = { type, value: this.#objectAt(slots), slots, conditions: [] };
          pending.push(...this.#findIn([here(fragment, conditions)], place, JSON.parse(one.data), path));
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

  #findIn(selections: readonly Selection[], place: Place, shown: unknown, path: Path): Pending[] {
    const found: Pending[] = [];
    this.#look(selections, place, shown, path, found);
    return found;
  }

  #look(selections: readonly Selection[], place: Place, shown: unknown, path: Path, found: Pending[]): void {
    if (shown === null || shown === undefined) return;
    const { type, value, slots, conditions } = place;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const inner = { ...place, value: item, slots: [...slots, index] };
        this.#look(selections, inner, (shown as unknown[])[index], [...path, index], found);
      }
      return;
    }
    const object = value as DataObject;
    const runtime = this.#runtimeType(type, object);
    for (const selection of selections) {
      if (selection.kind === 'field') {
        if (!selection.selections || selection.name.startsWith('__')) continue;
        const { key, slot, name } = selection;
        const inner = {
          type: compositeTypeOf(this.#projectors.schema, runtime, name),
          value: object[slot],
          slots: [...slots, slot],
          conditions: [],
        };
        this.#look(selection.selections, inner, (shown as Record<string, unknown>)[key], [...path, key], found);
      } else if (this.#applies(selection.typeCondition, runtime)) {
        if (isDeferred(selection)) found.push(this.#wait(selection, place, path));
        else {
          const { typeCondition } = selection;
          const undecided = typeCondition !== undefined && typeCondition !== runtime.name && isInterfaceType(runtime);
          const inner = { ...place, conditions: undecided ? [...conditions, typeCondition] : conditions };
          this.#look(selection.selections, inner, shown, path, found);
        }
      }
    }
  }

  #wait(fragment: DeferredFragment, { type, slots, conditions }: Place, path: Path): Pending {
    const { id, label } = fragment.defer;
    this.#lastId += 1;
    const waiting: Waiting = { id: String(this.#lastId), label, path, fragment, type, slots, conditions };
    this.#waiting.add(waiting);
    const arrive = () => {
      this.#arrived.push(id);
      this.#wake.resolve();
    };
    void (this.#ready.get(id) ?? Promise.resolve()).then(arrive);
    return { id: waiting.id, label, path };
  }

  #deliver(waiting: Waiting): Delivered {
    const { id, label, path, slots } = waiting;
    const projection = new Projection(this.#writer, this.#run.failures, this.#introspection);
    this.#writer.begin();
    const whole = this.#projectors.of(waiting).write(this.#objectAt(slots), projection);
    return {
      pending: { id, label, path },
      data: whole ? this.#writer.take().toString('utf8') : undefined,
      errors: projection.found(path),
    };
  }

  #objectAt(slots: Path): unknown {
    return slots.reduce<unknown>((object, slot) => (object as DataObject)[slot], this.#run.data);
  }

  /** What an object is; an interface where no subgraph was asked yet which object it is. */
  #runtimeType(type: GraphQLCompositeType, { __typename: name }: DataObject): GraphQLObjectType | GraphQLInterfaceType {
    const told = isAbstractType(type) ? this.#projectors.schema.getType(name as string) : type;
    const runtime = isObjectType(told) ? told : type;
    if (isUnionType(runtime)) throw new Error(`${type.name} was written as an object that it is not`);
    return runtime;
  }

  /** An object of which it is not known what it is may have the fragment; whether it has is seen when that is written. */
  #applies(typeCondition: string | undefined, type: GraphQLObjectType | GraphQLInterfaceType): boolean {
    if (typeCondition === undefined || typeCondition === type.name || isInterfaceType(type)) return true;
    const condition = this.#projectors.schema.getType(typeCondition);
    return isAbstractType(condition) && this.#projectors.schema.isSubType(condition, type);
  }
}

/** A place of the data, and the type that the schema gives it. */
interface Place {
  readonly type: GraphQLCompositeType;
  readonly value: unknown;
  readonly slots: Path;
  readonly conditions: readonly string[];
}

function isDeferred(fragment: FragmentSelection): fragment is DeferredFragment {
  return fragment.defer !== undefined;
}

/** The fragment as it stands once its time has come, inside those whose conditions are to be decided then. */
function here(fragment: DeferredFragment, conditions: readonly string[]): FragmentSelection {
  return conditions.reduceRight<FragmentSelection>(
    (inner, typeCondition) => ({ kind: 'fragment', typeCondition, defer: undefined, selections: [inner] }),
    { ...fragment, defer: undefined },
  );
}
