import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { pino } from 'pino';
import { startBareGateway } from '../../../gateway/bare.ts';
import { serverSettings } from '../../../gateway/configuration/server-settings.ts';
import type { RunningGateway } from '../../../gateway/serving.ts';
import { composedSdl, type Generation, SUBGRAPHS, type SubgraphName, servedSchemas } from './graph.ts';
import { type SubgraphServer, serveSubgraph } from './subgraph-server.ts';

/** The library in service: its subgraphs on loopback ports and a supergraph file that leads to them. */
export interface Library {
  readonly supergraph: string;
  readonly subgraphs: Readonly<Record<SubgraphName, SubgraphServer>>;
  /** Composes a generation; `ports` puts something else in a subgraph's place. */
  compose(generation: Generation, ports?: Partial<Record<SubgraphName, number>>): string;
  /** Puts a text in the supergraph file's place at once, by renaming. */
  replace(text: string): void;
  close(): Promise<void>;
}

export async function openLibrary(): Promise<Library> {
  const schemas = servedSchemas();
  const entries = await Promise.all(SUBGRAPHS.map(async (name) => [name, await serveSubgraph(schemas[name])] as const));
  const subgraphs = Object.fromEntries(entries) as Record<SubgraphName, SubgraphServer>;
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-library-'));
  const supergraph = join(folder, 'supergraph.graphql');
  const compose: Library['compose'] = (generation, ports = {}) => {
    const sdl = composedSdl(generation);
    const services = SUBGRAPHS.map((name) => ({
      name,
      url: `http://127.0.0.1:${ports[name] ?? subgraphs[name].port}/graphql`,
      typeDefs: parse(sdl[name]),
    }));
    const { supergraphSdl, errors } = composeServices(services);
    if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'the library does not compose');
    return supergraphSdl;
  };
  writeFileSync(supergraph, compose('reviews'));
  return {
    supergraph,
    subgraphs,
    compose,
    replace(text) {
      writeFileSync(`${supergraph}.next`, text);
      renameSync(`${supergraph}.next`, supergraph);
    },
    async close() {
      await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** One more server of a subgraph, to stand at another address. */
export function servedSubgraph(name: SubgraphName): Promise<SubgraphServer> {
  return serveSubgraph(servedSchemas()[name]);
}

/** A gateway over the library in this process; `onLog` gets its log, a line at a time. */
export function startLibraryGateway(
  library: Library,
  settings: Readonly<Record<string, unknown>> = {},
  onLog?: (line: string) => void,
): Promise<RunningGateway> {
  const log = onLog ? pino({ level: 'info' }, { write: onLog }) : pino({ level: 'silent' });
  return startBareGateway(library.supergraph, serverSettings.parse({ port: 0, graphiql: false, ...settings }), log);
}
