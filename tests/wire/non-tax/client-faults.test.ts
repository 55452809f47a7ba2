import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { dutiesOf } from '../../../adapters/non-tax/errors.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import { closeLater } from '../closing.ts';
import { failureOf } from '../failure.ts';
import { district, LINE, RENT_NOTICE } from './client-district.ts';
import { answerFrame, frameOf, general } from './client-loopback.ts';
import { messageIdOf, PAY_CODE, setup } from './client-setup.ts';

/** The fields of a good 5997 about the notice of the tests. */
const PAID = {
  AdmDivCode: '421202',
  PayCode: PAY_CODE,
  BillDate: '20260316',
  ChgAgenCode: '042001',
  ChgAgenName: 'unit',
  PayerName: 'payer',
  Amt: '412.5',
  OriAmt: '412.50',
  DelayAmt: '0',
  PayStats: '1',
  RecAcctType: '1',
  RecName: 'finance',
  RecAcct: '42050100000000000017',
  PayInfo: '103100501|rent|412.50|month|1|x|0.0-0.0#',
  CfmDate: '20260316',
  CfmTime: '153305',
  PayMode: '99',
  TraNoBus: 'T1',
  BillNo: '',
  Hold1: '',
  Hold2: '',
};

function paidAnswer(request: Buffer, changes: Record<string, string | undefined> = {}): Buffer {
  const fields = Object.entries({ ...PAID, ...changes }).filter(([, text]) => text !== undefined);
  const voucher = `<Voucher>${fields.map(([name, text]) => `<${name}>${text}</${name}>`).join('')}</Voucher>`;
  return answerFrame({ number: '5997', voucher, request });
}

describe('an answer that cannot be used', () => {
  const faults: readonly {
    readonly fault: string;
    readonly answer: (request: Buffer) => Buffer;
    readonly read: { readonly code: string; readonly field?: string };
  }[] = [
    { fault: 'a wrong digest', answer: (request) => spoiled(paidAnswer(request)), read: protocol('frame.digest') },
    {
      fault: 'another token',
      answer: () => frameOf('5001', '<?xml version="1.0"?><CFX></CFX>', 'OTHER'),
      read: protocol('frame.digest'),
    },
    {
      fault: 'an HTML page',
      answer: () => Buffer.from('<html><body>502</body></html>'),
      read: protocol('frame.length'),
    },
    { fault: 'meaningless bytes', answer: () => Buffer.alloc(64, 0xa7), read: protocol('frame.length') },
    {
      fault: 'an announced length of 86',
      answer: () => Buffer.from('86      '.padEnd(90, 'x')),
      read: protocol('frame.length'),
    },
    {
      fault: 'an announced length above 4 MiB',
      answer: () => Buffer.from('4194305 '.padEnd(90, 'x')),
      read: protocol('frame.length'),
    },
    {
      fault: 'another application',
      answer: (request) => replaced(paidAnswer(request), 8, 'OTHERAPP'),
      read: protocol('frame.application'),
    },
    {
      fault: 'another version',
      answer: (request) => replaced(paidAnswer(request), 16, '2.0'),
      read: protocol('frame.version'),
    },
    {
      fault: 'the answer to another message',
      answer: (request) =>
        answerFrame({ number: '5997', voucher: '<Voucher/>', request, messageReference: '20260316000000000000' }),
      read: protocol('HEAD.MsgRef'),
    },
    {
      fault: 'a head that disagrees with its frame',
      answer: (request) => answerFrame({ number: '5001', headNumber: '5997', voucher: '<Voucher/>', request }),
      read: protocol('HEAD.MsgNo'),
    },
    {
      fault: 'a wrong count of vouchers',
      answer: (request) => answerFrame({ number: '5997', voucher: '<Voucher/>', request, count: '2' }),
      read: protocol('MOF.VoucherCount'),
    },
    {
      fault: 'a voucher that is not GB18030',
      answer: (request) =>
        frameOf('5001', xmlWithVoucher(request, Buffer.from([0x3c, 0x56, 0xff, 0xff]).toString('base64'))),
      read: protocol('Voucher'),
    },
    {
      fault: 'a voucher that is not Base64',
      answer: (request) => frameOf('5001', xmlWithVoucher(request, '***')),
      read: protocol('Voucher'),
    },
    {
      fault: 'a document type with entities',
      answer: (request) =>
        frameOf('5001', xmlWithVoucher(request, 'PA==').replace('<CFX>', '<!DOCTYPE CFX [<!ENTITY a "b">]><CFX>')),
      read: protocol('frame.xml'),
    },
    {
      fault: 'a message number that does not belong there',
      answer: (request) =>
        answerFrame({ number: '5992', voucher: '<Voucher><Result>00000</Result></Voucher>', request }),
      read: protocol('frame.number'),
    },
    {
      fault: 'a general answer to another transaction',
      answer: (request) => general(request, '00000', '', '8999'),
      read: protocol('Voucher.OriMsgNo'),
    },
  ];

  test.each(faults)('$fault: a query says DEPARTMENT_PROTOCOL at $read.field', async ({ answer, read }) => {
    const { client, finance } = await setup((request, socket) => socket.end(answer(request)));
    const error = await failureOf(client.payment(PAY_CODE));
    expect(error).toMatchObject({ code: read.code, details: { field: read.field, department: 'non-tax' } });
    expect(dutiesOf(error)).toEqual(['query', 'alarm']);
    expect(finance.requests).toHaveLength(1);
  });

  test.each(faults)('$fault: of an opening the outcome is unknown, under its message id', async ({ answer, read }) => {
    const { client, finance } = await setup((request, socket) => socket.end(answer(request)));
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: read.field, reference: messageIdOf(finance.requests[0]) },
    });
    expect(dutiesOf(error)).toEqual(['query', 'alarm']);
    expect(finance.requests).toHaveLength(1);
  });

  test.each([
    ['PayCode', '42120226300000009999'],
    ['BillDate', '20260230'],
    ['ChgAgenCode', ''],
    ['Amt', '412.505'],
    ['Amt', '412.51'],
    ['Amt', '-412.50'],
    ['OriAmt', '四百'],
    ['DelayAmt', undefined],
    ['PayStats', '3'],
    ['PayInfo', '103100501|rent'],
    ['CfmDate', ''],
    ['CfmTime', '996099'],
  ])('a 5997 whose %s is %s names that field', async (field, text) => {
    const { client } = await setup((request, socket) => socket.end(paidAnswer(request, { [field]: text })));
    const error = await failureOf(client.payment(PAY_CODE));
    expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', details: { field: `Voucher.${field}` } });
  });

  test('a field given twice with two texts is refused by name', async () => {
    const voucher = '<Voucher><OriMsgNo>8994</OriMsgNo><Result>00000</Result><Result>11001</Result></Voucher>';
    const { client } = await setup((request, socket) => socket.end(answerFrame({ number: '5001', voucher, request })));
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { field: 'Voucher.Result' } });
  });
});

