import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Engine, type EngineOptions } from '../execution/engine.ts';
import { Refused } from '../refused.ts';
import type { SubgraphSource } from './source.ts';

export interface SupergraphOptions {
  readonly file: string;
  readonly watch: boolean;
  readonly engine: EngineOptions;
  readonly log: SupergraphLog;
  /** Told of a source that no supergraph in service asks any more. */
  readonly retired?: (source: SubgraphSource) => void;
}

export interface SupergraphLog {
  info(details: object, message: string): void;
  error(message: string): void;
}

/** A supergraph that cannot be put in service. */
export class SupergraphRefused extends Refused {
  override readonly name = 'SupergraphRefused';
}

/** Before a new supergraph takes over, so many of the operations used most are compiled for it, in so many milliseconds at most. */
const WARM_UP = { operations: 100, budgetMs: 5_000 };

/** Editors write a file in several steps; a change is looked at when it has been quiet for so long. */
const SETTLE_MS = 100;

/** The supergraph in service: one engine at a time, replaced when its file changes, the old one drained. */
export class Supergraph {
  readonly #options: SupergraphOptions;
  #current: Engine;
  #text: string;
  /** How many requests run on each engine. */
  readonly #running = new Map<Engine, number>();
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;
  #reloading: Promise<unknown> = Promise.resolve();

  private constructor(options: SupergraphOptions, text: string, engine: Engine) {
    this.#options = options;
    this.#text = text;
    this.#current = engine;
  }

  /** Loads the file. Throws `SupergraphRefused`, naming the file and what is wrong. */
  static async load(options: SupergraphOptions): Promise<Supergraph> {
    const text = await readText(options.file);
    const supergraph = new Supergraph(options, text, await build(options, text));
    if (options.watch) supergraph.#watch();
    return supergraph;
  }

  get current(): Engine {
    return this.#current;
  }

  /** The engine in service, which stays whole until it is given back. */
  borrow(): { readonly engine: Engine; giveBack(): void } {
    const engine = this.#current;
    this.#running.set(engine, (this.#running.get(engine) ?? 0) + 1);
    return {
      engine,
      giveBack: () => {
        const left = (this.#running.get(engine) ?? 1) - 1;
        this.#running.set(engine, left);
        if (left === 0) this.#retire(engine);
      },
    };
  }

  /** Takes over the file as it is now, one change after the other. Throws `SupergraphRefused` and keeps what is in service. */
  reload(): Promise<boolean> {
    const reloading = this.#reloading.then(() => this.#takeOver());
    this.#reloading = reloading.catch(() => undefined);
    return reloading;
  }

  async close(): Promise<void> {
    clearTimeout(this.#settling);
    this.#watcher?.close();
    await this.#reloading;
    await this.#current.stop();
  }

  async #takeOver(): Promise<boolean> {
    const text = await readText(this.#options.file);
    if (text === this.#text) return false;
    const next = await build(this.#options, text);
    const previous = this.#current;
    const warmed = await next.warmUp(previous, WARM_UP.operations, WARM_UP.budgetMs);
    this.#text = text;
    this.#current = next;
    this.#options.log.info({ supergraph: next.id, previous: previous.id, warmed }, 'supergraph taken over');
    if ((this.#running.get(previous) ?? 0) === 0) this.#retire(previous);
    return true;
  }

  #retire(engine: Engine): void {
    this.#running.delete(engine);
    if (engine === this.#current) return;
    const inUse = new Set([this.#current, ...this.#running.keys()].flatMap((live) => [...live.sources]));
    for (const source of engine.sources) if (!inUse.has(source)) this.#options.retired?.(source);
    engine.stop().catch((error: unknown) => this.#options.log.error(`supergraph ${engine.id}: ${String(error)}`));
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

async function build({ file, engine }: SupergraphOptions, text: string): Promise<Engine> {
  try {
    return await Engine.build(text, engine);
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
