import { describe, expect, test } from 'vitest';
import { FeeUploadStopped } from '../../../adapters/medical-insurance/errors.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { ACTS, CHRONIC, fees, MOTHER, RETIREE, referral, settlementRequest, totals } from './client-acts.ts';
import {
  type Answerer,
  type ClientParts,
  clientOf,
  HOSPITAL,
  RawAnswer,
  refusal,
  signedIn,
  startPlatform,
  success,
} from './client-platform.ts';
import { golden } from './golden-files.ts';

async function answering(answer: Answerer, parts: ClientParts = {}, signIn?: Answerer) {
  const platform = await startPlatform(answer, signIn);
  const client = clientOf(platform.url, parts);
  return { client, platform };
}

const filed = golden('2501-transfer-filing').response?.body;
const settled = golden('2304-inpatient-settle-maternity').response?.body;
const found = golden('5301-opsp-filing-query').response?.body;
const OTHER_HOSPITAL = {
  code: 'H42120200555',
  name: '示例妇幼保健院（虚构）',
  operator: { number: 'YB0099', name: '示例经办员乙' },
};

describe('sign-in numbers', () => {
  test('any number of callers wait for one sign-in, and later calls reuse it', async () => {
    const { client, platform } = await answering(() => found);
    await Promise.all(Array.from({ length: 12 }, () => client.chronicDiseaseFilings(CHRONIC)));
    await client.chronicDiseaseFilings(CHRONIC);
    expect(platform.of('9001')).toHaveLength(1);
    expect(platform.of('5301')).toHaveLength(13);
  });

  test('a number is kept for the China day and no longer', async () => {
    let now = Date.parse('2026-03-16T23:59:00+08:00');
    const { client, platform } = await answering(() => found, { clock: () => now });
    await client.chronicDiseaseFilings(CHRONIC);
    now = Date.parse('2026-03-16T23:59:59+08:00');
    await client.chronicDiseaseFilings(CHRONIC);
    expect(platform.of('9001')).toHaveLength(1);
    now = Date.parse('2026-03-17T00:00:00+08:00');
    expect(await client.signOut()).toBeNull();
    await client.chronicDiseaseFilings(CHRONIC);
    expect(platform.of('9001')).toHaveLength(2);
  });

  test('each provider and operator has a number of its own, and its envelopes its names', async () => {
    const { client, platform } = await answering(
      () => found,
      {},
      ({ body }) => signedIn(`${body.fixmedins_code}/${body.opter}`),
    );
    const other = { institution: OTHER_HOSPITAL };
    const colleague = { institution: { ...HOSPITAL, operator: { number: 'YB0018', name: '示例经办员丙' } } };
    for (const options of [{}, other, colleague, {}, other, colleague]) {
      await client.chronicDiseaseFilings(CHRONIC, options);
    }
    expect(platform.of('9001')).toHaveLength(3);
    expect(platform.of('5301').map(({ body }) => body.sign_no)).toEqual([
      'H42120200137/YB0017',
      'H42120200555/YB0099',
      'H42120200137/YB0018',
      'H42120200137/YB0017',
      'H42120200555/YB0099',
      'H42120200137/YB0018',
    ]);
    expect(platform.of('5301')[1]?.body).toMatchObject({
      fixmedins_code: 'H42120200555',
      fixmedins_name: '示例妇幼保健院（虚构）',
      opter: 'YB0099',
      opter_name: '示例经办员乙',
      mdtrtarea_admvs: '421202',
    });
    expect(String(platform.of('5301')[1]?.body.msgid)).toMatch(/^H42120200555/);
  });

  test('many callers whose number was refused renew it once', async () => {
    let number = 1;
    const { client, platform } = await answering(
      ({ body }) => (body.sign_no === 'S2' ? found : refusal('请重新签到')),
      {},
      () => {
        const given = signedIn(`S${number}`);
        number += 1;
        return given;
      },
    );
    await Promise.all(Array.from({ length: 4 }, () => client.chronicDiseaseFilings(CHRONIC)));
    expect(platform.of('9001')).toHaveLength(2);
  });

  test('an institution that is none is invalid input before anything is sent', async () => {
    const { client, platform } = await answering(() => found);
    await expect(
      client.chronicDiseaseFilings(CHRONIC, { institution: { ...OTHER_HOSPITAL, code: 'H1' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'institution.code' } });
    expect(platform.arrivals).toEqual([]);
  });
});

describe('regions', () => {
  test('the insured region is the one given, the provider’s own where nobody is insured', async () => {
    const { client, platform } = await answering(({ body }) =>
      body.infno === '5301' ? found : golden('3201-reconcile-total').response?.body,
    );
    await client.chronicDiseaseFilings({ ...CHRONIC, insuredRegion: '440305' });
    await client.reconcileTotals(totals);
    expect(platform.arrivals.map(({ body }) => [body.infno, body.mdtrtarea_admvs, body.insuplc_admdvs])).toEqual([
      ['9001', '421202', ''],
      ['5301', '421202', '440305'],
      ['3201', '421202', '421202'],
    ]);
  });
});

describe('order and number of calls', () => {
  /** An answerer that holds its answers until they are released. */
  function held(answer: unknown) {
    const inFlight = new Map<unknown, number>();
    const most = new Map<unknown, number>();
    const waiting: (() => void)[] = [];
    const arrived: { wake: (() => void) | undefined } = { wake: undefined };
    const answerer: Answerer = async ({ body: { fixmedins_code: provider } }) => {
      const now = (inFlight.get(provider) ?? 0) + 1;
      inFlight.set(provider, now);
      most.set(provider, Math.max(most.get(provider) ?? 0, now));
      arrived.wake?.();
      await new Promise<void>((resolve) => waiting.push(resolve));
      inFlight.set(provider, (inFlight.get(provider) ?? 0) - 1);
      return answer;
    };
    return {
      answerer,
      most,
      async until(count: number) {
        while (waiting.length < count) {
          await new Promise<void>((resolve) => {
            arrived.wake = () => setImmediate(resolve);
          });
        }
      },
      release() {
        for (const go of waiting.splice(0)) go();
      },
    };
  }

  test('four calls at once for one provider, others of their own beside', async () => {
    const gate = held(found);
    const { client } = await answering(gate.answerer);
    const calls = Array.from({ length: 6 }, () => client.chronicDiseaseFilings(CHRONIC));
    const others = Array.from({ length: 2 }, () =>
      client.chronicDiseaseFilings(CHRONIC, { institution: OTHER_HOSPITAL }),
    );
    await gate.until(6);
    expect(Object.fromEntries(gate.most)).toEqual({ [HOSPITAL.code]: 4, [OTHER_HOSPITAL.code]: 2 });
    gate.release();
    await gate.until(2);
    gate.release();
    await Promise.all([...calls, ...others]);
    expect(gate.most.get(HOSPITAL.code)).toBe(4);
  });

  test('one writing or settling call of a person at a time, in order; queries and other persons go on', async () => {
    const order: string[] = [];
    const elsewhere = Promise.withResolvers<void>();
    const { client } = await answering(async ({ body }) => {
      const person = String(body.input?.data?.psn_no);
      const call = `${body.infno} ${person === MOTHER.personNumber ? 'mother' : 'other'}`;
      order.push(`${call} begins`);
      if (order.includes('2502 other begins') && order.includes('5301 mother begins')) elsewhere.resolve();
      // The first of the mother's calls ends when those that need not wait for it have come.
      if (body.infno === '2303') await elsewhere.promise;
      order.push(`${call} ends`);
      const answers: Record<string, unknown> = {
        '2303': golden('2303-inpatient-presettle-maternity').response?.body,
        '2304': settled,
        '2502': success({}),
        '5301': found,
      };
      return answers[String(body.infno)];
    });
    await Promise.all([
      client.trialSettlement(settlementRequest),
      client.settle(settlementRequest),
      client.cancelReferral({ ...MOTHER, serial: '1' }),
      client.cancelReferral({ ...RETIREE, serial: '2' }),
      client.chronicDiseaseFilings(MOTHER),
    ]);
    expect(order.filter((line) => line.includes('mother') && !line.startsWith('5301'))).toEqual([
      '2303 mother begins',
      '2303 mother ends',
      '2304 mother begins',
      '2304 mother ends',
      '2502 mother begins',
      '2502 mother ends',
    ]);
  });

  test('a write that fails lets the next one of the person go on', async () => {
    const answers = [new RawAnswer(''), settled];
    const { client } = await answering(() => answers.shift());
    const [first, second] = await Promise.allSettled([
      client.settle(settlementRequest),
      client.settle(settlementRequest),
    ]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('a write that waits too long behind another call of the person was not sent', async () => {
    const gate = Promise.withResolvers<void>();
    const { client, platform } = await answering(
      async () => {
        await gate.promise;
        return golden('2303-inpatient-presettle-maternity').response?.body;
      },
      { settings: { settlementDeadlineMs: 10_000, line: { deadline: { writeMs: 80 } } } },
    );
    const trial = client.trialSettlement(settlementRequest);
    await expect(client.settle(settlementRequest)).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    gate.resolve();
    await trial;
    expect(platform.of('2304')).toEqual([]);
  });

  test('fees go in slices of 100, one after another', async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({
      ...(fees.rows[0] as (typeof fees.rows)[0]),
      serial: String(index).padStart(18, '0'),
    }));
    let inFlight = 0;
    const { client, platform } = await answering(async ({ body }) => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return echoed(body.input as never);
    });
    const uploaded = await client.uploadFees({ ...fees, rows: many });
    const sizes = platform.of('2301').map(({ body }) => Object.keys(body.input?.feedetail ?? {}).length);
    expect(sizes).toEqual([100, 100, 50]);
    expect(uploaded.rows.map((row) => row.serial)).toEqual(many.map((row) => row.serial));
    expect(uploaded.messageIds).toEqual(platform.of('2301').map(({ body }) => body.msgid));
  });

  test('an upload stops at the first slice that fails and tells what was taken before it', async () => {
    const many = Array.from({ length: 7 }, (_, index) => ({
      ...(fees.rows[0] as (typeof fees.rows)[0]),
      serial: `F${index}`,
    }));
    const { client, platform } = await answering(
      ({ body }) =>
        platform.of('2301').length === 2 ? refusal('FSI-示例：目录编码错误') : echoed(body.input as never),
      { settings: { feeRowsPerCall: 3 } },
    );
    const failure = await client.uploadFees({ ...fees, rows: many }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FeeUploadStopped);
    expect(failure).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'FSI-示例：目录编码错误',
      stoppedAt: 3,
      accepted: { rows: [{ serial: 'F0' }, { serial: 'F1' }, { serial: 'F2' }], messageIds: [expect.any(String)] },
    });
    expect(platform.of('2301')).toHaveLength(2);
  });

  test('every call is told to the observer with its transaction and message id, sign-in among them', async () => {
    const records: CallRecord[] = [];
    const { client, platform } = await answering(() => filed, { records });
    await client.fileReferral(referral);
    expect(
      records.map(({ transaction, mode, outcome, reference }) => ({ transaction, mode, outcome, reference })),
    ).toEqual([
      { transaction: '9001', mode: 'read', outcome: 'OK', reference: platform.arrivals[0]?.body.msgid },
      { transaction: '2501', mode: 'write', outcome: 'OK', reference: platform.arrivals[1]?.body.msgid },
    ]);
  });

  test('beforeSending is awaited before the first byte, and what it throws ends the call', async () => {
    const { client, platform } = await answering(({ body }) => (body.infno === '5301' ? found : filed));
    const seen: [string, number][] = [];
    const beforeSending = async (id: string) => {
      // A whole exchange over the same line: long enough for anything already sent to have arrived.
      await client.chronicDiseaseFilings(CHRONIC);
      seen.push([id, platform.of('2501').length]);
    };
    await client.fileReferral(referral, { beforeSending });
    expect(seen).toEqual([[platform.of('2501')[0]?.body.msgid, 0]]);

    const full = new Error('the store is full');
    const throwing = () => {
      throw full;
    };
    for (const failing of [throwing, () => Promise.reject(full)]) {
      await expect(client.fileReferral(referral, { beforeSending: failing })).rejects.toBe(full);
    }
    expect(platform.of('2501')).toHaveLength(1);
  });
});

