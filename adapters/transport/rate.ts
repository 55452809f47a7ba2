import type { Call, Interceptor } from './call.ts';
import { CasegraphError } from './errors.ts';
import { abortKind, departmentFailure, TransportFailure } from './failure.ts';
import { requirePositive } from './options.ts';

export interface RateWindow {
  /** Calls allowed in each window. */
  readonly calls: number;
  /** Length of the window in milliseconds. */
  readonly perMs: number;
}

/** The longest that a window is waited for; one that stays full for longer is an error at once. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Keeps to a department's rates and quotas (wire documents, section 5): no span of `perMs`, wherever it begins, holds more than `calls`
 * calls, since nobody knows where the department's own windows begin. A call over a short window waits for it, in order of arrival; a
 * call over a long one (an hour, a day) fails with `DEPARTMENT_BUSY` and the time until it opens. Counts live in this process. `now` is
 * any clock in milliseconds.
 */
export function rate(windows: readonly RateWindow[], now: () => number = () => performance.now()): Interceptor {
  for (const window of windows) requirePositive('rate', window.calls, window.perMs);
  const logs = windows.map((window) => new CallLog(window));
  const waiting = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;

  const untilFree = () => Math.max(0, ...logs.map((log) => log.untilFree(now())));
  const count = () => {
    for (const log of logs) log.add(now());
  };

  /** Lets in those at the head of the queue for whom there is room, and comes back when there is room again. */
  const admit = () => {
    clearTimeout(timer);
    for (const waiter of waiting) {
      const wait = untilFree();
      if (wait > LONGEST_WAIT_MS) waiter.refuse(wait);
      else if (wait > 0) {
        timer = setTimeout(admit, Math.ceil(wait));
        return;
      } else {
        count();
        waiter.start();
      }
    }
  };

  /** Resolves when it is the call's turn; rejects when that takes too long or its signal aborts. */
  const turn = (call: Call) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => waiter.refuse(untilFree());
      const end = () => {
        waiting.delete(waiter);
        if (waiting.size === 0) clearTimeout(timer);
        call.signal.removeEventListener('abort', leave);
      };
      const waiter: Waiter = {
        start() {
          end();
          resolve();
        },
        refuse(retryAfterMs) {
          end();
          reject(usedUp(call, retryAfterMs));
        },
      };
      waiting.add(waiter);
      call.signal.addEventListener('abort', leave, { once: true });
      admit();
    });

  return (dispatch) => async (call) => {
    if (call.signal.aborted) throw departmentFailure(new TransportFailure(abortKind(call.signal), false), call);
    if (waiting.size === 0 && untilFree() === 0) count();
    else await turn(call);
    return dispatch(call);
  };
}

interface Waiter {
  start(): void;
  refuse(retryAfterMs: number): void;
}

function usedUp(call: Call, retryAfterMs: number): CasegraphError {
  return new CasegraphError('DEPARTMENT_BUSY', 'The agreed number of calls is used up.', {
    department: call.department,
    retryAfterMs: Math.ceil(retryAfterMs),
  });
}

/** The instants of the latest calls, as many as the window allows. */
class CallLog {
  readonly #window: RateWindow;
  readonly #instants: number[] = [];
  /** Where the oldest is, once the log is full. */
  #oldest = 0;

  constructor(window: RateWindow) {
    this.#window = window;
  }

  /** Milliseconds until one more call is allowed. */
  untilFree(instant: number): number {
    if (this.#instants.length < this.#window.calls) return 0;
    return Math.max(0, (this.#instants[this.#oldest] ?? 0) + this.#window.perMs - instant);
  }

  add(instant: number): void {
    if (this.#instants.length < this.#window.calls) {
      this.#instants.push(instant);
    } else {
      this.#instants[this.#oldest] = instant;
      this.#oldest = (this.#oldest + 1) % this.#instants.length;
    }
  }
}
