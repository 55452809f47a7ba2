import { describe, expect, test } from 'vitest';
import type { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { gatewaySignature } from '../../../adapters/medical-insurance/signing.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { ACTS, CHRONIC, MOTHER, referral, settlementRequest, TRANSFER, totals } from './client-acts.ts';
import {
  type Answerer,
  answeringWith,
  clientOf,
  counterOf,
  NO_ANSWER,
  type Platform,
  SIGN_NUMBER,
  startPlatform,
  success,
} from './client-platform.ts';
import { type Golden, golden, manifest } from './golden-files.ts';

const ASSUMED = { assumedTransactions: { enabled: true } };
/** A client whose clock and serial are the golden request's, against a platform that answers as told. */
async function at(
  exchange: Golden,
  answer: Answerer,
  settings: Record<string, unknown> = ASSUMED,
): Promise<{ client: MedicalInsuranceClient; platform: Platform }> {
  const platform = await startPlatform(answer);
  const serial = Number(exchange.request.body.msgid.slice(-4));
  const client = clientOf(platform.url, {
    settings,
    clock: () => instantFromChina(exchange.request.body.inf_time),
    counter: counterOf(4_999, serial),
  });
  return { client, platform };
}

/** The act's result, or the error it ends with. */
async function outcome(name: string, client: MedicalInsuranceClient): Promise<unknown> {
  const act = ACTS[name];
  if (!act) throw new Error(`no act for ${name}`);
  return act(client);
}

describe('each golden request is sent again from the domain words', () => {
  const names = manifest.files.map(({ file }) => file.replace('.json', '')).filter((name) => name in ACTS);

  test.each(names)('%s: the same envelope, signed anew, to the dispatcher', async (name) => {
    const exchange = golden(name);
    const { client, platform } = await at(exchange, answeringWith(name));
    await outcome(name, client);

    const [arrival] = platform.of(exchange.meta.transaction);
    expect(arrival?.body).toEqual(exchange.request.body);
    expect(arrival?.url).toBe(exchange.request.path_dispatcher);
    for (const header of ['Content-Type', 'Accept', 'x-tif-paasid', 'x-tif-timestamp']) {
      expect(arrival?.headers[header.toLowerCase()]).toBe(exchange.request.headers[header]);
    }
    const { 'x-tif-nonce': nonce, 'x-tif-timestamp': timestamp, 'x-tif-signature': signature } = arrival?.headers ?? {};
    expect(signature).toBe(
      gatewaySignature({ token: manifest.token, timestamp: String(timestamp), nonce: String(nonce) }),
    );
    expect(nonce).not.toBe(exchange.request.headers['x-tif-nonce']);
  });

  test.each(names)('%s: address form 2 goes to the path of the transaction, or names the setting', async (name) => {
    const exchange = golden(name);
    const { client, platform } = await at(exchange, answeringWith(name), {
      ...ASSUMED,
      addressForm: 'per-transaction',
    });
    const path = exchange.request.path_per_transaction;
    if (path === null) {
      await expect(outcome(name, client)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        details: { field: `paths.${exchange.meta.transaction}` },
      });
    } else {
      await outcome(name, client);
      expect(platform.of(exchange.meta.transaction)[0]?.url).toBe(path);
    }
  });

  test('every golden file is met by a test of this folder', () => {
    const elsewhere = [
      '9001-sign-in',
      '9002-sign-out',
      '2501-transfer-filing-timeout',
      '2304-inpatient-settle-timeout',
      '2601-reversal-not-possible',
      '3202-reconcile-detail', // client-reconciliation.test.ts
    ];
    expect([...names, ...elsewhere].sort()).toEqual(manifest.files.map(({ file }) => file.replace('.json', '')).sort());
  });

  test('9001-sign-in: the sign-in that goes before the first call of the day', async () => {
    const exchange = golden('9001-sign-in');
    const platform = await startPlatform(answeringWith('1101-person-info'), answeringWith('9001-sign-in'));
    const client = clientOf(platform.url, {
      clock: () => instantFromChina(exchange.request.body.inf_time),
      counter: counterOf(1, 2),
    });
    await outcome('1101-person-info', client);
    expect(platform.arrivals[0]?.body).toEqual(exchange.request.body);
    expect(platform.arrivals[1]?.body.sign_no).toBe('421200G0000000900117');
  });

  test('9002-sign-out: the number that is held is given back once', async () => {
    const exchange = golden('9002-sign-out');
    const answers: Record<string, unknown> = {
      '1101': golden('1101-person-info').response?.body,
      '9002': exchange.response?.body,
    };
    const platform = await startPlatform(({ body }) => answers[String(body.infno)]);
    const client = clientOf(platform.url, {
      clock: () => instantFromChina(exchange.request.body.inf_time),
      counter: counterOf(10, 11, 2, 12, 13),
    });
    expect(await client.signOut()).toBeNull();
    await outcome('1101-person-info', client);
    expect(await client.signOut()).toEqual({ messageId: exchange.request.body.msgid });
    expect(platform.of('9002').map(({ body }) => body)).toEqual([exchange.request.body]);
    expect(await client.signOut()).toBeNull();

    await outcome('1101-person-info', client);
    expect(platform.of('9001')).toHaveLength(2);
  });
});

