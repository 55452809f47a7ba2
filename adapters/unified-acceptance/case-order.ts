import type { Interceptor } from '../transport/call.ts';
import { abortKind, departmentFailure, TransportFailure } from '../transport/failure.ts';

/**
 * Keeps the records of one case in order: calls that have a key in common run one after the other, in the order they came; all
 * others run side by side (wire spec 5). Waiting ends with the call's signal: such a call was never sent.
 *
 * @param keysOf The case numbers of a call's input; none for a call that may run beside any other.
 */
export function caseOrder(keysOf: (input: unknown) => readonly string[]): Interceptor {
  /** The end of the queue of each case: settled when every call before has ended. */
  const tails = new Map<string, Promise<unknown>>();

  return (dispatch) => async (call) => {
    const keys = keysOf(call.input);
    if (keys.length === 0) return dispatch(call);

    // Joining all queues in one go, without waiting in between, gives all calls one order: no two can wait for each other.
    const before = Promise.all(keys.map((key) => tails.get(key)));
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const tail = before.then(() => ended);
    for (const key of keys) tails.set(key, tail);
    void tail.then(() => {
      for (const key of keys) if (tails.get(key) === tail) tails.delete(key);
    });

    try {
      await turn(before, call.signal).catch(() => {
        throw departmentFailure(new TransportFailure(abortKind(call.signal), false), call);
      });
      return await dispatch(call);
    } finally {
      end();
    }
  };
}

function turn(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    void before.then(() => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
  });
}
