import type { TrialSettlement } from '../../../adapters/medical-insurance/records/settlement.ts';
import { sumFen } from '../../../adapters/values/fen.ts';

/** fund_pay_type of the personal account, which `setldetail` lists among the funds (medical-insurance 3.11). */
const PERSONAL_ACCOUNT = '310200';

export interface Split {
  readonly settlement: Pick<TrialSettlement, 'totalFen' | 'fundTotalFen' | 'funds' | 'sumsDisagree'>;
  /** The total that was asked for, fen. */
  readonly askedFen: number;
}

/**
 * Whether a settlement, or its trial, holds to the fen: its total is the one asked for, the sums of medical-insurance 3.11 are right, and the funds' lines,
 * the maternity fund's own (510100) or the pool's into which it is merged, add up to what the funds pay together.
 */
export function splitAgrees({ settlement, askedFen }: Split): boolean {
  const { totalFen, fundTotalFen, funds, sumsDisagree } = settlement;
  const paid = sumFen(funds.filter(({ type }) => type !== PERSONAL_ACCOUNT).map(({ amountFen }) => amountFen));
  return totalFen === askedFen && paid === fundTotalFen && sumsDisagree.length === 0;
}
