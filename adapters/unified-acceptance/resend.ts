import { setTimeout as sleep } from 'node:timers/promises';
import type { Interceptor } from '../transport/call.ts';
import { CasegraphError } from '../transport/errors.ts';
import { requirePositive } from '../transport/options.ts';
import type { RetryOptions } from '../transport/retry.ts';

/** The longest pause between two attempts. A platform that asks for more gets no resend: its caller is told to come later. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Sends the same message again while its failure is marked safe to repeat, reading and writing alike: here a write may be repeated,
 * for the platform knows a resend by its `requestNo` (wire spec section 4). Once an attempt's outcome was unknown, only an answer ends
 * the doubt: a later attempt that could not be sent or was turned away says nothing of the first, so the call stays `OUTCOME_UNKNOWN`.
 */
export function resend(options: RetryOptions): Interceptor {
  requirePositive('resend', options.attempts, options.backoffMs, options.budgetRatio);
  const reserve = 10;
  let budget = reserve;

  return (dispatch) => async (call) => {
    budget = Math.min(budget + options.budgetRatio, reserve * 10);
    let unknown: CasegraphError | undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await dispatch(call);
      } catch (error) {
        if (!(error instanceof CasegraphError)) throw error;
        if (error.code === 'OUTCOME_UNKNOWN') unknown = error;
        const outcome = unknown ?? error;
        const asked = error.details.retryAfterMs ?? 0;
        const repeatable =
          error.details.safeToRepeat === true && attempt < options.attempts && asked <= LONGEST_PAUSE_MS;
        if (!repeatable || budget < 1 || call.signal.aborted) throw outcome;
        budget -= 1;
        try {
          await sleep(asked || backoff(options.backoffMs, attempt), undefined, { signal: call.signal });
        } catch {
          throw outcome; // the deadline passed while waiting: the failure that was met is the better answer
        }
      }
    }
  };
}

/** Doubles from attempt to attempt, less up to half of it at random, so that calls that failed together do not come back together. */
function backoff(firstMs: number, attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}
