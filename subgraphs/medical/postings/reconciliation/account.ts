/** Whose books: the hospital's own file, what was settled through us, the centre's. */
export const SIDES = ['hospital', 'store', 'platform'] as const;
export type Side = (typeof SIDES)[number];

/** What the books of one side say of one settlement. A refund is a settlement of its own with negative amounts (medical-insurance 3.11). */
export interface AccountEntry {
  /** setl_id; null where the side's books do not have it: a hospital's file of documents only. */
  readonly settlementId: string | null;
  /** The hospital's document; null where the side does not know it. */
  readonly document: string | null;
  /** mdtrt_id. */
  readonly visitId: string | null;
  /** The China day on which it was settled, `yyyy-MM-dd`; null where the side does not tell it. */
  readonly day: string | null;
  readonly totalFen: number;
  readonly fundTotalFen: number;
  /** Paid from the personal account. */
  readonly accountFen: number;
  /** It was cancelled afterwards, or is what cancelled another; null where the side does not tell it. */
  readonly refunded: boolean | null;
  /** Where it stands in the side's books, for people: line 17 of a file. */
  readonly place: string | null;
}

/** The books of all sides for the same period. `hospital` is null where the hospital gave no file. */
export interface Books {
  readonly hospital: readonly AccountEntry[] | null;
  readonly store: readonly AccountEntry[];
  readonly platform: readonly AccountEntry[];
}

/** The amounts that are compared. */
export const AMOUNTS = ['totalFen', 'fundTotalFen', 'accountFen'] as const;
export type AmountName = (typeof AMOUNTS)[number];
