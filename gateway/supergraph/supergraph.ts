import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Refused } from '../refused.ts';
import { buildGeneration, type Generation, type GenerationLog, type SourceOf } from './generation.ts';

export interface SupergraphOptions {
  readonly file: string;
  readonly watch: boolean;
  readonly sourceOf: SourceOf;
  readonly log: GenerationLog & { info(details: object, message: string): void };
}

/** A supergraph that cannot be put in service. */
export class SupergraphRefused extends Refused {
  override readonly name = 'SupergraphRefused';
}

/** Editors write a file in several steps; a change is looked at when it has been quiet for so long. */
const SETTLE_MS = 100;

/** The supergraph in service: one generation at a time, replaced when its file changes, the old one drained. */
export class Supergraph {
  readonly #options: SupergraphOptions;
  #current: Generation;
  #text: string;
  readonly #running = new Map<Generation, number>();
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;

  private constructor(options: SupergraphOptions, text: string, generation: Generation) {
    this.#options = options;
    this.#text = text;
    this.#current = generation;
  }

  /** Loads the file. Throws `SupergraphRefused`, naming the file and what is wrong. */
  static async load(options: SupergraphOptions): Promise<Supergraph> {
    const text = await readText(options.file);
    const supergraph = new Supergraph(options, text, await build(options, text));
    if (options.watch) supergraph.#watch();
    return supergraph;
  }

  get current(): Generation {
    return this.#current;
  }

  /** Runs with the current generation, which stays whole until the work has ended. */
  async use<T>(work: (generation: Generation) => Promise<T>): Promise<T> {
    const generation = this.#current;
    this.#running.set(generation, (this.#running.get(generation) ?? 0) + 1);
    try {
      return await work(generation);
    } finally {
      const left = (this.#running.get(generation) ?? 1) - 1;
      this.#running.set(generation, left);
      if (left === 0) this.#retire(generation);
    }
  }

  /** Takes over the file as it is now. Throws `SupergraphRefused` and keeps what is in service. */
  async reload(): Promise<boolean> {
    const text = await readText(this.#options.file);
    if (text === this.#text) return false;
    const next = await build(this.#options, text);
    const previous = this.#current;
    this.#text = text;
    this.#current = next;
    this.#options.log.info({ generation: next.id, previous: previous.id }, 'supergraph taken over');
    if ((this.#running.get(previous) ?? 0) === 0) this.#retire(previous);
    return true;
  }

  async close(): Promise<void> {
    clearTimeout(this.#settling);
    this.#watcher?.close();
    await this.#current.stop();
  }

  #retire(generation: Generation): void {
    this.#running.delete(generation);
    if (generation === this.#current) return;
    generation
      .stop()
      .catch((error: unknown) => this.#options.log.error(`generation ${generation.id}: ${String(error)}`));
  }

  #watch(): void {
    const { file, log } = this.#options;
    const name = basename(file);
    // The folder is watched, since a replaced file is another file.
    this.#watcher = watch(dirname(file), (_, changed) => {
      if (changed !== null && changed !== name) return;
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => {
        this.reload().catch((error: unknown) => {
          log.error(`${error instanceof Error ? error.message : String(error)}; the supergraph in service stays`);
        });
      }, SETTLE_MS);
    });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SupergraphRefused(`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

async function build({ file, sourceOf, log }: SupergraphOptions, text: string): Promise<Generation> {
  try {
    return await buildGeneration(text, sourceOf, log);
  } catch (error) {
    throw new SupergraphRefused(`${file}: not a supergraph that can be served: ${describe(error)}`, { cause: error });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [location] =
    'locations' in error && Array.isArray(error.locations)
      ? (error.locations as { line: number; column: number }[])
      : [];
  return location ? `${error.message} (line ${location.line}, column ${location.column})` : error.message;
}
