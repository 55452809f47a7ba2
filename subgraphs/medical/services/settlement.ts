import { findSettlement } from '../../../adapters/medical-insurance/finding-out/settlement.ts';
import type {
  Settlement,
  SettlementRequest,
  TrialSettlement,
} from '../../../adapters/medical-insurance/records/settlement.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import type { MedicalCredential } from '../credential.ts';
import { codeInput, optionalText } from '../forms/form-fields.ts';
import { shownBy } from './admission.ts';
import { caseReference } from './case-reference.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import { earlierWrites } from './earlier-writes.ts';
import { splitAgrees } from './fund-split.ts';
import type { Prepared } from './handling.ts';
import { courseOf, MATERNITY, type MaternityCourse, type SettlementOutcome } from './maternity-course.ts';
import { type ServiceSurroundings, SYSTEM } from './surroundings.ts';
import { admittedVisit, courseHeld, maternityCase, notSettled, withFees } from './visit-order.ts';

export interface SettleInput extends MutationInput {
  readonly caseId: string;
  readonly total: number;
  readonly useAccount: boolean;
  readonly way: string;
  readonly invoice?: string | null;
  readonly credential?: MedicalCredential | null;
}

export interface SettlementInput {
  readonly institution: Institution;
  readonly request: SettlementRequest;
}

/** 2303 for the visit of a case: what a settlement would come to (medical-insurance 3.11). */
export async function trialOf(
  surroundings: ServiceSurroundings,
  given: SettleInput,
  signal: AbortSignal,
): Promise<TrialSettlement> {
  const { institution, request } = (await settlementOf(surroundings, given)).input;
  return surroundings.client.trialSettlement(request, { institution, signal });
}

/** 2304 as a write; never sent again while it is not known what became of it. */
export function settlementKind(surroundings: ServiceSurroundings): SubmissionKind<SettlementInput, SettlementOutcome> {
  const { client, store, report } = surroundings;
  const settled = (settlement: Settlement, input: SettlementInput, submissionId: string): SettlementOutcome => {
    const { code, name } = input.institution;
    const outcome = { settlement, askedFen: input.request.totalFen, provider: { code, name } };
    // To be looked at; nothing is reversed for it (medical-insurance 3.11).
    if (!splitAgrees(outcome)) {
      const words = `the sums of a settlement do not hold: message ${settlement.messageId}`;
      report(new Error(words), `${SYSTEM} ${MATERNITY.settlement} ${submissionId}`);
    }
    return outcome;
  };
  return {
    name: MATERNITY.settlement,
    async send(input, { remember, submissionId }) {
      const { institution, request } = input;
      return settled(await client.settle(request, { institution, beforeSending: remember }), input, submissionId);
    },
    async settle(input, { id, messageReference }) {
      const { institution, request } = input;
      const found = await findSettlement(client, request, messageReference, { institution });
      return found.state === 'done' ? { state: 'done', outcome: settled(found.outcome, input, id) } : found;
    },
    async found(input, { id, messageReference }, reference) {
      const { personNumber, insuredRegion, visitId } = input.request;
      const question = { personNumber, insuredRegion, visitId, ...(reference !== null && { settlementId: reference }) };
      const record = await client.settlement(question, { institution: input.institution });
      if (!record || record.refunded) return undefined;
      const isMeant = reference !== null || record.providerSettlementId === messageReference;
      return isMeant ? settled(record, input, id) : undefined;
    },
    async recorded(tx, { caseId, operator, changedAt, input }, { settlement }) {
      if (caseId === null) throw new Error('a settlement without a case');
      const { personNumber, insuredRegion } = (input as SettlementInput).request;
      const reference = caseReference(
        surroundings,
        'maternity-settlement',
        settlement.id,
        { personNumber, insuredRegion },
        { visitId: settlement.visitId },
      );
      await store.registry.addReference(tx, caseId, reference);
      const certificate = { name: '生育医疗费结算单', number: settlement.id };
      await tellCase(tx, store.tasks, { caseId, kind: 'maternity-settled', at: changedAt, operator, certificate });
    },
  };
}

/** Checks that it is the settlement's turn and that the total is that of the uploaded fees. */
export async function settlementOf(
  surroundings: ServiceSurroundings,
  given: SettleInput,
): Promise<Prepared<SettlementInput>> {
  const { store } = surroundings;
  const { caseId } = given;
  const delegate = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const course = courseOf(await earlierWrites(store, caseId));
  const work = await readCase(store, caseId, maternityCase(course));
  checkHandler(delegate, work);
  const { id, person, insuranceKind } = inTurn(course, given.total);
  const invoice = optionalText('input.invoice', given.invoice, 20);
  return {
    input: {
      institution: delegate.institution,
      request: {
        ...person,
        visitId: id,
        insuranceKind,
        certificate: shownBy(work.applicant.idNumber, given.credential),
        totalFen: given.total,
        way: codeInput('input.way', given.way, 6),
        useAccount: given.useAccount,
        ...(invoice !== undefined && { invoice }),
        ...course.scope,
      },
    },
    async check(tx) {
      inTurn(await courseHeld(tx, store, caseId), given.total);
    },
  };
}

function inTurn(course: MaternityCourse, total: number) {
  notSettled(course);
  const visit = admittedVisit(course);
  withFees(course);
  if (total <= 0) throw invalidInput('input.total', { en: 'must be above zero.', zh: '应大于零。' });
  if (total !== course.feesFen) {
    throw invalidInput('input.total', {
      en: 'must be the sum of the fees that were uploaded for this visit.',
      zh: '应等于该次就诊已上传费用明细的合计。',
    });
  }
  return visit;
}
