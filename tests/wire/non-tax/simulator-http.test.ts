import { createHash } from 'node:crypto';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { PaymentNoticeSeed } from '../../../seeds/model.ts';
import { goldenBytes, goldenVoucher, manifest } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { type Running, readAnswer, running } from './simulator-wire.ts';

const { rent, registrationFeeReceipted } = GOLDEN_NOTICES;

async function post(finance: Running, path: string, type: string, body: Buffer | string) {
  const response = await request(new URL(path, finance.simulator.httpUrl), {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  return { status: response.statusCode, body: Buffer.from(await response.body.arrayBuffer()) };
}

describe('the frames over HTTP', () => {
  it('are answered as over TCP', async () => {
    await using finance = await running(goldenPopulation(rent));

    const { status, body } = await post(
      finance,
      '/',
      'application/octet-stream',
      goldenBytes('05-query-unpaid.request.bin'),
    );

    expect(status).toBe(200);
    expect(readAnswer(body).voucher).toBe(goldenVoucher('05-query-unpaid.response.bin'));
    expect(finance.core.calls.calls).toEqual({ '8997': 1 });
  });

  it('have status 200 for refusals, 400 for what is no frame, 415 for another type', async () => {
    await using finance = await running(goldenPopulation());
    const unknown = await post(finance, '/', 'application/octet-stream', goldenBytes('07-query-unknown.request.bin'));
    const spoiled = await post(finance, '/', 'application/octet-stream', goldenBytes('neg-bad-mac.bin'));
    const text = await post(finance, '/', 'text/plain', goldenBytes('07-query-unknown.request.bin'));

    expect([unknown.status, spoiled.status, text.status]).toEqual([200, 400, 415]);
    expect(readAnswer(unknown.body).get('Result')).toBe('11001');
  });

  it('share the book with TCP', async () => {
    await using finance = await running(goldenPopulation());
    await post(finance, '/', 'application/octet-stream', goldenBytes('01-open-rent.request.bin'));

    expect(readAnswer(await finance.send(goldenBytes('05-query-unpaid.request.bin'))).get('PayStats')).toBe('0');
  });

  it('take the faults too', async () => {
    await using finance = await running(goldenPopulation(rent));
    finance.core.addFault({ kind: 'bad-signature', times: 1 });
    finance.core.addFault({ kind: 'busy', times: 1 });
    const ask = () => post(finance, '/', 'application/octet-stream', goldenBytes('05-query-unpaid.request.bin'));

    const spoiled = await ask();
    expect(() => readAnswer(spoiled.body)).toThrow('wrong digest');
    expect(readAnswer((await ask()).body).get('Result')).toBe('99999');
  });

  it('are found by the act that tells the address', async () => {
    await using finance = await running(goldenPopulation());

    expect(await finance.act('http-address')).toEqual({ url: finance.simulator.httpUrl });
  });
});

const STANDARD_WEB = '/standard-web/api/standard/';
const openGolden = JSON.parse(goldenBytes('rest-1-invoiceEPayBook.request.json').toString()) as Record<string, string>;
const wish = JSON.parse(Buffer.from(openGolden.data ?? '', 'base64').toString()) as Record<string, unknown>;

interface StandardWebAnswer {
  readonly result: string;
  readonly message: string;
}

function unwrap(body: Buffer): StandardWebAnswer {
  const outer = JSON.parse(body.toString()) as { data: string };
  const { result, message } = JSON.parse(Buffer.from(outer.data, 'base64').toString()) as StandardWebAnswer;
  return { result, message: Buffer.from(message, 'base64').toString() };
}

async function call(finance: Running, name: string, body: Buffer | string): Promise<StandardWebAnswer> {
  return unwrap((await post(finance, STANDARD_WEB + name, 'application/json', body)).body);
}

/** A request of the dialect, rightly signed unless a sign is among the changes. */
function signed(data: unknown, changes: Readonly<Record<string, string>> = {}): string {
  const { sign, ...members } = {
    region: '421202',
    deptcode: '038002',
    appid: 'XABDC0000001',
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    noise: '1773624010123',
    version: '1.0',
    sign: undefined,
    ...changes,
  };
  const { region, deptcode, appid, data: text, noise } = members;
  const plain = `region=${region}&deptcode=${deptcode}&appid=${appid}&data=${text}&noise=${noise}&key=${manifest.restKey}&version=1.0`;
  return JSON.stringify({ ...members, sign: sign ?? createHash('md5').update(plain).digest('hex').toUpperCase() });
}

const REST_CASES: readonly [file: string, call: string, book: readonly PaymentNoticeSeed[]][] = [
  ['rest-2-getPayQrCode', 'getPayQrCode', [registrationFeeReceipted]],
  ['rest-3-getPayBookConfirmResult', 'getPayBookConfirmResult', [registrationFeeReceipted]],
  ['rest-4-getEBillByPayCode', 'getEBillByPayCode', [registrationFeeReceipted]],
  ['rest-5-error', 'getPayQrCode', [registrationFeeReceipted]],
];

describe('the JSON dialect, standard-web', () => {
  it.each(REST_CASES)('answers golden %s byte by byte', async (file, name, book) => {
    await using finance = await running(goldenPopulation(...book));

    const { status, body } = await post(
      finance,
      STANDARD_WEB + name,
      'application/json',
      goldenBytes(`${file}.request.json`),
    );

    expect(status).toBe(200);
    expect(body.toString()).toBe(goldenBytes(`${file}.response.json`).toString());
  });

  it('opens the notice of golden rest-1 with the next PayCode', async () => {
    await using finance = await running(goldenPopulation(rent));

    const { result, message } = await call(
      finance,
      'invoiceEPayBook',
      goldenBytes('rest-1-invoiceEPayBook.request.json'),
    );

    const golden = manifest.files.find(({ file }) => file === 'rest-1-invoiceEPayBook.response.json');
    expect(result).toBe('S0000');
    expect(JSON.parse(message)).toEqual({
      ...(golden?.plain as object),
      createTime: expect.stringMatching(/^20260316\d{9}$/),
    });
    expect(finance.ledger()).toEqual([
      {
        kind: 'payment-opened',
        reference: '42120226300000001002',
        subject: '421202197511120034',
        amountFen: 8_000,
        unit: '038002',
        busNo: '202603160007',
      },
    ]);
  });

  it('opens one notice for one busNo, and refuses another under it', async () => {
    await using finance = await running(goldenPopulation());

    const answers = [
      await call(finance, 'invoiceEPayBook', signed(wish)),
      await call(finance, 'invoiceEPayBook', signed(wish, { noise: '1773624010999' })),
    ];
    const other = await call(finance, 'invoiceEPayBook', signed({ ...wish, payer: '李明' }));

    expect(answers[1]).toEqual(answers[0]);
    expect(other.result).toBe('E0005');
    expect(finance.ledger()).toHaveLength(1);
  });

  it('shows a payment and the bill that finance issues for it', async () => {
    await using finance = await running(goldenPopulation());
    const opened = await call(finance, 'invoiceEPayBook', signed(wish));
    const { payCode } = JSON.parse(opened.message) as { payCode: string };
    const before = [
      await call(finance, 'getPayBookConfirmResult', signed({ payCode })),
      await call(finance, 'getEBillByPayCode', signed({ payCode })),
    ];

    await finance.act('pay', { payCode, mode: '51' });

    expect(JSON.parse(before[0]?.message ?? '')).toMatchObject({ paymentChannel: '', isPay: '0' });
    expect(before[1]?.result).toBe('E0006');
    const confirmed = await call(finance, 'getPayBookConfirmResult', signed({ payCode }));
    expect(JSON.parse(confirmed.message)).toMatchObject({ paymentChannel: '51', isPay: '1' });
    const bill = JSON.parse((await call(finance, 'getEBillByPayCode', signed({ payCode }))).message);
    expect(bill).toMatchObject({
      billBatchCode: '42010126',
      billNo: '0000000001',
      random: expect.stringMatching(/^[a-z0-9]{6}$/),
    });
    expect(finance.ledger().map(({ kind }) => kind)).toEqual([
      'payment-opened',
      'payment-paid',
      'receipt-number',
      'receipt-issued',
    ]);
  });

  it.each([
    ['a wrong sign', signed(wish, { sign: '0'.repeat(32) }), 'E0002'],
    ['another appid', signed(wish, { appid: 'OTHER' }), 'E0002'],
    [
      'a sign in small letters',
      golden((request) => ({ ...request, sign: String(request.sign).toLowerCase() })),
      'E0002',
    ],
    ['another region', signed(wish, { region: '421200' }), 'E0003'],
    ['a unit without rights', signed(wish, { deptcode: '999999' }), 'E0004'],
    ['data that is no Base64', signed(wish, { data: '{}' }), 'E0003'],
    ['a member too many', golden((request) => ({ ...request, more: '' })), 'E0003'],
    ['a member too few', golden(({ noise: _noise, ...request }) => request), 'E0003'],
    ['no JSON', 'region=421202', 'E0003'],
    ['an amount as text', signed({ ...wish, totalAmt: '80.00' }), 'E0003'],
    ['an amount finer than a fen', signed({ ...wish, totalAmt: 80.001 }), 'E0003'],
    ['another total than its items', signed({ ...wish, totalAmt: 81 }), 'E0003'],
    [
      'an unknown item',
      signed({ ...wish, chargeDetail: [{ chargeName: '其他', std: 80, number: 1, amt: 80 }] }),
      'E0003',
    ],
    [
      'an item that is not number times std',
      signed({ ...wish, chargeDetail: [{ chargeName: '不动产登记费', std: 40, number: 1, amt: 80 }] }),
      'E0003',
    ],
    ['a day that is over', signed({ ...wish, effectiveDate: '20260315' }), 'E0003'],
    ['no busNo', signed({ ...wish, busNo: '' }), 'E0003'],
  ])('refuses %s', async (_, body, code) => {
    await using finance = await running(goldenPopulation());

    const answer = await call(finance, 'invoiceEPayBook', body);

    expect(answer.result).toBe(code);
    expect(answer.message).not.toContain('421202197511120034');
    expect(finance.ledger()).toEqual([]);
  });

  it('takes the faults by the name of the call', async () => {
    await using finance = await running(goldenPopulation(registrationFeeReceipted));
    const ask = () => call(finance, 'getPayQrCode', goldenBytes('rest-2-getPayQrCode.request.json'));
    finance.core.addFault({ kind: 'busy', match: 'getPayQrCode', times: 1 });
    finance.core.addFault({ kind: 'expired-secret', match: 'getPayQrCode', times: 1 });

    expect([(await ask()).result, (await ask()).result, (await ask()).result]).toEqual(['E9999', 'E0002', 'S0000']);
  });

  it('knows no other path', async () => {
    await using finance = await running(goldenPopulation());

    expect((await post(finance, `${STANDARD_WEB}cancel`, 'application/json', '{}')).status).toBe(404);
  });
});

function golden(change: (request: Record<string, string>) => unknown): string {
  return JSON.stringify(change(openGolden));
}
