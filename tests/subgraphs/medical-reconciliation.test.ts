import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MedicalPlatform, openMedicalPlatform, RECONCILIATION } from './fixture/medical-platform.ts';
import { PSN } from './fixture/medical-records.ts';
import { coversPartOfItsSchema, type RunningSubgraph } from './fixture/running-subgraph.ts';
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

coversPartOfItsSchema(() => medical, RECONCILIATION);

/** On this day the centre has two settlements that stand, equal in all their amounts. */
const PERIOD = { clearingType: '21', clearingOffice: '421202', from: '2025-03-22', to: '2025-03-22' };
const ONE = { total: 685_000, fundTotal: 580_000, accountPaid: 60_000 };
const TWO = { count: 2, total: 1_370_000, fundTotal: 1_160_000, accountPaid: 120_000 };
const TOTALS = { ...PERIOD, insuranceKind: '310', ...TWO };

const byTotals = `query ($totals: MedicalTotalsInput!) { medicalTotalsReconciliation(totals: $totals) {
  clearingOffice agrees result resultCode description
} }`;
const byDetails = `query ($statement: MedicalStatementInput!) { medicalDetailsReconciliation(statement: $statement) {
  agrees fileNumber fileName downloadUntil settlements {
    settlementId visitId personNumber providerSettlementId agrees result resultCode refunded memo total fundTotal accountPaid
  }
} }`;

const settlement = (number: number, over: object = {}) => ({
  settlementId: `42120200000071000${number}`,
  visitId: `42120200000031000${number}`,
  personNumber: PSN.CHEN,
  ...ONE,
  ...over,
});
const STATEMENT = { ...PERIOD, cashPaid: 90_000, settlements: [settlement(1), settlement(3)] };

describe('the totals of a period', () => {
  it.each([
    ['are equal', {}, { agrees: true, result: 'EQUAL', resultCode: '0', description: '对平' }],
    [
      'are more at the centre',
      { count: 1, ...ONE },
      { agrees: false, result: 'CENTRE_HAS_MORE', resultCode: '1', description: '中心多' },
    ],
    [
      'are more at the hospital',
      { count: 3 },
      { agrees: false, result: 'HOSPITAL_HAS_MORE', resultCode: '2', description: '医药机构多' },
    ],
    [
      'differ in an amount',
      { accountPaid: 119_999 },
      { agrees: false, result: 'AMOUNTS_DIFFER', resultCode: '3', description: '数据不一致' },
    ],
    // Of another kind of insurance and another office the centre has nothing.
    ['of residents are none', { insuranceKind: '390' }, { result: 'HOSPITAL_HAS_MORE' }],
    ['of another office are none', { clearingOffice: '421221' }, { result: 'HOSPITAL_HAS_MORE' }],
    ['of outpatients are none', { clearingType: '11' }, { result: 'HOSPITAL_HAS_MORE' }],
    ['of another day are none', { from: '2025-03-23', to: '2025-03-24' }, { result: 'HOSPITAL_HAS_MORE' }],
    [
      'that were refunded are compared apart',
      { refunded: true, from: '2025-01-01', to: '2025-12-31', count: 1, ...ONE },
      { result: 'EQUAL' },
    ],
  ])('%s', async (_, over, expected) => {
    const { data, errors } = await medical.ask(byTotals, { totals: { ...TOTALS, ...over } });
    expect(errors).toBeUndefined();
    const clearingOffice = { ...TOTALS, ...over }.clearingOffice;
    expect(data.medicalTotalsReconciliation).toMatchObject({ clearingOffice, ...expected });
  });

  it('compared with a result that no list has do not agree', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(answer.toString('utf8').replace('"stmt_rslt":"0"', '"stmt_rslt":"7"')),
    );
    const tapped = await platform.subgraph({ baseUrl: line.url });
    const { data } = await tapped.ask(byTotals, { totals: TOTALS });
    expect(data.medicalTotalsReconciliation).toMatchObject({ agrees: false, result: null, resultCode: '7' });
    await tapped.stop();
    await line.close();
  });

  it('are compared once a request, however many places ask', async () => {
    const query = `query ($totals: MedicalTotalsInput!) {
      a: medicalTotalsReconciliation(totals: $totals) { agrees } b: medicalTotalsReconciliation(totals: $totals) { result }
    }`;
    expect(await medical.ask(query, { totals: TOTALS })).toEqual({
      data: { a: { agrees: true }, b: { result: 'EQUAL' } },
    });
    expect(platform.asked()).toEqual({ 3201: 1 });
  });

  it('cost their own field when the platform is busy', async () => {
    platform.core.addFault({ match: '3201', kind: 'busy' });
    const { data, errors } = await medical.ask(byTotals, { totals: TOTALS });
    expect(data).toEqual({ medicalTotalsReconciliation: null });
    expect(errors).toMatchObject([
      { path: ['medicalTotalsReconciliation'], extensions: { department: 'medical-insurance' } },
    ]);
  });

  it.each([
    ['totals.to', { to: '2025-03-21' }],
    ['totals.from', { from: '2025-02-29' }],
    ['totals.clearingOffice', { clearingOffice: '42120' }],
    ['totals.clearingType', { clearingType: '' }],
    ['totals.insuranceKind', { insuranceKind: '3100000' }],
    ['totals.count', { count: -1 }],
    ['totals.count', { count: 1_000_000_000 }],
    ['totals.total', { total: 1.5 }],
  ])('are not compared for a wrong %s: %j', async (field, over) => {
    const { data, errors } = await medical.ask(byTotals, { totals: { ...TOTALS, ...over } });
    expect(data?.medicalTotalsReconciliation ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(platform.core.calls.total).toBe(0);
  });
});

