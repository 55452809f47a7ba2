import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../../adapters/real-estate/messages/envelope.ts';
import { feePaid, linkFee } from '../../../adapters/real-estate/messages/fee-link.ts';
import { decodeMessage, unsignedMessage } from '../../../adapters/real-estate/messages/message.ts';
import { printHousingProof, printQueryProof } from '../../../adapters/real-estate/messages/proof-print.ts';
import {
  propertyQuery,
  queryByCertificate,
  queryByOwner,
  queryByUnit,
} from '../../../adapters/real-estate/messages/property-query.ts';
import type { Transaction } from '../../../adapters/real-estate/messages/transaction.ts';
import { parseXml } from '../../../adapters/real-estate/messages/xml.ts';
import { detachSignature, isSignedBy, messageDigest } from '../../../adapters/real-estate/signing.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { FLAT_UNIT, GOLDEN_KEY, type GoldenFile, golden, MANIFEST, ownerQuery, SUN, ZHAO } from './fixture.ts';

const NAMESPACE = 'http://bdc.example.invalid/ws/query/1.0';
const page = { account: 'xa-gateway', page: 1, size: 20 };
const form = { CXMD: '1', CXR: 'xa-gateway', CXSQSBH: 'SQ202603160001', Page: '1', Size: '20' };

const CERTIFICATE = { ...ownerQuery(SUN), certificateNumber: '鄂（2022）咸安区不动产权第0001234号' };
const FEE = { acceptanceNumber: '202603160007', payCode: '42120226300000001002' };

/** The golden requests from domain values; 02, 10 and 11 hold what the client itself would not send. */
const REQUESTS: Record<string, { transaction: Transaction<unknown>; createdAt: string }> = {
  '01-query-by-owner': { transaction: queryByOwner(ownerQuery(SUN), page), createdAt: '2026-03-16T09:20:41+08:00' },
  '02-query-by-cert': {
    transaction: propertyQuery(
      'QueryByCert',
      '9800102',
      { CXLX: '2', ...form, QLRMC: SUN.name, BDCQZH: CERTIFICATE.certificateNumber },
      page,
    ),
    createdAt: '2026-03-16T09:20:42+08:00',
  },
  '04-query-none': { transaction: queryByOwner(ownerQuery(ZHAO), page), createdAt: '2026-03-16T09:20:44+08:00' },
  '05-print-proof': {
    transaction: printQueryProof({ ...SUN, queryNumber: 'CX2026031600017', purpose: '1' }),
    createdAt: '2026-03-16T09:20:45+08:00',
  },
  '06-house-proof-none': {
    transaction: printHousingProof({ ...ZHAO, queryNumber: 'CX2026031600020', purpose: '3', districts: ['421202'] }),
    createdAt: '2026-03-16T09:20:46+08:00',
  },
  '07-link-fee': {
    transaction: linkFee({
      ...FEE,
      qrCodeUrl: 'https://pay.example.invalid/fs/qrcode?billId=42120226300000001002',
      codeMadeAt: '2026-03-16 09:20:11',
      items: [
        { code: '103043211', name: '不动产登记费', unitPriceFen: fen(8_000), quantity: 1, amountFen: fen(8_000) },
        { code: '103043212', name: '证书工本费', unitPriceFen: fen(0), quantity: 1, amountFen: fen(0) },
      ],
    }),
    createdAt: '2026-03-16T09:20:47+08:00',
  },
  '08-fee-paid': {
    transaction: feePaid({
      ...FEE,
      paidAt: '2026-03-16T10:33:22+08:00',
      tradeNumber: '2026031622001400000000000001',
      totalFen: fen(8_000),
      eReceipt: { code: '42010126', number: '0000012345' },
    }),
    createdAt: '2026-03-16T09:20:48+08:00',
  },
  '10-unit-invalid': {
    transaction: propertyQuery(
      'QueryByUnit',
      '9800103',
      { CXLX: '3', ...form, BDCDYH: '421202001002GI00012F00030402' },
      page,
    ),
    createdAt: '2026-03-16T09:20:50+08:00',
  },
  '11-bad-sign': {
    transaction: propertyQuery(
      'QueryByOwner',
      '9800101',
      { CXLX: '1', ...form, QLRMC: '孙龑', ZJZL: '1', ZJH: SUN.idNumber },
      page,
    ),
    createdAt: '2026-03-16T09:30:00+08:00',
  },
};

