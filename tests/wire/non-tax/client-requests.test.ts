import { sm2 } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import type { NonTaxClient } from '../../../adapters/non-tax/client.ts';
import { dutiesOf } from '../../../adapters/non-tax/errors.ts';
import { decodeMessage } from '../../../adapters/non-tax/messages/envelope.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { failureOf } from '../failure.ts';
import { cnnontaxSection, RENT, RENT_NOTICE, TOKEN } from './client-district.ts';
import { answerFrame, general, type TcpFinance } from './client-loopback.ts';
import { fieldsOfFrame, messageIdOf, PAY_CODE, setup } from './client-setup.ts';

describe('refusals', () => {
  const answering = (result: string, information: string, requestNumber: string) =>
    setup((request, socket) => socket.end(general(request, result, information, requestNumber)));

  test('18012 is passed on with finance’s code and words', async () => {
    const { client } = await answering('18012', 'no right: 999999', '8994');
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'no right: 999999',
      details: { departmentCode: '18012' },
    });
    expect(dutiesOf(error)).toEqual(['stop', 'alarm']);
  });

  test('an unknown code keeps its code and text, stops and alarms', async () => {
    const { client } = await answering('77777', 'what', '8994');
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error).toMatchObject({ code: 'DEPARTMENT_REJECTED', detail: 'what', details: { departmentCode: '77777' } });
    expect(dutiesOf(error)).toEqual(['stop', 'alarm']);
  });

  test('11001 on an opening means that it was not opened: send it again', async () => {
    const { client } = await answering('11001', '', '8994');
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error).toMatchObject({ code: 'DEPARTMENT_REJECTED', details: { departmentCode: '11001' } });
    expect(dutiesOf(error)).toEqual(['retry']);
  });

  test('11001 on a voiding means that there is no such notice', async () => {
    const { client } = await answering('11001', '', '8994');
    const error = await failureOf(client.voidPayment(RENT_NOTICE));
    expect(error).toMatchObject({ code: 'NOT_FOUND', details: { departmentCode: '11001' } });
    expect(dutiesOf(error)).toEqual(['stop']);
  });

  test('11004 on a query is a void notice', async () => {
    const { client } = await answering('11004', '', '8997');
    expect(await client.payment(PAY_CODE)).toMatchObject({ payCode: PAY_CODE, state: 'void', amountFen: null });
  });

  test('11003 on a query is a notice past its last day', async () => {
    const { client } = await answering('11003', '', '8997');
    expect(await client.payment(PAY_CODE)).toMatchObject({ payCode: PAY_CODE, state: 'expired', amountFen: null });
  });

  test('success without the record is no answer to a query', async () => {
    const { client } = await answering('00000', '', '8997');
    expect(await failureOf(client.payment(PAY_CODE))).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'frame.number' },
    });
  });

  test('99999 on a QR code asks for a query first and is not repeated', async () => {
    const { client, finance } = await answering('99999', '', '8995');
    const error = await failureOf(client.dynamicQr(PAY_CODE, '50', 5));
    expect(error).toMatchObject({ code: 'DEPARTMENT_BUSY', details: { departmentCode: '99999', retryAfterMs: 2_000 } });
    expect(dutiesOf(error)).toEqual(['query', 'retry', 'alarm']);
    expect(finance.requests).toHaveLength(1);
  });

  test('99999 on a bill number leaves it unknown whether one was taken', async () => {
    const { client } = await answering('99999', '', '8999');
    expect(await failureOf(client.allotEReceiptNumber({ unitCode: '042001' }))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
  });

  test('a bill number that is none is an outcome unknown, with the field', async () => {
    const { client } = await answering('00000', '12345', '8999');
    expect(await failureOf(client.allotEReceiptNumber({ unitCode: '042001' }))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'Voucher.Information' },
    });
  });

  test('finance’s words lose the payer’s name, number and telephone', async () => {
    const { client } = await setup((request, socket) => {
      const { name, idNumber, phone } = RENT_NOTICE.payer;
      const text = `缴款人${name} ${idNumber} ${phone} 42120226300000001001`;
      const encoded = encodedGeneral(request, '16004', text);
      socket.end(encoded);
    });
    const error = await failureOf(client.openPayment(RENT_NOTICE));
    expect(error.message).toContain('缴款人孙*');
    expect(error.message).toContain(PAY_CODE);
    expect(JSON.stringify([error.message, error.extensions])).not.toMatch(/䶮|421202198803056219|13800000001/);
  });
});

