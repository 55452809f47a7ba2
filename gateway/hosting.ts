import type { Logger } from 'pino';
import { openStore, type Store, type StoreOptions } from '../adapters/database/store.ts';
import type { CallObserver } from '../adapters/transport/observe.ts';
import { systemClock } from '../adapters/values/china-time.ts';
import { SubgraphExecutor } from '../subgraphs/execution.ts';
import { SUBGRAPHS } from '../subgraphs/modules.ts';
import type { Subgraph, SubgraphServices } from '../subgraphs/subgraph.ts';

export interface HostOptions {
  readonly store: StoreOptions;
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
  readonly #hosted = new Map<string, HostedSubgraph>();
  #store: Promise<Store> | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  /** Creates and starts a module. Throws what its `create` and `start` throw. */
  async start(name: string, settings: unknown): Promise<HostedSubgraph> {
    const module = SUBGRAPHS.find((candidate) => candidate.name === name);
    if (!module) throw new Error(`no subgraph named ${name}`);
    const subgraph = await module.create(settings, this.#services());
    const log = this.#options.log.child({ subgraph: name });
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
    await (await this.#store)?.close();
  }

  #services(): SubgraphServices {
    return {
      store: () => {
        this.#store ??= openStore(this.#options.store);
        return this.#store;
      },
      clock: systemClock,
      observer: this.#options.observer,
    };
  }
}
