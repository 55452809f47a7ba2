import type { PaymentNoticeSeed, PropertySeed, ReferenceSeed, RegistrationSeed } from '../model.ts';
import { compactDate, type Day, dateText, dayOfMoment, type Moment, timeText, yearOf, yearsLater } from './calendar.ts';
import { socialCreditCode } from './check-digits.ts';
import type { Life } from './life.ts';
import { spouseOf } from './people.ts';
import { type Home, XIANAN } from './places.ts';
import { Random, STREAMS } from './random.ts';

type Owner = PropertySeed['owners'][number];
type Mortgage = PropertySeed['mortgages'][number];
type Seizure = PropertySeed['seizures'][number];

/** A developer who still owns what has not been handed over; invented. */
export const DEVELOPER = {
  name: '咸宁桂泉置业有限公司（虚构）',
  creditCode: socialCreditCode('91', XIANAN, 'MA4XD001'),
};

/** Banks that lend on property. */
export const MORTGAGEES = [
  '中国工商银行股份有限公司咸宁咸安支行',
  '中国建设银行股份有限公司咸宁咸安支行',
  '中国农业银行股份有限公司咸宁温泉支行',
  '湖北咸宁农村商业银行股份有限公司',
] as const;

export interface PropertyPlan {
  readonly home: Home;
  readonly registeredAt: Moment;
  readonly owners: readonly Owner[];
  readonly areaSquareMetres: string;
  /** Fen, a multiple of 100 yuan; null for what was not bought. */
  readonly priceFen: number | null;
  /** A shop, say: other use than dwelling (GHYT). */
  readonly use?: string;
  readonly mortgages?: readonly Mortgage[];
  readonly seizures?: readonly Seizure[];
  readonly preNotices?: PropertySeed['preNotices'];
  readonly objections?: PropertySeed['objections'];
  /** A title from before the unified certificate: free text, no unit number (real-estate 3.2). */
  readonly oldTitle?: string;
  /** A right that ended. */
  readonly historical?: boolean;
}

/** Enters one unit and certificate in the registry. */
export function register({ books }: Life, plan: PropertyPlan): PropertySeed {
  const { home } = plan;
  const registeredOn = dayOfMoment(plan.registeredAt);
  const property: PropertySeed = {
    unitNumber: plan.oldTitle === undefined ? home.unitNumber : '',
    certificateNumber:
      plan.oldTitle ?? certificateNumber(books.next(`certificate ${yearOf(registeredOn)}`), registeredOn),
    rightType: home.rural ? '6' : '4',
    rightNature: home.rural ? '203' : '102',
    location: home.location,
    areaSquareMetres: plan.areaSquareMetres,
    use: plan.use ?? (home.rural ? '12' : '11'),
    structure: home.rural ? '4' : '3',
    floor: home.floor,
    floors: home.floors,
    registeredAt: timeText(plan.registeredAt),
    priceFen: plan.priceFen,
    landUseEnd: home.rural || plan.oldTitle !== undefined ? null : dateText(yearsLater(registeredOn, 62)),
    state: plan.historical ? '2' : '1',
    owners: plan.owners,
    mortgages: plan.mortgages ?? [],
    seizures: plan.seizures ?? [],
    preNotices: plan.preNotices ?? [],
    objections: plan.objections ?? [],
  };
  books.realEstate.properties.push(property);
  return property;
}

/** The resident alone. */
export function soleOwner({ resident }: Life): Owner[] {
  return [owner(resident, '0', '100%')];
}

/** Owned jointly with the spouse, who holds no paper. */
export function withSpouse({ resident, person, seed, index }: Life): Owner[] {
  const spouse = spouseOf(person, new Random(seed, index, STREAMS.spouse));
  return [owner(resident, '1', '50%'), { ...owner(spouse, '1', '50%'), holdsCertificate: false }];
}

/** An owner who holds the certificate; `ownership` is GYFS. */
export function owner(
  { name, idNumber }: { readonly name: string; readonly idNumber: string },
  ownership: string,
  share: string,
): Owner {
  return { name, idNumber, ownership, share, holdsCertificate: true };
}

/** The developer alone. */
export function developerOwner(): Owner[] {
  return [owner({ name: DEVELOPER.name, idNumber: DEVELOPER.creditCode }, '0', '100%')];
}

