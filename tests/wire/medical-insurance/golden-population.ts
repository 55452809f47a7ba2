import type {
  ChronicFilingSeed,
  FixedProviderSeed,
  InsuredPersonSeed,
  MedicalSeed,
  OutOfAreaFilingSeed,
  Population,
  ReferralSeed,
  SettlementSeed,
  VisitSeed,
} from '../../../seeds/model.ts';
import { EMPTY_POPULATION } from '../empty-population.ts';

/** The provider that every golden request comes from. */
export const GOLDEN_PROVIDER = {
  code: 'H42120200137',
  name: '咸安区示例人民医院（虚构）',
  region: '421202',
};

/** The application id and token that the golden headers were signed with. */
export const GOLDEN_CREDENTIALS = { paasid: 'xianan_demo_his', token: 'TEST-TOKEN-NOT-A-SECRET-0001' };

export const RETIREE: InsuredPersonSeed = {
  ...person('42120000000000000010000101', '421202195803120133', '周启明', 'male', '1958-03-12'),
  insurances: [
    insurance('310', {
      personType: '1201',
      since: '2001-01-01',
      employer: '咸安区示例纺织厂（虚构）',
      balanceFen: 231_548,
    }),
    insurance('330', { personType: '1201', since: '2001-01-01', employer: '咸安区示例纺织厂（虚构）' }),
  ],
};

export const RESIDENT: InsuredPersonSeed = {
  ...person('42120000000000000010000102', '421202194909300242', '汪素珍', 'female', '1949-09-30'),
  insurances: [insurance('390', { personType: '1501', since: '2020-01-01', employer: '咸安区示例街道（虚构）' })],
  identities: [{ type: '示例身份类别码', level: '', memo: '', from: '2024-01-01', to: '2026-12-31' }],
};

export const WORKER: InsuredPersonSeed = {
  ...person('42120000000000000010000103', '421202198611050314', '吴海川', 'male', '1986-11-05'),
  insurances: [insurance('310', { employer: '咸安区示例科技公司（虚构）', balanceFen: 50_000 })],
};

export const TRANSFER_PATIENT: InsuredPersonSeed = {
  ...person('42120000000000000010000104', '421202197101180173', '熊志远', 'male', '1971-01-18'),
  insurances: [insurance('310', { balanceFen: 90_000 })],
};

export const CHRONIC_PATIENT: InsuredPersonSeed = {
  ...person('42120000000000000010000105', '421202196305260429', '黎春梅', 'female', '1963-05-26'),
  insurances: [insurance('390', { personType: '1501' })],
};

/** Her account as it stands before the golden settlement. */
export const MOTHER: InsuredPersonSeed = {
  ...person('42120000000000000010000106', '421202199407210282', '陈若溪', 'female', '1994-07-21'),
  insurances: [insurance('310', { balanceFen: 183_456 })],
};

/** The mother with a maternity insurance apart, whose fund then pays in a line of its own (2304-…-fund510.json). */
export const MOTHER_WITH_MATERNITY_INSURANCE: InsuredPersonSeed = {
  ...MOTHER,
  insurances: [...MOTHER.insurances, insurance('510', {})],
};

/** The mother after the golden settlement. */
const SETTLED_MOTHER: InsuredPersonSeed = { ...MOTHER, insurances: [insurance('310', { balanceFen: 123_456 })] };

export const GOLDEN_REFERRAL: ReferralSeed = {
  serial: '421202177362760548600000010001',
  psnNo: TRANSFER_PATIENT.psnNo,
  insuranceKind: '310',
  phone: '13900000104',
  address: '湖北省咸宁市咸安区示例路1号（虚构）',
  diagnosisCode: 'I25.103',
  diagnosisName: '冠状动脉粥样硬化性心脏病',
  condition: '示例病情描述',
  fromProviderCode: GOLDEN_PROVIDER.code,
  toProviderCode: 'H42010600902',
  toProviderName: '武汉示例医院（虚构）',
  toRegion: '420106',
  date: '2026-03-16',
  reason: '本院不具备相应诊疗条件',
  opinion: '同意转院',
  from: '2026-03-16',
  to: '2026-09-15',
  operatorId: 'YB0017',
  operatorName: '示例经办员',
  operatedAt: '2026-03-16 10:25:41',
};

export const GOLDEN_CHRONIC_FILING: ChronicFilingSeed = {
  serial: '421202177364142248600000020001',
  psnNo: CHRONIC_PATIENT.psnNo,
  insuranceKind: '390',
  diseaseCode: 'M03900',
  diseaseName: '高血压',
  providerCode: GOLDEN_PROVIDER.code,
  providerName: GOLDEN_PROVIDER.name,
  identifiedOn: '2026-03-14',
  doctorCode: 'D421202000123',
  doctorName: '示例医师',
  from: '2026-03-16',
  to: '2027-03-15',
};

export const GOLDEN_FIXED_PROVIDER: FixedProviderSeed = {
  serial: '421202177364473048600000030001',
  psnNo: CHRONIC_PATIENT.psnNo,
  insuranceKind: '390',
  businessType: '03',
  rank: '1',
  providerCode: GOLDEN_PROVIDER.code,
  providerName: GOLDEN_PROVIDER.name,
  from: '2026-03-16',
  to: '2026-12-31',
  memo: '',
};

