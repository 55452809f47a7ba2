import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import { StoreUnavailable } from '../adapters/database/store-unavailable.ts';
import { DEFAULT_RESIDENTS, DEFAULT_SEED } from '../seeds/population.ts';
import { createLog } from './log.ts';
import { Refused } from './refused.ts';
import { startSimulators } from './sandbox/simulators.ts';
import type { RunningGateway } from './serving.ts';

const USAGE = `npm start [-- --port N --data DIR --seed N --residents N --quiet]   the sandbox: simulators, subgraphs, gateway
npm run gateway -- --config FILE                                    production
npm run gateway -- --supergraph FILE --port N                       any supergraph, nothing else`;

/** A command line that is not taken. */
class UsageRefused extends Refused {
  override readonly name = 'UsageRefused';
}

interface Started extends RunningGateway {
  /** Further members of the ready line. */
  readonly ready?: object;
  readonly summary?: string;
}

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const log = createLog(values.quiet ? 'warn' : 'info');
  const running = await start(values, log);
  process.stdout.write(
    `${JSON.stringify({ level: 30, time: new Date().toISOString(), msg: 'ready', url: running.url, ...running.ready })}\n`,
  );
  if (process.stdout.isTTY && running.summary) process.stdout.write(running.summary);

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    await running.stop();
    log.info('stopped');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

type Arguments = ReturnType<typeof readArguments>['values'];

/** The heavy parts are loaded by what is asked for; the simulators start while the gateway's own code is still being read. */
async function start(values: Arguments, log: Logger): Promise<Started> {
  const port = values.port === undefined ? undefined : wholeNumber('port', values.port, 0, 65_535);
  if (values.sandbox) {
    const population = {
      seed: values.seed === undefined ? DEFAULT_SEED : wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
      residents:
        values.residents === undefined ? DEFAULT_RESIDENTS : wholeNumber('residents', values.residents, 20, 1_000_000),
    };
    const [simulators, { startSandbox }] = await Promise.all([
      startSimulators(population),
      import('./sandbox/sandbox.ts'),
    ]);
    return startSandbox({ port: port ?? 4_000, data: values.data, population, simulators }, log);
  }
  if (values.config === undefined && values.supergraph === undefined) {
    throw new UsageRefused(`--config FILE or --supergraph FILE is needed\n${USAGE}`);
  }
  if (values.config === undefined) {
    const [{ startBareGateway }, { serverSettings }] = await Promise.all([
      import('./bare.ts'),
      import('./configuration/server-settings.ts'),
    ]);
    return startBareGateway(
      values.supergraph ?? '',
      serverSettings.parse({ ...(port !== undefined && { port }) }),
      log,
    );
  }
  const { startGateway } = await import('./gateway.ts');
  const { loadConfiguration } = await import('./configuration/load.ts');
  const { refuseSandboxCredentials } = await import('./configuration/sandbox-credentials.ts');
  const configuration = loadConfiguration(values.config, process.env);
  refuseSandboxCredentials(configuration);
  log.level = values.quiet ? 'warn' : configuration.log.level;
  const server = { ...configuration.server, ...(port !== undefined && { port }) };
  const supergraph = {
    ...configuration.supergraph,
    ...(values.supergraph !== undefined && { file: values.supergraph }),
  };
  return startGateway({ ...configuration, server, supergraph }, log);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        sandbox: { type: 'boolean', default: false },
        config: { type: 'string' },
        supergraph: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string', default: '.data' },
        seed: { type: 'string' },
        residents: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageRefused(`${(error as Error).message}\n${USAGE}`);
  }
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new UsageRefused(`--${name}: expected a whole number from ${low} to ${high}`);
}

await main().catch((error: unknown) => {
  const told = tell(error);
  if (told === undefined) throw error;
  process.stderr.write(`${told}\n`);
  process.exitCode = 1;
});

function tell(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof Refused || error instanceof StoreUnavailable) return error.message;
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE')
    return `port ${port} of ${address} is in use: stop what holds it, or give another with --port`;
  if (code === 'EACCES' && port !== undefined)
    return `port ${port} may not be opened by this user: give another with --port`;
  return undefined;
}
