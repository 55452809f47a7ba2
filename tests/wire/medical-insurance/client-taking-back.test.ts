import { describe, expect, test } from 'vitest';
import type { MedicalCallOptions, MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { gatewaySignature } from '../../../adapters/medical-insurance/signing.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { MOTHER, VISIT } from './client-acts.ts';
import { clientOf, counterOf, type Platform, refusal, startPlatform, success } from './client-platform.ts';
import { designed, type Golden, manifest } from './golden-files.ts';

const ON = { takingBack: { enabled: true } };
const visit = { ...MOTHER, visitId: VISIT };
const named = { ...visit, rows: ['000000000000000001', '000000000000000003'] };

interface Designed {
  readonly data: readonly { readonly feedetl_sn: string }[];
}

type Act = (client: MedicalInsuranceClient, options?: MedicalCallOptions) => Promise<unknown>;

/** What is done so that each designed exchange comes about, and what it ends with. */
const EXCHANGES: readonly [name: string, act: Act, ending: object][] = [
  [
    '2302-every-fee',
    (client, options) => client.takeBackFees(visit, options),
    { outcome: 'taken-back', messageIds: ['H42120200137202603220940100031'] },
  ],
  ['2302-named-fees', (client, options) => client.takeBackFees(named, options), { outcome: 'taken-back' }],
  [
    '2302-no-fees',
    (client, options) => client.takeBackFees({ ...visit, rows: 'all' }, options),
    { outcome: 'nothing-there', messageIds: ['H42120200137202603220942100033'] },
  ],
  [
    '2404-admission-cancelled',
    (client, options) => client.cancelAdmission(visit, options),
    { messageId: 'H42120200137202603220943100034' },
  ],
  [
    '2404-fees-stand',
    (client, options) => client.cancelAdmission(visit, options),
    { code: 'DEPARTMENT_REJECTED', detail: 'FSI-示例：就诊有未撤销的费用明细，不能撤销入院' },
  ],
];

/** A client whose clock and serial are the exchange's, against a platform that answers as it does. */
async function at(exchange: Golden, settings: Record<string, unknown> = ON) {
  const { inf_time, msgid } = exchange.request.body;
  const platform = await startPlatform(() => exchange.response?.body);
  const client = clientOf(platform.url, {
    settings,
    clock: () => instantFromChina(inf_time),
    counter: counterOf(4_999, Number(msgid.slice(-4))),
  });
  return { client, platform };
}

/** Any number of messages, all answered as told. */
async function answering(answer: (infno: string) => unknown, settings: Record<string, unknown> = ON) {
  const platform = await startPlatform(({ body }) => answer(String(body.infno)));
  return { client: clientOf(platform.url, { settings }), platform };
}

const serialsOf = (platform: Platform) =>
  platform.of('2302').map(({ body }) => (body.input as unknown as Designed).data.map((row) => row.feedetl_sn));

describe('each designed exchange', () => {
  test.each(EXCHANGES)('%s: is sent as designed, signed, and its answer understood', async (name, act, ending) => {
    const exchange = designed(name);
    const { client, platform } = await at(exchange);
    const told: string[] = [];
    const ended = await act(client, { beforeSending: (id) => void told.push(id) }).catch((error: unknown) => error);
    expect(ended).toMatchObject(ending);

    const [arrival, ...more] = platform.of(exchange.meta.transaction);
    expect(more).toEqual([]);
    expect(arrival?.body).toEqual(exchange.request.body);
    expect(arrival?.url).toBe(exchange.request.path_dispatcher);
    expect(told).toEqual([exchange.request.body.msgid]);
    const { 'x-tif-nonce': nonce, 'x-tif-timestamp': timestamp, 'x-tif-signature': signature } = arrival?.headers ?? {};
    expect(timestamp).toBe(exchange.request.headers['x-tif-timestamp']);
    expect(signature).toBe(
      gatewaySignature({ token: manifest.token, timestamp: String(timestamp), nonce: String(nonce) }),
    );
  });

  test.each(EXCHANGES)('%s: its own signature is the one of section 1.2', (name) => {
    const { headers } = designed(name).request;
    const { 'x-tif-nonce': nonce = '', 'x-tif-timestamp': timestamp = '', 'x-tif-signature': signature } = headers;
    expect(signature).toBe(gatewaySignature({ token: manifest.token, timestamp, nonce }));
  });

  test.each(EXCHANGES)('%s: address form 2 has a path for it', async (name, act) => {
    const exchange = designed(name);
    const { client, platform } = await at(exchange, { ...ON, addressForm: 'per-transaction' });
    await act(client).catch(() => {});
    expect(platform.of(exchange.meta.transaction)[0]?.url).toBe(exchange.request.path_per_transaction);
  });

  test.each(EXCHANGES)(
    '%s: forbidden while the setting is off, as it is unless told, and nothing is sent',
    async (name, act) => {
      const { client, platform } = await at(designed(name), {});
      expect(client.takesBack).toBe(false);
      await expect(act(client)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('takingBack.enabled'),
        details: { field: 'takingBack.enabled' },
      });
      expect(platform.arrivals).toEqual([]);
    },
  );
});

describe('fees named', () => {
  const rows = ['1', '2', '3', '4', '5'];

  test('are taken back in the slices of an upload; a slice that is gone is passed over', async () => {
    let asked = 0;
    const { client, platform } = await answering(
      () => (++asked === 1 ? refusal('FSI-示例：未查询到费用明细[demoFeeBO_0072]') : success({})),
      { ...ON, feeRowsPerCall: 2 },
    );
    const { outcome, messageIds } = await client.takeBackFees({ ...visit, rows });
    expect(outcome).toBe('taken-back');
    expect(serialsOf(platform)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(messageIds).toEqual(platform.of('2302').map(({ body }) => body.msgid));
  });

  test('stop at the first slice that is refused otherwise', async () => {
    const { client, platform } = await answering(() => refusal('FSI-示例：就诊已结算，不能办理[demoSetlBO_0043]'), {
      ...ON,
      feeRowsPerCall: 2,
    });
    await expect(client.takeBackFees({ ...visit, rows })).rejects.toMatchObject({ code: 'DEPARTMENT_REJECTED' });
    expect(serialsOf(platform)).toEqual([['1', '2']]);
  });

  test.each([
    ['none', [], 'rows'],
    ['an empty serial', ['1', ''], 'rows.1'],
    ['a serial too long', ['1'.repeat(31)], 'rows.0'],
    ['the serial that stands for every row', ['1', '0000'], 'rows.1'],
  ])('%s: wrong before anything is sent', async (_what, wrong, field) => {
    const { client, platform } = await answering(() => success({}));
    await expect(client.takeBackFees({ ...visit, rows: wrong })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field },
    });
    expect(platform.arrivals).toEqual([]);
  });
});

test('an answer that never comes is of unknown outcome', async () => {
  const { client } = await answering(() => 'no envelope');
  for (const act of [client.takeBackFees(visit), client.cancelAdmission(visit)]) {
    await expect(act).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  }
});