describe('the settlements of a period', () => {
  it('agree one by one when both sides have the same', async () => {
    const { data, errors } = await medical.ask(byDetails, { statement: STATEMENT });
    expect(errors).toBeUndefined();
    const equal = {
      personNumber: PSN.CHEN,
      providerSettlementId: 'H42120200137202503221015410024',
      agrees: true,
      result: 'EQUAL',
      resultCode: '0',
      refunded: false,
      memo: null,
      ...ONE,
    };
    expect(data.medicalDetailsReconciliation).toEqual({
      agrees: true,
      fileNumber: expect.stringMatching(/./),
      fileName: 'result_20260101.zip',
      downloadUntil: '2026-01-31T23:59:59+08:00',
      settlements: [
        { settlementId: '421202000000710001', visitId: '421202000000310001', ...equal },
        { settlementId: '421202000000710003', visitId: '421202000000310003', ...equal },
      ],
    });
    expect(platform.asked()).toEqual({ 9101: 1, 3202: 1, 9102: 1 });
  });

  it('are told each with what is wrong about it, then what only the centre has', async () => {
    const settlements = [settlement(1, { total: 684_999 }), settlement(9)];
    const { data, errors } = await medical.ask(byDetails, { statement: { ...STATEMENT, settlements } });
    expect(errors).toBeUndefined();
    expect(data.medicalDetailsReconciliation).toMatchObject({
      agrees: false,
      settlements: [
        {
          settlementId: '421202000000710001',
          agrees: false,
          result: 'AMOUNTS_DIFFER',
          memo: '数据不一致',
          total: 685_000,
        },
        {
          settlementId: '421202000000710009',
          agrees: false,
          result: 'HOSPITAL_HAS_MORE',
          providerSettlementId: null,
          total: 0,
        },
        { settlementId: '421202000000710003', agrees: false, result: 'CENTRE_HAS_MORE', memo: '中心多', ...ONE },
      ],
    });
  });

  it('do not agree when one of them does not', async () => {
    const { data } = await medical.ask(byDetails, { statement: { ...STATEMENT, settlements: [settlement(1)] } });
    const { agrees, settlements } = data.medicalDetailsReconciliation;
    expect(agrees).toBe(false);
    expect(settlements).toMatchObject([
      { settlementId: '421202000000710001', agrees: true },
      { settlementId: '421202000000710003', agrees: false },
    ]);
  });

  it('that were refunded are compared apart', async () => {
    const statement = {
      ...STATEMENT,
      from: '2025-05-01',
      to: '2025-05-31',
      refunded: true,
      cashPaid: 45_000,
      settlements: [settlement(2, { refunded: true })],
    };
    const { data } = await medical.ask(byDetails, { statement });
    expect(data.medicalDetailsReconciliation).toMatchObject({
      agrees: true,
      settlements: [{ settlementId: '421202000000710002', refunded: true }],
    });
  });

  it('cost their own field when the result’s file cannot be fetched', async () => {
    platform.core.addFault({ match: '9102', kind: 'html-error' });
    const { data, errors } = await medical.ask(byDetails, { statement: STATEMENT });
    expect(data).toEqual({ medicalDetailsReconciliation: null });
    expect(errors).toMatchObject([
      { path: ['medicalDetailsReconciliation'], extensions: { department: 'medical-insurance' } },
    ]);
  });

  it.each([
    ['statement.to', { to: '2025-03-01' }],
    ['statement.clearingOffice', { clearingOffice: '咸安区' }],
    ['statement.settlements', { settlements: [] }],
    ['statement.settlements.1.visitId', { settlements: [settlement(1), settlement(3, { visitId: '1\t2' })] }],
    ['statement.settlements.0.personNumber', { settlements: [settlement(1, { personNumber: '' })] }],
    ['statement.settlements.0.settlementId', { settlements: [settlement(1, { settlementId: '1'.repeat(31) })] }],
    ['statement.settlements.0.total', { settlements: [settlement(1, { total: '6850.00' })] }],
  ])('are not compared for a wrong %s', async (field, over) => {
    const { data, errors } = await medical.ask(byDetails, { statement: { ...STATEMENT, ...over } });
    expect(data?.medicalDetailsReconciliation ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(platform.core.calls.total).toBe(0);
  });
});
