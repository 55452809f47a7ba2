import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SimulatorAddress, SimulatorAddresses } from '../../gateway/sandbox/simulators.ts';
import type { Population } from '../../seeds/model.ts';
import { populate } from '../../seeds/population.ts';
import type { Fault } from '../journeys/services/district.ts';

/** Something that the platform did, as its ledger tells it. */
export interface LedgerLine {
  readonly kind: string;
  /** The platform's own number of what was done, or undone. */
  readonly reference: string;
  /** 人员编号 of the person. */
  readonly subject?: string;
  /** The message that did it. */
  readonly msgid?: string;
  readonly provider?: string;
  readonly [more: string]: unknown;
}

/** How the platform was called. */
export interface Calls {
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
  readonly highestInFlight: number;
}

const PROGRAM = new URL('../../adapters/simulate.ts', import.meta.url).pathname;
/** The other departments are not asked in these tests: nobody listens there. */
const NOBODY: SimulatorAddress = { url: 'http://127.0.0.1:9', control: 'http://127.0.0.1:9' };
const SEED = 421_202;

/** The medical-insurance platform as a process of its own, which outlives the gateways, and its control. */
export class Platform {
  readonly population: Population;
  readonly #child: ChildProcess;
  readonly #address: SimulatorAddress;

  private constructor(child: ChildProcess, address: SimulatorAddress, population: Population) {
    this.#child = child;
    this.#address = address;
    this.population = population;
  }

  static async start(residents: number): Promise<Platform> {
    const people = ['--seed', String(SEED), '--residents', String(residents)];
    const child = fork(PROGRAM, ['medical-insurance', ...people], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [address] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the platform ended with ${code} before it was ready`);
      }),
    ]);
    return new Platform(child, address as SimulatorAddress, populate({ seed: SEED, residents }));
  }

  /** As a gateway is told them. */
  get addresses(): SimulatorAddresses {
    return {
      'medical-insurance': this.#address,
      'non-tax': { ...NOBODY, url: 'tcp://127.0.0.1:9' },
      'real-estate': NOBODY,
      'disability-subsidy': NOBODY,
      'unified-acceptance': NOBODY,
    };
  }

  /** Everything it believes happened, in order. */
  async ledger(): Promise<readonly LedgerLine[]> {
    return (await this.#control('GET', 'ledger')) as readonly LedgerLine[];
  }

  async calls(): Promise<Calls> {
    return (await this.#control('GET', 'calls')) as Calls;
  }

  async fault(fault: Fault): Promise<void> {
    await this.#control('POST', 'faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#control('DELETE', 'faults');
  }

  /** Back to the beginning: no faults, no counts, nothing done. */
  async reset(): Promise<void> {
    await this.#control('POST', 'reset');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  async #control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#address.control}/control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  }
}
