import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MedicalDesk, openMedicalDesk, WITH_OWN_FUND } from './fixture/medical-desk.ts';
import {
  admissionForm,
  cancelForm,
  feeOf,
  feesForm,
  readyToSettle,
  settlementForm,
  TOTAL,
} from './fixture/medical-forms.ts';
import { medicalReference, PSN } from './fixture/medical-records.ts';
import { CHEN, LI, XIONG } from './fixture/people.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

let desk: MedicalDesk;

beforeAll(async () => {
  desk = await openMedicalDesk();
});

afterEach(() => {
  desk.core.clearFaults();
  expect(desk.medical.takeFaults()).toEqual([]);
});

afterAll(() => desk.close());

coversPartOfItsSchema(
  () => desk.medical,
  // The platform's simulator writes no memo beside a fee.
  /^(?:Mutation\.(?!post)\w*Maternity\w*|\w*Maternity\w*Payload\.|UploadedFee\.(?!memo)|Query\.(?:checkMaternityBenefit|trialMaternitySettlement))/,
);

const ROWS = `accepted complete refusal rows { serial amount quantity unitPrice priceCeiling selfPaidShare fullySelfPaid overLimit
  firstSelfPaid inScope chargeLevel chargeType }`;
const SETTLED = `sumsAgree settlement { id visitId total fundTotal pool maternityFund personTotal accountPaid cashPaid hospitalPaid
  sumsDisagree hospitalCode hospitalName refunded funds { type name amount } }`;
const CHECK = `query ($input: CheckMaternityBenefitInput!) { checkMaternityBenefit(input: $input) {
  entitled fundType fundName from explanation } }`;
const TRIAL = `query ($input: TrialMaternitySettlementInput!) { trialMaternitySettlement(input: $input) {
  visitId total fundTotal maternityFund cashPaid sumsDisagree } }`;

const cancellation = (caseId: string, over: object = {}) =>
  cancelForm(caseId, { operator: 'hospital', reason: '费用有误', ...over });

