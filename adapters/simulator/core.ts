import { setTimeout as sleep } from 'node:timers/promises';
import { chinaIso } from '../values/china-time.ts';

/** Faults that every simulator takes (contract, "Simulators"). Which come before and which after the work is part of their meaning. */
export const FAULT_KINDS = {
  delay: 'waits delayMs, then works and answers as ever',
  'refuse-connection':
    'stops listening until the faults are cleared, or for delayMs when given; match and times do not apply',
  'drop-before-work': 'closes the connection, nothing was done',
  'drop-after-work': 'does the work, then closes the connection without an answer',
  'duplicate-answer': 'does the work and sends the answer twice',
  'late-answer': 'does the work, then waits delayMs before answering',
  truncate: 'does the work, sends half of the answer and closes',
  'wrong-charset': 'does the work and answers in another character set than the wire says',
  'html-error': 'answers with an HTML page, nothing was done',
  'http-status':
    'answers with the HTTP status given as status (503 unless told), nothing was done; TCP systems close instead',
  busy: "answers with the department's own word for busy, nothing was done",
  'bad-signature':
    'does the work, the answer carries a wrong signature or digest; systems that do not sign refuse the request as wrongly signed, nothing was done',
  'expired-secret': 'refuses the request as signed with an expired secret or sign-in, nothing was done',
  garbage: 'does the work and answers with bytes that mean nothing',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

export interface Fault {
  /** The transaction it applies to, by the wire's own name; any when absent. */
  readonly match?: string;
  readonly kind: FaultKind;
  /** How often it applies; for ever when absent. */
  times?: number;
  /** Between 0 and 1; 1 when absent. */
  readonly probability?: number;
  readonly delayMs?: number;
  readonly status?: number;
}

/** Something this department did, as `GET /control/ledger` shows it. */
export interface LedgerEntry {
  readonly kind: string;
  readonly reference: string;
  readonly subject?: string;
  readonly amountFen?: number;
  readonly [more: string]: unknown;
}

/** Something that people on the department's side can be made to do. */
export interface Act {
  /** One English sentence. */
  readonly about: string;
  /** Parameter names and what each is. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Does it. Throws `ActRefused` for parameters that do not fit. */
  run(parameters: Readonly<Record<string, unknown>>): unknown;
}

export class ActRefused extends Error {
  override readonly name = 'ActRefused';
}

/**
 * What every simulator has: a clock that can be moved, the ledger, the faults, the count of calls. One per simulator, handed to its
 * department.
 */
export class SimulatorCore {
  readonly name: string;
  #offsetMs = 0;
  #ledger: (LedgerEntry & { at: string })[] = [];
  #faults: Fault[] = [];
  #calls = new Map<string, number>();
  #inFlight = 0;
  #highestInFlight = 0;
  #serviceMs = 0;
  #faultListeners = new Set<(faults: readonly Fault[]) => void>();

  constructor(name: string) {
    this.name = name;
  }

  /** The department's own time, milliseconds since 1970. */
  readonly now = (): number => Date.now() + this.#offsetMs;

  setClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  record(entry: LedgerEntry): void {
    this.#ledger.push({ at: chinaIso(this.now()), ...entry });
  }

  get ledger(): readonly LedgerEntry[] {
    return this.#ledger;
  }

  /** The fault is copied: the caller's own is never counted down. */
  addFault(fault: Fault): void {
    this.#faults.push({ ...fault });
    for (const listener of this.#faultListeners) listener(this.#faults);
  }

  clearFaults(): void {
    this.#faults = [];
    for (const listener of this.#faultListeners) listener(this.#faults);
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  onFaultsChanged(listener: (faults: readonly Fault[]) => void): void {
    this.#faultListeners.add(listener);
  }

  /**
   * The fault that hits this call, used up by one. Delays are waited for here and other faults are looked for behind them. Rejects when
   * the signal, the front's closing, aborts a delay.
   */
  async takeFault(transaction: string, signal?: AbortSignal): Promise<Fault | undefined> {
    for (const fault of [...this.#faults]) {
      if (fault.kind === 'refuse-connection') continue;
      // Cleared, or used up by another call, while this one was delayed.
      if (!this.#faults.includes(fault)) continue;
      if (fault.match !== undefined && fault.match !== transaction) continue;
      if (fault.probability !== undefined && Math.random() >= fault.probability) continue;
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
      }
      if (fault.kind !== 'delay') return fault;
      await sleep(fault.delayMs ?? 1_000, undefined, signal && { signal });
    }
    return undefined;
  }

  /** Counts a call as begun; the function returned counts it as ended. */
  beginCall(transaction: string): () => void {
    this.#calls.set(transaction, (this.#calls.get(transaction) ?? 0) + 1);
    this.#inFlight += 1;
    this.#highestInFlight = Math.max(this.#highestInFlight, this.#inFlight);
    const begun = performance.now();
    return () => {
      this.#inFlight -= 1;
      this.#serviceMs += performance.now() - begun;
    };
  }

  /** `serviceMs` is the time that all calls together took, delays by faults included. */
  get calls(): { calls: Record<string, number>; total: number; highestInFlight: number; serviceMs: number } {
    const calls = Object.fromEntries(this.#calls);
    return {
      calls,
      total: [...this.#calls.values()].reduce((sum, count) => sum + count, 0),
      highestInFlight: this.#highestInFlight,
      serviceMs: this.#serviceMs,
    };
  }

  /** Back to the beginning, faults and clock included. */
  reset(): void {
    this.#offsetMs = 0;
    this.#ledger = [];
    this.#calls.clear();
    this.#serviceMs = 0;
    this.#highestInFlight = this.#inFlight;
    this.clearFaults();
  }
}

/** The other end of one wire: what a system's `simulator.ts` makes. */
export interface DepartmentSimulator {
  /** Binds the wire server on loopback; 0 takes any free port. Gives its address, `http://127.0.0.1:4101` or `tcp://…`. */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
  /** Back to the population it was made with. */
  reset(): void;
  readonly acts: Readonly<Record<string, Act>>;
}
