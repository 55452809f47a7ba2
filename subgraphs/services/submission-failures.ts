import type { LaterSubmissionState, SubmissionFailure } from '../../adapters/database/submissions.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';

/** Failures of a question that only time mends, however long it takes. */
export function isPassing(error: unknown): boolean {
  return error instanceof CasegraphError && PASSING.has(error.code);
}

const PASSING: ReadonlySet<string> = new Set([
  'DEPARTMENT_UNREACHABLE',
  'DEPARTMENT_BUSY',
  'DEPARTMENT_TIMEOUT',
  'OUTCOME_UNKNOWN',
]);

/** What a failure says of the write. An answer outside the department's protocol does not tell whether it was done. */
export function stateAfter(error: unknown): LaterSubmissionState {
  if (!(error instanceof CasegraphError)) return 'unknown';
  switch (error.code) {
    case 'OUTCOME_UNKNOWN':
    case 'DEPARTMENT_TIMEOUT':
    case 'DEPARTMENT_PROTOCOL':
    case 'INTERNAL':
      return 'unknown';
    case 'DEPARTMENT_REJECTED':
      return 'rejected';
    default:
      return 'not-sent';
  }
}

/** What is kept of a failure, free of personal data. */
export function failureOf(error: unknown): SubmissionFailure {
  if (!(error instanceof CasegraphError)) return { code: 'INTERNAL' };
  const { departmentCode, detailZh, field } = error.details;
  return {
    code: error.code,
    ...(departmentCode !== undefined && { departmentCode }),
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(detailZh !== undefined && { detailZh }),
    ...(field !== undefined && { field }),
  };
}