describe('the assumed transactions', () => {
  const acts = ['Z501-outarea-retiree', 'Z502-outarea-cancel', 'Z503-outarea-query'];

  test.each(acts)('%s: forbidden while the setting is off, and nothing is sent', async (name) => {
    const { client, platform } = await answering(() => success({}));
    const call = ACTS[name]?.(client);
    await expect(call).rejects.toBeInstanceOf(CasegraphError);
    await expect(call).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('assumedTransactions.enabled'),
    });
    expect(platform.arrivals).toEqual([]);
  });

  test('numbers and codes are the settings’', async () => {
    const { client, platform } = await answering(() => success({ result: { trt_dcla_detl_sn: '1' }, outappy: [] }), {
      settings: {
        assumedTransactions: {
          enabled: true,
          apply: '25A1',
          cancel: '25A2',
          query: '25A3',
          categories: { settledRetiree: { reason: '2', memo: 'R-' } },
        },
      },
    });
    for (const name of acts) await ACTS[name]?.(client);
    expect(platform.arrivals.map(({ body }) => body.infno)).toEqual(['9001', '25A1', '25A2', '25A3']);
    expect(platform.of('25A1')[0]?.body.input?.data).toMatchObject({ rloc_rea: '2', memo: 'R-' });
  });

  test('the maternity filing’s number and node are the settings’', async () => {
    const { client, platform } = await answering(() => success({ result: { trt_dcla_detl_sn: '1' } }), {
      settings: { maternityFiling: { transaction: '90201', node: 'matninfo' } },
    });
    await ACTS['2699-maternity-filing']?.(client);
    expect(Object.keys(platform.of('90201')[0]?.body.input ?? {})).toEqual(['matninfo']);
  });
});

