import { mutationRequest } from '../services/mutation.ts';
import type { SubsidyContext } from './loaders.ts';
import type { ApplyInput } from './services/application-form.ts';
import type { ReceiveInput } from './services/receipt-from-elsewhere.ts';
import type { ReviewRequest } from './services/review.ts';
import type { SupplementRequest } from './services/supplement.ts';

interface Argument<Input> {
  readonly input: Input;
}

/** What a payload's fields are read from. */
interface Done {
  readonly caseId: string;
  readonly number: string;
  /** Where the mutation was a write to the department. */
  readonly submissionId?: string;
}

/** The mutations. Each is done once for its idempotency key (`subgraphs/services/mutation.ts`). */
export const mutations = {
  async applyForSubsidy(_: unknown, { input }: Argument<ApplyInput>, { services, idempotencyKey }: SubsidyContext) {
    const mutation = mutationRequest('applyForSubsidy', input, idempotencyKey);
    const { submissionId, outcome } = await services.apply(input, mutation);
    return { submissionId, caseId: input.caseId, number: outcome.number };
  },
  async supplementSubsidyApplication(
    _: unknown,
    { input }: Argument<SupplementRequest>,
    { services, idempotencyKey }: SubsidyContext,
  ) {
    const mutation = mutationRequest('supplementSubsidyApplication', input, idempotencyKey);
    const { submissionId, outcome } = await services.supplement(input, mutation);
    return { submissionId, caseId: input.caseId, number: outcome.number };
  },
  async reviewSubsidyApplication(
    _: unknown,
    { input }: Argument<ReviewRequest>,
    { services, idempotencyKey }: SubsidyContext,
  ) {
    const mutation = mutationRequest('reviewSubsidyApplication', input, idempotencyKey);
    const { submissionId, outcome } = await services.review(input, mutation);
    return { submissionId, caseId: input.caseId, number: outcome.number };
  },
  async receiveSubsidyApplication(
    _: unknown,
    { input }: Argument<ReceiveInput>,
    { services, idempotencyKey }: SubsidyContext,
  ) {
    const mutation = mutationRequest('receiveSubsidyApplication', input, idempotencyKey);
    const { number } = await services.receive(input, mutation);
    return { caseId: input.caseId, number };
  },
};

const ofCase = ({ caseId }: Done) => ({ id: caseId });
const ofSubmission = ({ submissionId }: Done) => ({ id: submissionId });
/** Read anew: what was done may have moved it further. */
const application = ({ number }: Done, _: unknown, context: SubsidyContext) => context.application(number);

const PAYLOAD = { submission: ofSubmission, case: ofCase, application };

export const payloads = {
  ApplyForSubsidyPayload: { ...PAYLOAD, number: ({ number }: Done) => number },
  SupplementSubsidyApplicationPayload: PAYLOAD,
  ReviewSubsidyApplicationPayload: PAYLOAD,
  ReceiveSubsidyApplicationPayload: { case: ofCase, application },
};
