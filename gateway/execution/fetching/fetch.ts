import type { FetchNode } from '@apollo/query-planner';
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { SubgraphAnswer, SubgraphOperation, SubgraphSource } from '../../supergraph/source.ts';
import type { Failure } from '../response/failures.ts';
import { merge } from './merge.ts';
import { type EntityAnswers, PendingFetch } from './merged-fetch.ts';
import { type Missing, RepresentationWriter } from './representation.ts';
import { readAbove, rewriteData } from './rewrites.ts';
import type { DataObject, Run } from './run.ts';
import { type PossibleTypes, type TargetPath, targets, targetsWithAbove } from './targets.ts';

export interface FetchOptions {
  readonly source: SubgraphSource;
  readonly possibleTypes: PossibleTypes;
  /** Shared by fetches that ask the same of the same subgraph and may start together. */
  readonly likes: object | undefined;
}

/** One fetch of a plan, compiled: run again and again. */
export class CompiledFetch {
  readonly #node: FetchNode;
  readonly #source: SubgraphSource;
  readonly #operation: SubgraphOperation;
  readonly #path: TargetPath;
  readonly #possibleTypes: PossibleTypes;
  readonly #likes: object | undefined;
  readonly #writer: RepresentationWriter | undefined;
  readonly #slots: readonly TopSlot[];
  readonly #variables: readonly string[];

