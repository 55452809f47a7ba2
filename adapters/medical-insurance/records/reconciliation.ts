import type { Fen } from '../../values/fen.ts';

/** 3201 对总账: one pair of insurance kind and clearing kind, for one clearing office (wire spec 3.13). Days are `yyyy-MM-dd`. */
export interface ReconciliationTotals {
  readonly insuranceKind: string;
  readonly clearingType: string;
  /** setl_optins = the settlements' `clearingOffice`. */
  readonly clearingOffice: string;
  readonly from: string;
  readonly to: string;
  readonly totalFen: number;
  readonly fundTotalFen: number;
  readonly accountFen: number;
  readonly count: number;
  readonly refunded: boolean;
}

export interface TotalsCompared {
  readonly clearingOffice: string | null;
  /** stmt_rslt: `0` equal, `1` centre has more, `2` provider has more, `3` amounts differ; others are mismatches too. */
  readonly result: string;
  readonly agrees: boolean;
  readonly description: string | null;
  readonly messageId: string;
}

/** 3202 对明细账, with the file before and the file after it. */
export interface ReconciliationDetails {
  readonly clearingType: string;
  readonly clearingOffice: string;
  readonly from: string;
  readonly to: string;
  readonly refunded: boolean;
  /** cash_payamt of the rows together. */
  readonly cashFen: number;
  readonly rows: readonly ProviderRow[];
}

/** One settlement as the provider has it. */
export interface ProviderRow {
  readonly settlementId: string;
  readonly visitId: string;
  readonly personNumber: string;
  readonly totalFen: number;
  readonly fundTotalFen: number;
  readonly accountFen: number;
  readonly refunded: boolean;
}

/** One settlement as the platform compared it; the amounts are the centre's. */
export interface ComparedRow {
  readonly personNumber: string;
  readonly visitId: string;
  readonly settlementId: string;
  readonly messageId: string | null;
  /** stmt_rslt, as in `TotalsCompared`. */
  readonly result: string;
  readonly refunded: boolean;
  readonly memo: string | null;
  readonly totalFen: Fen | null;
  readonly fundTotalFen: Fen | null;
  readonly accountFen: Fen | null;
}

export interface DetailsCompared {
  readonly rows: readonly ComparedRow[];
  readonly fileName: string;
  readonly fileQueryNumber: string;
  /** The file can be fetched until then, `yyyy-MM-dd HH:mm:ss`. */
  readonly downloadUntil: string | null;
  readonly messageId: string;
}
