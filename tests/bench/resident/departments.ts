import type { Configuration } from '../../../gateway/configuration/schema.ts';
import { sandboxConfiguration } from '../../../gateway/sandbox/sandbox.ts';
import {
  SIMULATORS,
  type SimulatorAddresses,
  type SimulatorName,
  startSimulators,
} from '../../../gateway/sandbox/simulators.ts';
import { DEFAULT_RESIDENTS, DEFAULT_SEED } from '../../../seeds/population.ts';
import { temporaryFolder } from '../engine/temporary-folder.ts';

const HOUR_MS = 3_600_000;

/** What a simulator counted of the calls that it had. */
export interface Calls {
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
  readonly highestInFlight: number;
  readonly serviceMs: number;
}

/** Simulators of all departments in processes of their own, and a configuration of subgraphs in front of them. */
export interface Departments {
  readonly configuration: Configuration;
  calls(): Promise<Record<SimulatorName, Calls>>;
  delay(delayMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts them with a store of their own, no rates, no quotas and no deadlines; limits of concurrency stay. */
export async function openDepartments(): Promise<Departments> {
  const population = { seed: DEFAULT_SEED, residents: DEFAULT_RESIDENTS };
  const { addresses, stop } = await startSimulators(population);
  const data = temporaryFolder();
  return {
    configuration: unhurried(sandboxConfiguration(addresses, { port: 0, data, population })),
    calls: () => readCalls(addresses),
    async delay(delayMs) {
      for (const name of SIMULATORS) {
        await control(addresses[name].control, 'POST', 'faults', { kind: 'delay', delayMs });
      }
    },
    stop,
  };
}

async function readCalls(addresses: SimulatorAddresses): Promise<Record<SimulatorName, Calls>> {
  const read = async (name: SimulatorName) => [name, await control(addresses[name].control, 'GET', 'calls')];
  return Object.fromEntries(await Promise.all(SIMULATORS.map(read))) as Record<SimulatorName, Calls>;
}

function unhurried(configuration: Configuration): Configuration {
  const lifted = structuredClone(configuration);
  Object.assign(lifted.server, { requestDeadlineMs: HOUR_MS });
  for (const line of Object.values(lines(lifted))) {
    Object.assign(line, { rates: [], readTimeoutMs: HOUR_MS, deadline: { readMs: HOUR_MS, writeMs: HOUR_MS } });
  }
  return lifted;
}

interface Line {
  readonly concurrency: number;
}

/** How each department is called, as configured. */
export function lines(configuration: Configuration): Record<SimulatorName, Line> {
  const { acceptance, medical, nontax, realestate, subsidy } = configuration.subgraphs as Record<
    string,
    { line: Line }
  >;
  return {
    'unified-acceptance': acceptance?.line as Line,
    'medical-insurance': medical?.line as Line,
    'non-tax': nontax?.line as Line,
    'real-estate': realestate?.line as Line,
    'disability-subsidy': subsidy?.line as Line,
  };
}

async function control(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/control/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${url} ${path}: ${await response.text()}`);
  return response.json();
}
