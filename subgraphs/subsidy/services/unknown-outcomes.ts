import type { SubmissionState } from '../../../adapters/database/submissions.ts';
import { isJudgement } from '../../../adapters/disability-subsidy/errors.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { Settled } from '../../services/submissions.ts';

/**
 * Settles a write by sending it again under the key it was sent under, which does nothing twice (disability-subsidy 4). A refusal by the
 * business system, which would have known the key, says that it was not done. Anything else tells nothing and is thrown, to be asked again.
 */
export async function judgedOr<Outcome>(again: () => Promise<Outcome>): Promise<Settled<Outcome>> {
  try {
    return { state: 'done', outcome: await again() };
  } catch (error) {
    if (error instanceof CasegraphError && isJudgement(error)) return { state: 'not-done' };
    throw error;
  }
}

/** True for a write that was done, is being sent, or may have been done. */
export function mayHaveBeenDone(state: SubmissionState): boolean {
  return state === 'done' || state === 'sending' || state === 'unknown' || state === 'manual';
}
