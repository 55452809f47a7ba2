import { FeeUploadStopped } from '../../../adapters/medical-insurance/errors.ts';
import { findFees } from '../../../adapters/medical-insurance/finding-out/fees.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import { type FeeRowInput, feeRows } from '../forms/fee-form.ts';
import { momentAt } from '../forms/readers.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import { earlierWrites } from './earlier-writes.ts';
import type { Prepared } from './handling.ts';
import { courseOf, type FeesInput, type FeesOutcome, MATERNITY, type MaternityCourse } from './maternity-course.ts';
import type { ServiceSurroundings } from './surroundings.ts';
import { admittedVisit, courseHeld, maternityCase, notSettled } from './visit-order.ts';

export interface UploadFeesInput extends MutationInput {
  readonly caseId: string;
  readonly fees: readonly FeeRowInput[];
}

/** In these failures nothing of a slice was taken: what was taken before it is known. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['DEPARTMENT_REJECTED', 'DEPARTMENT_BUSY', 'DEPARTMENT_UNREACHABLE']);

/**
 * 2301 in slices as a write. When the platform refuses a later slice, what came before it has been taken: that is an outcome, which tells
 * how far it came. Of one whose answer was lost it is known how many rows were taken, and not how they were divided.
 */
export function feesKind({
  client,
  store,
}: Pick<ServiceSurroundings, 'client' | 'store'>): SubmissionKind<FeesInput, FeesOutcome> {
  return {
    name: MATERNITY.fees,
    async send({ institution, upload }, { remember }) {
      try {
        const { rows } = await client.uploadFees(upload, { institution, beforeSending: remember });
        return { accepted: upload.rows.length, rows, complete: true, refusal: null };
      } catch (error) {
        if (!(error instanceof FeeUploadStopped) || error.stoppedAt === 0 || !NOT_TAKEN.has(error.code)) throw error;
        const { detail = null, accepted, stoppedAt } = error;
        return { accepted: stoppedAt, rows: accepted.rows, complete: false, refusal: detail };
      }
    },
    async settle({ institution, ...fees }, { messageReference }) {
      const found = await findFees(client, fees, messageReference, { institution });
      if (found.state !== 'done') return found;
      const { accepted } = found.outcome;
      const complete = accepted === fees.upload.rows.length;
      return { state: 'done', outcome: { accepted, rows: null, complete, refusal: null } };
    },
    async recorded(tx, { caseId, operator, changedAt }) {
      if (caseId === null) throw new Error('fees without a case');
      await tellCase(tx, store.tasks, { caseId, kind: 'maternity-fees-uploaded', at: changedAt, operator });
    },
  };
}

/** Checks the rows against the visit of the case. */
export async function prepareFees(
  surroundings: ServiceSurroundings,
  given: UploadFeesInput,
): Promise<Prepared<FeesInput>> {
  const { store, clock, feeRowsPerCall } = surroundings;
  const { caseId } = given;
  const delegate = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const course = courseOf(await earlierWrites(store, caseId));
  const work = await readCase(store, caseId, maternityCase(course));
  checkHandler(delegate, work);
  notSettled(course);
  const { id, person, medType, insuranceKind, admittedAt } = admittedVisit(course);
  const rows = feeRows(given.fees, course.feeSerials, {
    admittedAt: momentAt(instantFromChina(admittedAt)),
    now: momentAt(clock()),
  });
  return {
    input: {
      institution: delegate.institution,
      upload: { ...person, visitId: id, medType, rows },
      idNumber: work.applicant.idNumber,
      insuranceKind,
      earlierFen: course.feesFen,
      slice: feeRowsPerCall,
    },
    async check(tx) {
      checkUnchanged(course, await courseHeld(tx, store, caseId));
    },
  };
}

function checkUnchanged(before: MaternityCourse, now: MaternityCourse): void {
  notSettled(now);
  if (now.visit?.id === before.visit?.id && now.feesFen === before.feesFen) return;
  throw invalidInput('input.caseId', {
    en: 'was changed meanwhile; look at it and send again.',
    zh: '该办件已发生变化，请核对后重新提交。',
  });
}
