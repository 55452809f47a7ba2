import { begin, type Call, type Dispatch, type Interceptor } from './call.ts';
import { abortKind, departmentFailure, TransportFailure } from './failure.ts';
import { requirePositive } from './options.ts';

export interface ConcurrencyOptions {
  /** The most calls in flight at once; the rest wait in order of arrival. */
  readonly limit: number;
}

interface Waiter {
  start(): void;
}

/**
 * Keeps the calls in flight to one department below its limit (the wire documents' section 5). Waiting ends with the call's signal:
 * such a call was never sent.
 */
export function concurrency(options: ConcurrencyOptions): Interceptor {
  requirePositive('concurrency', options.limit);
  let inFlight = 0;
  const waiting = new Set<Waiter>();

  const release = () => {
    const next = waiting.values().next();
    if (next.done) {
      inFlight -= 1;
    } else {
      waiting.delete(next.value);
      next.value.start();
    }
  };

  /** Resolves when it is the call's turn. */
  const turn = (call: Call) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting.delete(waiter);
        reject(departmentFailure(new TransportFailure(abortKind(call.signal), false), call));
      };
      const waiter: Waiter = {
        start() {
          call.signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      waiting.add(waiter);
      call.signal.addEventListener('abort', leave, { once: true });
    });

  return <Input, Output>(dispatch: Dispatch<Input, Output>): Dispatch<Input, Output> => {
    const run = (call: Call<Input>) =>
      begin(dispatch, call).then(
        (answer) => {
          release();
          return answer;
        },
        (error: unknown) => {
          release();
          throw error;
        },
      );
    return (call) => {
      if (call.signal.aborted) {
        return Promise.reject(departmentFailure(new TransportFailure(abortKind(call.signal), false), call));
      }
      if (inFlight >= options.limit) return turn(call).then(() => run(call));
      inFlight += 1;
      return run(call);
    };
  };
}