describe('a maternity payment', () => {
  it('goes from the check to the settlement, whose sums hold to the fen', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S12', person);
    const asked = { operator: 'hospital', caseId };
    expect(await desk.medical.ask(CHECK, { input: asked })).toEqual({
      data: {
        checkMaternityBenefit: [
          {
            entitled: true,
            fundType: '310100',
            fundName: '职工基本医疗保险统筹基金',
            from: '2026-01-01',
            explanation: null,
          },
        ],
      },
    });
    const { visitId } = await desk.done('admitForMaternity', admissionForm(caseId), 'visitId');
    const uploaded = await desk.done('uploadMaternityFees', feesForm(caseId), ROWS);
    expect(uploaded).toMatchObject({ accepted: 3, complete: true, refusal: null });
    expect(uploaded.rows[2]).toMatchObject({ serial: 'F3', amount: 425_000, firstSelfPaid: 20_000, inScope: 370_000 });
    expect(await desk.medical.ask(TRIAL, { input: { ...asked, total: TOTAL } })).toEqual({
      data: {
        trialMaternitySettlement: {
          visitId,
          total: TOTAL,
          fundTotal: 580_000,
          maternityFund: 580_000,
          cashPaid: 45_000,
          sumsDisagree: [],
        },
      },
    });
    const { settlement, sumsAgree } = await desk.done(
      'settleMaternity',
      settlementForm(caseId, { invoice: 'FP0001' }),
      SETTLED,
    );
    expect(sumsAgree).toBe(true);
    expect(settlement).toEqual({
      id: expect.stringMatching(/^421202/),
      visitId,
      total: TOTAL,
      fundTotal: 580_000,
      pool: 580_000,
      maternityFund: 580_000,
      personTotal: 105_000,
      accountPaid: 60_000,
      cashPaid: 45_000,
      hospitalPaid: 0,
      sumsDisagree: [],
      hospitalCode: 'H42120200101',
      hospitalName: '咸安区第一人民医院',
      refunded: false,
      funds: [
        { type: '310100', name: '职工基本医疗保险统筹基金', amount: 580_000 },
        { type: '310200', name: '职工基本医疗保险个人账户基金', amount: 60_000 },
      ],
    });
    expect(settlement.fundTotal + settlement.personTotal).toBe(TOTAL);
    expect(desk.ledger(person)).toMatchObject([
      { kind: 'admission', reference: visitId, provider: 'H42120200101', medType: '52' },
      { kind: 'fee-upload', rows: 3, amountFen: TOTAL },
      { kind: 'settlement', reference: settlement.id, amountFen: 580_000, totalFen: TOTAL },
    ]);
    expect(await desk.references(caseId)).toEqual([
      medicalReference('maternity-settlement', settlement.id, { psnNo: person.psnNo, visitId }),
    ]);
    expect(await desk.events(caseId)).toMatchObject([
      { kind: 'maternity-checked' },
      { kind: 'maternity-admitted' },
      { kind: 'maternity-fees-uploaded' },
      { kind: 'maternity-settled', certificate: { name: '生育医疗费结算单', number: settlement.id } },
    ]);
  });

  it('comes from the maternity fund’s own line for who is insured in it', async () => {
    const caseId = await readyToSettle(desk, WITH_OWN_FUND);
    const { settlement, sumsAgree } = await desk.done('settleMaternity', settlementForm(caseId), SETTLED);
    expect(sumsAgree).toBe(true);
    expect(settlement).toMatchObject({ maternityFund: 580_000, fundTotal: 580_000, pool: 0 });
    expect(settlement.funds[0]).toMatchObject({ type: '510100', amount: 580_000 });
  });

  it('is settled for who shows an electronic credential, without the account where that is not wanted', async () => {
    const person = desk.patient();
    const shown = desk.platform.act('issue-certificate', { psnNo: person.psnNo, type: '01' }) as {
      mdtrt_cert_no: string;
    };
    const credential = { electronicCredential: shown.mdtrt_cert_no };
    const caseId = await desk.newCase('S12', person);
    await desk.done('admitForMaternity', admissionForm(caseId, { credential }));
    await desk.done('uploadMaternityFees', feesForm(caseId));
    const form = settlementForm(caseId, { credential, useAccount: false });
    const { settlement } = await desk.done('settleMaternity', form, SETTLED);
    expect(settlement).toMatchObject({ accountPaid: 0, cashPaid: 105_000 });
  });

  it('whose funds do not add up is booked, told apart and reported; nothing is reversed', async () => {
    const line = await tapLine(desk.platform.address, (answer) =>
      Buffer.from(answer.toString('utf8').replace('"fund_payamt":5800,', '"fund_payamt":5799.99,')),
    );
    const tapped = await desk.platform.subgraph({ baseUrl: line.url }, { store: desk.store });
    const person = desk.patient();
    const caseId = await readyToSettle(desk, person);
    const input = settlementForm(caseId, { idempotencyKey: randomUUID() });
    const { data, errors } = await tapped.ask(
      'mutation ($input: SettleMaternityInput!) { settleMaternity(input: $input) { sumsAgree settlement { fundTotal } } }',
      { input },
    );
    expect(errors).toBeUndefined();
    expect(data.settleMaternity).toEqual({ sumsAgree: false, settlement: { fundTotal: 580_000 } });
    expect(tapped.takeFaults().map(({ error }) => error.message)).toEqual([expect.stringContaining('do not hold')]);
    expect(desk.kinds(person)).toEqual(['admission', 'fee-upload', 'settlement']);
    await tapped.stop();
    await line.close();
  });
});