export interface MortgagePlan {
  readonly mortgagee: string;
  readonly securedFen: number;
  /** Which unit the registry counts in: both occur (real-estate 3.2). */
  readonly unit?: '元' | '万元';
  readonly maximumAmount?: boolean;
  readonly registeredAt: Moment;
  readonly years: number;
}

/** A mortgage with its proof of right. */
export function mortgage({ books }: Life, plan: MortgagePlan): Mortgage {
  const from = dayOfMoment(plan.registeredAt);
  return {
    certificateNumber: proofOfRight(books.next(`proof of right ${yearOf(from)}`), from),
    mortgagee: plan.mortgagee,
    kind: plan.maximumAmount ? '2' : '1',
    securedFen: plan.securedFen,
    unit: plan.unit ?? '万元',
    from: dateText(from),
    to: dateText(yearsLater(from, plan.years) - 1),
    rank: '1',
    registeredAt: timeText(plan.registeredAt),
    state: '1',
  };
}

export interface SeizurePlan {
  /** CFLX: `1` seizure, `2` waiting seizure. */
  readonly kind: string;
  /** Of the enforcement case. */
  readonly number: number;
  readonly registeredAt: Moment;
}

/** A seizure by the district's court, for three years. */
export function seizure({ kind, number, registeredAt }: SeizurePlan): Seizure {
  const from = dayOfMoment(registeredAt);
  return {
    court: '咸宁市咸安区人民法院',
    documentNumber: `(${yearOf(from)})鄂1202执保${number}号`,
    kind,
    from: dateText(from),
    to: dateText(yearsLater(from, 3) - 1),
    registeredAt: timeText(registeredAt),
    state: '1',
  };
}

/** A pre-notice of a purchase from the developer (YGDJZL 1). */
export function preNotice({ books, resident }: Life, registeredAt: Moment): PropertySeed['preNotices'][number] {
  const day = dayOfMoment(registeredAt);
  return {
    kind: '1',
    holder: resident.name,
    obligor: DEVELOPER.name,
    certificateNumber: proofOfRight(books.next(`proof of right ${yearOf(day)}`), day),
    registeredAt: timeText(registeredAt),
  };
}

export interface RegistrationPlan {
  readonly acceptedAt: Moment;
  readonly residential: boolean;
  readonly feeFen: number;
  /** Linked once the notice is opened. */
  readonly notice?: PaymentNoticeSeed;
}

/** An application that the registry has accepted; what was paid for it stands in the notice (real-estate 3.7). */
export function acceptRegistration({ books, resident }: Life, plan: RegistrationPlan): RegistrationSeed {
  const { notice } = plan;
  const day = compactDate(dayOfMoment(plan.acceptedAt));
  const registration: RegistrationSeed = {
    acceptanceNumber: `${day}${String(books.next(`registration ${day}`)).padStart(4, '0')}`,
    applicantIdNumber: resident.idNumber,
    applicantName: resident.name,
    acceptedAt: timeText(plan.acceptedAt),
    residential: plan.residential,
    feeFen: plan.feeFen,
    payCode: notice?.payCode ?? null,
    paidAt: notice?.payment?.at ?? null,
    tradeNumber: notice?.payment?.tradeNumber ?? null,
    eReceipt: notice?.eReceipt ? { code: notice.eReceipt.code, number: notice.eReceipt.number } : null,
  };
  books.realEstate.registrations.push(registration);
  return registration;
}

/** How a case names an application, with what its property is read by. */
export function registrationReference(registration: RegistrationSeed, property: PropertySeed): ReferenceSeed {
  return {
    system: 'real-estate',
    kind: 'registration',
    reference: registration.acceptanceNumber,
    values: propertyValues(property),
  };
}

/** What a property is read by: its unit number, where it has one, and its certificate with an owner's name. */
export function propertyValues({ unitNumber, certificateNumber, owners }: PropertySeed): ReferenceSeed['values'] {
  return { ...(unitNumber !== '' && { unitNumber }), certificateNumber, ownerName: (owners[0] as Owner).name };
}

/** Numbers of both kinds of paper begin above those of the wire's examples. */
const FIRST_PAPER = 10_000;

function certificateNumber(serial: number, on: Day): string {
  return paper('不动产权', serial, on);
}

function proofOfRight(serial: number, on: Day): string {
  return paper('不动产证明', serial, on);
}

function paper(kind: string, serial: number, on: Day): string {
  return `鄂(${yearOf(on)})咸安区${kind}第${String(FIRST_PAPER + serial).padStart(7, '0')}号`;
}
