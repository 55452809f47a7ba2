import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { golden, goldenInput, type Json } from './golden-files.ts';
import {
  GOLDEN_PEOPLE,
  GOLDEN_POPULATION,
  MOTHER,
  population,
  RETIREE,
  TRANSFER_PATIENT,
} from './golden-population.ts';
import { openSignedIn, type Simulator } from './simulator-wire.ts';

/** A golden input with one member of it set, by path; undefined takes it out. */
function changed(name: string, path: string, value: unknown): Json {
  const whole = goldenInput(name);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const place = steps.reduce((node, step) => node[step] as Json, whole);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return whole;
}

let simulator: Simulator;

beforeAll(async () => {
  simulator = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 10:20:05');
});

afterAll(() => simulator[Symbol.asyncDispose]());

describe('the envelope', () => {
  const right = golden('1101-person-info').request.body.input;

  it.each([
    ['msgid', ''],
    ['msgid', 'H421202001372026031609120500031'],
    ['msgid', 'H42120200999202603160912050003'],
    ['msgid', 'H42120200137202603160912A50003'],
    ['msgid', 'H42120200137202602300912050003'],
    ['mdtrtarea_admvs', undefined],
    ['mdtrtarea_admvs', '4212020'],
    ['mdtrtarea_admvs', '42120X'],
    ['insuplc_admdvs', '4212'],
    ['insuplc_admdvs', 421202],
    ['recer_sys_code', undefined],
    ['recer_sys_code', 'HIS01-HIS01'],
    ['dev_no', 'n'.repeat(101)],
    ['dev_safe_info', 'n'.repeat(2001)],
    ['cainfo', 'n'.repeat(1025)],
    ['signtype', 'MD5'],
    ['infver', ''],
    ['infver', 'V1.0.00'],
    ['opter_type', '4'],
    ['opter_type', 1],
    ['opter', null],
    ['opter', 'n'.repeat(31)],
    ['opter_name', undefined],
    ['opter_name', '名'.repeat(51)],
    ['inf_time', '2026-03-16T09:12:05'],
    ['inf_time', '2026-03-16 24:00:00'],
    ['inf_time', '2026-02-29 09:12:05'],
    ['fixmedins_code', 'X42120200137'],
    ['fixmedins_code', 'H4212020013'],
    ['fixmedins_name', '院'.repeat(21)],
    ['sign_no', 'n'.repeat(31)],
    ['input', undefined],
    ['input', 'not json'],
    ['input', { data: { psn_name: 'n'.repeat(40_001) } }],
    ['mdtrtarea_admdvs', '421202'],
  ])('is refused by the name of %s when it is %j', async (field, value) => {
    const refusal = await simulator.refused('1101', right, { envelope: { [field]: value } });
    expect(refusal).toMatch(new RegExp(`^FSI-示例：入参校验失败，${field}.*\\[demoCheckBO_0090\\]$`));
  });

  it('takes an input written as JSON text and a msgid with milliseconds', async () => {
    const envelope = { input: JSON.stringify(right), msgid: 'H42120200137202603160912051203' };
    expect(await simulator.done('1101', right, { envelope })).toHaveProperty('baseinfo');
  });

  it('may be of a transaction that is not served', async () => {
    expect(await simulator.refused('2206', right)).toContain('交易编号未开通');
    expect(await simulator.refused('constructor'.slice(0, 5), right)).toContain('交易编号未开通');
  });

  it('may be of a provider the platform does not know', async () => {
    const envelope = { fixmedins_code: 'H42120200999', msgid: 'H42120200999202603160912050003' };
    expect(await simulator.refused('1101', right, { envelope })).toContain('未查询到定点医药机构信息');
  });
});

