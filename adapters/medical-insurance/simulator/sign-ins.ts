import type { SimulatorCore } from '../../simulator/core.ts';
import { chinaDate } from '../../values/china-time.ts';
import { refusal } from './refusal.ts';
import type { Serials } from './serials.ts';

interface SignIn {
  readonly number: string;
  readonly operator: string;
  readonly provider: string;
  /** The working day it was given on, `yyyy-MM-dd`. */
  readonly day: string;
}

/**
 * Who is signed in. A number holds for its operator, its provider and the day it was given (wire spec 3.1). Signing in again gives a
 * further number and leaves the earlier ones of the day good.
 */
export class SignIns {
  readonly #core: SimulatorCore;
  readonly #serials: Serials;
  readonly #open = new Map<string, SignIn>();

  constructor(core: SimulatorCore, serials: Serials) {
    this.#core = core;
    this.#serials = serials;
  }

  /** Gives a number. */
  open(operator: string, provider: string, region: string): string {
    const number = this.#serials.signIn(region);
    this.#open.set(number, { number, operator, provider, day: chinaDate(this.#core.now()) });
    return number;
  }

  /** Throws the `Refusal` unless the number was given today to this operator of this provider. */
  check(number: string, operator: string, provider: string): void {
    const signIn = this.#open.get(number);
    const today = chinaDate(this.#core.now());
    if (signIn?.operator !== operator || signIn.provider !== provider || signIn.day !== today) {
      throw refusal('signInMissing');
    }
  }

  close(number: string): void {
    this.#open.delete(number);
  }

  /** Makes the numbers of one operator, or all of them, invalid. Gives how many. */
  expire(operator: string | undefined): number {
    const expired = [...this.#open.values()].filter((signIn) => operator === undefined || signIn.operator === operator);
    for (const { number } of expired) this.#open.delete(number);
    return expired.length;
  }
}
