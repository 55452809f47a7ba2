import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RealEstateClient } from '../../../adapters/real-estate/client.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { clientOf, FLAT_UNIT, ownerQuery, SUN, signedAnswer, startServer } from './fixture.ts';

type Spoil = (message: string) => string;

/** A client of a registry that answers everything with this data, correctly signed. */
async function answeredWith(
  data: string | ((body: string) => string),
  more: { code?: string; info?: string; spoil?: Spoil } = {},
): Promise<RealEstateClient> {
  const server = await startServer((body) => {
    const text = typeof data === 'string' ? data : data(body);
    return signedAnswer(body, { data: text, ...more }, more.spoil);
  });
  return clientOf(server.url);
}

const QLR = `<QLR SXH="1" QLRMC="孙䶮" ZJZL="1" ZJH="${SUN.idNumber}" GYFS="0" QLBL="100%" SFCZR="1"/>`;
const DYAQ =
  '<DYAQ BDCDJZMH="鄂（2022）咸安区不动产证明第0002210号" DYQR="某银行" DYFS="1" BDBZZQSE="52" ZGZQSE="" JEDW="万元"' +
  ' ZWLXQSSJ="2022-05-18" ZWLXJSSJ="2042-05-17" DYSW="1" DJSJ="2022-05-18T10:30:00+08:00" QSZT="1"/>';
const CF = '<CF CFJG="某法院" CFWH="1号" CFLX="2" CFQSSJ="2025-11-02" CFJSSJ="" DJSJ="2025-11-02" QSZT="1"/>';
const YG = '<YG YGDJZL="1" QLR="李某" YWR="某公司" BDCDJZMH="" DJSJ="2022-05-18"/>';
const YY = '<YY YYSX="权属有争议&#10;待查" DJSJ="2022-05-18"/>';
const FDCQ =
  `<FDCQ BDCDYH="${FLAT_UNIT}" BDCQZH="鄂(2022)咸安区不动产权第0001234号" QLLX="4" QLXZ="102" ZL="某路8号" JZMJ="118.36"` +
  ' GHYT="11" FWJG="3" SZC="12/18" ZCS="18" DJSJ="2022-05-18T10:12:33+08:00" QDJG="56.80" TDSYJSSJ="2082-03-01" QSZT="1"' +
  ` DYZT="1" CFZT="1" YGZT="1" YYZT="1">${QLR}${DYAQ}${CF}${YG}${YY}</FDCQ>`;
const CXJG = `<CXJG CXBH="CX2026031600017" Records="1" Page="1" Size="50" CXSJ="2026-03-16T09:20:12+08:00">${FDCQ}</CXJG>`;

const query = (client: RealEstateClient) => client.propertiesByOwner(ownerQuery(SUN));