describe('the sign-in number', () => {
  const query = golden('1101-person-info').request.body.input;

  const fresh = () => openSignedIn(GOLDEN_PEOPLE, '2026-03-16 08:00:03');

  it.each([
    ['missing', { sign_no: '' }],
    ['never given', { sign_no: '421200G0000000999999' }],
    ["another operator's", { opter: 'YB0018' }],
  ])('is asked for again when it is %s', async (_what, envelope) => {
    await using own = await fresh();
    expect(await own.refused('1101', query, { envelope })).toMatch(/签到/);
  });

  it('holds until the day is over', async () => {
    await using own = await fresh();
    own.setTime('2026-03-16 23:59:59');
    expect(await own.done('1101', query)).toHaveProperty('baseinfo');
    own.setTime('2026-03-17 00:00:00');
    expect(await own.refused('1101', query)).toMatch(/签到/);
  });

  it('holds beside a later one of the same day', async () => {
    await using own = await fresh();
    const first = own.signNumber;
    expect(await own.signIn()).not.toBe(first);
    expect(await own.done('1101', query, { envelope: { sign_no: first } })).toHaveProperty('baseinfo');
  });

  it('ends with the sign-out and cannot be signed out again', async () => {
    await using own = await fresh();
    const signOut = { sign_no: own.signNumber, opter_no: 'YB0017' };
    expect(await own.done('9002', { signOut })).toEqual({ signoutoutb: { sign_time: '2026-03-16 08:00:03' } });
    expect(await own.refused('9002', { signOut })).toMatch(/签到/);
  });

  it('ends when the platform lets it expire, for one operator or for all', async () => {
    await using own = await fresh();
    expect(await own.act('expire-sign-in', { operator: 'YB0018' })).toEqual({ expired: 0 });
    expect(await own.done('1101', query)).toHaveProperty('baseinfo');
    expect(await own.act('expire-sign-in')).toEqual({ expired: 1 });
    expect(await own.refused('1101', query)).toMatch(/签到/);
    await own.signIn();
    expect(await own.done('1101', query)).toHaveProperty('baseinfo');
  });

  it('must be empty in the sign-in itself', async () => {
    const { signIn } = goldenInput('9001-sign-in');
    expect(await simulator.refused('9001', { signIn })).toMatch(/sign_no/);
  });
});

