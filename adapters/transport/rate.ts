import { setTimeout as sleep } from 'node:timers/promises';
import type { Interceptor } from './call.ts';
import { CasegraphError } from './errors.ts';
import { requirePositive } from './options.ts';

export interface RateWindow {
  /** Calls allowed in each window. */
  readonly calls: number;
  /** Length of the window in milliseconds. */
  readonly perMs: number;
}

/** The longest a call waits for the next window; a longer wait is an error at once. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Keeps to a department's rates and quotas (wire documents, section 5): every window given holds. A call over a short window waits
 * for it, a call over a long one (an hour, a day) fails with `DEPARTMENT_BUSY` and the time until it opens. Counts live in this
 * process.
 */
export function rate(windows: readonly RateWindow[], now: () => number = Date.now): Interceptor {
  for (const window of windows) requirePositive('rate', window.calls, window.perMs);
  const counters = windows.map((window) => ({ ...window, start: 0, used: 0 }));

  /** Takes a place in every window, or tells how long until there is one. */
  const take = (): number => {
    const instant = now();
    let wait = 0;
    for (const counter of counters) {
      if (instant - counter.start >= counter.perMs) {
        counter.start = instant;
        counter.used = 0;
      }
      if (counter.used >= counter.calls) wait = Math.max(wait, counter.start + counter.perMs - instant);
    }
    if (wait === 0) for (const counter of counters) counter.used += 1;
    return wait;
  };

  return (dispatch) => async (call) => {
    for (let wait = take(); wait > 0; wait = take()) {
      const busy = () =>
        new CasegraphError('DEPARTMENT_BUSY', 'The agreed number of calls is used up.', {
          department: call.department,
          retryAfterMs: wait,
        });
      if (wait > LONGEST_WAIT_MS) throw busy();
      try {
        await sleep(wait, undefined, { signal: call.signal });
      } catch {
        throw busy();
      }
    }
    return dispatch(call);
  };
}
