import { begin, type Interceptor } from './call.ts';
import { CasegraphError, type ErrorCode } from './errors.ts';

/** One call as it ended, for metrics, logs and, later, the audit log. Holds no personal data. */
export interface CallRecord {
  readonly department: string;
  readonly transaction: string;
  readonly mode: 'read' | 'write';
  readonly outcome: 'OK' | ErrorCode;
  readonly reference?: string;
  readonly durationMs: number;
}

export type CallObserver = (record: CallRecord) => void;

/** Tells the observer of every call that passes, when it has ended. */
export function observe(observer: CallObserver): Interceptor {
  return (dispatch) => (call) => {
    const started = performance.now();
    const tell = (outcome: CallRecord['outcome'], reference?: string) =>
      observer({
        department: call.department,
        transaction: call.transaction,
        mode: call.mode,
        outcome,
        ...(reference !== undefined && { reference }),
        durationMs: performance.now() - started,
      });
    return begin(dispatch, call).then(
      (answer) => {
        tell('OK', answer.reference);
        return answer;
      },
      (error: unknown) => {
        if (error instanceof CasegraphError) tell(error.code, error.details.reference);
        else tell('INTERNAL');
        throw error;
      },
    );
  };
}
