import type {
  DisabilityCertificateSeed,
  Population,
  ResidentSeed,
  SubsidyApplicationSeed,
  SubsidyPaymentSeed,
  SubsidySeed,
} from '../../../seeds/model.ts';

import { EMPTY_POPULATION } from '../empty-population.ts';

/** The invented people of the golden transcripts. */
export const ZHANG = { idNumber: '421202197803159926', name: '张惠兰', certificate: '42120219780315992642' };
export const ZHOU = { idNumber: '440305198206099963', name: '周秀英', certificate: '44030519820609996371B1' };
export const LIU = { idNumber: '421202195510309952', name: '刘金山', certificate: '42120219551030995224' };
export const WANG = { idNumber: '421202199011049998', name: '王志强', certificate: '42120219901104999863' };
export const LI = { idNumber: '421202196507229972', name: '李建国', certificate: '42120219650722997211' };

/** Applied for before the transcripts begin. */
export const FROM_HANGZHOU = 'LB33010620221006000231';
export const FROM_SHENZHEN = 'LB44030520221007000077';
/** What transcript 13 files; `goldenProgress` holds it as transcript 16 finds it. */
export const TO_SHENZHEN = 'LB42120220221008000018';

export function population(subsidy: Partial<SubsidySeed> = {}, residents = RESIDENTS): Population {
  return {
    ...EMPTY_POPULATION,
    asOf: '2022-10-08',
    residents,
    subsidy: { ...GOLDEN_SUBSIDY, ...subsidy },
  };
}

export function circumstances(idNumber: string, other: Partial<SubsidySeed['circumstances'][number]> = {}) {
  return {
    idNumber,
    economicStatus: '1',
    specialHardship: false,
    orphan: false,
    workInjuryNursing: false,
    elderlyNursing: false,
    needsLongTermCare: true,
    ...other,
  };
}

export function application(
  number: string,
  person: { idNumber: string; name: string; certificate: string },
  other: Partial<SubsidyApplicationSeed>,
): SubsidyApplicationSeed {
  return {
    number,
    clientSerial: `seed-${number}`,
    mode: '2',
    acceptDivision: '440305005000',
    hukouDivision: '421202001000',
    residenceDivision: '440305005000',
    subsidyTypes: ['1'],
    applicantIdNumber: person.idNumber,
    applicantName: person.name,
    certificateNumber: person.certificate,
    category: person.certificate.charAt(18),
    grade: person.certificate.charAt(19),
    economicStatus: '1',
    bank: { code: '105', name: '建设银行', account: '6217995270007654320' },
    phone: '13800000002',
    address: '咸宁市咸安区',
    status: '20',
    acceptedAt: '2022-10-06 15:00:00',
    updatedAt: '2022-10-06 15:20:00',
    steps: [],
    ...other,
  };
}

function resident(
  person: { idNumber: string; name: string },
  sex: ResidentSeed['sex'],
  hukouDivision: string,
): ResidentSeed {
  const { idNumber, name } = person;
  return {
    idNumber,
    name,
    sex,
    birthDate: `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`,
    nation: '01',
    phone: '13800000000',
    hukouDivision,
    residenceDivision: '421202001003',
    address: '咸宁市咸安区温泉街道某社区1栋101',
  };
}

const RESIDENTS: readonly ResidentSeed[] = [
  resident(ZHANG, 'female', '421202100003'),
  resident(LIU, 'male', '421202001000'),
  resident(WANG, 'male', '421202001000'),
  resident(LI, 'male', '421202003002'),
];

function certificate(
  person: { idNumber: string; name: string; certificate: string },
  other: Partial<DisabilityCertificateSeed>,
): DisabilityCertificateSeed {
  return {
    number: person.certificate,
    idNumber: person.idNumber,
    name: person.name,
    category: person.certificate.charAt(18),
    grade: person.certificate.charAt(19),
    status: '1',
    firstIssuedOn: '2012-05-16',
    issuedOn: '2022-03-02',
    validTo: '2032-03-01',
    hukouDivision: '421202001000',
    guardian: null,
    subCategories: [],
    ...other,
  };
}

