import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type NoticeListenerOptions,
  type PaidNoticeHandler,
  PaymentNoticeListener,
} from '../../../adapters/non-tax/listener.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../adapters/non-tax/messages/envelope.ts';
import { element, type XmlElement } from '../../../adapters/non-tax/messages/xml.ts';
import type { PaidNotice, PaidNoticeVerdict } from '../../../adapters/non-tax/records/payment.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { talk } from '../loopback.ts';
import { district, fixedCounter, TOKEN } from './client-district.ts';
import { goldenBytes } from './golden-files.ts';

const running: PaymentNoticeListener[] = [];
afterEach(async () => {
  for (const listener of running.splice(0)) await listener.stop();
});

interface Started {
  readonly listener: PaymentNoticeListener;
  readonly port: number;
  readonly notices: PaidNotice[];
  readonly reports: { readonly error: unknown; readonly reference?: string }[];
}

async function start(
  handle: PaidNoticeHandler = () => Promise.resolve('accepted'),
  changes: Partial<NoticeListenerOptions> = {},
  serial?: number,
): Promise<Started> {
  const notices: PaidNotice[] = [];
  const reports: Started['reports'] = [];
  const options = { ...district('tcp://127.0.0.1:1').listener, token: TOKEN, timeoutMs: 2_000, ...changes };
  const listener = new PaymentNoticeListener(options, {
    counter: serial === undefined ? memoryCounter() : fixedCounter(serial),
    clock: () => instantFromChina('2026-03-16 15:33:06'),
    handle: (notice) => {
      notices.push(notice);
      return handle(notice);
    },
    report: (failure) => reports.push(failure),
  });
  running.push(listener);
  const { port } = await listener.start();
  return { listener, port, notices, reports };
}

const NOTICE = goldenBytes('09-paid-notice.request.bin');

const resultsOf = (reply: Buffer) =>
  decodeMessage(reply, TOKEN).vouchers.map(({ children }) => children.find(({ name }) => name === 'Result')?.text);

/** The golden notice with other vouchers or another number. */
function notice(changes: Partial<Message>): Buffer {
  return encodeMessage({ ...decodeMessage(NOTICE, TOKEN), ...changes }, TOKEN);
}

function voucherWith(changes: Record<string, string>): XmlElement {
  const [voucher] = decodeMessage(NOTICE, TOKEN).vouchers;
  const children = voucher?.children ?? [];
  return element(
    'Voucher',
    children.map(({ name, text }) => element(name, changes[name] ?? text)),
  );
}

