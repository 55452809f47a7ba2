import type { RegisteredReference } from '../../../adapters/database/case-registry.ts';
import type { Submission } from '../../../adapters/database/submissions.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { type CaseEvent, type CaseEventKind, tellCase } from '../../services/case-events.ts';
import { type CaseAtWork, caseFor, readCase } from '../../services/case-for.ts';
import type { Level } from '../../services/directory.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../../services/mutation.ts';
import type { RequestScope } from '../../subgraph.ts';
import { latestReference, personOf } from './case-reference.ts';
import { CHRONIC_NAMES, DECISION, type DecisionOutcome } from './chronic-disease.ts';
import { BUREAU, checkHandler, type Delegate, delegateFor, VILLAGE_OR_BUREAU } from './delegation.ts';
import { earlierWrites, ofKind } from './earlier-writes.ts';
import { SERIAL_LOST } from './filing.ts';
import { unlessKnown } from './handling.ts';
import { ITEMS, type ServiceSurroundings, SYSTEM } from './surroundings.ts';

export interface ReviewInput extends MutationInput {
  readonly caseId: string;
  readonly approve: boolean;
  readonly opinion?: string | null;
}

/** What is answered for a review or a decision. */
export interface Reviewed {
  readonly submissionId: string;
  readonly caseId: string;
  readonly approved: boolean;
}

/** The first review on behalf (初审代办), kept as a submission of the case. */
const FIRST_REVIEW = 'review-chronic-disease';

const WANTED = { items: ITEMS.chronicDisease };

/** One of the two opinions on a filing. They are ours and the bureau's: nothing is sent, since the platform has no transaction for them. */
interface Opinion {
  readonly operation: string;
  readonly name: string;
  readonly levels: readonly Level[];
  readonly approved: CaseEventKind;
  /** What was done before by the case's own records. Throws `INVALID_INPUT` for what does not fit. */
  fits(done: readonly Submission[], delegate: Delegate): void;
}

const REVIEW: Opinion = {
  operation: 'reviewChronicDiseaseFiling',
  name: FIRST_REVIEW,
  levels: VILLAGE_OR_BUREAU,
  approved: 'chronic-reviewed',
  fits(done) {
    if (ofKind(done, FIRST_REVIEW).length > 0) {
      throw invalidInput('input.caseId', { en: 'has had its first review.', zh: '该办件已经初审。' });
    }
  },
};

const DECIDE: Opinion = {
  operation: 'decideChronicDiseaseFiling',
  name: DECISION,
  levels: BUREAU,
  approved: 'chronic-decided',
  fits(done, { operator }) {
    const [review] = ofKind(done, FIRST_REVIEW);
    if (!review) {
      throw invalidInput('input.caseId', {
        en: 'has had no first review yet; reviewChronicDiseaseFiling comes first.',
        zh: '该办件尚未初审，请先初审。',
      });
    }
    if (ofKind(done, DECISION).length > 0) {
      throw invalidInput('input.caseId', { en: 'is decided already.', zh: '该办件已作出决定。' });
    }
    const handled = [...ofKind(done, CHRONIC_NAMES.filing), review].map((earlier) => earlier.operator);
    if (handled.includes(operator.account)) {
      throw invalidInput('input.operator', {
        en: 'filed or reviewed this case and may not decide it: another account must.',
        zh: '为本件申报或初审人员，不得作出决定，须由其他人员办理。',
      });
    }
  },
};

/** First review on behalf of the bureau (初审代办). Refusing ends the case and needs an opinion. */
export function reviewChronicDisease(
  surroundings: ServiceSurroundings,
  given: ReviewInput,
  scope: RequestScope,
): Promise<Reviewed> {
  return giveOpinion(surroundings, REVIEW, given, scope);
}

/** The bureau's decision (待遇认定). Approving needs the filing to be on the platform still. Refusing needs an opinion. */
export function decideChronicDisease(
  surroundings: ServiceSurroundings,
  given: ReviewInput,
  scope: RequestScope,
): Promise<Reviewed> {
  return giveOpinion(surroundings, DECIDE, given, scope);
}

