import { describe, expect, test } from 'vitest';
import type { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { isRegionRefusal } from '../../../adapters/medical-insurance/errors.ts';
import { failureOf } from '../failure.ts';
import { ACTS, CHRONIC, fees, MOTHER, referral, settlementReference, settlementRequest } from './client-acts.ts';
import {
  type Answerer,
  clientOf,
  type Platform,
  RawAnswer,
  refusal,
  SIGN_NUMBER,
  signedIn,
  startPlatform,
  success,
} from './client-platform.ts';
import { golden, goldenJson } from './golden-files.ts';

async function answering(
  answer: Answerer,
  settings: Record<string, unknown> = {},
  signIn?: Answerer,
): Promise<{ client: MedicalInsuranceClient; platform: Platform }> {
  const platform = await startPlatform(answer, signIn);
  const client = clientOf(platform.url, { settings });
  return { client, platform };
}

const find = (client: MedicalInsuranceClient) => client.chronicDiseaseFilings(CHRONIC);
const file = (client: MedicalInsuranceClient) => client.fileReferral(referral);

interface NonEnvelopes {
  readonly cases: readonly { readonly name: string; readonly http_status: number; readonly body: unknown }[];
}
const nonEnvelopes = goldenJson<NonEnvelopes>('errors-non-envelope.json').cases;

describe('golden bodies that are not what they should be', () => {
  const raw = (name: string) => {
    const found = nonEnvelopes.find((one) => one.name === name);
    if (!found) throw new Error(`no case ${name}`);
    return () =>
      new RawAnswer(typeof found.body === 'string' ? found.body : JSON.stringify(found.body), found.http_status);
  };

  test('every case of the file is met below', () => {
    expect(nonEnvelopes.map(({ name }) => name)).toEqual([
      'credential sub-service',
      'middleware wrapper',
      'empty body',
      'envelope with infcode as string',
      'early failure, null ids and warn_msg',
      'output as JSON text (encrypted or double-encoded)',
      'gateway refusal',
    ]);
  });

  test.each([
    ['credential sub-service', '500159', '示例：请使用医保电子凭证二维码'],
    ['middleware wrapper', '999', '示例：中间件异常'],
    ['early failure, null ids and warn_msg', 'demoBO_0099', 'FSI-示例：调用子系统失败'],
  ])('%s: refused with its text, reading and writing, and asked once', async (name, departmentCode, detail) => {
    for (const call of [find, file]) {
      const { client, platform } = await answering(raw(name));
      const error = await failureOf(call(client));
      expect(error).toMatchObject({ code: 'DEPARTMENT_REJECTED', detail, details: { departmentCode } });
      expect(error.details.safeToRepeat).not.toBe(true);
      expect(platform.arrivals).toHaveLength(2);
    }
  });

  test('empty body: a query is asked three times with a new message id, a filing is of unknown outcome', async () => {
    const reading = await answering(raw('empty body'));
    expect(await failureOf(find(reading.client))).toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
    const ids = reading.platform.of('5301').map(({ body }) => body.msgid);
    expect(new Set(ids).size).toBe(3);

    const writing = await answering(raw('empty body'));
    const error = await failureOf(file(writing.client));
    expect(error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reference: writing.platform.of('2501')[0]?.body.msgid },
    });
    expect(writing.platform.of('2501')).toHaveLength(1);
  });

  test('infcode as text: a success where nothing is promised, unknown where a serial is', async () => {
    const { client } = await answering(raw('envelope with infcode as string'));
    expect(await client.cancelReferral({ ...referral, serial: '1' })).toMatchObject({
      messageId: expect.stringMatching(/^H42120200137\d{18}$/),
    });
    expect(await find(client)).toEqual([]);
    expect(await failureOf(file(client))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'output.result' },
    });
  });

  test('output as JSON text: read when what it promises is in it, and only then', async () => {
    const { client } = await answering(raw('output as JSON text (encrypted or double-encoded)'));
    expect(await file(client)).toMatchObject({ serial: '421202177362760548600000010001' });
    expect(await failureOf(client.settle(settlementRequest))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  test('gateway refusal: once more with a new nonce and message id, then refused', async () => {
    for (const [infno, call] of [
      ['5301', find],
      ['2501', file],
    ] as const) {
      const { client, platform } = await answering(raw('gateway refusal'));
      expect(await failureOf(call(client))).toMatchObject({
        code: 'DEPARTMENT_REJECTED',
        details: { departmentCode: 'HTTP 401' },
      });
      const attempts = platform.of(infno);
      expect(attempts).toHaveLength(2);
      expect(new Set(attempts.map(({ headers }) => headers['x-tif-nonce'])).size).toBe(2);
      expect(new Set(attempts.map(({ body }) => body.msgid)).size).toBe(2);
    }
  });

  test('gateway refusal: the second attempt counts when it is taken', async () => {
    const answers = [new RawAnswer('{"error":"时钟偏差"}', 403), golden('2501-transfer-filing').response?.body];
    const { client } = await answering(() => answers.shift());
    expect(await file(client)).toMatchObject({ serial: '421202177362760548600000010001' });
  });

  test('JSON without infcode under status 200 is the gateway’s refusal too', async () => {
    const { client, platform } = await answering(() => ({ error: '示例：签名校验失败' }));
    expect(await failureOf(file(client))).toMatchObject({ code: 'DEPARTMENT_REJECTED', detail: '示例：签名校验失败' });
    expect(platform.of('2501')).toHaveLength(2);
  });
});

describe('answers that tell nothing', () => {
  const html = '<html><body>系统维护中</body></html>';
  const odd: Record<string, () => unknown> = {
    'an HTML page': () => new RawAnswer(html),
    'an HTML page with status 502': () => new RawAnswer(html, 502, { 'content-type': 'text/html' }),
    'status 500': () => new RawAnswer('', 500),
    'half a document': () => new RawAnswer('{"infcode":0,"output":{"result"'),
    'another character set': () => new RawAnswer(Buffer.from('{"infcode":-1,"err_msg":"\xbe\xdc\xbe\xf8"}', 'latin1')),
    'a list': () => [],
    'a number': () => 7,
    'an empty document': () => ({}),
    'an output without infcode': () => ({ output: {}, error: 'x' }),
    'an infcode that is no code': () => ({ ...success({}), infcode: 'OK' }),
    'an infcode that is true': () => ({ ...success({}), infcode: true }),
    'an output that is a list': () => success([]),
    'an output that is no JSON': () => success('"'),
    'status 302': () => new RawAnswer('', 302, { location: '/' }),
    'status 204': () => new RawAnswer('', 204),
  };

  test.each(Object.keys(odd))('%s: unknown for a write, which is sent once', async (name) => {
    const { client, platform } = await answering(odd[name] ?? (() => undefined));
    const error = await failureOf(file(client));
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(error.details.reference).toBe(platform.of('2501')[0]?.body.msgid);
    expect(platform.of('2501')).toHaveLength(1);
  });

  test.each(Object.keys(odd))('%s: no crash and no success for a query, which is asked again', async (name) => {
    const { client, platform } = await answering(odd[name] ?? (() => undefined));
    const error = await failureOf(
      client.referrals({ ...referral, from: '2026-03-01' }).then((rows) => {
        throw new Error(`answered ${rows.length} rows`);
      }),
    );
    const unreachable = name.includes('502') || name.includes('500');
    expect(error.code).toBe(unreachable ? 'DEPARTMENT_UNREACHABLE' : 'DEPARTMENT_PROTOCOL');
    expect(platform.of('5304')).toHaveLength(3);
  });

  test('status 503 is busy and 429 too; the latter was not done, even for a write', async () => {
    const busy = await answering(() => new RawAnswer('', 503));
    expect((await failureOf(find(busy.client))).code).toBe('DEPARTMENT_BUSY');
    expect((await failureOf(file(busy.client))).code).toBe('OUTCOME_UNKNOWN');
    const many = await answering(() => new RawAnswer('', 429));
    expect((await failureOf(file(many.client))).code).toBe('DEPARTMENT_BUSY');
  });

  test('a query is answered when the second attempt is', async () => {
    const answers = [new RawAnswer(''), golden('5301-opsp-filing-query').response?.body];
    const { client } = await answering(() => answers.shift());
    expect(await find(client)).toHaveLength(1);
  });
});

describe('a field that is wrong is named', () => {
  const changed = (name: string, path: string, value: unknown) => {
    const body = structuredClone(golden(name).response?.body ?? {});
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let place: unknown = body;
    for (const step of steps) place = (place as Record<string, unknown>)[step];
    if (value === undefined) delete (place as Record<string, unknown>)[last];
    else (place as Record<string, unknown>)[last] = value;
    return () => body;
  };

  test.each([
    ['1101-person-info', 'output.baseinfo', undefined],
    ['1101-person-info', 'output.baseinfo.psn_no', ''],
    ['1101-person-info', 'output.baseinfo.brdy', '1958-13-12'],
    ['1101-person-info', 'output.insuinfo.1.insuplc_admdvs', '42120'],
    ['1101-person-info', 'output.insuinfo.0.balc', '2315.481'],
    ['1101-person-info', 'output.insuinfo.0.insutype', 310],
    ['1101-person-info', 'output.insuinfo', {}],
    ['2001-treatment-check-maternity', 'output.trtinfo.0.trt_enjymnt_flag', 'yes'],
    ['2303-inpatient-presettle-maternity', 'output.setlinfo.medfee_sumamt', null],
    ['2303-inpatient-presettle-maternity', 'output.setldetail.1.fund_payamt', 'x'],
    ['3201-reconcile-total', 'output.stmtinfo.stmt_rslt', ''],
    ['5203-settlement-query', 'output.setlinfo.psn_pay', undefined],
    ['5301-opsp-filing-query', 'output.feedetail.0.opsp_dise_code', null],
    ['5304-transfer-query', 'output.refmedin.0.refl_date', 'soon'],
    ['5304-transfer-query', 'output.refmedin.0.opt_time', '2026-02-30 08:00:00'],
    ['5203-settlement-query', 'output.setlinfo.setl_time', 'yesterday'],
  ])('%s without a right %s: DEPARTMENT_PROTOCOL with that path', async (name, path, value) => {
    const { client } = await answering(changed(name, path, value));
    const error = await failureOf(ACTS[name]?.(client) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', details: { field: path } });
  });

  test('a wrong field is not asked for again, a missing node is', async () => {
    const wrong = await answering(changed('1101-person-info', 'output.baseinfo.psn_no', ''));
    await failureOf(ACTS['1101-person-info']?.(wrong.client) ?? Promise.resolve());
    expect(wrong.platform.of('1101')).toHaveLength(1);
    const missing = await answering(changed('1101-person-info', 'output.baseinfo', undefined));
    await failureOf(ACTS['1101-person-info']?.(missing.client) ?? Promise.resolve());
    expect(missing.platform.of('1101')).toHaveLength(3);
  });

  test.each([
    ['2501-transfer-filing', 'output.result.trt_dcla_detl_sn', ''],
    ['2401-admission-maternity', 'output.result.mdtrt_id', null],
    ['2301-inpatient-fee-upload', 'output.result.2.det_item_fee_sumamt', 'x'],
    ['2304-inpatient-settle-maternity', 'output.setlinfo.setl_id', null],
    ['2305-inpatient-settle-cancel', 'output.setlinfo.psn_cash_pay', 0.001],
  ])('%s without a right %s: of unknown outcome, with that path', async (name, path, value) => {
    const { client, platform } = await answering(changed(name, path, value));
    const error = await failureOf(ACTS[name]?.(client) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { field: path } });
    expect(platform.arrivals).toHaveLength(2);
  });

  test.each([
    ['1101-person-info', 'output.baseinfo.certno', '421202194909300242'],
    ['2303-inpatient-presettle-maternity', 'output.setlinfo.psn_no', CHRONIC.personNumber],
    ['2303-inpatient-presettle-maternity', 'output.setlinfo.mdtrt_id', '421202000000310002'],
    ['5203-settlement-query', 'output.setlinfo.setl_id', '421202000000719999'],
    ['5304-transfer-query', 'output.refmedin.0.psn_no', MOTHER.personNumber],
    ['5302-fixed-provider-query', 'output.psnfixmedin.0.psn_no', MOTHER.personNumber],
  ])('%s about another record (%s) is not taken for the one asked for', async (name, path, value) => {
    const { client } = await answering(changed(name, path, value));
    const error = await failureOf(ACTS[name]?.(client) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', details: { field: path } });
    expect(JSON.stringify([error.message, error.extensions])).not.toContain(value);
  });

  test('a settlement of somebody else is of unknown outcome', async () => {
    const path = 'output.setlinfo.psn_no';
    const { client } = await answering(changed('2304-inpatient-settle-maternity', path, CHRONIC.personNumber));
    expect(await failureOf(client.settle(settlementRequest))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: path },
    });
  });

  test('an upload whose answer lacks a row is of unknown outcome', async () => {
    const body = structuredClone(golden('2301-inpatient-fee-upload').response?.body ?? {}) as {
      output: { result: unknown[] };
    };
    body.output.result.pop();
    const { client } = await answering(() => body);
    expect(await failureOf(client.uploadFees(fees))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'output.result' },
    });
  });

  test('amounts may be text, nulls and unknown extras are taken, a time behind a date is dropped', async () => {
    const body = structuredClone(golden('2304-inpatient-settle-maternity').response?.body ?? {}) as {
      output: { setlinfo: Record<string, unknown>; setldetail: unknown };
    };
    Object.assign(body.output.setlinfo, {
      medfee_sumamt: '6850.00',
      hosp_part_amt: null,
      acct_mulaid_pay: '',
      expContent: { any: 'thing' },
    });
    body.output.setldetail = null;
    const { client } = await answering(() => body);
    expect(await client.settle(settlementRequest)).toMatchObject({
      totalFen: 685_000,
      hospitalFen: 0,
      sharedAccountFen: 0,
      funds: [],
    });
  });

  test('sums that do not hold are told, and the settlement stands', async () => {
    const { client } = await answering(
      changed('2304-inpatient-settle-maternity', 'output.setlinfo.fund_pay_sumamt', 5800.01),
    );
    expect(await client.settle(settlementRequest)).toMatchObject({ sumsDisagree: ['payers'], fundTotalFen: 580_001 });
  });

  test('no such settlement is null', async () => {
    const { client } = await answering(() => success({ setlinfo: null }));
    expect(await client.settlement(settlementReference)).toBeNull();
  });
});

