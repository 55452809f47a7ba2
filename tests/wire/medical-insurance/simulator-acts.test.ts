import { describe, expect, it } from 'vitest';
import { goldenData, goldenInput, type Json } from './golden-files.ts';
import { GOLDEN_ADMITTED, GOLDEN_PEOPLE, MOTHER, RESIDENT, RETIREE, WORKER } from './golden-population.ts';
import { balanceOf, openSignedIn } from './simulator-wire.ts';

describe('a person', () => {
  it('is shown as of the moment asked for', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-20 09:00:00');
    await simulator.act('suspend-insurance', { psnNo: WORKER.psnNo, insuranceKind: '310' });
    const { idNumber, name } = WORKER;
    const rows = async (begntime: string) => {
      const query = { ...goldenData('1101-person-info'), mdtrt_cert_no: idNumber, certno: idNumber, psn_name: name };
      return (await simulator.done('1101', { data: { ...query, begntime } })).insuinfo;
    };
    expect(await rows('')).toMatchObject([{ psn_insu_stas: '2', paus_insu_date: '2026-03-20' }]);
    expect(await rows('2026-03-19 23:59:59')).toMatchObject([{ psn_insu_stas: '1', paus_insu_date: null }]);
    const early = { ...goldenData('1101-person-info'), mdtrt_cert_no: idNumber, certno: idNumber, psn_name: name };
    expect(await simulator.refused('1101', { data: { ...early, begntime: '2016-06-30 08:00:00' } })).toContain(
      '未查询到人员参保信息',
    );
    expect(simulator.ledger).toMatchObject([{ kind: 'insurance-suspended', reference: '310', subject: WORKER.psnNo }]);
  });

  it('is found by a certificate that the agency gave out, and by no other', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE);
    const bare = { begntime: '', psn_cert_type: '', certno: '', psn_name: '' };
    const token = await simulator.act('issue-certificate', { psnNo: RESIDENT.psnNo, type: '01' });
    const card = await simulator.act('issue-certificate', { psnNo: RETIREE.psnNo, type: '03' });
    expect(await simulator.done('1101', { data: { ...bare, ...token } })).toMatchObject({
      baseinfo: { psn_no: RESIDENT.psnNo },
    });
    expect(await simulator.done('1101', { data: { ...bare, ...card } })).toMatchObject({
      baseinfo: { psn_no: RETIREE.psnNo },
    });
    expect(await simulator.refused('1101', { data: { ...bare, ...card, card_sn: '' } })).toContain('card_sn');
    for (const wrong of [
      { ...card, card_sn: 'other' },
      { ...token, mdtrt_cert_type: '03', card_sn: 'any' },
      { ...token, certno: RETIREE.idNumber, psn_cert_type: '01' },
      { mdtrt_cert_type: '01', mdtrt_cert_no: 'never given', card_sn: '' },
    ]) {
      expect(await simulator.refused('1101', { data: { ...bare, ...wrong } })).toContain('未查询到人员参保信息');
    }
  });

  it('without an active insurance enjoys no benefit', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE);
    await simulator.act('suspend-insurance', { psnNo: MOTHER.psnNo });
    const check = { ...goldenData('2001-treatment-check-maternity'), begntime: '2026-03-22 10:00:00' };
    const flag = async (data: Json) =>
      ((await simulator.done('2001', { data })).trtinfo as { trt_enjymnt_flag: string }[])[0]?.trt_enjymnt_flag;
    expect(await flag(check)).toBe('0');
    expect(await flag({ ...check, begntime: '2026-03-21 10:00:00' })).toBe('1');
    expect(await flag({ ...check, insutype: '390' })).toBe('0');
  });
});

describe('a reset', () => {
  it('gives back the population, the numbers and an empty ledger', async () => {
    await using simulator = await openSignedIn(GOLDEN_ADMITTED);
    await simulator.done('2301', goldenInput('2301-inpatient-fee-upload'));
    await simulator.done('2304', goldenInput('2304-inpatient-settle-maternity'));
    await simulator.control('POST', 'reset');
    expect(await simulator.control('GET', 'ledger')).toEqual([]);
    expect(await simulator.signIn()).toBe('421200G0000000900117');
    expect(await balanceOf(simulator, MOTHER)).toBe(1834.56);
    expect(await simulator.refused('2304', goldenInput('2304-inpatient-settle-maternity'))).toContain(
      '没有已上传的费用明细',
    );
  });
});

describe('the acts', () => {
  it('are listed with their parameters and refuse what does not fit', async () => {
    await using simulator = await openSignedIn(GOLDEN_PEOPLE);
    expect(Object.keys(await simulator.control('GET', 'acts')).sort()).toEqual([
      'expire-sign-in',
      'infcode-as-text',
      'issue-certificate',
      'resume-insurance',
      'review',
      'suspend-insurance',
    ]);
    for (const [kind, parameters] of [
      ['review', { reference: 'unknown', decision: 'approve' }],
      ['review', { reference: 'unknown', decision: 'perhaps' }],
      ['review', {}],
      ['suspend-insurance', { psnNo: 'unknown' }],
      ['suspend-insurance', { psnNo: MOTHER.psnNo, insuranceKind: '390' }],
      ['resume-insurance', { psnNo: MOTHER.psnNo }],
      ['issue-certificate', { psnNo: MOTHER.psnNo, type: '02' }],
      ['issue-certificate', { psnNo: 'unknown', type: '01' }],
      ['expire-sign-in', { operator: 7 }],
      ['infcode-as-text', { on: 'yes' }],
      ['pay', {}],
    ] as const) {
      await expect(simulator.act(kind, parameters)).rejects.toThrow();
    }
    expect(simulator.ledger).toEqual([]);
  });
});