describe('the order of a maternity payment', () => {
  it('is admission, fees, settlement; whatever comes too early or too late is refused', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S12', person);
    await desk.refused('uploadMaternityFees', feesForm(caseId), 'input.caseId');
    await desk.refused('settleMaternity', settlementForm(caseId), 'input.caseId');
    await desk.done('admitForMaternity', admissionForm(caseId));
    await desk.refused('admitForMaternity', admissionForm(caseId), 'input.caseId');
    await desk.refused('settleMaternity', settlementForm(caseId), 'input.caseId');
    await desk.refused('cancelMaternitySettlement', cancellation(caseId), 'input.caseId');
    await desk.done('uploadMaternityFees', feesForm(caseId));
    await desk.done('settleMaternity', settlementForm(caseId));
    await desk.refused('settleMaternity', settlementForm(caseId), 'input.caseId');
    const more = { fees: [feeOf({ serial: 'F9' })] };
    await desk.refused('uploadMaternityFees', feesForm(caseId, more), 'input.caseId');
    expect(desk.kinds(person)).toEqual(['admission', 'fee-upload', 'settlement']);
    const { errors } = await desk.medical.ask(TRIAL, { input: { operator: 'hospital', caseId, total: TOTAL } });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'input.caseId' } }]);
  });

  it('goes on after a cancellation: more fees, another settlement, though the case has ended', async () => {
    const person = desk.patient();
    const caseId = await readyToSettle(desk, person);
    const first = await desk.done('settleMaternity', settlementForm(caseId), SETTLED);
    await desk.store.write(async (tx) => {
      const version = (await desk.store.registry.caseForUpdate(tx, caseId))?.version ?? 0;
      await desk.store.registry.updateCase(tx, caseId, version, { status: '3' });
    });
    const cancelled = await desk.done(
      'cancelMaternitySettlement',
      cancellation(caseId),
      'settlementId refund { id total fundTotal }',
    );
    expect(cancelled).toMatchObject({
      settlementId: first.settlement.id,
      refund: { total: -TOTAL, fundTotal: -580_000 },
    });
    await desk.refused('cancelMaternitySettlement', cancellation(caseId), 'input.caseId');
    await desk.done('uploadMaternityFees', feesForm(caseId, { fees: [feeOf({ serial: 'F4' })] }));
    await desk.refused('settleMaternity', settlementForm(caseId), 'input.total');
    const total = TOTAL + 10_000;
    const second = await desk.done('settleMaternity', settlementForm(caseId, { total }), SETTLED);
    expect(second.settlement).toMatchObject({ total });
    expect((await desk.references(caseId)).map(({ reference }) => reference)).toEqual([
      first.settlement.id,
      second.settlement.id,
    ]);
    expect(desk.kinds(person)).toEqual([
      'admission',
      'fee-upload',
      'settlement',
      'settlement-cancelled',
      'fee-upload',
      'settlement',
    ]);
  });

  it('is not gone through by two at once', async () => {
    const person = desk.patient();
    const caseId = await readyToSettle(desk, person);
    const answers = await Promise.all([1, 2, 3].map(() => desk.do('settleMaternity', settlementForm(caseId))));
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    expect(desk.kinds(person)).toEqual(['admission', 'fee-upload', 'settlement']);
  });

  it('waits for a write of unknown outcome', async () => {
    const person = desk.patient();
    const caseId = await readyToSettle(desk, person);
    desk.core.addFault({ match: '2304', kind: 'drop-after-work', times: 1 });
    // Nothing can be found out for now.
    desk.core.addFault({ match: '5203', kind: 'drop-before-work' });
    const first = await desk.do('settleMaternity', settlementForm(caseId));
    const { submission } = first.errors?.[0]?.extensions ?? {};
    for (const [mutation, form] of [
      ['settleMaternity', settlementForm(caseId)],
      ['uploadMaternityFees', feesForm(caseId, { fees: [feeOf({ serial: 'F9' })] })],
      ['cancelMaternitySettlement', cancellation(caseId)],
    ] as const) {
      const { errors } = await desk.do(mutation, form);
      expect(errors?.[0]?.extensions).toMatchObject(
        mutation === 'cancelMaternitySettlement' ? { code: 'INVALID_INPUT' } : { code: 'OUTCOME_UNKNOWN', submission },
      );
    }
    desk.core.clearFaults();
    await desk.settled(submission, 'done');
    await desk.done('cancelMaternitySettlement', cancellation(caseId));
    expect(desk.kinds(person)).toEqual(['admission', 'fee-upload', 'settlement', 'settlement-cancelled']);
    desk.medical.takeFaults();
  });

  it('lets the settlement be cancelled that a case came with', async () => {
    const reference = medicalReference('maternity-settlement', '421202000000710001', {
      psnNo: PSN.CHEN,
      visitId: '421202000000310001',
    });
    const caseId = await desk.newCase('S12', CHEN, { status: '3', references: [reference] });
    await desk.done('cancelMaternitySettlement', cancellation(caseId));
    expect(desk.ledger({ psnNo: PSN.CHEN })).toMatchObject([
      { kind: 'settlement-cancelled', reference: '421202000000710001', amountFen: -580_000 },
    ]);
  });
});

