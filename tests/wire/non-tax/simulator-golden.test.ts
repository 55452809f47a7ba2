import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PaymentNoticeSeed } from '../../../seeds/model.ts';
import { goldenBytes, goldenVoucher, manifest } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { elementText, frameOf, readAnswer, running, unitListener, unitReply } from './simulator-wire.ts';

interface GoldenCase {
  readonly name: string;
  readonly book: readonly PaymentNoticeSeed[];
  /** Golden requests that were sent before. */
  readonly before?: readonly string[];
  /** Elements of the answer's voucher that the clock or a serial makes, and their form. */
  readonly shaped?: Readonly<Record<string, RegExp>>;
  /** Kinds that the request puts into the ledger. */
  readonly ledger?: readonly string[];
}

const { rent, rentPaid, registrationFeePaid, registrationFeeReceipted, lostCardVoid, renewal, yesterday } =
  GOLDEN_NOTICES;
const TRADE_ID = { Trade_Id: /^T20260316\d{8}$/ };

const CASES: readonly GoldenCase[] = [
  { name: '01-open-rent', book: [], ledger: ['payment-opened'] },
  { name: '02-open-real-estate-fee', book: [], ledger: ['payment-opened'] },
  { name: '03-open-id-card', book: [], ledger: ['payment-opened'] },
  { name: '05-query-unpaid', book: [rent] },
  { name: '05-query-unpaid', book: [], before: ['01-open-rent'] },
  { name: '06-query-paid', book: [registrationFeeReceipted] },
  { name: '07-query-unknown', book: [rent] },
  {
    name: '08-dynamic-qr',
    book: [rent],
    shaped: {
      QrUrl: /^https:\/\/pay\.example\.invalid\/fs\/qrcode\?billId=42120226300000001001&t=[0-9a-f]{8}$/,
      ExpireTime: /^202603161215\d\d$/,
    },
  },
  { name: '10-cancel', book: [], before: ['03-open-id-card'], ledger: ['payment-voided'] },
  { name: '11-cancel-paid', book: [registrationFeePaid] },
  { name: '12-reconcile', book: [rentPaid, registrationFeePaid, renewal, yesterday], ledger: ['reconciled'] },
  { name: '13-ebill-number', book: [yesterday], ledger: ['receipt-number'] },
  {
    name: '14-ebill-issue',
    book: [yesterday, registrationFeePaid],
    before: ['13-ebill-number'],
    shaped: TRADE_ID,
    ledger: ['receipt-issued'],
  },
  { name: '15-ebill-download', book: [registrationFeeReceipted, lostCardVoid], shaped: TRADE_ID },
];