const requestFiles = MANIFEST.files.filter(({ file }) => file.endsWith('.request.xml'));
const answerFiles = MANIFEST.files.filter(({ file }) => file.endsWith('.response.xml') && !file.startsWith('11'));

function requestFor({ file }: GoldenFile) {
  const request = REQUESTS[file.replace('.request.xml', '')];
  if (!request) throw new Error(`no request for ${file}`);
  return request;
}

/** The unsigned text that the encoder makes for a golden file. */
function encoded(file: GoldenFile): string {
  const { transaction, createdAt } = requestFor(file);
  const head = {
    bizMessageId: file.bizMsgId,
    createdAt: Date.parse(createdAt),
    areaCode: '421202',
    registrar: '421202',
    flowId: transaction.flowId,
    recType: transaction.recType,
  };
  return unsignedMessage(head, transaction.data);
}

function messageIn(file: string, element: string): string {
  const body = parseXml(golden(file).toString('utf8')).children.find(({ name }) => name === 'Body');
  const text = body?.children[0]?.children.find(({ name }) => name === element)?.text;
  if (text === undefined) throw new Error(`${file} has no ${element}`);
  return text;
}

/** Reads a golden answer as the answer to its golden request. */
function decoded(name: string): { code: string; value: unknown } {
  const file = MANIFEST.files.find((candidate) => candidate.file === `${name}.response.xml`);
  const transaction = REQUESTS[name]?.transaction;
  if (!file || !transaction) throw new Error(`no golden ${name}`);
  const content = decodeEnvelope({ headers: {}, body: golden(file.file) }, file.operation);
  if (content.kind !== 'message') throw new Error(`${name} is a fault`);
  const answer = decodeMessage(
    content.message,
    { bizMessageId: file.bizMsgId, recType: transaction.recType },
    GOLDEN_KEY,
  );
  return { code: answer.code, value: answer.code === '0000' ? transaction.read(answer.data) : undefined };
}

describe('the golden files themselves', () => {
  test.each(MANIFEST.files)('$file is unchanged', ({ file, bytes, sha256 }) => {
    const content = golden(file);
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  });
});

describe('the encoder', () => {
  test('covers every golden request', () => {
    expect(Object.keys(REQUESTS)).toEqual(requestFiles.map(({ file }) => file.replace('.request.xml', '')));
  });

  test.each(requestFiles)('makes the text that was signed in $file', (file) => {
    const detached = detachSignature(messageIn(file.file, 'requestXml'));
    expect(encoded(file)).toBe(detached?.unsigned);
    if (file.md5 !== undefined) expect(messageDigest(encoded(file)).toString('hex')).toBe(file.md5);
  });

  test.each(requestFiles)('makes the bytes of $file, given its signature', (file) => {
    const signed = encoded(file).replace(
      '<BizMsgID></BizMsgID>',
      `<BizMsgID>${file.bizMsgId}</BizMsgID>\r\n<DigitalSign>${file.sign}</DigitalSign>`,
    );
    expect(Buffer.from(encodeEnvelope(NAMESPACE, file.operation, signed))).toEqual(golden(file.file));
  });

  test('sends the normal form of a certificate number', () => {
    expect(queryByCertificate(CERTIFICATE, page).data).toContain('BDCQZH="鄂(2022)咸安区不动产权第0001234号"');
  });

  test('refuses the unit number of golden 10 before anything is sent, and takes the display form of a good one', () => {
    const query = ownerQuery(SUN);
    expect(() => queryByUnit({ ...query, unitNumber: '421202001002GI00012F00030402' }, page)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: expect.objectContaining({ field: 'unitNumber' }) }),
    );
    expect(queryByUnit({ ...query, unitNumber: '421202 001002 GB00012 F00030402' }, page).data).toBe(
      `<CXTJ CXLX="3" CXMD="1" CXR="xa-gateway" CXSQSBH="SQ202603160001" Page="1" Size="20" BDCDYH="${FLAT_UNIT}"/>`,
    );
  });
});

