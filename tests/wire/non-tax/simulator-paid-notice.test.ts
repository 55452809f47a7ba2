import { describe, expect, it } from 'vitest';
import { goldenVoucher } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import {
  edited,
  elementText,
  framed,
  frameOf,
  readAnswer,
  running,
  unitListener,
  unitReply,
} from './simulator-wire.ts';

const { rent, rentPaid } = GOLDEN_NOTICES;
const settings = { notice: { timeoutMs: 2_000, pausesMs: [1, 1, 1, 1] } };
const sent = {
  kind: 'notice-sent',
  reference: rent.payCode,
  subject: 'K4212020001',
  amountFen: 41_250,
  tradeNumber: 'T1',
};

/** The observed unit: the request's head as it came, a plain voucher, a line feed (wire spec 3.5). */
function plainReply(frame: Buffer): Buffer {
  const xml = frame.toString('latin1', 23, frame.length - 64);
  const voucher = '<Voucher><OriMsgNo>5996</OriMsgNo><Result>00000</Result><Information></Information></Voucher>';
  return Buffer.concat([
    framed('8001', Buffer.from(xml.replace(/<Voucher>[^<]*<\/Voucher>/, voucher), 'latin1')),
    Buffer.from('\n'),
  ]);
}

describe('the paid notice, 5996', () => {
  it.each([
    ['as the profile writes it', (frame: Buffer) => [unitReply(frame)]],
    ['as the observed unit writes it', (frame: Buffer) => [plainReply(frame)]],
    ['byte by byte', (frame: Buffer) => Array.from(unitReply(frame), (byte) => Buffer.from([byte]))],
    ['with GBK as its label', (frame: Buffer) => [relabelled(unitReply(frame))]],
  ])('is acknowledged by an 8001 %s', async (_, reply) => {
    await using unit = await unitListener(reply);
    await using finance = await running(goldenPopulation(rent), { notify: unit.address, settings });

    await finance.act('pay', { payCode: rent.payCode, tradeNumber: 'T1', wait: true });

    expect(unit.frames).toHaveLength(1);
    expect(finance.ledger()[1]).toEqual({ ...sent, acknowledged: true, result: '00000', attempts: 1 });
  });

  it.each([
    ['closes without a word', () => undefined],
    ['answers 99999', (frame: Buffer) => [unitReply(frame, '99999')]],
    [
      'answers with a wrong digest',
      (frame: Buffer) => [Buffer.concat([unitReply(frame).subarray(0, -1), Buffer.from('x')])],
    ],
    [
      'answers another message',
      (frame: Buffer) => [
        frameOf('8001', [goldenVoucher('09-paid-notice.response.bin')], {
          head: { MsgID: unitReply(frame).toString('latin1', 0, 4) },
        }),
      ],
    ],
    ['answers garbage', () => [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]],
    ['answers with half a frame', (frame: Buffer) => [unitReply(frame).subarray(0, 200)]],
    ['answers with no voucher', (frame: Buffer) => [emptyReply(frame)]],
  ])('is sent five times with the same number while the unit %s', async (_, reply) => {
    await using unit = await unitListener(reply);
    await using finance = await running(goldenPopulation(rent), { notify: unit.address, settings });

    await finance.act('pay', { payCode: rent.payCode, tradeNumber: 'T1', wait: true });

    expect(unit.frames).toHaveLength(5);
    expect(new Set(unit.frames.map((frame) => readAnswer(frame).head('MsgID'))).size).toBe(1);
    expect(finance.ledger().slice(1)).toMatchObject([{ ...sent, acknowledged: false, attempts: 5 }]);
  });

  it('is given up when the unit answers an error of its own', async () => {
    await using unit = await unitListener((frame) => [unitReply(frame, '12001')]);
    await using finance = await running(goldenPopulation(rent), { notify: unit.address, settings });

    await finance.act('pay', { payCode: rent.payCode, tradeNumber: 'T1', wait: true });

    expect(finance.ledger()[1]).toEqual({ ...sent, acknowledged: false, result: '12001', attempts: 1 });
  });

  it('gets through when the unit comes back', async () => {
    await using unit = await unitListener((frame, index) => (index < 2 ? undefined : [unitReply(frame)]));
    await using finance = await running(goldenPopulation(rent), { notify: unit.address, settings });

    await finance.act('pay', { payCode: rent.payCode, tradeNumber: 'T1', wait: true });

    expect(finance.ledger()[1]).toMatchObject({ acknowledged: true, attempts: 3 });
  });

  it('is not waited for unless told', async () => {
    await using unit = await unitListener((frame) => [unitReply(frame)]);
    await using finance = await running(goldenPopulation(rent), { notify: unit.address });

    await expect(finance.act('pay', { payCode: rent.payCode })).resolves.toMatchObject({ notice: 'sent' });

    await unit.received(1);
    await expect.poll(() => finance.ledger()[1]).toMatchObject({ kind: 'notice-sent', acknowledged: true });
  });

  it.each([
    ['Y', 1],
    ['', 0],
    ['N', 0],
  ])('goes out for a notice opened with Hold1 %o: %i', async (hold, count) => {
    await using unit = await unitListener((frame) => [unitReply(frame)]);
    await using finance = await running(goldenPopulation(), { notify: unit.address, settings });
    await finance.ask('8994', edited(goldenVoucher('01-open-rent.request.bin'), { Hold1: hold }), {
      SRC: 'K4212020009',
    });

    await finance.act('pay', { payCode: rent.payCode, wait: true });

    expect(unit.frames.map((frame) => readAnswer(frame).head('DES'))).toEqual(Array(count).fill('K4212020009'));
  });

  it.each([
    [41_250, '412.5'],
    [8_000, '80.0'],
    [1, '0.01'],
    [55_005, '550.05'],
  ])('writes %i fen as %s', async (amountFen, text) => {
    await using unit = await unitListener((frame) => [unitReply(frame)]);
    await using finance = await running(goldenPopulation(rent), { notify: unit.address, settings });

    await finance.act('pay', { payCode: rent.payCode, amountFen, wait: true });

    expect(unit.frames.map((frame) => readAnswer(frame).get('Amt'))).toEqual([text]);
  });

  it('is sent again, several at once, and with other contents, on demand', async () => {
    await using unit = await unitListener((frame) => [unitReply(frame)]);
    await using finance = await running(goldenPopulation(rentPaid), { settings });
    await finance.act('set-notify', { address: unit.address });

    await finance.act('resend-notice', { payCode: rent.payCode, times: 3, wait: true });
    await finance.act('resend-notice', { payCode: rent.payCode, tradeNumber: 'OTHER', amountFen: 1, wait: true });

    const seen = unit.frames.map((frame) =>
      [readAnswer(frame).get('TraNoBus'), readAnswer(frame).get('Amt')].join(' '),
    );
    expect(seen).toEqual([...Array(3).fill('4200002026031600000000000017 412.5'), 'OTHER 0.01']);
    expect(new Set(unit.frames.map((frame) => elementText(frame.toString('latin1'), 'MsgID'))).size).toBe(4);
    expect(finance.ledger().map(({ kind }) => kind)).toEqual(Array(4).fill('notice-sent'));
  });

  it('is forgotten by a reset and by closing', async () => {
    await using unit = await unitListener(() => undefined);
    await using finance = await running(goldenPopulation(rent), {
      notify: unit.address,
      settings: { notice: { timeoutMs: 2_000, pausesMs: [60_000] } },
    });
    const paid = finance.act('pay', { payCode: rent.payCode, wait: true });
    await unit.received(1);

    finance.simulator.reset();

    await expect(paid).resolves.not.toHaveProperty('delivery');
    expect(finance.ledger().map(({ kind }) => kind)).toEqual(['payment-paid']);
  });
});

function relabelled(frame: Buffer): Buffer {
  const xml = frame.toString('latin1', 23, frame.length - 64).replace('GB18030', 'GBK');
  return framed('8001', Buffer.from(xml, 'latin1'));
}

/** The observed answer to an unknown PayCode. */
function emptyReply(frame: Buffer): Buffer {
  return frameOf('8001', [], { head: { MsgID: elementText(frame.toString('latin1'), 'MsgID') } });
}
