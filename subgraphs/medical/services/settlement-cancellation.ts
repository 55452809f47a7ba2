import { findSettlementCancellation } from '../../../adapters/medical-insurance/finding-out/settlement.ts';
import type { SettlementReference } from '../../../adapters/medical-insurance/records/settlement.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import { latestReference, personOf } from './case-reference.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import { earlierWrites } from './earlier-writes.ts';
import type { Prepared } from './handling.ts';
import { type CancellationOutcome, courseOf, MATERNITY } from './maternity-course.ts';
import { ITEMS, type ServiceSurroundings } from './surroundings.ts';

export interface CancelSettlementInput extends MutationInput {
  readonly caseId: string;
  readonly reason: string;
}

export interface SettlementCancellation {
  readonly institution: Institution;
  readonly reference: SettlementReference;
  /** For the case; the platform takes none. */
  readonly reason: string;
}

/** 2305 as a write. */
export function settlementCancellationKind(
  surroundings: ServiceSurroundings,
): SubmissionKind<SettlementCancellation, CancellationOutcome> {
  const { client, store } = surroundings;
  return {
    name: MATERNITY.cancellation,
    async send({ institution, reference }, { remember }) {
      const refund = await client.cancelSettlement(reference, { institution, beforeSending: remember });
      return { settlementId: reference.settlementId, refund };
    },
    settle: ({ institution, reference }, { messageReference }) =>
      findSettlementCancellation(client, reference, messageReference, { institution }),
    async found({ institution, reference }) {
      const original = await client.settlement(reference, { institution });
      return original?.refunded ? { settlementId: reference.settlementId, refund: null } : undefined;
    },
    async recorded(tx, { caseId, operator, changedAt, input }) {
      if (caseId === null) throw new Error('a cancellation without a case');
      const { reason } = input as SettlementCancellation;
      const event = { caseId, at: changedAt, operator, explanation: reason };
      await tellCase(tx, store.tasks, { ...event, kind: 'maternity-cancelled' });
    },
  };
}

/** Finds the settlement that stands, also one that the case was given otherwise. */
export async function prepareSettlementCancellation(
  surroundings: ServiceSurroundings,
  given: CancelSettlementInput,
): Promise<Prepared<SettlementCancellation>> {
  const { store } = surroundings;
  const { caseId } = given;
  const wanted = { items: ITEMS.maternity, ended: true };
  const delegate = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const reason = textInput('input.reason', given.reason, 500);
  checkHandler(delegate, await readCase(store, caseId, wanted));
  const latest = await latestReference(surroundings, caseId, 'maternity-settlement');
  const visitId = latest?.values.visitId;
  if (!latest || visitId === undefined) {
    throw invalidInput('input.caseId', {
      en: 'has no settlement that could be cancelled.',
      zh: '该办件没有可撤销的结算。',
    });
  }
  const settlementId = latest.reference;
  const checkStands = ({ cancelled }: ReturnType<typeof courseOf>) => {
    if (!cancelled.includes(settlementId)) return;
    throw invalidInput('input.caseId', { en: 'has a settlement that is cancelled already.', zh: '该结算已撤销。' });
  };
  checkStands(courseOf(await earlierWrites(store, caseId)));
  return {
    input: {
      institution: delegate.institution,
      reference: { ...personOf(surroundings, latest), visitId, settlementId },
      reason,
    },
    async check(tx) {
      await caseFor(tx, store, caseId, wanted);
      checkStands(courseOf(await earlierWrites(store, caseId, tx)));
    },
  };
}
