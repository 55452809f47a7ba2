import type { KeyObject } from 'node:crypto';
import type { SimulatorCore } from '../../simulator/core.ts';
import type { HttpDepartment, WireAnswer, WireRequest } from '../../simulator/http-front.ts';
import type { FeeDesk } from './fees.ts';
import { idOf, type RequestMessage, readMessage, writeMessage } from './message.ts';
import type { ProofDesk } from './proofs.ts';
import type { QueryDesk } from './queries.ts';
import { Refusal } from './refusal.ts';
import { actionOf, type OperationName, openRequest, soapAnswer, soapFault } from './soap.ts';
import { day } from './wall-clock.ts';

/** How far CreateDate may be from the registry's time (wire spec section 4, 1007). */
const CLOCK_TOLERANCE_MS = 600_000;

export interface Keys {
  /** The registry's own private key. */
  readonly registry: KeyObject;
  /** The gateway's public key. */
  readonly gateway: KeyObject;
}

export interface Desks {
  readonly queries: QueryDesk;
  readonly proofs: ProofDesk;
  readonly fees: FeeDesk;
}

/** The registry's reception: opens and checks every message, keeps out replays, counts the day, and passes on to the desks. */
export class RealEstateDepartment implements HttpDepartment {
  readonly #core: SimulatorCore;
  readonly #keys: Keys;
  readonly #desks: () => Desks;
  readonly #usedIds = new Set<string>();
  #dailyLimit: number;
  #day = '';
  #callsToday = 0;

  constructor(core: SimulatorCore, keys: Keys, desks: () => Desks, dailyLimit: number) {
    this.#core = core;
    this.#keys = keys;
    this.#desks = desks;
    this.#dailyLimit = dailyLimit;
  }

  /** Back to a new day with no message seen. */
  reset(dailyLimit: number): void {
    this.#usedIds.clear();
    this.#dailyLimit = dailyLimit;
    this.#callsToday = 0;
  }

  limitDay(calls: number): void {
    this.#dailyLimit = calls;
  }

  identify(request: WireRequest): string {
    return actionOf(request) ?? 'unknown';
  }

  handle(request: WireRequest): Promise<WireAnswer> {
    return this.#answer(request, (operation, message) => {
      this.#admit(message);
      return this.#work(operation, message);
    });
  }

  busy(request: WireRequest): Promise<WireAnswer> {
    return this.#answer(request, () => {
      throw new Refusal('9001');
    });
  }

  /** The registry knows no sign-in that could run out; an account that was closed comes nearest. */
  expiredSecret(request: WireRequest): Promise<WireAnswer> {
    return this.#answer(request, () => {
      throw new Refusal('1101');
    });
  }

  /** Another last digit than the signature has; a Fault carries none and stays. */
  badSignature(_request: WireRequest, answer: WireAnswer): WireAnswer {
    const body = answer.body
      .toString('utf8')
      .replace(/([\da-f])(?=&lt;\/DigitalSign&gt;)/, (digit) => (digit === '0' ? '1' : '0'));
    return { ...answer, body: Buffer.from(body, 'utf8') };
  }

  /** Refusals become a Fault or a signed message, as the catalogue has it (wire spec section 4). */
  async #answer(
    request: WireRequest,
    work: (operation: OperationName, message: RequestMessage) => string | Promise<string>,
  ): Promise<WireAnswer> {
    let id = '';
    try {
      const { operation, message: text } = openRequest(request);
      id = idOf(text);
      const message = readMessage(operation, text, this.#keys.gateway);
      return soapAnswer(operation, await this.#messageAnswer(message, () => work(operation, message)));
    } catch (error) {
      if (error instanceof Refusal) return soapFault(error, id);
      throw error;
    }
  }

  async #messageAnswer(message: RequestMessage, work: () => string | Promise<string>): Promise<string> {
    const write = (code: Refusal['code'], data: string) =>
      writeMessage(message, { code, data, at: this.#core.now() }, this.#keys.registry);
    try {
      return write('0000', await work());
    } catch (error) {
      if (error instanceof Refusal && error.fault === undefined) return write(error.code, '');
      throw error;
    }
  }

  /** The id lies outside the signature: a used one is refused, whatever else the message says (wire spec 1.1). */
  #admit({ id, createdAt }: RequestMessage): void {
    if (this.#usedIds.has(id)) throw new Refusal('1006');
    this.#usedIds.add(id);
    const now = this.#core.now();
    if (Math.abs(createdAt - now) > CLOCK_TOLERANCE_MS) throw new Refusal('1007');
    const today = day(now);
    if (today !== this.#day) {
      this.#day = today;
      this.#callsToday = 0;
    }
    if (this.#callsToday >= this.#dailyLimit) throw new Refusal('1102');
    this.#callsToday += 1;
  }

  #work(operation: OperationName, message: RequestMessage): string | Promise<string> {
    const { queries, proofs, fees } = this.#desks();
    switch (operation) {
      case 'QueryByOwner':
        return queries.byOwner(message.data);
      case 'QueryByCert':
        return queries.byCertificate(message.data);
      case 'QueryByUnit':
        return queries.byUnit(message.data);
      case 'PrintQueryProof':
        return proofs.ofQuery(message.data);
      case 'PrintHouseProof':
        return proofs.ofHousing(message.data);
      case 'LinkFee':
        return message.recType === '9800301' ? fees.link(message) : fees.pay(message);
    }
  }
}