describe('an admission', () => {
  it.each([
    ['input.operator', { operator: 'village' }],
    ['input.operator', { operator: 'hospital-2' }],
    ['input.admittedAt', { admittedAt: '2026-01-01T00:45:00+08:00' }],
    ['input.admissionNumber', { admissionNumber: 'ZY 1' }],
    ['input.treatmentType', { treatmentType: '21' }],
    ['input.treatmentType', { treatmentType: '51' }],
    ['input.department.code', { department: { code: '', name: '产科' } }],
    ['input.doctor.name', { doctor: { code: 'D1', name: '长'.repeat(51) } }],
    ['input.bed', { bed: '' }],
    ['input.diagnosis.code', { diagnosis: { code: '长'.repeat(21), name: '头位顺产' } }],
    ['input.diagnosisText', { diagnosisText: '' }],
    [
      'input.otherDiagnoses',
      { otherDiagnoses: Array.from({ length: 21 }, () => ({ code: 'Z37.000', name: '单胎活产' })) },
    ],
    ['input.otherDiagnoses.0.name', { otherDiagnoses: [{ code: 'Z37.000', name: '' }] }],
    ['input.maternity.weeks', { maternity: { weeks: 46, parity: 1 } }],
    ['input.maternity.parity', { maternity: { weeks: 39, parity: 0 } }],
    ['input.maternity.fetuses', { maternity: { weeks: 39, parity: 1, fetuses: -1 } }],
    ['input.credential', { credential: {} }],
    ['input.phone', { phone: '1' }],
  ])('is refused for a wrong %s: %j', async (field, over) => {
    const caseId = await desk.newCase('S12', CHEN);
    const before = desk.ledger({ psnNo: PSN.CHEN }).length;
    await desk.refused('admitForMaternity', admissionForm(caseId, over), field);
    expect(desk.ledger({ psnNo: PSN.CHEN })).toHaveLength(before);
  });

  it('is refused for a man, for who has no insurance in force, and for whom the fund does not pay', async () => {
    await desk.refused('admitForMaternity', admissionForm(await desk.newCase('S12', LI)), 'input.caseId');
    await desk.refused('admitForMaternity', admissionForm(await desk.newCase('S12', XIONG)), 'input.caseId');

    const line = await tapLine(desk.platform.address, (answer) =>
      Buffer.from(answer.toString('utf8').replace('"trt_enjymnt_flag":"1"', '"trt_enjymnt_flag":"0"')),
    );
    const tapped = await desk.platform.subgraph({ baseUrl: line.url }, { store: desk.store });
    const person = desk.patient();
    const input = admissionForm(await desk.newCase('S12', person), { idempotencyKey: randomUUID() });
    const { errors } = await tapped.ask(
      'mutation ($input: AdmitForMaternityInput!) { admitForMaternity(input: $input) { visitId } }',
      { input },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'input.caseId' } }]);
    expect(desk.kinds(person)).toEqual([]);
    await tapped.stop();
    await line.close();
  });

  it('carries everything of its form', async () => {
    const form = admissionForm(await desk.newCase('S12', desk.patient()), {
      recordNumber: 'BA0000107',
      contactName: '示例联系人',
      phone: '13900000106',
      treatmentType: '5212',
      insuranceKind: '310',
      otherDiagnoses: [{ code: 'Z37.000', name: '单胎活产' }],
      maternity: {
        type: '1',
        birthControlType: '1',
        weeks: 36,
        parity: 2,
        fetuses: 2,
        premature: true,
        late: true,
        serviceCertificate: 'FW0001',
      },
      agent: { name: '秦示例', idNumber: LI.idNumber },
    });
    await desk.done('admitForMaternity', form, 'visitId');
  });
});