describe('property answers', () => {
  test('are read with every kind of right', async () => {
    const { records } = await query(await answeredWith(CXJG));
    expect(records).toMatchObject([
      {
        floor: '12/18',
        mortgages: [{ certificateNumber: '鄂(2022)咸安区不动产证明第0002210号', secured: { amountFen: 52_000_000 } }],
        seizures: [{ court: '某法院', kind: '2', to: null, registeredAt: '2025-11-02T00:00:00+08:00' }],
        preNotices: [{ kind: '1', holder: '李某', obligor: '某公司', certificateNumber: null }],
        objections: [{ matter: '权属有争议\n待查' }],
      },
    ]);
  });

  test('keep codes that no list has, ignore fields that the spec has not, and read full-width brackets', async () => {
    const data = CXJG.replace('GHYT="11"', 'GHYT="3201" XX="1"')
      .replace('鄂(2022)', '鄂（2022）')
      .replace('QLLX="4"', 'QLLX="98"');
    expect((await query(await answeredWith(data))).records).toMatchObject([
      { use: '3201', rightType: '98', certificateNumber: '鄂(2022)咸安区不动产权第0001234号', olderPaper: false },
    ]);
  });

  test.each([
    ['520000', '元', 52_000_000],
    ['52', '万元', 52_000_000],
    ['52.000001', '万元', 52_000_001],
    ['10', '美元', null],
  ])('%s %s is %s fen', async (text, unit, amountFen) => {
    const data = CXJG.replace('BDBZZQSE="52"', `BDBZZQSE="${text}"`).replace('JEDW="万元"', `JEDW="${unit}"`);
    const { records } = await query(await answeredWith(data));
    expect(records[0]?.mortgages[0]?.secured).toEqual({ amountFen, text, unit, unitMissing: false });
  });

  test('one unit of a mortgage counts for both its amounts, and without one neither is money', async () => {
    const both = CXJG.replace('ZGZQSE=""', 'ZGZQSE="800000"').replace(' JEDW="万元"', '');
    expect((await query(await answeredWith(both))).records[0]?.mortgages[0]).toMatchObject({
      secured: { amountFen: null, text: '52', unitMissing: true },
      maximum: { amountFen: null, text: '800000', unitMissing: true },
    });
  });

  test.each<[string, Spoil]>([
    ['Data.CXJG', () => '<CXJX/>'],
    ['Data.CXJG', (data) => data + data],
    ['Data.CXJG.CXBH', (data) => data.replace('CXBH="CX2026031600017"', 'CXBH="17"')],
    ['Data.CXJG.Records', (data) => data.replace('Records="1"', 'Records="viele"')],
    ['Data.CXJG.Page', (data) => data.replace('Page="1"', 'Page="2"')],
    ['Data.CXJG.CXSJ', (data) => data.replace('2026-03-16T09:20:12+08:00', '16.03.2026')],
    ['Data.CXJG.FDCQ.0.BDCDYH', (data) => data.replace(FLAT_UNIT, '4212020010021200012000030402')],
    ['Data.CXJG.FDCQ.0.BDCQZH', (data) => data.replace(/ BDCQZH="[^"]*"/, '')],
    ['Data.CXJG.FDCQ.0.ZL', (data) => data.replace('ZL="某路8号"', 'ZL=""')],
    ['Data.CXJG.FDCQ.0.JZMJ', (data) => data.replace('118.36', '118,36')],
    ['Data.CXJG.FDCQ.0.DJSJ', (data) => data.replace('2022-05-18T10:12:33+08:00', '2022-02-30')],
    ['Data.CXJG.FDCQ.0.QDJG', (data) => data.replace('56.80', '56.8000001')],
    ['Data.CXJG.FDCQ.0.QDJG', (data) => data.replace('56.80', '-1')],
    ['Data.CXJG.FDCQ.0.TDSYJSSJ', (data) => data.replace('2082-03-01', '2082')],
    ['Data.CXJG.FDCQ.0.DYZT', (data) => data.replace('DYZT="1"', 'DYZT="是"')],
    ['Data.CXJG.FDCQ.0.CFZT', (data) => data.replace(' CFZT="1"', '')],
    ['Data.CXJG.FDCQ.0.QLR.0.ZJH', (data) => data.replace(` ZJH="${SUN.idNumber}"`, '')],
    ['Data.CXJG.FDCQ.0.QLR.0.SFCZR', (data) => data.replace('SFCZR="1"', 'SFCZR="2"')],
    ['Data.CXJG.FDCQ.0.DYAQ.0.BDBZZQSE', (data) => data.replace('BDBZZQSE="52"', 'BDBZZQSE="五十二"')],
    [
      'Data.CXJG.FDCQ.0.DYAQ.0.BDBZZQSE',
      (data) => data.replace('BDBZZQSE="52"', 'BDBZZQSE="52.123"').replace('JEDW="万元"', 'JEDW="元"'),
    ],
    ['Data.CXJG.FDCQ.0.CF.0.CFJG', (data) => data.replace(' CFJG="某法院"', '')],
    ['Data.CXJG.FDCQ.0.YG.0.QLR', (data) => data.replace(' QLR="李某"', '')],
    ['Data.CXJG.FDCQ.0.YY.0.YYSX', (data) => data.replace(/ YYSX="[^"]*"/, '')],
    ['Data.CXJG.FDCQ.1.DJSJ', (data) => data.replace('</CXJG>', `${FDCQ.replace(/ DJSJ="[^"]*"/, '')}</CXJG>`)],
  ])('a wrong %s is told by its path and nothing else (%#)', async (field, spoil) => {
    const client = await answeredWith(spoil(CXJG));
    const error = await query(client).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field, department: 'real-estate', reference: expect.stringMatching(/^\d{18}$/) },
    });
    expect(String(error)).not.toMatch(/孙䶮|\d{7}/);
  });

  test('a page without entries before all were given is outside the protocol', async () => {
    const client = await answeredWith((body) => {
      const page = /Page="(\d+)"/.exec(body)?.[1] ?? '1';
      const empty = CXJG.replace('Records="1"', 'Records="3"').replace('Page="1"', `Page="${page}"`);
      return page === '1' ? empty : empty.replace(FDCQ, '');
    });
    await expect(query(client)).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'Data.CXJG.FDCQ' },
    });
  });
});

test('a registry that refuses the 15-digit number leaves the answer about the 18 digits as it was', async () => {
  const numbers: (string | undefined)[] = [];
  const server = await startServer((body) => {
    const number = /ZJH="(\d+)"/.exec(body)?.[1];
    numbers.push(number);
    const empty = CXJG.replace('Records="1"', 'Records="0"').replace(FDCQ, '');
    return signedAnswer(body, number?.length === 15 ? { code: '2001', data: '' } : { data: empty });
  });
  const client = clientOf(server.url, { repeatWithFifteenDigits: true });
  expect(await query(client)).toMatchObject({ total: 0, records: [] });
  expect(numbers).toEqual([SUN.idNumber, '421202880305621']);
});

