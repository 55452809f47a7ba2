import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import fastify, { LogController } from 'fastify';
import { StoreUnavailable } from '../adapters/database/store-unavailable.ts';
import { SUBGRAPHS } from '../subgraphs/modules.ts';
import { ConfigurationRefused, loadConfiguration } from './configuration/load.ts';
import { isRemote } from './configuration/schema.ts';
import { SubgraphHost } from './hosting.ts';
import { createLog } from './log.ts';
import { Refused } from './refused.ts';
import { DEADLINE_HEADER } from './supergraph/remote.ts';

const USAGE = `npm run subgraph -- NAME --port N [--config FILE]
NAME is one of ${SUBGRAPHS.map(({ name }) => name).join(', ')}`;

class UsageRefused extends Refused {
  override readonly name = 'UsageRefused';
}

/** A subgraph's own deadline when its caller tells none, milliseconds. */
const DEADLINE_MS = 10_000;

async function main(): Promise<void> {
  const { name, port, configFile } = readArguments();
  const configuration = loadConfiguration(configFile, process.env);
  const settings = configuration.subgraphs[name];
  if (settings === undefined) throw new ConfigurationRefused(`subgraphs.${name}: is missing`);
  if (isRemote(settings))
    throw new ConfigurationRefused(`subgraphs.${name}: runs apart; give this process its own settings`);

  const log = createLog(configuration.log.level);
  const host = new SubgraphHost({
    store: configuration.store,
    directory: configuration.directory,
    log,
    observer: (record) => log.debug(record, 'department call'),
  });
  const { subgraph, executor } = await host.start(name, settings);
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 16 * 1_048_576,
  });
  app.post('/graphql', async (request, reply) => {
    const { query, variables, operationName } = request.body as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    const left = new AbortController();
    const timer = setTimeout(
      () => left.abort(new DOMException('deadline', 'TimeoutError')),
      Number(request.headers[DEADLINE_HEADER]) || DEADLINE_MS,
    );
    reply.raw.once('close', () => left.abort(new Error('the caller has left')));
    try {
      const requestId = String(request.headers['x-request-id'] ?? randomUUID());
      return await executor.run(
        { query, variables, operationName },
        subgraph.context({
          requestId,
          signal: left.signal,
          idempotencyKey: request.headers['idempotency-key']?.toString(),
        }),
      );
    } finally {
      clearTimeout(timer);
    }
  });
  app.get('/health/live', () => ({ live: true }));
  await app.listen({ port, host: '127.0.0.1' });
  const address = app.server.address() as AddressInfo;
  process.stdout.write(
    `${JSON.stringify({ msg: 'ready', subgraph: name, url: `http://127.0.0.1:${address.port}/graphql` })}\n`,
  );

  const stop = async () => {
    await app.close();
    await host.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function readArguments(): { name: string; port: number; configFile: string | undefined } {
  const { values, positionals } = parse();
  const [name] = positionals;
  const port = Number(values.port ?? Number.NaN);
  if (positionals.length !== 1 || name === undefined || !SUBGRAPHS.some((module) => module.name === name))
    throw new UsageRefused(USAGE);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageRefused(`--port: expected a port\n${USAGE}`);
  return { name, port, configFile: values.config };
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { port: { type: 'string' }, config: { type: 'string' } } });
  } catch (error) {
    throw new UsageRefused(`${(error as Error).message}\n${USAGE}`);
  }
}

await main().catch((error: unknown) => {
  if (!(error instanceof Refused || error instanceof StoreUnavailable)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
