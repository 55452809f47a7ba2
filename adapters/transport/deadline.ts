import { begin, type Interceptor } from './call.ts';
import { requirePositive } from './options.ts';

export interface DeadlineOptions {
  /** Milliseconds for a reading call, all its attempts and waiting included. */
  readonly readMs: number;
  /** Milliseconds for a writing call. */
  readonly writeMs: number;
}

/** The reason of a signal that the deadline interceptor aborted: the department's time is up, whoever waits. */
class DeadlinePassed extends DOMException {
  constructor() {
    super('deadline', 'TimeoutError');
  }
}

/** True when the department's own deadline ended the call, not its caller, who may have had a deadline too. */
export function isDepartmentDeadline(signal: AbortSignal): boolean {
  return signal.reason instanceof DeadlinePassed;
}

/**
 * Ends what takes too long: the signal given inwards aborts with a `TimeoutError` at the department's deadline. A reading call also
 * ends when its caller leaves; a writing call does not, it runs on to this deadline (contract, "Limits by default").
 */
export function deadline(options: DeadlineOptions): Interceptor {
  requirePositive('deadline', options.readMs, options.writeMs);
  return (dispatch) => (call) => {
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new DeadlinePassed()),
      call.mode === 'read' ? options.readMs : options.writeMs,
    );
    const follow = () => controller.abort(call.signal.reason);
    if (call.mode === 'read') {
      if (call.signal.aborted) follow();
      else call.signal.addEventListener('abort', follow, { once: true });
    }
    const end = () => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', follow);
    };
    return begin(dispatch, { ...call, signal: controller.signal }).then(
      (answer) => {
        end();
        return answer;
      },
      (error: unknown) => {
        end();
        throw error;
      },
    );
  };
}
