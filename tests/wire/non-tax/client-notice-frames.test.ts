import { describe, expect, test } from 'vitest';
import { nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { dutiesOf } from '../../../adapters/non-tax/errors.ts';
import { decodeMessage } from '../../../adapters/non-tax/messages/envelope.ts';
import type { PaymentNotice } from '../../../adapters/non-tax/records/payment.ts';
import { nonTaxSettings } from '../../../adapters/non-tax/settings.ts';
import { simulateNonTax } from '../../../adapters/non-tax/simulator.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { closeLater } from '../closing.ts';
import { EMPTY_POPULATION } from '../empty-population.ts';
import { cnnontaxSection, district, REGISTRATION_NOTICE, RENT_NOTICE, TOKEN } from './client-district.ts';
import { frameOf } from './client-loopback.ts';
import { messageIdOf, setup } from './client-setup.ts';

/** Several notices in one frame (wire spec section 5). */

const together = (noticesPerFrame: number) => ({ cnnontax: cnnontaxSection('tcp', { noticesPerFrame }) });

const rent = (serial: number): PaymentNotice => ({ ...RENT_NOTICE, payCode: `4212022630000000200${serial}` });

/** The pay codes of a frame, voucher by voucher. */
const codesOf = (frame: Buffer) =>
  decodeMessage(frame, TOKEN).vouchers.map(
    ({ children }) => children.find(({ name }) => name === 'PayCode')?.text ?? '',
  );

interface VoucherResult {
  readonly result: string;
  readonly information: string;
}

const addressOf = (code: string): VoucherResult => ({ result: '00000', information: `https://pay.invalid/?b=${code}` });

/** A 5001 with these vouchers, written by hand. */
function answerOf(request: Buffer, results: readonly VoucherResult[]): Buffer {
  const reference = messageIdOf(request);
  const vouchers = results.map(({ result, information }) => {
    const xml = `<Voucher><OriMsgNo>8994</OriMsgNo><Result>${result}</Result><Information>${information}</Information></Voucher>`;
    return `<Voucher>${Buffer.from(xml, 'ascii').toString('base64')}</Voucher>`;
  });
  return frameOf(
    '5001',
    '<?xml version="1.0" encoding="GB18030"?><CFX><HEAD><APP>CNNONTAX</APP><VER>1.0</VER><SRC>F421202</SRC>' +
      `<DES>K4212020001</DES><MsgNo>5001</MsgNo><MsgID>20260316100000700001</MsgID><MsgRef>${reference}</MsgRef>` +
      `<WorkDate>20260316</WorkDate><Reserve/></HEAD><MSG><MOF><VoucherCount>${vouchers.length}</VoucherCount>` +
      `<VoucherBody>${vouchers.join('')}</VoucherBody></MOF></MSG></CFX>`,
  );
}

/** How each of some calls ended: what it gave, or the code of its error. */
async function endsOf(calls: readonly Promise<{ readonly payUrl: string | null }>[]) {
  const outcomes = await Promise.allSettled(calls);
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return outcome.value.payUrl;
    if (!(outcome.reason instanceof CasegraphError)) throw outcome.reason;
    return outcome.reason.code;
  });
}