describe('the golden frames of non-tax, sent raw', () => {
  it.each(CASES)(
    'answers $name as its golden file does',
    async ({ name, book, before = [], shaped = {}, ledger = [] }) => {
      await using finance = await running(goldenPopulation(...book));
      for (const earlier of before) await finance.send(goldenBytes(`${earlier}.request.bin`));
      const opening = finance.ledger().length;

      const bytes = await finance.send(goldenBytes(`${name}.request.bin`));

      const answer = readAnswer(bytes);
      const golden = goldenBytes(`${name}.response.bin`);
      expect(answer.head('MsgID')).toMatch(/^\d{14}7\d{5}$/);
      let voucher = answer.voucher;
      for (const [element, form] of Object.entries(shaped)) {
        expect(answer.get(element)).toMatch(form);
        const goldenText =
          new RegExp(`<${element}>[^<]*</${element}>`).exec(goldenVoucher(`${name}.response.bin`))?.[0] ?? '';
        voucher = voucher.replace(new RegExp(`<${element}>[^<]*</${element}>`), () => goldenText);
      }
      expect(voucher).toBe(goldenVoucher(`${name}.response.bin`));
      if (Object.keys(shaped).length === 0)
        expect(withHeadOf(bytes, golden).toString('latin1')).toBe(golden.toString('latin1'));
      expect(
        finance
          .ledger()
          .slice(opening)
          .map(({ kind }) => kind),
      ).toEqual(ledger);
    },
  );

  it('sends the paid notice of example 09 when that payment is made', async () => {
    await using unit = await unitListener((frame) => [unitReply(frame)]);
    await using finance = await running(goldenPopulation(rent), { notify: unit.address });

    await finance.act('pay', {
      payCode: rent.payCode,
      at: '2026-03-16 15:33:05',
      mode: '50',
      tradeNumber: '4200002026031600000000000017',
      wait: true,
    });

    const [frame] = unit.frames;
    const golden = goldenBytes('09-paid-notice.request.bin');
    expect(frame && readAnswer(frame).head('MsgID')).toMatch(/^14786\d{14}$/);
    expect(frame && readAnswer(frame).head('MsgRef')).toBe(frame && readAnswer(frame).head('MsgID'));
    expect(frame && withHeadOf(frame, golden).toString('latin1')).toBe(golden.toString('latin1'));
  });

  it('refuses a unit without rights as example 04 words it', async () => {
    await using finance = await running(goldenPopulation());
    const voucher = goldenVoucher('01-open-rent.request.bin')
      .replace('<ChgAgenCode>042001<', '<ChgAgenCode>999999<')
      .replace('42120226300000001001', '42120226300000001004');

    const answer = await finance.ask('8994', voucher);

    expect(answer.number).toBe('5001');
    expect(answer.voucher).toBe(
      '<Voucher><OriMsgNo>8994</OriMsgNo><Result>18012</Result><Information>该单位无代收权限：999999</Information></Voucher>',
    );
    expect(finance.ledger()).toEqual([]);
  });

  it.each(manifest.files.filter(({ file }) => file.startsWith('neg-')).map(({ file }) => file))(
    'closes the connection on %s without an answer',
    async (file) => {
      await using finance = await running(goldenPopulation(rent), { settings: { readTimeoutMs: 50 } });

      expect(await finance.send(goldenBytes(file))).toHaveLength(0);

      expect(finance.ledger()).toEqual([]);
    },
  );

  it.each([
    ['a wrong digest', (frame: Buffer) => Buffer.concat([frame.subarray(0, -1), Buffer.from('x')])],
    ['a length that is too short', (frame: Buffer) => Buffer.concat([Buffer.from('1703    '), frame.subarray(8)])],
    ['a length that is no number', (frame: Buffer) => Buffer.concat([Buffer.from('17a8    '), frame.subarray(8)])],
    [
      'a length below the smallest frame',
      (frame: Buffer) => Buffer.concat([Buffer.from('86      '), frame.subarray(8)]),
    ],
    ['a length above 4 MiB', (frame: Buffer) => Buffer.concat([Buffer.from('4194305 '), frame.subarray(8)])],
    [
      'another application',
      (frame: Buffer) => Buffer.concat([frame.subarray(0, 8), Buffer.from('CNTAX   '), frame.subarray(16)]),
    ],
    ['half of its bytes', (frame: Buffer) => frame.subarray(0, frame.length / 2)],
  ])('does nothing for a golden request with %s', async (_, spoil) => {
    await using finance = await running(goldenPopulation(), { settings: { readTimeoutMs: 50 } });

    expect(await finance.send(spoil(goldenBytes('01-open-rent.request.bin')))).toHaveLength(0);

    expect(finance.ledger()).toEqual([]);
    expect((await finance.ask('8997', goldenVoucher('05-query-unpaid.request.bin'))).get('Result')).toBe('11001');
  });

  it('reads a request labelled GBK as GB18030, its digest in capitals and a line feed behind it', async () => {
    await using finance = await running(goldenPopulation());
    const frame = frameOf('8994', [goldenVoucher('01-open-rent.request.bin')], { label: 'GBK' });
    const capitals = Buffer.from(
      frame.toString('latin1').replace(/[0-9a-f]{64}$/, (digest) => digest.toUpperCase()),
      'latin1',
    );

    const answer = readAnswer(await finance.send(Buffer.concat([capitals, Buffer.from('\n')])));

    expect(answer.get('Result')).toBe('00000');
    const shown = await finance.ask('8997', goldenVoucher('05-query-unpaid.request.bin'));
    expect(shown.get('PayerName')).toBe('孙䶮');
  });

  it('answers an answer frame that it is sent, alt-label-gbk, with 10002', async () => {
    await using finance = await running(goldenPopulation());

    const answer = readAnswer(await finance.send(goldenBytes('alt-label-gbk.bin')));

    expect(answer.get('Result')).toBe('10002');
  });

  it('keeps the rare characters of the golden set from opening to query', async () => {
    await using finance = await running(goldenPopulation());
    await finance.send(goldenBytes('03-open-id-card.request.bin'));

    const answer = await finance.ask(
      '8997',
      '<Voucher><PayCode>42120226300000001003</PayCode><PayMode/><Hold1>52CF</Hold1><Hold2/></Voucher>',
    );

    expect(answer.get('PayerName')).toBe('𠮷䶮');
  });
});

/** A frame with the message number and day of another, and the digest that this makes: what remains is compared byte by byte. */
function withHeadOf(frame: Buffer, other: Buffer): Buffer {
  const [own, wanted] = [frame, other].map((bytes) => bytes.toString('latin1'));
  const xml = ['MsgID', 'WorkDate', ...(elementText(own ?? '', 'MsgNo') === '5996' ? ['MsgRef'] : [])].reduce(
    (text, name) => text.replace(new RegExp(`<${name}>[^<]*<`), `<${name}>${elementText(wanted ?? '', name)}<`),
    (own ?? '').slice(23, -64),
  );
  const digest = createHash('sha256').update(manifest.token).update(xml).digest('hex').toUpperCase();
  return Buffer.from(`${(own ?? '').slice(0, 23)}${xml}${digest}`, 'latin1');
}
