import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** The simulators, by name, and where each is reached. */
export type SimulatorAddresses = Readonly<Record<SimulatorName, { readonly url: string; readonly control: string }>>;

export const SIMULATORS = [
  'medical-insurance',
  'non-tax',
  'real-estate',
  'disability-subsidy',
  'unified-acceptance',
] as const;

export type SimulatorName = (typeof SIMULATORS)[number];

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
      SIMULATORS.map(async (name): Promise<[SimulatorName, SimulatorAddresses[SimulatorName]]> => {
        const child = fork(PROGRAM, [name, '--seed', String(options.seed), '--residents', String(options.residents)], {
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        });
        children.push(child);
        return [name, await ready(name, child)];
      }),
    );
    return { addresses: Object.fromEntries(started) as SimulatorAddresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(name: SimulatorName, child: ChildProcess): Promise<SimulatorAddresses[SimulatorName]> {
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
