import { begin, type Call, type Dispatch, type Interceptor } from './call.ts';
import { abortKind, departmentFailure, TransportFailure } from './failure.ts';
import { requirePositive } from './options.ts';

export interface ConcurrencyOptions {
  /** The most calls in flight at once; the rest wait in order of arrival. */
  readonly limit: number;
}

/** Who waits for a turn. */
export interface Waiter {
  /** It is its turn. */
  start(): void;
}

/** The calls in flight to one department, kept below its limit (the wire documents' section 5). */
export class ConcurrencyLimit {
  readonly #limit: number;
  #inFlight = 0;
  readonly #waiting = new Set<Waiter>();

  constructor({ limit }: ConcurrencyOptions) {
    requirePositive('concurrency', limit);
    this.#limit = limit;
  }

  /** Takes a place, which must be left; false when there is none. */
  tryEnter(): boolean {
    if (this.#inFlight >= this.#limit) return false;
    this.#inFlight += 1;
    return true;
  }

  /** Waits in order of arrival; with its turn a waiter has its place. */
  wait(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  forget(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }

  leave(): void {
    const next = this.#waiting.values().next();
    if (next.done) this.#inFlight -= 1;
    else {
      this.#waiting.delete(next.value);
      next.value.start();
    }
  }
}

/**
 * Keeps the calls in flight below a limit. Waiting ends with the call's signal: such a call was never sent.
 */
export function concurrency(options: ConcurrencyOptions | ConcurrencyLimit): Interceptor {
  const limit = options instanceof ConcurrencyLimit ? options : new ConcurrencyLimit(options);

  /** Resolves when it is the call's turn. */
  const turn = (call: Call) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => {
        limit.forget(waiter);
        reject(departmentFailure(new TransportFailure(abortKind(call.signal), false), call));
      };
      const waiter: Waiter = {
        start() {
          call.signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      limit.wait(waiter);
      call.signal.addEventListener('abort', leave, { once: true });
    });

  return <Input, Output>(dispatch: Dispatch<Input, Output>): Dispatch<Input, Output> => {
    const run = (call: Call<Input>) =>
      begin(dispatch, call).then(
        (answer) => {
          limit.leave();
          return answer;
        },
        (error: unknown) => {
          limit.leave();
          throw error;
        },
      );
    return (call) => {
      if (call.signal.aborted) {
        return Promise.reject(departmentFailure(new TransportFailure(abortKind(call.signal), false), call));
      }
      return limit.tryEnter() ? run(call) : turn(call).then(() => run(call));
    };
  };
}
