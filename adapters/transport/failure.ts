import type { Call } from './call.ts';
import { CasegraphError, type ErrorDetails } from './errors.ts';

export type TransportFailureKind =
  /** Nobody listens, no route, name unknown, or no connection in time. */
  | 'connect'
  /** The deadline passed. */
  | 'timeout'
  /** The other end closed or reset before its answer was whole. */
  | 'closed'
  /** The caller left. */
  | 'aborted'
  /** The answer is larger than allowed. */
  | 'too-large'
  /** What came is no answer in the protocol below the department's own. */
  | 'malformed';

/** A failure below the department's protocol. `sent` tells whether any byte of the request may have reached the department. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly kind: TransportFailureKind;
  readonly sent: boolean;

  constructor(kind: TransportFailureKind, sent: boolean, cause?: unknown) {
    super(`${kind}${sent ? ' after sending' : ' before sending'}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.sent = sent;
  }
}

/** The kind of failure that an aborted signal stands for: a `TimeoutError` reason is a deadline, anything else a caller who left. */
export function abortKind(signal: AbortSignal): 'timeout' | 'aborted' {
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError' ? 'timeout' : 'aborted';
}

/**
 * Translates a transport failure into the shared table. Sent and writing: `OUTCOME_UNKNOWN`, never repeated here. Otherwise, no or a
 * broken connection: `DEPARTMENT_UNREACHABLE`, safe to repeat; time gone by or the caller gone: `DEPARTMENT_TIMEOUT`, not repeated,
 * for a department that is slow gets no faster by being asked again at once; an answer that cannot be read: `DEPARTMENT_PROTOCOL`.
 */
export function departmentFailure(
  failure: TransportFailure,
  call: Pick<Call, 'department' | 'mode'>,
  details: ErrorDetails = {},
): CasegraphError {
  const common = { department: call.department, cause: failure, ...details };
  if (failure.sent && call.mode === 'write') return new CasegraphError('OUTCOME_UNKNOWN', undefined, common);
  switch (failure.kind) {
    case 'timeout':
    case 'aborted':
      return new CasegraphError('DEPARTMENT_TIMEOUT', undefined, common);
    case 'too-large':
      return new CasegraphError('DEPARTMENT_PROTOCOL', 'The answer is larger than allowed.', common);
    case 'malformed':
      return new CasegraphError('DEPARTMENT_PROTOCOL', 'The answer is not in the protocol of its line.', common);
    case 'connect':
    case 'closed':
      return new CasegraphError(
        'DEPARTMENT_UNREACHABLE',
        failure.sent ? 'The connection was lost before the answer was whole.' : undefined,
        { ...common, safeToRepeat: true },
      );
  }
}
