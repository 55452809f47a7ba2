import type { Reconciliation } from '../../../../adapters/database/reconciliations.ts';
import { knownCode } from '../../../codes.ts';
import { pageSize, sliceConnection } from '../../../connection.ts';
import type { Resolver, Resolvers } from '../../../schema.ts';
import type { RequestScope } from '../../../subgraph.ts';
import { RECONCILIATION_RESULT } from '../../reconciliation.ts';
import { type AccountEntry, SIDES, type Side } from './account.ts';
import type { AddBookPageInput, PostedDifference, ReconcileInput, ReconciliationDesk } from './desk.ts';
import type { ComparedSums } from './platform-books.ts';
import type { SideTotals } from './reconcile.ts';

/** What resolvers of reconciliations find in the context. */
export interface ReconciliationContext {
  readonly reconciliations: ReconciliationDesk;
  readonly scope: RequestScope;
}

const MOST_DIFFERENCES = 1_000;
const MOST_LISTED = 100;

export const postingReconciliationQueries: Readonly<Record<string, Resolver>> = {
  postingReconciliation: async (_: unknown, { id }: { id: string }, { reconciliations }: ReconciliationContext) =>
    (await reconciliations.byId(id)) ?? null,
  postingReconciliations: (
    _: unknown,
    { hospital, first }: { hospital: string; first: number },
    { reconciliations }: ReconciliationContext,
  ) => reconciliations.ofHospital(hospital, pageSize(first, MOST_LISTED)),
};

export const postingReconciliationMutations: Readonly<Record<string, Resolver>> = {
  addHospitalBookPage: (
    _: unknown,
    { input }: { input: AddBookPageInput },
    { reconciliations }: ReconciliationContext,
  ) => reconciliations.addPage(input),
  reconcilePostings: async (
    _: unknown,
    { input }: { input: ReconcileInput },
    { reconciliations, scope }: ReconciliationContext,
  ) => ({ reconciliation: await reconciliations.reconcile(input, scope) }),
};

export const postingReconciliationTypes: Resolvers = {
  PostingReconciliation: {
    __resolveReference: async ({ id }: { id: string }, { reconciliations }: ReconciliationContext) =>
      (await reconciliations.byId(id)) ?? null,
    hospital: ({ provider }: Reconciliation) => provider,
    failure: ({ failure }: Reconciliation) =>
      failure && {
        code: failure.code,
        departmentCode: failure.departmentCode,
        text: failure.detail,
        textZh: failure.detailZh,
      },
    totals: async (one: Reconciliation, _: unknown, { reconciliations }: ReconciliationContext) =>
      (await reconciliations.explained(one))?.result.totals ?? [],
    statements: async (one: Reconciliation, _: unknown, { reconciliations }: ReconciliationContext) =>
      (await reconciliations.explained(one))?.result.statements ?? [],
    agrees: async (one: Reconciliation, _: unknown, { reconciliations }: ReconciliationContext) =>
      (await reconciliations.explained(one))?.result.agrees ?? null,
    differences: async (
      one: Reconciliation,
      page: { first: number; after?: string | null },
      { reconciliations }: ReconciliationContext,
    ) => sliceConnection((await reconciliations.explained(one))?.differences ?? [], page, MOST_DIFFERENCES),
    csv: (one: Reconciliation, _: unknown, { reconciliations }: ReconciliationContext) => reconciliations.csv(one),
    pdf: (one: Reconciliation, _: unknown, { reconciliations }: ReconciliationContext) => reconciliations.pdf(one),
  },
  ReconciliationTotals: {
    total: ({ totalFen }: SideTotals) => totalFen,
    fundTotal: ({ fundTotalFen }: SideTotals) => fundTotalFen,
    accountPaid: ({ accountFen }: SideTotals) => accountFen,
  },
  ReconciliationStatement: {
    result: ({ result }: ComparedSums) => knownCode(RECONCILIATION_RESULT, result),
  },
  ReconciliationDifference: {
    kind: ({ difference }: PostedDifference) => difference.kind,
    sides: ({ difference }: PostedDifference) => difference.sides,
    settlementId: ({ difference }: PostedDifference) => difference.settlementId,
    document: ({ difference }: PostedDifference) => difference.document,
    visitId: ({ difference }: PostedDifference) => difference.visitId,
    entries: ({ difference }: PostedDifference) =>
      SIDES.flatMap((side) => {
        const entry = difference.entries[side];
        return entry ? [{ side, ...entry }] : [];
      }),
    cause: ({ explanation }: PostedDifference) => explanation.code,
    causeText: ({ explanation }: PostedDifference) => explanation.cause.en,
    causeTextZh: ({ explanation }: PostedDifference) => explanation.cause.zh,
    advice: ({ explanation }: PostedDifference) => explanation.advice.en,
    adviceZh: ({ explanation }: PostedDifference) => explanation.advice.zh,
  },
  ReconciliationEntry: {
    total: ({ totalFen }: SideEntry) => totalFen,
    fundTotal: ({ fundTotalFen }: SideEntry) => fundTotalFen,
    accountPaid: ({ accountFen }: SideEntry) => accountFen,
  },
  ReconciliationSide: { HOSPITAL: 'hospital', STORE: 'store', PLATFORM: 'platform' } satisfies Record<string, Side>,
  ReconciliationState: { RUNNING: 'running', DONE: 'done', FAILED: 'failed' },
  ReconciliationDifferenceKind: {
    MISSING: 'missing',
    DOUBLED: 'doubled',
    AMOUNT: 'amount',
    DAY: 'day',
    REFUND: 'refund',
    SECOND: 'second',
  },
};

interface SideEntry extends AccountEntry {
  readonly side: Side;
}
