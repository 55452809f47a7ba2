import { DEPARTMENT } from '../../../adapters/disability-subsidy/errors.ts';
import type {
  ApplicationState,
  SubmissionReceipt,
  SubsidyApplication,
} from '../../../adapters/disability-subsidy/records.ts';
import type { MutationRequest } from '../../services/mutation.ts';
import { DepartmentWrites, type SubmissionKind, type Submitted } from '../../services/submissions.ts';
import { applicationKind, apply } from './application.ts';
import type { ApplyInput } from './application-form.ts';
import { Following, type FollowingOptions } from './following.ts';
import type { ReviewInput, SupplementInput } from './kept-writes.ts';
import { type ReceiveInput, receive } from './receipt-from-elsewhere.ts';
import { type ReviewRequest, review, reviewKind } from './review.ts';
import { type SupplementRequest, supplement, supplementKind } from './supplement.ts';
import type { Surroundings } from './surroundings.ts';

export interface SubsidyServicesOptions
  extends Omit<Surroundings, 'writes'>,
    Pick<FollowingOptions, 'pauseMs' | 'report'> {}

/** The two subsidies as a service: applied for, supplemented, decided, and followed until the first payment. */
export class SubsidyServices {
  readonly surroundings: Surroundings;
  readonly #following: Following;
  readonly #application: SubmissionKind<SubsidyApplication, SubmissionReceipt>;
  readonly #supplement: SubmissionKind<SupplementInput, ApplicationState>;
  readonly #review: SubmissionKind<ReviewInput, ApplicationState>;

  constructor(options: SubsidyServicesOptions) {
    const { store, clock, report } = options;
    this.#following = new Following(options);
    this.#application = applicationKind(options, this.#following);
    this.#supplement = supplementKind(options, this.#following);
    this.#review = reviewKind(options, this.#following);
    const kinds = [this.#application, this.#supplement, this.#review];
    const writes = new DepartmentWrites({ system: DEPARTMENT, store, clock, kinds, report });
    this.surroundings = { ...options, writes };
  }

  async start(): Promise<void> {
    await this.surroundings.writes.start();
    this.#following.start();
  }

  async stop(): Promise<void> {
    await this.#following.stop();
    await this.surroundings.writes.stop();
  }

  apply(input: ApplyInput, mutation: MutationRequest): Promise<Submitted<SubmissionReceipt>> {
    return apply(this.surroundings, this.#application, input, mutation);
  }

  supplement(input: SupplementRequest, mutation: MutationRequest): Promise<Submitted<ApplicationState>> {
    return supplement(this.surroundings, this.#supplement, input, mutation);
  }

  review(input: ReviewRequest, mutation: MutationRequest): Promise<Submitted<ApplicationState>> {
    return review(this.surroundings, this.#review, input, mutation);
  }

  receive(input: ReceiveInput, mutation: MutationRequest): Promise<{ readonly number: string }> {
    return receive(this.surroundings, this.#following, input, mutation);
  }
}
