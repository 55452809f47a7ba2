import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import { type NonTaxClient, nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { closeLater } from '../closing.ts';
import { failureOf } from '../failure.ts';
import { type HttpLoopback, httpLoopback } from '../loopback.ts';
import { mswLoopback } from '../msw-loopback.ts';
import {
  district,
  LINE,
  REGISTRATION,
  REGISTRATION_NOTICE,
  RENT_NOTICE,
  standardWebDistrict,
} from './client-district.ts';
import { answerFrame, general, httpFinance } from './client-loopback.ts';

const PAY_CODE = '42120226300000001002';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const body = (result: string, payload: string) => ({
  data: base64(JSON.stringify({ result, message: base64(payload) })),
});

function clientOf(finance: HttpLoopback, settings = standardWebDistrict(finance.url)): NonTaxClient {
  const client = nonTaxClient(settings, { counter: memoryCounter() });
  closeLater(finance);
  return closeLater(client);
}

const CALL = '*/standard-web/api/standard/:call';
const answering = (result: string, payload: string) => http.post(CALL, () => HttpResponse.json(body(result, payload)));

describe('the standard-web dialect', () => {
  test('a notice that nobody has paid is unpaid', async () => {
    const client = clientOf(await mswLoopback([answering('S0000', `{"payCode":"${PAY_CODE}","paymentChannel":""}`)]));
    expect(await client.payment(PAY_CODE)).toMatchObject({ state: 'unpaid', channel: null, paidAt: null });
  });

  test('a code that finance does not know is null', async () => {
    const client = clientOf(await mswLoopback([answering('E0001', '缴款码不存在')]));
    expect(await client.payment(PAY_CODE)).toBeNull();
  });

  test('any other refusal keeps its code and loses personal data', async () => {
    const client = clientOf(await mswLoopback([answering('E0009', '身份证421202197511120034与赵㙍生不符')]));
    const error = await failureOf(client.openPayment(REGISTRATION_NOTICE));
    expect(error).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: 'E0009', reference: '202603160007' },
    });
    expect(error.message).not.toMatch(/㙍|197511120034/);
  });

  test.each([
    [
      'data.message.payCode',
      'openPayment',
      '{"busNo":"1"}',
      (client: NonTaxClient) => client.openPayment(REGISTRATION_NOTICE),
    ],
    ['data.message.qrCode', 'dynamicQr', '{}', (client: NonTaxClient) => client.dynamicQr(PAY_CODE, '50', 5)],
    [
      'data.message.pictureUrl',
      'downloadEReceipt',
      '{"billNo":"1"}',
      (client: NonTaxClient) => client.downloadEReceipt({ payCode: PAY_CODE }),
    ],
    ['data.message', 'payment', 'paid', (client: NonTaxClient) => client.payment(PAY_CODE)],
  ])('a payload without %s is told by %s', async (field, operation, payload, call) => {
    const client = clientOf(await mswLoopback([answering('S0000', payload)]));
    const code = operation === 'openPayment' ? 'OUTCOME_UNKNOWN' : 'DEPARTMENT_PROTOCOL';
    expect(await failureOf(call(client))).toMatchObject({ code, details: { field } });
  });

  test.each([
    ['voidPayment', (client: NonTaxClient) => client.voidPayment(REGISTRATION_NOTICE)],
    [
      'reconcile',
      (client: NonTaxClient) => client.reconcile({ settleDate: '2026-03-16', statementNumber: '1', entries: [] }),
    ],
    ['allotEReceiptNumber', (client: NonTaxClient) => client.allotEReceiptNumber({ unitCode: '038002' })],
    [
      'issueEReceipt',
      (client: NonTaxClient) =>
        client.issueEReceipt({
          payCode: PAY_CODE,
          unitCode: '038002',
          number: '0000012345',
          check: '8f3k2a',
          issuedAt: '2026-03-16T16:12:00+08:00',
          payer: { type: '1', idNumber: '1', name: 'x' },
          items: [],
        }),
    ],
  ])('has no %s and says so by name, without sending anything', async (operation, call) => {
    const finance = await mswLoopback([]);
    const error = await failureOf(call(clientOf(finance)));
    expect(error.code).toBe('DEPARTMENT_REJECTED');
    expect(error.message).toContain('standard-web');
    expect(error.message).toContain(operation);
    expect(finance.arrivals).toHaveLength(0);
  });

  test('a connection that is cut: a query is repeated, an opening is not', async () => {
    const finance = await mswLoopback([http.post(CALL, () => HttpResponse.error())]);
    const client = clientOf(finance);
    expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(finance.arrivals).toHaveLength(2);
    expect(await failureOf(client.openPayment(REGISTRATION_NOTICE))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reference: '202603160007' },
    });
    expect(finance.arrivals).toHaveLength(3);
  });

  test.each([
    [500, 'DEPARTMENT_PROTOCOL'],
    [404, 'DEPARTMENT_PROTOCOL'],
    [503, 'DEPARTMENT_BUSY'],
    [429, 'DEPARTMENT_BUSY'],
  ])('HTTP status %s is %s to a query and an unknown outcome to an opening', async (status, code) => {
    const client = clientOf(await mswLoopback([http.post(CALL, () => new HttpResponse('no', { status }))]));
    expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({ code });
    expect(await failureOf(client.openPayment(REGISTRATION_NOTICE))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  test('an HTML page and another character set are answers outside the protocol', async () => {
    const pages = [Buffer.from('<html>502</html>'), Buffer.from([0xcf, 0xcc, 0xb0, 0xb2])];
    const client = clientOf(await httpFinance(() => pages.shift() ?? ''));
    for (let page = 0; page < 2; page += 1) {
      expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({
        code: 'DEPARTMENT_PROTOCOL',
        details: { field: 'body' },
      });
    }
  });

  test('amounts travel as exact decimals', async () => {
    const finance = await mswLoopback([answering('S0000', `{"payCode":"${PAY_CODE}"}`)]);
    const items = [{ ...REGISTRATION, amountFen: fen(30), quantity: 3 }];
    await clientOf(finance).openPayment({ ...REGISTRATION_NOTICE, items });
    const { data } = JSON.parse(finance.arrivals[0]?.body.toString() ?? '');
    expect(Buffer.from(data, 'base64').toString()).toContain(
      '"totalAmt":0.3,"chargeDetail":[{"chargeName":"不动产登记费","std":0.1,"number":3,"amt":0.3}]',
    );
  });

  test('a late fee and a price finer than a fen are refused before anything leaves', async () => {
    const finance = await mswLoopback([]);
    const client = clientOf(finance);
    const uneven = [{ ...REGISTRATION, amountFen: fen(100), quantity: 3 }];
    expect(await failureOf(client.openPayment({ ...REGISTRATION_NOTICE, lateFeeFen: fen(1) }))).toMatchObject({
      details: { field: 'lateFeeFen' },
    });
    expect(await failureOf(client.openPayment({ ...REGISTRATION_NOTICE, items: uneven }))).toMatchObject({
      details: { field: 'items.0.quantity' },
    });
    expect(finance.arrivals).toHaveLength(0);
  });

  test('the notice’s own code is its business number when there is none, so that repeating it is one notice', async () => {
    const finance = await mswLoopback([answering('S0000', `{"payCode":"${PAY_CODE}"}`)]);
    const client = clientOf(finance);
    const notice = { ...RENT_NOTICE, payCode: await client.allotPayCode() };
    expect(await client.openPayment(notice)).toMatchObject({ payCode: PAY_CODE });
    await client.openPayment(notice);
    const numbers = finance.arrivals.map(({ body: sent }) => {
      const { data } = JSON.parse(sent.toString());
      return JSON.parse(Buffer.from(data, 'base64').toString()).busNo;
    });
    expect(numbers).toEqual([notice.payCode, notice.payCode]);
  });

  test('the deadline and the caller’s leaving reach the socket', async () => {
    const finance = await httpLoopback(() => undefined);
    const client = clientOf(
      finance,
      standardWebDistrict(finance.url, { line: { ...LINE, deadline: { readMs: 60, writeMs: 60 } } }),
    );
    expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    expect(await failureOf(client.openPayment(REGISTRATION_NOTICE))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    const left = AbortSignal.abort();
    expect(await failureOf(client.payment(PAY_CODE, {}, { signal: left }))).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
    });
    expect(finance.arrivals).toHaveLength(2);
  });
});

