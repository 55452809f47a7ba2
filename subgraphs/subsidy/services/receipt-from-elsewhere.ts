import { DEPARTMENT } from '../../../adapters/disability-subsidy/errors.ts';
import type { ApplicationProgress, PendingApplication } from '../../../adapters/disability-subsidy/records.ts';
import { chinaDateTime, instantFromChina } from '../../../adapters/values/china-time.ts';
import { formInput, invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import { type MutationInput, type MutationRequest, onlyOnce } from '../../services/mutation.ts';
import { APPLICATION, applicationNumber, ITEM } from './application-of-case.ts';
import { requireAnother } from './desks.ts';
import { FIRST_TOLD, type Following } from './following.ts';
import type { Surroundings } from './surroundings.ts';

/** An application that another place accepted (跨省通办), for the case opened here to decide it. */
export interface ReceiveInput extends MutationInput {
  readonly caseId: string;
  /** 申请编号. */
  readonly number: string;
}

const PAGE = 100;
/** The clocks of the systems may differ. */
const OVERLAP_MS = 600_000;
const LONGEST_SPAN_MS = 31 * 86_400_000;

/**
 * Ties an application that waits for this district's decision to the case of its applicant. Throws `INVALID_INPUT` when none of this
 * number waits, when it is another person's, and when case or application belong together with others already.
 */
export async function receive(
  surroundings: Surroundings,
  following: Following,
  input: ReceiveInput,
  mutation: MutationRequest,
): Promise<{ readonly number: string }> {
  const { store, directory, clock } = surroundings;
  const operator = directory.operator(input.operator);
  const known = await store.write((tx) => store.idempotency.find(tx, mutation.key, mutation.content));
  if (!known) await checked(surroundings, input);
  return onlyOnce(store, mutation, clock, async (tx) => {
    const { caseId, number } = input;
    const { applicant } = await caseFor(tx, store, caseId, { items: [ITEM] });
    requireAnother(operator, [applicant.idNumber]);
    const reference = { system: DEPARTMENT, kind: APPLICATION, reference: number, values: {} };
    await store.registry.addReference(tx, caseId, reference);
    await tellCase(tx, store.tasks, { caseId, kind: 'subsidy-submitted', at: clock(), operator: operator.account });
    await following.follow(tx, { reference: number, caseId, told: FIRST_TOLD });
    return { number };
  });
}

async function checked(surroundings: Surroundings, { caseId, number }: ReceiveInput): Promise<void> {
  const { store, client } = surroundings;
  formInput('input.number', number, /^LB\d{20}$/, { en: 'must be LB and 20 digits.', zh: '应为LB加20位数字。' });
  const { applicant } = await readCase(store, caseId, { items: [ITEM] });
  const own = await applicationNumber(store, caseId);
  if (own !== undefined && own !== number) {
    throw invalidInput('input.caseId', { en: `has application ${own} already.`, zh: `该办件已有申请${own}。` });
  }
  const [other] = (
    await store.registry.casesByReference({ system: DEPARTMENT, kind: APPLICATION, reference: number })
  ).filter((id) => id !== caseId);
  if (other !== undefined) {
    throw invalidInput('input.number', { en: 'belongs to another case.', zh: '该申请已关联其他办件。' });
  }
  const application = await client.application(number);
  const waiting = application && (await findWaiting(surroundings, application));
  if (!waiting) {
    throw invalidInput('input.number', {
      en: 'is not among the applications that wait for this district; see pendingSubsidyApplications.',
      zh: '不在本区待办申请之列，请查询户籍地待办。',
    });
  }
  if (waiting.idNumber !== applicant.idNumber) {
    throw invalidInput('input.number', { en: 'is not the applicant’s.', zh: '不是该办件申请人的申请。' });
  }
}

/** Progress does not tell whose an application is; the list of those that wait does (3.6). It is asked for the time of the last step. */
async function findWaiting(
  { client, district, clock }: Surroundings,
  { number, status, steps }: ApplicationProgress,
): Promise<PendingApplication | undefined> {
  const moved = steps.at(-1)?.at;
  const from = (moved === undefined ? clock() : instantFromChina(moved)) - OVERLAP_MS;
  const to = Math.min(from + LONGEST_SPAN_MS, clock() + OVERLAP_MS);
  for (let page = 1; ; page += 1) {
    const { rows, total } = await client.pendingForHukou({
      hukouDivision: district.padEnd(12, '0'),
      statuses: [status],
      updatedFrom: chinaDateTime(from),
      updatedTo: chinaDateTime(to),
      page,
      pageSize: PAGE,
    });
    const found = rows.find((row) => row.number === number);
    if (found || page * PAGE >= total) return found;
  }
}
