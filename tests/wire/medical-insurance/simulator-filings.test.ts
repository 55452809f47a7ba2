import { describe, expect, it } from 'vitest';
import { golden, goldenData, goldenInput, goldenOutput, type Json } from './golden-files.ts';
import {
  CHRONIC_PATIENT,
  GOLDEN_CHRONIC_FILING,
  GOLDEN_PEOPLE,
  GOLDEN_POPULATION,
  MOTHER,
  RESIDENT,
  RETIREE,
  TRANSFER_PATIENT,
  WORKER,
} from './golden-population.ts';
import { openSignedIn, type Simulator } from './simulator-wire.ts';

const serialOf = (filed: Json): string => (filed.result as { trt_dcla_detl_sn: string }).trt_dcla_detl_sn;

describe('a referral', () => {
  it('is found by the period it holds in, until it is cancelled', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 10:25:41');
    const serial = serialOf(await simulator.done('2501', goldenInput('2501-transfer-filing')));
    const { psnNo } = TRANSFER_PATIENT;
    const found = async (begntime: string, endtime: string) =>
      (await simulator.done('5304', { data: { psn_no: psnNo, begntime, endtime } })).refmedin;

    expect(await found('2026-03-01 00:00:00', '2026-12-31 23:59:59')).toEqual(
      goldenOutput('5304-transfer-query').refmedin,
    );
    expect(await found('2026-09-15 12:00:00', '')).toHaveLength(1);
    expect(await found('2026-09-16 00:00:00', '')).toEqual([]);
    expect(await found('2026-01-01 00:00:00', '2026-03-15 23:59:59')).toEqual([]);

    const cancel = { data: { psn_no: psnNo, trt_dcla_detl_sn: serial, memo: '患者放弃转院' } };
    expect(await simulator.done('2502', cancel)).toEqual({});
    expect(await found('2026-03-01 00:00:00', '2026-12-31 23:59:59')).toEqual([]);
    expect(await simulator.refused('2502', cancel)).toContain('未查询到有效的备案记录');
    expect(simulator.ledger).toMatchObject([
      { kind: 'referral', reference: serial, subject: psnNo, target: 'H42010600902' },
      { kind: 'referral-cancelled', reference: serial, subject: psnNo },
    ]);
  });

  it('is filed twice when the same msgid comes twice', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 10:20:05');
    const { msgid } = golden('2501-transfer-filing').request.body;
    const first = serialOf(await simulator.done('2501', goldenInput('2501-transfer-filing'), { envelope: { msgid } }));
    const second = serialOf(await simulator.done('2501', goldenInput('2501-transfer-filing'), { envelope: { msgid } }));
    expect(second).not.toBe(first);
    expect(simulator.ledger).toMatchObject([
      { kind: 'referral', reference: first, msgid },
      { kind: 'referral', reference: second, msgid },
    ]);
  });

  it("cannot be cancelled in another person's name", async () => {
    await using simulator = await openSignedIn(GOLDEN_POPULATION, '2026-03-16 11:02:19');
    const data = { ...goldenData('2502-transfer-filing-cancel'), psn_no: RETIREE.psnNo };
    expect(await simulator.refused('2502', { data })).toContain('未查询到有效的备案记录');
  });

  it('within the prefecture is not out of the area, and begins with the referral unless told', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 10:20:05');
    const { refmedin } = goldenInput('2501-transfer-filing') as { refmedin: Json };
    const near = { ...refmedin, mdtrtarea_admdvs: '421201', begndate: '', enddate: '', hosp_agre_refl_flag: '' };
    await simulator.done('2501', { refmedin: near });
    const query = { data: { psn_no: TRANSFER_PATIENT.psnNo, begntime: '2030-01-01 00:00:00', endtime: '' } };
    expect((await simulator.done('5304', query)).refmedin).toMatchObject([
      { out_flag: '0', begndate: '2026-03-16', enddate: null, hosp_agre_refl_flag: '' },
    ]);
  });
});

