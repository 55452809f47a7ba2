import type { InsuredPersonSeed, ReferenceSeed } from '../model.ts';
import { type Day, dateText, epochMilliseconds, type Moment, timeText, yearOf } from './calendar.ts';
import { type Hospital, operatorAt } from './hospitals.ts';
import type { Life } from './life.ts';
import { AS_OF_DAY, birthDate } from './people.ts';
import { XIANAN } from './places.ts';

type Insurance = InsuredPersonSeed['insurances'][number];

/** insutype with psn_type: who is insured how (medical-insurance 3.2). */
export type InsuredAs = 'employee' | 'retired' | 'resident';

const INSURED: Readonly<Record<InsuredAs, { readonly kinds: readonly string[]; readonly personType: string }>> = {
  employee: { kinds: ['310', '330'], personType: '1101' },
  retired: { kinds: ['310', '330'], personType: '1201' },
  resident: { kinds: ['390'], personType: '1501' },
};

/** What later filings and settlements need of an insured person. */
export interface Insured {
  readonly psnNo: string;
  readonly as: InsuredAs;
  /** insutype that benefits are claimed under. */
  readonly kind: string;
  readonly personType: string;
  readonly employer: string;
  readonly balanceFen: number;
}

export interface InsurancePlan {
  readonly as: InsuredAs;
  readonly since: string;
  readonly employer: string;
  readonly balanceFen: number;
  /** `1` active unless told; `2` suspended. */
  readonly status?: string;
  readonly pausedOn?: string;
  /** A row of its own for maternity (510), as before the funds were merged. */
  readonly ownMaternity?: boolean;
  /** Rows of the past: another kind, another region. */
  readonly earlier?: readonly Insurance[];
  /** In a minimum-living-allowance household: medical aid. */
  readonly medicalAid?: boolean;
}

/** Enters a resident as insured in Xian'an. */
export function insure({ index, books, resident }: Life, plan: InsurancePlan): Insured {
  const { kinds, personType } = INSURED[plan.as];
  const row = (kind: string): Insurance => ({
    kind,
    personType,
    status: plan.status ?? '1',
    since: plan.since,
    pausedOn: plan.pausedOn ?? null,
    region: XIANAN,
    employer: plan.employer,
    // Only the employees' basic insurance has a personal account.
    balanceFen: kind === '310' ? plan.balanceFen : 0,
  });
  const psnNo = `4212000000000000002${String(index + 1).padStart(7, '0')}`;
  books.medical.persons.push({
    psnNo,
    idNumber: resident.idNumber,
    name: resident.name,
    sex: resident.sex,
    nation: resident.nation,
    birthDate: resident.birthDate,
    insurances: [...kinds.map(row), ...(plan.ownMaternity ? [row('510')] : []), ...(plan.earlier ?? [])],
    identities: plan.medicalAid ? [MEDICAL_AID] : [],
  });
  const { as, employer, balanceFen } = plan;
  return { psnNo, as, kind: kinds[0] as string, personType, employer, balanceFen };
}

/** The code list of psn_idet_type was not found (medical-insurance 3.2): this code is invented. */
const MEDICAL_AID: InsuredPersonSeed['identities'][number] = {
  type: 'XA01',
  level: '1',
  memo: '最低生活保障对象（虚构代码）',
  from: '2025-01-01 00:00:00',
  to: '2026-12-31 23:59:59',
};

/** Who files for treatment elsewhere (medical-insurance 3.4). */
export type OutOfAreaCategory = 'settled-retiree' | 'long-term-resident' | 'posted-worker';

/** rloc_rea and memo by category: the placeholders of medical-insurance 3.4. */
const CATEGORIES: Readonly<
  Record<OutOfAreaCategory, { readonly itemId: string; readonly reason: string; readonly memo: string }>
> = {
  'settled-retiree': { itemId: 'S07', reason: '02', memo: '' },
  'long-term-resident': { itemId: 'S08', reason: '07', memo: '12' },
  'posted-worker': { itemId: 'S09', reason: '07', memo: '11' },
};

/** The service item that a category files under: S07, S08, S09. */
export function itemOfCategory(category: OutOfAreaCategory): string {
  return CATEGORIES[category].itemId;
}

export interface OutOfAreaPlan {
  readonly category: OutOfAreaCategory;
  /** 6 digits. */
  readonly destination: string;
  readonly address: string;
  readonly filedAt: Moment;
  readonly from: Day;
  readonly to: Day | null;
  /** Not yet reviewed, and so neither uploaded. */
  readonly pending?: boolean;
  readonly withdrawn?: boolean;
}

/** Files a resident for treatment where they live outside the insured region. */
export function fileOutOfArea(life: Life, insured: Insured, plan: OutOfAreaPlan): ReferenceSeed {
  const { reason, memo } = CATEGORIES[plan.category];
  const serial = filingSerial(life, 4, plan.filedAt);
  life.books.medical.outOfAreaFilings.push({
    serial,
    psnNo: insured.psnNo,
    insuranceKind: insured.kind,
    reason,
    memo,
    destination: plan.destination,
    destinationAddress: plan.address,
    employer: plan.category === 'posted-worker' ? insured.employer : '',
    phone: life.resident.phone,
    filedAt: timeText(plan.filedAt),
    from: dateText(plan.from),
    to: plan.to === null ? null : dateText(plan.to),
    uploaded: !plan.pending,
    valid: !plan.withdrawn,
    reviewed: !plan.pending,
  });
  return reference('out-of-area-filing', serial, { psnNo: insured.psnNo });
}