describe('message heads', () => {
  test.each<[string, Spoil]>([
    ['Head.DigitalSign', (message) => message.replace('<ResponseCode>0000', '<ResponseCode>1000')],
    ['Head.DigitalSign', (message) => message.replace(/<DigitalSign>.*<\/DigitalSign>/, '')],
    ['Head.DigitalSign', (message) => message.replace(/<DigitalSign>..../, '<DigitalSign>')],
    ['Head.BizMsgID', (message) => message.replace(/<BizMsgID>\d{18}/, '<BizMsgID>421202260316999999')],
  ])('%s that was changed is refused (%#)', async (field, spoil) => {
    await expect(query(await answeredWith(CXJG, { spoil }))).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field },
    });
  });

  test('an unknown code is outside the protocol', async () => {
    await expect(query(await answeredWith('', { code: '4711' }))).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'Head.ResponseCode', departmentCode: '4711' },
    });
  });

  test.each([
    ['1003', 'INVALID_INPUT', 'unitNumber'],
    ['1004', 'INVALID_INPUT', 'certificateNumber'],
    ['1005', 'INVALID_INPUT', 'idNumber'],
    ['1103', 'INVALID_INPUT', 'purpose'],
    ['1101', 'DEPARTMENT_REJECTED', undefined],
    ['2002', 'DEPARTMENT_REJECTED', undefined],
    ['2003', 'DEPARTMENT_REJECTED', undefined],
  ])('%s is %s', async (code, error, field) => {
    await expect(query(await answeredWith('', { code, info: '说明' }))).rejects.toMatchObject({
      code: error,
      details: { departmentCode: code, ...(field && { field }) },
    });
  });
});

describe('certificates', () => {
  const document = Buffer.from('%PDF-1.4 …');
  const digest = createHash('sha256').update(document).digest('hex');
  const ZM =
    `<ZM ZMLX="1" ZMBH="XA20260316000017" CXBH="CX2026031600017" QLRMC="孙䶮" ZJZL="1" ZJH="${SUN.idNumber}"` +
    ' ZMSJ="2026-03-16T09:25:00+08:00" YXQ="2026-04-15" JBR="自助查询" QKSM="名下登记不动产2处" Records="2" YZM="K7M2Q9"' +
    ' EWM="https://bdc.example.invalid/v?n=XA20260316000017">' +
    `<PDF Encoding="base64" Sha256="${digest}">${document.toString('base64')}</PDF></ZM>`;
  const print = (client: RealEstateClient) =>
    client.printQueryProof({ ...SUN, queryNumber: 'CX2026031600017', purpose: '1' });

  test('come with the document byte for byte, however its base64 is broken into lines', async () => {
    const base64 = document.toString('base64');
    const broken = ZM.replace(base64, `\n${base64.slice(0, 4)}\r\n${base64.slice(4)}\n`).replace(
      digest,
      digest.toUpperCase(),
    );
    expect(await print(await answeredWith(broken))).toMatchObject({ pdf: document, sha256: digest });
  });

  test.each<[string, Spoil]>([
    ['Data.ZM.PDF.0.Sha256', (data) => data.replace(digest, '0'.repeat(64))],
    ['Data.ZM.PDF.0.#text', (data) => data.replace(document.toString('base64'), 'no base64!')],
    ['Data.ZM.PDF.0.Encoding', (data) => data.replace('base64"', 'hex"')],
    ['Data.ZM.PDF', (data) => data.replace(/<PDF.*<\/PDF>/, '')],
    ['Data.ZM.CXBH', (data) => data.replace('CX2026031600017', 'CX2026031600018')],
    ['Data.ZM.QLRMC', (data) => data.replace('孙䶮', '别人')],
    ['Data.ZM.ZJH', (data) => data.replace(SUN.idNumber, '421202197511120034')],
    ['Data.ZM.ZMLX', (data) => data.replace('ZMLX="1"', 'ZMLX="3"')],
    ['Data.ZM.ZMBH', (data) => data.replace('XA20260316000017', 'XA1')],
  ])('with a wrong %s are not passed on (%#)', async (field, spoil) => {
    await expect(print(await answeredWith(spoil(ZM)))).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field },
    });
  });
});

describe('fee answers', () => {
  const SFXX = '<SFXX SLBH="202603160007" JFSBM="42120226300000001002" SFZT="0" HJ="80.00"/>';
  const link = (client: RealEstateClient) =>
    client.linkFee({
      acceptanceNumber: '202603160007',
      payCode: '42120226300000001002',
      items: [{ code: '103043211', name: '登记费', unitPriceFen: fen(4_000), quantity: 2, amountFen: fen(8_000) }],
    });

  test.each<[string, Spoil]>([
    ['Data.SFXX', () => ''],
    ['Data.SFXX.SLBH', (data) => data.replace('202603160007', '202603160008')],
    ['Data.SFXX.JFSBM', (data) => data.replace('0001002', '0001003')],
    ['Data.SFXX.HJ', (data) => data.replace('80.00', '550.00')],
    ['Data.SFXX.SFZT', (data) => data.replace('SFZT="0"', 'SFZT="9"')],
  ])('with a wrong %s leave the outcome unknown, and tell the place', async (field, spoil) => {
    await expect(link(await answeredWith(spoil(SFXX)))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field, reference: expect.stringMatching(/^\d{18}$/) },
      cause: { code: 'DEPARTMENT_PROTOCOL' },
    });
  });
});
