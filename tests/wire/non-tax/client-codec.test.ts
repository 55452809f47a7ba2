import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operatorText } from '../../../adapters/non-tax/errors.ts';
import { decodeMessage, encodeMessage } from '../../../adapters/non-tax/messages/envelope.ts';
import { frameLength, MAX_FRAME_BYTES, openFrame, sealFrame } from '../../../adapters/non-tax/messages/frame.ts';
import { decodeGb18030, encodeGb18030 } from '../../../adapters/non-tax/messages/gb18030.ts';
import { combinedItems, itemsTotal, readPayInfo, writePayInfo } from '../../../adapters/non-tax/messages/pay-info.ts';
import { element, readXml, writeXml, XmlFault } from '../../../adapters/non-tax/messages/xml.ts';
import { nextMessageId, nextPayCode } from '../../../adapters/non-tax/numbering.ts';
import { frameDigest, isFrameDigest } from '../../../adapters/non-tax/signing.ts';
import { readAnswer } from '../../../adapters/non-tax/standard-web/messages.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { anyText } from '../any-text.ts';
import { TOKEN } from './client-district.ts';
import { goldenBytes, manifest } from './golden-files.ts';

/** Any text that XML may carry and that is not trimmed away. */
const wireText = fc
  .string({ unit: 'grapheme-composite', maxLength: 40 })
  .filter((text) => text === text.trim() && !/[\p{Cc}\ufffe\uffff]/u.test(text) && text.isWellFormed());

describe('GB18030', () => {
  test.each([
    ['㙍', '8230ab33'],
    ['䶮', 'fe9f'],
    ['𠮷', '9534b235'],
    ['咸安区', 'cfccb0b2c7f8'],
  ])('%s is %s both ways', (text, hex) => {
    expect(encodeGb18030(text).toString('hex')).toBe(hex);
    expect(decodeGb18030(Buffer.from(hex, 'hex'))).toBe(text);
    for (const [character, words] of Object.entries(rareCharacters)) {
      if (character === text) expect(words.toLowerCase()).toContain(hex);
    }
  });

  test('every text survives the way there and back', () => {
    fc.assert(fc.property(anyText(), (text) => decodeGb18030(encodeGb18030(text)) === text));
  });

  test('a lone surrogate and bytes that are no GB18030 are refused', () => {
    expect(() => encodeGb18030('\ud842')).toThrow(RangeError);
    expect(() => decodeGb18030(Buffer.from([0xff, 0x41]))).toThrow(TypeError);
  });
});

