import { type Fen, sumFen } from '../values/fen.ts';
import type { SettlementSum, TrialSettlement } from './records/settlement.ts';

/** The amounts that the sums of wire spec 3.11 are made of; `null` where the platform named none. */
export interface SettlementAmounts {
  readonly totalFen: Fen;
  readonly fundTotalFen: Fen;
  readonly hospitalFen: Fen;
  readonly personTotalFen: Fen;
  readonly accountFen: Fen;
  readonly cashFen: Fen;
  readonly sharedAccountFen: Fen;
  readonly fullySelfPaidFen: Fen | null;
  readonly overLimitFen: Fen | null;
  readonly firstSelfPaidFen: Fen | null;
  readonly inScopeFen: Fen | null;
}

/**
 * The sums of wire spec 3.11 that do not hold, to be reported and never reversed for. The division by scope is optional on the wire:
 * it is only checked when the platform named any of it.
 */
export function disagreeingSums(amounts: SettlementAmounts): readonly SettlementSum[] {
  const { totalFen, personTotalFen } = amounts;
  const payers = sumFen([amounts.fundTotalFen, personTotalFen, amounts.hospitalFen]);
  const person = sumFen([amounts.accountFen, amounts.cashFen, amounts.sharedAccountFen]);
  const scopes = [amounts.fullySelfPaidFen, amounts.overLimitFen, amounts.firstSelfPaidFen, amounts.inScopeFen].filter(
    (amount) => amount !== null,
  );

  const disagree: SettlementSum[] = [];
  if (totalFen !== payers) disagree.push('payers');
  if (personTotalFen !== person) disagree.push('person');
  if (scopes.length > 0 && totalFen !== sumFen(scopes)) disagree.push('scope');
  return disagree;
}

/** fund_pay_type of the maternity fund (生育基金). */
const MATERNITY_FUND = '510100';

/** med_type begins: 51 maternity outpatient, 52 maternity inpatient, 53 family-planning operation; longer local codes extend them. */
const MATERNITY_MED_TYPES = ['51', '52', '53'];

/**
 * What the funds paid for maternity (生育医疗费支付) in one settlement, in fen: the rows of the maternity fund where there is one, else
 * all that the funds paid when the kind of treatment is maternity (the fund merged into employee insurance), else `null`: not a
 * maternity settlement (wire spec 3.11, "Where the maternity payment is"). Negative for a cancelled settlement.
 */
export function maternityPaymentFen(
  settlement: Pick<TrialSettlement, 'medType' | 'fundTotalFen' | 'funds'>,
): Fen | null {
  const rows = settlement.funds.filter((payment) => payment.type === MATERNITY_FUND);
  if (rows.length > 0) return sumFen(rows.map((payment) => payment.amountFen));
  const maternity = MATERNITY_MED_TYPES.some((beginning) => settlement.medType.startsWith(beginning));
  return maternity ? settlement.fundTotalFen : null;
}
