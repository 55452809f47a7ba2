import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import {
  type Configuration,
  isRemote,
  type OperationsSettings,
  operationsSettings,
  remoteSettings,
  type ServerSettings,
} from './configuration/schema.ts';
import { Planner } from './execution/planning/planner.ts';
import { SubgraphHost } from './hosting.ts';
import { type ExampleOperation, readOperations } from './http/graphiql.ts';
import { Metrics } from './http/metrics.ts';
import { httpFront } from './http/server.ts';
import { OperationAdmission } from './operations/admission.ts';
import { Pipeline } from './pipeline.ts';
import { InProcessSource } from './supergraph/in-process.ts';
import { RemoteSource } from './supergraph/remote.ts';
import type { SubgraphSource } from './supergraph/source.ts';
import { Supergraph, SupergraphRefused } from './supergraph/supergraph.ts';

/** What front-end teams, auditors and hospitals would really send to our graph. */
const OPERATIONS = new URL('../seeds/operations/', import.meta.url);

/** A gateway in service. */
export interface RunningGateway {
  readonly url: string;
  /** Stops taking requests, lets running ones end, closes everything in the reverse order. */
  stop(): Promise<void>;
}

/** Starts a gateway with its departments, as configured. */
export async function startGateway(configuration: Configuration, log: Logger): Promise<RunningGateway> {
  const { server, store, supergraph, subgraphs } = configuration;
  const operations = new OperationAdmission(configuration.operations);
  const metrics = new Metrics();
  const host = new SubgraphHost({
    store,
    log,
    observer: (record) => {
      metrics.observeCall(record);
      log.debug(record, 'department call');
    },
  });
  try {
    const observer = metrics.observeCall;
    const sources = new Map<string, SubgraphSource>();
    for (const [name, settings] of Object.entries(subgraphs)) {
      if (isRemote(settings)) sources.set(name, new RemoteSource(name, { ...settings.remote, observer }));
      else {
        const { subgraph, executor } = await host.start(name, settings);
        sources.set(name, new InProcessSource(name, subgraph, executor));
      }
    }
    const sourceOf = (name: string) => {
      const source = sources.get(name);
      if (!source) throw new SupergraphRefused(`subgraph ${name} is not configured`);
      return source;
    };
    return await serve({
      server,
      operations,
      supergraph,
      sourceOf,
      sources: () => sources.values(),
      metrics,
      log,
      examples: readOperations(OPERATIONS),
      host,
    });
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** Serves any supergraph: subgraphs at the addresses in it, no department, no store. */
export async function startBareGateway(
  file: string,
  server: ServerSettings,
  log: Logger,
  operations: OperationsSettings = operationsSettings.parse({}),
): Promise<RunningGateway> {
  const metrics = new Metrics();
  const sources = new Map<string, SubgraphSource>();
  const sourceOf = (name: string, url: string) => {
    const known = sources.get(`${name} ${url}`);
    if (known) return known;
    if (!/^https?:\/\//.test(url))
      throw new SupergraphRefused(`subgraph ${name} has no http address in the supergraph`);
    const source = new RemoteSource(name, { ...remoteSettings.parse({ url }), observer: metrics.observeCall });
    sources.set(`${name} ${url}`, source);
    return source;
  };
  const supergraph = { file, watch: true };
  return serve({
    server,
    operations: new OperationAdmission(operations),
    supergraph,
    sourceOf,
    sources: () => sources.values(),
    metrics,
    log,
    examples: [],
  });
}

interface ServeOptions {
  readonly server: ServerSettings;
  readonly operations: OperationAdmission;
  readonly supergraph: { readonly file: string; readonly watch: boolean };
  readonly sourceOf: (name: string, url: string) => SubgraphSource;
  readonly sources: () => Iterable<SubgraphSource>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly examples: readonly ExampleOperation[];
  readonly host?: SubgraphHost;
}

async function serve({
  server,
  operations,
  supergraph: file,
  sourceOf,
  sources,
  metrics,
  log,
  examples,
  host,
}: ServeOptions): Promise<RunningGateway> {
  const planner = new Planner({ budgetMs: server.planningBudgetMs });
  const supergraph = await Supergraph.load({
    ...file,
    engine: { planner, sourceOf, settings: server },
    log: {
      info: (details, message) => log.info(details, message),
      error: (message) => log.error(message),
    },
  }).catch(async (error: unknown) => {
    await planner.close();
    throw error;
  });
  const pipeline = new Pipeline({ supergraph, operations, requestDeadlineMs: server.requestDeadlineMs });
  let stopping = false;
  const app = httpFront({
    settings: server,
    pipeline,
    metrics,
    log,
    examples,
    notReady: () => (stopping ? ['stopping'] : []),
  });
  try {
    await app.listen({ host: server.host, port: server.port });
  } catch (error) {
    await supergraph.close();
    await planner.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${server.host === '127.0.0.1' || server.host === '0.0.0.0' ? 'localhost' : server.host}:${port}`,
    async stop() {
      stopping = true;
      const cut = setTimeout(() => app.server.closeAllConnections(), server.drainMs);
      await app.close();
      clearTimeout(cut);
      await supergraph.close();
      await planner.close();
      await Promise.all([...sources()].map((source) => (source instanceof RemoteSource ? source.close() : undefined)));
      await host?.stop();
    },
  };
}