describe('XML', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.array(wireText, { maxLength: 8 }), (texts) => {
        const voucher = element(
          'Voucher',
          texts.map((text, index) => element(`F${index}`, text)),
        );
        expect(readXml(writeXml(voucher))).toEqual(voucher);
      }),
    );
  });

  test.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><A>&x;</A>'],
    ['an unknown entity', '<A>&nbsp;</A>'],
    ['a bare ampersand', '<A>a & b</A>'],
    ['a reference to no character', '<A>&#xD800;</A>'],
    ['two roots', '<A/><B/>'],
    ['an open element', '<A><B></A>'],
    ['a name that reaches for a prototype', '<A><__proto__>x</__proto__></A>'],
    ['seventeen levels', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`],
    ['nothing', ''],
  ])('%s is refused', (_what, xml) => {
    expect(() => readXml(xml)).toThrow(XmlFault);
  });

  test('XML’s own entities, numbers and CDATA are read as text', () => {
    expect(readXml('<A>&lt;&amp;&gt;&quot;&apos;&#23435;&#x364D;<![CDATA[<&amp;]]></A>').text).toBe('<&>"\'宋㙍<&amp;');
  });

  test('attributes, comments and white space between elements are of no account', () => {
    expect(readXml('<A x="1">\n  <B> b </B><!-- c -->\n</A>')).toEqual(element('A', [element('B', 'b')]));
  });
});

describe('frames', () => {
  const message = {
    number: '8997',
    source: 'K4212020001',
    destination: 'F421202',
    messageId: '20260316100000000005',
    messageReference: '20260316100000000005',
    workDate: '20260316',
  };

  test('any vouchers survive the way there and back', () => {
    fc.assert(
      fc.property(fc.array(fc.array(wireText, { minLength: 1, maxLength: 4 }), { maxLength: 3 }), (vouchers) => {
        const whole = {
          ...message,
          vouchers: vouchers.map((texts) =>
            element(
              'Voucher',
              texts.map((text, index) => element(`F${index}`, text)),
            ),
          ),
        };
        expect(decodeMessage(encodeMessage(whole, TOKEN), TOKEN)).toEqual(whole);
      }),
    );
  });

  test('arbitrary bytes are refused and never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodeMessage(Buffer.from(bytes), TOKEN)).toThrow(CasegraphError);
      }),
    );
  });

  test('arbitrary XML in a rightly sealed frame is refused and never crashes', () => {
    const inside = fc.oneof(
      fc.string(),
      fc.constantFrom('<HEAD/>', '<HEAD><APP>CNNONTAX</APP></HEAD>', '<MSG><MOF/></MSG>'),
    );
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 6 }), (parts) => {
        const xml = `<?xml version="1.0"?><CFX>${parts.join('').replace(/[^\x20-\x7e]/g, '')}</CFX>`;
        expect(() => decodeMessage(sealFrame({ number: '5001', xml }, TOKEN), TOKEN)).toThrow(CasegraphError);
      }),
    );
  });

  test('one changed byte anywhere in a golden frame is noticed', () => {
    const frame = goldenBytes('06-query-paid.response.bin');
    const digestAt = frame.length - 64;
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const spoiled = Buffer.from(frame);
        spoiled[at] = (frame[at] ?? 0) ^ change;
        // the number is outside the digest, but the head repeats it; the digest may be in either case
        const sameDigest =
          at >= digestAt &&
          spoiled.toString('latin1', at, at + 1).toUpperCase() === frame.toString('latin1', at, at + 1);
        // '1328' padded: a fifth digit or a shorter number is another length, a space for a space is none
        if (!sameDigest) expect(() => decodeMessage(spoiled, TOKEN)).toThrow(CasegraphError);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a voucher in UTF-8 is refused instead of being read as other characters', () => {
    const voucher = Buffer.from('<Voucher><ChgAgenName>咸安区财政局</ChgAgenName></Voucher>', 'utf8');
    expect(() => decodeGb18030(voucher)).not.toThrow();
    const sealed = encodeMessage({ ...message, vouchers: [element('Voucher', 'x')] }, TOKEN);
    const xml = openFrame(sealed, TOKEN).xml.replace(/<Voucher>[^<]+</, `<Voucher>${voucher.toString('base64')}<`);
    expect(() => decodeMessage(sealFrame({ number: '8997', xml }, TOKEN), TOKEN)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'Voucher' }) }),
    );
  });

  test('Chinese characters whose bytes could be UTF-8 are still read', () => {
    // both bytes of each: a lead of C2–DF and a trail of A1–BF
    const likeUtf8 = [...Array(30).keys()].flatMap((lead) =>
      [...Array(31).keys()].map((trail) => [0xc2 + lead, 0xa1 + trail]),
    );
    const characters = likeUtf8.map((bytes) => decodeGb18030(Uint8Array.from(bytes)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength: 30 }), (chosen) => {
        const whole = { ...message, vouchers: [element('Voucher', [element('PayerName', chosen.join(''))])] };
        expect(decodeMessage(encodeMessage(whole, TOKEN), TOKEN)).toEqual(whole);
      }),
    );
  });

  test('the length is known with eight bytes, not before', () => {
    expect(frameLength(Buffer.from('1196   '))).toBeUndefined();
    expect(frameLength(Buffer.from('1196    '))).toBe(1196);
    expect(frameLength(Buffer.from(String(MAX_FRAME_BYTES).padEnd(8)))).toBe(MAX_FRAME_BYTES);
    expect(frameLength(Buffer.from('87      '))).toBe(87);
  });

  test.each(['86      ', '4194305 ', '        ', ' 1196   ', '11 96   ', '-100    ', '1e3     '])(
    'an announced length of "%s" is refused',
    (length) => {
      expect(() => frameLength(Buffer.from(length))).toThrow(expect.objectContaining({ code: 'DEPARTMENT_PROTOCOL' }));
    },
  );

  test('the writer takes standalone out of the declaration before it makes the digest', () => {
    const xml = '<?xml version="1.0" encoding="GB18030" standalone="yes"?><CFX></CFX>';
    const frame = sealFrame({ number: '8997', xml }, TOKEN);
    expect(openFrame(frame, TOKEN).xml).toBe('<?xml version="1.0" encoding="GB18030"?><CFX></CFX>');
  });

  test('an 8001 whose head still says 5996 is taken, as observed units send it', () => {
    const reply = encodeMessage({ ...message, number: '8001', vouchers: [] }, TOKEN);
    const xml = openFrame(reply, TOKEN).xml.replace('<MsgNo>8001', '<MsgNo>5996');
    expect(decodeMessage(sealFrame({ number: '8001', xml }, TOKEN), TOKEN).number).toBe('8001');
    expect(() => decodeMessage(sealFrame({ number: '5001', xml }, TOKEN), TOKEN)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'HEAD.MsgNo' }) }),
    );
  });

  test('the digest is taken in either case, and only whole', () => {
    const xml = Buffer.from('<?xml?><CFX></CFX>');
    const digest = frameDigest(TOKEN, xml);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(isFrameDigest(digest.toUpperCase(), TOKEN, xml)).toBe(true);
    expect(isFrameDigest(digest.slice(1), TOKEN, xml)).toBe(false);
    expect(isFrameDigest(`${digest.slice(1)}g`, TOKEN, xml)).toBe(false);
    expect(isFrameDigest(digest, `${TOKEN} `, xml)).toBe(false);
  });
});

describe('PayInfo', () => {
  const item = fc.record({
    code: fc.stringMatching(/^[0-9]{6,12}$/),
    name: wireText.filter((text) => text !== '' && !/[|#]/.test(text)),
    amountFen: fc.integer({ min: 1, max: 10_000_000 }).map(fen),
    unit: fc.constantFrom('件', '月', '证'),
    quantity: fc.integer({ min: 1, max: 99 }),
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const unlimited = items.map((one) => ({ ...one, standardType: '不限制', standard: '0.0-0.0' }));
        expect(readPayInfo(writePayInfo(items))).toEqual(unlimited);
      }),
    );
  });

  test('combining keeps the total and leaves each code once', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const combined = combinedItems([...items, ...items]);
        expect(itemsTotal(combined)).toBe(itemsTotal(items) * 2);
        expect(new Set(combined.map(({ code }) => code)).size).toBe(combined.length);
      }),
    );
  });

  test.each(['80', '80.0', '80.00'])('an amount of %s is 8,000 fen', (amount) => {
    expect(readPayInfo(`103043211|不动产登记费|${amount}|件|1|不限制|0.0-0.0#`)[0]?.amountFen).toBe(8_000);
  });

  test.each([
    ['103043211|x|1|件|1|区间|10.0-90.0#', '区间', '10.0-90.0'],
    ['103043211|x|1|件|1||#', null, null],
    ['103043211|x|1|件|1#', null, null],
  ])('the standard of %s is of the kind %s: %s', (text, standardType, standard) => {
    expect(readPayInfo(text)).toMatchObject([{ standardType, standard }]);
  });

  test.each([
    '103043211',
    '103043211|x|1.005|件|1|a|b#',
    '103043211|x|1|件|-1|a|b#',
    '|x|1|件|1|a|b#',
    'c|x|1|件|1|a|b|c#',
  ])('a line like %s is refused', (text) => {
    expect(() => readPayInfo(text)).toThrow(RangeError);
  });
});