describe('a paid notice', () => {
  test('is handed on in the domain’s words and answered byte for byte as in the golden file', async () => {
    const { port, notices, reports } = await start(undefined, {}, 9);
    const reply = await talk(port, NOTICE);
    expect(reply.toString('latin1')).toBe(goldenBytes('09-paid-notice.response.bin').toString('latin1'));
    expect(notices).toEqual([
      {
        payCode: '42120226300000001001',
        paidAt: '2026-03-16T15:33:05+08:00',
        amountFen: 41_250,
        channel: '50',
        tradeNumber: '4200002026031600000000000017',
        bankOutlet: '00000',
        operator: 'G000001',
        payer: { name: '孙䶮', account: '', bank: '', bankNumber: '' },
        payee: { accountType: '1', account: '42050100000000000017' },
        node: 'K4212020001',
        reference: '1478600000000000009',
      },
    ]);
    expect(reports).toEqual([]);
  });

  test.each<[PaidNoticeVerdict, string]>([
    ['accepted', '00000'],
    ['unknown-pay-code', '11001'],
    ['already-paid-by-other-trade', '12001'],
    ['account-differs', '12003'],
    ['amount-differs', '12004'],
    ['not-now', '99999'],
  ])('judged %s is answered %s', async (verdict, result) => {
    const { port } = await start(() => Promise.resolve(verdict));
    expect(resultsOf(await talk(port, NOTICE))).toEqual([result]);
  });

  test('is taken when its frame comes byte by byte', async () => {
    const { port, notices } = await start();
    const reply = await talk(port, ...[...NOTICE].map((byte) => Uint8Array.of(byte)));
    expect(resultsOf(reply)).toEqual(['00000']);
    expect(notices).toHaveLength(1);
  });

  test('is answered to a sender that closed its half after the frame', async () => {
    const closed = Promise.withResolvers<void>();
    const { port } = await start(async () => {
      await closed.promise;
      // a whole exchange later the listener has seen the end of the first connection
      await talk(port, goldenBytes('neg-bad-mac.bin'));
      return 'accepted';
    });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('end', () => socket.destroy());
    socket.end(Buffer.concat([NOTICE, Buffer.from('\n')]), () => closed.resolve());
    await once(socket, 'close');
    expect(resultsOf(Buffer.concat(received))).toEqual(['00000']);
  });

  test('is handed on again when it comes again: being idempotent is the handler’s part', async () => {
    const { port, notices } = await start();
    await Promise.all([talk(port, NOTICE), talk(port, NOTICE)]);
    expect(notices).toHaveLength(2);
    expect(notices[0]).toEqual(notices[1]);
  });

  test('whose handler fails is answered 99999, so that finance sends it again, and reported', async () => {
    const failure = new Error('the store is full');
    const { port, reports } = await start(() => Promise.reject(failure));
    expect(resultsOf(await talk(port, NOTICE))).toEqual(['99999']);
    expect(reports).toEqual([{ error: failure, reference: '1478600000000000009' }]);
  });

  test.each([
    ['PayCode', 'x'],
    ['Amt', '412.505'],
    ['CfmDate', '20260230'],
    ['TraNoBus', ''],
    ['TraNoBus', '1'.repeat(33)],
    ['PayMode', ''],
  ])('whose %s is "%s" is answered 10002 and reported by that field, and nobody is asked', async (field, text) => {
    const { port, notices, reports } = await start();
    const frame = notice({ vouchers: [voucherWith({ [field]: text })] });
    expect(resultsOf(await talk(port, frame))).toEqual(['10002']);
    expect(notices).toEqual([]);
    expect(reports).toEqual([
      expect.objectContaining({
        error: expect.objectContaining({ details: expect.objectContaining({ field: `Voucher.${field}` }) }),
      }),
    ]);
  });

  test('among several is answered in its place', async () => {
    const { port } = await start(({ payCode }) =>
      Promise.resolve(payCode.endsWith('2') ? 'unknown-pay-code' : 'accepted'),
    );
    const vouchers = ['1', '2', '3'].map((last) => voucherWith({ PayCode: `4212022630000000100${last}` }));
    expect(resultsOf(await talk(port, notice({ vouchers })))).toEqual(['00000', '11001', '00000']);
  });

  test('is answered below 4096 bytes even when twenty come at once; more are refused whole', async () => {
    const { port, notices, reports } = await start();
    const twenty = await talk(port, notice({ vouchers: Array.from({ length: 20 }, () => voucherWith({})) }));
    expect(twenty.length).toBeLessThan(4_096);
    expect(resultsOf(twenty)).toHaveLength(20);
    const more = await talk(port, notice({ vouchers: Array.from({ length: 21 }, () => voucherWith({})) }));
    expect(resultsOf(more)).toEqual(['10002']);
    expect(notices).toHaveLength(20);
    expect(reports).toHaveLength(1);
  });
});

