import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billFile } from '../../../adapters/non-tax/simulator/bill-file.ts';
import { NonTaxDepartment } from '../../../adapters/non-tax/simulator/department.ts';
import { simulatorSettings } from '../../../adapters/non-tax/simulator/settings.ts';
import { stateOf } from '../../../adapters/non-tax/simulator/state.ts';
import { MalformedXml, readXml } from '../../../adapters/non-tax/simulator/xml.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import { goldenBytes, goldenVoucher, manifest } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { edited, type FrameOptions, framed, frameOf, readAnswer, running } from './simulator-wire.ts';

const OPEN = goldenVoucher('01-open-rent.request.bin');
const wide = (length: number) => '宽'.repeat(length);

describe('the fields of a notice, 8994', () => {
  it.each([
    ['AdmDivCode', '421201', '10002'],
    ['PayCode', '4212022630000000100', '10002'],
    ['PayCode', '421202263000000010010', '10002'],
    ['PayCode', '4212022630000000100A', '10002'],
    ['PayCode', '42120226310000001001', '10002'],
    ['PayCode', '42120226300000000000', '10002'],
    ['PayCode', '４２120226300000001001', '10002'],
    ['PayCode', null, '10002'],
    ['BillDate', '20260230', '10002'],
    ['BillDate', '2026-03-16', '10002'],
    ['ChgAgenCode', '', '10002'],
    ['ChgAgenCode', '42', '10002'],
    ['ChgAgenCode', '04200A', '10002'],
    ['ChgAgenCode', '999999', '18012'],
    ['ChgAgenName', '', '10002'],
    ['ChgAgenName', wide(51), '10002'],
    ['PayerName', '䶮'.repeat(51), '10002'],
    ['PayerName', '㙍'.repeat(26), '10002'],
    ['PayerAcct', '1'.repeat(51), '10002'],
    ['Amt', '412.501', '10002'],
    ['Amt', '-412.50', '10002'],
    ['Amt', '4e2', '10002'],
    ['Amt', '412.51', '10002'],
    ['DelayAmt', '0.01', '10002'],
    ['PayStats', '1', '10002'],
    ['PayStats', '3', '10002'],
    ['RecAcctType', '2', '13002'],
    ['RecAcctType', '3', '10002'],
    ['RecAcct', '42050100000000000018', '16004'],
    ['RecAcctReal', '42050100000000000018', '16004'],
    ['RecBankNo', '0102', '16004'],
    ['RecBankNo', null, '10002'],
    ['IsInterBank', '2', '10002'],
    ['PayInfo', '103100501|公共租赁住房租金|412.50|月|1|不限制|0.0-0.0', '10002'],
    ['PayInfo', '103100501|公共租赁住房租金|412.50|月|1|不限制#', '10002'],
    ['PayInfo', '103100501|甲|412.50|月|1|不限制|0.0-0.0#103100501|乙|0.00|月|1|不限制|0.0-0.0#', '10002'],
    ['PayInfo', '103100501|甲|412.00|月|1|不限制|0.0-0.0#103100501|乙|0.50|月|1|不限制|0.0-0.0#', '10002'],
    ['PayInfo', '103100501|公共租赁住房租金|412.49|月|1|不限制|0.0-0.0#', '16005'],
    ['PayInfo', '103043211|不动产登记费|412.50|件|1|不限制|0.0-0.0#', '16003'],
    ['Memo', wide(101), '10002'],
    ['CrcCode', '78f5', '11002'],
    ['CrcCode', '5601', '11002'],
    ['CrcCode', '78F50', '10002'],
    ['MobilePhone', '', '10002'],
    ['MobilePhone', '手机', '10002'],
    ['PayerCreditCode', '4'.repeat(31), '10002'],
    ['Hold1', wide(51), '10002'],
  ])('%s %o is refused with %s', async (name, value, code) => {
    await using finance = await running(goldenPopulation());

    const answer = await finance.ask('8994', edited(OPEN, { [name]: value }));

    expect([answer.number, answer.get('OriMsgNo'), answer.get('Result')]).toEqual(['5001', '8994', code]);
    if (code === '10002' && !['Amt', 'DelayAmt'].includes(name)) expect(answer.get('Information')).toContain(name);
    expect(answer.get('Information')).not.toContain('421202198803056219');
    expect(finance.ledger()).toEqual([]);
  });

  it.each([
    ['PayerAcct', null],
    ['PayInfo', ''],
    ['CrcCode', ''],
    ['Memo', wide(100)],
    ['PayerName', '㙍'.repeat(25)],
    ['OperatorCode', null],
    ['OperatorName', null],
    ['Hold2', null],
  ])('%s %o is taken', async (name, value) => {
    await using finance = await running(goldenPopulation());

    expect((await finance.ask('8994', edited(OPEN, { [name]: value }))).get('Result')).toBe('00000');
  });

  it('refuses a field that the wire does not have, and one that stands there twice', async () => {
    await using finance = await running(goldenPopulation());

    const unknown = await finance.ask('8994', OPEN.replace('<Hold2/>', '<Hold2/><Hold3/>'));
    const twice = await finance.ask('8994', OPEN.replace('<Hold2/>', '<Hold2/><Hold2/>'));

    expect(unknown.get('Information')).toContain('Hold3');
    expect(twice.get('Information')).toContain('Hold2');
    expect(finance.ledger()).toEqual([]);
  });

  it('takes a late fee into the total', async () => {
    await using finance = await running(goldenPopulation());

    await finance.ask('8994', edited(OPEN, { Amt: '420.00', DelayAmt: '7.50', CrcCode: '' }));

    expect(finance.ledger()).toMatchObject([{ amountFen: 42_000 }]);
  });
});