describe('standard-web answers', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test('arbitrary JSON at either layer is refused and never crashes', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, deep) => {
        const body = deep ? JSON.stringify({ data: base64(json) }) : json;
        expect(() => readAnswer(Buffer.from(body))).toThrow(CasegraphError);
      }),
    );
  });

  test.each([
    ['body', '<html>'],
    ['body', '[]'],
    ['data', '{"data":"***"}'],
    ['data', `{"data":"${base64('no json')}"}`],
    ['data.result', `{"data":"${base64('{"message":""}')}"}`],
    ['data.message', `{"data":"${base64('{"result":"S0000"}')}"}`],
    ['data.message', `{"data":"${base64('{"result":"S0000","message":"?"}')}"}`],
  ])('an answer wrong at %s names it: %s', (field, body) => {
    expect(() => readAnswer(Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'DEPARTMENT_PROTOCOL', details: expect.objectContaining({ field }) }),
    );
  });
});

describe('numbering', () => {
  const now = () => instantFromChina('2026-12-31 23:59:59');

  test('a payment code is division, year, source 30 and ten digits', async () => {
    expect(await nextPayCode({ next: () => Promise.resolve(1_001) }, '421202', now)).toBe('42120226300000001001');
  });

  test('payment codes of each year are counted apart, by China’s year', async () => {
    const counter = memoryCounter();
    const codes = [
      await nextPayCode(counter, '421202', now),
      await nextPayCode(counter, '421202', now),
      await nextPayCode(counter, '421202', () => now() + 1_000),
    ];
    expect(codes).toEqual(['42120226300000000001', '42120226300000000002', '42120227300000000001']);
  });

  test('a counter that has run over stops instead of repeating a code', async () => {
    await expect(nextPayCode({ next: () => Promise.resolve(10 ** 10) }, '421202', now)).rejects.toThrow('serial');
  });

  test('message ids of one second all differ', async () => {
    const counter = memoryCounter();
    const ids = await Promise.all(Array.from({ length: 2_000 }, () => nextMessageId(counter, now)));
    expect(new Set(ids).size).toBe(2_000);
    expect(ids.every((id) => /^20261231235959\d{6}$/.test(id))).toBe(true);
  });
});

describe('finance’s own words', () => {
  test.each([
    ['业务尚未处理：孙䶮', '业务尚未处理：孙*'],
    ['该单位无代收权限：999999', '该单位无代收权限：999999'],
    ['证件421202198803056219有误', '证件421202**********19有误'],
    ['电话13800000001', '电话138****0001'],
    ['卡6217002870001234564', '卡6217***********4564'],
    ['缴款码42120226300000001001不存在', '缴款码42120226300000001001不存在'],
  ])('%s is told as %s', (text, told) => {
    expect(operatorText(text)).toBe(told);
  });

  test('lose what the request knew to be personal', () => {
    expect(operatorText('缴款人𠮷䶮欠费', ['𠮷䶮'])).toBe('缴款人𠮷*欠费');
  });
});

const { rareCharacters } = manifest as typeof manifest & { rareCharacters: Readonly<Record<string, string>> };
