import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { simulateNonTax } from '../../adapters/non-tax/simulator.ts';
import { SimulatorCore } from '../../adapters/simulator/core.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { cnnontax, common, RECONCILIATION, withVouchers } from './fixture/finance.ts';
import { NOTICES, PAID_LAST_YEAR, UNKNOWN_CODE } from './fixture/payment-records.ts';
import { populationOf } from './fixture/people.ts';
import { coversPartOfItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

const core = new SimulatorCore('non-tax');
const finance = simulateNonTax(core, populationOf({ nonTax: { notices: NOTICES } }), {});
const at = (moment: string) => () => Date.parse(moment);
let url: string;
let nontax: RunningSubgraph;

beforeAll(async () => {
  url = await finance.listen(0);
  nontax = await runSubgraph('nontax', { ...common, url, cnnontax }, { clock: at('2026-03-31T09:00:00+08:00') });
});

afterEach(() => {
  core.reset();
  expect(nontax.faults).toEqual([]);
});

afterAll(async () => {
  await nontax.stop();
  await finance.close();
});

coversPartOfItsSchema(() => nontax, RECONCILIATION);

/** The one payment of its day. */
const PAYMENT = {
  paymentCode: PAID_LAST_YEAR.payCode,
  tradeNumber: '42000020251120000000000000000001',
  amount: 8_000,
  channelCode: '50',
  paidOn: '2025-11-20',
  unitCode: '038002',
};
let statements = 0;
/** A statement under a number of its own: finance keeps what it answered to each. */
const statementOf = (over: object = {}) => {
  statements += 1;
  return { number: `DZ20251120${statements}`, settleDate: '2025-11-20', payments: [PAYMENT], ...over };
};
const STRANGE = { ...PAYMENT, paymentCode: UNKNOWN_CODE, tradeNumber: 'T-1', amount: 123 };

const reconciled = `query ($statement: PaymentStatementInput!) { paymentReconciliation(statement: $statement) {
  number settleDate agrees matched pages differences { paymentCode kind code amount text payment { code state payerName } }
} }`;

describe('a day’s payments', () => {
  it('agree when both sides have the same', async () => {
    const statement = statementOf();
    const { data, errors } = await nontax.ask(reconciled, { statement });
    expect({ data, errors }).toEqual({
      data: {
        paymentReconciliation: {
          number: statement.number,
          settleDate: '2025-11-20',
          agrees: true,
          matched: 1,
          pages: 1,
          differences: [],
        },
      },
    });
    expect(core.calls.calls).toEqual({ 8992: 1 });
  });

  it('that differ are told with finance’s amount and words, and with the payment as it is now', async () => {
    const statement = statementOf({ payments: [{ ...PAYMENT, amount: 7_999 }, STRANGE] });
    const { data, errors } = await nontax.ask(reconciled, { statement });
    expect(errors).toBeUndefined();
    expect(data.paymentReconciliation).toEqual({
      number: statement.number,
      settleDate: '2025-11-20',
      agrees: false,
      matched: 0,
      pages: 1,
      differences: [
        {
          paymentCode: PAID_LAST_YEAR.payCode,
          kind: 'AMOUNT_DIFFERS',
          code: '15001',
          amount: 8_000,
          text: '日终对账单该笔金额不符',
          payment: { code: PAID_LAST_YEAR.payCode, state: 'PAID', payerName: '孙䶮' },
        },
        {
          paymentCode: UNKNOWN_CODE,
          kind: 'MISSING_AT_FINANCE',
          code: '15003',
          amount: 123,
          text: '日间未发送该笔',
          payment: null,
        },
      ],
    });
  });

  it('of which the statement has none are missing in it', async () => {
    const { data } = await nontax.ask(reconciled, { statement: statementOf({ payments: [] }) });
    expect(data.paymentReconciliation).toMatchObject({
      agrees: false,
      matched: 0,
      differences: [{ paymentCode: PAID_LAST_YEAR.payCode, kind: 'MISSING_IN_STATEMENT', amount: 8_000 }],
    });
  });

  it('that are many go page by page, and come back together', async () => {
    const strangers = Array.from({ length: 500 }, (_, index) => ({ ...STRANGE, tradeNumber: `T-${index}` }));
    const { data } = await nontax.ask(reconciled.replace(/ payment \{.*?\}/, ''), {
      statement: statementOf({ payments: [...strangers, PAYMENT] }),
    });
    const { pages, matched, differences } = data.paymentReconciliation;
    expect([pages, matched, differences.length]).toEqual([2, 1, 500]);
    expect(core.calls.calls).toEqual({ 8992: 2 });
  });

  it('get the same answer again under the same number; other content under it is refused', async () => {
    const statement = statementOf();
    const first = await nontax.ask(reconciled, { statement });
    expect(first.data.paymentReconciliation).toMatchObject({ agrees: true });
    expect(await nontax.ask(reconciled, { statement })).toEqual(first);
    const { data, errors } = await nontax.ask(reconciled, { statement: { ...statement, payments: [] } });
    expect(data).toEqual({ paymentReconciliation: null });
    expect(errors).toMatchObject([
      { path: ['paymentReconciliation'], extensions: { code: 'DEPARTMENT_REJECTED', departmentCode: '13001' } },
    ]);
  });

  it('that differ in a way no list has are told by finance’s code', async () => {
    const line = await tapLine(finance.httpUrl, (answer) =>
      withVouchers(answer, (voucher) => voucher.replaceAll('15002', '15009').replace('<Result>15009', '<Result>15002')),
    );
    const tapped = await runSubgraph('nontax', {
      ...common,
      url: line.url,
      cnnontax: { ...cnnontax, transport: 'http' },
    });
    const { data } = await tapped.ask(reconciled.replace(/ payment \{.*?\}/, ''), {
      statement: statementOf({ payments: [] }),
    });
    expect(data.paymentReconciliation).toMatchObject({ agrees: false, differences: [{ kind: null, code: '15009' }] });
    await tapped.stop();
    await line.close();
  });

  it('are compared once a request, however many places ask', async () => {
    const query = `query ($statement: PaymentStatementInput!) {
      a: paymentReconciliation(statement: $statement) { agrees } b: paymentReconciliation(statement: $statement) { matched }
    }`;
    expect(await nontax.ask(query, { statement: statementOf() })).toEqual({
      data: { a: { agrees: true }, b: { matched: 1 } },
    });
    expect(core.calls.calls).toEqual({ 8992: 1 });
  });

  it.each([
    ['2025-11-20T23:59:59+08:00', 'INVALID_INPUT'],
    ['2025-11-21T00:59:59+08:00', 'INVALID_INPUT'],
    ['2025-11-21T01:00:00+08:00', undefined],
  ])('are compared when their day has been over for an hour: at %s %s', async (moment, code) => {
    const then = await runSubgraph('nontax', { ...common, url, cnnontax }, { clock: at(moment) });
    const { errors } = await then.ask(reconciled, { statement: statementOf() });
    expect(errors?.[0]?.extensions).toEqual(
      code && {
        code,
        field: 'statement.settleDate',
        messageZh: '输入不合规范。statement.settleDate：应为已结束的日期。',
      },
    );
    await then.stop();
  });

  it.each([
    ['number', { number: '' }],
    ['number', { number: 'DZ 1' }],
    ['number', { number: '1'.repeat(31) }],
    ['settleDate', { settleDate: '20251120' }],
    ['settleDate', { settleDate: '2026-03-31' }],
    ['payments', { payments: Array.from({ length: 5_001 }, () => PAYMENT) }],
    ['payments.0.paymentCode', { payments: [{ ...PAYMENT, paymentCode: '1' }] }],
    ['payments.1.tradeNumber', { payments: [PAYMENT, { ...PAYMENT, tradeNumber: 'a|b' }] }],
    ['payments.1.tradeNumber', { payments: [PAYMENT, { ...PAYMENT, tradeNumber: '' }] }],
    ['payments.0.amount', { payments: [{ ...PAYMENT, amount: -1 }] }],
    ['payments.0.channelCode', { payments: [{ ...PAYMENT, channelCode: '5' }] }],
    ['payments.0.paidOn', { payments: [{ ...PAYMENT, paidOn: '2025-11-31' }] }],
    ['payments.0.unitCode', { payments: [{ ...PAYMENT, unitCode: '42' }] }],
  ])('are not compared for a wrong %s', async (field, over) => {
    const { data, errors } = await nontax.ask(reconciled, { statement: statementOf(over) });
    expect(data?.paymentReconciliation ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: `statement.${field}` } }]);
    expect(core.calls.total).toBe(0);
  });

  it('cost their own field when finance is busy', async () => {
    core.addFault({ match: '8992', kind: 'busy' });
    const { data, errors } = await nontax.ask(reconciled, { statement: statementOf() });
    expect(data).toEqual({ paymentReconciliation: null });
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_BUSY', department: 'non-tax' } }]);
  });

  it('cannot be compared in the JSON dialect, which has no call for it', async () => {
    const standard = await runSubgraph('nontax', {
      ...common,
      url: finance.httpUrl,
      dialect: 'standard-web',
      standardWeb: { appId: sandbox.nonTax.restAppId, key: sandbox.nonTax.restKey },
    });
    const { data, errors } = await standard.ask(reconciled, { statement: statementOf() });
    expect(data).toEqual({ paymentReconciliation: null });
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', department: 'non-tax' } }]);
    await standard.stop();
  });
});