describe('the fees of a visit', () => {
  it.each([
    ['input.fees', []],
    ['input.fees', Array.from({ length: 1_001 }, (_, index) => ({ serial: `M${index}` }))],
    ['input.fees.0.amount', [{ amount: 0 }]],
    ['input.fees.0.amount', [{ amount: -10_000 }]],
    ['input.fees.0.amount', [{ amount: 100.5 }]],
    ['input.fees.0.amount', [{ amount: 1_000_000_001, unitPrice: '10000000.01' }]],
    ['input.fees.0.amount', [{ amount: 10_001 }]],
    ['input.fees.0.amount', [{ amount: 9_999 }]],
    ['input.fees.1.amount', [{}, { serial: 'G2', quantity: '3', unitPrice: '33.33', amount: 10_000 }]],
    ['input.fees.0.quantity', [{ quantity: '0' }]],
    ['input.fees.0.quantity', [{ quantity: '-1' }]],
    ['input.fees.0.quantity', [{ quantity: '1.00001' }]],
    ['input.fees.0.unitPrice', [{ unitPrice: '0.0000001' }]],
    ['input.fees.0.unitPrice', [{ unitPrice: '一百' }]],
    ['input.fees.0.at', [{ at: '2025-12-28T08:29:59+08:00' }]],
    ['input.fees.0.at', [{ at: '2026-01-01T00:45:00+08:00' }]],
    ['input.fees.0.serial', [{ serial: '' }]],
    ['input.fees.1.serial', [{}, {}]],
    ['input.fees.0.catalogueCode', [{ catalogueCode: '1 2' }]],
    ['input.fees.0.department.name', [{ department: { code: 'A05.02', name: '' } }]],
    ['input.fees.0.doctor.code', [{ doctor: { code: '', name: '示例产科医师' } }]],
    ['input.fees.0.memo', [{ memo: '长'.repeat(501) }]],
  ])('are refused for a wrong %s', async (field, rows) => {
    const caseId = await admitted();
    const fees = rows.map((row) => feeOf({ serial: 'G1', ...row }));
    await desk.refused('uploadMaternityFees', feesForm(caseId, { fees }), field);
    expect(await desk.eventKinds(caseId)).not.toContain('maternity-fees-uploaded');
  });

  it('may have finer prices than a fen, and be rounded either way', async () => {
    const fees = [
      feeOf({ serial: 'R1', quantity: '3', unitPrice: '0.333333', amount: 100, orderNumber: 'YZ1', memo: '备注' }),
      feeOf({ serial: 'R2', quantity: '0.5', unitPrice: '0.01', amount: 1, takeHome: true, maternity: false }),
    ];
    await desk.done('uploadMaternityFees', feesForm(await admitted(), { fees }));
  });

  it('go in pages, and again until all are there', async () => {
    const person = desk.patient();
    const caseId = await admitted(person);
    const fees = Array.from({ length: 230 }, (_, index) => feeOf({ serial: `P${index}` }));
    const uploaded = await desk.done('uploadMaternityFees', feesForm(caseId, { fees }), 'accepted complete');
    expect(uploaded).toMatchObject({ accepted: 230, complete: true });
    expect(desk.ledger(person).map(({ rows }) => rows)).toEqual([undefined, 100, 100, 30]);
    await desk.refused('uploadMaternityFees', feesForm(caseId, { fees: fees.slice(0, 1) }), 'input.fees.0.serial');
  });

  it('tell how far they came when the platform refuses a later page; the rest can follow', async () => {
    const person = desk.patient();
    const caseId = await admitted(person);
    const fees = Array.from({ length: 150 }, (_, index) => feeOf({ serial: `Q${index}` }));
    // Busy from the second page on, once.
    const line = await tapLine(desk.platform.address, (answer) => {
      if (answer.includes('"feedetl_sn":"Q0"')) desk.core.addFault({ match: '2301', kind: 'busy', times: 1 });
      return answer;
    });
    const tapped = await desk.platform.subgraph({ baseUrl: line.url }, { store: desk.store });
    const input = feesForm(caseId, { fees, idempotencyKey: randomUUID() });
    const upload = `mutation ($input: UploadMaternityFeesInput!) { uploadMaternityFees(input: $input) {
      accepted complete refusal rows { serial } } }`;
    const { data, errors } = await tapped.ask(upload, { input });
    expect(errors).toBeUndefined();
    expect(data.uploadMaternityFees).toMatchObject({ accepted: 100, complete: false, refusal: expect.any(String) });
    expect(data.uploadMaternityFees.rows).toHaveLength(100);
    expect((await tapped.ask(upload, { input })).data).toEqual(data);
    desk.medical.coverage.add(tapped.coverage);
    await tapped.stop();
    await line.close();

    await desk.refused('settleMaternity', settlementForm(caseId, { total: 1_500_000 }), 'input.total');
    await desk.done('uploadMaternityFees', feesForm(caseId, { fees: fees.slice(100) }));
    await desk.done('settleMaternity', settlementForm(caseId, { total: 1_500_000 }));
    expect(desk.kinds(person)).toEqual(['admission', 'fee-upload', 'fee-upload', 'settlement']);
  });

  it('whose total is not the settlement’s, or none, are not settled', async () => {
    const caseId = await readyToSettle(desk);
    for (const total of [0, -TOTAL, TOTAL - 1, TOTAL + 1]) {
      await desk.refused('settleMaternity', settlementForm(caseId, { total }), 'input.total');
    }
    await desk.refused('settleMaternity', settlementForm(caseId, { total: 6850.5 }), 'input.total');
    await desk.refused('settleMaternity', settlementForm(caseId, { invoice: '长'.repeat(21) }), 'input.invoice');
    await desk.refused('settleMaternity', settlementForm(caseId, { way: '' }), 'input.way');
  });
});

async function admitted(person = desk.patient()): Promise<string> {
  const caseId = await desk.newCase('S12', person);
  await desk.done('admitForMaternity', admissionForm(caseId));
  return caseId;
}
