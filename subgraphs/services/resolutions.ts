import type { Resolution, ResolutionRefusal } from '../../adapters/database/resolutions.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { Submission, SubmissionState } from '../../adapters/database/submissions.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { invalidInput } from '../invalid-input.ts';
import type { SubmissionKind } from './submission-kind.ts';

/** The kind of task that hands a person's word to the department's worker; its order key is the submission's id. */
export const RESOLVE = 'resolve';

/** The queue in which a department's worker settles writes: one line for each submission. */
export function settleQueue(system: string): string {
  return `${system}.settle`;
}

/** The body of a `RESOLVE` task. */
export interface ResolveTask {
  readonly resolutionId: string;
}

export type ResolutionRequest = Pick<
  Resolution,
  'submissionId' | 'operator' | 'outcome' | 'reason' | 'reference' | 'givenAt'
>;

/** What a person's word comes to. */
export type Verdict<Outcome> =
  | { readonly state: 'done'; readonly outcome: Outcome }
  | { readonly state: 'not-done' }
  | { readonly state: 'refused'; readonly refusal: ResolutionRefusal };

/**
 * Keeps what a person says of a submission that no machine could settle, and hands it to the department's worker. Returns the resolution's
 * id. Throws `INVALID_INPUT` for a submission that is not there or not a person's to settle, and `IN_PROGRESS` while another word on it is
 * being acted on.
 */
export async function askToResolve(
  tx: WriteTransaction,
  { submissions, resolutions, tasks }: Pick<Store, 'submissions' | 'resolutions' | 'tasks'>,
  request: ResolutionRequest,
): Promise<string> {
  const { submissionId, givenAt } = request;
  const submission = await submissions.byId(submissionId, tx);
  if (!submission) throw invalidInput('input.submission', { en: 'is not known.', zh: '不存在。' });
  if (submission.state !== 'manual') throw invalidInput('input.submission', notAPersons(submission.state));
  const resolutionId = await resolutions.add(tx, request);
  if (resolutionId === undefined) {
    throw new CasegraphError('IN_PROGRESS', 'What somebody else said of it is being acted on.', {
      submission: submissionId,
      retryAfterMs: 1_000,
      detailZh: '该报送的另一核实结果正在处理。',
    });
  }
  const body: ResolveTask = { resolutionId };
  const queue = settleQueue(submission.system);
  await tasks.add(tx, [{ queue, orderKey: submissionId, kind: RESOLVE, body, at: givenAt }]);
  return resolutionId;
}

/** Judges a person's word. That something was done is believed of a department that says so too. Throws to be tried again. */
export async function verdictOn<Input, Outcome>(
  kind: SubmissionKind<Input, Outcome>,
  submission: Submission,
  { outcome, reference }: Pick<Resolution, 'outcome' | 'reference'>,
): Promise<Verdict<Outcome>> {
  if (outcome === 'not-done') return { state: 'not-done' };
  if (!kind.found) return { state: 'refused', refusal: NOT_TO_BE_FOUND };
  try {
    const found = await kind.found(submission.input as Input, submission, reference);
    return found === undefined ? { state: 'refused', refusal: NOT_FOUND } : { state: 'done', outcome: found };
  } catch (error) {
    if (!(error instanceof CasegraphError) || !FINAL.has(error.code)) throw error;
    const { detail = error.message, details } = error;
    return { state: 'refused', refusal: { en: detail, zh: details.detailZh ?? detail } };
  }
}

/** What a word comes to whose submission was settled before it was acted on. */
export const SETTLED_MEANWHILE: ResolutionRefusal = { en: 'was settled meanwhile.', zh: '已有结果。' };

/** Failures of a question that asking again does not mend. */
const FINAL: ReadonlySet<string> = new Set([
  'DEPARTMENT_REJECTED',
  'DEPARTMENT_PROTOCOL',
  'INVALID_INPUT',
  'NOT_FOUND',
]);

const NOT_TO_BE_FOUND: ResolutionRefusal = {
  en: 'what the department gave for it cannot be asked for any more: have it undone there, say NOT_DONE, and do it again.',
  zh: '部门当时返回的内容已无法查询：请先在该部门撤销，再以“未办理”核实，然后重新办理。',
};

const NOT_FOUND: ResolutionRefusal = {
  en: 'the department does not have it: check the reference with its help desk, or say NOT_DONE.',
  zh: '该部门查无此业务：请与部门核对业务编号，或以“未办理”核实。',
};

function notAPersons(state: SubmissionState): ResolutionRefusal {
  switch (state) {
    case 'sending':
    case 'unknown':
      return {
        en: 'the department is still being asked; it is a person’s to settle once its state is MANUAL.',
        zh: '系统仍在向部门查询，状态为“待人工核实”后方可人工核实。',
      };
    default:
      return SETTLED_MEANWHILE;
  }
}