describe('input that the platform would not take is refused before anything is sent', () => {
  test.each([
    ['reason', { reason: '理'.repeat(101) }],
    ['diagnosisCode', { diagnosisCode: ' ' }],
    ['insuredRegion', { insuredRegion: '4212' }],
    ['toRegion', { toRegion: '武汉' }],
    ['date', { date: '2026-02-30' }],
    ['from', { from: '2026-03-16 00:00:00' }],
    ['personNumber', { personNumber: '' }],
  ])('a wrong %s', async (field, change) => {
    const { client, platform } = await answering(() => filed);
    await expect(client.fileReferral({ ...referral, ...change })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field },
    });
    expect(platform.arrivals).toEqual([]);
  });

  test('half a fen, a unit price with seven decimals, a time that is none', async () => {
    const { client, platform } = await answering(() => settled);
    await expect(client.settle({ ...settlementRequest, totalFen: 0.5 })).rejects.toMatchObject({
      details: { field: 'totalFen' },
    });
    const row = fees.rows[0] as (typeof fees.rows)[0];
    await expect(
      client.uploadFees({ ...fees, rows: [row, { ...row, unitPriceYuan: '0.0000001' }] }),
    ).rejects.toMatchObject({ details: { field: 'rows.1.unitPriceYuan' } });
    await expect(client.uploadFees({ ...fees, rows: [{ ...row, at: '2026-03-19 24:00:01' }] })).rejects.toMatchObject({
      details: { field: 'rows.0.at' },
    });
    expect(platform.arrivals).toEqual([]);
  });
});

/** An answer of 2301 that takes every row as it is. */
function echoed(input: { feedetail: { feedetl_sn: string; det_item_fee_sumamt: number }[] }): Record<string, unknown> {
  return success({
    result: input.feedetail.map(({ feedetl_sn, det_item_fee_sumamt }) => ({ feedetl_sn, det_item_fee_sumamt })),
  });
}
