import { describe, expect, it } from 'vitest';
import { designed, golden, goldenData, goldenInput, type Json } from './golden-files.ts';
import {
  GOLDEN_ADMITTED,
  GOLDEN_PEOPLE,
  GOLDEN_POPULATION,
  GOLDEN_VISIT,
  MOTHER,
  population,
  RETIREE,
} from './golden-population.ts';
import { comparable, envelopeOf, openSignedIn, openSimulator } from './simulator-wire.ts';

const VISIT = { mdtrt_id: GOLDEN_VISIT.id, psn_no: MOTHER.psnNo };
const rows = (...serials: string[]) => ({ data: serials.map((feedetl_sn) => ({ feedetl_sn, ...VISIT })) });
const EVERY_ROW = rows('0000');
const MESSAGE = 'H42120200137202603221005000077';
const ADMISSION = { data: VISIT };
const [FIRST = '', SECOND = '', THIRD = ''] = (goldenInput('2301-inpatient-fee-upload').feedetail as Json[]).map(
  (row) => String(row.feedetl_sn),
);

async function withFees() {
  const simulator = await openSignedIn(GOLDEN_ADMITTED);
  await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
  return simulator;
}

describe('the designed requests, sent as they stand', () => {
  it.each([
    ['2302-every-fee', true],
    ['2302-named-fees', true],
    ['2302-no-fees', false],
    ['2404-admission-cancelled', false],
    ['2404-fees-stand', true],
  ])('are answered as designed: %s', async (name, charged) => {
    const { request, response } = designed(name);
    for (const path of [request.path_dispatcher, request.path_per_transaction ?? '']) {
      await using simulator = await openSimulator(GOLDEN_ADMITTED, request.body.inf_time);
      expect(await simulator.signIn()).toBe(request.body.sign_no);
      if (charged) await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
      const { headers } = request;
      const answer = await simulator.raw(path, { method: 'POST', headers, body: JSON.stringify(request.body) });
      expect(answer.status).toBe(200);
      expect(comparable(envelopeOf(answer))).toEqual(comparable(response?.body ?? {}));
    }
  });
});

describe('fees taken back', () => {
  it('are gone: nothing is settled for them, and they are uploaded again', async () => {
    await using simulator = await withFees();
    expect(await simulator.done('2302', EVERY_ROW, { envelope: { msgid: MESSAGE } })).toEqual({});
    const settle = { data: goldenData('2304-inpatient-settle-maternity') };
    expect(await simulator.refused('2304', settle)).toContain('没有已上传的费用明细');
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    await simulator.done('2304', settle);
    expect(simulator.ledger).toMatchObject([
      { kind: 'fee-upload' },
      {
        kind: 'fees-taken-back',
        reference: GOLDEN_VISIT.id,
        subject: MOTHER.psnNo,
        msgid: MESSAGE,
        rows: 3,
        amountFen: -685_000,
      },
      { kind: 'fee-upload', rows: 3 },
      { kind: 'settlement' },
    ]);
  });

  it('are those that were named, all of them or none', async () => {
    await using simulator = await withFees();
    const total = async (yuan: number) => {
      const data = { ...goldenData('2303-inpatient-presettle-maternity'), medfee_sumamt: yuan };
      const parts = { fulamt_ownpay_amt: '', overlmt_selfpay: '', preselfpay_amt: '', inscp_scp_amt: '' };
      return simulator.call('2303', { data: { ...data, ...parts } });
    };
    expect(await simulator.refused('2302', rows(FIRST, 'other'))).toContain('未查询到费用明细');
    expect(await total(6850)).toMatchObject({ infcode: 0 });
    await simulator.done('2302', rows(FIRST, THIRD));
    expect(await total(300)).toMatchObject({ infcode: 0 });
    expect(await simulator.refused('2302', rows(FIRST))).toContain('未查询到费用明细');
    await simulator.done('2302', rows(SECOND));
    expect(await simulator.refused('2302', EVERY_ROW)).toContain('未查询到费用明细');
    expect(simulator.ledger.slice(1)).toMatchObject([
      { kind: 'fees-taken-back', rows: 2, amountFen: -655_000 },
      { kind: 'fees-taken-back', rows: 1, amountFen: -30_000 },
    ]);
  });

  it('cannot be those of a settlement until it is cancelled', async () => {
    await using simulator = await withFees();
    await simulator.done('2304', goldenInput('2304-inpatient-settle-maternity'));
    expect(await simulator.refused('2302', EVERY_ROW)).toContain('就诊已结算');
    await simulator.done('2305', goldenInput('2305-inpatient-settle-cancel'));
    expect(await simulator.done('2302', EVERY_ROW)).toEqual({});
  });

  it('cannot leave a row that takes one of them back', async () => {
    await using simulator = await withFees();
    const [row] = goldenInput('2301-inpatient-fee-upload').feedetail as Json[];
    const back = { ...row, feedetl_sn: '4', init_feedetl_sn: FIRST, det_item_fee_sumamt: -2300, cnt: -1 };
    await simulator.done('2301', { feedetail: [back] });
    expect(await simulator.refused('2302', rows(FIRST))).toContain('原费用流水号');
    expect(await simulator.done('2302', rows(FIRST, '4'))).toEqual({});
  });

  it.each([
    ['nothing', { data: [] }, 'data'],
    ['no list', ADMISSION, 'data'],
    ['a row without its serial', rows(''), 'data[0].feedetl_sn'],
    ['a member that is not designed', { data: [{ ...VISIT, feedetl_sn: '1', memo: '' }] }, 'data[0].memo'],
    ['too many rows', rows(...Array.from({ length: 101 }, (_, index) => String(index))), '不能超过100条'],
    ['every row and one more', rows('0000', FIRST), '未查询到费用明细'],
    ['another visit', { data: [{ ...VISIT, feedetl_sn: '0000', mdtrt_id: 'other' }] }, '未查询到就诊信息'],
    ["another person's visit", { data: [{ ...VISIT, feedetl_sn: '0000', psn_no: RETIREE.psnNo }] }, '未查询到就诊信息'],
    [
      'two visits',
      { data: [...rows(FIRST).data, { ...VISIT, feedetl_sn: SECOND, mdtrt_id: 'other' }] },
      '交易内容与就诊登记不符',
    ],
  ])('of %s are refused', async (_what, input, words) => {
    await using simulator = await withFees();
    expect(await simulator.refused('2302', input)).toContain(words);
    expect(simulator.ledger).toHaveLength(1);
  });
});

