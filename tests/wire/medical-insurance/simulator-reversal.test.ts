import { describe, expect, it } from 'vitest';
import { golden, goldenInput } from './golden-files.ts';
import {
  GOLDEN_ADMITTED,
  GOLDEN_PEOPLE,
  GOLDEN_POPULATION,
  GOLDEN_SETTLEMENT,
  GOLDEN_VISIT,
  MOTHER,
  RETIREE,
} from './golden-population.ts';
import { balanceOf, openSignedIn, type Simulator } from './simulator-wire.ts';

describe('a reversal', () => {
  const reversal = (oinfno: string, omsgid: string, psn_no = MOTHER.psnNo) => ({ data: { psn_no, omsgid, oinfno } });

  async function settledVisit(): Promise<{ simulator: Simulator; msgid: string }> {
    const simulator = await openSignedIn(GOLDEN_ADMITTED);
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    const { msgid } = golden('2304-inpatient-settle-timeout').request.body;
    await simulator.done('2304', goldenInput('2304-inpatient-settle-timeout'), { envelope: { msgid } });
    return { simulator, msgid };
  }

  it('voids a settlement, so that it can be made again', async () => {
    const { simulator, msgid } = await settledVisit();
    await using _ = simulator;
    expect(await simulator.done('2601', reversal('2304', msgid))).toEqual({});
    expect(await balanceOf(simulator, MOTHER)).toBe(1834.56);
    const query = { data: { psn_no: MOTHER.psnNo, setl_id: '421202000000710001', mdtrt_id: GOLDEN_VISIT.id } };
    expect(await simulator.done('5203', query)).toEqual({});
    expect(await simulator.done('2304', goldenInput('2304-inpatient-settle-timeout'))).toHaveProperty('setlinfo');
    expect(simulator.ledger.slice(1)).toMatchObject([
      { kind: 'settlement', reference: '421202000000710001', msgid },
      { kind: 'settlement-reversed', reference: '421202000000710001', omsgid: msgid, amountFen: -580_000 },
      { kind: 'settlement', reference: '421202000000710002' },
    ]);
  });

  it('that is repeated is answered as done and does nothing more', async () => {
    const { simulator, msgid } = await settledVisit();
    await using _ = simulator;
    await simulator.done('2601', reversal('2304', msgid));
    expect(await simulator.done('2601', reversal('2304', msgid))).toEqual({});
    expect(simulator.ledger.filter(({ kind }) => kind === 'settlement-reversed')).toHaveLength(1);
    expect(await balanceOf(simulator, MOTHER)).toBe(1834.56);
  });

  it('voids a cancellation, so that the settlement stands again', async () => {
    const { simulator } = await settledVisit();
    await using _ = simulator;
    const { msgid } = golden('2305-inpatient-settle-cancel').request.body;
    await simulator.done('2305', goldenInput('2305-inpatient-settle-cancel'), { envelope: { msgid } });
    expect(await simulator.done('2601', reversal('2305', msgid))).toEqual({});
    expect(await balanceOf(simulator, MOTHER)).toBe(1234.56);
    const query = { data: { psn_no: MOTHER.psnNo, setl_id: '', mdtrt_id: GOLDEN_VISIT.id } };
    expect(await simulator.done('5203', query)).toMatchObject({
      setlinfo: { setl_id: '421202000000710001', refd_setl_flag: '0' },
    });
    expect(simulator.ledger.at(-1)).toMatchObject({
      kind: 'settlement-cancellation-reversed',
      reference: '421202000000710002',
      amountFen: 580_000,
    });
  });

  it('of a cancellation is refused once the visit was settled anew', async () => {
    const { simulator } = await settledVisit();
    await using _ = simulator;
    const { msgid } = golden('2305-inpatient-settle-cancel').request.body;
    await simulator.done('2305', goldenInput('2305-inpatient-settle-cancel'), { envelope: { msgid } });
    await simulator.done('2304', goldenInput('2304-inpatient-settle-maternity'));
    expect(await simulator.refused('2601', reversal('2305', msgid))).toContain('已重新结算');
  });

  it('voids an admission that has no settlement', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE);
    const { msgid } = golden('2401-admission-maternity').request.body;
    await simulator.done('2401', goldenInput('2401-admission-maternity'), { envelope: { msgid } });
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    await simulator.done('2304', goldenInput('2304-inpatient-settle-maternity'), {
      envelope: { msgid: msgid.replace(/.$/, '2') },
    });
    expect(await simulator.refused('2601', reversal('2401', msgid))).toContain('就诊已结算');
    await simulator.done('2601', reversal('2304', msgid.replace(/.$/, '2')));
    expect(await simulator.done('2601', reversal('2401', msgid))).toEqual({});
    const query = { data: { psn_no: MOTHER.psnNo, begntime: '', endtime: '' } };
    expect(await simulator.done('5303', query)).toEqual({ data: [] });
    expect(simulator.ledger.at(-1)).toMatchObject({ kind: 'admission-reversed', reference: GOLDEN_VISIT.id });
  });

  it.each([
    ['what never arrived', reversal('2304', 'H42120200137202603229999990099'), '未查询到原交易'],
    ["another person's settlement", reversal('2304', GOLDEN_SETTLEMENT.messageId, RETIREE.psnNo), '未查询到原交易'],
    ['another transaction of that msgid', reversal('2305', GOLDEN_SETTLEMENT.messageId), '未查询到原交易'],
    ['a filing', reversal('2501', 'H42120200137202603161020050006'), '该交易不支持冲正'],
    ['a query', reversal('1101', 'H42120200137202603160912050003'), '该交易不支持冲正'],
  ])('of %s is refused', async (_what, data, refusal) => {
    await using simulator = await openSignedIn(GOLDEN_POPULATION);
    expect(await simulator.refused('2601', data)).toContain(refusal);
  });
});
