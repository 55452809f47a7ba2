import type { Store } from '../../../adapters/database/store.ts';
import type { Submission } from '../../../adapters/database/submissions.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { SYSTEM } from './surroundings.ts';

/**
 * What the platform has done for a case so far, oldest first. Throws `IN_PROGRESS` or `OUTCOME_UNKNOWN`, with the submission's id, while a
 * write for the case is not settled: whether the next one fits depends on what became of it, and a settlement is never sent again before
 * that (medical-insurance 4).
 */
export async function earlierWrites(
  { submissions }: Pick<Store, 'submissions'>,
  caseId: string,
  tx?: WriteTransaction,
): Promise<readonly Submission[]> {
  const known = await submissions.ofCases([caseId], tx);
  const own = (known.get(caseId) ?? []).filter(({ system }) => system === SYSTEM);
  const open = own.find(({ state }) => state === 'sending' || state === 'unknown' || state === 'manual');
  if (open) {
    const details = { department: SYSTEM, submission: open.id, detailZh: '该办件的上一笔业务尚无结果，须先查明。' };
    const detail = 'An earlier request for this case must be settled first.';
    throw open.state === 'sending'
      ? new CasegraphError('IN_PROGRESS', detail, { ...details, retryAfterMs: 1_000 })
      : new CasegraphError('OUTCOME_UNKNOWN', detail, details);
  }
  return own.filter(({ state }) => state === 'done');
}

/** Those of one kind. */
export function ofKind(done: readonly Submission[], kind: string): readonly Submission[] {
  return done.filter((submission) => submission.kind === kind);
}
