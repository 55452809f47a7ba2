import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CREDENTIAL,
  caseWith,
  type MedicalPlatform,
  openMedicalPlatform,
  POSTING_BATCHES,
  POSTING_KEYS,
  POSTING_RECONCILIATION,
  POSTINGS,
  RECONCILIATION,
  resident,
  SERVICES,
  TRIAL,
} from './fixture/medical-platform.ts';
import { HOSPITAL, medicalReference, PSN } from './fixture/medical-records.ts';
import { CHEN, LI, referenceOf, STRANGER, SUN, XIONG, ZHANG, ZHOU } from './fixture/people.ts';
import { coversItsSchema, type RunningSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

let platform: MedicalPlatform;
let medical: RunningSubgraph;

beforeAll(async () => {
  platform = await openMedicalPlatform();
  medical = await platform.subgraph();
});

beforeEach(() => platform.rewind());

afterEach(() => expect(medical.faults).toEqual([]));

afterAll(async () => {
  await medical.stop();
  await platform.close();
});

coversItsSchema(
  () => medical,
  [CREDENTIAL, RECONCILIATION, SERVICES, TRIAL, POSTINGS, POSTING_BATCHES, POSTING_KEYS, POSTING_RECONCILIATION],
);

const SETTLEMENT = `id visitId personNumber personName maskedIdNumber idType sex nation birthDate age civilServantInsured certificateType hospitalCode hospitalName treatmentType insuranceKind personType from to settledAt
  total fullySelfPaid overLimit firstSelfPaid inScope deductible
  fundTotal pool poolShare civilServant enterprise seriousIllness largeSum medicalAid other maternityFund
  personTotal accountPaid cashPaid sharedAccount hospitalPaid balance
  funds { type name amount inScope limit } clearingOffice clearingWay clearingType sumsDisagree refunded
  providerSettlementId insuredRegion year invoice operatorNumber operatorName operatedAt`;
const MATERNITY_SETTLEMENT = {
  id: '421202000000710001',
  visitId: '421202000000310001',
  personNumber: PSN.CHEN,
  personName: '陈若溪',
  maskedIdNumber: '421202**********82',
  idType: '01',
  sex: '2',
  nation: '01',
  birthDate: '1994-07-21',
  age: 31.7,
  civilServantInsured: false,
  certificateType: '02',
  hospitalCode: 'H42120200137',
  hospitalName: '咸安区示例人民医院（虚构）',
  treatmentType: '52',
  insuranceKind: '310',
  personType: '1101',
  from: '2025-03-18',
  to: '2025-03-22',
  settledAt: '2025-03-22T10:15:41+08:00',
  total: 685_000,
  fullySelfPaid: 35_000,
  overLimit: 0,
  firstSelfPaid: 20_000,
  inScope: 630_000,
  deductible: 0,
  fundTotal: 580_000,
  pool: 580_000,
  poolShare: 0.9206,
  civilServant: 0,
  enterprise: 0,
  seriousIllness: 0,
  largeSum: 0,
  medicalAid: 0,
  other: 0,
  maternityFund: 580_000,
  personTotal: 105_000,
  accountPaid: 60_000,
  cashPaid: 45_000,
  sharedAccount: 0,
  hospitalPaid: 0,
  balance: 123_456,
  funds: [
    { type: '310100', name: '职工基本医疗保险统筹基金', amount: 580_000, inScope: 630_000, limit: null },
    { type: '310200', name: '职工基本医疗保险个人账户基金', amount: 60_000, inScope: 630_000, limit: null },
  ],
  clearingOffice: '421202',
  clearingWay: '1',
  clearingType: '21',
  sumsDisagree: [],
  refunded: false,
  providerSettlementId: 'H42120200137202503221015410024',
  insuredRegion: '421202',
  year: '2025',
  invoice: null,
  operatorNumber: 'YB0017',
  operatorName: '示例经办员',
  operatedAt: '2025-03-22T10:15:41+08:00',
};

describe('an insured person', () => {
  it('has every field as the platform has it', async () => {
    const { data, errors } = await medical.entities(
      [resident(ZHOU)],
      `idNumber insuredPerson {
        personNumber name idType maskedIdNumber sex nation birthDate age
        insurances { kind kindName status personType since pausedOn civilServant region employer balance }
        identities { type level memo from to }
        chronicDiseaseFilings { diseaseCode diseaseName from to }
        fixedProviders { personNumber code name rank insuranceKind from to memo }
        outOfAreaFilings {
          serial personNumber personName maskedIdNumber idType category reasonCode insuranceKind destination destinationAddress from to uploaded valid reviewed
        }
      }`,
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      {
        __typename: 'Resident',
        idNumber: ZHOU.idNumber,
        insuredPerson: {
          personNumber: PSN.ZHOU,
          name: '周启明',
          idType: '01',
          maskedIdNumber: '421202**********33',
          sex: '1',
          nation: '01',
          birthDate: '1958-03-12',
          age: 68.1,
          insurances: [
            {
              kind: '310',
              kindName: '职工基本医疗保险',
              status: 'ACTIVE',
              personType: '1201',
              since: '2001-07-01',
              pausedOn: null,
              civilServant: false,
              region: '421202',
              employer: '咸宁示例机械厂（虚构）',
              balance: 75_220,
            },
            {
              kind: '390',
              kindName: '城乡居民基本医疗保险',
              status: 'ENDED',
              personType: '1101',
              since: '1999-01-01',
              pausedOn: '2001-06-30',
              civilServant: false,
              region: '421221',
              employer: null,
              balance: 0,
            },
            // Codes that no list has: shown as codes, or not at all.
            {
              kind: '777',
              kindName: null,
              status: null,
              personType: null,
              since: '2010-01-01',
              pausedOn: null,
              civilServant: false,
              region: '421202',
              employer: '咸宁示例公司（虚构）',
              balance: 0,
            },
          ],
          identities: [
            {
              type: '0301',
              level: '1',
              memo: '示例备注',
              from: '2025-01-01T00:00:00+08:00',
              to: '2026-12-31T23:59:59+08:00',
            },
          ],
          chronicDiseaseFilings: [
            { diseaseCode: 'M03900', diseaseName: '高血压', from: '2025-03-16', to: '2026-03-15' },
            { diseaseCode: 'M99999', diseaseName: null, from: '2025-03-16', to: null },
          ],
          fixedProviders: [
            {
              personNumber: PSN.ZHOU,
              code: HOSPITAL.code,
              name: HOSPITAL.name,
              rank: '1',
              insuranceKind: '310',
              from: '2025-01-01',
              to: '2025-12-31',
              memo: '示例定点备注',
            },
          ],
          outOfAreaFilings: [
            {
              serial: 'F-RETIREE',
              personNumber: PSN.ZHOU,
              personName: '周启明',
              maskedIdNumber: '421202**********33',
              idType: '01',
              category: 'SETTLED_RETIREE',
              reasonCode: '02',
              insuranceKind: '310',
              destination: '440305',
              destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
              from: '2025-03-01',
              to: null,
              uploaded: true,
              valid: true,
              reviewed: true,
            },
            expect.objectContaining({
              serial: 'F-RESIDENT',
              category: 'LONG_TERM_RESIDENT',
              to: '2024-12-31',
              valid: false,
            }),
            expect.objectContaining({ serial: 'F-WORKER', category: 'POSTED_WORKER', uploaded: false }),
            // A reason that no list has.
            expect.objectContaining({
              serial: 'F-OTHER',
              category: null,
              reasonCode: '05',
              insuranceKind: null,
              destinationAddress: null,
              reviewed: false,
            }),
          ],
        },
      },
    ]);
  });

  it('has referrals, with nulls for what the platform left empty', async () => {
    const { data, errors } = await medical.entities(
      [resident(XIONG)],
      `insuredPerson { insurances { status pausedOn } referrals {
        personNumber personName maskedIdNumber idType sex birthDate insuranceKind source maskedPhone address insuredRegion employer diagnosisCode diagnosisName condition
        hospitalCode hospitalName outOfArea date reason hospitalAgreed from to operatorNumber operatorName filedAt
      } }`,
    );
    expect(errors).toBeUndefined();
    expect(data._entities[0].insuredPerson).toEqual({
      insurances: [{ status: 'SUSPENDED', pausedOn: '2025-06-30' }],
      referrals: [
        {
          personNumber: PSN.XIONG,
          personName: '熊志远',
          maskedIdNumber: '421202**********73',
          idType: '01',
          sex: '1',
          birthDate: '1971-01-18',
          insuranceKind: '310',
          source: '02',
          maskedPhone: '139****0104',
          address: '湖北省咸宁市咸安区示例路1号（虚构）',
          insuredRegion: '421202',
          employer: '咸宁示例公司（虚构）',
          diagnosisCode: 'I25.103',
          diagnosisName: '冠状动脉粥样硬化性心脏病',
          condition: '示例病情描述',
          hospitalCode: 'H42010600902',
          hospitalName: '武汉示例医院（虚构）',
          outOfArea: true,
          date: '2025-03-16',
          reason: '本院不具备相应诊疗条件',
          hospitalAgreed: true,
          from: '2025-03-16',
          to: '2025-09-15',
          operatorNumber: 'YB0017',
          operatorName: '示例经办员',
          filedAt: '2025-03-16T10:25:41+08:00',
        },
        expect.objectContaining({ hospitalCode: 'H42120000002', from: '2024-05-01', to: '2024-06-30' }),
        expect.objectContaining({
          hospitalCode: 'H42120000001',
          outOfArea: false,
          reason: null,
          maskedPhone: null,
          diagnosisName: null,
        }),
      ],
    });
  });

  it('has hospital stays, with nulls for what the platform left empty', async () => {
    const { data, errors } = await medical.entities(
      [resident(CHEN)],
      `insuredPerson { hospitalStays(from: "2025-05-03") {
        visitId personNumber personName maskedIdNumber idType sex nation birthDate age insuranceKind personType admissionNumber hospitalCode hospitalName departmentName bed treatmentType admittedAt
      } first: hospitalStays(to: "2025-04-01") {
        visitId personNumber personName maskedIdNumber idType sex nation birthDate age insuranceKind personType admissionNumber hospitalCode hospitalName departmentName bed treatmentType admittedAt
      } }`,
    );
    expect(errors).toBeUndefined();
    expect(data._entities[0].insuredPerson).toEqual({
      hospitalStays: [
        {
          visitId: '421202000000310003',
          personNumber: PSN.CHEN,
          personName: '陈若溪',
          maskedIdNumber: '421202**********82',
          idType: '01',
          sex: '2',
          nation: '01',
          birthDate: '1994-07-21',
          age: 31.7,
          insuranceKind: '310',
          personType: '1101',
          admissionNumber: 'ZY202503180007',
          hospitalCode: HOSPITAL.code,
          hospitalName: null,
          departmentName: null,
          bed: null,
          treatmentType: '21',
          admittedAt: '2025-06-01T12:00:00+08:00',
        },
      ],
      first: [
        {
          visitId: '421202000000310001',
          personNumber: PSN.CHEN,
          personName: '陈若溪',
          maskedIdNumber: '421202**********82',
          idType: '01',
          sex: '2',
          nation: '01',
          birthDate: '1994-07-21',
          age: 31.7,
          insuranceKind: '310',
          personType: '1101',
          admissionNumber: 'ZY202503180007',
          hospitalCode: HOSPITAL.code,
          hospitalName: HOSPITAL.name,
          departmentName: '产科专业',
          bed: '12',
          treatmentType: '52',
          admittedAt: '2025-03-18T08:30:00+08:00',
        },
      ],
    });
  });

  it('has its filings of a period: those that were valid on one of its days', async () => {
    const { data } = await medical.entities(
      [resident(ZHOU), resident(XIONG)],
      `insuredPerson {
        filings: outOfAreaFilings(from: "2023-12-31", to: "2024-06-30") { serial }
        referrals(from: "2025-09-15", to: "2025-12-31") { date }
        none: referrals(from: "2020-01-01", to: "2020-12-31") { date }
      }`,
    );
    const [zhou, xiong] = data._entities;
    expect(zhou.insuredPerson.filings).toEqual([{ serial: 'F-RESIDENT' }, { serial: 'F-WORKER' }]);
    expect(xiong.insuredPerson).toEqual({ filings: [], referrals: [{ date: '2025-03-16' }], none: [] });
  });

  it('is bound to other providers by another kind of application', async () => {
    const { data } = await medical.entities(
      [resident(ZHOU)],
      'insuredPerson { fixedProviders(businessType: "04") { code name to } }',
    );
    expect(data._entities[0].insuredPerson.fixedProviders).toEqual([{ code: 'P42120200001', name: null, to: null }]);
  });

  it('is entitled or not, today in China unless a day is told', async () => {
    const { data, errors } = await medical.entities(
      [resident(XIONG)],
      `insuredPerson {
        today: benefitCheck(insuranceKind: "310", treatmentType: "21") {
          personNumber fundType fundName checkType entitled from to explanation
        }
        before: benefitCheck(insuranceKind: "310", treatmentType: "21", on: "2025-06-29") { entitled from explanation }
      }`,
    );
    expect(errors).toBeUndefined();
    expect(data._entities[0].insuredPerson).toEqual({
      today: [
        {
          personNumber: PSN.XIONG,
          fundType: '310100',
          fundName: '职工基本医疗保险统筹基金',
          checkType: '1',
          entitled: false,
          from: '2026-01-01',
          to: null,
          explanation: '参保状态不正常',
        },
      ],
      before: [{ entitled: true, from: '2025-01-01', explanation: null }],
    });
  });

  it('is checked for a disease, an operation or maternity, until a day', async () => {
    const line = await tapLine(platform.address);
    const tapped = await platform.subgraph({ baseUrl: line.url });
    const { data, errors } = await tapped.entities(
      [resident(CHEN)],
      `insuredPerson { benefitCheck(
        insuranceKind: "310", treatmentType: "53", on: "2025-03-18", until: "2025-03-22",
        disease: { code: "M03900", name: "高血压" }, operation: { code: "74.1x01", name: "剖宫产术" },
        maternityType: "1", birthControlType: "2"
      ) { entitled } }`,
    );
    medical.coverage.add(tapped.coverage);
    expect({ data, errors }).toEqual({
      data: { _entities: [{ __typename: 'Resident', insuredPerson: { benefitCheck: [{ entitled: true }] } }] },
    });
    const asked = line.requests.map((body) => JSON.parse(body.toString('utf8'))).find(({ infno }) => infno === '2001');
    expect(asked.input.data).toMatchObject({
      begntime: '2025-03-18 00:00:00',
      endtime: '2025-03-22 23:59:59',
      dise_codg: 'M03900',
      dise_name: '高血压',
      oprn_oprt_code: '74.1x01',
      oprn_oprt_name: '剖宫产术',
      matn_type: '1',
      birctrl_type: '2',
    });
    await tapped.stop();
    await line.close();
  });

  it.each([
    ['benefitCheck(insuranceKind: "", treatmentType: "21")', 'insuranceKind'],
    ['benefitCheck(insuranceKind: "310", treatmentType: "1234567")', 'treatmentType'],
    ['benefitCheck(insuranceKind: "310", treatmentType: "21", on: "2025-03-18", until: "2025-03-17")', 'until'],
    ['benefitCheck(insuranceKind: "310", treatmentType: "21", disease: { code: " ", name: "a" })', 'disease.code'],
    ['benefitCheck(insuranceKind: "310", treatmentType: "21", maternityType: "1234567")', 'maternityType'],
    ['fixedProviders(businessType: "1234")', 'businessType'],
    ['referrals(from: "2025-02-01", to: "2025-01-31")', 'to'],
    ['outOfAreaFilings(from: "2025-02-01", to: "2025-01-31")', 'to'],
    ['hospitalStays(from: "2025-02-01", to: "2025-01-31")', 'to'],
  ])('is not asked about by %s: the error names the argument, in both languages', async (selection, field) => {
    const { data, errors } = await medical.entities(
      [resident(ZHOU)],
      `insuredPerson { found: ${selection} { __typename } }`,
    );
    expect(data._entities[0].insuredPerson).toEqual({ found: null });
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'insuredPerson', 'found'],
        extensions: {
          code: 'INVALID_INPUT',
          field,
          messageZh: expect.stringMatching(/^输入不合规范。[\w.]+：不?应.+。$/),
        },
      },
    ]);
    expect(platform.asked()).toEqual({ 1101: 1 });
  });

  it('is as the platform had it at a moment of the past', async () => {
    const { data, errors } = await medical.entities(
      [resident(ZHOU)],
      'insuredPerson(at: "2001-06-29T23:30:00Z") { insurances { kind status pausedOn } }',
    );
    expect(errors).toBeUndefined();
    // In China it was the day of the suspension already.
    expect(data._entities[0].insuredPerson.insurances).toEqual([
      { kind: '390', status: 'ENDED', pausedOn: '2001-06-30' },
    ]);
  });

  it('is asked about under the region of the kind of insurance, whether that is in force or was', async () => {
    const { data, errors } = await medical.entities(
      [resident(SUN)],
      `insuredPerson {
        was: benefitCheck(insuranceKind: "310", treatmentType: "21", on: "2025-06-29") { entitled }
        now: benefitCheck(insuranceKind: "390", treatmentType: "21") { entitled fundType }
        never: benefitCheck(insuranceKind: "340", treatmentType: "21") { entitled }
      }`,
    );
    expect(errors).toBeUndefined();
    expect(data._entities[0].insuredPerson).toEqual({
      was: [{ entitled: true }],
      now: [{ entitled: true, fundType: '390100' }],
      never: [{ entitled: false }],
    });
  });

  it('is entitled until a day, where the platform tells one', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(answer.toString('utf8').replace('"enddate":null', '"enddate":"2026-12-31"')),
    );
    const told = await platform.subgraph({ baseUrl: line.url });
    const { data } = await told.entities(
      [resident(CHEN)],
      'insuredPerson { benefitCheck(insuranceKind: "310", treatmentType: "52") { entitled to } }',
    );
    medical.coverage.add(told.coverage);
    expect(data._entities[0].insuredPerson.benefitCheck).toEqual([{ entitled: true, to: '2026-12-31' }]);
    await told.stop();
    await line.close();
  });

  it('insured elsewhere is asked about under that region', async () => {
    const { data, errors } = await medical.entities(
      [resident(ZHANG)],
      'insuredPerson { insurances { region } outOfAreaFilings { serial } }',
    );
    expect({ data: data._entities[0].insuredPerson, errors }).toEqual({
      data: { insurances: [{ region: '421221' }], outOfAreaFilings: [{ serial: 'F-ELSEWHERE' }] },
    });
  });

  it('is null when the platform knows no such person, nobody insured and no such name', async () => {
    const people = [STRANGER, LI, { ...ZHOU, name: '别人' }].map((person) => resident(person));
    const { data, errors } = await medical.entities(people, 'insuredPerson { personNumber }');
    const nobody = { __typename: 'Resident', insuredPerson: null };
    expect({ data, errors }).toEqual({ data: { _entities: [nobody, nobody, nobody] } });
  });

  it('is found without a name, which the platform does not need', async () => {
    const { data } = await medical.entities(
      [resident({ ...ZHOU, name: null }), { __typename: 'Resident', idNumber: CHEN.idNumber }],
      'insuredPerson { name }',
    );
    expect(data._entities.map((one: { insuredPerson: unknown }) => one.insuredPerson)).toEqual([
      { name: '周启明' },
      { name: '陈若溪' },
    ]);
  });

  it('and each of its lists is asked for once a request, however many places want it', async () => {
    const request = medical.request();
    const representations = [resident(ZHOU), resident(ZHOU)];
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Resident {
      a: insuredPerson { name outOfAreaFilings { serial } again: outOfAreaFilings(from: null) { valid } }
      b: insuredPerson { birthDate chronicDiseaseFilings { diseaseCode } fixedProviders { code } }
      c: insuredPerson { chronicDiseaseFilings { diseaseName } fixedProviders(businessType: "03") { name } }
    } } }`;
    await request(query, { r: representations });
    const filing = medicalReference('out-of-area-filing', 'F-RETIREE', { psnNo: PSN.ZHOU });
    await request(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Case { outOfAreaFiling { serial } } } }',
      { r: [caseWith('1', filing)] },
    );
    expect(platform.asked()).toEqual({ 1101: 1, Z503: 1, 5301: 1, 5302: 1 });
  });
});

describe('a case', () => {
  it('has the filing that it made, by its serial', async () => {
    const filing = medicalReference('out-of-area-filing', 'F-RESIDENT', { psnNo: PSN.ZHOU });
    const { data, errors } = await medical.entities(
      [caseWith('case-1', filing)],
      'id outOfAreaFiling { serial category }',
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      {
        __typename: 'Case',
        id: 'case-1',
        outOfAreaFiling: { serial: 'F-RESIDENT', category: 'LONG_TERM_RESIDENT' },
      },
    ]);
  });

  it('has the referral that it filed, by its days, and its chronic disease, by the disease', async () => {
    const representations = [
      caseWith('1', medicalReference('referral', 'R-NEAR', { psnNo: PSN.XIONG, from: '2024-05-01', to: '2024-10-31' })),
      caseWith('2', medicalReference('chronic-disease-filing', 'C-1', { psnNo: PSN.ZHOU, diseaseCode: 'M99999' })),
    ];
    const { data, errors } = await medical.entities(
      representations,
      'referral { hospitalCode } chronicDiseaseFiling { diseaseCode to }',
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { __typename: 'Case', referral: { hospitalCode: 'H42120000001' }, chronicDiseaseFiling: null },
      { __typename: 'Case', referral: null, chronicDiseaseFiling: { diseaseCode: 'M99999', to: null } },
    ]);
  });

  it('has its maternity settlement', async () => {
    const settled = medicalReference('maternity-settlement', '421202000000710001', {
      psnNo: PSN.CHEN,
      visitId: '421202000000310001',
    });
    const { data, errors } = await medical.entities([caseWith('1', settled)], `maternitySettlement { ${SETTLEMENT} }`);
    expect(errors).toBeUndefined();
    expect(data._entities[0].maternitySettlement).toEqual(MATERNITY_SETTLEMENT);
  });

  it('has null for records that the platform no longer has, and asks nothing where it has no reference', async () => {
    const gone = caseWith(
      '1',
      medicalReference('out-of-area-filing', 'F-GONE', { psnNo: PSN.ZHOU }),
      medicalReference('referral', 'R-GONE', { psnNo: PSN.XIONG, from: '2019-01-01', to: '2019-12-31' }),
      medicalReference('chronic-disease-filing', 'C-GONE', { psnNo: PSN.ZHOU, diseaseCode: 'M00000' }),
      medicalReference('maternity-settlement', '421202000000719999', {
        psnNo: PSN.CHEN,
        visitId: '421202000000310001',
      }),
    );
    const everything =
      'outOfAreaFiling { serial } referral { date } chronicDiseaseFiling { diseaseCode } maternitySettlement { id }';
    const nothing = {
      __typename: 'Case',
      outOfAreaFiling: null,
      referral: null,
      chronicDiseaseFiling: null,
      maternitySettlement: null,
    };
    expect(await medical.entities([gone], everything)).toEqual({ data: { _entities: [nothing] } });
    platform.rewind();
    // None, of another system, and without what reading it needs.
    const unread = [
      caseWith('2'),
      caseWith('3', {
        system: 'non-tax',
        kind: 'maternity-settlement',
        reference: '1',
        values: { psnNo: '1', visitId: '1' },
      }),
      caseWith(
        '4',
        medicalReference('out-of-area-filing', 'F-RETIREE', {}),
        medicalReference('maternity-settlement', '421202000000710001', { psnNo: PSN.CHEN }),
      ),
    ];
    expect(await medical.entities(unread, everything)).toEqual({ data: { _entities: unread.map(() => nothing) } });
    expect(platform.core.calls.total).toBe(0);
  });

  it('of somebody insured elsewhere is read under the region of its reference', async () => {
    const values = { psnNo: PSN.ZHANG, insuredRegion: '421221' };
    const filing = medicalReference('out-of-area-filing', 'F-ELSEWHERE', values);
    const { data } = await medical.entities([caseWith('1', filing)], 'outOfAreaFiling { insuranceKind }');
    expect(data._entities[0].outOfAreaFiling).toEqual({ insuranceKind: '390' });
  });

  it('whose person the platform does not know is an error of its field: nothing can be said of the record', async () => {
    const filing = medicalReference('out-of-area-filing', 'F-1', { psnNo: '42120000000000000099999999' });
    const { data, errors } = await medical.entities([caseWith('1', filing)], 'id outOfAreaFiling { serial }');
    expect(data._entities).toEqual([{ __typename: 'Case', id: '1', outOfAreaFiling: null }]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'outOfAreaFiling'],
        extensions: { code: 'DEPARTMENT_REJECTED', department: 'medical-insurance' },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('99999999');
  });
});

describe('a settlement', () => {
  const bySelf = `query ($id: ID!, $person: String!, $visit: String!) {
    medicalSettlement(id: $id, personNumber: $person, visitId: $visit) { ${SETTLEMENT} }
  }`;
  const keys = (number: number) => ({
    id: `42120200000071000${number}`,
    person: PSN.CHEN,
    visit: `42120200000031000${number}`,
  });

  it('is found by its keys', async () => {
    const { data, errors } = await medical.ask(bySelf, keys(1));
    expect({ data, errors }).toEqual({ data: { medicalSettlement: MATERNITY_SETTLEMENT } });
  });

  it('paid by the maternity fund itself names what that fund paid; unknown funds are shown as codes', async () => {
    const { data } = await medical.ask(bySelf, keys(2));
    expect(data.medicalSettlement).toMatchObject({
      maternityFund: 500_000,
      funds: [
        { type: '510100', name: '生育基金', amount: 500_000, inScope: 630_000, limit: null },
        { type: '999100', name: null, amount: 80_000, inScope: 630_000, limit: null },
      ],
      refunded: true,
    });
  });

  it('of a visit is found without its id: the one that stands, else the last', async () => {
    const ofVisit = (visit: number) =>
      medical.ask(
        `{ medicalSettlement(personNumber: "${PSN.CHEN}", visitId: "42120200000031000${visit}") { id refunded } }`,
      );
    expect([await ofVisit(1), await ofVisit(2)]).toEqual([
      { data: { medicalSettlement: { id: '421202000000710001', refunded: false } } },
      { data: { medicalSettlement: { id: '421202000000710002', refunded: true } } },
    ]);
  });

  it.each([
    ['id', { ...keys(1), id: '' }],
    ['personNumber', { ...keys(1), person: ' ' }],
    ['visitId', { ...keys(1), visit: '1'.repeat(31) }],
  ])('is not asked for by a wrong %s', async (field, wrong) => {
    const { data, errors } = await medical.ask(bySelf, wrong);
    expect(data).toEqual({ medicalSettlement: null });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(platform.asked()).toEqual({});
  });

  it('of other treatment has nothing paid for maternity', async () => {
    const { data, errors } = await medical.ask(bySelf, keys(3));
    expect(errors).toBeUndefined();
    expect(data.medicalSettlement).toMatchObject({
      treatmentType: '21',
      maternityFund: null,
      fundTotal: 580_000,
      hospitalName: null,
    });
  });

  it('has every amount in its own field, and says which sums do not hold', async () => {
    const told: Record<string, number> = {
      overlmt_selfpay: 1.01,
      act_pay_dedc: 2.02,
      cvlserv_pay: 3.03,
      hifes_pay: 4.04,
      hifmi_pay: 5.05,
      hifob_pay: 6.06,
      maf_pay: 7.07,
      oth_pay: 8.08,
      acct_mulaid_pay: 9.09,
      hifp_pay: 10.1,
      crt_payb_lmt_amt: 11.11,
    };
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(
        answer.toString('utf8').replace(/"(\w+)":(?:null|[\d.]+)/g, (member, name: string) => {
          const amount = told[name];
          return amount === undefined ? member : `"${name}":${amount}`;
        }),
      ),
    );
    const altered = await platform.subgraph({ baseUrl: line.url });
    const { data, errors } = await altered.ask(bySelf, keys(1));
    medical.coverage.add(altered.coverage);
    expect(errors).toBeUndefined();
    expect(data.medicalSettlement).toEqual({
      ...MATERNITY_SETTLEMENT,
      overLimit: 101,
      deductible: 202,
      civilServant: 303,
      enterprise: 404,
      seriousIllness: 505,
      largeSum: 606,
      medicalAid: 707,
      other: 808,
      sharedAccount: 909,
      pool: 1_010,
      funds: MATERNITY_SETTLEMENT.funds.map((fund) => ({ ...fund, limit: 1_111 })),
      sumsDisagree: ['person', 'scope'],
    });
    await altered.stop();
    await line.close();
  });

  it('has its invoice, where it has one', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(answer.toString('utf8').replace('"invono":""', '"invono":"FP0001"')),
    );
    const invoiced = await platform.subgraph({ baseUrl: line.url });
    const { data } = await invoiced.ask(bySelf, keys(1));
    medical.coverage.add(invoiced.coverage);
    expect(data.medicalSettlement.invoice).toBe('FP0001');
    await invoiced.stop();
    await line.close();
  });

  it('is null when there is none of these keys', async () => {
    const expected = { data: { medicalSettlement: null } };
    expect(await medical.ask(bySelf, { ...keys(1), id: '421202000000719999' })).toEqual(expected);
    expect(await medical.ask(bySelf, { ...keys(1), visit: '421202000000310002' })).toEqual(expected);
  });

  it('is asked once a request, whether by its keys, for a case or for the resident', async () => {
    const reference = medicalReference('maternity-settlement', '421202000000710001', {
      psnNo: PSN.CHEN,
      visitId: '421202000000310001',
    });
    const request = medical.request();
    await request(bySelf, keys(1));
    const representations = [caseWith('1', reference), resident(CHEN, [referenceOf(reference)])];
    const { data } = await request(
      `query ($r: [_Any!]!) { _entities(representations: $r) {
        __typename
        ... on Case { maternitySettlement { id } }
        ... on Resident { maternitySettlements { id } }
      } }`,
      { r: representations },
    );
    expect(data._entities).toEqual([
      { __typename: 'Case', maternitySettlement: { id: '421202000000710001' } },
      { __typename: 'Resident', maternitySettlements: [{ id: '421202000000710001' }] },
    ]);
    expect(platform.asked()).toEqual({ 5203: 1 });
  });
});

describe('a resident’s maternity settlements', () => {
  it('are those of the references that the platform still has, in their order', async () => {
    const references = [3, 9, 1].map((number) =>
      referenceOf(
        medicalReference('maternity-settlement', `42120200000071000${number}`, {
          psnNo: PSN.CHEN,
          visitId: `42120200000031000${number === 9 ? 1 : number}`,
        }),
      ),
    );
    const { data, errors } = await medical.entities(
      [resident(CHEN, references), resident(ZHOU)],
      'maternitySettlements { id }',
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { __typename: 'Resident', maternitySettlements: [{ id: '421202000000710003' }, { id: '421202000000710001' }] },
      { __typename: 'Resident', maternitySettlements: [] },
    ]);
  });
});
