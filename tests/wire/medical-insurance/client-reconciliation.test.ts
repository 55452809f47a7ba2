import { describe, expect, test } from 'vitest';
import type { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { readRows, writeRows } from '../../../adapters/medical-insurance/reconciliation-file.ts';
import { unzip, zipOf } from '../../../adapters/medical-insurance/zip.ts';
import {
  type Arrival,
  clientOf,
  type Platform,
  RawAnswer,
  refusal,
  startPlatform,
  success,
} from './client-platform.ts';
import { golden, goldenText } from './golden-files.ts';

const details = {
  clearingType: '21',
  clearingOffice: '421202',
  from: '2026-03-22',
  to: '2026-03-22',
  refunded: false,
  cashFen: 45_000,
  rows: [
    {
      settlementId: '421202000000710001',
      visitId: '421202000000310001',
      personNumber: '42120000000000000010000106',
      totalFen: 685_000,
      fundTotalFen: 580_000,
      accountFen: 60_000,
      refunded: false,
    },
  ],
};

const compared = {
  personNumber: '42120000000000000010000106',
  visitId: '421202000000310001',
  settlementId: '421202000000710001',
  messageId: 'H42120200137202603221015410024',
  result: '0',
  refunded: false,
  memo: null,
  totalFen: 685_000,
  fundTotalFen: 580_000,
  accountFen: 60_000,
};

const GIVEN = 'fsi/demo/20260323/upload0001';
const resultZip = () => zipOf('result.txt', Buffer.from(goldenText('3202-result-rows.txt')));

async function answering(
  answers: Partial<Record<'9101' | '3202' | '9102', (arrival: Arrival) => unknown>>,
  settings: Record<string, unknown> = {},
): Promise<{ client: MedicalInsuranceClient; platform: Platform }> {
  const usual: Record<string, (arrival: Arrival) => unknown> = {
    '9101': () => success({ file_qury_no: GIVEN }),
    '3202': () => golden('3202-reconcile-detail').response?.body,
    '9102': () => new RawAnswer(resultZip(), 200, { 'content-type': 'application/octet-stream' }),
  };
  const platform = await startPlatform((arrival) => {
    const infno = String(arrival.body.infno) as '9101';
    return (answers[infno] ?? usual[infno])?.(arrival);
  });
  const client = clientOf(platform.url, { settings });
  return { client, platform };
}

function uploadedBytes(platform: Platform): Buffer {
  const bytes = platform.of('9101')[0]?.body.input?.fsUploadIn?.in;
  return Array.isArray(bytes) ? Buffer.from(bytes as number[]) : Buffer.from(String(bytes), 'base64');
}

describe('reconciling details', () => {
  test('uploads the rows, compares, downloads the result and reads it', async () => {
    const { client, platform } = await answering({});
    const result = await client.reconcileDetails(details);
    expect(platform.arrivals.map(({ body }) => body.infno)).toEqual(['9001', '9101', '3202', '9102']);
    expect(result).toEqual({
      rows: [compared],
      fileQueryNumber: 'fsi/demo/20260323/result0001',
      fileName: 'result_20260323.zip',
      downloadUntil: '2026-04-22 23:59:59',
      messageId: platform.of('3202')[0]?.body.msgid,
    });
  });

  test('3202 has the golden input, with the number that 9101 gave', async () => {
    const { client, platform } = await answering({});
    await client.reconcileDetails(details);
    expect(platform.of('3202')[0]?.body.input).toEqual(golden('3202-reconcile-detail').request.body.input);
  });

  test('the uploaded zip holds the golden row', async () => {
    const { client, platform } = await answering({});
    await client.reconcileDetails(details);
    const upload = platform.of('9101')[0]?.body.input?.fsUploadIn;
    expect(upload).toMatchObject({
      filename: 'H42120200137_2026-03-22_2026-03-22.zip',
      fixmedins_code: 'H42120200137',
    });
    const rows = unzip(uploadedBytes(platform), 'H42120200137_2026-03-22_2026-03-22.txt', 10_000);
    expect(rows.toString('utf8')).toBe(goldenText('3202-upload-rows.txt'));
  });

  test('separator, packing and the form of the bytes are settings', async () => {
    const { client, platform } = await answering(
      { '9102': () => new RawAnswer(zipOf('result.txt', Buffer.from('P,V,S,,2,1,备注,,,0.10\r\n'))) },
      { reconciliationFiles: { separator: ',', zipUpload: false, bytes: 'base64' } },
    );
    const result = await client.reconcileDetails(details);
    expect(result.rows).toEqual([
      {
        personNumber: 'P',
        visitId: 'V',
        settlementId: 'S',
        messageId: null,
        result: '2',
        refunded: true,
        memo: '备注',
        totalFen: null,
        fundTotalFen: null,
        accountFen: 10,
      },
    ]);
    expect(uploadedBytes(platform).toString('utf8')).toBe(goldenText('3202-upload-rows.txt').replaceAll('\t', ','));
    expect(platform.of('9101')[0]?.body.input?.fsUploadIn?.filename).toMatch(/\.txt$/);
  });

  test('the file’s number may stand one node deeper', async () => {
    const { client, platform } = await answering({ '9101': () => success({ fsUploadOut: { file_qury_no: GIVEN } }) });
    await client.reconcileDetails(details);
    expect(platform.of('3202')[0]?.body.input?.data?.file_qury_no).toBe(GIVEN);
  });

  test('a refusal at any step is passed on, and the steps behind it are not made', async () => {
    for (const [infno, made] of [
      ['9101', ['9001', '9101']],
      ['3202', ['9001', '9101', '3202']],
      ['9102', ['9001', '9101', '3202', '9102']],
    ] as const) {
      const { client, platform } = await answering({ [infno]: () => refusal('FSI-示例：文件已过期') });
      await expect(client.reconcileDetails(details)).rejects.toMatchObject({
        code: 'DEPARTMENT_REJECTED',
        detail: 'FSI-示例：文件已过期',
      });
      expect(platform.arrivals.map(({ body }) => body.infno)).toEqual(made);
    }
  });

  test.each([
    ['no zip', () => new RawAnswer('result'), 'body'],
    ['an envelope that says it is done', () => success({}), 'body'],
    ['a zip cut short', () => new RawAnswer(resultZip().subarray(0, 60)), 'result.txt'],
    ['a zip of something else', () => new RawAnswer(zipOf('readme.txt', Buffer.from('x'))), 'result.txt'],
    ['another character set', () => new RawAnswer(zipOf('result.txt', Buffer.from([0xb6, 0xd4]))), 'result.txt'],
    ['a row without its columns', () => new RawAnswer(zipOf('result.txt', Buffer.from('a\tb\n'))), 'result.txt.1'],
    [
      'an amount that is none',
      () => new RawAnswer(zipOf('result.txt', Buffer.from('P\tV\tS\t\t0\t0\t\tx\t0\t0\n'))),
      'result.txt.1.medfee_sumamt',
    ],
  ])('a download that is %s is outside the protocol', async (_, answer, field) => {
    const { client } = await answering({ '9102': answer });
    const failure = await client.reconcileDetails(details).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
    expect((failure as { details: { field?: string } }).details.field).toBe(field);
  });

  test('a file in answer to anything but a download is no success', async () => {
    const platform = await startPlatform(() => new RawAnswer(resultZip()));
    const client = clientOf(platform.url);
    const cancellation = { personNumber: compared.personNumber, insuredRegion: '421202', serial: '1' };
    await expect(client.cancelReferral(cancellation)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  test('a value that holds the separator is refused before anything is sent', async () => {
    const { client, platform } = await answering({});
    const [row] = details.rows;
    await expect(
      client.reconcileDetails({ ...details, rows: [{ ...(row as typeof compared), settlementId: 'a\tb' } as never] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'rows.0.settlementId' } });
    expect(platform.arrivals).toEqual([]);
  });
});

describe('the rows of the files', () => {
  test('are the golden ones', () => {
    expect(writeRows(details.rows, '\t')).toBe(goldenText('3202-upload-rows.txt'));
    expect(readRows(goldenText('3202-result-rows.txt'), '\t')).toEqual([compared]);
  });

  test('no rows are an empty file, and a byte order mark is none of the first row', () => {
    expect(writeRows([], '\t')).toBe('');
    expect(readRows(`\uFEFF${goldenText('3202-result-rows.txt')}`, '\t')).toEqual([compared]);
  });
});