describe('notices of the same moment', () => {
  test('go out in a frame each unless the settings say otherwise', async () => {
    const { client, finance } = await setup((request, socket) =>
      socket.end(answerOf(request, codesOf(request).map(addressOf))),
    );
    await Promise.all([1, 2, 3].map((serial) => client.openPayment(rent(serial))));
    expect(finance.requests.map(codesOf).map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  test('that go out alone and are refused count as refused with whoever watches the line', async () => {
    const { client, records } = await setup((request, socket) =>
      socket.end(answerOf(request, [{ result: '18012', information: '' }])),
    );
    await endsOf([client.openPayment(rent(1))]);
    expect(records).toMatchObject([{ transaction: '8994', outcome: 'DEPARTMENT_REJECTED' }]);
  });

  test('share a frame in the order of their calls, and each gets the voucher of its place', async () => {
    const { client, finance, records } = await setup(
      (request, socket) => socket.end(answerOf(request, codesOf(request).map(addressOf))),
      together(10),
    );
    const notices = [1, 2, 3].map(rent);
    const opened = await Promise.all(notices.map((notice) => client.openPayment(notice)));
    expect(finance.requests.map(codesOf)).toEqual([notices.map(({ payCode }) => payCode)]);
    expect(opened.map(({ payCode, payUrl }) => [payCode, payUrl])).toEqual(
      notices.map(({ payCode }) => [payCode, addressOf(payCode).information]),
    );
    const reference = messageIdOf(finance.requests[0]);
    expect(opened.map((one) => one.reference)).toEqual([reference, reference, reference]);
    expect(records).toMatchObject([{ transaction: '8994', mode: 'write', outcome: 'OK', reference }]);
  });

  test('fill frames up to the limit', async () => {
    const { client, finance } = await setup(
      (request, socket) => socket.end(answerOf(request, codesOf(request).map(addressOf))),
      together(2),
    );
    await Promise.all([1, 2, 3, 4, 5].map((serial) => client.openPayment(rent(serial))));
    expect(
      finance.requests
        .map(codesOf)
        .map(({ length }) => length)
        .sort(),
    ).toEqual([1, 2, 2]);
    expect(finance.requests.flatMap(codesOf).sort()).toEqual([1, 2, 3, 4, 5].map((serial) => rent(serial).payCode));
  });

  test('of another node have a frame of their own, under its name', async () => {
    const { client, finance } = await setup(
      (request, socket) => socket.end(answerOf(request, codesOf(request).map(addressOf))),
      together(10),
    );
    await Promise.all([rent(1), REGISTRATION_NOTICE, rent(2)].map((notice) => client.openPayment(notice)));
    const frames = finance.requests.map((frame) => [decodeMessage(frame, TOKEN).source, codesOf(frame)]);
    expect(frames).toHaveLength(2);
    expect(frames).toContainEqual(['K4212020001', [rent(1).payCode, rent(2).payCode]]);
    expect(frames).toContainEqual(['K4212020002', [REGISTRATION_NOTICE.payCode]]);
  });

  test('that cannot be written are refused alone; the others go out', async () => {
    const { client, finance } = await setup(
      (request, socket) => socket.end(answerOf(request, codesOf(request).map(addressOf))),
      together(10),
    );
    const wrong = { ...rent(2), items: [] };
    const ends = await endsOf([rent(1), wrong, rent(3)].map((notice) => client.openPayment(notice)));
    expect(ends[1]).toBe('INVALID_INPUT');
    expect(finance.requests.map(codesOf)).toEqual([[rent(1).payCode, rent(3).payCode]]);
  });

  test('are refused each for itself', async () => {
    const { client } = await setup((request, socket) => {
      const [first = '', , third = ''] = codesOf(request);
      const refused = { result: '18012', information: '' };
      socket.end(answerOf(request, [addressOf(first), refused, addressOf(third)]));
    }, together(10));
    const ends = await endsOf([1, 2, 3].map((serial) => client.openPayment(rent(serial))));
    expect(ends).toEqual([
      addressOf(rent(1).payCode).information,
      'DEPARTMENT_REJECTED',
      addressOf(rent(3).payCode).information,
    ]);
  });
});

describe('the outcome is unknown, under the frame’s message id', () => {
  test.each([
    ['one voucher for two notices', (codes: string[]) => [addressOf(codes[0] ?? '')]],
    ['one refusal for two notices', () => [{ result: '10002', information: '' }]],
    ['more vouchers than notices', (codes: string[]) => [...codes, ...codes].map(addressOf)],
    ['vouchers in another order', (codes: string[]) => codes.toReversed().map(addressOf)],
  ])('for every notice after %s', async (_, answer) => {
    const { client, finance } = await setup(
      (request, socket) => socket.end(answerOf(request, answer(codesOf(request)))),
      together(10),
    );
    const outcomes = await Promise.allSettled([1, 2].map((serial) => client.openPayment(rent(serial))));
    expect(finance.requests).toHaveLength(1);
    for (const outcome of outcomes) {
      const { reason } = outcome as PromiseRejectedResult;
      expect(reason).toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        details: { department: 'non-tax', reference: messageIdOf(finance.requests[0]) },
      });
      expect(dutiesOf(reason)).toEqual(['query', 'alarm']);
    }
  });

  test('for every notice when the connection is cut, and nothing is sent again', async () => {
    const { client, finance } = await setup((_request, socket) => socket.destroy(), together(10));
    const ends = await endsOf([1, 2, 3].map((serial) => client.openPayment(rent(serial))));
    expect(ends).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN']);
    expect(finance.requests).toHaveLength(1);
  });

  test('and only of the notice that 99999 answers', async () => {
    const { client } = await setup((request, socket) => {
      const [, second = ''] = codesOf(request);
      socket.end(answerOf(request, [{ result: '99999', information: '' }, addressOf(second)]));
    }, together(10));
    const ends = await endsOf([1, 2].map((serial) => client.openPayment(rent(serial))));
    expect(ends).toEqual(['OUTCOME_UNKNOWN', addressOf(rent(2).payCode).information]);
  });
});

describe('with finance’s simulator', () => {
  async function join() {
    const core = new SimulatorCore('non-tax');
    core.setClock(Date.parse('2026-03-16T11:00:00+08:00') - Date.now());
    const simulator = closeLater(simulateNonTax(core, EMPTY_POPULATION, { settings: { token: TOKEN } }));
    const url = await simulator.listen(0);
    const client = nonTaxClient(district(url, together(10)), { counter: memoryCounter(), clock: core.now });
    return { core, client: closeLater(client) };
  }

  test('notices are opened and voided in one frame, each with its own result', async () => {
    const { core, client } = await join();
    await client.openPayment(rent(1));
    const [second, voided, third] = await Promise.all([
      client.openPayment(rent(2)),
      client.voidPayment(rent(1)),
      client.openPayment(rent(3)),
    ]);
    expect(core.calls.calls).toEqual({ 8994: 2 });
    expect(core.ledger.map(({ kind, reference }) => [kind, reference])).toEqual([
      ['payment-opened', rent(1).payCode],
      ['payment-opened', rent(2).payCode],
      ['payment-voided', rent(1).payCode],
      ['payment-opened', rent(3).payCode],
    ]);
    expect([second?.payUrl, voided, third?.payUrl]).toEqual([
      expect.stringContaining(rent(2).payCode),
      undefined,
      expect.stringContaining(rent(3).payCode),
    ]);
  });

  test('a refused notice leaves the others of its frame opened', async () => {
    const { core, client } = await join();
    const other = { ...rent(1), memo: '另一份' };
    const ends = await endsOf([rent(1), other, rent(2)].map((notice) => client.openPayment(notice)));
    expect(ends).toEqual([
      expect.stringContaining(rent(1).payCode),
      'DEPARTMENT_REJECTED',
      expect.stringContaining(rent(2).payCode),
    ]);
    expect(core.ledger.map(({ reference }) => reference)).toEqual([rent(1).payCode, rent(2).payCode]);
  });

  test('the same notice twice in a frame is opened once', async () => {
    const { core, client } = await join();
    const [first, again] = await Promise.all([client.openPayment(rent(1)), client.openPayment(rent(1))]);
    expect(again?.payUrl).toBe(first?.payUrl);
    expect(core.ledger.map(({ reference }) => reference)).toEqual([rent(1).payCode]);
  });

  test('queries never share a frame', async () => {
    const { core, client } = await join();
    await Promise.all([1, 2].map((serial) => client.openPayment(rent(serial))));
    const states = await Promise.all([1, 2].map((serial) => client.payment(rent(serial).payCode)));
    expect(states.map((one) => one?.state)).toEqual(['unpaid', 'unpaid']);
    expect(core.calls.calls).toEqual({ 8994: 1, 8997: 2 });
  });
});

test.each([0, 101, 1.5])('%s notices a frame are no setting', (noticesPerFrame) => {
  const { url } = district('tcp://127.0.0.1:1');
  const section = { url, units: [{ code: '042001', name: '示例' }], ...together(noticesPerFrame) };
  expect(nonTaxSettings.safeParse(section).error?.issues[0]?.path).toEqual(['cnnontax', 'noticesPerFrame']);
});
