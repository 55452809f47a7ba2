/** A fund that pays (fund_pay_type, wire spec 3.11). */
export interface Fund {
  readonly type: string;
  readonly name: string;
}

/** 职工个人账户. */
export const ACCOUNT_FUND: Fund = { type: '310200', name: '职工基本医疗保险个人账户基金' };

/** 生育基金, where it is kept apart. */
export const MATERNITY_FUND: Fund = { type: '510100', name: '生育基金' };

const POOLS: Readonly<Record<string, Fund>> = {
  '310': { type: '310100', name: '职工基本医疗保险统筹基金' },
  '340': { type: '340100', name: '离休人员医疗保障基金' },
  '390': { type: '390100', name: '城乡居民基本医疗保险统筹基金' },
  '510': MATERNITY_FUND,
};

/** Maternity outpatient, maternity inpatient, family-planning operation, with their longer local codes (wire spec 3.11). */
export function isMaternity(medType: string): boolean {
  return /^5[123]/.test(medType);
}

/**
 * The fund that pays a visit: the pool of the insurance kind it is settled with. A maternity visit of an employee (310) is paid from
 * the maternity fund's own line when the person has a maternity insurance (510) beside, else from the employee pool it is merged
 * into; both shapes are in the golden files. Undefined for kinds that are not settled with, the supplements.
 */
export function fundOf(insuranceKind: string, medType: string, hasMaternityInsurance: boolean): Fund | undefined {
  if (insuranceKind === '310' && hasMaternityInsurance && isMaternity(medType)) return MATERNITY_FUND;
  return POOLS[insuranceKind];
}