describe('what is not sent', () => {
  test.each([
    ['payer.name', { payer: { ...RENT_NOTICE.payer, name: '' } }],
    ['payer.name', { payer: { ...RENT_NOTICE.payer, name: '㙍'.repeat(26) } }],
    ['payer.name', { payer: { ...RENT_NOTICE.payer, name: 'a\u0000b' } }],
    ['payer.name', { payer: { ...RENT_NOTICE.payer, name: '\ud83d' } }],
    ['payer.phone', { payer: { ...RENT_NOTICE.payer, phone: '１３８' } }],
    ['memo', { memo: '租'.repeat(101) }],
    ['items', { items: [] }],
    ['items', { items: [{ ...RENT, amountFen: fen(0) }] }],
    ['items.0.amountFen', { items: [{ ...RENT, amountFen: -1 as typeof RENT.amountFen }] }],
    ['items.0.quantity', { items: [{ ...RENT, quantity: 0 }] }],
    ['items.0.code', { items: [{ ...RENT, code: 'ABC' }] }],
    ['items', { items: [{ ...RENT, name: '租'.repeat(250) }] }],
    ['payCode', { payCode: '4212022630001001' }],
    ['billDate', { billDate: '2026-02-30' }],
    ['unitCode', { unitCode: '999999' }],
    ['lateFeeFen', { lateFeeFen: -5 as typeof RENT.amountFen }],
  ])('a notice with a wrong %s is refused before anything leaves', async (field, changes) => {
    const { client, finance } = await setup((request, socket) => socket.end(general(request, '00000')));
    const error = await failureOf(client.openPayment({ ...RENT_NOTICE, ...changes }));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field } });
    expect(finance.requests).toHaveLength(0);
  });

  test('25 characters of four bytes fill a field of 100 bytes', async () => {
    const { client, finance } = await setup((request, socket) => socket.end(general(request, '00000')));
    await client.openPayment({ ...RENT_NOTICE, payer: { ...RENT_NOTICE.payer, name: '㙍'.repeat(25) } });
    expect(finance.requests).toHaveLength(1);
  });

  test.each([0, 31, 1.5])('a QR code for %s minutes is refused', async (minutes) => {
    const { client } = await setup(() => {});
    expect(await failureOf(client.dynamicQr(PAY_CODE, '50', minutes))).toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'minutes' },
    });
  });

  test('e-receipts are refused by name when no kind of bill is set', async () => {
    const { client } = await setup(() => {}, { cnnontax: cnnontaxSection('tcp', { eReceipt: undefined }) });
    const error = await failureOf(client.allotEReceiptNumber({ unitCode: '042001' }));
    expect(error.message).toContain('cnnontax');
    expect(error.message).toContain('e-receipts');
  });
});

