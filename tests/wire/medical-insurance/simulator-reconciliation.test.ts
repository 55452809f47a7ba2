import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../adapters/medical-insurance/simulator/zip.ts';
import { goldenData, goldenText, type Json } from './golden-files.ts';
import { GOLDEN_POPULATION, GOLDEN_PROVIDER, GOLDEN_SETTLEMENT } from './golden-population.ts';
import { openSignedIn, type Simulator } from './simulator-wire.ts';

const open = () => openSignedIn(GOLDEN_POPULATION, '2026-03-23 08:30:00');

async function upload(simulator: Simulator, bytes: Iterable<number> | string): Promise<string> {
  const file = {
    in: typeof bytes === 'string' ? bytes : [...bytes],
    filename: 'upload.zip',
    fixmedins_code: GOLDEN_PROVIDER.code,
  };
  const output = await simulator.done('9101', { fsUploadIn: file });
  return output.file_qury_no as string;
}

/** Uploads, reconciles, downloads; gives the lines of result.txt. */
async function reconcile(simulator: Simulator, bytes: Iterable<number> | string, more: Json = {}): Promise<string[]> {
  const data = { ...goldenData('3202-reconcile-detail'), file_qury_no: await upload(simulator, bytes), ...more };
  const { fileinfo } = (await simulator.done('3202', { data })) as {
    fileinfo: { file_qury_no: string; filename: string };
  };
  const { file_qury_no, filename } = fileinfo;
  const download = { file_qury_no, filename, fixmedins_code: GOLDEN_PROVIDER.code };
  const { bytes: zip, type } = await simulator.send('9102', { fsDownloadIn: download });
  expect(type).toBe('application/octet-stream');
  const start = 30 + zip.readUInt16LE(26);
  return inflateRawSync(zip.subarray(start)).toString('utf8').split('\n').slice(0, -1);
}

const ROWS = goldenText('3202-upload-rows.txt');
const [EQUAL = ''] = goldenText('3202-result-rows.txt').split('\n');

describe('the totals', () => {
  it.each([
    [{}, '0', '对平'],
    [{ fixmedins_setl_cnt: 0, medfee_sumamt: 0, fund_pay_sumamt: 0, acct_pay: 0 }, '1', '中心多'],
    [{ fixmedins_setl_cnt: 2 }, '2', '医药机构多'],
    [{ medfee_sumamt: 6850.01 }, '3', '数据不一致'],
    [{ fund_pay_sumamt: '5799.99' }, '3', '数据不一致'],
    [{ acct_pay: 0 }, '3', '数据不一致'],
    [{ clr_type: '11' }, '2', '医药机构多'],
    [{ insutype: '390' }, '2', '医药机构多'],
    [{ setl_optins: '420106' }, '2', '医药机构多'],
    [{ stmt_begndate: '2026-03-23', stmt_enddate: '2026-03-23' }, '2', '医药机构多'],
    [{ stmt_begndate: '2026-03-01', stmt_enddate: '2026-03-31' }, '0', '对平'],
  ])('compare as they stand: %j is %s', async (more, stmt_rslt, stmt_rslt_dscr) => {
    await using simulator = await open();
    const answer = await simulator.done('3201', { data: { ...goldenData('3201-reconcile-total'), ...more } });
    expect(answer.stmtinfo).toMatchObject({ stmt_rslt, stmt_rslt_dscr });
  });

  it('count a refunded settlement among the refunds only', async () => {
    await using simulator = await open();
    simulator.setTime('2026-03-22 11:40:20');
    await simulator.signIn();
    await simulator.done('2305', { data: goldenData('2305-inpatient-settle-cancel') });
    const nothing = { medfee_sumamt: 0, fund_pay_sumamt: 0, acct_pay: 0 };
    const result = async (more: Json) => {
      const data = { ...goldenData('3201-reconcile-total'), ...nothing, ...more };
      return ((await simulator.done('3201', { data })).stmtinfo as Json).stmt_rslt;
    };
    expect(await result({ refd_setl_flag: '0', fixmedins_setl_cnt: 0 })).toBe('0');
    expect(await result({ refd_setl_flag: '1', fixmedins_setl_cnt: 2 })).toBe('0');
    expect(await result({ refd_setl_flag: '', fixmedins_setl_cnt: 2 })).toBe('0');
  });

  it('are asked for a period that does not end before it begins', async () => {
    await using simulator = await open();
    const data = { ...goldenData('3201-reconcile-total'), stmt_enddate: '2026-03-21' };
    expect(await simulator.refused('3201', { data })).toContain('结束日期早于开始日期');
  });
});

