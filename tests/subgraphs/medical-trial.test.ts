import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MedicalInsuranceClient } from '../../adapters/medical-insurance/client.ts';
import { medicalInsuranceSettings } from '../../adapters/medical-insurance/settings.ts';
import { memoryCounter } from '../../adapters/transport/counter.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { type MedicalPlatform, openMedicalPlatform, resident, TRIAL } from './fixture/medical-platform.ts';
import { HOSPITAL, PSN } from './fixture/medical-records.ts';
import { CHEN } from './fixture/people.ts';
import { coversPartOfItsSchema, type RunningSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

let platform: MedicalPlatform;
let medical: RunningSubgraph;
let hospital: MedicalInsuranceClient;

beforeAll(async () => {
  platform = await openMedicalPlatform();
  medical = await platform.subgraph();
  const settings = medicalInsuranceSettings.parse({
    baseUrl: platform.address,
    ...sandbox.medicalInsurance,
    institution: { ...HOSPITAL, operator: { number: 'YB0018', name: '示例收费员' } },
  });
  hospital = new MedicalInsuranceClient(settings, { counter: memoryCounter(), clock: platform.core.now });
  await uploadFees();
});

beforeEach(() => platform.rewind());

afterEach(() => expect(medical.faults).toEqual([]));

afterAll(async () => {
  await hospital.close();
  await medical.stop();
  await platform.close();
});

coversPartOfItsSchema(() => medical, TRIAL);

/** Its settlement was cancelled, so it can be settled again. */
const VISIT = '421202000000310002';

const doctor = { code: 'D421202000045', name: '示例产科医师' };
const department = { code: 'A05.02', name: '产科专业' };

/** An operation and medicines, of which the person pays a part first and a part alone. */
async function uploadFees() {
  const row = { orderedBy: { department, doctor }, at: '2025-04-29 03:20:00', quantity: '1', maternity: true };
  await hospital.uploadFees({
    personNumber: PSN.CHEN,
    insuredRegion: '421202',
    visitId: VISIT,
    medType: '52',
    rows: [
      {
        ...row,
        serial: '1',
        catalogueCode: '003314000020000-331400002',
        hospitalCode: 'SF10001',
        totalFen: 260_000,
        unitPriceYuan: '2600',
      },
      {
        ...row,
        serial: '2',
        catalogueCode: 'XJ01XX00000000000001',
        hospitalCode: 'YP20001',
        totalFen: 425_000,
        unitPriceYuan: '4250',
      },
    ],
  });
}

const EVERYTHING = `visitId personNumber personName maskedIdNumber idType sex nation birthDate age civilServantInsured certificateType treatmentType insuranceKind personType
  total fullySelfPaid overLimit firstSelfPaid inScope deductible
  fundTotal pool poolShare civilServant enterprise seriousIllness largeSum medicalAid other maternityFund
  personTotal accountPaid cashPaid sharedAccount hospitalPaid balance
  funds { type name amount inScope limit } providerSettlementId clearingOffice clearingWay clearingType sumsDisagree`;

const trial = (given: string, selection = EVERYTHING) =>
  `insuredPerson { hospitalStays(from: "2025-04-28", to: "2025-05-02") {
    visitId trialSettlement(${given}) { ${selection} }
  } }`;

const TRIAL_SETTLEMENT = {
  visitId: VISIT,
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
  treatmentType: '52',
  insuranceKind: '310',
  personType: '1101',
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
  balance: 63_456,
  funds: [
    { type: '310100', name: '职工基本医疗保险统筹基金', amount: 580_000, inScope: 630_000, limit: null },
    { type: '310200', name: '职工基本医疗保险个人账户基金', amount: 60_000, inScope: 630_000, limit: null },
  ],
  providerSettlementId: expect.stringMatching(/^H42120200137\d{18}$/),
  clearingOffice: null,
  clearingWay: null,
  clearingType: '21',
  sumsDisagree: [],
};

describe('a trial of a stay’s settlement', () => {
  it('has every field, and books nothing', async () => {
    const { data, errors } = await medical.entities([resident(CHEN)], trial('total: 685000'));
    expect(errors).toBeUndefined();
    expect(data._entities[0].insuredPerson.hospitalStays).toEqual([
      { visitId: VISIT, trialSettlement: TRIAL_SETTLEMENT },
    ]);
    expect(platform.core.ledger.filter(({ kind }) => String(kind).startsWith('settlement'))).toEqual([]);
  });

  it('without the personal account is paid in cash', async () => {
    const { data } = await medical.entities(
      [resident(CHEN)],
      trial('total: 685000, useAccount: false', 'accountPaid cashPaid balance funds { type }'),
    );
    expect(data._entities[0].insuredPerson.hospitalStays[0].trialSettlement).toEqual({
      accountPaid: 0,
      cashPaid: 105_000,
      balance: 123_456,
      funds: [{ type: '310100' }],
    });
  });

  it('is made as it was asked for, of the person’s identity card', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(
        answer
          .toString('utf8')
          .replace('"clr_optins":null', '"clr_optins":"421202"')
          .replace('"clr_way":null', '"clr_way":"1"'),
      ),
    );
    const tapped = await platform.subgraph({ baseUrl: line.url });
    const { data, errors } = await tapped.entities(
      [resident(CHEN)],
      trial(`total: 685000, useAccount: true, insuranceKind: "310", way: "02", midway: true, invoice: "FP0001",
        fullySelfPaid: 35000, overLimit: 0, firstSelfPaid: 20000, inScope: 630000`),
    );
    medical.coverage.add(tapped.coverage);
    expect(errors).toBeUndefined();
    expect(data._entities[0].insuredPerson.hospitalStays[0].trialSettlement).toEqual({
      ...TRIAL_SETTLEMENT,
      clearingOffice: '421202',
      clearingWay: '1',
    });
    const asked = line.requests.map((body) => JSON.parse(body.toString('utf8'))).find(({ infno }) => infno === '2303');
    expect(asked.input.data).toMatchObject({
      psn_no: PSN.CHEN,
      mdtrt_id: VISIT,
      mdtrt_cert_type: '02',
      mdtrt_cert_no: CHEN.idNumber,
      insutype: '310',
      medfee_sumamt: 6850,
      psn_setlway: '02',
      acct_used_flag: '1',
      mid_setl_flag: '1',
      invono: 'FP0001',
      fulamt_ownpay_amt: 350,
      overlmt_selfpay: 0,
      preselfpay_amt: 200,
      inscp_scp_amt: 6300,
    });
    await tapped.stop();
    await line.close();
  });

  it('is made once a request, however many places ask', async () => {
    const selection = `insuredPerson { hospitalStays(from: "2025-04-28", to: "2025-05-02") {
      a: trialSettlement(total: 685000) { total } b: trialSettlement(total: 685000, way: "01") { cashPaid }
    } }`;
    const { data } = await medical.entities([resident(CHEN)], selection);
    expect(data._entities[0].insuredPerson.hospitalStays).toEqual([{ a: { total: 685_000 }, b: { cashPaid: 45_000 } }]);
    expect(platform.asked()).toMatchObject({ 2303: 1 });
  });

  it('of another total than the fees’ is refused with the platform’s words, and the stay remains', async () => {
    const { data, errors } = await medical.entities([resident(CHEN)], trial('total: 685001', 'total'));
    expect(data._entities[0].insuredPerson.hospitalStays).toEqual([{ visitId: VISIT, trialSettlement: null }]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'insuredPerson', 'hospitalStays', 0, 'trialSettlement'],
        extensions: { code: 'DEPARTMENT_REJECTED', department: 'medical-insurance' },
      },
    ]);
  });

  it('is not asked for without a kind of insurance where the stay names none', async () => {
    const line = await tapLine(platform.address, (answer) => {
      const text = answer.toString('utf8');
      return Buffer.from(text.includes('"ipt_otp_no"') ? text.replace('"insutype":"310"', '"insutype":""') : text);
    });
    const tapped = await platform.subgraph({ baseUrl: line.url });
    const { errors } = await tapped.entities([resident(CHEN)], trial('total: 685000', 'total'));
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'insuranceKind' } }]);
    await tapped.stop();
    await line.close();
  });

  it.each([
    ['total: -1', 'total'],
    ['total: 685000, insuranceKind: ""', 'insuranceKind'],
    ['total: 685000, way: "1234567"', 'way'],
    [`total: 685000, invoice: "${'1'.repeat(21)}"`, 'invoice'],
    ['total: 685000, fullySelfPaid: -1', 'fullySelfPaid'],
    ['total: 685000, overLimit: -1', 'overLimit'],
    ['total: 685000, firstSelfPaid: -1', 'firstSelfPaid'],
    ['total: 685000, inScope: -1', 'inScope'],
  ])('is not asked for with %s', async (given, field) => {
    const { data, errors } = await medical.entities([resident(CHEN)], trial(given, 'total'));
    expect(data._entities[0].insuredPerson.hospitalStays).toEqual([{ visitId: VISIT, trialSettlement: null }]);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(platform.asked()).not.toHaveProperty('2303');
  });
});