describe('a field of the input', () => {
  it.each([
    ['1101', '1101-person-info', 'data', undefined, '节点不能为空'],
    ['1101', '1101-person-info', 'data', [], '应为对象'],
    ['1101', '1101-person-info', 'refmedin', {}, '不是接口定义的字段'],
    ['1101', '1101-person-info', 'data.mdtrt_cert_type', '04', '不在代码表内'],
    ['1101', '1101-person-info', 'data.mdtrt_cert_type', '', '不能为空'],
    ['1101', '1101-person-info', 'data.mdtrt_cert_no', 'n'.repeat(51), '长度不能超过50'],
    ['1101', '1101-person-info', 'data.mdtrt_cert_no', 421202, '应为文本'],
    ['1101', '1101-person-info', 'data.begntime', '2026-03-16', '日期格式不正确'],
    ['1101', '1101-person-info', 'data.psn_cert_type', '', '不能为空'],
    ['1101', '1101-person-info', 'data.psn_no', 'x', '不是接口定义的字段'],
    ['2501', '2501-transfer-filing', 'refmedin.psn_no', undefined, '不能为空'],
    ['2501', '2501-transfer-filing', 'refmedin.tel', '1'.repeat(51), '长度不能超过50'],
    ['2501', '2501-transfer-filing', 'refmedin.addr', '路'.repeat(201), '长度不能超过200'],
    ['2501', '2501-transfer-filing', 'refmedin.insu_optins', '咸安', '格式不正确'],
    ['2501', '2501-transfer-filing', 'refmedin.diag_code', '', '不能为空'],
    ['2501', '2501-transfer-filing', 'refmedin.diag_name', null, '不能为空'],
    ['2501', '2501-transfer-filing', 'refmedin.dise_cond_dscr', '病'.repeat(2001), '长度不能超过2000'],
    ['2501', '2501-transfer-filing', 'refmedin.reflin_medins_no', 'H420106009021', '长度不能超过12'],
    ['2501', '2501-transfer-filing', 'refmedin.reflin_medins_name', '', '不能为空'],
    ['2501', '2501-transfer-filing', 'refmedin.mdtrtarea_admdvs', '', '不能为空'],
    ['2501', '2501-transfer-filing', 'refmedin.mdtrtarea_admvs', '420106', '不是接口定义的字段'],
    ['2501', '2501-transfer-filing', 'refmedin.hosp_agre_refl_flag', 'Y', '不在代码表内'],
    ['2501', '2501-transfer-filing', 'refmedin.refl_type', '', '不能为空'],
    ['2501', '2501-transfer-filing', 'refmedin.refl_date', '2026-03-16 10:00:00', '长度不能超过10'],
    ['2501', '2501-transfer-filing', 'refmedin.refl_date', '2026-02-30', '日期格式不正确'],
    ['2501', '2501-transfer-filing', 'refmedin.refl_rea', '因'.repeat(101), '长度不能超过100'],
    ['2501', '2501-transfer-filing', 'refmedin.refl_opnn', '', '不能为空'],
    ['2502', '2502-transfer-filing-cancel', 'data.trt_dcla_detl_sn', '', '不能为空'],
    ['2502', '2502-transfer-filing-cancel', 'data.memo', '由'.repeat(501), '长度不能超过500'],
    ['2503', '2503-opsp-filing', 'data.opsp_dise_code', '', '不能为空'],
    ['2503', '2503-opsp-filing', 'data.insu_optins', '', '不能为空'],
    ['2503', '2503-opsp-filing', 'data.hosp_ide_date', '20260314', '日期格式不正确'],
    ['2503', '2503-opsp-filing', 'data.diag_dr_name', '医'.repeat(51), '长度不能超过50'],
    ['2503', '2503-opsp-filing', 'data.begndate', '', '不能为空'],
    ['2505', '2505-fixed-provider-filing', 'data.biz_appy_type', '0003', '长度不能超过3'],
    ['2505', '2505-fixed-provider-filing', 'data.fix_srt_no', 1, '应为文本'],
    ['2505', '2505-fixed-provider-filing', 'data.fixmedins_code', 'H1', '格式不正确'],
    ['2699', '2699-maternity-filing', 'data.geso_val', 123, '应为不超过2位的整数'],
    ['2699', '2699-maternity-filing', 'data.fetts', 1.5, '应为不超过3位的整数'],
    ['2699', '2699-maternity-filing', 'data.tel', '', '不能为空'],
    ['Z501', 'Z501-outarea-retiree', 'data.rloc_rea', '06', '不在代码表内'],
    ['Z501', 'Z501-outarea-retiree', 'data.begndate', '', '不能为空'],
    ['Z501', 'Z501-outarea-retiree', 'data.rloc_admdvs', '', '不能为空'],
    ['2001', '2001-treatment-check-maternity', 'data.begntime', '', '不能为空'],
    ['2401', '2401-admission-maternity', 'mdtrtinfo.med_type', '99', '格式不正确'],
    ['2401', '2401-admission-maternity', 'mdtrtinfo.begntime', '2026-03-18 08:30', '日期格式不正确'],
    ['2401', '2401-admission-maternity', 'mdtrtinfo.adm_bed', '', '不能为空'],
    ['2401', '2401-admission-maternity', 'mdtrtinfo.pret_flag', '2', '不在代码表内'],
    ['2401', '2401-admission-maternity', 'diseinfo.0.diag_code', '', '不能为空'],
    ['2401', '2401-admission-maternity', 'diseinfo', {}, '应为列表'],
    ['2401', '2401-admission-maternity', 'agnterinfo.agnter_fax', '', '不是接口定义的字段'],
    ['2301', '2301-inpatient-fee-upload', 'feedetail', [], '不能为空'],
    ['2301', '2301-inpatient-fee-upload', 'feedetail.1.det_item_fee_sumamt', 300.001, '数值格式不正确'],
    ['2301', '2301-inpatient-fee-upload', 'feedetail.1.det_item_fee_sumamt', '3e2', '数值格式不正确'],
    ['2301', '2301-inpatient-fee-upload', 'feedetail.1.det_item_fee_sumamt', true, '应为数值'],
    ['2301', '2301-inpatient-fee-upload', 'feedetail.1.det_item_fee_sumamt', '99999999999999.99', '金额过大'],
    ['2301', '2301-inpatient-fee-upload', 'feedetail.2.tcmdrug_used_way', '3', '不在代码表内'],
    ['2304', '2304-inpatient-settle-maternity', 'data.acct_used_flag', '', '不能为空'],
    ['2304', '2304-inpatient-settle-maternity', 'data.medfee_sumamt', null, '不能为空'],
    ['2304', '2304-inpatient-settle-maternity', 'data.invono', '1'.repeat(21), '长度不能超过20'],
    ['2305', '2305-inpatient-settle-cancel', 'data.setl_id', '', '不能为空'],
    ['2601', '2601-reversal', 'data.omsgid', '', '不能为空'],
    ['2601', '2601-reversal', 'data.oinfno', '23044', '长度不能超过4'],
    ['3201', '3201-reconcile-total', 'data.stmt_begndate', '2026-03-22 00:00:00', '长度不能超过10'],
    ['3201', '3201-reconcile-total', 'data.acct_pay', '', '不能为空'],
    ['3201', '3201-reconcile-total', 'data.fixmedins_setl_cnt', -1, '应为不超过9位的整数'],
    ['3202', '3202-reconcile-detail', 'data.file_qury_no', '', '不能为空'],
    ['5302', '5302-fixed-provider-query', 'data', undefined, '节点不能为空'],
    ['5304', '5304-transfer-query', 'data.begntime', '', '不能为空'],
    ['9002', '9002-sign-out', 'signOut.opter_no', '', '不能为空'],
  ])('is refused: %s of %s, %s = %j', async (infno, name, path, value, fault) => {
    const refusal = await simulator.refused(infno, changed(name, path, value));
    expect(refusal).toContain(path.replace(/\.(\d)/, '[$1]'));
    expect(refusal).toContain(fault);
  });

  it('never shows in the refusal with what it held', async () => {
    const refusal = await simulator.refused('1101', changed('1101-person-info', 'data.begntime', RETIREE.idNumber));
    expect(refusal).not.toContain(RETIREE.idNumber);
  });

  it('may be an extension that means nothing', async () => {
    const whole = changed('1101-person-info', 'data.exp_content', { any: 'thing' });
    expect(await simulator.done('1101', { ...whole, expContent: null })).toHaveProperty('baseinfo');
  });

  it.each(['2501-transfer-filing', '2503-opsp-filing', 'Z501-outarea-posted-worker', '2699-maternity-filing'])(
    'may not end before it begins: %s',
    async (name) => {
      const [node = ''] = Object.keys(goldenInput(name));
      const infno = golden(name).request.body.infno;
      expect(await simulator.refused(infno, changed(name, `${node}.enddate`, '2020-01-01'))).toContain(
        '结束日期早于开始日期',
      );
    },
  );
});

