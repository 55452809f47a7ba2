import type { RequestScope } from '../../supergraph/request-scope.ts';
import { type Failure, Failures } from '../response/failures.ts';
import type { PendingFetch } from './merged-fetch.ts';

/** An object of the data that a request gathers, by slots. */
export type DataObject = Record<string, unknown>;

/** One request's way through its plan: what it knows so far, and what went wrong. */
export class Run {
  readonly data: DataObject = Object.create(null);
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scope: RequestScope;
  /** Fetches that wait for the end of the turn in which they started, so that like ones travel as one. */
  readonly pending = new Map<object, PendingFetch>();
  /** True when a fetch must wait for what the plan brings only after it; then the plan is run once more, for what is not there yet. */
  early = false;
  /** True in that second time. */
  again = false;
  #failures: Failures | undefined;
  readonly #fetches = new Map<string, PromiseWithResolvers<void>>();

  constructor(scope: RequestScope, variables: Readonly<Record<string, unknown>>) {
    this.scope = scope;
    this.variables = variables;
  }

  /** Undefined as long as nothing went wrong. */
  get failures(): Failures | undefined {
    return this.#failures;
  }

  /** Lays a failure at a place of the data. */
  fail(container: object, slot: string | number, failure: Failure): void {
    this.#failures ??= new Failures();
    this.#failures.add(container, slot, failure);
  }

  /** Runs the fetch of a plan that has an id, for which a deferred part may wait. */
  async finish(id: string, fetch: Promise<void>): Promise<void> {
    await fetch;
    this.#fetch(id).resolve();
  }

  /** Resolves when the fetch of that id is done. */
  finished(id: string): Promise<void> {
    return this.#fetch(id).promise;
  }

  #fetch(id: string): PromiseWithResolvers<void> {
    const known = this.#fetches.get(id) ?? Promise.withResolvers<void>();
    this.#fetches.set(id, known);
    return known;
  }

  failUnplaced(failure: Failure): void {
    this.#failures ??= new Failures();
    this.#failures.addUnplaced(failure);
  }
}