describe('an answer in an allowed form', () => {
  const good = (read: { state: string | undefined }) => expect(read).toMatchObject({ state: 'paid', channel: '99' });

  test('is read when it comes byte by byte', async () => {
    const { client } = await setup(async (request, socket) => {
      socket.setNoDelay(true);
      for (const byte of paidAnswer(request)) {
        if (!socket.write(Uint8Array.of(byte))) await once(socket, 'drain');
      }
    });
    good((await client.payment(PAY_CODE)) ?? { state: undefined });
  });

  test.each([
    ['a line feed after the frame', (frame: Buffer) => Buffer.concat([frame, Buffer.from('\n')])],
    ['the whole frame twice', (frame: Buffer) => Buffer.concat([frame, frame])],
  ])('is read with %s', async (_form, changed) => {
    const { client } = await setup((request, socket) => socket.end(changed(paidAnswer(request))));
    good((await client.payment(PAY_CODE)) ?? { state: undefined });
  });

  test('is read when its declaration says standalone, which is not part of the digest', async () => {
    const { client } = await setup((request, socket) => {
      const plain = paidAnswer(request);
      const xml = plain.toString('latin1', 23, plain.length - 64);
      const declared = xml.replace('"GB18030"?>', '"GB18030" standalone="yes"?>');
      const digest = plain.toString('latin1', plain.length - 64);
      const length = String(87 + declared.length).padEnd(8);
      socket.end(Buffer.from(`${length}CNNONTAX1.05997${declared}${digest}`, 'latin1'));
    });
    good((await client.payment(PAY_CODE)) ?? { state: undefined });
  });

  test('is read when its voucher is in the open and its body has attributes, as an older sample shows', async () => {
    const { client } = await setup((request, socket) => {
      const fields = Object.entries(PAID).map(([name, text]) => `<${name}>${text}</${name}>`);
      const xml = xmlWithVoucher(request, fields.join(''), '5997').replace(
        '<VoucherBody>',
        '<VoucherBody AdmDivCode="421202" StYear="2026" VtCode="5997" VoucherNo="1">',
      );
      socket.end(frameOf('5997', xml));
    });
    good((await client.payment(PAY_CODE)) ?? { state: undefined });
  });

  test('is read whatever order its fields have and whatever else it carries', async () => {
    const { client } = await setup((request, socket) => {
      const fields = Object.entries({ ...PAID, Unknown: 'x' }).reverse();
      const voucher = `<Voucher>${fields.map(([name, text]) => `<${name}>${text}</${name}>`).join('')}</Voucher>`;
      socket.end(answerFrame({ number: '5997', voucher, request }));
    });
    good((await client.payment(PAY_CODE)) ?? { state: undefined });
  });
});

