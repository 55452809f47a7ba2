import type { FetchNode } from '@apollo/query-planner';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { SubgraphAnswer, SubgraphOperation, SubgraphSource } from '../../supergraph/source.ts';
import type { SubgraphFacts } from '../planning/subgraph-facts.ts';
import { type Failure, failureFrom, failureOf } from '../response/failures.ts';
import { Asked } from './asked.ts';
import { merge } from './merge.ts';
import { type EntityAnswers, PendingFetch } from './merged-fetch.ts';
import { type Missing, RepresentationWriter } from './representation.ts';
import { readContext, rewriteData } from './rewrites.ts';
import type { DataObject, Run } from './run.ts';
import { type Place, type PossibleTypes, places, placesBelow, type TargetPath } from './targets.ts';
import { type TopField, topFields, withoutFields } from './top-fields.ts';

export interface FetchOptions {
  readonly source: SubgraphSource;
  readonly facts: SubgraphFacts;
  readonly possibleTypes: PossibleTypes;
  readonly longNumbers: boolean;
  /** Shared by fetches that ask the same of the same subgraph and may start together. */
  readonly likes: object | undefined;
}

type Variables = Readonly<Record<string, unknown>>;

const NOTHING = Promise.resolve();
const NO_ERRORS: NonNullable<SubgraphAnswer['errors']> = [];
const itself = (index: number) => index;

/** One fetch of a plan, compiled: run again and again. */
export class CompiledFetch {
  readonly #node: FetchNode;
  readonly #options: FetchOptions;
  readonly #operation: SubgraphOperation;
  readonly #path: TargetPath;
  readonly #writer: RepresentationWriter | undefined;
  readonly #fields: readonly TopField[];
  readonly #variables: readonly string[];
  /** This fetch without the fields that need what could not be had, by what that is. */
  readonly #reduced = new Map<string, CompiledFetch | undefined>();

