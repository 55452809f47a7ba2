import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { ApplicationProgress, ApplicationState } from '../../../adapters/disability-subsidy/records.ts';
import { invalidInput } from '../../invalid-input.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput, MutationRequest } from '../../services/mutation.ts';
import type { SubmissionKind, Submitted } from '../../services/submissions.ts';
import { APPLICATION_STATUS } from '../codes.ts';
import { supplementRounds } from './application-events.ts';
import { type MaterialInput, materialsOf } from './application-form.ts';
import { applicationOfCase, ITEM } from './application-of-case.ts';
import { requireAcceptingOffice, requireAnother } from './desks.ts';
import type { Following } from './following.ts';
import { SUPPLEMENT, type SupplementInput } from './kept-writes.ts';
import type { Surroundings } from './surroundings.ts';
import { judgedOr, mayHaveBeenDone } from './unknown-outcomes.ts';

/** A supplement (补正) as the clerk hands it in. */
export interface SupplementRequest extends MutationInput {
  readonly caseId: string;
  readonly materials: readonly MaterialInput[];
}

/** Supplement of an application (LB05). */
export function supplementKind(
  { client }: Pick<Surroundings, 'client'>,
  following: Following,
): SubmissionKind<SupplementInput, ApplicationState> {
  return {
    name: SUPPLEMENT,
    send: ({ supplement }) => client.supplement(supplement),
    // The same round again is answered without effect (disability-subsidy 3.5, 4).
    settle: ({ supplement }) => judgedOr(() => client.supplement(supplement)),
    async found({ supplement: { number, round } }) {
      const application = await client.application(number);
      if (!application || supplementRounds(application.steps) < round) return undefined;
      return { number, status: application.status };
    },
    async recorded(tx, { caseId, input }, { number }) {
      if (caseId === null) throw new Error('a supplement without its case');
      await following.follow(tx, { reference: number, caseId, told: (input as SupplementInput).steps });
    },
  };
}

/** Hands in the materials that were asked for. Throws `INVALID_INPUT` when none were, and for another office than the one that accepted. */
export async function supplement(
  surroundings: Surroundings,
  kind: SubmissionKind<SupplementInput, ApplicationState>,
  input: SupplementRequest,
  mutation: MutationRequest,
): Promise<Submitted<ApplicationState>> {
  const { store, client, writes, directory, district } = surroundings;
  const operator = directory.operator(input.operator);
  const known = await writes.known<ApplicationState>(mutation);
  if (known) return known;
  const { applicant } = await readCase(store, input.caseId, { items: [ITEM] });
  requireAnother(operator, [applicant.idNumber]);
  const materials = materialsOf(input.materials);
  if (materials.length === 0) {
    throw invalidInput('input.materials', { en: 'name one material at least.', zh: '请至少提供一份补正材料。' });
  }
  const application = await applicationOfCase(store, client, input.caseId);
  requireWaiting(application);
  requireAcceptingOffice(operator, application, district);
  const { number, steps } = application;
  const round = supplementRounds(steps) + 1;
  return writes.submit(kind, {
    mutation,
    caseId: input.caseId,
    operator: operator.account,
    input: { supplement: { number, round, materials }, steps: steps.length },
    async check(tx) {
      await caseFor(tx, store, input.caseId, { items: [ITEM] });
      await refuseSameRound(surroundings, tx, input.caseId, round);
    },
  });
}

function requireWaiting({ status, statusName }: ApplicationProgress): void {
  if (status === APPLICATION_STATUS.WAITING_FOR_SUPPLEMENT) return;
  throw invalidInput('input.caseId', {
    en: `the application is in state ${statusName}: no supplement was asked for.`,
    zh: `申请状态为“${statusName}”，当前没有补正要求。`,
  });
}

/** The system takes the first supplement of a round and answers every later one as if it had: its materials would be lost. */
async function refuseSameRound(
  { store }: Surroundings,
  tx: WriteTransaction,
  caseId: string,
  round: number,
): Promise<void> {
  const submissions = (await store.submissions.ofCases([caseId], tx)).get(caseId) ?? [];
  const same = submissions.some(
    ({ kind, state, input }) =>
      kind === SUPPLEMENT && mayHaveBeenDone(state) && (input as SupplementInput).supplement.round === round,
  );
  if (!same) return;
  throw invalidInput('input.caseId', {
    en: `supplement ${round} is being handed in already; look at the submissions of the case.`,
    zh: `第${round}次补正正在提交，请查看报送状态。`,
  });
}
