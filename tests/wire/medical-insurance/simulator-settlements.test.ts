import { describe, expect, it } from 'vitest';
import { goldenData, goldenInput, type Json } from './golden-files.ts';
import {
  GOLDEN_ADMITTED,
  GOLDEN_PEOPLE,
  GOLDEN_POPULATION,
  GOLDEN_SETTLEMENT,
  GOLDEN_VISIT,
  MOTHER,
  population,
  RETIREE,
} from './golden-population.ts';
import { balanceOf, openSignedIn } from './simulator-wire.ts';

/** The amounts of a settlement's answer by name. */
function amounts(settled: Json): Record<string, number> {
  const money = Object.entries(settled.setlinfo as Json).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(money.filter(([name]) => name !== 'age')) as Record<string, number>;
}

describe('a maternity stay', () => {
  it('is admitted, charged, tried, settled, cancelled and settled anew', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE);
    const admitted = await simulator.done('2401', goldenInput('2401-admission-maternity'));
    expect(admitted).toEqual({ result: { mdtrt_id: GOLDEN_VISIT.id } });
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    const settle = { data: goldenData('2304-inpatient-settle-maternity') };

    const trial = await simulator.done('2303', settle);
    expect(await balanceOf(simulator, MOTHER)).toBe(1834.56);
    const settled = await simulator.done('2304', settle);
    expect(amounts(settled)).toEqual(amounts(trial));
    expect(await balanceOf(simulator, MOTHER)).toBe(1234.56);
    expect(await simulator.refused('2304', settle)).toContain('就诊已结算');
    expect(await simulator.refused('2303', settle)).toContain('就诊已结算');
    const late = (goldenInput('2301-inpatient-fee-upload').feedetail as Json[]).map((row) => ({
      ...row,
      feedetl_sn: '9',
    }));
    expect(await simulator.refused('2301', { feedetail: late.slice(0, 1) })).toContain('就诊已结算');

    const cancel = { data: goldenData('2305-inpatient-settle-cancel') };
    const cancelled = await simulator.done('2305', cancel);
    expect(cancelled).toMatchObject({ setlinfo: { setl_id: '421202000000710002', fund_pay_sumamt: -5800 } });
    expect(await balanceOf(simulator, MOTHER)).toBe(1834.56);
    expect(await simulator.refused('2305', cancel)).toContain('结算已退费，不能重复撤销');
    const refund = { data: { ...goldenData('2305-inpatient-settle-cancel'), setl_id: '421202000000710002' } };
    expect(await simulator.refused('2305', refund)).toContain('未查询到结算信息');

    expect(await simulator.done('2304', settle)).toMatchObject({ setlinfo: { setl_id: '421202000000710003' } });
    expect(simulator.ledger).toMatchObject([
      { kind: 'admission', reference: GOLDEN_VISIT.id, subject: MOTHER.psnNo },
      { kind: 'fee-upload', reference: GOLDEN_VISIT.id, rows: 3, amountFen: 685_000 },
      {
        kind: 'settlement',
        reference: '421202000000710001',
        amountFen: 580_000,
        totalFen: 685_000,
        accountFen: 60_000,
      },
      {
        kind: 'settlement-cancelled',
        reference: '421202000000710001',
        amountFen: -580_000,
        refund: '421202000000710002',
      },
      { kind: 'settlement', reference: '421202000000710003', amountFen: 580_000, cashFen: 45_000 },
    ]);
  });

  it('is listed for the period it lies in', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    const query = { psn_no: MOTHER.psnNo, begntime: '2026-03-01 00:00:00', endtime: '2026-03-31 23:59:59' };
    // The example of wire spec 3.14; no golden file holds it.
    expect(await simulator.done('5303', { data: query })).toEqual({
      data: [
        {
          mdtrt_id: '421202000000310001',
          psn_no: '42120000000000000010000106',
          psn_cert_type: '01',
          certno: '421202199407210282',
          psn_name: '陈若溪',
          gend: '2',
          naty: '01',
          brdy: '1994-07-21',
          age: 31.7,
          insutype: '310',
          psn_type: '1101',
          begntime: '2026-03-18 08:30:00',
          med_type: '52',
          ipt_otp_no: 'ZY202603180007',
          fixmedins_code: 'H42120200137',
          fixmedins_name: '咸安区示例人民医院（虚构）',
          adm_dept_name: '产科专业',
          adm_bed: '12',
        },
      ],
    });
    const before = { ...query, begntime: '2026-03-01 00:00:00', endtime: '2026-03-18 08:29:59' };
    expect(await simulator.done('5303', { data: before })).toEqual({ data: [] });
  });

  it('is settled for what was uploaded and nothing else', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    const data = goldenData('2304-inpatient-settle-maternity');
    expect(await simulator.refused('2304', { data })).toContain('没有已上传的费用明细');
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    for (const wrong of [
      { medfee_sumamt: 6850.01 },
      { fulamt_ownpay_amt: 0 },
      { overlmt_selfpay: 1 },
      { preselfpay_amt: 199.99 },
      { inscp_scp_amt: '6301' },
    ]) {
      expect(await simulator.refused('2304', { data: { ...data, ...wrong } })).toContain(
        '费用金额与已上传的费用明细不符',
      );
    }
    expect(await simulator.refused('2304', { data: { ...data, mdtrt_id: 'other' } })).toContain('未查询到就诊信息');
    const asText = { medfee_sumamt: '6850.00', inscp_scp_amt: '', preselfpay_amt: null };
    expect(await simulator.done('2304', { data: { ...data, ...asText } })).toHaveProperty('setlinfo');
  });

  it('spares the personal account when told so', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    const data = { ...goldenData('2304-inpatient-settle-maternity'), acct_used_flag: '0' };
    const settled = await simulator.done('2304', { data });
    expect(settled).toMatchObject({ setlinfo: { acct_pay: 0, psn_cash_pay: 1050, balc: 1834.56 } });
    expect(settled.setldetail).toHaveLength(1);
  });
});

