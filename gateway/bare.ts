import type { Logger } from 'pino';
import {
  type OperationsSettings,
  operationsSettings,
  remoteSettings,
  type ServerSettings,
} from './configuration/server-settings.ts';
import { Metrics } from './http/metrics.ts';
import { OperationAdmission } from './operations/admission.ts';
import { type RunningGateway, serve } from './serving.ts';
import { RemoteSource } from './supergraph/remote.ts';
import type { SubgraphSource } from './supergraph/source.ts';
import { SupergraphRefused } from './supergraph/supergraph.ts';

/** A subgraph of which nothing is known but its address: it has 5 s for a read (contract, "Limits by default"). */
const UNKNOWN = { line: { deadline: { readMs: 5_000 } } };

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
    const source = new RemoteSource(name, {
      ...remoteSettings.parse({ url, ...UNKNOWN }),
      observer: metrics.observeCall,
    });
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
    // An address that no supergraph names any more.
    retired(source) {
      for (const [key, known] of sources) if (known === source) sources.delete(key);
      source.close().catch((err: unknown) => log.error({ err }, 'a subgraph could not be let go'));
    },
    metrics,
    log,
    examples: [],
  });
}