describe('refusals', () => {
  test('a business refusal is passed on once, without locators and without what is personal', async () => {
    const text =
      'FSI-示例：人员熊志远（421202197101180173，13900000104）已在转往医院登记，联系人13700001111[demoA_0001][demoB_12]';
    const { client, platform } = await answering(() => refusal(text));
    const error = await failureOf(client.fileReferral(referral));
    expect(error).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: 'demoA_0001 demoB_12', department: 'medical-insurance' },
    });
    expect(platform.of('2501')).toHaveLength(1);
    const told = JSON.stringify([error.message, error.extensions]);
    expect(told).toContain('已在转往医院登记');
    // The name is not in what was sent (2501 carries none), so that nothing can know it for one.
    for (const secret of ['421202197101180173', '13900000104', '13700001111', 'demoA']) {
      expect(error.detail).not.toContain(secret);
    }
  });

  test('what was sent and is personal does not come back: a name, an address, a person number', async () => {
    const { client } = await answering(
      () =>
        refusal('未参加生育保险：陈若溪 12345678901234567X 42120000000000000010000106 湖北省示例路1号 0715-8888888'),
      { assumedTransactions: { enabled: true } },
    );
    const error = await failureOf(
      client.fileOutOfArea({
        ...MOTHER,
        category: 'posted-worker',
        insuranceKind: '310',
        idNumber: '421202199407210282',
        name: '陈若溪',
        sex: '2',
        nation: '01',
        birthDate: '1994-07-21',
        phone: '0715-8888888',
        destination: '440305',
        destinationAddress: '湖北省示例路1号',
        from: '2026-03-17',
      }),
    );
    expect(error.detail).toBe(
      `未参加生育保险：陈** 123456**********7X ${'*'.repeat(26)} ${'*'.repeat(8)} ${'*'.repeat(12)}`,
    );
  });

  test('a text of several thousand characters is cut', async () => {
    const { client } = await answering(() => refusal('拒'.repeat(5_000)));
    expect((await failureOf(find(client))).detail).toHaveLength(500);
  });

  test('a refusal for the insured region is marked, so that the caller asks for the person again', async () => {
    const { client } = await answering(() => refusal('FSI-示例：参保地医保区划与参保信息不一致'));
    const error = await failureOf(client.settle(settlementRequest));
    expect(error.code).toBe('DEPARTMENT_REJECTED');
    expect(isRegionRefusal(error)).toBe(true);
    const other = await answering(() => refusal('FSI-示例：费用总额不一致'));
    expect(isRegionRefusal(await failureOf(other.client.settle(settlementRequest)))).toBe(false);
  });

  test('a platform that says it is busy is asked again by a query and not by a write', async () => {
    const { client, platform } = await answering(() => refusal('系统繁忙，请稍后再试'));
    expect((await failureOf(find(client))).code).toBe('DEPARTMENT_BUSY');
    expect((await failureOf(file(client))).code).toBe('DEPARTMENT_BUSY');
    expect(platform.of('5301')).toHaveLength(3);
    expect(platform.of('2501')).toHaveLength(1);
  });

  test('another refusal of 1101 is an error and not “no such person”', async () => {
    const { client } = await answering(() => refusal('FSI-示例：就诊凭证类型错误'));
    expect(await failureOf(client.insuredPerson({ idNumber: '421202198611050314' }))).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
    });
  });

  test('reversing what the platform never had comes to the same as reversed', async () => {
    const { client, platform } = await answering(() => refusal('FSI-示例：未查询到原交易'));
    const reversal = { ...MOTHER, of: 'admission', originalMessageId: 'H42120200137202603180831450021' } as const;
    expect(await client.reverse(reversal)).toEqual({
      outcome: 'nothing-there',
      messageId: platform.of('2601')[0]?.body.msgid,
    });
    expect(platform.of('2601')[0]?.body.input?.data).toMatchObject({ oinfno: '2401' });
  });

  test('a reversal of unknown outcome is made again with a new message id and the same original', async () => {
    const answers = [new RawAnswer(''), new RawAnswer('', 502), success({})];
    const { client, platform } = await answering(() => answers.shift());
    const reversal = { ...MOTHER, of: 'settlement', originalMessageId: 'H42120200137202603221031080026' } as const;
    expect(await client.reverse(reversal)).toMatchObject({ outcome: 'reversed' });
    const attempts = platform.of('2601');
    expect(new Set(attempts.map(({ body }) => body.msgid)).size).toBe(3);
    expect(new Set(attempts.map(({ body }) => body.input?.data?.omsgid)).size).toBe(1);

    const silent = await answering(() => new RawAnswer(''));
    expect((await failureOf(silent.client.reverse(reversal))).code).toBe('OUTCOME_UNKNOWN');
    expect(silent.platform.of('2601')).toHaveLength(3);
  });
});

