import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulateNonTax } from '../../adapters/non-tax/simulator.ts';
import { SimulatorCore } from '../../adapters/simulator/core.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { cnnontax, common, RECONCILIATION, SERVICES, withVouchers } from './fixture/finance.ts';
import {
  BY_CHANNEL,
  MANY_NOTICES,
  NOTICES,
  OVERDUE,
  PAID,
  PAID_LAST_YEAR,
  paymentReference,
  UNKNOWN_CODE,
  UNPAID,
  VOID,
} from './fixture/payment-records.ts';
import { populationOf, referenceOf, SUN } from './fixture/people.ts';
import { coversItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

const FILE = Buffer.from('%PDF-1.4 示例票据');
const core = new SimulatorCore('non-tax');
const finance = simulateNonTax(core, populationOf({ nonTax: { notices: NOTICES } }), {
  settings: { billFile: ({ number }) => Buffer.concat([FILE, Buffer.from(number)]) },
});
let nontax: RunningSubgraph;

beforeAll(async () => {
  const url = await finance.listen(0);
  nontax = await runSubgraph('nontax', { ...common, url, cnnontax });
});

afterEach(() => {
  core.reset();
  expect(nontax.faults).toEqual([]);
});

afterAll(async () => {
  await nontax.stop();
  await finance.close();
});

coversItsSchema(() => nontax, [RECONCILIATION, SERVICES]);

const resident = (references: readonly object[]) => ({
  __typename: 'Resident',
  idNumber: SUN.idNumber,
  references: references.map((one) => referenceOf(one as Parameters<typeof referenceOf>[0])),
});
const caseWith = (id: string, ...notices: readonly { payCode: string; crcCode: string }[]) => ({
  __typename: 'Case',
  id,
  references: notices.map((one) => referenceOf(paymentReference(one))),
});

const EVERYTHING = `code state division amount originalAmount lateFee items { code name amount unit quantity standardType standard } billDate unitCode unitName payerName
  payeeName payeeAccountType maskedPayeeAccount paidAt channel channelCode tradeNumber eReceipt { number document { code number fileName mediaType base64 address tradeId message serviceCode serviceMessage } }`;
const paymentQuery = `query ($code: PaymentCode!, $check: String) { payment(code: $code, checkCode: $check) { ${EVERYTHING} } }`;

const of = (data: { _entities: Record<string, unknown>[] }, field: string) => data._entities.map((one) => one[field]);

describe('a payment', () => {
  it('that was paid has every field, with its e-receipt', async () => {
    const { data, errors } = await nontax.ask(paymentQuery, { code: PAID.payCode, check: PAID.crcCode });
    expect(errors).toBeUndefined();
    expect(data.payment).toEqual({
      code: '42120226309000000001',
      state: 'PAID',
      division: '421202',
      amount: 8_000,
      originalAmount: 8_000,
      lateFee: 0,
      items: [
        {
          code: '103043211',
          name: '不动产登记费',
          amount: 8_000,
          unit: '件',
          quantity: 1,
          standardType: '不限制',
          standard: '0.0-0.0',
        },
      ],
      billDate: '2026-03-16',
      unitCode: '038002',
      unitName: '咸宁市咸安区不动产登记中心',
      payerName: '孙䶮',
      payeeName: '咸宁市咸安区财政局',
      payeeAccountType: '1',
      maskedPayeeAccount: '********************',
      paidAt: '2026-03-16T10:33:22+08:00',
      channel: 'ALIPAY',
      channelCode: '51',
      tradeNumber: '2026031622001400000000000001',
      eReceipt: {
        number: '0000012345',
        document: {
          code: '42010126',
          number: '0000012345',
          fileName: '42010126_0000012345.pdf',
          mediaType: 'application/pdf',
          base64: Buffer.concat([FILE, Buffer.from('0000012345')]).toString('base64'),
          address: null,
          tradeId: expect.stringMatching(/^T\d{16}$/),
          message: '成功',
          serviceCode: '00000',
          serviceMessage: null,
        },
      },
    });
  });

  it('that is open has its late fee and items, and nothing of a payment', async () => {
    const { data, errors } = await nontax.ask(paymentQuery, { code: UNPAID.payCode });
    expect(errors).toBeUndefined();
    expect(data.payment).toMatchObject({
      state: 'UNPAID',
      amount: 41_755,
      originalAmount: 41_250,
      lateFee: 505,
      items: [
        { code: '103100501', amount: 40_000, unit: '月', quantity: 2.5 },
        { code: '103100502', amount: 1_250, unit: '吨', quantity: 3 },
      ],
      paidAt: null,
      channel: null,
      channelCode: null,
      tradeNumber: null,
      eReceipt: null,
    });
  });

  it('that was made void is void', async () => {
    const { data } = await nontax.ask(paymentQuery, { code: VOID.payCode });
    expect(data.payment).toMatchObject({ code: VOID.payCode, state: 'VOID', paidAt: null });
  });

  it.each([
    ['11', 'COUNTER'],
    ['12', 'ONLINE_BANK'],
    ['13', 'POS'],
    ['14', 'KIOSK'],
    ['50', 'WECHAT'],
    ['51', 'ALIPAY'],
    ['52', 'UNIONPAY'],
    ['77', 'OTHER'],
  ])('made through channel %s was made through %s', async (channelCode, channel) => {
    const { payCode } = BY_CHANNEL.find(({ payment }) => payment?.mode === channelCode) ?? { payCode: '' };
    const { data } = await nontax.ask(`{ payment(code: "${payCode}") { channel channelCode } }`);
    expect(data.payment).toEqual({ channel, channelCode });
  });

  it('that finance does not know is null', async () => {
    expect(await nontax.ask(`{ payment(code: "${UNKNOWN_CODE}") { state } }`)).toEqual({ data: { payment: null } });
  });

  it('that is past its last day is expired, and cannot be paid any more', async () => {
    const { data, errors } = await nontax.ask(
      `{ payment(code: "${OVERDUE.payCode}") { code state amount dynamicQr { address } } }`,
    );
    expect({ data, errors }).toEqual({
      data: { payment: { code: OVERDUE.payCode, state: 'EXPIRED', amount: null, dynamicQr: null } },
    });
  });

  it('asked for with a wrong check code is an error with finance’s code and our message’s number', async () => {
    const { data, errors } = await nontax.ask(paymentQuery, { code: PAID.payCode, check: '0000' });
    expect(data).toEqual({ payment: null });
    expect(errors).toMatchObject([
      {
        path: ['payment'],
        extensions: { code: 'DEPARTMENT_REJECTED', department: 'non-tax', departmentCode: '11002' },
      },
    ]);
    expect(errors?.[0]?.extensions.reference).toBe(nontax.calls.at(-1)?.reference);
  });

  it('as an entity is found by its code, each as often as it is named; an unknown one is null', async () => {
    const codes = [PAID.payCode, UNKNOWN_CODE, PAID.payCode];
    const { data, errors } = await nontax.entities(
      codes.map((code) => ({ __typename: 'Payment', code })),
      'code state',
    );
    const paid = { __typename: 'Payment', code: PAID.payCode, state: 'PAID' };
    expect({ data, errors }).toEqual({ data: { _entities: [paid, null, paid] } });
    expect(core.calls.calls).toEqual({ 8997: 2 });
  });

  it('is asked for once a request, however many places want it, and so is its receipt', async () => {
    const request = nontax.request();
    const { payCode } = PAID;
    const receipt = 'eReceipt { document { mediaType } }';
    await request(
      `{ a: payment(code: "${payCode}") { state ${receipt} } b: payment(code: "${payCode}") { ${receipt} } }`,
    );
    const { data } = await request(
      `query ($r: [_Any!]!) { _entities(representations: $r) { __typename
        ... on Case { payments { amount ${receipt} } }
        ... on Resident { payments { edges { node { amount } } } }
      } }`,
      { r: [caseWith('1', { payCode, crcCode: '' }), resident([paymentReference({ payCode, crcCode: '' })])] },
    );
    expect(data._entities).toHaveLength(2);
    expect(core.calls.calls).toEqual({ 8997: 1, 8982: 1 });
  });
});

describe('a QR code', () => {
  const qr = (given = '') =>
    `{ payment(code: "${UNPAID.payCode}") { dynamicQr${given} { address image amount expiresAt } } }`;

  /** What finance makes of the channel and the time it is valid until. */
  const addressOf = (mode: string, expiresAt: string) => {
    const until = expiresAt.slice(0, 19).replace(/\D/g, '');
    const token = createHash('sha256').update(`${UNPAID.payCode}/${mode}/${until}`).digest('hex').slice(0, 8);
    return `https://pay.example.invalid/fs/qrcode?billId=${UNPAID.payCode}&t=${token}`;
  };

  it.each([
    ['', '50', 15],
    ['(channel: ALIPAY, minutes: 1)', '51', 1],
    ['(channel: COUNTER, minutes: 30)', '11', 30],
  ])('asked for as %j is for channel %s and so long valid', async (given, mode, minutes) => {
    const before = Date.now();
    const { data, errors } = await nontax.ask(qr(given));
    expect(errors).toBeUndefined();
    const { address, image, amount, expiresAt } = data.payment.dynamicQr;
    expect({ address, image, amount }).toEqual({ address: addressOf(mode, expiresAt), image: null, amount: 41_755 });
    const validMs = Date.parse(expiresAt) - before;
    expect(Math.abs(validMs - minutes * 60_000)).toBeLessThan(2_000);
    expect(expiresAt).toMatch(/\+08:00$/);
  });

  it('is null where there is nothing to pay, and finance is not asked for it', async () => {
    const { data, errors } = await nontax.ask(`{
      paid: payment(code: "${PAID.payCode}") { dynamicQr { address } }
      void: payment(code: "${VOID.payCode}") { dynamicQr { address } }
    }`);
    expect({ data, errors }).toEqual({ data: { paid: { dynamicQr: null }, void: { dynamicQr: null } } });
    expect(core.calls.calls).toEqual({ 8997: 2 });
  });

  it.each([
    ['(minutes: 0)', 'minutes'],
    ['(minutes: 31)', 'minutes'],
    ['(channel: OTHER)', 'channel'],
  ])('is refused %s, naming the argument; the payment stays', async (given, field) => {
    const { data, errors } = await nontax.ask(qr(given));
    expect(data).toEqual({ payment: { dynamicQr: null } });
    expect(errors).toMatchObject([{ path: ['payment', 'dynamicQr'], extensions: { code: 'INVALID_INPUT', field } }]);
    expect(core.calls.calls).toEqual({ 8997: 1 });
  });

  it('comes with a picture, where finance draws one', async () => {
    const line = await tapLine(finance.httpUrl, (answer) =>
      withVouchers(answer, (voucher) =>
        voucher.replace(/<QrImage(?:\/>|><\/QrImage>)/, '<QrImage>data:image/png;base64,iVBORw0K</QrImage>'),
      ),
    );
    const drawing = await runSubgraph('nontax', {
      ...common,
      url: line.url,
      cnnontax: { ...cnnontax, transport: 'http' },
    });
    const { data } = await drawing.ask(qr());
    nontax.coverage.add(drawing.coverage);
    expect(data.payment.dynamicQr.image).toBe('iVBORw0K');
    await drawing.stop();
    await line.close();
  });
});

describe('an e-receipt', () => {
  it('of an earlier year is found under that year’s kind of bill', async () => {
    const { data, errors } = await nontax.ask(
      `{ payment(code: "${PAID_LAST_YEAR.payCode}") { eReceipt { number document { fileName } } } }`,
    );
    expect({ data, errors }).toEqual({
      data: { payment: { eReceipt: { number: '0000000777', document: { fileName: '42010125_0000000777.pdf' } } } },
    });
  });

  describe('as a document', () => {
    const document = (given: string) =>
      `{ payment(code: "${PAID_LAST_YEAR.payCode}") { eReceiptDocument${given} { code number fileName mediaType } } }`;
    const found = {
      code: '42010125',
      number: '0000000777',
      fileName: '42010125_0000000777.pdf',
      mediaType: 'application/pdf',
    };

    it.each(['', '(code: "42010125")', '(issuedOn: "2025-12-31")'])('is found%s', async (given) => {
      expect(await nontax.ask(document(given))).toEqual({ data: { payment: { eReceiptDocument: found } } });
      expect(core.calls.calls).toEqual({ 8997: 1, 8982: 1 });
    });

    it.each(['(code: "42010126")', '(issuedOn: "2026-01-01")'])('of another kind%s is not there', async (given) => {
      const { data, errors } = await nontax.ask(document(given));
      expect(data).toEqual({ payment: { eReceiptDocument: null } });
      expect(errors).toMatchObject([{ path: ['payment', 'eReceiptDocument'], extensions: { department: 'non-tax' } }]);
    });

    it.each([
      ['(code: "4201012")', 'code'],
      ['(code: "票据")', 'code'],
    ])('is not asked for by a wrong code%s', async (given, field) => {
      const { errors } = await nontax.ask(document(given));
      expect(errors).toMatchObject([
        { extensions: { code: 'INVALID_INPUT', field, messageZh: expect.stringContaining(`${field}：应为`) } },
      ]);
      expect(core.calls.calls).toEqual({ 8997: 1 });
    });

    it.each([UNPAID, VOID, OVERDUE, BY_CHANNEL[0] ?? UNPAID])(
      'is null for a notice that is not paid or has no e-receipt: $payCode',
      async ({ payCode }) => {
        const answer = await nontax.ask(`{ payment(code: "${payCode}") { eReceiptDocument { number } } }`);
        expect(answer).toEqual({ data: { payment: { eReceiptDocument: null } } });
        expect(core.calls.calls).toEqual({ 8997: 1 });
      },
    );
  });

  it('comes with the words of the service behind finance, where it says any', async () => {
    const line = await tapLine(finance.httpUrl, (answer) =>
      withVouchers(answer, (voucher) =>
        voucher.replace(/<Svr_Msg(?:\/>|><\/Svr_Msg>)/, '<Svr_Msg>业务处理成功</Svr_Msg>'),
      ),
    );
    const told = await runSubgraph('nontax', {
      ...common,
      url: line.url,
      cnnontax: { ...cnnontax, transport: 'http' },
    });
    const { data } = await told.ask(
      `{ payment(code: "${PAID.payCode}") { eReceiptDocument { number serviceCode serviceMessage } } }`,
    );
    nontax.coverage.add(told.coverage);
    expect(data.payment.eReceiptDocument).toEqual({
      number: '0000012345',
      serviceCode: '00000',
      serviceMessage: '业务处理成功',
    });
    await told.stop();
    await line.close();
  });

  it('is asked for in the name of the unit that collected', async () => {
    const line = await tapLine(finance.httpUrl);
    const tapped = await runSubgraph('nontax', {
      ...common,
      url: line.url,
      cnnontax: { ...cnnontax, transport: 'http' },
    });
    await tapped.ask(`{ payment(code: "${PAID.payCode}") { eReceipt { document { mediaType } } } }`);
    const told = line.requests.map((frame) => /<MsgNo>(\d+)<.*?>/.exec(frame.toString('latin1'))?.[1]);
    const sources = line.requests.map((frame) => /<SRC>(\w+)</.exec(frame.toString('latin1'))?.[1]);
    expect([told, sources]).toEqual([
      ['8997', '8982'],
      ['K4212020001', 'K4212020002'],
    ]);
    await tapped.stop();
    await line.close();
  });
});

describe('a payment of the JSON dialect', () => {
  it('has nulls for what that dialect does not tell, and addresses instead of files', async () => {
    const standard = await runSubgraph('nontax', {
      ...common,
      url: finance.httpUrl,
      dialect: 'standard-web',
      standardWeb: { appId: sandbox.nonTax.restAppId, key: sandbox.nonTax.restKey },
    });
    const { data, errors } = await standard.ask(`{
      paid: payment(code: "${PAID.payCode}") { state division amount payeeName payeeAccountType maskedPayeeAccount items { code } channel paidAt eReceipt { number } eReceiptDocument { code number fileName mediaType base64 address tradeId message serviceCode serviceMessage } }
      open: payment(code: "${UNPAID.payCode}") { state dynamicQr { address image amount expiresAt } }
      unknown: payment(code: "${UNKNOWN_CODE}") { state }
    }`);
    await standard.stop();
    nontax.coverage.add(standard.coverage);
    expect({ data, errors }).toEqual({
      data: {
        paid: {
          state: 'PAID',
          division: null,
          amount: null,
          payeeName: null,
          payeeAccountType: null,
          maskedPayeeAccount: null,
          items: [],
          channel: 'ALIPAY',
          paidAt: null,
          eReceipt: null,
          eReceiptDocument: {
            code: '42010126',
            number: '0000012345',
            fileName: null,
            mediaType: null,
            base64: null,
            address: 'https://bill.example.invalid/e/42010126/0000012345/a1b2c3',
            tradeId: null,
            message: null,
            serviceCode: null,
            serviceMessage: null,
          },
        },
        open: {
          state: 'UNPAID',
          dynamicQr: {
            address: `https://pay.example.invalid/fs/qrcode?billId=${UNPAID.payCode}`,
            image: null,
            amount: null,
            expiresAt: null,
          },
        },
        unknown: null,
      },
    });
  });
});

describe('the payments of a case', () => {
  it('are those of its references, in their order; one that finance no longer has is null', async () => {
    const gone = { payCode: UNKNOWN_CODE, crcCode: '' };
    const { data, errors } = await nontax.entities(
      [caseWith('1', PAID, gone, UNPAID), caseWith('2')],
      'id payments { code state }',
    );
    expect({ data, errors }).toEqual({
      data: {
        _entities: [
          {
            __typename: 'Case',
            id: '1',
            payments: [{ code: PAID.payCode, state: 'PAID' }, null, { code: UNPAID.payCode, state: 'UNPAID' }],
          },
          { __typename: 'Case', id: '2', payments: [] },
        ],
      },
    });
  });

  it('leave out references to other systems and other kinds', async () => {
    const references = [
      { system: 'real-estate', kind: 'payment', reference: PAID.payCode, values: {} },
      { system: 'non-tax', kind: 'registration', reference: PAID.payCode, values: {} },
    ];
    const { data } = await nontax.entities(
      [{ __typename: 'Case', id: '1', references: references.map((one) => ({ ...one, values: [] })) }],
      'payments { code }',
    );
    expect(data._entities).toEqual([{ __typename: 'Case', payments: [] }]);
    expect(core.calls.total).toBe(0);
  });

  it('are asked for with the check code of the reference, and fail each for itself', async () => {
    const wrong = { payCode: PAID.payCode, crcCode: '0000' };
    const { data, errors } = await nontax.entities([caseWith('1', wrong), caseWith('2', PAID)], 'payments { code }');
    expect(of(data, 'payments')).toEqual([[null], [{ code: PAID.payCode }]]);
    expect(errors).toMatchObject([{ path: ['_entities', 0, 'payments', 0], extensions: { departmentCode: '11002' } }]);
  });
});

describe('the payments of a resident', () => {
  const selection = (first: number, after: string | null) => `idNumber
    payments(first: ${first}${after === null ? '' : `, after: "${after}"`}) {
      totalCount edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }`;

  it.each([1, 4, 11, 12])('are paged by %i in the order of the references without loss or repeat', async (first) => {
    const codes: string[] = [];
    const pages: number[] = [];
    let after: string | null = null;
    do {
      const { data } = await nontax.entities([resident(MANY_NOTICES.map(paymentReference))], selection(first, after));
      const { totalCount, edges, pageInfo } = data._entities[0].payments;
      expect(totalCount).toBe(11);
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      });
      codes.push(...edges.map(({ node }: { node: { code: string } }) => node.code));
      pages.push(edges.length);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(codes).toEqual(MANY_NOTICES.map(({ payCode }) => payCode));
    expect(pages).toHaveLength(Math.ceil(11 / first));
    // Only what stands on a page is read.
    expect(core.calls.calls).toEqual({ 8997: 11 });
  });

  it('are counted without being read', async () => {
    const { data } = await nontax.entities(
      [resident(MANY_NOTICES.map(paymentReference))],
      'payments(first: 1) { totalCount pageInfo { hasNextPage } }',
    );
    expect(data._entities[0].payments).toEqual({ totalCount: 11, pageInfo: { hasNextPage: true } });
    expect(core.calls.total).toBe(0);
  });

  it('that cannot be read cost their own node', async () => {
    core.addFault({ match: '8997', kind: 'busy', times: 1 });
    const { data, errors } = await nontax.entities(
      [resident([paymentReference(PAID), paymentReference(UNPAID)])],
      'payments { totalCount edges { node { state } } }',
    );
    const { edges, totalCount } = data._entities[0].payments;
    expect(totalCount).toBe(2);
    expect(edges.filter(({ node }: { node: unknown }) => node === null)).toHaveLength(1);
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_BUSY', department: 'non-tax' } }]);
    expect(errors?.[0]?.path?.slice(0, 4)).toEqual(['_entities', 0, 'payments', 'edges']);
    expect(errors?.[0]?.extensions.reference).toEqual(expect.any(String));
  });

  it.each(['first: 0', 'first: 101', 'after: "nonsense"', 'after: "Wy01XQ"'])('refuse %s', async (given) => {
    const { data, errors } = await nontax.entities([resident([])], `payments(${given}) { totalCount }`);
    expect(data._entities[0].payments).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: given.slice(0, 5) } }]);
  });
});

