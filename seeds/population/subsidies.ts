import type { DisabilityCertificateSeed, ReferenceSeed, SubsidyApplicationSeed } from '../model.ts';
import {
  compactDate,
  type Day,
  dateText,
  dayOfMoment,
  dayOfMonth,
  type Moment,
  type Month,
  monthOf,
  monthText,
  timeText,
  WORKING_DAYS,
  workingDayIndex,
  yearsLater,
} from './calendar.ts';
import { withLuhnDigit } from './check-digits.ts';
import type { Life } from './life.ts';
import { CIVIL_AFFAIRS_OFFICE, FEDERATION_OFFICE, handlerAt, townOffice } from './offices.ts';
import { AS_OF_DAY } from './people.ts';
import { townOf, XIANAN } from './places.ts';

/** `1` living subsidy (困难残疾人生活补贴), `2` nursing subsidy (重度残疾人护理补贴). */
export type SubsidyType = '1' | '2';

export interface CertificatePlan {
  /** `1` visual … `7` multiple. */
  readonly category: string;
  /** `1` the gravest to `4`. */
  readonly grade: string;
  readonly firstIssuedOn: Day;
  /** How often it was issued again. */
  readonly reissues?: number;
  /** When it was last issued; the first issue unless told. */
  readonly issuedOn?: Day;
  /** `1` valid unless told; one past its ten years is always `4` expired. */
  readonly status?: string;
  readonly guardian?: DisabilityCertificateSeed['guardian'];
  readonly subCategories?: DisabilityCertificateSeed['subCategories'];
}

/** Issues a disability certificate; it is valid ten years. */
export function certify({ books, resident }: Life, plan: CertificatePlan): DisabilityCertificateSeed {
  const issuedOn = plan.issuedOn ?? plan.firstIssuedOn;
  const validTo = yearsLater(issuedOn, 10) - 1;
  const certificate: DisabilityCertificateSeed = {
    number: `${resident.idNumber}${plan.category}${plan.grade}${plan.reissues ? `B${plan.reissues}` : ''}`,
    idNumber: resident.idNumber,
    name: resident.name,
    category: plan.category,
    grade: plan.grade,
    status: validTo < AS_OF_DAY ? '4' : (plan.status ?? '1'),
    firstIssuedOn: dateText(plan.firstIssuedOn),
    issuedOn: dateText(issuedOn),
    validTo: dateText(validTo),
    hukouDivision: resident.hukouDivision,
    guardian: plan.guardian ?? null,
    subCategories: plan.subCategories ?? [],
  };
  books.subsidy.certificates.push(certificate);
  return certificate;
}

export interface Circumstances {
  /** `0` none, `1` minimum living allowance (低保), `2` borderline. */
  readonly economicStatus: string;
  readonly needsLongTermCare: boolean;
  readonly specialHardship?: boolean;
  readonly orphan?: boolean;
  readonly workInjuryNursing?: boolean;
  readonly elderlyNursing?: boolean;
}

/** What other registers say of a person; the default (nothing) need not be written. */
export function note({ books, resident }: Life, circumstances: Circumstances): void {
  books.subsidy.circumstances.push({
    specialHardship: false,
    orphan: false,
    workInjuryNursing: false,
    elderlyNursing: false,
    idNumber: resident.idNumber,
    ...circumstances,
  });
}

/** What Hubei's rules grant (disability-subsidy 3.0): the subsidies, in the order of their codes. */
export function entitlements(certificate: DisabilityCertificateSeed, circumstances: Circumstances): SubsidyType[] {
  const { economicStatus, needsLongTermCare, specialHardship, orphan, workInjuryNursing, elderlyNursing } =
    circumstances;
  if (certificate.status !== '1' || specialHardship || workInjuryNursing) return [];
  const living = economicStatus === '1' && !orphan;
  const nursing = certificate.grade <= '2' && needsLongTermCare && !elderlyNursing;
  return [...(living ? (['1'] as const) : []), ...(nursing ? (['2'] as const) : [])];
}