describe('each golden answer is read in the domain words', () => {
  async function read(name: string): Promise<unknown> {
    const exchange = golden(name);
    const { client } = await at(exchange, answeringWith(name));
    return outcome(name, client);
  }
  const messageId = (name: string) => golden(name).request.body.msgid;

  test('1101: the person with one row for each insurance', async () => {
    expect(await read('1101-person-info')).toEqual({
      personNumber: '42120000000000000010000101',
      idType: '01',
      idNumber: '421202195803120133',
      name: '周启明',
      sex: '1',
      nation: '01',
      birthDate: '1958-03-12',
      age: 68,
      insurances: ['310', '330'].map((kind) => ({
        kind,
        personType: '1201',
        status: '1',
        since: '2001-01-01',
        pausedOn: null,
        civilServant: false,
        region: '421202',
        employer: '咸安区示例纺织厂（虚构）',
        balanceFen: kind === '310' ? 231_548 : 0,
      })),
      identities: [],
    });
  });

  test('1101: identities and an age with a decimal', async () => {
    expect(await read('1101-person-info-resident')).toMatchObject({
      age: 76.5,
      identities: [
        { type: '示例身份类别码', level: null, memo: null, from: '2024-01-01 00:00:00', to: '2026-12-31 23:59:59' },
      ],
    });
  });

  test('1101: a person the platform does not know is null, not an error', async () => {
    expect(await read('1101-person-info-not-found')).toBeNull();
  });

  test.each([
    ['2501-transfer-filing', '421202177362760548600000010001'],
    ['2503-opsp-filing', '421202177364142248600000020001'],
    ['2505-fixed-provider-filing', '421202177364473048600000030001'],
    ['2699-maternity-filing', '421202175746840048600000050001'],
    ['Z501-outarea-retiree', '421202177370939148600000040001'],
    ['Z501-outarea-long-term-resident', '421202177371030748600000040002'],
    ['Z501-outarea-posted-worker', '421202177371111548600000040003'],
  ])('%s: a filing gives its serial and the message id', async (name, serial) => {
    expect(await read(name)).toEqual({ serial, messageId: messageId(name) });
  });

  test.each(['2502-transfer-filing-cancel', '2506-fixed-provider-filing-cancel', 'Z502-outarea-cancel'])(
    '%s: a cancellation gives the message id',
    async (name) => {
      expect(await read(name)).toEqual({ messageId: messageId(name) });
    },
  );

  test('2504: cancelling a chronic disease filing has the form of 2502', async () => {
    const exchange = golden('2502-transfer-filing-cancel');
    const { client, platform } = await at(exchange, () => success({}));
    await client.cancelChronicDisease({ ...CHRONIC, serial: '421202177364142248600000020001', reason: '录入错误' });
    expect(platform.of('2504')[0]?.body.input).toEqual({
      data: { psn_no: CHRONIC.personNumber, trt_dcla_detl_sn: '421202177364142248600000020001', memo: '录入错误' },
    });
  });

  test('Z503: the filing with its category', async () => {
    expect(await read('Z503-outarea-query')).toEqual([
      {
        serial: '421202177370939148600000040001',
        insuranceKind: '310',
        personNumber: '42120000000000000010000101',
        idType: '01',
        idNumber: '421202195803120133',
        name: '周启明',
        destination: '440305',
        destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
        reasonCode: '02',
        category: 'settled-retiree',
        from: '2026-03-17',
        to: null,
        uploaded: true,
        valid: true,
        reviewed: true,
      },
    ]);
  });

  test('Z503: the memo tells the two categories of one reason apart, and without a memo nothing does', async () => {
    const exchange = golden('Z503-outarea-query');
    const output = exchange.response?.body.output as { outappy: Record<string, unknown>[] } | undefined;
    const row = output?.outappy[0];
    const memos = ['12', '12 与子女同住', '11', '派驻', undefined];
    const rows = memos.map((memo) => ({ ...row, rloc_rea: '07', memo }));
    const { client } = await at(exchange, () => success({ outappy: rows }));
    const filings = (await outcome('Z503-outarea-query', client)) as { category: string | null }[];
    expect(filings.map((filing) => filing.category)).toEqual([
      'long-term-resident',
      'long-term-resident',
      'posted-worker',
      'posted-worker',
      null,
    ]);
  });

  test('2001: the rows of a benefit check', async () => {
    expect(await read('2001-treatment-check-maternity')).toEqual([
      {
        personNumber: MOTHER.personNumber,
        checkType: '1',
        fundType: '310100',
        enjoyed: true,
        from: '2026-01-01',
        to: null,
        result: null,
      },
    ]);
  });

  test('2401: the visit', async () => {
    const name = '2401-admission-maternity';
    expect(await read(name)).toEqual({ visitId: '421202000000310001', messageId: messageId(name) });
  });

  test('2301: how each fee was divided, in fen', async () => {
    const name = '2301-inpatient-fee-upload';
    const uploaded = (await read(name)) as { rows: unknown[]; messageIds: string[] };
    expect(uploaded.messageIds).toEqual([messageId(name)]);
    expect(uploaded.rows).toHaveLength(3);
    expect(uploaded.rows[2]).toEqual({
      serial: '000000000000000003',
      totalFen: 425_000,
      quantity: '17',
      unitPriceYuan: '250',
      priceCeilingYuan: '999999',
      selfPaidShare: 0.0471,
      fullySelfPaidFen: 35_000,
      overLimitFen: 0,
      firstSelfPaidFen: 20_000,
      inScopeFen: 370_000,
      chargeLevel: '02',
      chargeType: '09',
      memo: null,
    });
  });

  const settled = {
    visitId: '421202000000310001',
    personNumber: MOTHER.personNumber,
    name: '陈若溪',
    idType: '01',
    idNumber: '421202199407210282',
    sex: '2',
    nation: '01',
    birthDate: '1994-07-21',
    age: 31.7,
    civilServantFlag: false,
    certificateType: '02',
    insuranceKind: '310',
    personType: '1101',
    medType: '52',
    totalFen: 685_000,
    fullySelfPaidFen: 35_000,
    overLimitFen: 0,
    firstSelfPaidFen: 20_000,
    inScopeFen: 630_000,
    deductibleFen: 0,
    poolFen: 580_000,
    poolShare: 0.9206,
    civilServantFen: 0,
    enterpriseFen: 0,
    seriousIllnessFen: 0,
    largeSumFen: 0,
    medicalAidFen: 0,
    hospitalFen: 0,
    otherFen: 0,
    fundTotalFen: 580_000,
    personTotalFen: 105_000,
    accountFen: 60_000,
    cashFen: 45_000,
    sharedAccountFen: 0,
    balanceFen: 123_456,
    clearingOffice: '421202',
    clearingWay: '1',
    clearingType: '21',
    funds: [
      { type: '310100', name: '职工基本医疗保险统筹基金', amountFen: 580_000, inScopeFen: 630_000, limitFen: null },
      { type: '310200', name: '职工基本医疗保险个人账户基金', amountFen: 60_000, inScopeFen: 630_000, limitFen: null },
    ],
    sumsDisagree: [],
  };

  test('2303: a trial settlement, which has neither id nor time', async () => {
    const name = '2303-inpatient-presettle-maternity';
    expect(await read(name)).toEqual({
      ...settled,
      clearingOffice: null,
      clearingWay: null,
      providerSettlementId: messageId(name),
      messageId: messageId(name),
    });
  });

  test('2304: a settlement, its sums in order', async () => {
    const name = '2304-inpatient-settle-maternity';
    expect(await read(name)).toEqual({
      ...settled,
      id: '421202000000710001',
      settledAt: '2026-03-22 10:15:41',
      providerSettlementId: messageId(name),
      messageId: messageId(name),
    });
  });

  test('2304: a maternity fund of its own stands among the funds', async () => {
    expect(await read('2304-inpatient-settle-maternity-fund510')).toMatchObject({
      poolFen: 0,
      otherFen: 580_000,
      funds: [{ type: '510100', amountFen: 580_000 }, { type: '310200' }],
      sumsDisagree: [],
    });
  });

  test('2305: a cancellation is a settlement of its own with negative amounts', async () => {
    expect(await read('2305-inpatient-settle-cancel')).toMatchObject({
      id: '421202000000710002',
      totalFen: -685_000,
      fundTotalFen: -580_000,
      cashFen: -45_000,
      balanceFen: 183_456,
      sumsDisagree: [],
    });
  });

  test('5203: the settlement on record, under its own names for the person’s part', async () => {
    const name = '5203-settlement-query';
    expect(await read(name)).toEqual({
      ...settled,
      id: '421202000000710001',
      settledAt: '2026-03-22 10:15:41',
      providerSettlementId: 'H42120200137202603221015410024',
      messageId: messageId(name),
      refunded: false,
      providerCode: 'H42120200137',
      providerName: '咸安区示例人民医院（虚构）',
      from: '2026-03-18',
      to: '2026-03-22',
      insuredRegion: '421202',
      year: '2026',
      invoice: null,
      operatorNumber: 'YB0017',
      operatorName: '示例经办员',
      operatedAt: '2026-03-22 10:15:41',
    });
  });

  test('2601: a reversal that was done', async () => {
    expect(await read('2601-reversal')).toEqual({ outcome: 'reversed', messageId: messageId('2601-reversal') });
  });

  test('2601: a refused reversal is the platform’s text without the locator, which is kept to group by', async () => {
    const exchange = golden('2601-reversal-not-possible');
    const { client, platform } = await at(exchange, answeringWith('2601-reversal-not-possible'));
    const data = (exchange.request.body.input as { data: Record<string, string> }).data;
    const reversal = { ...MOTHER, of: 'settlement', originalMessageId: data.omsgid ?? '' } as const;
    await expect(client.reverse(reversal)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'FSI-示例：原结算已退费，不能办理冲正',
      details: { departmentCode: 'demoSetlBO_0040', reference: exchange.request.body.msgid },
    });
    expect(platform.of('2601').map(({ body }) => body)).toEqual([exchange.request.body]);
  });

  test('3201: equal totals, and totals that differ: both are answers', async () => {
    expect(await read('3201-reconcile-total')).toMatchObject({ result: '0', agrees: true, description: '对平' });
    expect(await read('3201-reconcile-total-mismatch')).toEqual({
      clearingOffice: '421202',
      result: '2',
      agrees: false,
      description: '医药机构多',
      messageId: messageId('3201-reconcile-total-mismatch'),
    });
  });

  test('5301, 5302, 5304: filings on record', async () => {
    expect(await read('5301-opsp-filing-query')).toEqual([
      { diseaseCode: 'M03900', diseaseName: '高血压', from: '2026-03-16', to: '2027-03-15' },
    ]);
    expect(await read('5302-fixed-provider-query')).toEqual([
      {
        personNumber: CHRONIC.personNumber,
        insuranceKind: '390',
        rank: '1',
        providerCode: 'H42120200137',
        providerName: '咸安区示例人民医院（虚构）',
        from: '2026-03-16',
        to: '2026-12-31',
        memo: null,
      },
    ]);
    expect(await read('5304-transfer-query')).toEqual([
      {
        personNumber: TRANSFER.personNumber,
        insuranceKind: '310',
        source: '02',
        idType: '01',
        idNumber: '421202197101180173',
        name: '熊志远',
        sex: '1',
        birthDate: '1971-01-18',
        phone: '13900000104',
        address: '湖北省咸宁市咸安区示例路1号（虚构）',
        insuredRegion: '421202',
        employer: null,
        diagnosisCode: 'I25.103',
        diagnosisName: '冠状动脉粥样硬化性心脏病',
        condition: '示例病情描述',
        toProviderCode: 'H42010600902',
        toProviderName: '武汉示例医院（虚构）',
        outOfArea: true,
        date: '2026-03-16',
        reason: '本院不具备相应诊疗条件',
        from: '2026-03-16',
        to: '2026-09-15',
        hospitalAgreed: true,
        operatorNumber: 'YB0017',
        operatorName: '示例经办员',
        operatedAt: '2026-03-16 10:25:41',
      },
    ]);
  });

  test('5303: visits (the wire document’s example)', async () => {
    const exchange = golden('5304-transfer-query');
    const { client, platform } = await at(exchange, () =>
      success({
        data: [
          {
            mdtrt_id: '421202000000310001',
            psn_no: MOTHER.personNumber,
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
      }),
    );
    expect(await client.visits({ ...MOTHER, from: '2026-03-01', to: '2026-03-31' })).toEqual([
      {
        id: '421202000000310001',
        personNumber: MOTHER.personNumber,
        idType: '01',
        idNumber: '421202199407210282',
        name: '陈若溪',
        sex: '2',
        nation: '01',
        birthDate: '1994-07-21',
        age: 31.7,
        insuranceKind: '310',
        personType: '1101',
        admittedAt: '2026-03-18 08:30:00',
        medType: '52',
        admissionNumber: 'ZY202603180007',
        providerCode: 'H42120200137',
        providerName: '咸安区示例人民医院（虚构）',
        departmentName: '产科专业',
        bed: '12',
      },
    ]);
    expect(platform.of('5303')[0]?.body.input).toEqual({
      data: { psn_no: MOTHER.personNumber, begntime: '2026-03-01 00:00:00', endtime: '2026-03-31 23:59:59' },
    });
  });
});

describe('the golden requests that get no answer', () => {
  test.each(['2501-transfer-filing-timeout', '2304-inpatient-settle-timeout'])(
    '%s: the outcome is unknown under the message id that was told before sending, and nothing is sent again',
    async (name) => {
      const exchange = golden(name);
      const { client, platform } = await at(exchange, () => NO_ANSWER, {
        line: { deadline: { writeMs: 250 } },
      });
      const told: { id: string; arrivals: number }[] = [];
      const options = {
        beforeSending: (id: string) => {
          told.push({ id, arrivals: platform.of(exchange.meta.transaction).length });
        },
      };
      const call = name.startsWith('2501')
        ? client.fileReferral(referral, options)
        : client.settle(settlementRequest, options);
      await expect(call).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        details: { reference: exchange.request.body.msgid },
      });
      expect(told).toEqual([{ id: exchange.request.body.msgid, arrivals: 0 }]);
      expect(platform.of(exchange.meta.transaction).map(({ body }) => body)).toEqual([exchange.request.body]);
    },
  );
});

test('the suffix form posts to the base address followed by the number', async () => {
  const platform = await startPlatform(answeringWith('3201-reconcile-total'));
  const client = clientOf(`${platform.url}/ebus/route/`, { settings: { addressForm: 'suffix' } });
  await client.reconcileTotals(totals);
  expect(platform.arrivals.map(({ url }) => url)).toEqual(['/ebus/route/9001', '/ebus/route/3201']);
  expect(platform.arrivals[1]?.body.sign_no).toBe(SIGN_NUMBER);
});
