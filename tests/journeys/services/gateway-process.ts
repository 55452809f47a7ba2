import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../../../adapters/database/home.ts';
import type { SimulatorAddresses } from '../../../gateway/sandbox/simulators.ts';
import { readyLine } from '../sandbox/sandbox.ts';

const PROGRAM = new URL('./gateway.ts', import.meta.url).pathname;
/** Code that was compiled once is not compiled again by the next of many starts. */
const COMPILED = new URL('../../../node_modules/.cache/compiled', import.meta.url).pathname;

/** What the gateway's program is told of where it stands. */
export interface GatewayPlan {
  readonly addresses: SimulatorAddresses;
  readonly folder: string;
  /** Where finance sends its notices, the same after each restart. */
  readonly listener: { readonly port: number };
}

/** A gateway that is killed and started again on the same store. */
export class GatewayProcess {
  readonly #plan: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #url = Promise.withResolvers<string>();
  #errors = '';

  /** @param environment Settings besides those of the plan. */
  constructor(
    addresses: SimulatorAddresses,
    place: Place,
    listener: { readonly port: number },
    environment: NodeJS.ProcessEnv = {},
  ) {
    this.#folder = mkdtempSync(join(tmpdir(), 'casegraph-journeys-'));
    this.#plan = join(this.#folder, 'plan.json');
    const plan: GatewayPlan = { addresses, folder: this.#folder, listener };
    writeFileSync(this.#plan, JSON.stringify(plan));
    this.#environment = {
      NODE_COMPILE_CACHE: COMPILED,
      ...environment,
      ...(place.url !== undefined && { DATABASE_URL: place.url }),
      ...(place.path !== undefined && { CASEGRAPH_STORE__PATH: place.path }),
    };
  }

  /** Its address; waits while it is being started again. */
  get url(): Promise<string> {
    return this.#url.promise;
  }

  /** Its process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What it wrote to its error output, of all its lives. */
  get errors(): string {
    return this.#errors;
  }

  /** Resolves when it can serve. */
  async start(): Promise<void> {
    const child = fork(PROGRAM, [this.#plan], {
      env: { ...process.env, ...this.#environment },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    const keep = (chunk: Buffer) => {
      this.#errors += chunk;
    };
    child.stderr?.on('data', keep);
    const { url } = await readyLine(child);
    child.stdout?.on('data', keep);
    this.#url.resolve(String(url));
  }

  /** Kills it at once, wherever it stands (SIGKILL). */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Kills it and starts it again. */
  async killAndRestart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Ends it as its supervisor would. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    this.#url = Promise.withResolvers();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
