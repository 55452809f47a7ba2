import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ServerSettings } from './configuration/server-settings.ts';
import { Planner } from './execution/planning/planner.ts';
import type { SubgraphHost } from './hosting.ts';
import type { ExampleOperation } from './http/graphiql.ts';
import type { Metrics } from './http/metrics.ts';
import { httpFront } from './http/server.ts';
import type { OperationAdmission } from './operations/admission.ts';
import { Pipeline } from './pipeline.ts';
import { RemoteSource } from './supergraph/remote.ts';
import type { SubgraphSource } from './supergraph/source.ts';
import { Supergraph } from './supergraph/supergraph.ts';

/** A gateway in service. */
export interface RunningGateway {
  readonly url: string;
  /** Stops taking requests, lets running ones end, closes everything in the reverse order. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly server: ServerSettings;
  readonly operations: OperationAdmission;
  readonly supergraph: { readonly file: string; readonly watch: boolean };
  readonly sourceOf: (name: string, url: string) => SubgraphSource;
  readonly sources: () => Iterable<SubgraphSource>;
  readonly retired?: (source: SubgraphSource) => void;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly examples: readonly ExampleOperation[];
  /** Adds the pages that only departments give a meaning to. */
  readonly pages?: (app: FastifyInstance) => void;
  readonly host?: SubgraphHost;
}

/** Puts a supergraph in service: the engine, the pipeline and the HTTP front. Throws when one of them cannot start. */
export async function serve({
  server,
  operations,
  supergraph: file,
  sourceOf,
  sources,
  retired,
  metrics,
  log,
  examples,
  pages,
  host,
}: ServeOptions): Promise<RunningGateway> {
  const planner = new Planner({ budgetMs: server.planningBudgetMs });
  const supergraph = await Supergraph.load({
    ...file,
    engine: { planner, sourceOf, settings: server },
    ...(retired && { retired }),
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
    pages,
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
