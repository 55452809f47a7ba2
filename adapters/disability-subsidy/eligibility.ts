import { type Fen, fen } from '../values/fen.ts';

/**
 * Who may draw what, and how much (wire spec 3.0, "Business rules"): tables and one pure function over them. For advice at the
 * counter before LB03; the system decides. Held to `eligibility-cases.json`.
 */

export type Subsidy = 'living' | 'nursing';

/** What is known of a person when a month is judged. Codes as in wire spec 3.0. */
export interface Circumstances {
  /** `yyyyMM`. */
  readonly month: string;
  readonly certificateStatus: string;
  readonly category: string;
  readonly grade: string;
  readonly economicStatus: string;
  readonly needsLongTermCare: boolean;
  readonly specialHardship: boolean;
  readonly orphan: boolean;
  readonly workInjuryNursing: boolean;
  readonly elderlyNursing: boolean;
}

export interface Assessment {
  readonly living: { readonly eligible: boolean; readonly monthlyFen: Fen | null };
  readonly nursing: { readonly eligible: boolean; readonly monthlyFen: Fen | null };
  /** `R01` … `R10`, in order, each once. */
  readonly reasons: readonly string[];
}

/** Values allowed for some members; all of them must fit. */
type Condition = { readonly [Member in keyof Circumstances]?: readonly Circumstances[Member][] };

/** One row: it stands in the way of these subsidies unless one of the conditions fits. */
interface Rule {
  readonly reason: string;
  readonly bars: readonly Subsidy[];
  readonly unless: readonly Condition[];
}

/** One row: the monthly amounts from a month on. */
export interface Rate {
  readonly from: string;
  readonly living: Fen;
  readonly nursing: Fen;
}

export interface EligibilityRules {
  readonly rules: readonly Rule[];
  /** In order of `from`. */
  readonly rates: readonly Rate[];
}

/**
 * Hubei. Other provinces extend both subsidies by further values or conditions in the same rows: borderline households, or
 * `{ category: ['5', '6'], grade: ['3', '4'] }` beside grades 1 and 2. Whether `economicStatus` `2` counts in Xian'an was not found.
 */
export const HUBEI: EligibilityRules = {
  rules: [
    { reason: 'R01', bars: ['living', 'nursing'], unless: [{ certificateStatus: ['1'] }] },
    { reason: 'R03', bars: ['living'], unless: [{ economicStatus: ['1'] }] },
    { reason: 'R04', bars: ['nursing'], unless: [{ grade: ['1', '2'] }] },
    { reason: 'R05', bars: ['living', 'nursing'], unless: [{ specialHardship: [false] }] },
    { reason: 'R06', bars: ['living'], unless: [{ orphan: [false] }] },
    { reason: 'R07', bars: ['living', 'nursing'], unless: [{ workInjuryNursing: [false] }] },
    { reason: 'R08', bars: ['nursing'], unless: [{ needsLongTermCare: [true] }] },
    { reason: 'R09', bars: ['nursing'], unless: [{ elderlyNursing: [false] }] },
  ],
  rates: [
    { from: '201601', living: fen(50_00), nursing: fen(100_00) },
    { from: '202101', living: fen(70_00), nursing: fen(100_00) },
    { from: '202601', living: fen(110_00), nursing: fen(125_00) },
  ],
};

/**
 * Outside Hubei: what the State Council's opinion bars everywhere. Who counts as in hardship, which grades are severe and how much is
 * paid are the hukou place's own, and are not known here.
 */
export const ELSEWHERE: EligibilityRules = {
  rules: HUBEI.rules.filter(({ reason }) => ['R01', 'R05', 'R06', 'R07'].includes(reason)),
  rates: [],
};

const HUBEI_DIVISIONS = '42';

/** The rules of a hukou place: it decides and pays by its own, wherever the application was accepted. */
export function rulesOf(hukouDivision: string): EligibilityRules {
  return hukouDivision.startsWith(HUBEI_DIVISIONS) ? HUBEI : ELSEWHERE;
}

/** What each reason code means (`eligibility-cases.json`), for opinions in LB07. */
export const REASONS: Readonly<Record<string, string>> = {
  R01: '证件无效或过期',
  R02: '户籍不符',
  R03: '不属于低保家庭（或当地扩面对象）',
  R04: '残疾等级不符合',
  R05: '已纳入特困人员供养',
  R06: '享受孤儿基本生活保障，不享受生活补贴',
  R07: '享受工伤保险生活护理费',
  R08: '无长期照护需要',
  R09: '已择高享受老年等同类护理补贴（津贴）',
  R10: '已在其他地区享受',
};

/**
 * Judges one person in one month. A subsidy is open when no row bars it and the table has an amount for the month; both may be.
 *
 * @example assess(circumstances).nursing // { eligible: true, monthlyFen: 10000 }
 */
export function assess(circumstances: Circumstances, rules: EligibilityRules = HUBEI): Assessment {
  const rate = rateOf(circumstances.month, rules.rates);
  const bars = { living: barsOf('living', circumstances, rules), nursing: barsOf('nursing', circumstances, rules) };
  const judge = (subsidy: Subsidy) => {
    const eligible = rate !== undefined && bars[subsidy].length === 0;
    return { eligible, monthlyFen: eligible ? rate[subsidy] : null };
  };
  return {
    living: judge('living'),
    nursing: judge('nursing'),
    reasons: [...new Set([...bars.living, ...bars.nursing])].sort(),
  };
}

/** What stands in the way of one subsidy: `R01` … `R10`, in order, each once. */
export function barsOf(
  subsidy: Subsidy,
  circumstances: Circumstances,
  { rules }: EligibilityRules = HUBEI,
): readonly string[] {
  const met = rules.filter(
    ({ bars, unless }) => bars.includes(subsidy) && !unless.some((condition) => fits(condition, circumstances)),
  );
  return [...new Set(met.map(({ reason }) => reason))].sort();
}

/** The amounts of a month, `yyyyMM`; undefined before the first row. */
export function rateOf(month: string, rates: readonly Rate[] = HUBEI.rates): Rate | undefined {
  return rates.findLast((rate) => rate.from <= month);
}

function fits(condition: Condition, circumstances: Circumstances): boolean {
  return Object.entries(condition).every(([member, values]) =>
    (values as readonly unknown[]).includes(circumstances[member as keyof Circumstances]),
  );
}