describe('sign-in', () => {
  test('a refusal that speaks of it signs in anew and makes the call once more, writes too', async () => {
    let number = 0;
    const answer: Answerer = ({ body }) =>
      body.sign_no === 'S2' ? golden('2501-transfer-filing').response?.body : refusal('FSI-示例：签到编号已失效');
    const { client, platform } = await answering(answer, {}, () => {
      number += 1;
      return signedIn(`S${number}`);
    });
    expect(await file(client)).toMatchObject({ serial: '421202177362760548600000010001' });
    expect(platform.arrivals.map(({ body }) => [body.infno, body.sign_no])).toEqual([
      ['9001', ''],
      ['2501', 'S1'],
      ['9001', ''],
      ['2501', 'S2'],
    ]);
    expect(new Set(platform.of('2501').map(({ body }) => body.msgid)).size).toBe(2);
  });

  test('when that does not help, the refusal is the answer', async () => {
    const { client, platform } = await answering(() => refusal('FSI-示例：未签到'));
    expect(await failureOf(file(client))).toMatchObject({ code: 'DEPARTMENT_REJECTED', detail: 'FSI-示例：未签到' });
    expect(platform.arrivals.map(({ body }) => body.infno)).toEqual(['9001', '2501', '9001', '2501']);
  });

  test('a refused sign-in is the answer to the call, of which nothing was sent', async () => {
    const { client, platform } = await answering(
      () => success({}),
      {},
      () => refusal('FSI-示例：操作员未签到授权'),
    );
    expect(await failureOf(file(client))).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { reference: expect.stringMatching(/^H42120200137/) },
    });
    expect(platform.arrivals.map(({ body }) => body.infno)).toEqual(['9001']);
  });

  test('a sign-in without a number is no sign-in, and is tried three times', async () => {
    const { client, platform } = await answering(
      () => success({}),
      {},
      () => success({}),
    );
    expect(await failureOf(file(client))).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'output.signinoutb' },
    });
    expect(platform.arrivals.map(({ body }) => body.infno)).toEqual(['9001', '9001', '9001']);
    expect(SIGN_NUMBER).not.toBe('');
  });
});
