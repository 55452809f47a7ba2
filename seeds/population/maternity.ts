import type { ReferenceSeed, SettlementSeed, VisitSeed } from '../model.ts';
import { compactDate, compactTime, dateText, dayOfMoment, type Moment, timeText } from './calendar.ts';
import { type Hospital, operatorAt } from './hospitals.ts';
import type { Life } from './life.ts';
import type { Insured } from './medical.ts';
import { XIANAN } from './places.ts';

export interface StayPlan {
  readonly hospital: Hospital;
  readonly admittedAt: Moment;
  /** Null while in hospital. */
  readonly dischargedAt: Moment | null;
  /** med_type: `52` maternity, `21` ordinary (medical-insurance 3.11). */
  readonly medType: string;
  readonly departmentName: string;
  /** insutype, when it is not the one that benefits are claimed under. */
  readonly insuranceKind?: string;
}

/** A stay in one of the district's hospitals. */
export function stay(life: Life, insured: Insured, plan: StayPlan): VisitSeed {
  const { books, random } = life;
  const serial = books.next('visit');
  const day = compactDate(dayOfMoment(plan.admittedAt));
  const visit: VisitSeed = {
    id: `${XIANAN}0032${String(serial).padStart(8, '0')}`,
    psnNo: insured.psnNo,
    insuranceKind: plan.insuranceKind ?? insured.kind,
    medType: plan.medType,
    admittedAt: timeText(plan.admittedAt),
    dischargedAt: plan.dischargedAt === null ? null : timeText(plan.dischargedAt),
    admissionNumber: `ZY${day}${String(books.next(`admission ${plan.hospital.code} ${day}`)).padStart(4, '0')}`,
    providerCode: plan.hospital.code,
    providerName: plan.hospital.name,
    departmentName: plan.departmentName,
    bed: String(random.whole(1, 48)),
  };
  books.medical.visits.push(visit);
  return visit;
}

/** Which fund pays for maternity: its own (510100), or the pool that it was merged into (medical-insurance 3.11). */
export type MaternityFund = 'own' | 'employee-pool' | 'resident-pool';

export interface MaternityBill {
  readonly fullySelfPaidFen: number;
  readonly firstSelfPaidFen: number;
  readonly inScopeFen: number;
  /** Of what is in scope. */
  readonly fundFen: number;
  /** From the personal account; the rest is cash. */
  readonly accountFen: number;
}

export interface SettlementPlan {
  readonly hospital: Hospital;
  readonly fund: MaternityFund;
  readonly bill: MaternityBill;
  readonly settledAt: Moment;
  /** On the personal account afterwards. */
  readonly balanceFen: number;
  readonly refunded?: boolean;
}

const FUNDS: Readonly<
  Record<MaternityFund, { readonly type: string; readonly name: string; readonly insurance: string }>
> = {
  own: { type: '510100', name: '生育基金', insurance: '310' },
  'employee-pool': { type: '310100', name: '职工基本医疗保险统筹基金', insurance: '310' },
  'resident-pool': { type: '390100', name: '城乡居民基本医疗保险统筹基金', insurance: '390' },
};

/** Settles a maternity stay at the hospital. The sums of medical-insurance 3.11 hold, to the fen. */
export function settle(life: Life, insured: Insured, visit: VisitSeed, plan: SettlementPlan): ReferenceSeed {
  const { books, random } = life;
  const { bill, hospital } = plan;
  const fund = FUNDS[plan.fund];
  const operator = operatorAt(random, hospital);
  const totalFen = bill.fullySelfPaidFen + bill.firstSelfPaidFen + bill.inScopeFen;
  const personTotalFen = totalFen - bill.fundFen;
  const settlement: SettlementSeed = {
    id: `${XIANAN}0072${String(books.next('settlement')).padStart(8, '0')}`,
    visitId: visit.id,
    psnNo: insured.psnNo,
    insuranceKind: fund.insurance,
    personType: fund.insurance === '390' ? '1501' : insured.personType,
    medType: visit.medType,
    providerCode: hospital.code,
    providerName: hospital.name,
    from: visit.admittedAt.slice(0, 10),
    to: (visit.dischargedAt ?? dateText(dayOfMoment(plan.settledAt))).slice(0, 10),
    settledAt: timeText(plan.settledAt),
    totalFen,
    fullySelfPaidFen: bill.fullySelfPaidFen,
    overLimitFen: 0,
    firstSelfPaidFen: bill.firstSelfPaidFen,
    inScopeFen: bill.inScopeFen,
    deductibleFen: 0,
    // The maternity fund's own line is no pool payment (golden file 2304, fund 510).
    poolFen: plan.fund === 'own' ? 0 : bill.fundFen,
    fundTotalFen: bill.fundFen,
    personTotalFen,
    accountFen: bill.accountFen,
    cashFen: personTotalFen - bill.accountFen,
    balanceFen: plan.balanceFen,
    funds: [
      { type: fund.type, name: fund.name, amountFen: bill.fundFen },
      ...(bill.accountFen > 0
        ? [{ type: '310200', name: '职工基本医疗保险个人账户基金', amountFen: bill.accountFen }]
        : []),
    ],
    messageId: messageId(life, hospital, plan.settledAt),
    refunded: plan.refunded ?? false,
    operatorId: operator.id,
    operatorName: operator.name,
  };
  books.medical.settlements.push(settlement);
  return {
    system: 'medical-insurance',
    kind: 'maternity-settlement',
    reference: settlement.id,
    values: { psnNo: insured.psnNo, visitId: visit.id },
  };
}

/** msgid: provider, second, serial within it (medical-insurance 2.3). */
function messageId({ books }: Life, { code }: Hospital, moment: Moment): string {
  return `${code}${compactTime(moment)}${String(1000 + (books.next(`message ${code}`) % 9000))}`;
}

/** An ordinary bill of a birth, split as the funds would. */
export function inventBill({ random }: Life, fund: MaternityFund): MaternityBill {
  const inScopeFen = random.whole(4200, 9800) * 100 + random.whole(0, 99);
  const share = fund === 'resident-pool' ? random.whole(55, 70) : random.whole(85, 96);
  const fundFen = Math.round((inScopeFen * share) / 100);
  const fullySelfPaidFen = random.whole(0, 900) * 100;
  const firstSelfPaidFen = random.whole(0, 400) * 100;
  const owed = fullySelfPaidFen + firstSelfPaidFen + inScopeFen - fundFen;
  const accountFen = fund === 'resident-pool' ? 0 : Math.min(random.whole(0, 1200) * 100, owed);
  return { fullySelfPaidFen, firstSelfPaidFen, inScopeFen, fundFen, accountFen };
}