describe('the details', () => {
  it('are equal row by row for the golden file, packed or plain, in signed bytes, unsigned or base64', async () => {
    await using simulator = await open();
    const plain = Buffer.from(ROWS);
    const packed = zipOf('upload.txt', plain);
    expect(await reconcile(simulator, plain)).toEqual([EQUAL]);
    expect(await reconcile(simulator, packed)).toEqual([EQUAL]);
    expect(await reconcile(simulator, packed.toString('base64'))).toEqual([EQUAL]);
    expect(
      await reconcile(
        simulator,
        [...packed].map((byte) => (byte > 127 ? byte - 256 : byte)),
      ),
    ).toEqual([EQUAL]);
  });

  it('tell what differs, what only the provider has and what only the centre has', async () => {
    await using simulator = await open();
    const { id, visitId, psnNo, messageId } = GOLDEN_SETTLEMENT;
    const centre = ['6850.00', '5800.00', '600.00'];
    expect(await reconcile(simulator, Buffer.from(ROWS.replace('5800.00', '5800.01')))).toEqual([
      [psnNo, visitId, id, messageId, '3', '0', '数据不一致', ...centre].join('\t'),
    ]);
    expect(await reconcile(simulator, Buffer.from(ROWS.replace(id, '421202000000719999')))).toEqual([
      [psnNo, visitId, '421202000000719999', '', '2', '0', '医药机构多', '0.00', '0.00', '0.00'].join('\t'),
      [psnNo, visitId, id, messageId, '1', '0', '中心多', ...centre].join('\t'),
    ]);
    expect(
      await reconcile(simulator, Buffer.from(ROWS), { stmt_begndate: '2026-03-23', stmt_enddate: '2026-03-23' }),
    ).toEqual([[psnNo, visitId, id, '', '2', '0', '医药机构多', '0.00', '0.00', '0.00'].join('\t')]);
  });

  it.each([
    ['columns that are missing', ROWS.replace('\t600.00', '')],
    ['an amount that is none', ROWS.replace('600.00', '六百')],
    ['a flag that is none', ROWS.replace(/0\n$/, '2\n')],
    ['a zip that is broken', 'PK\u0003\u0004 and no directory'],
  ])('refuse a file with %s', async (_what, text) => {
    await using simulator = await open();
    const data = { ...goldenData('3202-reconcile-detail'), file_qury_no: await upload(simulator, Buffer.from(text)) };
    expect(await simulator.refused('3202', { data })).toContain('对账明细文件格式不正确');
  });

  it('read a zip as another packer writes it, sizes behind the data and a stamp in the directory', async () => {
    await using simulator = await open();
    expect(await reconcile(simulator, streamedZip('rows.txt', Buffer.from(ROWS)))).toEqual([EQUAL]);
  });
});

describe('the files', () => {
  it('are found by their number, name and provider, results only, until the time is over', async () => {
    await using simulator = await open();
    const file_qury_no = await upload(simulator, Buffer.from(ROWS));
    const data = { ...goldenData('3202-reconcile-detail'), file_qury_no };
    const { fileinfo } = (await simulator.done('3202', { data })) as { fileinfo: Record<string, string> };
    expect(fileinfo).toEqual({
      file_qury_no: 'fsi/demo/20260323/result0001',
      filename: 'result_20260323.zip',
      dld_endtime: '2026-04-22 23:59:59',
    });
    const { dld_endtime, ...result } = fileinfo;
    const right = { ...result, fixmedins_code: GOLDEN_PROVIDER.code };
    for (const wrong of [
      { file_qury_no: 'fsi/demo/20260323/result0009' },
      { file_qury_no, filename: 'upload.zip' },
      { filename: 'other.zip' },
      { fixmedins_code: 'plc' },
    ]) {
      expect(await simulator.refused('9102', { fsDownloadIn: { ...right, ...wrong } })).toContain('未查询到文件');
    }
    const asText = { headers: { 'content-type': 'text/plain;charset=utf-8' } };
    expect((await simulator.send('9102', { fsDownloadIn: right }, asText)).bytes.subarray(0, 2).toString()).toBe('PK');
    simulator.setTime('2026-04-23 00:00:00');
    await simulator.signIn();
    expect(await simulator.refused('9102', { fsDownloadIn: right })).toContain('文件已超过下载截止时间');
    const missing = { ...goldenData('3202-reconcile-detail'), file_qury_no: 'fsi/demo/20260323/upload0009' };
    expect(await simulator.refused('3202', { data: missing })).toContain('未查询到文件');
  });

  it('are bytes, uploaded for the sender itself', async () => {
    await using simulator = await open();
    const file = { in: [1, 2, 3], filename: 'upload.zip', fixmedins_code: GOLDEN_PROVIDER.code };
    for (const wrong of [{ in: [256] }, { in: ['1'] }, { in: [] }, { in: 'AQI' }, { fixmedins_code: 'H42120200999' }]) {
      await simulator.refused('9101', { fsUploadIn: { ...file, ...wrong } });
    }
    expect(await simulator.done('9101', { fsUploadIn: file })).toEqual({
      file_qury_no: 'fsi/demo/20260323/upload0001',
      filename: 'upload.zip',
      fixmedins_code: GOLDEN_PROVIDER.code,
    });
  });

  it('may be longer than any other input', async () => {
    await using simulator = await open();
    expect(await upload(simulator, Buffer.alloc(50_000, 0x30))).toMatch(/upload0001$/);
  });
});

/** A zip whose local header leaves crc and sizes to a descriptor behind the data (APPNOTE 4.4.4, bit 3), as Java's writer does. */
function streamedZip(name: string, content: Buffer): Buffer {
  const whole = zipOf(name, content);
  const packed = deflateRawSync(content);
  const local = Buffer.from(whole.subarray(0, 30 + Buffer.byteLength(name)));
  local.fill(0, 14, 26);
  local.writeUInt16LE(8, 6);
  const descriptor = Buffer.concat([Buffer.from('PK\u0007\u0008'), whole.subarray(14, 26)]);
  const central = whole.subarray(local.length + packed.length, whole.length - 22);
  const end = Buffer.from(whole.subarray(whole.length - 22));
  end.writeUInt32LE(local.length + packed.length + descriptor.length, 16);
  return Buffer.concat([local, packed, descriptor, central, end]);
}