  constructor(node: FetchNode, path: TargetPath, options: FetchOptions) {
    this.#node = node;
    this.#path = path;
    this.#options = options;
    this.#operation = {
      query: node.operation,
      queryJson: JSON.stringify(node.operation),
      longNumbers: options.longNumbers,
      mode: node.operationKind === 'mutation' ? 'write' : 'read',
    };
    this.#writer = node.requires && new RepresentationWriter(node.requires, options.possibleTypes, options.facts.keys);
    this.#fields = topFields(node, options);
    const taken = node.contextRewrites?.map(({ renameKeyTo }) => renameKeyTo) ?? [];
    this.#variables = (node.variableUsages ?? []).filter((name) => !taken.includes(name));
  }

  /** Never rejects: what goes wrong is laid where the data is missing. */
  run(run: Run): Promise<void> {
    if (!this.#writer) return this.#runAtRoot(run);
    if (this.#node.contextRewrites) return this.#runInContexts(run);
    const found = this.#without(run, places(run.data, this.#path));
    return found.length > 0 ? this.#runForEntities(run, found, this.#readVariables(run)) : NOTHING;
  }

  async #runAtRoot(run: Run): Promise<void> {
    if (run.again) return;
    // A path without entities leads to objects that every field of the fetch is for; most often to the root itself.
    const objects = new Set(places(run.data, this.#path).map(({ object }) => object));
    const { outputRewrites } = this.#node;
    try {
      const { data, errors = [] } = await this.#send(run, this.#readVariables(run), undefined);
      if (data && outputRewrites) rewriteData(data, outputRewrites, this.#options.possibleTypes);
      for (const object of objects) {
        if (data) merge(object, data, this.#options.possibleTypes, run.failures);
        for (const error of errors) this.#place(run, object, error, error.path ?? []);
        if (!data && errors[0]) this.#lose(run, object, failureFrom(errors[0]));
      }
      if (!data && errors.length === 0) throw this.#outsideProtocol('an answer without data and without an error');
    } catch (error) {
      const failure = failureOf(error);
      for (const object of objects) this.#failWhole(run, object, failure);
    }
  }

  #runForEntities(run: Run, found: readonly Place[], variables: Variables): Promise<void> {
    const asked = new Asked();
    let lacking: Map<CompiledFetch, Place[]> | undefined;
    for (let index = 0; index < found.length; index += 1) {
      const place = found[index] as Place;
      const { object } = place;
      const shape = this.#writer?.of(object.__typename);
      if (!shape?.concerned) continue;
      const missing = asked.add(place, shape, run.failures);
      if (!missing) continue;
      const rest = this.#withoutWhatNeeds(run, object, missing);
      if (!rest) continue;
      lacking ??= new Map();
      const others = lacking.get(rest);
      if (others) others.push(place);
      else lacking.set(rest, [place]);
    }
    const whole = asked.places.length > 0 ? this.#fetchEntities(run, asked, variables) : NOTHING;
    if (!lacking) return whole;
    const rests = [...lacking].map(([rest, of]) => rest.#runForEntities(run, of, variables));
    return Promise.all([whole, ...rests]).then(() => undefined);
  }

  #fetchEntities(run: Run, { representations, places: first }: Asked, variables: Variables): Promise<void> {
    return this.#ask(run, this.#rewritten(representations), variables).then(
      (answers) => this.#take(run, first, answers),
      (error: unknown) => {
        const failure = failureOf(error);
        for (const object of objectsAt(first)) this.#failWhole(run, object, failure);
      },
    );
  }

  /** Lays what came at the objects it is for, then the errors: each at every place at which its entity stands. */
  #take(run: Run, first: readonly Place[], { entities, errors, total, own }: EntityAnswers): void {
    const { outputRewrites } = this.#node;
    for (let index = 0; index < entities.length; index += 1) {
      const entity = entities[index] as DataObject | null;
      if (entity === null) continue;
      if (outputRewrites) rewriteData(entity, outputRewrites, this.#options.possibleTypes);
      this.#lay(run, entity, first[index]);
    }
    for (const error of errors) {
      const [root, number, ...rest] = error.path ?? [];
      if (root === '_entities' && typeof number === 'number' && number < total) {
        const index = own(number) ?? -1;
        for (const object of objectsAt(first.slice(index, index + 1))) {
          this.#place(run, object, error, rest);
          if (entities[index] === null) this.#lose(run, object, failureFrom(error));
        }
      } else {
        const failure = failureFrom(error);
        for (const object of objectsAt(first)) this.#failWhole(run, object, failure);
      }
    }
  }

  /**
   * Puts an entity at its places. An object of which no more is known than what was sent gives way to the entity itself, the same at every
   * such place, so that it is held once and completed once.
   */
  #lay(run: Run, entity: DataObject, first: Place | undefined): void {
    const { possibleTypes } = this.#options;
    let whole = false;
    let merged: DataObject | undefined;
    for (let place = first; place; place = place.next) {
      const { object, holder, key } = place;
      // Another fetch may have put an entity here meanwhile.
      const there = holder ? (holder[key] as DataObject) : object;
      const stub = there === object && this.#writer?.of(object.__typename).tellsAllOf(object);
      if (holder && stub && !run.failures?.at(object)) {
        if (!whole) merge(entity, object, possibleTypes, undefined);
        whole = true;
        holder[key] = entity;
      } else if (there !== merged) {
        merge(there, entity, possibleTypes, run.failures);
        merged = there;
      }
    }
  }

  /**
   * What of this fetch can be had without a value that is missing. The rest fails for the reason for which that is missing, where the object's
   * type has it at all.
   */
  #withoutWhatNeeds(run: Run, object: DataObject, missing: Missing): CompiledFetch | undefined {
    const { top } = missing;
    const needing = this.#fields.filter(({ requires }) => requires.includes(top));
    const lost = needing.length > 0 ? needing : this.#fields;
    const why = this.#whyMissing(run, missing);
    for (const field of lost) {
      if (this.#applies(field, object)) for (const failure of why) run.fail(object, field.slot, failure);
    }
    if (needing.length === 0) return undefined;
    return this.#reducedTo(`@requires ${top}`, withoutFields(this.#node, needing, top));
  }

  #whyMissing(run: Run, { object, slot, name }: Missing): readonly Failure[] {
    const known = run.failures?.at(object)?.get(slot);
    if (known) {
      // Told with the fields that fail because of it.
      for (const failure of known) failure.told = true;
      return known.map(({ message, extensions, hidden = false }) => ({
        message,
        extensions,
        below: [],
        hidden,
        told: false,
      }));
    }
    return [failureOf(new CasegraphError('DEPARTMENT_PROTOCOL', `No subgraph gave ${name}, which this needs.`))].map(
      (failure) => ({ ...failure, hidden: true }),
    );
  }

  /** The places to which this fetch has not brought anything yet. */
  #without<Found extends Place>(run: Run, found: readonly Found[]): readonly Found[] {
    if (!run.again) return found;
    return found.filter(({ object }) => {
      const failed = run.failures?.at(object);
      return this.#fields.some(
        (field) => this.#applies(field, object) && object[field.slot] === undefined && !failed?.has(field.slot),
      );
    });
  }

  /**
   * A fetch that takes values from its objects or from above them: those with the same values travel together. A plan may bring such a value
   * only later than it should; what needs it then waits for the second time that the plan is run.
   */
  async #runInContexts(run: Run): Promise<void> {
    const variables = this.#readVariables(run);
    const groups = new Map<string, { fetch: CompiledFetch; found: Place[]; values: Record<string, unknown> }>();
    for (const place of this.#without(run, placesBelow(run.data, this.#path))) {
      const { object, above } = place;
      if (!this.#writer?.of(object.__typename).concerned) continue;
      const values = this.#contextOf([...above, object]);
      const missing = Object.keys(values).filter((name) => values[name] === undefined);
      if (missing.length > 0 && !run.again) {
        run.early = true;
        continue;
      }
      const fetch = missing.length === 0 ? this : this.#withoutContext(run, object, missing);
      if (!fetch) continue;
      const text = JSON.stringify(values);
      const group = groups.get(text);
      if (group) group.found.push(place);
      else groups.set(text, { fetch, found: [place], values });
    }
    await Promise.all(
      [...groups.values()].map(({ fetch, found, values }) =>
        fetch.#runForEntities(run, found, { ...variables, ...values }),
      ),
    );
  }

  /** The values that an object takes. */
  #contextOf(line: readonly DataObject[]): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const { path, renameKeyTo } of this.#node.contextRewrites ?? []) {
      values[renameKeyTo] ??= readContext(line, path, this.#options.possibleTypes);
    }
    return values;
  }

  /** What of this fetch can be had without some values of its context; the rest fails, where the object's type has it at all. */
  #withoutContext(run: Run, object: DataObject, missing: readonly string[]): CompiledFetch | undefined {
    const needing = this.#fields.filter(({ variables }) => missing.some((name) => variables.includes(name)));
    const failure = failureOf(
      new CasegraphError('DEPARTMENT_PROTOCOL', 'No subgraph gave what this takes from its context.'),
    );
    for (const field of needing) if (this.#applies(field, object)) run.fail(object, field.slot, failure);
    return this.#reducedTo(missing.join(), withoutFields(this.#node, needing));
  }

  #reducedTo(key: string, node: FetchNode | undefined): CompiledFetch | undefined {
    if (!this.#reduced.has(key)) {
      this.#reduced.set(key, node && new CompiledFetch(node, this.#path, { ...this.#options, likes: undefined }));
    }
    return this.#reduced.get(key);
  }

  #ask(run: Run, representations: readonly string[], variables: Variables): Promise<EntityAnswers> {
    const { likes } = this.#options;
    if (likes === undefined) {
      return this.#send(run, variables, representations).then((answer) => {
        const entities = this.#entities(answer, representations.length);
        return { entities, errors: answer.errors ?? NO_ERRORS, total: entities.length, own: itself };
      });
    }
    let pending = run.pending.get(likes);
    if (!pending) {
      pending = new PendingFetch(
        (all) => this.#send(run, variables, all),
        () => run.pending.delete(likes),
      );
      run.pending.set(likes, pending);
    }
    return pending.join(representations, (answer, count) => this.#entities(answer, count));
  }

  #send(run: Run, variables: Variables, representations: readonly string[] | undefined): Promise<SubgraphAnswer> {
    return this.#options.source.fetch({ operation: this.#operation, variables, representations }, run.scope);
  }

  #readVariables(run: Run): Record<string, unknown> {
    const variables: Record<string, unknown> = {};
    for (const name of this.#variables) {
      const value = run.variables[name];
      if (value !== undefined) variables[name] = value;
    }
    return variables;
  }

  /** Representations as the subgraph knows them: an interface object goes by the name of its interface. */
  #rewritten(representations: readonly string[]): readonly string[] {
    const { inputRewrites } = this.#node;
    if (!inputRewrites) return representations;
    return representations.map((text) => {
      const representation = JSON.parse(text) as DataObject;
      rewriteData(representation, inputRewrites, this.#options.possibleTypes);
      return JSON.stringify(representation);
    });
  }

  /** The entities of an answer, each an object or null. Without data, each is null, and an error says why. */
  #entities({ data, errors = [] }: SubgraphAnswer, count: number): readonly unknown[] {
    const entities: unknown = data?._entities;
    if ((entities === null || entities === undefined) && errors.length > 0) return new Array(count).fill(null);
    if (!Array.isArray(entities)) throw this.#outsideProtocol('an answer without a list of entities');
    if (entities.length !== count) {
      throw this.#outsideProtocol(`${entities.length} entities where ${count} were asked for`);
    }
    if (entities.some((entity) => typeof entity !== 'object' || Array.isArray(entity))) {
      throw this.#outsideProtocol('an entity that is no object');
    }
    return entities;
  }

  #outsideProtocol(what: string): CasegraphError {
    const department = this.#options.source.name;
    return new CasegraphError('DEPARTMENT_PROTOCOL', `The subgraph gave ${what}.`, { department });
  }

  /** Lays an error at its place below an object; one that names no field of the fetch counts for all of them. */
  #place(run: Run, object: DataObject, error: NonNullable<SubgraphAnswer['errors']>[number], path: readonly unknown[]) {
    const failure = failureFrom(error);
    if (typeof path[0] !== 'string') {
      this.#failWhole(run, object, failure);
      return;
    }
    let container: object = object;
    for (const [index, element] of path.entries()) {
      const slot = this.#renamed(element as string | number);
      const inner = (container as DataObject)[slot];
      if (index === path.length - 1 || typeof inner !== 'object' || inner === null) {
        const below = path.slice(index + 1) as Failure['below'];
        run.fail(container, slot, below.length === 0 ? failure : { ...failure, below });
        return;
      }
      container = inner;
    }
  }

  /** The name that an output rewrite gave a slot. */
  #renamed(slot: string | number): string | number {
    for (const rewrite of this.#node.outputRewrites ?? []) {
      if (rewrite.kind === 'KeyRenamer' && rewrite.path.at(-1) === slot) return rewrite.renameKeyTo;
    }
    return slot;
  }

  /** Fails whatever this fetch should have brought to an object and did not. */
  #failWhole(run: Run, object: DataObject, failure: Failure): void {
    let placed = false;
    for (const field of this.#fields) {
      if (this.#applies(field, object) && (object[field.slot] === undefined || object[field.slot] === null)) {
        run.fail(object, field.slot, failure);
        placed = true;
      }
    }
    if (!placed) run.failUnplaced(failure);
  }

  /** What an object should have had together with a field whose failure took all. */
  #lose(run: Run, object: DataObject, { message, extensions }: Failure): void {
    for (const field of this.#fields) {
      if (!this.#applies(field, object) || object[field.slot] !== undefined) continue;
      if (run.failures?.at(object)?.has(field.slot)) continue;
      run.fail(object, field.slot, { message, extensions, below: [], told: false, lost: true });
    }
  }

  #applies({ on }: TopField, { __typename: name }: DataObject): boolean {
    if (on === undefined || typeof name !== 'string' || on === name) return true;
    return this.#options.possibleTypes[on]?.includes(name) ?? false;
  }
}

/** What hangs now at places and at all that follow them, each object once. */
function objectsAt(first: readonly Place[]): Set<DataObject> {
  const objects = new Set<DataObject>();
  for (const head of first) {
    for (let place: Place | undefined = head; place; place = place.next) {
      objects.add(place.holder ? (place.holder[place.key] as DataObject) : place.object);
    }
  }
  return objects;
}
