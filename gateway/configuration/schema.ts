import { z } from 'zod';
import { SUBGRAPHS } from '../../subgraphs/modules.ts';

const milliseconds = z.int().positive();

/** A 32-byte key in Base64. */
const key = z
  .base64()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'expected 32 bytes in Base64')
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

const remoteSubgraph = z
  .strictObject({
    remote: z.strictObject({
      url: z.url({ protocol: /^https?$/ }).describe('Address of the subgraph'),
      connections: z.int().positive().default(32).describe('Sockets kept to it'),
      connectTimeoutMs: milliseconds.default(3_000).describe('Milliseconds to connect'),
    }),
  })
  .describe('A subgraph run apart, asked over HTTP');

type RemoteSubgraph = z.output<typeof remoteSubgraph>;

/** How the HTTP front behaves, with or without departments. */
export const serverSettings = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
    port: z.int().min(0).max(65_535).default(4_000).describe('Port to listen on; 0 takes any free one'),
    requestDeadlineMs: milliseconds
      .default(10_000)
      .describe('Milliseconds after which an answer leaves with what is there; departments that are late answer null'),
    graphiql: z.boolean().default(true).describe('Serve GraphiQL to browsers at /graphql'),
    bodyLimitBytes: z.int().positive().default(1_048_576).describe('Largest request body'),
    maxTokens: z.int().positive().default(20_000).describe('Most tokens in a document'),
    drainMs: milliseconds.default(10_000).describe('Milliseconds given to running requests when stopping'),
  })
  .prefault({});

export type ServerSettings = z.output<typeof serverSettings>;

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
