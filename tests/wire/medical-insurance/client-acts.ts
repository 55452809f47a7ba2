import type { MedicalCallOptions, MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import type {
  Admission,
  FeeUpload,
  SettlementRequest,
} from '../../../adapters/medical-insurance/records/settlement.ts';

/** What the client is asked to do so that it sends each golden request, in the domain's words. */

export const REGION = '421202';
export const RETIREE = { personNumber: '42120000000000000010000101', insuredRegion: REGION };
export const RESIDENT = { personNumber: '42120000000000000010000102', insuredRegion: REGION };
export const WORKER = { personNumber: '42120000000000000010000103', insuredRegion: REGION };
export const TRANSFER = { personNumber: '42120000000000000010000104', insuredRegion: REGION };
export const CHRONIC = { personNumber: '42120000000000000010000105', insuredRegion: REGION };
export const MOTHER = { personNumber: '42120000000000000010000106', insuredRegion: REGION };

export const HOSPITAL_NAME = '咸安区示例人民医院（虚构）';
export const VISIT = '421202000000310001';
export const SETTLEMENT = '421202000000710001';
const certificate = { type: '02', number: '421202199407210282' };

export const referral = {
  ...TRANSFER,
  insuranceKind: '310',
  phone: '13900000104',
  address: '湖北省咸宁市咸安区示例路1号（虚构）',
  diagnosisCode: 'I25.103',
  diagnosisName: '冠状动脉粥样硬化性心脏病',
  condition: '示例病情描述',
  toProviderCode: 'H42010600902',
  toProviderName: '武汉示例医院（虚构）',
  toRegion: '420106',
  date: '2026-03-16',
  reason: '本院不具备相应诊疗条件',
  opinion: '同意转院',
  from: '2026-03-16',
  to: '2026-09-15',
};

export const chronicDisease = {
  ...CHRONIC,
  insuranceKind: '390',
  diseaseCode: 'M03900',
  diseaseName: '高血压',
  phone: '13900000105',
  address: '湖北省咸宁市咸安区示例路2号（虚构）',
  providerCode: 'H42120200137',
  providerName: HOSPITAL_NAME,
  identifiedOn: '2026-03-14',
  doctorCode: 'D421202000123',
  doctorName: '示例医师',
  from: '2026-03-16',
  to: '2027-03-15',
};

export const fixedProvider = {
  ...CHRONIC,
  phone: '13900000105',
  address: '湖北省咸宁市咸安区示例路2号（虚构）',
  from: '2026-03-16',
  to: '2026-12-31',
  rank: '1',
  providerCode: 'H42120200137',
  providerName: HOSPITAL_NAME,
};

export const retireeOutOfArea = {
  ...RETIREE,
  category: 'settled-retiree',
  insuranceKind: '310',
  idNumber: '421202195803120133',
  name: '周启明',
  sex: '1',
  nation: '01',
  birthDate: '1958-03-12',
  phone: '13900000101',
  destination: '440305',
  destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
  from: '2026-03-17',
} as const;

export const residentOutOfArea = {
  ...RESIDENT,
  category: 'long-term-resident',
  insuranceKind: '390',
  idNumber: '421202194909300242',
  name: '汪素珍',
  sex: '2',
  nation: '01',
  birthDate: '1949-09-30',
  phone: '13900000102',
  destination: '430104',
  destinationAddress: '湖南省长沙市岳麓区示例小区2栋（虚构）',
  from: '2026-03-17',
} as const;

export const workerOutOfArea = {
  ...WORKER,
  category: 'posted-worker',
  insuranceKind: '310',
  idNumber: '421202198611050314',
  name: '吴海川',
  sex: '1',
  nation: '01',
  birthDate: '1986-11-05',
  phone: '13900000103',
  employer: '咸安区示例科技公司（虚构）',
  destination: '310115',
  destinationAddress: '上海市浦东新区示例大厦3层（虚构）',
  from: '2026-03-17',
  to: '2027-03-16',
} as const;

export const maternityFiling = {
  ...MOTHER,
  phone: '13900000106',
  weeks: 12,
  parity: 1,
  maternityType: '1',
  applicantType: '1',
  lastMenstruation: '2025-06-18',
  expectedOn: '2026-03-25',
  from: '2025-09-10',
  to: '2026-09-09',
};

export const admission: Admission = {
  ...MOTHER,
  insuranceKind: '310',
  contactName: '示例联系人',
  phone: '13900000106',
  admittedAt: '2026-03-18 08:30:00',
  certificate,
  medType: '52',
  admissionNumber: 'ZY202603180007',
  recordNumber: 'BA0000107',
  doctorCode: 'D421202000045',
  doctorName: '示例产科医师',
  diagnosisText: '孕39周待产',
  departmentCode: 'A05.02',
  departmentName: '产科专业',
  bed: '12',
  mainDiagnosis: { code: 'O80.000', name: '头位顺产' },
  maternity: { type: '1', late: false, weeks: 39, parity: 1, fetuses: 1, premature: false, on: '2026-03-19' },
  diagnoses: [
    {
      type: '1',
      main: true,
      code: 'O80.000',
      name: '头位顺产',
      department: 'A05.02',
      doctorCode: 'D421202000045',
      doctorName: '示例产科医师',
      at: '2026-03-18 08:30:00',
    },
  ],
};

const feeRow = {
  orderedBy: {
    department: { code: 'A05.02', name: '产科专业' },
    doctor: { code: 'D421202000045', name: '示例产科医师' },
  },
  maternity: true,
};

export const fees: FeeUpload = {
  ...MOTHER,
  visitId: VISIT,
  medType: '52',
  rows: [
    {
      ...feeRow,
      serial: '000000000000000001',
      orderNumber: 'YZ000000000000000001',
      at: '2026-03-19 03:20:00',
      catalogueCode: '003314000020000-331400002',
      hospitalCode: 'SF10001',
      totalFen: 230_000,
      quantity: '1',
      unitPriceYuan: '2300',
    },
    {
      ...feeRow,
      serial: '000000000000000002',
      orderNumber: 'YZ000000000000000002',
      at: '2026-03-21 00:00:00',
      catalogueCode: '001109000010000-110900001',
      hospitalCode: 'SF10002',
      totalFen: 30_000,
      quantity: '5',
      unitPriceYuan: '60',
    },
    {
      ...feeRow,
      serial: '000000000000000003',
      orderNumber: 'YZ000000000000000003',
      at: '2026-03-20 09:00:00',
      catalogueCode: 'XJ01XX00000000000001',
      hospitalCode: 'YP20001',
      totalFen: 425_000,
      quantity: '17',
      unitPriceYuan: '250',
    },
  ],
};

export const settlementRequest: SettlementRequest = {
  ...MOTHER,
  certificate,
  visitId: VISIT,
  insuranceKind: '310',
  totalFen: 685_000,
  useAccount: true,
  fullySelfPaidFen: 35_000,
  overLimitFen: 0,
  firstSelfPaidFen: 20_000,
  inScopeFen: 630_000,
};

export const settlementReference = { ...MOTHER, visitId: VISIT, settlementId: SETTLEMENT };

export const totals = {
  insuranceKind: '310',
  clearingType: '21',
  clearingOffice: '421202',
  from: '2026-03-22',
  to: '2026-03-22',
  totalFen: 685_000,
  fundTotalFen: 580_000,
  accountFen: 60_000,
  count: 1,
  refunded: false,
};

/** One client call for each golden exchange, by the file's name without `.json`. */
export const ACTS: Record<string, (client: MedicalInsuranceClient, options?: MedicalCallOptions) => Promise<unknown>> =
  {
    '1101-person-info': (client, options) =>
      client.insuredPerson({ idNumber: '421202195803120133', name: '周启明', at: '2026-03-16 09:12:05' }, options),
    '1101-person-info-resident': (client, options) =>
      client.insuredPerson({ idNumber: '421202194909300242', name: '汪素珍', at: '2026-03-16 09:12:05' }, options),
    '1101-person-info-not-found': (client, options) =>
      client.insuredPerson({ idNumber: '421202198611050314', name: '不存在', at: '2026-03-16 09:12:05' }, options),
    '2501-transfer-filing': (client, options) => client.fileReferral(referral, options),
    '2502-transfer-filing-cancel': (client, options) =>
      client.cancelReferral({ ...TRANSFER, serial: '421202177362760548600000010001', reason: '患者放弃转院' }, options),
    '2503-opsp-filing': (client, options) => client.fileChronicDisease(chronicDisease, options),
    '2505-fixed-provider-filing': (client, options) => client.fileFixedProvider(fixedProvider, options),
    '2506-fixed-provider-filing-cancel': (client, options) =>
      client.cancelFixedProvider({ ...CHRONIC, serial: '421202177364473048600000030001', reason: '改选定点' }, options),
    'Z501-outarea-retiree': (client, options) => client.fileOutOfArea(retireeOutOfArea, options),
    'Z501-outarea-long-term-resident': (client, options) => client.fileOutOfArea(residentOutOfArea, options),
    'Z501-outarea-posted-worker': (client, options) => client.fileOutOfArea(workerOutOfArea, options),
    'Z502-outarea-cancel': (client, options) =>
      client.cancelOutOfArea({ ...WORKER, serial: '421202177371111548600000040003', reason: '返回参保地' }, options),
    'Z503-outarea-query': (client, options) =>
      client.outOfAreaFilings({ ...RETIREE, from: '2026-01-01', to: '2026-12-31' }, options),
    '2001-treatment-check-maternity': (client, options) =>
      client.benefitCheck(
        { ...MOTHER, insuranceKind: '310', medType: '52', from: '2026-03-18 08:20:00', maternityType: '1' },
        options,
      ),
    '2699-maternity-filing': (client, options) => client.fileMaternity(maternityFiling, options),
    '2401-admission-maternity': (client, options) => client.admit(admission, options),
    '2301-inpatient-fee-upload': (client, options) => client.uploadFees(fees, options),
    '2303-inpatient-presettle-maternity': (client, options) => client.trialSettlement(settlementRequest, options),
    '2304-inpatient-settle-maternity': (client, options) => client.settle(settlementRequest, options),
    '2304-inpatient-settle-maternity-fund510': (client, options) => client.settle(settlementRequest, options),
    '2305-inpatient-settle-cancel': (client, options) => client.cancelSettlement(settlementReference, options),
    '2601-reversal': (client, options) =>
      client.reverse({ ...MOTHER, of: 'settlement', originalMessageId: 'H42120200137202603221031080026' }, options),
    '3201-reconcile-total': (client, options) => client.reconcileTotals(totals, options),
    '3201-reconcile-total-mismatch': (client, options) =>
      client.reconcileTotals(
        { ...totals, totalFen: 1_370_000, fundTotalFen: 1_160_000, accountFen: 120_000, count: 2 },
        options,
      ),
    '5203-settlement-query': (client, options) => client.settlement(settlementReference, options),
    '5301-opsp-filing-query': (client, options) => client.chronicDiseaseFilings(CHRONIC, options),
    '5302-fixed-provider-query': (client, options) => client.fixedProviders(CHRONIC, options),
    '5304-transfer-query': (client, options) =>
      client.referrals({ ...TRANSFER, from: '2026-03-01', to: '2026-12-31' }, options),
  };
