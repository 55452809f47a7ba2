import type { Reconciliation } from '../../../../adapters/database/reconciliations.ts';
import type { Side } from './account.ts';
import type { Difference } from './compare.ts';
import type { Explanation } from './explanations.ts';
import type { ComparedSums } from './platform-books.ts';
import type { SideTotals } from './reconcile.ts';

/** A difference with why it probably is there. */
export interface ExplainedDifference {
  readonly difference: Difference;
  readonly explanation: Explanation;
}

/** What is printed and written of a reconciliation. */
export interface ReconciliationReport {
  readonly reconciliation: Pick<Reconciliation, 'provider' | 'from' | 'to' | 'differenceCount'>;
  readonly totals: readonly SideTotals[];
  readonly statements: readonly ComparedSums[];
  readonly differences: readonly ExplainedDifference[];
}

export const SIDE_NAMES: Readonly<Record<Side, string>> = { hospital: '医院', store: '本平台', platform: '中心' };

export const KIND_NAMES: Readonly<Record<Difference['kind'], string>> = {
  missing: '缺失',
  doubled: '重复',
  amount: '金额不一致',
  day: '日期不一致',
  refund: '退费状态不一致',
  second: '同次就诊重复结算',
};
