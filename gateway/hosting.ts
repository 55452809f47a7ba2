import type { Logger } from 'pino';
import { openStore, type Store, type StoreOptions } from '../adapters/database/store.ts';
import type { CallObserver } from '../adapters/transport/observe.ts';
import { systemClock } from '../adapters/values/china-time.ts';
import { SubgraphExecutor } from '../subgraphs/execution.ts';
import { SUBGRAPHS } from '../subgraphs/modules.ts';
import { Directory, type DirectorySettings } from '../subgraphs/services/directory.ts';
import type { Subgraph, SubgraphServices } from '../subgraphs/subgraph.ts';

export interface HostOptions {
  readonly store: StoreOptions;
  readonly directory: DirectorySettings;
  readonly log: Logger;
  readonly observer: CallObserver;
}

/** A subgraph in service in this process. */
export interface HostedSubgraph {
  readonly subgraph: Subgraph;
  readonly executor: SubgraphExecutor;
}

/** Puts subgraph modules in service in this process and takes them out again, the store last. */
export class SubgraphHost {
  readonly #options: HostOptions;
  readonly #directory: Directory;
  readonly #hosted = new Map<string, HostedSubgraph>();
  readonly #stopping = new AbortController();
  #store: Promise<Store> | undefined;
  #resealing: Promise<void> | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#directory = new Directory(options.directory);
  }

  /** Creates and starts a module. Throws what its `create` and `start` throw. */
  async start(name: string, settings: unknown): Promise<HostedSubgraph> {
    const module = SUBGRAPHS.find((candidate) => candidate.name === name);
    if (!module) throw new Error(`no subgraph named ${name}`);
    const log = this.#options.log.child({ subgraph: name });
    const subgraph = await module.create(
      settings,
      this.#services((err, place) => log.error({ err, place }, 'work that nobody waits for failed')),
    );
    const executor = new SubgraphExecutor(subgraph.schema, (err, place) =>
      log.error({ err, place }, 'fault in a resolver'),
    );
    const hosted = { subgraph, executor };
    this.#hosted.set(name, hosted);
    await subgraph.start?.();
    return hosted;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#hosted.values()].reverse().map(({ subgraph }) => subgraph.stop()));
    this.#stopping.abort();
    await this.#resealing;
    await (await this.#store)?.close();
  }

  async #openStore(): Promise<Store> {
    const store = await openStore(this.#options.store);
    this.#resealing = this.#reseal(store);
    return store;
  }

  /** Changes of key and cipher are carried through beside the service; what is not done when it stops goes on with its next start. */
  async #reseal(store: Store): Promise<void> {
    const { log } = this.#options;
    try {
      const outcome = await store.reseal(this.#stopping.signal);
      if (outcome.resealed > 0) log.info(outcome, 'personal data sealed under the first column key');
    } catch (err) {
      log.error({ err }, 'personal data could not be sealed anew: keep every column key');
    }
  }

  #services(report: SubgraphServices['report']): SubgraphServices {
    return {
      report,
      directory: this.#directory,
      store: () => {
        this.#store ??= this.#openStore();
        return this.#store;
      },
      clock: systemClock,
      observer: this.#options.observer,
    };
  }
}
