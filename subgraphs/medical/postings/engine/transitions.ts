import type { PostingState } from '../../../../adapters/database/postings.ts';

/**
 * From which state which may follow: the one table of what can happen to a posting.
 *
 * `stored → sending`: a worker took it. `sending → stored`: nothing of it has left, and the platform is away. `unknown`: a step was sent and
 * its answer is missing. `undoing`: what was done is taken back, because the rest cannot be done or the hospital wants it so; the platform
 * may refuse that, and then what was settled stands. `manual`: a person has to say how it goes on.
 */
export const TRANSITIONS: Readonly<Record<PostingState, readonly PostingState[]>> = {
  stored: ['sending', 'cancelled'],
  sending: ['stored', 'settled', 'rejected', 'unknown', 'undoing', 'manual'],
  unknown: ['sending', 'undoing', 'manual'],
  undoing: ['rejected', 'cancelled', 'settled', 'unknown', 'manual'],
  settled: ['undoing'],
  manual: ['sending', 'undoing', 'rejected', 'cancelled'],
  rejected: [],
  cancelled: [],
};

/** Throws where the table does not have it: a fault of ours, for which nothing is written. */
export function checkTransition(from: PostingState, to: PostingState): void {
  if (!TRANSITIONS[from].includes(to)) throw new Error(`a posting does not go from ${from} to ${to}`);
}

/** Why a posting's state changed, as it is kept with the change. */
export const CAUSES = [
  'TAKEN',
  'NOTHING_SENT',
  'DONE',
  'FOUND_FILED',
  'NO_ANSWER',
  'FOUND_OUT',
  'REFUSED',
  'UNDONE',
  'UNDOING_REFUSED',
  'CANNOT_TELL',
  'CANNOT_UNDO',
  'AMOUNTS_DIFFER',
  'OFTEN_FAILED',
  'CANCELLED_BY_HOSPITAL',
  'RESOLVED',
] as const;

export type Cause = (typeof CAUSES)[number];
