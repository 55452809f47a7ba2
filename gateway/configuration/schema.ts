import { z } from 'zod';
import { SUBGRAPHS } from '../../subgraphs/modules.ts';
import { operationsSettings, remoteSettings, serverSettings } from './server-settings.ts';

/** A 32-byte key in Base64. */
const key = z
  .base64()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'expected 32 bytes in Base64')
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

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
  store: z
    .strictObject({
      path: z.string().min(1).default('.data/casegraph.sqlite').describe('The SQLite file'),
      handleKey: key.describe('Key of the handles that stand for people: 32 bytes in Base64'),
      columnKey: key.describe('Key that encrypts personal columns: 32 bytes in Base64'),
    })
    .describe('What the gateway keeps itself'),
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
