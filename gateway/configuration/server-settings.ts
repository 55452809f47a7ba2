import { z } from 'zod';
import { COMMON_LINE, lineSettings } from '../../adapters/transport/settings.ts';

const milliseconds = z.int().positive();

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
    planningBudgetMs: milliseconds.default(5_000).describe('Milliseconds that planning one operation may take'),
    cacheBytes: z
      .int()
      .positive()
      .default(64 * 1_048_576)
      .describe('Bytes that compiled operations may take, roughly; the longest unused are given up'),
    overrideLabels: z
      .array(z.string().min(1))
      .default([])
      .describe('Labels of @override that hold; percent(N) needs none, it holds for so many of a hundred requests'),
    drainMs: milliseconds.default(10_000).describe('Milliseconds given to running requests when stopping'),
  })
  .prefault({});

export type ServerSettings = z.output<typeof serverSettings>;

/** Which operations are known by id, and whether others run. */
export const operationsSettings = z
  .strictObject({
    manifest: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The trusted operations: a folder of files NAME.graphql, or a JSON file in the format apollo-persisted-query-manifest',
      ),
    only: z
      .boolean()
      .default(false)
      .describe(
        'Refuse every operation that is not in the manifest. Clients can then register none, and GraphiQL can ask nothing: its introspection is refused too',
      ),
    automatic: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe('Let clients register operations under their hash (automatic persisted queries), in memory'),
        cacheBytes: z
          .int()
          .positive()
          .default(8 * 1_048_576)
          .describe('Bytes that registered operations may take, roughly; the longest unused are given up'),
      })
      .prefault({})
      .describe('Automatic persisted queries'),
  })
  .refine(({ only, manifest }) => !only || manifest !== undefined, {
    path: ['manifest'],
    message: 'is needed where only is true',
  })
  .prefault({});

export type OperationsSettings = z.output<typeof operationsSettings>;

/** What a request to a subgraph says for itself: its body, its connection, its id. */
const OWN_HEADERS = new Set(
  [
    'host',
    'connection',
    'content-length',
    'content-type',
    'accept',
    'transfer-encoding',
    'keep-alive',
    'upgrade',
    'te',
  ].concat(['trailer', 'expect', 'x-request-id', 'x-casegraph-deadline-ms']),
);

/** What is known of a subgraph that is asked over HTTP. */
export const remoteSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the subgraph'),
  line: lineSettings({
    connectTimeoutMs: 3_000,
    readTimeoutMs: 60_000,
    // Below the request's own, so that the breaker learns of a subgraph that never answers.
    deadline: { readMs: 9_000, writeMs: 60_000 },
    concurrency: 64,
    rates: [],
    ...COMMON_LINE,
  }).describe('How it is asked'),
  forwardHeaders: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'expected a header name in lower case')
        .refine((name) => !OWN_HEADERS.has(name), 'is told by the gateway itself'),
    )
    .default(['idempotency-key'])
    .describe("The client's headers that are passed on to it, in lower case"),
  coalesce: z
    .boolean()
    .default(true)
    .describe('Send queries that are alike, forwarded headers included, and in flight at the same time once'),
});
