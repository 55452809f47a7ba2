import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, begin, type Call, type Dispatch, type Interceptor } from './call.ts';
import { CasegraphError } from './errors.ts';
import { requirePositive } from './options.ts';

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles with each further one, with jitter. */
  readonly backoffMs: number;
  /**
   * The retry budget: repeated attempts may be at most this share of first attempts (plus ten at any time), so that a department in
   * trouble is not asked three times as often as a healthy one.
   */
  readonly budgetRatio: number;
}

/** Waits, and rejects when the signal aborts. Handed down so that tests need not wait. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const realPause: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

/** The longest pause between two attempts. A department that asks for more is not waited for: its caller is told to come later. */
const LONGEST_PAUSE_MS = 5_000;

/** Repeated attempts that are allowed at any time. */
const RESERVE = 10;

/** Decides which failures are met with another attempt, within the budget. */
export class RetryBudget {
  readonly #options: RetryOptions;
  #budget = RESERVE;

  constructor(options: RetryOptions) {
    requirePositive('retry', options.attempts, options.backoffMs, options.budgetRatio);
    this.#options = options;
  }

  /** A first attempt begins. */
  earn(): void {
    this.#budget = Math.min(this.#budget + this.#options.budgetRatio, RESERVE * 10);
  }

  /** Milliseconds to wait before the next attempt, which is paid for then; undefined when the failure stands. */
  spend(error: unknown, attempt: number): number | undefined {
    const repeatable = error instanceof CasegraphError && error.details.safeToRepeat === true;
    if (!repeatable || attempt >= this.#options.attempts || this.#budget < 1) return undefined;
    const asked = error.details.retryAfterMs;
    if (asked !== undefined && asked > LONGEST_PAUSE_MS) return undefined;
    this.#budget -= 1;
    return asked ?? backoff(this.#options.backoffMs, attempt);
  }
}

/**
 * Repeats a reading call whose failure is marked safe to repeat. Writing calls pass through untouched: repeating them is a decision
 * of the flow that owns them.
 */
export function retry(options: RetryOptions, pause: Pause = realPause): Interceptor {
  const budget = new RetryBudget(options);

  return <Input, Output>(dispatch: Dispatch<Input, Output>): Dispatch<Input, Output> => {
    const again = async (call: Call<Input>, attempt: number, error: unknown): Promise<Answer<Output>> => {
      const waitMs = call.signal.aborted ? undefined : budget.spend(error, attempt);
      if (waitMs === undefined) throw error;
      try {
        await pause(waitMs, call.signal);
      } catch {
        throw error; // the deadline passed while waiting: the failure that was met is the better answer
      }
      return begin(dispatch, call).catch((next: unknown) => again(call, attempt + 1, next));
    };
    return (call) => {
      if (call.mode === 'write') return dispatch(call);
      budget.earn();
      return begin(dispatch, call).catch((error: unknown) => again(call, 1, error));
    };
  };
}

/** Doubles from attempt to attempt, less up to half of it at random, so that callers who failed together do not come back together. */
function backoff(firstMs: number, attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}
