import type { PostingFailure } from '../../../../adapters/database/postings.ts';
import type { PersonReference } from '../../../../adapters/medical-insurance/records/person.ts';
import type { Settlement } from '../../../../adapters/medical-insurance/records/settlement.ts';

/** The transactions of a posting, as the schema names them. */
export type StepName =
  | 'PERSON'
  | 'BENEFIT'
  | 'SEARCH'
  | 'FILE'
  | 'CANCEL_FILING'
  | 'ADMISSION'
  | 'CANCEL_ADMISSION'
  | 'FEES'
  | 'CANCEL_FEES'
  | 'TRIAL'
  | 'SETTLEMENT'
  | 'CANCEL_SETTLEMENT';

/** A step that was sent, or was about to be, and of which it is not known what became of it. */
export interface PendingStep {
  readonly step: StepName;
  /** Under which it was sent last: what a query or a reversal names (medical-insurance 2.3). */
  readonly messageId: string;
  /** When it was about to be sent, milliseconds since 1970. */
  readonly sentAt: number;
  /** How often the platform was asked what became of it. */
  readonly asked: number;
}

/** A settlement as it is kept: without name, identity number and birth date, which the entry has. */
export type KeptSettlement = Pick<
  Settlement,
  | 'id'
  | 'visitId'
  | 'personNumber'
  | 'totalFen'
  | 'fundTotalFen'
  | 'accountFen'
  | 'cashFen'
  | 'sharedAccountFen'
  | 'personTotalFen'
  | 'hospitalFen'
  | 'medType'
  | 'insuranceKind'
  | 'clearingType'
  | 'clearingOffice'
  | 'funds'
  | 'settledAt'
  | 'messageId'
>;

/** Whose it is at the platform and under which insurance they are treated (1101). */
export interface KnownPerson extends PersonReference {
  readonly insuranceKind: string;
}

/** How the platform divided the fees, fen. */
export interface FeeScope {
  readonly fullySelfPaidFen: number;
  readonly overLimitFen: number;
  readonly firstSelfPaidFen: number;
  readonly inScopeFen: number;
}

/** What a settlement came to on trial, fen; the rest follows from its sums. */
export const TRIED = ['fundTotalFen', 'hospitalFen', 'accountFen', 'sharedAccountFen', 'cashFen'] as const;
export type Tried = Pick<Settlement, (typeof TRIED)[number]>;

/** How far a posting has come: what is known of each step that was done. JSON. */
export interface Progress {
  /** Why it goes back; absent while it goes forward. */
  readonly back?: {
    /** The hospital wants it taken back; else it could not be done. */
    readonly cancelled: boolean;
    readonly failure: PostingFailure | null;
  };
  readonly pending?: PendingStep;
  /** How often the step that is to be done next was sent and turned out not to have been done. */
  readonly notDone?: { readonly step: StepName; readonly times: number };
  /** The person was looked up once more, after they were found not to be insured where 1101 had said. */
  readonly askedAgain?: boolean;
  /** Steps that are done and nothing else tells of: `SEARCH`, `BENEFIT`. */
  readonly passed?: readonly StepName[];
  readonly person?: KnownPerson;
  /** Null: it is filed, and the platform does not tell its serial any more. */
  readonly filing?: { readonly serial: string | null; readonly found: boolean } | undefined;
  readonly visit?: { readonly id: string } | undefined;
  /** So many rows from the first on; `scope` is null where the platform's division was lost with an answer. */
  readonly fees?: { readonly accepted: number; readonly scope: FeeScope | null } | undefined;
  readonly trial?: Tried;
  readonly settlement?: KeptSettlement | undefined;
  /** The settlement stands no more. `refund` is null where its answer was lost. */
  readonly refunded?: { readonly refund: KeptSettlement | null; readonly at: number };
  /** Message ids in the order in which they were used. */
  readonly messageIds?: readonly string[];
}

export function keptSettlement(settlement: Settlement): KeptSettlement {
  const { id, visitId, personNumber, totalFen, fundTotalFen, accountFen, cashFen, sharedAccountFen } = settlement;
  const { personTotalFen, hospitalFen, medType, insuranceKind, clearingType, clearingOffice } = settlement;
  const { funds, settledAt, messageId } = settlement;
  return {
    id,
    visitId,
    personNumber,
    totalFen,
    fundTotalFen,
    accountFen,
    cashFen,
    sharedAccountFen,
    personTotalFen,
    hospitalFen,
    medType,
    insuranceKind,
    clearingType,
    clearingOffice,
    funds,
    settledAt,
    messageId,
  };
}

/** What stands at the platform and would have to be undone, last first. */
export function standing({ filing, visit, fees, settlement, refunded }: Progress): readonly StepName[] {
  return [
    ...(settlement && !refunded ? ['SETTLEMENT' as const] : []),
    ...(fees && fees.accepted > 0 ? ['FEES' as const] : []),
    ...(visit ? ['ADMISSION' as const] : []),
    ...(filing ? ['FILE' as const] : []),
  ];
}
