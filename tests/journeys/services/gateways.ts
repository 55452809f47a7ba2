import type { Place } from '../../../adapters/database/home.ts';
import type { SimulatorAddresses } from '../../../gateway/sandbox/simulators.ts';
import { GatewayProcess } from './gateway-process.ts';

/** The gateways of a district: one on a SQLite file, two that share a PostgreSQL store. Each is asked in turn, and killed in turn. */
export class Gateways {
  readonly #processes: readonly GatewayProcess[];
  #asked = 0;
  #killed = 0;

  /**
   * @param listeners Where each hears finance.
   * @param environment Settings besides those of the tests' gateway.
   */
  constructor(
    addresses: SimulatorAddresses,
    place: Place,
    listeners: readonly { readonly port: number }[],
    environment: NodeJS.ProcessEnv = {},
  ) {
    this.#processes = listeners.map((listener) => new GatewayProcess(addresses, place, listener, environment));
  }

  /** The address of one that is up; waits while all are being started again. */
  get url(): Promise<string> {
    this.#asked += 1;
    // Of those that are up the first of the row answers.
    return Promise.race(inTurn(this.#processes, this.#asked).map(({ url }) => url));
  }

  async start(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.start()));
  }

  /** Kills one, while the other goes on, and starts it again. */
  async killAndRestart(): Promise<void> {
    this.#killed += 1;
    await inTurn(this.#processes, this.#killed)[0]?.killAndRestart();
  }

  /** What they wrote to their error outputs. */
  get errors(): string {
    return this.#processes.map(({ errors }) => errors).join('');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.stop()));
  }
}

function inTurn<One>(all: readonly One[], turn: number): readonly One[] {
  const first = turn % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}