describe('an admission cancelled', () => {
  it('is gone after everything that came later was undone in reverse', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE);
    const { msgid } = golden('2401-admission-maternity').request.body;
    await simulator.done('2401', goldenInput('2401-admission-maternity'), { envelope: { msgid } });
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    await simulator.done('2304', goldenInput('2304-inpatient-settle-maternity'));
    expect(await simulator.refused('2404', ADMISSION)).toContain('就诊已结算');
    await simulator.done('2305', goldenInput('2305-inpatient-settle-cancel'));
    expect(await simulator.refused('2404', ADMISSION)).toContain('就诊有未撤销的费用明细');
    await simulator.done('2302', EVERY_ROW);
    expect(await simulator.done('2404', ADMISSION, { envelope: { msgid: MESSAGE } })).toEqual({});
    expect(await simulator.done('5303', { data: { psn_no: MOTHER.psnNo, begntime: '', endtime: '' } })).toEqual({
      data: [],
    });
    expect(await simulator.refused('2404', ADMISSION)).toContain('未查询到就诊信息');
    expect(await simulator.refused('2301', goldenInput('2301-inpatient-fee-upload'))).toContain('未查询到就诊信息');
    const reversal = { data: { psn_no: MOTHER.psnNo, omsgid: msgid, oinfno: '2401' } };
    expect(await simulator.refused('2601', reversal)).toContain('未查询到原交易');
    expect(simulator.ledger.slice(-2)).toMatchObject([
      { kind: 'fees-taken-back', rows: 3, amountFen: -685_000 },
      { kind: 'admission-cancelled', reference: GOLDEN_VISIT.id, subject: MOTHER.psnNo, msgid: MESSAGE },
    ]);
  });

  it.each([
    ['of another person', { data: { ...VISIT, psn_no: RETIREE.psnNo } }, '未查询到就诊信息'],
    ['of nobody', { data: { ...VISIT, psn_no: '' } }, 'data.psn_no'],
    ['with a member that is not designed', { data: { ...VISIT, memo: '' } }, 'data.memo'],
  ])('%s is refused', async (_what, input, words) => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    expect(await simulator.refused('2404', input)).toContain(words);
  });

  it('cannot be one that ended with a discharge', async () => {
    const discharged = { ...GOLDEN_VISIT, dischargedAt: '2026-03-21 10:00:00' };
    await using simulator = await openSignedIn(population({ persons: [MOTHER], visits: [discharged] }));
    expect(await simulator.refused('2404', ADMISSION)).toContain('已办理出院');
  });
});

it.each(['2302', '2404'])('a reversal does not name %s', async (oinfno) => {
  await using simulator = await openSignedIn(GOLDEN_POPULATION);
  const data = { psn_no: MOTHER.psnNo, omsgid: MESSAGE, oinfno };
  expect(await simulator.refused('2601', { data })).toContain('该交易不支持冲正');
});