describe('the envelope of a request', () => {
  it.each<[string, FrameOptions, string]>([
    ['version 2.0 in its head', { head: { VER: '2.0' } }, '10003'],
    ['version 2.0 in its frame', { version: '2.0' }, '10003'],
    ['another application in its head', { head: { APP: 'CNTAX' } }, '10002'],
    ['the node of another division', { head: { SRC: 'K4201020001' } }, '10002'],
    ['another finance office as receiver', { head: { DES: 'F421200' } }, '10002'],
    ['a message number other than the frame', { head: { MsgNo: '8997' } }, '10002'],
    ['a message id of 21 characters', { head: { MsgID: '202603161200000000012' } }, '10002'],
    ['a reference to another message', { head: { MsgRef: '20260316120000000002' } }, '10002'],
    ['a day that is none', { head: { WorkDate: '20261301' } }, '10002'],
    [
      'its head in another order',
      { edit: (xml) => xml.replace('<Reserve/>', '').replace('<HEAD>', '<HEAD><Reserve/>') },
      '10002',
    ],
    ['a wrong count', { count: 2 }, '10002'],
    ['a voucher that is no Base64', { edit: (xml) => xml.replace('PFZv', 'PF*v') }, '10002'],
    ['a line break in its Base64', { edit: (xml) => xml.replace('PFZv', 'PF\nZv') }, '10002'],
    ['a voucher that is no XML', { edit: (xml) => xml.replace(/<Voucher>[^<]*/, '<Voucher>QUJD') }, '10002'],
    ['a plain voucher', { edit: (xml) => xml.replace(/<Voucher>[^<]*/, '<Voucher><PayCode>1</PayCode>') }, '10002'],
  ])('with %s is refused', async (_, options, code) => {
    await using finance = await running(goldenPopulation());

    const answer = readAnswer(await finance.send(frameOf('8994', [OPEN], options)));

    expect(answer.get('Result')).toBe(code);
    expect(finance.ledger()).toEqual([]);
  });

  it.each([
    ['a DTD', '<!DOCTYPE CFX [<!ENTITY x "y">]><CFX/>'],
    ['no head', '<CFX><MSG/></CFX>'],
    ['broken XML', '<CFX><HEAD></CFX>'],
    ['bytes that are no GB18030', '<CFX>\xff</CFX>'],
  ])('with %s gets no answer', async (_, xml) => {
    await using finance = await running(goldenPopulation());

    expect(await finance.send(framed('8994', Buffer.from(xml, 'latin1')))).toHaveLength(0);
  });

  it.each(['8993', '5996', '4601'])('with message number %s is refused', async (number) => {
    await using finance = await running(goldenPopulation());

    expect((await finance.ask(number, OPEN)).get('Information')).toContain('MsgNo');
  });

  it('accepts the attributes of older samples', async () => {
    await using finance = await running(goldenPopulation());
    const edit = (xml: string) =>
      xml.replace('<VoucherBody>', '<VoucherBody AdmDivCode="421202" StYear="2026" VtCode="8994">');

    expect(readAnswer(await finance.send(frameOf('8994', [OPEN], { edit }))).get('Result')).toBe('00000');
  });

  it('allows several vouchers only for 8994', async () => {
    await using finance = await running(goldenPopulation());
    const query = goldenVoucher('05-query-unpaid.request.bin');

    const answer = readAnswer(await finance.send(frameOf('8997', [query, query])));

    expect(answer.get('Information')).toContain('VoucherCount');
  });
});