describe('finance that fails', () => {
  it.each([
    ['drop-before-work', 'DEPARTMENT_UNREACHABLE'],
    ['garbage', 'DEPARTMENT_PROTOCOL'],
    ['bad-signature', 'DEPARTMENT_PROTOCOL'],
  ] as const)('by %s costs the payment asked for: %s', async (kind, code) => {
    core.addFault({ match: '8997', kind, times: 1 });
    const { data, errors } = await nontax.entities([caseWith('1', PAID)], 'id payments { code }');
    expect(data._entities).toEqual([{ __typename: 'Case', id: '1', payments: [null] }]);
    expect(errors).toMatchObject([{ extensions: { code, department: 'non-tax' } }]);
  });

  it('costs the document of a receipt and not its number', async () => {
    core.addFault({ match: '8982', kind: 'busy' });
    const { data, errors } = await nontax.ask(
      `{ payment(code: "${PAID.payCode}") { state eReceipt { number document { base64 } } } }`,
    );
    expect(data.payment).toEqual({ state: 'PAID', eReceipt: { number: '0000012345', document: null } });
    expect(errors).toMatchObject([
      { path: ['payment', 'eReceipt', 'document'], extensions: { department: 'non-tax' } },
    ]);
  });

  it('is not waited for when the client has left', async () => {
    core.addFault({ match: '8997', kind: 'late-answer', delayMs: 60_000 });
    const leaving = new AbortController();
    const asked = nontax.request(leaving.signal)(`{ payment(code: "${PAID.payCode}") { state } }`);
    await vi.waitFor(() => expect(core.calls.total).toBe(1));
    leaving.abort();
    expect((await asked).data).toEqual({ payment: null });
  });
});
