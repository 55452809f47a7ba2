import type { Kysely } from 'kysely';
import type { Counter } from '../transport/counter.ts';
import type { Tables } from './tables.ts';

/** Numbers taken from the store at once. A restart loses what was taken and not given, never gives one twice. */
const BLOCK = 20;

/** Serial numbers that are never given twice, whatever ends or restarts. */
export class StoredCounter implements Counter {
  readonly #db: Kysely<Tables>;
  readonly #blocks = new Map<string, { next: number; end: number }>();
  readonly #taking = new Map<string, Promise<void>>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async next(series: string): Promise<number> {
    for (;;) {
      const block = this.#blocks.get(series);
      if (block !== undefined && block.next <= block.end) {
        block.next += 1;
        return block.next - 1;
      }
      let taking = this.#taking.get(series);
      if (taking === undefined) {
        taking = this.#take(series).finally(() => this.#taking.delete(series));
        this.#taking.set(series, taking);
      }
      await taking;
    }
  }

  async #take(series: string): Promise<void> {
    const { value } = await this.#db
      .insertInto('counter')
      .values({ series, value: BLOCK })
      .onConflict((conflict) =>
        conflict.column('series').doUpdateSet((row) => ({ value: row('counter.value', '+', BLOCK) })),
      )
      .returning('value')
      .executeTakeFirstOrThrow();
    this.#blocks.set(series, { next: Number(value) - BLOCK + 1, end: Number(value) });
  }
}
