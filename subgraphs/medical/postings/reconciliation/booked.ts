import type { Settlement } from '../../../../adapters/medical-insurance/records/settlement.ts';
import { chinaDate } from '../../../../adapters/values/china-time.ts';
import type { AccountEntry } from './account.ts';

/** A settlement or refund that was booked through us, with what the platform's statements ask of it. */
export interface Booked {
  readonly settlementId: string | null;
  readonly document: string | null;
  readonly visitId: string;
  readonly personNumber: string;
  readonly day: string;
  readonly totalFen: number;
  readonly fundTotalFen: number;
  readonly accountFen: number;
  readonly cashFen: number;
  /** It was cancelled afterwards, or is what cancelled another. */
  readonly refunded: boolean;
  /** What the platform said of it; null where it did not. */
  readonly insuranceKind: string | null;
  readonly clearingType: string | null;
  readonly clearingOffice: string | null;
}

/** What is read of a settlement as the platform answered it. */
export type SettlementKept = Pick<
  Settlement,
  | 'id'
  | 'visitId'
  | 'personNumber'
  | 'totalFen'
  | 'fundTotalFen'
  | 'accountFen'
  | 'cashFen'
  | 'insuranceKind'
  | 'clearingType'
  | 'clearingOffice'
  | 'settledAt'
>;

/** What is known of a settlement that was made for a document, and of its cancellation. Moments are milliseconds since 1970. */
export interface SettledDocument {
  /** Null for one that was made at the counter. */
  readonly document: string | null;
  readonly settlement: SettlementKept;
  readonly settledAt: number;
  /** Null while it stands. */
  readonly undoneAt: number | null;
  /** The settlement of negative amounts; null where its answer was lost. */
  readonly refund: SettlementKept | null;
}

/** The bookings of a settlement: itself and, when it was cancelled, its refund. */
export function bookingsOf({ document, settlement, settledAt, undoneAt, refund }: SettledDocument): readonly Booked[] {
  const refunded = undoneAt !== null;
  const own = booking(settlement, { document, refunded, at: settledAt });
  if (!refunded) return [own];
  if (refund) return [own, booking(refund, { document, refunded, at: undoneAt })];
  // The platform's answer was lost: that there is a refund is known, and what it must come to.
  const lost = {
    ...own,
    settlementId: null,
    day: chinaDate(undoneAt),
    totalFen: -own.totalFen,
    fundTotalFen: -own.fundTotalFen,
    accountFen: -own.accountFen,
    cashFen: -own.cashFen,
  };
  return [own, lost];
}

/** The refund of a settlement that was not booked here. */
export function bookingOfRefund(refund: SettlementKept, at: number): Booked {
  return booking(refund, { document: null, refunded: true, at });
}

function booking(
  settlement: SettlementKept,
  { document, refunded, at }: { readonly document: string | null; readonly refunded: boolean; readonly at: number },
): Booked {
  const { id, visitId, personNumber, totalFen, fundTotalFen, accountFen, cashFen } = settlement;
  const { insuranceKind, clearingType, clearingOffice, settledAt } = settlement;
  return {
    settlementId: id,
    document,
    visitId,
    personNumber,
    day: settledAt?.slice(0, 10) ?? chinaDate(at),
    totalFen,
    fundTotalFen,
    accountFen,
    cashFen,
    refunded,
    insuranceKind,
    clearingType,
    clearingOffice,
  };
}

/** How a booking stands in the account that is compared. */
export function entryOf({ settlementId, document, visitId, day, refunded, ...amounts }: Booked): AccountEntry {
  const { totalFen, fundTotalFen, accountFen } = amounts;
  return { settlementId, document, visitId, day, totalFen, fundTotalFen, accountFen, refunded, place: null };
}
