import type { Posting, PostingTransition, PostingWithContent } from '../../../adapters/database/postings.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { FundPayment } from '../../../adapters/medical-insurance/records/settlement.ts';

/** What a person found out of a posting on the work list, as the schema has it. */
export const WORK_ITEM_RESOLUTIONS = {
  DONE: 'done',
  NOT_DONE: 'not-done',
  ASK_AGAIN: 'ask-again',
  GIVE_UP: 'give-up',
  CLOSE: 'close',
} as const;

export type WorkItemResolution = (typeof WORK_ITEM_RESOLUTIONS)[keyof typeof WORK_ITEM_RESOLUTIONS];

export interface CancellationRequest {
  /** The account that acts. */
  readonly operator: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Resolution extends CancellationRequest {
  readonly resolution: WorkItemResolution;
  /** What the platform shows: of a filing, of an admission. */
  readonly serial?: string;
  readonly visitId?: string;
}

/** What the platform has done of a posting that is settled. */
export type PostingOutcome = FiledOutcome | SettledOutcome;

export interface FiledOutcome {
  readonly kind: 'referral';
  /** Null where the platform's answer was lost. */
  readonly serial: string | null;
}

export interface SettledOutcome {
  readonly kind: 'maternity-settlement';
  readonly visitId: string;
  readonly settlementId: string;
  readonly totalFen: number;
  readonly fundTotalFen: number;
  readonly maternityPaymentFen: number | null;
  /** True where the maternity payment is within the pool (310100), without a line of its own (510100). */
  readonly maternityMerged: boolean;
  readonly accountFen: number;
  readonly cashFen: number;
  readonly hospitalFen: number;
  readonly funds: readonly FundPayment[];
}

/** What a person needs to know of a posting on the work list. */
export interface WorkItemTexts {
  readonly reason: string;
  readonly question: string;
  readonly questionZh: string;
  /** Last first. */
  readonly messageReferences: readonly string[];
  /** Steps that are done at the platform. */
  readonly done: readonly string[];
  readonly resolutions: readonly WorkItemResolution[];
}

/** What the engine does for people. The first two work within the transaction that holds the posting. */
export interface PostingWork {
  /** Throws `INVALID_INPUT` where it cannot be taken back. */
  requestCancellation(tx: WriteTransaction, posting: Posting, request: CancellationRequest): Promise<void>;
  /** Throws `INVALID_INPUT` where it is not on the work list, or not to be resolved like this. */
  resolve(tx: WriteTransaction, posting: Posting, resolution: Resolution): Promise<void>;
  workItem(posting: PostingWithContent, transitions: readonly PostingTransition[]): WorkItemTexts;
  outcomeOf(posting: PostingWithContent): PostingOutcome | null;
}
