import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from './contenders.ts';
import { compose, type Graph } from './graph.ts';
import type { Drive, Driven } from './load.ts';
import { readCores, type Servant, startServant } from './process.ts';
import type { Counts } from './subgraphs.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Subgraphs = Servant<Readonly<Record<string, string>>, object, Counts>;
export type LoadGenerator = Servant<string, Drive, Driven>;

/** What a contender is measured in: subgraphs and load generator on the other core, a supergraph file with the subgraphs' addresses. */
export interface Stage extends Surroundings {
  readonly subgraphs: Subgraphs;
  readonly generator: LoadGenerator;
  close(): Promise<void>;
}

/** Sets up a graph: `name` tells the subgraphs' process which. */
export async function openStage(name: 'clinics' | 'growth', graph: Graph): Promise<Stage> {
  const { others: core } = readCores();
  const subgraphs: Subgraphs = await startServant(core, ['tests/bench/engine/subgraphs.ts', name]);
  const generator: LoadGenerator = await startServant(core, ['tests/bench/engine/load.ts']);
  const supergraphFile = join(temporaryFolder(), 'supergraph.graphql');
  writeFileSync(supergraphFile, compose(graph, subgraphs.ready));
  return {
    subgraphs,
    generator,
    supergraphFile,
    addresses: subgraphs.ready,
    async close() {
      await generator.stop();
      await subgraphs.stop();
    },
  };
}
