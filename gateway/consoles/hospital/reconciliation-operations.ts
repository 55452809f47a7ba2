/** What `reconcile` sends, word for word; see `HOSPITAL_OPERATIONS`. */

/** Settlements of the hospital's book in a page. */
export const BOOK_PAGE = 2_000;

/** Differences in a page. */
export const DIFFERENCES_PAGE = 1_000;

export const ADD_BOOK_PAGE = `mutation HospitalBookPage($input: AddHospitalBookPageInput!) {
  addHospitalBookPage(input: $input) { book pages rows }
}`;

export const RECONCILE = `mutation HospitalReconcile($input: ReconcilePostingsInput!) {
  reconcilePostings(input: $input) { reconciliation { id } }
}`;

export const RECONCILIATION = `query HospitalReconciliation($id: ID!, $first: Int!, $after: String) {
  postingReconciliation(id: $id) {
    id
    hospital
    from
    to
    state
    failure { code departmentCode text textZh }
    agrees
    totals { side count total fundTotal accountPaid }
    differenceCount
    differences(first: $first, after: $after) {
      edges {
        node { kind sides settlementId document causeText causeTextZh advice adviceZh entries { side day total fundTotal accountPaid refunded place } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

export const REPORTS = `query HospitalReconciliationReports($id: ID!, $csv: Boolean!, $pdf: Boolean!) {
  postingReconciliation(id: $id) {
    id
    csv @include(if: $csv)
    pdf @include(if: $pdf)
  }
}`;

export const RECONCILIATION_OPERATIONS: readonly string[] = [ADD_BOOK_PAGE, RECONCILE, RECONCILIATION, REPORTS];

export interface BookPageAnswer {
  readonly addHospitalBookPage: { readonly book: string; readonly pages: number; readonly rows: number };
}

export interface ReconcileAnswer {
  readonly reconcilePostings: { readonly reconciliation: { readonly id: string } };
}

export interface Difference {
  readonly kind: string;
  readonly sides: readonly string[];
  readonly settlementId: string | null;
  readonly document: string | null;
  readonly causeText: string;
  readonly causeTextZh: string;
  readonly advice: string;
  readonly adviceZh: string;
  readonly entries: readonly {
    readonly side: string;
    readonly day: string | null;
    readonly total: number;
    readonly fundTotal: number;
    readonly accountPaid: number;
    readonly refunded: boolean | null;
    readonly place: string | null;
  }[];
}

export interface Reconciliation {
  readonly id: string;
  readonly hospital: string;
  readonly from: string;
  readonly to: string;
  readonly state: 'RUNNING' | 'DONE' | 'FAILED';
  readonly failure: { readonly code: string; readonly text: string | null; readonly textZh: string | null } | null;
  readonly agrees: boolean | null;
  readonly totals: readonly {
    readonly side: string;
    readonly count: number;
    readonly total: number;
    readonly fundTotal: number;
    readonly accountPaid: number;
  }[];
  readonly differenceCount: number;
  readonly differences: {
    readonly edges: readonly { readonly node: Difference }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export interface ReconciliationAnswer {
  readonly postingReconciliation: Reconciliation;
}

export interface ReportsAnswer {
  readonly postingReconciliation: { readonly csv?: string | null; readonly pdf?: string | null };
}