/**
 * The monthly rate where the household registration is, in fen: Hubei's by disability-subsidy 3.0. Other provinces have their own,
 * which are not known; the one here is invented.
 */
export function monthlyRate(type: SubsidyType, month: Month, hukouDivision: string): number {
  const [living, nursing] = hukouDivision.startsWith('42')
    ? month >= RATES_OF_2026
      ? [11_000, 12_500]
      : [7_000, 10_000]
    : [18_000, 27_500];
  return type === '1' ? living : nursing;
}

const RATES_OF_2026: Month = 2026 * 12;

/** One step of an application, before it is numbered. */
export interface ApplicationStep {
  readonly status: string;
  readonly at: Moment;
  readonly opinion?: string;
  /** For a district elsewhere: who handles it. */
  readonly place?: { readonly division: string; readonly department: string };
}

export interface ApplicationPlan {
  readonly certificate: DisabilityCertificateSeed;
  readonly types: readonly SubsidyType[];
  readonly economicStatus: string;
  readonly acceptedAt: Moment;
  /** 12 digits, where it was accepted. */
  readonly acceptDivision: string;
  /** In order, the acceptance itself (status 10) included. */
  readonly steps: readonly ApplicationStep[];
}

/** Files an application for one or both subsidies. */
export function apply(
  life: Life,
  plan: ApplicationPlan,
): { application: SubsidyApplicationSeed; reference: ReferenceSeed } {
  const { books, resident, random } = life;
  const acceptedOn = dayOfMoment(plan.acceptedAt);
  const district = plan.acceptDivision.slice(0, 6);
  const day = compactDate(acceptedOn);
  const serial = books.next(`application ${district} ${day}`);
  const last = plan.steps[plan.steps.length - 1] as ApplicationStep;
  const application: SubsidyApplicationSeed = {
    number: `LB${district}${day}${String(serial).padStart(6, '0')}`,
    clientSerial: `XN-${dateText(acceptedOn)}-${district}-${String(serial).padStart(4, '0')}`,
    mode: district === resident.hukouDivision.slice(0, 6) ? '1' : '2',
    acceptDivision: plan.acceptDivision,
    hukouDivision: resident.hukouDivision,
    residenceDivision: resident.residenceDivision,
    subsidyTypes: plan.types,
    applicantIdNumber: resident.idNumber,
    applicantName: resident.name,
    certificateNumber: plan.certificate.number,
    category: plan.certificate.category,
    grade: plan.certificate.grade,
    economicStatus: plan.economicStatus,
    bank: bankOf(life),
    phone: resident.phone,
    address: resident.address,
    status: last.status,
    acceptedAt: timeText(plan.acceptedAt),
    updatedAt: timeText(last.at),
    steps: plan.steps.map((step, index) => {
      const place = step.place ?? placeOf(step.status, plan.acceptDivision, resident.hukouDivision);
      return {
        sequence: index + 1,
        status: step.status,
        division: place.division,
        department: place.department,
        handler: step.status === '20' ? '系统' : handlerAt(random, townOffice(resident.hukouDivision)),
        at: timeText(step.at),
        opinion: step.opinion ?? OPINIONS[step.status] ?? '',
      };
    }),
  };
  books.subsidy.applications.push(application);
  return {
    application,
    reference: { system: 'disability-subsidy', kind: 'subsidy-application', reference: application.number, values: {} },
  };
}

const OPINIONS: Readonly<Record<string, string>> = {
  '10': '材料齐全，予以受理',
  '30': '初审通过，转残联审核',
  '40': '残疾等级与证件一致，审核通过',
  '50': '符合条件，同意发放',
  '51': '已纳入按月发放',
};

/** Who reports a state: the township accepts, the federation and civil affairs of the hukou district decide. */
function placeOf(
  status: string,
  acceptDivision: string,
  hukouDivision: string,
): { readonly division: string; readonly department: string } {
  const local = hukouDivision.startsWith(XIANAN);
  const district = `${hukouDivision.slice(0, 6)}000000`;
  switch (status) {
    case '10':
    case '11':
    case '12':
    case '60':
      return { division: acceptDivision, department: townDepartment(acceptDivision) };
    case '20':
    case '21':
      return {
        division: `${hukouDivision.slice(0, 9)}000`,
        department: local ? townDepartment(hukouDivision) : '户籍地街道',
      };
    case '30':
    case '32':
      return { division: district, department: local ? FEDERATION_OFFICE.name : '户籍地残联' };
    default:
      return { division: district, department: local ? CIVIL_AFFAIRS_OFFICE.name : '户籍地民政' };
  }
}