describe('the fee rows', () => {
  const rows = goldenInput('2301-inpatient-fee-upload').feedetail as Json[];
  const [first = {}] = rows;

  it('are taken whole or not at all', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    const feedetail = [...rows, { ...first, feedetl_sn: '000000000000000003' }];
    expect(await simulator.refused('2301', { feedetail })).toContain('费用明细流水号重复');
    await simulator.done('2301', { feedetail: rows });
    expect(await simulator.refused('2301', { feedetail: rows })).toContain('费用明细流水号重复');
    expect(simulator.ledger).toHaveLength(1);
  });

  it('are at most 100 a call, of one visit and its person', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...first, feedetl_sn: `${index}` }));
    expect(await simulator.refused('2301', { feedetail: many(101) })).toContain('不能超过100条');
    expect(await simulator.refused('2301', { feedetail: [{ ...first, mdtrt_id: 'other' }] })).toContain('未查询到就诊');
    expect(await simulator.refused('2301', { feedetail: [first, { ...first, mdtrt_id: 'other' }] })).toContain('不符');
    expect(await simulator.refused('2301', { feedetail: [{ ...first, med_type: '21' }] })).toContain('不符');
    expect(await simulator.refused('2301', { feedetail: [{ ...first, psn_no: RETIREE.psnNo }] })).toContain('就诊信息');
    expect(await simulator.done('2301', { feedetail: many(100) })).toHaveProperty('result');
  });

  it('can be taken back by negative rows, no further than they go', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    await simulator.done('2301', { feedetail: rows });
    const back = { ...first, feedetl_sn: '4', det_item_fee_sumamt: -2300, cnt: -1 };
    expect(await simulator.refused('2301', { feedetail: [back] })).toContain('冲减明细');
    const named = { ...back, init_feedetl_sn: first.feedetl_sn };
    expect(await simulator.refused('2301', { feedetail: [{ ...named, det_item_fee_sumamt: '-2300.01' }] })).toContain(
      '冲减明细',
    );
    expect(await simulator.done('2301', { feedetail: [named] })).toMatchObject({
      result: [{ det_item_fee_sumamt: -2300, inscp_scp_amt: -2300 }],
    });
    expect(await simulator.refused('2301', { feedetail: [{ ...named, feedetl_sn: '5' }] })).toContain('冲减明细');
    const data = { ...goldenData('2303-inpatient-presettle-maternity'), medfee_sumamt: 4550, inscp_scp_amt: 4000 };
    expect(await simulator.done('2303', { data })).toMatchObject({
      setlinfo: { medfee_sumamt: 4550, fund_pay_sumamt: 4000, psn_part_amt: 550 },
    });
  });
});

