import { describe, expect, test } from 'vitest';
import { type NonTaxClient, nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { decodeMessage, encodeMessage } from '../../../adapters/non-tax/messages/envelope.ts';
import { writeXml } from '../../../adapters/non-tax/messages/xml.ts';
import { readAnswer } from '../../../adapters/non-tax/standard-web/messages.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { closeLater } from '../closing.ts';
import {
  CARD_NOTICE,
  district,
  fixedCounter,
  LOST_CARD,
  REGISTRATION,
  REGISTRATION_NOTICE,
  RENT,
  RENT_NOTICE,
  standardWebDistrict,
  TOKEN,
} from './client-district.ts';
import { httpFinance, tcpFinance } from './client-loopback.ts';
import { goldenBytes, goldenEntry, manifest } from './golden-files.ts';

/** The message id of a golden request tells the clock and the serial that it was made with. */
function momentOf(request: Buffer): { instant: number; serial: number } {
  const match = /<MsgID>(\d{14})(\d{6})</.exec(request.toString('latin1'));
  return { instant: instantFromChina(match?.[1] ?? ''), serial: Number(match?.[2]) };
}

/** Runs a call against a socket that gives the golden answer; tells the bytes that the client sent and what it made of the answer. */
async function exchange<T>(name: string, call: (client: NonTaxClient) => Promise<T>) {
  const { instant, serial } = momentOf(goldenBytes(`${name}.request.bin`));
  const finance = await tcpFinance((_frame, socket) => socket.end(goldenBytes(`${name}.response.bin`)));
  const client = nonTaxClient(district(finance.url), { counter: fixedCounter(serial), clock: () => instant });
  closeLater(finance);
  closeLater(client);
  const [outcome] = await Promise.allSettled([call(client)]);
  return { sent: finance.requests[0], outcome };
}

const UNIT_ADDRESS = 'https://pay.example.invalid/fs/qrcode?billId=';

const opened = (payCode: string, crcCode: string) => ({ payCode, crcCode, payUrl: UNIT_ADDRESS + payCode });

/** How the items of the golden notices may be charged. */
const STANDARD = { standardType: '不限制', standard: '0.0-0.0' };

const payee = { accountType: '1', name: '咸宁市咸安区财政局', account: '42050100000000000017' };

const E_RECEIPT = {
  payCode: '42120226300000001002',
  unitCode: '038002',
  number: '0000012345',
  check: '8f3k2a',
  issuedAt: '2026-03-16T16:12:00+08:00',
  payer: { type: '1', idNumber: '421202197511120034', name: '赵㙍生' },
  items: [
    {
      code: '103043211',
      name: '不动产登记费',
      quantity: 1,
      unit: '件',
      standardFen: fen(8_000),
      amountFen: fen(8_000),
    },
  ],
} as const;

const STATEMENT = {
  settleDate: '2026-03-16',
  statementNumber: 'DZ20260316001',
  entries: [
    {
      payCode: '42120226300000001001',
      tradeNumber: '4200002026031600000000000017',
      amountFen: fen(41_250),
      channel: '50',
      paidOn: '2026-03-16',
      unitCode: '042001',
    },
    {
      payCode: '42120226300000001002',
      tradeNumber: '2026031622001400000000000001',
      amountFen: fen(8_000),
      channel: '51',
      paidOn: '2026-03-16',
      unitCode: '038002',
    },
  ],
};

/** Every golden exchange that the client makes, and what it makes of the answer. */
const EXCHANGES: readonly {
  readonly name: string;
  readonly call: (client: NonTaxClient) => Promise<unknown>;
  readonly gives: unknown;
}[] = [
  {
    name: '01-open-rent',
    call: (client) => client.openPayment(RENT_NOTICE),
    gives: { ...opened('42120226300000001001', '78F5'), reference: '20260316091501000001' },
  },
  {
    name: '02-open-real-estate-fee',
    call: (client) => client.openPayment(REGISTRATION_NOTICE),
    gives: { ...opened('42120226300000001002', '81B0'), reference: '20260316092010000002' },
  },
  {
    name: '03-open-id-card',
    call: (client) => client.openPayment(CARD_NOTICE),
    gives: { ...opened('42120226300000001003', '52CF'), reference: '20260316093000000003' },
  },
  {
    name: '05-query-unpaid',
    call: (client) => client.payment('42120226300000001001', { crcCode: '78F5', unitCode: '042001' }),
    gives: {
      payCode: '42120226300000001001',
      state: 'unpaid',
      division: '421202',
      billDate: '2026-03-16',
      unitCode: '042001',
      unitName: '咸安区住房保障服务中心',
      payerName: '孙䶮',
      amountFen: 41_250,
      originalFen: 41_250,
      lateFeeFen: 0,
      items: [{ ...RENT, ...STANDARD }],
      payee,
      paidAt: null,
      channel: null,
      tradeNumber: null,
      receiptNumber: null,
    },
  },
  {
    name: '06-query-paid',
    call: (client) => client.payment('42120226300000001002', { unitCode: '038002' }),
    gives: {
      payCode: '42120226300000001002',
      state: 'paid',
      division: '421202',
      billDate: '2026-03-16',
      unitCode: '038002',
      unitName: '咸宁市咸安区不动产登记中心',
      payerName: '赵㙍生',
      amountFen: 8_000,
      originalFen: 8_000,
      lateFeeFen: 0,
      items: [{ ...REGISTRATION, ...STANDARD }],
      payee,
      paidAt: '2026-03-16T10:33:22+08:00',
      channel: '51',
      tradeNumber: '2026031622001400000000000001',
      receiptNumber: '0000012345',
    },
  },
  { name: '07-query-unknown', call: (client) => client.payment('42120226309999999999'), gives: null },
  {
    name: '08-dynamic-qr',
    call: (client) => client.dynamicQr('42120226300000001001', '50', 15),
    gives: {
      payCode: '42120226300000001001',
      amountFen: 41_250,
      url: 'https://pay.example.invalid/fs/qrcode?billId=42120226300000001001&t=7f3a91c2',
      image: null,
      expiresAt: '2026-03-16T11:25:00+08:00',
    },
  },
  {
    name: '10-cancel',
    call: (client) => client.voidPayment({ ...CARD_NOTICE, items: [LOST_CARD], memo: '作废：重复开具' }),
    gives: undefined,
  },
  {
    name: '12-reconcile',
    call: (client) => client.reconcile(STATEMENT),
    gives: {
      statementNumber: 'DZ20260316001',
      settleDate: '2026-03-16',
      matched: 2,
      differences: [{ payCode: '42120226300000001005', code: '15002', amountFen: 2_000, text: '日终对账单缺少该笔' }],
      pages: 1,
    },
  },
  {
    name: '13-ebill-number',
    call: (client) => client.allotEReceiptNumber({ unitCode: '038002' }),
    gives: '0000012345',
  },
  {
    name: '14-ebill-issue',
    call: (client) => client.issueEReceipt(E_RECEIPT),
    gives: {
      code: '42010126',
      number: '0000012345',
      check: '8f3k2a',
      tradeId: 'T2026031600000014',
      issuedOn: '2026-03-16',
      url: 'https://bill.example.invalid/e/42010126/0000012345/8f3k2a',
      reference: '20260316161200000014',
    },
  },
  {
    name: '15-ebill-download',
    call: (client) =>
      client.downloadEReceipt({ number: '0000012345', payCode: '42120226300000001002', unitCode: '038002' }),
    gives: {
      code: '42010126',
      number: '0000012345',
      check: null,
      fileName: '42010126_0000012345.pdf',
      mediaType: 'application/pdf',
      content: new Uint8Array(Buffer.from('%PDF-1.4\n%minimal test document\n%%EOF\n', 'latin1')),
      url: null,
      tradeId: 'T2026031600000015',
      message: '成功',
      serviceCode: '00000',
      serviceMessage: null,
    },
  },
];

describe('golden frames', () => {
  test.each(EXCHANGES)('$name is sent byte for byte and its answer is read', async ({ name, call, gives }) => {
    const { sent, outcome } = await exchange(name, call);
    expect(sent?.toString('latin1')).toBe(goldenBytes(`${name}.request.bin`).toString('latin1'));
    expect(outcome).toEqual({ status: 'fulfilled', value: gives });
  });

  test('11-cancel-paid is sent byte for byte and its 99999 leaves the outcome unknown, with finance’s words', async () => {
    const { sent, outcome } = await exchange('11-cancel-paid', (client) =>
      client.voidPayment({ ...REGISTRATION_NOTICE, memo: '作废' }),
    );
    expect(sent?.toString('latin1')).toBe(goldenBytes('11-cancel-paid.request.bin').toString('latin1'));
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'OUTCOME_UNKNOWN', detail: '该缴款书已缴款，不能作废', details: { departmentCode: '99999' } },
    });
  });

  const frames = manifest.files.filter(({ file, vouchers }) => file.endsWith('.bin') && vouchers !== undefined);

  test.each(frames)('$file opens with its vouchers as the manifest decodes them', ({ file, vouchers }) => {
    expect(decodeMessage(goldenBytes(file), TOKEN).vouchers.map(writeXml)).toEqual(vouchers);
  });

  const made = frames.filter(({ file }) => !file.startsWith('alt-'));

  test.each(made)('$file is written again byte for byte from what was read', ({ file }) => {
    const frame = goldenBytes(file);
    const again = encodeMessage(decodeMessage(frame, TOKEN), TOKEN);
    // finance writes its digest in capitals
    const digest = frame.toString('latin1', frame.length - 64);
    expect(again.toString('latin1', 0, again.length - 64)).toBe(frame.toString('latin1', 0, frame.length - 64));
    expect(again.toString('latin1', again.length - 64)).toBe(digest.toLowerCase());
  });

  test.each([
    ['neg-bad-mac.bin', 'frame.digest', 'MAC_MISMATCH'],
    ['neg-length-short.bin', 'frame.length', 'LENGTH_MISMATCH'],
    ['neg-length-not-number.bin', 'frame.length', 'LENGTH_INVALID'],
    ['neg-truncated.bin', 'frame.length', 'INCOMPLETE'],
  ])('%s is refused at %s as %s', (file, field, reason) => {
    expect(() => decodeMessage(goldenBytes(file), TOKEN)).toThrow(
      expect.objectContaining({
        code: 'DEPARTMENT_PROTOCOL',
        detail: expect.stringContaining(reason),
        details: expect.objectContaining({ field }),
      }),
    );
    expect(goldenEntry(file).expect).toContain(reason);
  });
});

