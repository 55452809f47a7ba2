import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Interceptor } from '../transport/call.ts';
import { CasegraphError } from '../transport/errors.ts';

export interface AskAgainOptions {
  /** The department's codes after which to ask again. */
  readonly codes: readonly string[];
  /** Milliseconds before each further attempt; as many attempts as there are pauses. */
  readonly pausesMs: readonly number[];
  /** Which transactions may be asked again; all when absent. */
  readonly transactions?: RegExp;
}

/**
 * Asks again where the error catalogue says so (wire spec section 4). Every attempt is a new message with a new BizMsgID. Pauses end
 * with the call's signal; the error that was met is then the answer.
 */
export function askAgain({ codes, pausesMs, transactions }: AskAgainOptions): Interceptor {
  const concerns = (call: Call<unknown>, error: unknown): error is CasegraphError =>
    error instanceof CasegraphError &&
    codes.includes(error.details.departmentCode ?? '') &&
    (transactions?.test(call.transaction) ?? true);

  const last = pausesMs.at(-1) ?? 0;

  return (dispatch) => async (call) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await dispatch(call);
      } catch (error) {
        if (!concerns(call, error)) throw error;
        const pause = pausesMs[attempt];
        // The failure that was met is a better answer than that the caller left or the deadline passed while waiting.
        if (pause === undefined || !(await waited(pause, call.signal))) throw error.with({ retryAfterMs: last });
      }
    }
  };
}

/** Waits; false when the signal ended it. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
