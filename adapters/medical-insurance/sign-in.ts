import { type Lease, Renewable } from '../transport/renewable.ts';
import { type Clock, chinaDate, instantFromChina } from '../values/china-time.ts';
import type { Institution } from './settings.ts';

/** Makes a 9001 and gives its number. */
export type SignIn = (institution: Institution, signal: AbortSignal) => Promise<string>;

interface Operator {
  readonly number: Renewable<string>;
  held: Lease<string> | undefined;
}

const DAY_MS = 86_400_000;

/**
 * The sign-in numbers (签到编号) of each provider's operators: one flight however many calls wait for it, kept for the China working
 * day, dropped when the platform refuses it (wire spec 3.1, 4, 5).
 */
export class SignInDesk {
  readonly #signIn: SignIn;
  readonly #clock: Clock;
  readonly #operators = new Map<string, Operator>();

  constructor(signIn: SignIn, clock: Clock) {
    this.#signIn = signIn;
    this.#clock = clock;
  }

  /** The operator's number, signed in for first when there is none of today. */
  number(institution: Institution, signal: AbortSignal): Promise<string> {
    return this.#operator(institution).number.get(signal);
  }

  /** The platform refused this number: the next call signs in anew, unless another one has already. */
  refused(institution: Institution, number: string): void {
    this.#operator(institution).number.invalidate(number);
  }

  /** Today's number, if there is one that has not been given back; for signing out. */
  held(institution: Institution): string | undefined {
    const { held } = this.#operator(institution);
    return held && held.validUntil > this.#clock() ? held.value : undefined;
  }

  /** The operator has signed out with this number. */
  givenBack(institution: Institution, number: string): void {
    const operator = this.#operator(institution);
    if (operator.held?.value === number) operator.held = undefined;
    operator.number.invalidate(number);
  }

  #operator(institution: Institution): Operator {
    const key = `${institution.code}/${institution.operator.number}`;
    const known = this.#operators.get(key);
    if (known) return known;
    const operator: Operator = {
      held: undefined,
      number: new Renewable<string>({
        renew: async (signal) => {
          const value = await this.#signIn(institution, signal);
          const lease = { value, validUntil: endOfDay(this.#clock()) };
          operator.held = lease;
          return lease;
        },
        aheadMs: 0,
        now: this.#clock,
      }),
    };
    this.#operators.set(key, operator);
    return operator;
  }
}

/** The first moment of the next day in China. */
function endOfDay(instant: number): number {
  return instantFromChina(chinaDate(instant)) + DAY_MS;
}