export const GOLDEN_OUT_OF_AREA_FILING: OutOfAreaFilingSeed = {
  serial: '421202177370939148600000040001',
  psnNo: RETIREE.psnNo,
  insuranceKind: '310',
  reason: '02',
  memo: '',
  destination: '440305',
  destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
  employer: '',
  phone: '13900000101',
  filedAt: '2026-03-17 09:03:11',
  from: '2026-03-17',
  to: null,
  uploaded: true,
  valid: true,
  reviewed: true,
};

/** The filing that golden Z502 cancels. */
const POSTED_WORKER_FILING: OutOfAreaFilingSeed = {
  serial: '421202177371111548600000040003',
  psnNo: WORKER.psnNo,
  insuranceKind: '310',
  reason: '07',
  memo: '11',
  destination: '310115',
  destinationAddress: '上海市浦东新区示例大厦3层（虚构）',
  employer: '咸安区示例科技公司（虚构）',
  phone: '13900000103',
  filedAt: '2026-03-17 09:31:55',
  from: '2026-03-17',
  to: '2027-03-16',
  uploaded: false,
  valid: true,
  reviewed: false,
};

export const GOLDEN_VISIT: VisitSeed = {
  id: '421202000000310001',
  psnNo: MOTHER.psnNo,
  insuranceKind: '310',
  medType: '52',
  admittedAt: '2026-03-18 08:30:00',
  dischargedAt: null,
  admissionNumber: 'ZY202603180007',
  providerCode: GOLDEN_PROVIDER.code,
  providerName: GOLDEN_PROVIDER.name,
  departmentName: '产科专业',
  bed: '12',
};

export const GOLDEN_SETTLEMENT: SettlementSeed = {
  id: '421202000000710001',
  visitId: GOLDEN_VISIT.id,
  psnNo: MOTHER.psnNo,
  insuranceKind: '310',
  personType: '1101',
  medType: '52',
  providerCode: GOLDEN_PROVIDER.code,
  providerName: GOLDEN_PROVIDER.name,
  from: '2026-03-18',
  to: '2026-03-22',
  settledAt: '2026-03-22 10:15:41',
  totalFen: 685_000,
  fullySelfPaidFen: 35_000,
  overLimitFen: 0,
  firstSelfPaidFen: 20_000,
  inScopeFen: 630_000,
  deductibleFen: 0,
  poolFen: 580_000,
  fundTotalFen: 580_000,
  personTotalFen: 105_000,
  accountFen: 60_000,
  cashFen: 45_000,
  balanceFen: 123_456,
  funds: [
    { type: '310100', name: '职工基本医疗保险统筹基金', amountFen: 580_000 },
    { type: '310200', name: '职工基本医疗保险个人账户基金', amountFen: 60_000 },
  ],
  messageId: 'H42120200137202603221015410024',
  refunded: false,
  operatorId: 'YB0017',
  operatorName: '示例经办员',
};

/** The golden people before anything was filed, uploaded or settled. */
export const GOLDEN_PEOPLE: Population = population({});

/** The golden people and the visit that fees are uploaded for. */
export const GOLDEN_ADMITTED: Population = population({ visits: [GOLDEN_VISIT] });

/** The same with a mother whose maternity insurance stands apart. */
export const GOLDEN_ADMITTED_MATERNITY_FUND: Population = population({
  persons: [MOTHER_WITH_MATERNITY_INSURANCE],
  visits: [GOLDEN_VISIT],
});

/** The golden people and every record that a golden answer shows: filings, referral, visit, settlement. */
export const GOLDEN_POPULATION: Population = population({
  persons: [RETIREE, RESIDENT, WORKER, TRANSFER_PATIENT, CHRONIC_PATIENT, SETTLED_MOTHER],
  outOfAreaFilings: [GOLDEN_OUT_OF_AREA_FILING, POSTED_WORKER_FILING],
  referrals: [GOLDEN_REFERRAL],
  chronicFilings: [GOLDEN_CHRONIC_FILING],
  fixedProviders: [GOLDEN_FIXED_PROVIDER],
  visits: [GOLDEN_VISIT],
  settlements: [GOLDEN_SETTLEMENT],
});

/** A population with these medical records and, unless told, the golden people; nothing in the other departments. */
export function population(medical: Partial<MedicalSeed>): Population {
  return {
    ...EMPTY_POPULATION,
    medical: {
      ...EMPTY_POPULATION.medical,
      providers: [GOLDEN_PROVIDER],
      persons: [RETIREE, RESIDENT, WORKER, TRANSFER_PATIENT, CHRONIC_PATIENT, MOTHER],
      ...medical,
    },
  };
}

function person(
  psnNo: string,
  idNumber: string,
  name: string,
  sex: 'male' | 'female',
  birthDate: string,
): Omit<InsuredPersonSeed, 'insurances'> {
  return { psnNo, idNumber, name, sex, nation: '01', birthDate, identities: [] };
}

type InsuranceSeed = InsuredPersonSeed['insurances'][number];

function insurance(kind: string, differences: Partial<InsuranceSeed>): InsuranceSeed {
  return {
    kind,
    personType: '1101',
    status: '1',
    since: '2016-07-01',
    pausedOn: null,
    region: '421202',
    employer: '',
    balanceFen: 0,
    ...differences,
  };
}
