import type { Decision, Supplement } from '../../../adapters/disability-subsidy/records.ts';

/** What writes on an application are kept as, beside the application itself. */
export const SUPPLEMENT = 'subsidy-supplement';
export const REVIEW = 'subsidy-review';

/** A supplement as it is kept and sent. */
export interface SupplementInput {
  readonly supplement: Supplement;
  /** So many steps the application had before. */
  readonly steps: number;
}

/** A decision as it is kept and sent. */
export interface ReviewInput {
  readonly decision: Decision;
  /** So many steps the application had before. */
  readonly steps: number;
}
