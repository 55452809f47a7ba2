import type { FeeParts } from './fees.ts';
import { ACCOUNT_FUND, type Fund, isMaternity } from './funds.ts';

/** What a visit's fees come to, in fen. The sums of wire spec 3.11 hold; the hospital bears nothing here. */
export interface Benefit extends FeeParts {
  readonly totalFen: number;
  readonly deductibleFen: number;
  /** hifp_pay: what a pool pays; nothing where the maternity fund pays in its own line. */
  readonly poolFen: number;
  readonly fundTotalFen: number;
  readonly personTotalFen: number;
  readonly accountFen: number;
  readonly cashFen: number;
  readonly funds: readonly { readonly type: string; readonly name: string; readonly amountFen: number }[];
}

/** The most the fund pays for a maternity visit, by the first two digits of its kind, fen. Invented; 52 gives the golden settlement. */
const MATERNITY_QUOTA_FEN: Readonly<Record<string, number>> = { '51': 100_000, '52': 580_000, '53': 200_000 };

/** 起付线 of any other visit, fen. Invented. */
const DEDUCTIBLE_FEN = 50_000;

/** Share of a pool above the deductible, percent, by fund. Invented. */
const POOL_PERCENT: Readonly<Record<string, number>> = { '310100': 85, '340100': 100, '390100': 70, '510100': 85 };

/** The most the personal account pays for one settlement, fen. Invented; it gives the golden settlement. */
const ACCOUNT_MOST_FEN = 60_000;

/**
 * Divides fees between fund, personal account and cash. A maternity visit has no deductible and is paid up to a quota; any other has
 * a deductible and a share. The account pays what the person bears except what is fully the person's own, up to 600 yuan.
 *
 * @param accountFen what the personal account may pay, 0 when it is not to be used
 */
export function benefitOf(fees: FeeParts, medType: string, fund: Fund, accountFen: number): Benefit {
  const totalFen = fees.fullySelfPaidFen + fees.overLimitFen + fees.firstSelfPaidFen + fees.inScopeFen;
  const deductibleFen = isMaternity(medType) ? 0 : Math.min(DEDUCTIBLE_FEN, fees.inScopeFen);
  const fundTotalFen = fundShare(fees.inScopeFen - deductibleFen, medType, fund);
  const personTotalFen = totalFen - fundTotalFen;
  const payableFromAccount = Math.max(0, personTotalFen - fees.fullySelfPaidFen);
  const fromAccount = Math.max(0, Math.min(accountFen, payableFromAccount, ACCOUNT_MOST_FEN));
  return {
    ...fees,
    totalFen,
    deductibleFen,
    poolFen: fund.type.startsWith('51') ? 0 : fundTotalFen,
    fundTotalFen,
    personTotalFen,
    accountFen: fromAccount,
    cashFen: personTotalFen - fromAccount,
    funds: [
      { ...fund, amountFen: fundTotalFen },
      ...(fromAccount > 0 ? [{ ...ACCOUNT_FUND, amountFen: fromAccount }] : []),
    ],
  };
}

function fundShare(payableFen: number, medType: string, fund: Fund): number {
  if (payableFen <= 0) return 0;
  if (isMaternity(medType)) return Math.min(payableFen, MATERNITY_QUOTA_FEN[medType.slice(0, 2)] ?? 0);
  return Math.round((payableFen * (POOL_PERCENT[fund.type] ?? 0)) / 100);
}