describe('frames over HTTP', () => {
  const voucher = '<Voucher><OriMsgNo>8994</OriMsgNo><Result>00000</Result><Information>u</Information></Voucher>';

  const overHttp = (finance: HttpLoopback) => clientOf(finance, district(`${finance.url}/fs/frames`));

  test('are posted as octets to the address’ own path, and a line feed after the answer is ignored', async () => {
    const finance = await httpFinance((request) =>
      Buffer.concat([answerFrame({ number: '5001', voucher, request }), Buffer.from('\n')]),
    );
    expect(await overHttp(finance).openPayment(RENT_NOTICE)).toMatchObject({ payUrl: 'u' });
    expect(finance.arrivals[0]).toMatchObject({
      path: '/fs/frames',
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  test('carry refusals with status 200', async () => {
    const finance = await httpFinance((request) => general(request, '16005', 'sum'));
    expect(await failureOf(overHttp(finance).openPayment(RENT_NOTICE))).toMatchObject({
      details: { departmentCode: '16005' },
    });
  });

  test.each([
    [502, 'DEPARTMENT_PROTOCOL'],
    [503, 'DEPARTMENT_BUSY'],
  ])('HTTP status %s is %s to a query and an unknown outcome to an opening', async (status, code) => {
    const client = overHttp(await httpFinance(() => 'no', status));
    expect(await failureOf(client.payment('42120226300000001001'))).toMatchObject({ code });
    expect(await failureOf(client.openPayment(RENT_NOTICE))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  test('with another status than 200 are no answer, whatever they hold', async () => {
    const finance = await httpFinance((request) => answerFrame({ number: '5001', voucher, request }), 500);
    expect(await failureOf(overHttp(finance).openPayment(RENT_NOTICE))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'http.status' },
    });
  });

  test('that are cut short are an unknown outcome', async () => {
    const client = overHttp(await httpFinance((request) => general(request, '00000').subarray(0, 200)));
    expect(await failureOf(client.openPayment(RENT_NOTICE))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'frame.length' },
    });
  });
});