function townDepartment(division: string): string {
  return division.startsWith(XIANAN) ? `${townOf(division).name}民政办` : '居住地民政办';
}

export interface DrawingPlan {
  readonly type: SubsidyType;
  readonly startMonth: Month;
  /** Stopped after this month. */
  readonly endMonth?: Month;
  /** The day of the decision; pay runs before it bring nothing, and the first one after it brings the months missed. */
  readonly decidedOn: Day;
  /** The run of this month failed; the next one makes up for it. */
  readonly failedMonth?: Month;
}

/** Payments before this month are not kept. */
const FIRST_KEPT: Month = 2025 * 12;

/** Enrols a resident and pays month by month up to the population's day. */
export function draw(life: Life, plan: DrawingPlan): void {
  const { books, resident } = life;
  const current = monthOf(AS_OF_DAY);
  const last = Math.min(plan.endMonth ?? current, current);
  const account = bankOf(life).account;
  let paid = false;
  let owed = 0;
  for (let month = plan.startMonth; month <= last; month += 1) {
    const payDay = payDayOf(month);
    const amountFen = monthlyRate(plan.type, month, resident.hukouDivision);
    if (payDay <= plan.decidedOn) {
      owed += amountFen;
      continue;
    }
    paid = true;
    const failed = month === plan.failedMonth;
    if (month >= FIRST_KEPT) {
      books.subsidy.payments.push({
        number: paymentNumber(life, payDay),
        idNumber: resident.idNumber,
        subsidyType: plan.type,
        month: monthText(month),
        amountFen,
        arrearsFen: owed,
        paidOn: dateText(payDay),
        account,
        result: failed ? '2' : '1',
        failure: failed ? '账户状态异常' : '',
      });
    }
    owed = failed ? owed + amountFen : 0;
  }
  books.subsidy.enrolments.push({
    idNumber: resident.idNumber,
    subsidyType: plan.type,
    payDivision: `${resident.hukouDivision.slice(0, 6)}000000`,
    startMonth: monthText(plan.startMonth),
    endMonth: plan.endMonth === undefined ? null : monthText(plan.endMonth),
    monthlyFen: monthlyRate(plan.type, last, resident.hukouDivision),
    state: plan.endMonth !== undefined ? '52' : paid ? '51' : '50',
  });
}

/** The day of a month's pay run: the 15th, or the working day before it. */
function payDayOf(month: Month): Day {
  const day = dayOfMonth(month, 15);
  const worked = WORKING_DAYS[workingDayIndex(day)] as Day;
  return worked <= day ? worked : day;
}

/** The pay run that a decision comes in time for. */
export function firstPayDay(startMonth: Month, decidedOn: Day): Day {
  let month = startMonth;
  while (payDayOf(month) <= decidedOn) month += 1;
  return payDayOf(month);
}

function paymentNumber({ books }: Life, payDay: Day): string {
  const day = compactDate(payDay);
  return `${XIANAN}${day}${String(books.next(`subsidy payment ${day}`)).padStart(6, '0')}`;
}

const BANKS = [
  { code: '105', name: '建设银行', prefix: '621700287' },
  { code: '103', name: '农业银行', prefix: '622848401' },
  { code: '102', name: '工商银行', prefix: '621226181' },
] as const;

/** The resident's account; always the same. */
export function bankOf({ index }: Life): SubsidyApplicationSeed['bank'] {
  const { code, name, prefix } = BANKS[index % BANKS.length] as (typeof BANKS)[number];
  return { code, name, account: withLuhnDigit(`${prefix}9${String(index + 1).padStart(8, '0')}`) };
}
