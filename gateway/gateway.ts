import type { Logger } from 'pino';
import { type Configuration, isRemote } from './configuration/schema.ts';
import { HOSPITAL_OPERATIONS } from './consoles/hospital/operations.ts';
import { SubgraphHost } from './hosting.ts';
import { CHECK_PROOF, checkPage } from './http/check-page.ts';
import { readOperations } from './http/graphiql.ts';
import { Metrics } from './http/metrics.ts';
import { OperationAdmission } from './operations/admission.ts';
import { type RunningGateway, serve } from './serving.ts';
import { InProcessSource } from './supergraph/in-process.ts';
import { RemoteSource } from './supergraph/remote.ts';
import type { SubgraphSource } from './supergraph/source.ts';
import { SupergraphRefused } from './supergraph/supergraph.ts';

/** What front-end teams, auditors and hospitals would really send to our graph. */
const OPERATIONS = new URL('../seeds/operations/', import.meta.url);

/** What our own pages and command lines send: allowed also where only the operations of the manifest are. */
const OF_OUR_PAGES = [CHECK_PROOF, ...HOSPITAL_OPERATIONS];

/** Starts a gateway with its departments, as configured. */
export async function startGateway(configuration: Configuration, log: Logger): Promise<RunningGateway> {
  const { server, store, directory, supergraph, subgraphs } = configuration;
  const operations = new OperationAdmission({ ...configuration.operations, ofOurPages: OF_OUR_PAGES });
  const metrics = new Metrics();
  const host = new SubgraphHost({
    store: { ...store, observeCommit: metrics.observeCommit },
    directory,
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
      pages: checkPage,
      host,
    });
  } catch (error) {
    await host.stop();
    throw error;
  }
}