describe('the signature check', () => {
  const signed = MANIFEST.files.filter(({ file, sign }) => sign !== undefined && !file.startsWith('11'));

  test.each(signed)('accepts $file with the public test key', ({ file, md5, sign }) => {
    const element = file.endsWith('.request.xml') ? 'requestXml' : 'responseXml';
    const detached = detachSignature(messageIn(file, element));
    expect(detached?.signature).toBe(sign);
    expect(detached && messageDigest(detached.unsigned).toString('hex')).toBe(md5);
    expect(detached && isSignedBy(detached, GOLDEN_KEY)).toBe(true);
  });

  test('refuses golden 11, whose name was changed after signing', () => {
    const detached = detachSignature(messageIn('11-bad-sign.request.xml', 'requestXml'));
    expect(detached && isSignedBy(detached, GOLDEN_KEY)).toBe(false);
  });

  test.each([
    ['LF only', '\n'],
    ['nothing', ''],
    ['several lines', '\r\n \t\r\n'],
  ])('takes %s between id and signature', (_, between) => {
    const message = messageIn('01-query-by-owner.response.xml', 'responseXml').replace(
      '</BizMsgID>\r\n',
      `</BizMsgID>${between}`,
    );
    const detached = detachSignature(message);
    expect(detached && isSignedBy(detached, GOLDEN_KEY)).toBe(true);
  });

  test.each([
    [
      'a second signed id',
      (message: string) => message.replace('<Data>', '<Data><BizMsgID>1</BizMsgID><DigitalSign>ab</DigitalSign>'),
    ],
    ['no signature', (message: string) => message.replace(/<DigitalSign>.*?<\/DigitalSign>/, '')],
    ['something between id and signature', (message: string) => message.replace('</BizMsgID>', '</BizMsgID>x')],
  ])('finds no signed text where there is %s', (_, change) => {
    expect(detachSignature(change(messageIn('01-query-by-owner.response.xml', 'responseXml')))).toBeUndefined();
  });
});