describe('a connection that fails', () => {
  test('nobody listens: reading and writing both say that nothing was sent', async () => {
    const client = nonTaxClient(district(`tcp://127.0.0.1:${await freePort()}`), { counter: memoryCounter() });
    closeLater(client);
    for (const call of [() => client.payment(PAY_CODE), () => client.openPayment(RENT_NOTICE)]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
      expect(dutiesOf(error)).toEqual(['retry']);
    }
  });

  test.each([
    ['nothing', 0],
    ['half of the answer', 0.5],
  ])('closed after %s: a query is asked once more under a new message id', async (_part, share) => {
    const { client, finance } = await setup((request, socket) => {
      const answer = paidAnswer(request);
      if (finance.requests.length === 1) socket.end(answer.subarray(0, answer.length * share));
      else socket.end(answer);
    });
    expect(await client.payment(PAY_CODE)).toMatchObject({ state: 'paid' });
    const ids = finance.requests.map(messageIdOf);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test('closed without an answer: an opening is not repeated and its outcome is unknown', async () => {
    const { client, finance } = await setup((_request, socket) => socket.destroy());
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { reference: messageIdOf(finance.requests[0]) } });
    expect(dutiesOf(error)).toEqual(['query']);
    expect(finance.requests).toHaveLength(1);
  });

  test('silence: a query times out, of an opening the outcome is unknown', async () => {
    const { client } = await setup(() => {}, { line: { ...LINE, readTimeoutMs: 40 } });
    expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    expect(await failureOf(client.openPayment(RENT_NOTICE))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  test('the deadline of a query closes its socket', async () => {
    const gone = Promise.withResolvers<void>();
    const { client } = await setup((_request, socket) => socket.on('close', () => gone.resolve()), {
      line: { ...LINE, deadline: { readMs: 60, writeMs: 60 } },
    });
    expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    await gone.promise;
  });

  test('a caller who leaves closes the socket of a query', async () => {
    const caller = new AbortController();
    const gone = Promise.withResolvers<void>();
    const { client } = await setup((_request, socket) => {
      socket.on('close', () => gone.resolve());
      caller.abort();
    });
    expect(await failureOf(client.payment(PAY_CODE, {}, { signal: caller.signal }))).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
    });
    await gone.promise;
  });

  test('a caller who leaves does not stop an opening', async () => {
    const caller = new AbortController();
    const { client } = await setup((request, socket) => {
      caller.abort();
      socket.end(general(request, '00000', 'https://pay.example.invalid/1'));
    });
    expect(await client.openPayment(RENT_NOTICE, { signal: caller.signal })).toMatchObject({
      payUrl: 'https://pay.example.invalid/1',
    });
  });

  test('failures in a row open the breaker, and nothing more is sent', async () => {
    const { client, finance } = await setup((_request, socket) => socket.destroy(), {
      line: { ...LINE, retry: { ...LINE.retry, attempts: 1 }, breaker: { failures: 3, coolDownMs: 60_000 } },
    });
    for (let call = 0; call < 3; call += 1) await failureOf(client.payment(PAY_CODE));
    expect(client.breakerState).toBe('open');
    expect(await failureOf(client.openPayment(RENT_NOTICE))).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(finance.requests).toHaveLength(3);
  });

  test('refusals leave the breaker closed', async () => {
    const { client } = await setup((request, socket) => socket.end(general(request, '18012')), {
      line: { ...LINE, breaker: { failures: 2, coolDownMs: 60_000 } },
    });
    for (let call = 0; call < 3; call += 1) await failureOf(client.openPayment(RENT_NOTICE));
    expect(client.breakerState).toBe('closed');
  });
});

describe('many calls at once', () => {
  test('never more than eight connections are open', async () => {
    const held: { request: Buffer; socket: Socket }[] = [];
    let most = 0;
    const { client, finance } = await setup((request, socket) => {
      most = Math.max(most, finance.sockets.size);
      held.push({ request, socket });
      // the eighth lets all go, and so on for each full eight; the last four go at once
      if (held.length === 8 || finance.requests.length > 16) {
        for (const each of held.splice(0)) each.socket.end(paidAnswer(each.request));
      }
    });
    const records = await Promise.all(Array.from({ length: 20 }, () => client.payment(PAY_CODE)));
    expect(records.every((record) => record?.state === 'paid')).toBe(true);
    expect(most).toBe(8);
    expect(new Set(finance.requests.map(messageIdOf)).size).toBe(20);
  });

  test('closing waits for the exchange that is running', async () => {
    const { client, finance } = await setup((request, socket) => {
      closing = client.close();
      socket.end(general(request, '00000'));
    });
    let closing: Promise<void> | undefined;
    await expect(client.openPayment(RENT_NOTICE)).resolves.toMatchObject({ payUrl: null });
    await closing;
    expect(finance.requests).toHaveLength(1);
  });
});

function protocol(field: string) {
  return { code: 'DEPARTMENT_PROTOCOL', field };
}

function spoiled(frame: Buffer): Buffer {
  const last = frame.at(-1);
  return Buffer.concat([frame.subarray(0, -1), Buffer.from(last === 0x30 ? '1' : '0')]);
}

function replaced(frame: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(frame);
  copy.write(text, at, 'latin1');
  return copy;
}

function xmlWithVoucher(request: Buffer, voucher: string, number = '5001'): string {
  const frame = answerFrame({ number, voucher: 'x', request });
  return frame
    .toString('latin1', 23, frame.length - 64)
    .replace(/<Voucher>[^<]*<\/Voucher>/, `<Voucher>${voucher}</Voucher>`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