async function giveOpinion(
  surroundings: ServiceSurroundings,
  opinion: Opinion,
  given: ReviewInput,
  scope: RequestScope,
): Promise<Reviewed> {
  const { store, clock } = surroundings;
  const { caseId, approve } = given;
  const mutation = mutationRequest(opinion.operation, given, scope.idempotencyKey);
  const known = async () => {
    const request = await store.write((tx) => store.idempotency.find(tx, mutation.key, mutation.content));
    return request?.reply as Reviewed | undefined;
  };
  return unlessKnown(known, async () => {
    const delegate = delegateFor(surroundings, given.operator, opinion);
    const words = opinionOf(given);
    const work = await readCase(store, caseId, WANTED);
    checkHandler(delegate, work);
    const filing = await standingFiling(surroundings, work);
    opinion.fits(await earlierWrites(store, caseId), delegate);
    if (approve && opinion === DECIDE) await checkListed(surroundings, filing, delegate, scope.signal);

    return onlyOnce(store, mutation, clock, async (tx) => {
      await caseFor(tx, store, caseId, WANTED);
      const done = await earlierWrites(store, caseId, tx);
      checkNotCancelled(done);
      opinion.fits(done, delegate);
      const submissionId = await kept(tx, surroundings, opinion, given, words);
      await tellCase(tx, store.tasks, {
        caseId,
        kind: approve ? opinion.approved : 'chronic-refused',
        at: clock(),
        operator: given.operator,
        ...(words !== undefined && { explanation: words }),
        ...(approve && opinion === DECIDE && certificateOf(filing)),
      });
      return { submissionId, caseId, approved: approve };
    });
  });
}

/** An opinion of ours is done as soon as it is kept. */
async function kept(
  tx: WriteTransaction,
  { store: { submissions }, clock }: ServiceSurroundings,
  { name }: Opinion,
  { caseId, operator, approve }: ReviewInput,
  words: string | undefined,
): Promise<string> {
  const at = clock();
  const input = { approve, opinion: words ?? null };
  const id = await submissions.add(tx, { system: SYSTEM, kind: name, caseId, operator, input, at });
  const outcome: DecisionOutcome = { approved: approve };
  await submissions.change(tx, id, { state: 'done', at, outcome });
  return id;
}

function opinionOf({ approve, opinion }: ReviewInput): string | undefined {
  if (opinion != null) return textInput('input.opinion', opinion, 500);
  if (approve) return undefined;
  throw invalidInput('input.opinion', { en: 'must say why it is refused.', zh: '不同意的，应说明理由。' });
}

/** The filing that the opinion is on. */
async function standingFiling(
  surroundings: ServiceSurroundings,
  { case: { id } }: CaseAtWork,
): Promise<RegisteredReference> {
  const reference = await latestReference(surroundings, id, CHRONIC_NAMES.reference);
  if (!reference) {
    throw invalidInput('input.caseId', {
      en: 'has no filing yet; fileChronicDisease comes first.',
      zh: '该办件尚未备案，请先申报。',
    });
  }
  checkNotCancelled(await earlierWrites(surroundings.store, id));
  return reference;
}

function checkNotCancelled(done: readonly Submission[]): void {
  const cancelled = ofKind(done, CHRONIC_NAMES.cancellation).length;
  // A filing that the case was given otherwise is no submission of it.
  if (cancelled > 0 && cancelled >= ofKind(done, CHRONIC_NAMES.filing).length) {
    throw invalidInput('input.caseId', { en: 'has a filing that is cancelled.', zh: '该办件的备案已撤销。' });
  }
}

/** What the agency has refused on the platform is not approved here (medical-insurance 3.5, 3.14). */
async function checkListed(
  surroundings: ServiceSurroundings,
  filing: RegisteredReference,
  { institution }: Delegate,
  signal: AbortSignal,
): Promise<void> {
  const { client } = surroundings;
  const listed = await client.chronicDiseaseFilings(personOf(surroundings, filing), { institution, signal });
  if (!listed.some(({ diseaseCode }) => diseaseCode === filing.values.diseaseCode)) {
    throw invalidInput('input.approve', {
      en: 'the platform does not list the filing any more: the agency has refused it there.',
      zh: '医疗保障信息平台已无该备案（经办机构未通过），不能作出同意的决定。',
    });
  }
}

function certificateOf({ reference, values }: RegisteredReference): Pick<CaseEvent, 'certificate'> {
  if (values[SERIAL_LOST] !== undefined) return {};
  return { certificate: { name: '门诊慢特病病种待遇认定', number: reference } };
}