describe('whatever bytes come', () => {
  const department = () => {
    const core = new SimulatorCore('non-tax');
    const settings = simulatorSettings({ token: manifest.token });
    const finance = { core, settings, state: stateOf(goldenPopulation(GOLDEN_NOTICES.rent), settings, core.now()) };
    return { core, finance: new NonTaxDepartment(finance) };
  };

  it('a changed golden frame has no effect and no answer', () => {
    const golden = goldenBytes('10-cancel.request.bin');
    fc.assert(
      fc.property(fc.nat(golden.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const { core, finance } = department();
        const frame = Buffer.from(golden);
        frame[at] = ((frame[at] ?? 0) + by) % 256;
        const answer = finance.handle(frame);
        // Version and message number stand outside the digest, and its letters may be of either case.
        if (answer && at >= 23 && at < golden.length - 64) throw new Error(`answered a change at ${at}`);
        expect(core.ledger).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('a rightly digested frame of any voucher text is answered by a refusal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('8994', '8997', '8995', '8992', '8999', '8981', '8982'),
        fc.string({ unit: 'grapheme' }),
        (number, text) => {
          const { core, finance } = department();
          const answer = finance.handle(frameOf(number, [text]));
          expect(answer && readAnswer(answer).get('Result')).toBe('10002');
          expect(core.ledger).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('the XML reader knows the five entities and character references, and no other', () => {
    expect(readXml('<a>&lt;&gt;&amp;&quot;&apos;&#x4dae;&#20013;</a>').text).toBe('<>&"\'䶮中');
    for (const text of ['&nbsp;', 'a & b', '&#0;', '&#xD800;', '&lt', '&toString;']) {
      expect(() => readXml(`<a>${text}</a>`)).toThrow(MalformedXml);
    }
  });

  it('the XML reader gives back what was written, or refuses as malformed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
        expect(readXml(`<a><b>${escaped}</b></a>`).children[0]?.text).toBe(text);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<a>', '</a>', '<b/>', '&', '&lt;', '<!--', '-->', 'x', ' ', '<![CDATA[', ']]>', '"')),
        (parts) => {
          try {
            expect(readXml(parts.join('')).name).toMatch(/^[ab]$/);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedXml);
          }
        },
      ),
    );
  });
});

it('the file of an e-bill is a PDF whose cross-reference table points at its objects', () => {
  const file = billFile({
    payCode: '42120226300000001002',
    typeCode: '0101',
    typeName: '非税收入统一票据(电子)',
    code: '42010126',
    versionName: '2026版',
    number: '0000012345',
    check: '8f3k2a',
    payerName: '𠮷㙍生',
    amountFen: 8_000 as never,
    issuedOn: '20260316',
    tradeId: '',
    content: null,
  }).toString('latin1');

  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1]);
  const offsets = [...file.slice(table).matchAll(/^(\d{10}) 00000 n /gm)].map(([, offset]) => Number(offset));
  expect(file.startsWith('%PDF-1.4')).toBe(true);
  expect(offsets.length).toBe(7);
  offsets.forEach((offset, index) => {
    expect(file.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`));
  });
  const stream = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(file);
  expect(stream?.[2]).toHaveLength(Number(stream?.[1]));
});
