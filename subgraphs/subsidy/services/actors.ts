import type { Submission } from '../../../adapters/database/submissions.ts';
import { isStepOf } from '../../../adapters/disability-subsidy/messages/decision.ts';
import type { ApplicationEvent } from './application-events.ts';
import { REVIEW, type ReviewInput, SUPPLEMENT, type SupplementInput } from './kept-writes.ts';
import { mayHaveBeenDone } from './unknown-outcomes.ts';

/** The account of ours that brought an event about; null where nobody of ours did. */
export function actorOf({ step, round }: ApplicationEvent, submissions: readonly Submission[]): string | null {
  const behind = submissions.find(({ kind, state, input }) => {
    if (!mayHaveBeenDone(state)) return false;
    if (round !== null) return kind === SUPPLEMENT && (input as SupplementInput).supplement.round === round;
    return kind === REVIEW && isStepOf(step, (input as ReviewInput).decision);
  });
  return behind?.operator ?? null;
}