describe('a chronic disease filing', () => {
  const listed = async (simulator: Simulator) =>
    (await simulator.done('5301', { data: { psn_no: CHRONIC_PATIENT.psnNo } })).feedetail;

  it('is listed at once and can be cancelled before the review', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 14:10:22');
    const serial = serialOf(await simulator.done('2503', goldenInput('2503-opsp-filing')));
    expect(await listed(simulator)).toHaveLength(1);
    const cancel = { data: { psn_no: CHRONIC_PATIENT.psnNo, trt_dcla_detl_sn: serial, memo: '录入错误' } };
    expect(await simulator.done('2504', cancel)).toEqual({});
    expect(await listed(simulator)).toEqual([]);
    expect(simulator.ledger).toMatchObject([
      { kind: 'chronic-filing', reference: serial, subject: CHRONIC_PATIENT.psnNo, disease: 'M03900' },
      { kind: 'chronic-filing-cancelled', reference: serial },
    ]);
  });

  it.each([
    ['approve', 1],
    ['refuse', 0],
  ])('that the agency reviews with %s is listed %i times and cannot be cancelled', async (decision, times) => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 14:10:22');
    const serial = serialOf(await simulator.done('2503', goldenInput('2503-opsp-filing')));
    expect(await simulator.act('review', { reference: serial, decision })).toEqual({ reference: serial, decision });
    expect(await listed(simulator)).toHaveLength(times);
    const cancel = { data: { psn_no: CHRONIC_PATIENT.psnNo, trt_dcla_detl_sn: serial, memo: '' } };
    expect(await simulator.refused('2504', cancel)).toContain('备案已审核，不能撤销');
    expect(simulator.ledger.at(-1)).toMatchObject({ kind: 'chronic-filing-reviewed', reference: serial, decision });
    await expect(simulator.act('review', { reference: serial, decision })).rejects.toThrow('reviewed before');
  });

  it('of the population was reviewed before', async () => {
    await using simulator = await openSignedIn(GOLDEN_POPULATION);
    const { serial, psnNo } = GOLDEN_CHRONIC_FILING;
    const cancel = { data: { psn_no: psnNo, trt_dcla_detl_sn: serial, memo: '' } };
    expect(await simulator.refused('2504', cancel)).toContain('备案已审核，不能撤销');
  });
});

describe('an out-of-area filing', () => {
  const found = async (simulator: Simulator) =>
    (await simulator.done('Z503', goldenInput('Z503-outarea-query'))).outappy as Json[];

  it('waits for its review, is uploaded by the approval, and is gone once cancelled', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-17 09:03:11');
    const serial = serialOf(await simulator.done('Z501', goldenInput('Z501-outarea-retiree')));
    const waiting = { out_fil_upld_stas: '0', vali_flag: '1', rchk_flag: '0' };
    expect(await found(simulator)).toMatchObject([{ trt_dcla_detl_sn: serial, ...waiting }]);

    await simulator.act('review', { reference: serial, decision: 'approve' });
    expect(await found(simulator)).toEqual(goldenOutput('Z503-outarea-query').outappy);

    await simulator.done('Z502', { data: { psn_no: RETIREE.psnNo, trt_dcla_detl_sn: serial, memo: '返回参保地' } });
    expect(await found(simulator)).toEqual([]);
    expect(simulator.ledger.map(({ kind, reference }) => [kind, reference])).toEqual([
      ['out-of-area-filing', serial],
      ['out-of-area-filing-reviewed', serial],
      ['out-of-area-filing-cancelled', serial],
    ]);
  });

  it('tells its memo, by which the two categories of reason 07 differ', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-17 09:18:27');
    for (const [name, psn_no, memo] of [
      ['Z501-outarea-long-term-resident', RESIDENT.psnNo, '12'],
      ['Z501-outarea-posted-worker', WORKER.psnNo, '11'],
    ] as const) {
      await simulator.done('Z501', goldenInput(name));
      const query = { data: { ...goldenData('Z503-outarea-query'), psn_no } };
      expect(await simulator.done('Z503', query)).toMatchObject({ outappy: [{ rloc_rea: '07', memo }] });
    }
  });

  it('that is refused stays listed as invalid', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-17 09:03:11');
    const serial = serialOf(await simulator.done('Z501', goldenInput('Z501-outarea-retiree')));
    await simulator.act('review', { reference: serial, decision: 'refuse' });
    expect(await found(simulator)).toMatchObject([{ out_fil_upld_stas: '0', vali_flag: '0', rchk_flag: '1' }]);
  });
});

describe('a fixed provider filing and a maternity filing', () => {
  it('are filed, asked for, cancelled', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 15:05:30');
    const { psnNo } = CHRONIC_PATIENT;
    const serial = serialOf(await simulator.done('2505', goldenInput('2505-fixed-provider-filing')));
    const filed = async (type: string) =>
      (await simulator.done('5302', { data: { psn_no: psnNo, biz_appy_type: type } })).psnfixmedin;
    expect(await filed('03')).toHaveLength(1);
    expect(await filed('01')).toEqual([]);
    await simulator.done('2506', { data: { psn_no: psnNo, trt_dcla_detl_sn: serial, memo: '改选定点' } });
    expect(await filed('03')).toEqual([]);
    const maternity = serialOf(await simulator.done('2699', goldenInput('2699-maternity-filing')));
    expect(simulator.ledger).toMatchObject([
      { kind: 'fixed-provider-filing', reference: serial, subject: psnNo, target: 'H42120200137' },
      { kind: 'fixed-provider-filing-cancelled', reference: serial, subject: psnNo },
      { kind: 'maternity-filing', reference: maternity, subject: MOTHER.psnNo },
    ]);
  });
});