describe('the sums of wire spec 3.11', () => {
  it.each([
    ['310', '21'],
    ['310', '52'],
    ['390', '21'],
    ['390', '5212'],
    ['510', '53'],
  ])('hold for insurance %s, visit %s, on both signs', async (kind, medType) => {
    const [row] = MOTHER.insurances;
    if (!row) throw new Error('the fixture has a row');
    const patient = { ...MOTHER, insurances: [{ ...row, kind }] };
    const visit = { ...GOLDEN_VISIT, insuranceKind: kind, medType };
    await using simulator = await openSignedIn(population({ persons: [patient], visits: [visit] }));
    const [fee = {}] = goldenInput('2301-inpatient-fee-upload').feedetail as Json[];
    const prices: [string, number][] = [
      ['003314000020000-331400002', 1234.56],
      ['XJ01XX00000000000001', 4321.09],
      ['Q00000000000000001', 77.77],
      ['ZA01AA00000000000001', 0.03],
    ];
    const feedetail = prices.map(([catalogue, price], index) => {
      const amount = { det_item_fee_sumamt: price, cnt: 1, pric: price };
      return { ...fee, ...amount, feedetl_sn: `${index}`, med_list_codg: catalogue, med_type: medType };
    });
    await simulator.done('2301', { feedetail });
    const data = {
      ...goldenData('2304-inpatient-settle-maternity'),
      insutype: kind,
      medfee_sumamt: 5633.45,
      fulamt_ownpay_amt: '',
      overlmt_selfpay: '',
      preselfpay_amt: '',
      inscp_scp_amt: '',
    };
    const settled = await simulator.done('2304', { data });
    const { setl_id } = settled.setlinfo as { setl_id: string };
    const cancelled = await simulator.done('2305', { data: { mdtrt_id: visit.id, setl_id, psn_no: patient.psnNo } });
    for (const output of [settled, cancelled]) {
      const fen = Object.fromEntries(
        Object.entries(amounts(output)).map(([name, yuan]) => [name, Math.round(yuan * 100)]),
      );
      const sum = (...names: string[]) => names.reduce((total, name) => total + (fen[name] ?? Number.NaN), 0);
      expect(fen.medfee_sumamt).toBe(sum('fund_pay_sumamt', 'psn_part_amt', 'hosp_part_amt'));
      expect(fen.psn_part_amt).toBe(sum('acct_pay', 'psn_cash_pay', 'acct_mulaid_pay'));
      expect(fen.medfee_sumamt).toBe(sum('fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt'));
      expect(fen.fund_pay_sumamt).toBe(
        sum('hifp_pay', 'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'maf_pay', 'oth_pay'),
      );
      const funds = output.setldetail as { fund_payamt: number }[];
      const paid = funds.reduce((total, { fund_payamt }) => total + Math.round(fund_payamt * 100), 0);
      expect(paid).toBe(sum('fund_pay_sumamt', 'acct_pay'));
    }
    expect(Math.abs(amounts(settled).fund_pay_sumamt ?? 0)).toBeGreaterThan(0);
  });

  it('put the maternity fund in a line and a column of its own for insurance 510', async () => {
    const [row] = MOTHER.insurances;
    if (!row) throw new Error('the fixture has a row');
    const patient = { ...MOTHER, insurances: [{ ...row, kind: '510' }] };
    const visit = { ...GOLDEN_VISIT, insuranceKind: '510' };
    await using simulator = await openSignedIn(population({ persons: [patient], visits: [visit] }));
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    const data = { ...goldenData('2304-inpatient-settle-maternity'), insutype: '510' };
    expect(await simulator.done('2304', { data })).toMatchObject({
      setlinfo: { hifp_pay: 0, oth_pay: 5800, fund_pay_sumamt: 5800, acct_pay: 0 },
      setldetail: [{ fund_pay_type: '510100', fund_payamt: 5800 }],
    });
  });
});

describe('a settlement query', () => {
  it('finds by the visit alone, which is all that a sender of a lost 2304 knows', async () => {
    await using simulator = await openSignedIn(GOLDEN_POPULATION);
    const { psnNo, visitId, id } = GOLDEN_SETTLEMENT;
    const query = { psn_no: psnNo, setl_id: '', mdtrt_id: visitId };
    expect(await simulator.done('5203', { data: query })).toMatchObject({
      setlinfo: { setl_id: id, refd_setl_flag: '0' },
    });
    await simulator.done('2305', { data: goldenData('2305-inpatient-settle-cancel') });
    expect(await simulator.done('5203', { data: { ...query, setl_id: id } })).toMatchObject({
      setlinfo: { medfee_sumamt: 6850, refd_setl_flag: '1' },
    });
    expect(await simulator.done('5203', { data: query })).toMatchObject({
      setlinfo: { setl_id: '421202000000710002', medfee_sumamt: -6850, refd_setl_flag: '1' },
    });
  });

  it('answers without nodes where there is none', async () => {
    await using simulator = await openSignedIn(GOLDEN_POPULATION);
    const { psnNo, visitId, id } = GOLDEN_SETTLEMENT;
    for (const data of [
      { psn_no: psnNo, setl_id: 'other', mdtrt_id: visitId },
      { psn_no: psnNo, setl_id: id, mdtrt_id: 'other' },
      { psn_no: RETIREE.psnNo, setl_id: id, mdtrt_id: visitId },
    ]) {
      expect(await simulator.done('5203', { data })).toEqual({});
    }
    expect(await simulator.refused('5203', { data: { psn_no: psnNo } })).toContain('未查询到结算信息');
  });
});