describe('the person', () => {
  it.each([
    ['2501', '2501-transfer-filing', 'refmedin'],
    ['2503', '2503-opsp-filing', 'data'],
    ['2505', '2505-fixed-provider-filing', 'data'],
    ['2699', '2699-maternity-filing', 'data'],
    ['Z501', 'Z501-outarea-retiree', 'data'],
    ['2401', '2401-admission-maternity', 'mdtrtinfo'],
    ['2304', '2304-inpatient-settle-maternity', 'data'],
    ['2502', '2502-transfer-filing-cancel', 'data'],
    ['2601', '2601-reversal', 'data'],
    ['5301', '5301-opsp-filing-query', 'data'],
    ['5304', '5304-transfer-query', 'data'],
    ['5203', '5203-settlement-query', 'data'],
  ])('of %s must be known, and insured in the region of the envelope', async (infno, name, node) => {
    expect(await simulator.refused(infno, changed(name, `${node}.psn_no`, '42120000000000000010009999'))).toContain(
      '未查询到人员参保信息',
    );
    const elsewhere = { envelope: { insuplc_admdvs: '420106' } };
    expect(await simulator.refused(infno, goldenInput(name), elsewhere)).toContain('参保地医保区划与人员参保信息不符');
    const nowhere = { envelope: { insuplc_admdvs: '' } };
    expect(await simulator.refused(infno, goldenInput(name), nowhere)).toContain('insuplc_admdvs不能为空');
  });

  it('must have the insurance kind named, in a row of that region', async () => {
    const patient = {
      ...TRANSFER_PATIENT,
      insurances: TRANSFER_PATIENT.insurances.flatMap((row) => [
        row,
        { ...row, kind: '390', region: '420106', status: '1' },
      ]),
    };
    await using own = await openSignedIn(population({ persons: [patient] }), '2026-03-16 10:20:05');
    const filing = (kind: string) => changed('2501-transfer-filing', 'refmedin.insutype', kind);
    expect(await own.refused('2501', filing('340'))).toContain('人员没有该险种的参保信息');
    expect(await own.refused('2501', filing('390'))).toContain('参保地医保区划与人员参保信息不符');
    expect(await own.done('2501', filing('390'), { envelope: { insuplc_admdvs: '420106' } })).toHaveProperty('result');
  });

  it.each([
    ['2501', '2501-transfer-filing', '42120000000000000010000104'],
    ['2503', '2503-opsp-filing', '42120000000000000010000105'],
    ['2505', '2505-fixed-provider-filing', '42120000000000000010000105'],
    ['Z501', 'Z501-outarea-retiree', '42120000000000000010000101'],
    ['2699', '2699-maternity-filing', MOTHER.psnNo],
    ['2401', '2401-admission-maternity', MOTHER.psnNo],
  ])('must not be suspended when %s is done, and may be again when resumed', async (infno, name, psnNo) => {
    await using own = await openSignedIn(GOLDEN_PEOPLE, '2026-03-16 10:20:05');
    await own.act('suspend-insurance', { psnNo });
    expect(await own.refused(infno, goldenInput(name))).toContain('人员参保状态不正常');
    await own.act('resume-insurance', { psnNo });
    expect(await own.done(infno, goldenInput(name))).toHaveProperty('result');
  });

  it('must be the one whose certificate is shown', async () => {
    const wrong = changed('2401-admission-maternity', 'mdtrtinfo.mdtrt_cert_no', RETIREE.idNumber);
    expect(await simulator.refused('2401', wrong)).toContain('就诊凭证与人员不符');
  });

  it('must be the one that an out-of-area filing describes', async () => {
    for (const [member, value] of [
      ['certno', MOTHER.idNumber],
      ['psn_name', MOTHER.name],
      ['gend', '2'],
      ['brdy', '1958-03-13'],
    ]) {
      expect(await simulator.refused('Z501', changed('Z501-outarea-retiree', `data.${member}`, value))).toContain(
        '人员基本信息与参保信息不符',
      );
    }
  });
});

describe('nothing is done', () => {
  it('by any request that was refused', async () => {
    expect(simulator.ledger).toEqual([]);
    await using own = await openSignedIn(GOLDEN_POPULATION, '2026-03-23 10:00:00');
    const wrong = '421202177362760548600000019999';
    await own.refused('2502', changed('2502-transfer-filing-cancel', 'data.trt_dcla_detl_sn', wrong));
    await own.refused('2305', changed('2305-inpatient-settle-cancel', 'data.mdtrt_id', 'other'));
    await own.refused('2601', goldenInput('2601-reversal'));
    expect(own.ledger).toEqual([]);
  });
});
