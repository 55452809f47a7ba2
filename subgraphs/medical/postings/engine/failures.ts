import type { PostingFailure } from '../../../../adapters/database/postings.ts';
import { isPlatformRefusal, isRegionRefusal } from '../../../../adapters/medical-insurance/errors.ts';
import { CasegraphError, type ErrorCode } from '../../../../adapters/transport/errors.ts';
import { TransportFailure } from '../../../../adapters/transport/failure.ts';
import { CannotGoOn } from './step.ts';

/**
 * What a failed step means for its posting (medical-insurance 4). `refused`: the platform will not do it. `region`: not for somebody insured
 * where this person was said to be. `away`: nothing was done, and it says nothing of this posting. `turned-off`: the settings do not allow
 * the transaction. `unknown`: of a write, that its outcome has to be found out; of a query, that it is asked again.
 */
export type StepFailure = 'refused' | 'region' | 'away' | 'turned-off' | 'unknown';

const BY_CODE: Readonly<Partial<Record<ErrorCode, StepFailure>>> = {
  DEPARTMENT_UNREACHABLE: 'away',
  DEPARTMENT_BUSY: 'away',
  OVERLOADED: 'away',
  RATE_LIMITED: 'away',
  UNAUTHENTICATED: 'away',
  FORBIDDEN: 'turned-off',
  INVALID_INPUT: 'refused',
  NOT_FOUND: 'refused',
};

/** @see StepFailure */
export function failureOf(error: unknown): StepFailure {
  if (error instanceof CannotGoOn) return 'refused';
  if (!(error instanceof CasegraphError)) return 'unknown';
  if (error.code !== 'DEPARTMENT_REJECTED') return BY_CODE[error.code] ?? 'unknown';
  if (isRegionRefusal(error)) return 'region';
  // The gateway before the platform, and sign-in, refuse everybody alike.
  return isPlatformRefusal(error) ? 'refused' : 'away';
}

/** A failure for which the queue waits, not the posting alone. */
export function isAway(error: unknown): error is CasegraphError {
  const failure = failureOf(error);
  return failure === 'away' || failure === 'turned-off';
}

/**
 * One that any other posting would have met too: nothing was sent. What the platform or its gateway answered, or that the connection was
 * cut meanwhile, may be this posting's alone.
 */
export function isWide(error: unknown): boolean {
  if (!isAway(error) || error.details.departmentCode !== undefined) return false;
  const { cause } = error.details;
  return !(cause instanceof TransportFailure && cause.sent);
}

/** What is kept of a failure: codes and the department's words, in which the adapter has masked what is personal. */
export function keptFailure(error: unknown): PostingFailure {
  if (error instanceof CannotGoOn) return { code: error.code, detail: error.detail, detailZh: error.detailZh };
  if (!(error instanceof CasegraphError)) return { code: 'INTERNAL' };
  const { departmentCode, field, detailZh = error.detail } = error.details;
  return {
    code: error.code,
    ...(departmentCode !== undefined && { departmentCode }),
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(detailZh !== undefined && { detailZh }),
    ...(field !== undefined && { field }),
  };
}