function payment(number: string, month: string, other: Partial<SubsidyPaymentSeed>): SubsidyPaymentSeed {
  return {
    number,
    idNumber: LI.idNumber,
    subsidyType: '2',
    month,
    amountFen: 10_000,
    arrearsFen: 0,
    paidOn: `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`,
    account: '6217995270007654320',
    result: '1',
    failure: '',
    ...other,
  };
}

const GOLDEN_SUBSIDY: SubsidySeed = {
  certificates: [
    certificate(ZHANG, { hukouDivision: '421202100000' }),
    certificate(ZHOU, {
      firstIssuedOn: '2015-08-20',
      issuedOn: '2021-09-13',
      validTo: '2025-08-19',
      hukouDivision: '440305005000',
      guardian: { name: '周国平', relation: '父母', phone: '13900000000' },
      subCategories: [
        { category: '4', grade: '1' },
        { category: '5', grade: '3' },
      ],
    }),
    certificate(LIU, { status: '4', firstIssuedOn: '2010-01-11', issuedOn: '2010-01-11', validTo: '2020-01-10' }),
    certificate(WANG, {}),
    certificate(LI, {}),
  ],
  enrolments: [
    {
      idNumber: ZHOU.idNumber,
      subsidyType: '2',
      payDivision: '440305000000',
      startMonth: '202101',
      endMonth: null,
      monthlyFen: 27_500,
      state: '51',
    },
  ],
  applications: [
    application(FROM_HANGZHOU, WANG, { acceptDivision: '330106008000' }),
    application(FROM_SHENZHEN, LI, {
      hukouDivision: '421202003000',
      subsidyTypes: ['1', '2'],
      acceptedAt: '2022-10-07 10:30:00',
      updatedAt: '2022-10-07 11:08:43',
    }),
    application('LB31011520221008000003', WANG, {
      acceptDivision: '310115001000',
      subsidyTypes: ['2'],
      acceptedAt: '2022-10-08 08:01:00',
      updatedAt: '2022-10-08 08:02:11',
    }),
    // The last number of the day before transcript 11.
    application('LB42120220221008000016', LIU, {
      acceptDivision: '421202001000',
      status: '60',
      updatedAt: '2022-10-08 09:01:00',
    }),
  ],
  payments: [
    payment('42120220220815000311', '202208', {}),
    payment('42120220220915000309', '202209', { result: '2', failure: '账户状态异常' }),
    payment('42120220221014000305', '202210', { arrearsFen: 10_000 }),
  ],
  circumstances: [circumstances(ZHANG.idNumber), circumstances(ZHOU.idNumber), circumstances(LI.idNumber)],
};

/** The golden people as transcript 16 finds them: the application to Shenzhen waits for the federation there. */
export function populationWithProgress(other: Partial<SubsidyApplicationSeed> = {}): Population {
  const found = application(TO_SHENZHEN, ZHOU, {
    acceptDivision: '421202003000',
    hukouDivision: '440305005000',
    residenceDivision: '421202003002',
    status: '30',
    acceptedAt: '2022-10-08 09:44:10',
    updatedAt: '2022-10-10 10:02:31',
    steps: [
      {
        sequence: 1,
        status: '10',
        division: '421202003000',
        department: '永安街道民政办',
        handler: '李某',
        at: '2022-10-08 09:44:10',
        opinion: '材料齐全，予以受理',
      },
      {
        sequence: 2,
        status: '20',
        division: '440305005000',
        department: '户籍地街道',
        handler: '系统',
        at: '2022-10-08 09:44:12',
        opinion: '',
      },
      {
        sequence: 3,
        status: '30',
        division: '440305000000',
        department: '户籍地残联',
        handler: '王某',
        at: '2022-10-10 10:02:31',
        opinion: '',
      },
    ],
    ...other,
  });
  return population({ applications: [...GOLDEN_SUBSIDY.applications, found] });
}
