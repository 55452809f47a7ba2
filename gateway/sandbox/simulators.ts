import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The simulators, by name, and where each is reached. */
export type SimulatorAddresses = Readonly<Record<SimulatorName, SimulatorAddress>>;

export interface SimulatorAddress {
  readonly url: string;
  readonly control: string;
  /** Where the department sends what it tells of itself, `HOST:PORT`, when it does: our listener is to be there. */
  readonly notify?: string;
}

export const SIMULATORS = [
  'medical-insurance',
  'non-tax',
  'real-estate',
  'disability-subsidy',
  'unified-acceptance',
] as const;

export type SimulatorName = (typeof SIMULATORS)[number];

/** Those that call back. */
const CALLS_BACK: ReadonlySet<SimulatorName> = new Set(['non-tax']);

/** Started by path: the gateway imports no department's code. */
const PROGRAM = new URL('../../adapters/simulate.ts', import.meta.url).pathname;

export interface SimulatorsOptions {
  readonly seed: number;
  readonly residents: number;
}

export interface RunningSimulators {
  readonly addresses: SimulatorAddresses;
  stop(): Promise<void>;
}

/** Starts every simulator as a process of its own. They end with this one, however it ends. */
export async function startSimulators(options: SimulatorsOptions): Promise<RunningSimulators> {
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.map(end));
  };
  try {
    const started = await Promise.all(
      SIMULATORS.map(async (name): Promise<[SimulatorName, SimulatorAddress]> => {
        const notify = CALLS_BACK.has(name) ? { notify: `127.0.0.1:${await freePort()}` } : {};
        const population = ['--seed', String(options.seed), '--residents', String(options.residents)];
        const listener = Object.entries(notify).flatMap(([option, address]) => [`--${option}`, address]);
        const child = fork(PROGRAM, [name, ...population, ...listener], {
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        });
        children.push(child);
        return [name, { ...(await ready(name, child)), ...notify }];
      }),
    );
    return { addresses: Object.fromEntries(started) as SimulatorAddresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that nobody has, for an address that must be known before anybody listens there: both ends of a call back do. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function ready(name: SimulatorName, child: ChildProcess): Promise<SimulatorAddress> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the simulator of ${name} ended with code ${code} before it was ready`);
    }),
  ]);
  const { url, control } = message as { url: string; control: string };
  return { url, control };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
