import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Place } from '../../../adapters/database/home.ts';
import { type SimulatorName, startSimulators } from '../../../gateway/sandbox/simulators.ts';
import type { Population } from '../../../seeds/model.ts';
import { populate } from '../../../seeds/population.ts';
import { FrontEnd } from './front-end.ts';
import { Gateways } from './gateways.ts';
import { People } from './people.ts';

/** An effect at a department, as its ledger tells it. */
export interface Effect {
  readonly kind: string;
  readonly reference: string;
  readonly [more: string]: unknown;
}

/** What may befall a call to a simulator (contract, "Simulators"). */
export interface Fault {
  readonly kind: string;
  readonly match?: string;
  readonly times?: number;
  readonly probability?: number;
  readonly delayMs?: number;
}

/** The whole district: five departments, each a process that outlives the gateways, these, and somebody at a screen. */
export interface District {
  readonly gateways: Gateways;
  readonly frontEnd: FrontEnd;
  readonly people: People;
  /** Everybody, and what the departments had on them in the beginning. */
  readonly population: Population;
  /** 人员编号: what the medical insurance platform calls a resident. */
  personNumber(idNumber: string): string | undefined;
  /** Everything that a department believes happened, in order. */
  ledger(department: SimulatorName): Promise<readonly Effect[]>;
  fault(department: SimulatorName, fault: Fault): Promise<void>;
  clearFaults(department: SimulatorName): Promise<void>;
  /** Somebody on the department's side does something. */
  act(department: SimulatorName, act: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Whether finance knows where to send its notices. */
  hearFinance(heard: boolean): Promise<void>;
  stop(): Promise<void>;
}

const POPULATION = { seed: 421202, residents: 20_000 };

/**
 * Starts a district on a store that nobody has used yet.
 *
 * @param patienceMs How long the front end tries for an answer.
 */
export async function startDistrict(place: Place, patienceMs: number): Promise<District> {
  const simulators = await startSimulators(POPULATION);
  const population = populate(POPULATION);
  // Finance knows one address: what it tells while that gateway is away is asked for.
  const listener = { port: await freePort() };
  const listeners = place.url === undefined ? [listener] : [listener, { port: await freePort() }];
  const gateways = new Gateways(simulators.addresses, place, listeners);
  const control = async (department: SimulatorName, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulators.addresses[department].control}/control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${department} ${method} ${path}: ${await response.text()}`);
    return (await response.json()) as unknown;
  };
  const hearFinance = async (heard: boolean) => {
    const address = heard ? `127.0.0.1:${listener.port}` : '';
    await control('non-tax', 'POST', 'acts', { kind: 'set-notify', address });
  };
  const stop = async () => {
    await gateways.stop();
    await simulators.stop();
  };
  try {
    await hearFinance(true);
    await gateways.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    gateways,
    frontEnd: new FrontEnd(() => gateways.url, patienceMs),
    people: new People(population),
    population,
    personNumber: (idNumber) => population.medical.persons.find((one) => one.idNumber === idNumber)?.psnNo,
    ledger: async (department) => (await control(department, 'GET', 'ledger')) as readonly Effect[],
    fault: async (department, fault) => {
      await control(department, 'POST', 'faults', fault);
    },
    clearFaults: async (department) => {
      await control(department, 'DELETE', 'faults');
    },
    hearFinance,
    act: (department, act) => control(department, 'POST', 'acts', act),
    stop,
  };
}

/** A port that nobody holds now: finance must find the listener where it was before a restart. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
