import type { Submission } from '../../../adapters/database/submissions.ts';
import { REASONS } from '../../../adapters/disability-subsidy/eligibility.ts';
import { madeDecision } from '../../../adapters/disability-subsidy/messages/decision.ts';
import type { ApplicationProgress, ApplicationState, Decision } from '../../../adapters/disability-subsidy/records.ts';
import { chinaDateTime } from '../../../adapters/values/china-time.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { DirectoryOperator } from '../../services/directory.ts';
import type { MutationInput, MutationRequest } from '../../services/mutation.ts';
import type { Settled, SubmissionKind, Submitted } from '../../services/submissions.ts';
import { DECISION } from '../codes.ts';
import { APPLICATION, applicationOfCase, ITEM } from './application-of-case.ts';
import { decidingStage, requireAnother, STAGE } from './desks.ts';
import type { Following } from './following.ts';
import { REVIEW, type ReviewInput } from './kept-writes.ts';
import type { Surroundings } from './surroundings.ts';
import { judgedOr, mayHaveBeenDone } from './unknown-outcomes.ts';

/** A decision (审核、审定意见) as its office gives it; the stage follows from the application and the office. */
export interface ReviewRequest extends MutationInput {
  readonly caseId: string;
  readonly decision: string;
  /** The subsidies passed; all that are still open and not rejected here when left out. */
  readonly types?: readonly string[] | null;
  readonly rejections: readonly {
    readonly type: string;
    readonly reason: string;
    readonly explanation?: string | null;
  }[];
  readonly opinion: string;
  /** `yyyyMM`; where civil affairs pass. */
  readonly startMonth?: string | null;
}

/** Decision on an application (LB07). */
export function reviewKind(
  { client }: Pick<Surroundings, 'client'>,
  following: Following,
): SubmissionKind<ReviewInput, ApplicationState> {
  return {
    name: REVIEW,
    send: ({ decision }) => client.decide(decision),
    settle: ({ decision }) => settled(client, decision),
    found: ({ decision }) => made(client, decision),
    async recorded(tx, { caseId, input }, { number }) {
      if (caseId === null) throw new Error('a decision without its case');
      await following.follow(tx, { reference: number, caseId, told: (input as ReviewInput).steps });
    },
  };
}

/** First asks whether the application has moved by this decision, then sends it again if not (disability-subsidy 4). */
async function settled(client: Surroundings['client'], decision: Decision): Promise<Settled<ApplicationState>> {
  const outcome = await made(client, decision);
  return outcome ? { state: 'done', outcome } : judgedOr(() => client.decide(decision));
}

async function made(client: Surroundings['client'], decision: Decision): Promise<ApplicationState | undefined> {
  const found = await client.application(decision.number);
  return found ? madeDecision(found, decision) : undefined;
}

/**
 * Gives the decision of an office of this district. Which office may give one follows from where the application lies; nobody decides on
 * their own application, nor on one that they filed. Throws `INVALID_INPUT`, saying what would fit.
 */
export async function review(
  surroundings: Surroundings,
  kind: SubmissionKind<ReviewInput, ApplicationState>,
  input: ReviewRequest,
  mutation: MutationRequest,
): Promise<Submitted<ApplicationState>> {
  const { store, client, writes, directory, district, clock } = surroundings;
  const operator = directory.operator(input.operator);
  const known = await writes.known<ApplicationState>(mutation);
  if (known) return known;
  const { applicant } = await readCase(store, input.caseId, { items: [ITEM] });
  const submissions = (await store.submissions.ofCases([input.caseId])).get(input.caseId) ?? [];
  requireAnother(operator, [applicant.idNumber]);
  requireNotFiledBy(operator, submissions);
  const application = await applicationOfCase(store, client, input.caseId);
  const stage = decidingStage(operator, application, district);
  const decision: Decision = {
    number: application.number,
    stage,
    decision: input.decision,
    ...verdict(input, stage, application, submissions),
    opinion: textInput('input.opinion', input.opinion, 500),
    reviewer: operator.name,
    reviewedAt: chinaDateTime(clock()),
  };
  return writes.submit(kind, {
    mutation,
    caseId: input.caseId,
    operator: operator.account,
    input: { decision, steps: application.steps.length },
    check: async (tx) => void (await caseFor(tx, store, input.caseId, { items: [ITEM] })),
  });
}

function requireNotFiledBy({ account }: DirectoryOperator, submissions: readonly Submission[]): void {
  const own = submissions.some(
    ({ kind, state, operator }) => kind === APPLICATION && operator === account && mayHaveBeenDone(state),
  );
  if (!own) return;
  throw invalidInput('input.operator', {
    en: 'has filed this application; what fits: another operator of the office.',
    zh: '该申请由本人提交，请由本单位其他经办人审核。',
  });
}