describe('the decoder', () => {
  test.each(answerFiles)('reads $file', ({ file }) => {
    const { code } = decoded(file.replace('.response.xml', ''));
    expect(code).toBe(file.startsWith('10') ? '1003' : '0000');
  });

  test('reads both houses of golden 01 in the domain’s words', () => {
    expect(decoded('01-query-by-owner').value).toEqual({
      queryNumber: 'CX2026031600017',
      total: 2,
      page: 1,
      size: 20,
      queriedAt: '2026-03-16T09:20:12+08:00',
      records: [
        {
          unitNumber: FLAT_UNIT,
          certificateNumber: '鄂(2022)咸安区不动产权第0001234号',
          olderPaper: false,
          rightType: '4',
          rightNature: '102',
          location: '湖北省咸宁市咸安区浮山街道㙍头路8号泉山苑3栋1204室',
          areaSquareMetres: '118.36',
          use: '11',
          structure: '3',
          floor: '12',
          floors: '18',
          registeredAt: '2022-05-18T10:12:33+08:00',
          priceFen: 56_800_000,
          landUseEnd: '2082-03-01',
          state: '1',
          mortgaged: true,
          seized: true,
          preNoticed: false,
          objected: false,
          owners: [
            {
              sequence: 1,
              name: '孙䶮',
              idType: '1',
              idNumber: '421202198803056219',
              idNumberAsShown: '421202198803056219',
              ownership: '0',
              share: '100%',
              holdsCertificate: true,
            },
          ],
          mortgages: [
            {
              certificateNumber: '鄂(2022)咸安区不动产证明第0002210号',
              mortgagee: '中国工商银行股份有限公司咸宁咸安支行',
              kind: '1',
              secured: { text: '52', unit: '万元', unitMissing: false, amountFen: 52_000_000 },
              maximum: null,
              from: '2022-05-18',
              to: '2042-05-17',
              rank: '1',
              registeredAt: '2022-05-18T10:30:00+08:00',
              state: '1',
            },
          ],
          seizures: [
            {
              court: '咸宁市咸安区人民法院',
              documentNumber: '(2025)鄂1202执保118号',
              kind: '2',
              from: '2025-11-02',
              to: '2028-11-01',
              registeredAt: '2025-11-02T15:00:00+08:00',
              state: '1',
            },
          ],
          preNotices: [],
          objections: [],
        },
        expect.objectContaining({
          unitNumber: '421202003011JC00087F00010001',
          location: '湖北省咸宁市咸安区双溪桥镇𠮷塘村六组',
          mortgaged: false,
          mortgages: [],
          owners: [expect.objectContaining({ ownership: '2', share: '50%' })],
        }),
      ],
    });
  });

  test('reads golden 02, the same flat before its seizure', () => {
    expect(decoded('02-query-by-cert').value).toMatchObject({
      total: 1,
      records: [{ mortgaged: true, seized: false }],
    });
  });

  test('reads golden 04 as an answer without a record, not as an error', () => {
    expect(decoded('04-query-none').value).toMatchObject({ queryNumber: 'CX2026031600020', total: 0, records: [] });
  });

  test('reads the certificates of golden 05 and 06 with their documents', () => {
    const sha256 = '2e38744f396a98f959a655b78d2006b372bd0dd79c3015430400fa4f36491c42';
    expect(decoded('05-print-proof').value).toMatchObject({
      kind: '1',
      proofNumber: 'XA20260316000017',
      issuedAt: '2026-03-16T09:25:00+08:00',
      validUntil: '2026-04-15',
      clerk: '自助查询',
      records: 2,
      checkCharacters: 'K7M2Q9',
      verificationUrl: 'https://bdc.example.invalid/v?n=XA20260316000017',
      pdf: Buffer.from('%PDF-1.4\n%minimal test document\n%%EOF\n'),
      sha256,
    });
    expect(decoded('06-house-proof-none').value).toMatchObject({
      kind: '3',
      statement: '截至查询时间，在咸安区行政区域内未查询到住房登记信息',
      records: 0,
      sha256,
    });
  });

  test('reads the fee states of golden 07 and 08', () => {
    expect(decoded('07-link-fee').value).toEqual({ ...FEE, paid: false, totalFen: 8_000 });
    expect(decoded('08-fee-paid').value).toEqual({ ...FEE, paid: true, totalFen: 8_000 });
  });

  test('reads the Fault of golden 11', () => {
    const body = golden('11-bad-sign.response.xml');
    expect(decodeEnvelope({ headers: {}, body }, 'QueryByOwner')).toEqual({
      kind: 'fault',
      code: '1001',
      text: '数字签名验证失败',
      bizMessageId: '421202260316000111',
    });
  });

  test('passes nothing of a golden answer on whose text was changed after signing', () => {
    const file = MANIFEST.files.find((candidate) => candidate.file === '01-query-by-owner.response.xml');
    const message = messageIn('01-query-by-owner.response.xml', 'responseXml').replace('CFZT="1"', 'CFZT="0"');
    expect(() =>
      decodeMessage(message, { bizMessageId: file?.bizMsgId ?? '', recType: '9800101' }, GOLDEN_KEY),
    ).toThrow(expect.objectContaining({ code: 'DEPARTMENT_PROTOCOL' }));
  });

  test('refuses a golden answer as the answer to another message', () => {
    const message = messageIn('01-query-by-owner.response.xml', 'responseXml');
    expect(() =>
      decodeMessage(message, { bizMessageId: '421202260316000999', recType: '9800101' }, GOLDEN_KEY),
    ).toThrow(expect.objectContaining({ details: expect.objectContaining({ field: 'Head.BizMsgID' }) }));
  });
});