describe('what is no paid notice', () => {
  test.each([
    ['a wrong digest', goldenBytes('neg-bad-mac.bin'), 'frame.digest'],
    ['a length that is no number', goldenBytes('neg-length-not-number.bin'), 'frame.length'],
    ['a length that is too short', goldenBytes('neg-length-short.bin'), 'frame.length'],
    ['another transaction', goldenBytes('05-query-unpaid.request.bin'), 'frame.number'],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'frame.length'],
    ['a frame above the limit', Buffer.from('65537   CNNONTAX'), 'frame.length'],
  ])('%s is closed without a reply and reported', async (_what, bytes, field) => {
    const { port, notices, reports } = await start();
    expect(await talk(port, bytes)).toHaveLength(0);
    expect(notices).toEqual([]);
    expect(reports).toEqual([
      { error: expect.objectContaining({ code: 'DEPARTMENT_PROTOCOL', details: expect.objectContaining({ field }) }) },
    ]);
  });

  test('half a frame is closed at the time limit and reported', async () => {
    const { port, reports } = await start(undefined, { timeoutMs: 60 });
    expect(await talk(port, goldenBytes('neg-truncated.bin'))).toHaveLength(0);
    expect(reports).toEqual([{ error: expect.objectContaining({ detail: expect.stringContaining('INCOMPLETE') }) }]);
  });

  test('half a frame from a sender that leaves is reported', async () => {
    const { port, reports, listener } = await start();
    const socket = connect({ port, host: '127.0.0.1' });
    socket.end(goldenBytes('neg-truncated.bin'));
    socket.resume();
    await once(socket, 'close');
    await listener.stop();
    expect(reports).toEqual([{ error: expect.objectContaining({ detail: expect.stringContaining('INCOMPLETE') }) }]);
  });

  test('a connection that says nothing is closed at the time limit, without a word', async () => {
    const { port, reports } = await start(undefined, { timeoutMs: 40 });
    expect(await talk(port)).toHaveLength(0);
    expect(reports).toEqual([]);
  });

  test('bad frames in a row leave it serving', async () => {
    const { port } = await start();
    for (let time = 0; time < 5; time += 1) await talk(port, goldenBytes('neg-bad-mac.bin'));
    expect(resultsOf(await talk(port, NOTICE))).toEqual(['00000']);
  });

  test('reports hold nothing personal', async () => {
    const { port, reports } = await start();
    await talk(port, notice({ vouchers: [voucherWith({ Amt: '孙䶮' })] }));
    const [{ error }] = reports as [{ error: Error }];
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('䶮');
  });
});

describe('its limits and its end', () => {
  test('a connection over the limit is dropped and reported', async () => {
    const { port, reports } = await start(undefined, { maxConnections: 1 });
    const first = connect({ port, host: '127.0.0.1' });
    first.write(NOTICE.subarray(0, 20));
    await once(first, 'connect');
    expect(await talk(port, NOTICE)).toHaveLength(0);
    expect(reports).toEqual([{ error: expect.objectContaining({ code: 'OVERLOADED' }) }]);
    first.destroy();
  });

  test('a handler that takes longer than the limit costs the reply, and the failure is reported', async () => {
    const release = Promise.withResolvers<PaidNoticeVerdict>();
    const { port, reports, listener } = await start(() => release.promise, { timeoutMs: 50 });
    expect(await talk(port, NOTICE)).toHaveLength(0);
    release.resolve('accepted');
    await listener.stop();
    expect(reports).toEqual([expect.objectContaining({ reference: '1478600000000000009' })]);
  });

  test('stopping lets the notice being handled be answered and closes idle connections', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<PaidNoticeVerdict>();
    const { port, listener } = await start(() => {
      entered.resolve();
      return release.promise;
    });
    const idle = connect({ port, host: '127.0.0.1' });
    const idleClosed = once(idle, 'close');
    idle.resume();
    await once(idle, 'connect');
    const reply = talk(port, NOTICE);
    await entered.promise;
    const stopped = listener.stop();
    await idleClosed;
    release.resolve('accepted');
    expect(resultsOf(await reply)).toEqual(['00000']);
    await stopped;
  });

  test('it can be stopped twice and started again, not started twice', async () => {
    const { listener } = await start();
    await expect(listener.start()).rejects.toThrow('running');
    await listener.stop();
    await listener.stop();
    const { port } = await listener.start();
    expect(resultsOf(await talk(port, NOTICE))).toEqual(['00000']);
  });

  test('a port that is taken is an error of start', async () => {
    const { port } = await start();
    await expect(start(undefined, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