describe('what is sent', () => {
  test('items of one code are summed, free ones left out, and separators in names made harmless', async () => {
    const { client, finance } = await setup((request, socket) => socket.end(general(request, '00000')));
    await client.openPayment({
      ...RENT_NOTICE,
      items: [{ ...RENT, name: 'a|b#c' }, RENT, { ...RENT, code: '103100502', amountFen: fen(0) }],
      lateFeeFen: fen(5),
    });
    const fields = fieldsSent(finance);
    expect(fields).toMatchObject({
      PayInfo: '103100501|a｜b＃c|825.00|月|2|不限制|0.0-0.0#',
      OriAmt: '825.00',
      DelayAmt: '0.05',
      Amt: '825.05',
    });
  });

  test('markup in a name arrives as text', async () => {
    const { client, finance } = await setup((request, socket) => socket.end(general(request, '00000')));
    await client.openPayment({ ...RENT_NOTICE, payer: { ...RENT_NOTICE.payer, name: '<b>&amp;' } });
    expect(fieldsSent(finance)).toMatchObject({ PayerName: '<b>&amp;' });
  });

  test('a notice opened again has the same code and content under a new message id', async () => {
    const { client, finance } = await setup((request, socket) => {
      if (finance.requests.length === 1) socket.destroy();
      else socket.end(general(request, '00000'));
    });
    const notice = { ...RENT_NOTICE, payCode: await client.allotPayCode() };
    await failureOf(client.openPayment(notice));
    await client.openPayment(notice);
    const [first, second] = finance.requests.map((request) => decodeMessage(request, TOKEN));
    expect(second?.vouchers).toEqual(first?.vouchers);
    expect(second?.messageId).not.toBe(first?.messageId);
  });

  test('a statement of 1,001 entries goes in three pages of one number, each with its own count, sum and digest', async () => {
    const { client, finance } = await setup((request, socket) => {
      const { PageNo } = fieldsOfFrame(request);
      const page = `<AccountFirmNo>DZ1</AccountFirmNo><SettleDate>20260316</SettleDate><MatchCount>${PageNo}</MatchCount><DiffCount>0</DiffCount><Diffs/>`;
      const voucher = `<Voucher><OriMsgNo>8992</OriMsgNo><Result>00000</Result>${page}<PageNo>${PageNo}</PageNo><PageCount>3</PageCount></Voucher>`;
      socket.end(answerFrame({ number: '5992', voucher, request }));
    });
    const entry = { payCode: PAY_CODE, amountFen: fen(1), channel: '50', paidOn: '2026-03-16', unitCode: '042001' };
    const entries = Array.from({ length: 1_001 }, (_, index) => ({ ...entry, tradeNumber: `T${index}` }));
    const result = await client.reconcile({ settleDate: '2026-03-16', statementNumber: 'DZ1', entries });
    expect(result).toEqual({ statementNumber: 'DZ1', settleDate: '2026-03-16', matched: 6, differences: [], pages: 3 });
    const pages = finance.requests.map(fieldsOfFrame);
    expect(
      pages.map(({ PageNo, PageCount, Count, SumAmt, AccountFirmNo }) => [
        PageNo,
        PageCount,
        Count,
        SumAmt,
        AccountFirmNo,
      ]),
    ).toEqual([
      ['1', '3', '500', '5.00', 'DZ1'],
      ['2', '3', '500', '5.00', 'DZ1'],
      ['3', '3', '1', '0.01', 'DZ1'],
    ]);
  });

  test('a day without payments is one empty page', async () => {
    const { client, finance } = await setup((request, socket) => {
      const page =
        '<AccountFirmNo>DZ1</AccountFirmNo><SettleDate>20260316</SettleDate><MatchCount>0</MatchCount><DiffCount>0</DiffCount><Diffs/>';
      const voucher = `<Voucher><OriMsgNo>8992</OriMsgNo><Result>00000</Result>${page}<PageNo>1</PageNo><PageCount>1</PageCount></Voucher>`;
      socket.end(answerFrame({ number: '5992', voucher, request }));
    });
    await client.reconcile({ settleDate: '2026-03-16', statementNumber: 'DZ1', entries: [] });
    expect(fieldsSent(finance)).toMatchObject({ Count: '0', SumAmt: '0.00', Details: '' });
  });

  test.each([
    ['AccountFirmNo', 'DZ2'],
    ['SettleDate', '20260317'],
    ['PageNo', '2'],
    ['DiffCount', '1'],
    ['Diffs', 'x|y'],
  ])('an answer about another %s is refused at that field', async (field, text) => {
    const { client } = await setup((request, socket) => {
      const fields = {
        OriMsgNo: '8992',
        Result: '00000',
        AccountFirmNo: 'DZ1',
        SettleDate: '20260316',
        MatchCount: '0',
        DiffCount: '0',
        Diffs: '',
        PageNo: '1',
        PageCount: '1',
        [field]: text,
      };
      const voucher = `<Voucher>${Object.entries(fields)
        .map(([name, value]) => `<${name}>${value}</${name}>`)
        .join('')}</Voucher>`;
      socket.end(answerFrame({ number: '5992', voucher, request }));
    });
    const error = await failureOf(client.reconcile({ settleDate: '2026-03-16', statementNumber: 'DZ1', entries: [] }));
    expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', details: { field: `Voucher.${field}` } });
  });

  test('a bill is signed with SM2 when a key is set, over the text that is sent', async () => {
    const { privateKey, publicKey } = sm2.generateKeyPairHex();
    const eReceipt = { code: '42010126', versionName: '2026版', signingKey: privateKey };
    const { client, finance } = await setup((_request, socket) => socket.destroy(), {
      cnnontax: cnnontaxSection('tcp', { eReceipt }),
    });
    await failureOf(
      client.issueEReceipt({
        payCode: PAY_CODE,
        unitCode: '042001',
        number: '0000012345',
        check: '8f3k2a',
        issuedAt: '2026-03-16T16:12:00+08:00',
        payer: { type: '1', idNumber: '421202198803056219', name: '孙䶮' },
        items: [
          {
            code: '103100501',
            name: '租金',
            quantity: 1,
            unit: '月',
            standardFen: fen(41_250),
            amountFen: fen(41_250),
          },
        ],
        recipient: { phone: '13800000001' },
      }),
    );
    const [voucher] = decodeMessage(finance.requests[0] ?? Buffer.alloc(0), TOKEN).vouchers;
    const part = (name: string) => voucher?.children.find((child) => child.name === name);
    const sign = Object.fromEntries(part('Sign_Info')?.children.map((child) => [child.name, child.text]) ?? []);
    const bill = Buffer.from(part('Invoice_Data')?.text ?? '', 'base64');
    const signature = Buffer.from(sign.Value ?? '', 'base64').toString('hex');
    expect(sign).toMatchObject({ Format: 'DETACH', Algorithm: 'SM2', Time: '20260316161200' });
    expect(sm2.doVerifySignature(bill, signature, publicKey, { hash: true, der: true })).toBe(true);
    expect(part('Recipient_Addr')?.children).toEqual([{ name: 'Telephone', text: '13800000001', children: [] }]);
  });
});