  constructor(node: FetchNode, path: TargetPath, { source, possibleTypes, likes }: FetchOptions) {
    this.#node = node;
    this.#source = source;
    this.#path = path;
    this.#possibleTypes = possibleTypes;
    this.#likes = likes;
    this.#operation = {
      query: node.operation,
      queryJson: JSON.stringify(node.operation),
      mode: node.operationKind === 'mutation' ? 'write' : 'read',
    };
    this.#writer = node.requires && new RepresentationWriter(node.requires, possibleTypes);
    this.#slots = topSlots(parse(node.operation), node);
    const taken = node.contextRewrites?.map(({ renameKeyTo }) => renameKeyTo) ?? [];
    this.#variables = (node.variableUsages ?? []).filter((name) => !taken.includes(name));
  }

  /** Never rejects: what goes wrong is laid where the data is missing. */
  async run(run: Run): Promise<void> {
    if (!this.#writer) return this.#runAtRoot(run);
    if (this.#node.contextRewrites) return this.#runInContexts(run);
    const objects = targets(run.data, this.#path, run.shared);
    if (objects.length > 0) await this.#runForEntities(run, objects, this.#readVariables(run));
  }

  async #runAtRoot(run: Run): Promise<void> {
    // A path without entities leads to objects that every field of the fetch is for; most often to the root itself.
    const objects = targets(run.data, this.#path, run.shared);
    try {
      const { data, errors = [] } = await this.#send(run, this.#readVariables(run), undefined);
      if (data && this.#node.outputRewrites) rewriteData(data, this.#node.outputRewrites, this.#possibleTypes);
      for (const object of objects) {
        if (data) merge(object, data, this.#possibleTypes, run.failures);
        for (const error of errors) this.#place(run, object, error, error.path ?? []);
      }
      if (!data && errors.length === 0) throw this.#outsideProtocol('an answer without data and without an error');
    } catch (error) {
      const failure = failureOf(error);
      for (const object of objects) this.#failWhole(run, object, failure);
    }
  }

  async #runForEntities(
    run: Run,
    objects: readonly DataObject[],
    variables: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const asked = new Map<string, DataObject[]>();
    for (const object of objects) {
      const text = this.#represent(run, object);
      if (text === undefined) continue;
      const same = asked.get(text);
      if (same) {
        same.push(object);
        run.shared = true;
      } else asked.set(text, [object]);
    }
    if (asked.size === 0) return;
    const occurrences = [...asked.values()];
    try {
      const answers = await this.#ask(run, [...asked.keys()], variables);
      this.#take(run, occurrences, answers);
    } catch (error) {
      const failure = failureOf(error);
      for (const object of occurrences.flat()) this.#failWhole(run, object, failure);
    }
  }

  /** Lays what came at the objects it is for, then the errors: each at every place at which its entity stands. */
  #take(run: Run, occurrences: readonly (readonly DataObject[])[], answers: EntityAnswers): void {
    const { entities, errors, total, own } = answers;
    for (const [index, entity] of entities.entries()) {
      if (entity === null) continue;
      if (this.#node.outputRewrites) rewriteData(entity, this.#node.outputRewrites, this.#possibleTypes);
      for (const object of occurrences[index] ?? []) {
        merge(object, entity as DataObject, this.#possibleTypes, run.failures);
      }
    }
    for (const error of errors) {
      const [root, number, ...rest] = error.path ?? [];
      if (root === '_entities' && typeof number === 'number' && number < total) {
        for (const object of occurrences[own(number) ?? -1] ?? []) this.#place(run, object, error, rest);
      } else {
        const failure = failureFrom(error);
        for (const object of occurrences.flat()) this.#failWhole(run, object, failure);
      }
    }
  }

  /** An object's representation. Where it cannot be made, what this fetch would bring fails for the reason for which that is missing. */
  #represent(run: Run, object: DataObject): string | undefined {
    if (!this.#writer?.concerns(object)) return undefined;
    const text = this.#writer.write(object, run.failures);
    if (typeof text !== 'string') {
      for (const failure of this.#whyMissing(run, text)) this.#failWhole(run, object, failure);
      return undefined;
    }
    if (!this.#node.inputRewrites) return text;
    const representation = JSON.parse(text) as DataObject;
    rewriteData(representation, this.#node.inputRewrites, this.#possibleTypes);
    return JSON.stringify(representation);
  }

  #whyMissing(run: Run, { object, slot }: Missing): readonly Failure[] {
    const known = run.failures?.at(object)?.get(slot);
    if (known) {
      // Told with the fields that fail because of it.
      for (const failure of known) failure.told = true;
      return known.map(({ message, extensions }) => ({ message, extensions, below: [], told: false }));
    }
    const needed = this.#slots.map((top) => top.slot).join(', ');
    return [failureOf(new CasegraphError('DEPARTMENT_PROTOCOL', `No subgraph gave ${slot}, which ${needed} needs.`))];
  }

  /** A fetch that takes values from above its objects: those with the same values travel together. */
  async #runInContexts(run: Run): Promise<void> {
    const variables = this.#readVariables(run);
    const groups = new Map<string, { objects: DataObject[]; values: Record<string, unknown> }>();
    for (const { object, above } of targetsWithAbove(run.data, this.#path)) {
      const values: Record<string, unknown> = {};
      for (const { path, renameKeyTo } of this.#node.contextRewrites ?? []) {
        values[renameKeyTo] ??= readAbove([...above], path, this.#possibleTypes);
      }
      const text = JSON.stringify(values);
      const group = groups.get(text);
      if (group) group.objects.push(object);
      else groups.set(text, { objects: [object], values });
    }
    await Promise.all(
      [...groups.values()].map(({ objects, values }) =>
        this.#runForEntities(run, objects, { ...variables, ...values }),
      ),
    );
  }

  async #ask(
    run: Run,
    representations: readonly string[],
    variables: Readonly<Record<string, unknown>>,
  ): Promise<EntityAnswers> {
    const likes = this.#likes;
    if (likes === undefined) {
      const answer = await this.#send(run, variables, representations);
      const entities = this.#entities(answer, representations.length);
      return { entities, errors: answer.errors ?? [], total: entities.length, own: (index) => index };
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

  #send(
    run: Run,
    variables: Readonly<Record<string, unknown>>,
    representations: readonly string[] | undefined,
  ): Promise<SubgraphAnswer> {
    return this.#source.fetch({ operation: this.#operation, variables, representations }, run.scope);
  }

  #readVariables(run: Run): Record<string, unknown> {
    const variables: Record<string, unknown> = {};
    for (const name of this.#variables) {
      const value = run.variables[name];
      if (value !== undefined) variables[name] = value;
    }
    return variables;
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
    return new CasegraphError('DEPARTMENT_PROTOCOL', `The subgraph gave ${what}.`, { department: this.#source.name });
  }

  /** Lays an error at its place below an object; one that names no field of the fetch counts for all of them. */
  #place(run: Run, object: DataObject, error: NonNullable<SubgraphAnswer['errors']>[number], path: readonly unknown[]) {
    const [first] = path;
    const failure = failureFrom(error);
    if (typeof first !== 'string') this.#failWhole(run, object, failure);
    else {
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
    const name = object.__typename;
    let placed = false;
    for (const { slot, on } of this.#slots) {
      const applies =
        on === undefined || typeof name !== 'string' || on === name || this.#possibleTypes[on]?.includes(name);
      if (applies && (object[slot] === undefined || object[slot] === null)) {
        run.fail(object, slot, failure);
        placed = true;
      }
    }
    if (!placed) run.failUnplaced(failure);
  }
}

/** A slot at the top of a fetch, and the type for which it is fetched. */
interface TopSlot {
  readonly slot: string;
  readonly on: string | undefined;
}

function topSlots({ definitions }: DocumentNode, node: FetchNode): TopSlot[] {
  const slots: TopSlot[] = [];
  const renamed = new Map(
    node.outputRewrites?.flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1), rewrite.renameKeyTo]] : [],
    ),
  );
  const look = (set: SelectionSetNode | undefined, on: string | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const slot = (selection.alias ?? selection.name).value;
        if (slot !== '__typename') slots.push({ slot: renamed.get(slot) ?? slot, on });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        look(selection.selectionSet, selection.typeCondition?.name.value ?? on);
      }
    }
  };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const [first] = definition.selectionSet.selections;
    if (node.requires && first?.kind === Kind.FIELD) look(first.selectionSet, undefined);
    else look(definition.selectionSet, undefined);
  }
  return slots;
}

/** What is told of an error that a fetch ended with. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof CasegraphError)) throw error;
  return { message: error.message, extensions: error.extensions, below: [], told: false };
}

/** What is told of an error that a subgraph reported. */
function failureFrom({ message, extensions = {} }: NonNullable<SubgraphAnswer['errors']>[number]): Failure {
  return { message, extensions, below: [], told: false };
}