type Verdict = Pick<Decision, 'subsidyTypes' | 'rejected' | 'startMonth'>;

function verdict(
  input: ReviewRequest,
  stage: string,
  application: ApplicationProgress,
  submissions: readonly Submission[],
): Verdict {
  switch (input.decision) {
    case DECISION.PASS:
      return passed(input, stage, application, stillOpen(application, submissions));
    case DECISION.REFUSE:
      refuseGiven(input, ['types', 'startMonth']);
      return refused(input, stillOpen(application, submissions));
    default:
      refuseGiven(input, ['types', 'startMonth', 'rejections']);
      return { subsidyTypes: [] };
  }
}

/** What was applied for, without what earlier decisions of ours have rejected; the system shows the whole only (3.4). */
function stillOpen({ number, subsidyTypes }: ApplicationProgress, submissions: readonly Submission[]): string[] {
  const rejected = submissions
    .filter(({ kind, state }) => kind === REVIEW && state === 'done')
    .map(({ input }) => (input as ReviewInput).decision)
    .filter((decision) => decision.number === number)
    .flatMap((decision) => (decision.rejected ?? []).map(({ subsidyType }) => subsidyType));
  return subsidyTypes.filter((type) => !rejected.includes(type));
}

function passed(
  input: ReviewRequest,
  stage: string,
  application: ApplicationProgress,
  open: readonly string[],
): Verdict {
  const rejected = rejections(input, open);
  const turnedDown = rejected.map(({ subsidyType }) => subsidyType);
  const subsidyTypes = input.types ?? open.filter((type) => !turnedDown.includes(type));
  const whole = [...subsidyTypes, ...turnedDown];
  const isWhole =
    new Set(whole).size === whole.length && whole.length === open.length && whole.every((type) => open.includes(type));
  if (subsidyTypes.length === 0 || !isWhole) {
    throw invalidInput('input.types', {
      en: 'each subsidy that is still open must either pass or be rejected, and one must pass; what fits otherwise: REFUSE.',
      zh: '每项待审补贴应通过或不通过，且至少一项通过；均不通过的请选择不通过。',
    });
  }
  const startMonth = startMonthOf(input, stage, application);
  return { subsidyTypes, ...(rejected.length > 0 && { rejected }), ...(startMonth !== undefined && { startMonth }) };
}

function refused(input: ReviewRequest, open: readonly string[]): Verdict {
  const rejected = rejections(input, open);
  if (rejected.length < open.length) {
    throw invalidInput('input.rejections', {
      en: 'give a reason for each subsidy that is still open.',
      zh: '请逐项说明不通过的原因。',
    });
  }
  return { subsidyTypes: [], rejected };
}

function rejections({ rejections }: ReviewRequest, open: readonly string[]) {
  return rejections.map(({ type, reason, explanation }, index) => {
    const again = rejections.findIndex((other) => other.type === type) < index;
    if (again || !open.includes(type)) {
      throw invalidInput(`input.rejections.${index}.type`, {
        en: 'is not open, or is rejected twice.',
        zh: '该补贴不在待审之列或重复填写。',
      });
    }
    const words = explanation ?? REASONS[reason] ?? '';
    return {
      subsidyType: type,
      reasonCode: reason,
      reason: textInput(`input.rejections.${index}.explanation`, words, 200),
    };
  });
}

/** Needed where civil affairs pass, and at the latest the month after the application was accepted (3.7). */
function startMonthOf(
  { startMonth }: ReviewRequest,
  stage: string,
  { steps }: ApplicationProgress,
): string | undefined {
  const field = 'input.startMonth';
  if (stage !== STAGE.CIVIL_AFFAIRS) {
    if (startMonth == null) return undefined;
    throw invalidInput(field, { en: 'is for civil affairs to set.', zh: '起始月份由民政部门确定。' });
  }
  const latest = monthAfter(steps[0]?.at ?? '');
  if (startMonth != null && startMonth <= latest) return startMonth;
  const shown = `${latest.slice(0, 4)}-${latest.slice(4)}`;
  throw invalidInput(field, { en: `is needed, and is ${shown} at the latest.`, zh: `不能为空，且不得晚于${shown}。` });
}

/** The month after a day, `yyyyMM`. */
function monthAfter(day: string): string {
  const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return `${Math.floor(months / 12)}${String((months % 12) + 1).padStart(2, '0')}`;
}

function refuseGiven(input: ReviewRequest, members: readonly ('types' | 'startMonth' | 'rejections')[]): void {
  const given = members.find((member) =>
    member === 'rejections' ? input.rejections.length > 0 : input[member] != null,
  );
  if (given === undefined) return;
  throw invalidInput(`input.${given}`, { en: 'does not go with this decision.', zh: '与该审核意见不符。' });
}