describe('an issued bill’s answer', () => {
  const issue = (client: NonTaxClient) => client.downloadEReceipt({ payCode: PAY_CODE, number: '0000012345' });

  test('is read whatever its message number, and its file whatever the case of its name', async () => {
    const { client } = await setup((request, socket) => {
      const voucher = '<Voucher><Result>00000</Result><invoiceFileData>UEsDBA==</invoiceFileData></Voucher>';
      socket.end(answerFrame({ number: '5001', voucher, request }));
    });
    expect(await issue(client)).toMatchObject({ mediaType: 'application/ofd', fileName: null });
  });

  test('is refused by name without its file', async () => {
    const { client } = await setup((request, socket) =>
      socket.end(answerFrame({ number: '5982', voucher: '<Voucher><Result>00000</Result></Voucher>', request })),
    );
    expect(await failureOf(issue(client))).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'Voucher.InvoiceFileData' },
    });
  });

  test('may be a refusal in either form', async () => {
    const { client } = await setup((request, socket) => socket.end(general(request, '16002', 'none left', '8982')));
    const error = await failureOf(issue(client));
    expect(error).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'none left',
      details: { departmentCode: '16002' },
    });
  });
});

describe('what is told of a call', () => {
  test('names transaction, mode, outcome and message id, and nobody', async () => {
    const { client, records, finance } = await setup((request, socket) => socket.end(general(request, '00000')));
    await client.openPayment(RENT_NOTICE);
    expect(records).toEqual([
      expect.objectContaining({
        department: 'non-tax',
        transaction: '8994',
        mode: 'write',
        outcome: 'OK',
        reference: messageIdOf(finance.requests[0]),
      }),
    ]);
    expect(JSON.stringify(records)).not.toMatch(/孙|1380000|42120219/);
  });
});

/** A 5001 with Chinese words, as character references, for the frames made here are ASCII. */
function encodedGeneral(request: Buffer, result: string, text: string): Buffer {
  const escaped = [...text]
    .map((character) => (character > '~' ? `&#${character.codePointAt(0)};` : character))
    .join('');
  return general(request, result, escaped);
}

function fieldsSent(finance: TcpFinance): Record<string, string> {
  return fieldsOfFrame(finance.requests[0] ?? Buffer.alloc(0));
}
