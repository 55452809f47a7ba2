import { isLongNumber } from '../../precise-json.ts';
import type { SubgraphAnswer } from '../../supergraph/source.ts';

/** The entities that were asked for together, and what came for each. */
export interface EntityAnswers {
  /** By representation, in the order in which this part asked. */
  readonly entities: readonly unknown[];
  readonly errors: NonNullable<SubgraphAnswer['errors']>;
  /** How many were asked for in all. */
  readonly total: number;
  /** From the number of a representation in an error's path to that in `entities`; undefined for those of another part. */
  readonly own: (index: number) => number | undefined;
}

/**
 * Fetches of one request that ask the same of the same subgraph and start in the same turn: they travel as one, each distinct
 * representation once.
 */
export class PendingFetch {
  readonly #numbers = new Map<string, number>();
  readonly #send: (representations: readonly string[]) => Promise<SubgraphAnswer>;
  readonly #answer: Promise<SubgraphAnswer>;
  #parts = 0;

  /** `closed` is called when no more can join. */
  constructor(send: (representations: readonly string[]) => Promise<SubgraphAnswer>, closed: () => void) {
    this.#send = send;
    this.#answer = new Promise((resolve, reject) => {
      queueMicrotask(() => {
        closed();
        this.#send([...this.#numbers.keys()]).then(resolve, reject);
      });
    });
  }

  /** Asks for more. Rejects like the fetch itself; the list of entities is checked by `entitiesOf`. */
  async join(
    representations: readonly string[],
    entitiesOf: (answer: SubgraphAnswer, count: number) => readonly unknown[],
  ): Promise<EntityAnswers> {
    const numbers = representations.map((text) => {
      const number = this.#numbers.get(text) ?? this.#numbers.size;
      this.#numbers.set(text, number);
      return number;
    });
    const first = this.#parts === 0;
    this.#parts += 1;
    const answer = await this.#answer;
    const all = entitiesOf(answer, this.#numbers.size);
    const own = new Map(numbers.map((number, index) => [number, index]));
    // Each part completes its objects by itself: what one adds must not show at another's places.
    const entities = numbers.map((number) => (first ? all[number] : copy(all[number])));
    return { entities, errors: answer.errors ?? [], total: all.length, own: (index) => own.get(index) };
  }
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isLongNumber(value)) return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
}
