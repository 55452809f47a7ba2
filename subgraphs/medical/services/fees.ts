import { FeeUploadStopped } from '../../../adapters/medical-insurance/errors.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { Settled, SubmissionKind } from '../../services/submissions.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import { earlierWrites } from './earlier-writes.ts';
import { type FeeRowInput, feeRows } from './fee-form.ts';
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
 * how far it came. Of unknown outcome: neither 2302 nor 5204 is known well enough to be used (medical-insurance 4), but the platform settles
 * on trial only for the very total that it has (3.11); where no total fits, a person has to look.
 */
export function feesKind({
  client,
  store,
}: Pick<ServiceSurroundings, 'client' | 'store'>): SubmissionKind<FeesInput, FeesOutcome> {
  const hasTotal = async (input: FeesInput, totalFen: number): Promise<boolean> => {
    const { upload, institution, idNumber, insuranceKind } = input;
    const { personNumber, insuredRegion, visitId } = upload;
    const certificate = { type: '02', number: idNumber };
    const request = { personNumber, insuredRegion, visitId, certificate, insuranceKind, totalFen, useAccount: false };
    try {
      await client.trialSettlement(request, { institution });
      return true;
    } catch (error) {
      if (error instanceof CasegraphError && error.code === 'DEPARTMENT_REJECTED') return false;
      throw error;
    }
  };
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
    async settle(input, { messageReference }): Promise<Settled<FeesOutcome>> {
      if (messageReference === null) return { state: 'not-done' };
      for (const { accepted, totalFen } of possibleTotals(input)) {
        if (totalFen === 0 || !(await hasTotal(input, totalFen))) continue;
        if (accepted === 0) return { state: 'not-done' };
        const complete = accepted === input.upload.rows.length;
        return { state: 'done', outcome: { accepted, rows: null, complete, refusal: null } };
      }
      return { state: 'unknown' };
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
  const rows = feeRows(given.fees, course.feeSerials, { admittedAt: instantFromChina(admittedAt), now: clock() });
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

/** What the platform may have of the visit now, the whole upload first; rows cost more than nothing, so that no two totals are equal. */
function possibleTotals({ upload: { rows }, earlierFen, slice }: FeesInput) {
  const ends = Array.from({ length: Math.ceil(rows.length / slice) + 1 }, (_, index) =>
    Math.min(index * slice, rows.length),
  );
  return ends.toReversed().map((accepted) => ({
    accepted,
    totalFen: rows.slice(0, accepted).reduce((sum, { totalFen }) => sum + totalFen, earlierFen),
  }));
}

function checkUnchanged(before: MaternityCourse, now: MaternityCourse): void {
  notSettled(now);
  if (now.visit?.id === before.visit?.id && now.feesFen === before.feesFen) return;
  throw invalidInput('input.caseId', {
    en: 'was changed meanwhile; look at it and send again.',
    zh: '该办件已发生变化，请核对后重新提交。',
  });
}