describe('golden standard-web bodies', () => {
  const calls = [
    {
      name: 'rest-1-invoiceEPayBook',
      call: (client: NonTaxClient) => client.openPayment(REGISTRATION_NOTICE),
      gives: { payCode: '42120226300000001002', crcCode: null, payUrl: null, reference: '0000088001' },
    },
    {
      name: 'rest-2-getPayQrCode',
      call: (client: NonTaxClient) => client.dynamicQr('42120226300000001002', '50', 15),
      gives: expect.objectContaining({ url: `${UNIT_ADDRESS}42120226300000001002`, amountFen: null, expiresAt: null }),
    },
    {
      name: 'rest-3-getPayBookConfirmResult',
      call: (client: NonTaxClient) => client.payment('42120226300000001002'),
      gives: expect.objectContaining({
        payCode: '42120226300000001002',
        state: 'paid',
        channel: '51',
        amountFen: null,
      }),
    },
    {
      name: 'rest-4-getEBillByPayCode',
      call: (client: NonTaxClient) => client.downloadEReceipt({ payCode: '42120226300000001002' }),
      gives: {
        code: '42010126',
        number: '0000012345',
        check: '8f3k2a',
        fileName: null,
        mediaType: null,
        content: null,
        url: 'https://bill.example.invalid/e/42010126/0000012345/8f3k2a',
        tradeId: null,
        message: null,
        serviceCode: null,
        serviceMessage: null,
      },
    },
  ];

  async function restExchange(name: string, call: (client: NonTaxClient) => Promise<unknown>) {
    const request = goldenBytes(`${name}.request.json`).toString('utf8').trim();
    const finance = await httpFinance(() => goldenBytes(`${name}.response.json`));
    const noise = Number(JSON.parse(request).noise);
    const [housing, registry, police] = district('tcp://127.0.0.1:1').units;
    const settings = standardWebDistrict(finance.url, { units: [registry, housing, police] });
    const client = nonTaxClient(settings, { counter: fixedCounter(1), clock: () => noise });
    closeLater(finance);
    closeLater(client);
    const [outcome] = await Promise.allSettled([call(client)]);
    return { request, sent: finance.arrivals[0], outcome };
  }

  test.each(calls)(
    '$name is posted byte for byte, signature included, and its answer is read',
    async ({ name, call, gives }) => {
      const { request, sent, outcome } = await restExchange(name, call);
      expect(sent?.body.toString('utf8')).toBe(request);
      expect(sent?.path).toBe(
        goldenEntry(`${name}.request.json`).file.replace(/^rest-\d-(\w+).*/, '/standard-web/api/standard/$1'),
      );
      expect(outcome).toEqual({ status: 'fulfilled', value: gives });
    },
  );

  test('rest-5-error is posted byte for byte and refused with the dialect’s own code and words', async () => {
    const { request, sent, outcome } = await restExchange('rest-5-error', (client) =>
      client.dynamicQr('42120226309999999999', '50', 15),
    );
    expect(sent?.body.toString('utf8')).toBe(request);
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'DEPARTMENT_REJECTED', detail: '缴款码不存在', details: { departmentCode: 'E0001' } },
    });
  });

  const answers = manifest.files.filter(({ file }) => /^rest-.*response\.json$/.test(file));

  test.each(answers)('$file opens as the manifest decodes it', ({ file, plain, result }) => {
    const answer = readAnswer(goldenBytes(file));
    expect(answer.result).toBe(result);
    expect(result === 'S0000' ? JSON.parse(answer.payload) : answer.payload).toEqual(plain);
  });
});
