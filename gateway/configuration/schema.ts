import { z } from 'zod';
import { SUBGRAPHS } from '../../subgraphs/modules.ts';
import { directorySettings } from '../../subgraphs/services/directory.ts';
import { operationsSettings, remoteSettings, serverSettings } from './server-settings.ts';
import { storeSettings } from './store-settings.ts';

const remoteSubgraph = z.strictObject({ remote: remoteSettings }).describe('A subgraph run apart, asked over HTTP');

type RemoteSubgraph = z.output<typeof remoteSubgraph>;

/** Each subgraph either has its own settings here and runs inside the gateway, or runs apart at an address. */
const subgraphSettings = z.strictObject(
  Object.fromEntries(
    SUBGRAPHS.map((module) => [
      module.name,
      z
        .union([remoteSubgraph, module.settings])
        .describe(`The ${module.name} subgraph: its own settings, or remote when it runs apart`),
    ]),
  ),
);

/** The whole configuration. What the file leaves out has the default given here. */
export const configurationSchema = z.strictObject({
  server: serverSettings,
  operations: operationsSettings.describe('Which operations are known by id, and whether others run'),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
        .default('info')
        .describe('Least important line written'),
    })
    .prefault({}),
  store: storeSettings.describe('What the gateway keeps itself'),
  directory: directorySettings.prefault({}).describe('Who handles cases: offices and the accounts that act for them'),
  supergraph: z
    .strictObject({
      file: z.string().min(1).default('schema/supergraph.graphql').describe('The composed supergraph'),
      watch: z.boolean().default(true).describe('Take over a changed file without a restart'),
    })
    .prefault({}),
  subgraphs: subgraphSettings.describe('The subgraphs, by name'),
});

export type Configuration = z.output<typeof configurationSchema>;

/** True for a subgraph that runs apart. */
export function isRemote(settings: unknown): settings is RemoteSubgraph {
  return typeof settings === 'object' && settings !== null && 'remote' in settings;
}
