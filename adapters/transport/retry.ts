import { setTimeout as sleep } from 'node:timers/promises';
import type { Interceptor } from './call.ts';
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

/**
 * Repeats a reading call whose failure is marked safe to repeat. Writing calls pass through untouched: repeating them is a decision
 * of the flow that owns them.
 */
export function retry(options: RetryOptions): Interceptor {
  requirePositive('retry', options.attempts, options.backoffMs, options.budgetRatio);
  const reserve = 10;
  let budget = reserve;

  return (dispatch) => async (call) => {
    if (call.mode === 'write') return dispatch(call);
    budget = Math.min(budget + options.budgetRatio, reserve * 10);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await dispatch(call);
      } catch (error) {
        const repeatable = error instanceof CasegraphError && error.details.safeToRepeat === true;
        if (!repeatable || attempt >= options.attempts || budget < 1 || call.signal.aborted) throw error;
        budget -= 1;
        const pause = error.details.retryAfterMs ?? options.backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
        try {
          await sleep(pause, undefined, { signal: call.signal });
        } catch {
          throw error; // the deadline passed while waiting: the failure that was met is the better answer
        }
      }
    }
  };
}