export interface ReferralPlan {
  readonly hospital: Hospital;
  readonly to: { readonly code: string; readonly name: string; readonly region: string };
  readonly diagnosis: readonly [code: string, name: string];
  readonly at: Moment;
  readonly from: Day;
  readonly until: Day;
  readonly reason?: string;
}

/** A hospital of the district refers an insured person elsewhere. */
export function refer(life: Life, insured: Insured, plan: ReferralPlan): ReferenceSeed {
  const { resident } = life;
  const serial = filingSerial(life, 1, plan.at);
  const operator = operatorAt(life.random, plan.hospital);
  const [diagnosisCode, diagnosisName] = plan.diagnosis;
  const from = dateText(plan.from);
  const to = dateText(plan.until);
  life.books.medical.referrals.push({
    serial,
    psnNo: insured.psnNo,
    insuranceKind: insured.kind,
    phone: resident.phone,
    address: resident.address,
    diagnosisCode,
    diagnosisName,
    condition: '本院检查后建议上级医院进一步诊治',
    fromProviderCode: plan.hospital.code,
    toProviderCode: plan.to.code,
    toProviderName: plan.to.name,
    toRegion: plan.to.region,
    date: from,
    reason: plan.reason ?? '本院不具备相应诊疗条件',
    opinion: '同意转院',
    from,
    to,
    operatorId: operator.id,
    operatorName: operator.name,
    operatedAt: timeText(plan.at),
  });
  return reference('referral', serial, { psnNo: insured.psnNo, from, to });
}

/** Chronic diseases; `M03900` was seen on the wire, the other codes follow its form (medical-insurance 3.5). */
export const CHRONIC_DISEASES = {
  hypertension: ['M03900', '高血压'],
  diabetes: ['M01600', '糖尿病'],
  coronary: ['M04600', '冠心病'],
  renal: ['M07800', '慢性肾功能衰竭'],
} as const;

export interface ChronicPlan {
  readonly disease: readonly [code: string, name: string];
  readonly hospital: Hospital;
  readonly identifiedOn: Day;
  readonly filedAt: Moment;
  readonly from: Day;
  readonly to: Day | null;
}

/** Recognises a chronic disease for outpatient treatment. */
export function recogniseChronicDisease(life: Life, insured: Insured, plan: ChronicPlan): ReferenceSeed {
  const [diseaseCode, diseaseName] = plan.disease;
  const serial = filingSerial(life, 2, plan.filedAt);
  const doctor = life.random.whole(0, DOCTORS.length - 1);
  life.books.medical.chronicFilings.push({
    serial,
    psnNo: insured.psnNo,
    insuranceKind: insured.kind,
    diseaseCode,
    diseaseName,
    providerCode: plan.hospital.code,
    providerName: plan.hospital.name,
    identifiedOn: dateText(plan.identifiedOn),
    doctorCode: `D${XIANAN}0001${String(doctor + 1).padStart(2, '0')}`,
    doctorName: DOCTORS[doctor] as string,
    from: dateText(plan.from),
    to: plan.to === null ? null : dateText(plan.to),
  });
  return reference('chronic-disease-filing', serial, { psnNo: insured.psnNo, diseaseCode });
}

const DOCTORS = ['程远志', '汪雅琴', '余国栋', '熊佩文', '章海'] as const;

export interface FixedProviderPlan {
  readonly provider: { readonly code: string; readonly name: string };
  readonly rank: string;
  readonly from: Day;
  readonly to: Day | null;
}

/** Binds a person to a provider for outpatient treatment; `03` is the only kind of application seen (medical-insurance 3.6). */
export function bindProvider(life: Life, insured: Insured, plan: FixedProviderPlan): void {
  life.books.medical.fixedProviders.push({
    serial: filingSerial(life, 3, plan.from * 86_400 + 33_000),
    psnNo: insured.psnNo,
    insuranceKind: insured.kind,
    businessType: '03',
    rank: plan.rank,
    providerCode: plan.provider.code,
    providerName: plan.provider.name,
    from: dateText(plan.from),
    to: plan.to === null ? null : dateText(plan.to),
    memo: '',
  });
}

/** trt_dcla_detl_sn: region, epoch milliseconds, 11 digits; the kind's digit stands before the last four (medical-insurance 2.4). */
function filingSerial({ books }: Life, kind: number, moment: Moment): string {
  const serial = books.next(`filing ${kind}`) % 10_000;
  return `${XIANAN}${epochMilliseconds(moment)}000002${kind}${String(serial).padStart(4, '0')}`;
}

/** A day since which someone of this age may have been insured. */
export function insuredSince({ person, random }: Life, as: InsuredAs): string {
  const earliest = as === 'resident' ? 2009 : Math.max(2001, yearOf(person.born) + 20);
  const latest = Math.max(earliest, yearOf(AS_OF_DAY) - 2);
  const since = `${random.whole(earliest, latest)}-01-01`;
  return since < birthDate(person) ? dateText(Math.min(person.born + 30, AS_OF_DAY)) : since;
}

function reference(kind: ReferenceSeed['kind'], serial: string, values: ReferenceSeed['values']): ReferenceSeed {
  return { system: 'medical-insurance', kind, reference: serial, values };
}
