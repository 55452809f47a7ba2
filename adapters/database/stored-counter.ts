import type { Counter } from '../transport/counter.ts';
import type { Writer } from './writing.ts';

/**
 * Numbers taken from the store at once: few at first, twice as many each time they are used up within a moment, since every taking stops
 * the process for a write to disk. A restart loses what was taken and not given, never gives one twice.
 */
const BLOCK = { least: 20, most: 320, momentMs: 1_000 };

interface Block {
  next: number;
  readonly end: number;
  readonly size: number;
  readonly takenAt: number;
}

/**
 * Serial numbers that are never given twice, whatever ends or restarts, whichever processes count and wherever their clocks stand. Not
 * to be asked inside a unit of work: the taking is a unit of its own.
 */
export class StoredCounter implements Counter {
  readonly #writer: Writer;
  readonly #blocks = new Map<string, Block>();
  readonly #taking = new Map<string, Promise<void>>();

  constructor(writer: Writer) {
    this.#writer = writer;
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
    const before = this.#blocks.get(series);
    const busy = before !== undefined && performance.now() - before.takenAt < BLOCK.momentMs;
    const size = busy ? Math.min(before.size * 2, BLOCK.most) : BLOCK.least;
    const { value: end } = await this.#writer.write((tx) =>
      tx
        .insertInto('counter')
        .values({ series, value: size })
        .onConflict((conflict) =>
          conflict.column('series').doUpdateSet((row) => ({ value: row('counter.value', '+', size) })),
        )
        .returning('value')
        .executeTakeFirstOrThrow(),
    );
    this.#blocks.set(series, { next: end - size + 1, end, size, takenAt: performance.now() });
  }
}
