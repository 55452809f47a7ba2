import { describe, expect, test } from 'vitest';
import { recordOf, transcript } from './golden-files.ts';
import { caseSeed, FEE_CASE, GOLDEN_CASE, startPlatform, stepSeed, TASK_CODE } from './platform-fixture.ts';
import { type AnyRecord, type InterfaceName, post, verdict } from './raw-messages.ts';

const accept = recordOf(transcript('02').request);
const process = recordOf(transcript('04').request);
const special = recordOf(transcript('07').request);
const material = recordOf(transcript('06').request);
const result = recordOf(transcript('09').request);
const fee = recordOf(transcript('14').request);
const alloc = recordOf(transcript('01').request);

/** After the last golden record. */
const LATER = '2022-10-24 18:00:00';
const feeCase = caseSeed({ number: FEE_CASE, itemId: 'S01' });
const inProgress = caseSeed({ steps: [stepSeed(1)] });

function without(record: AnyRecord, field: string): AnyRecord {
  const { [field]: _, ...rest } = record;
  return rest;
}

describe('a record that lacks a required field is refused with 2101', () => {
  const requiredFields: [InterfaceName, AnyRecord, string[]][] = [
    [
      'accept',
      accept,
      [
        ...['rowGuid', 'projectNo', 'projectPwd', 'catalogCode', 'taskCode', 'taskName', 'taskVersion', 'projectType'],
        ...['applyType', 'applyerType', 'applyerName', 'applyerPageType', 'applyerPageCode', 'orgCode', 'orgName'],
        ...['applyDate', 'acceptDate', 'promiseTimeLimit', 'promiseTimeUnit', 'promiseDate'],
        ...['dataVer', 'cdOperation', 'cdTime'],
      ],
    ],
    [
      'process',
      process,
      ['rowGuid', 'projectNo', 'sn', 'processName', 'nodeType', 'nodeState', 'nodeResult', 'eventName'],
    ],
    ['result', result, ['rowGuid', 'projectNo', 'resultType', 'resultDate']],
    ['special', special, ['rowGuid', 'projectNo', 'specialType', 'specialName', 'specialReason', 'specialTime']],
    ['material', material, ['rowGuid', 'projectNo', 'materialName', 'getType', 'getNum']],
    ['fee', fee, ['rowGuid', 'projectNo', 'payCode', 'payerName', 'items', 'totalAmount', 'dueDate']],
    ['alloc', alloc, ['taskCode', 'applyDate']],
    ['query', { projectNo: GOLDEN_CASE, projectPwd: '604518' }, ['projectNo', 'projectPwd']],
    ['item', { taskCode: TASK_CODE }, ['taskCode']],
  ];
  const rows = requiredFields.flatMap(([name, record, fields]) => fields.map((field) => ({ name, record, field })));

  test.each(rows)('$name without $field, and nothing is done', async ({ name, record, field }) => {
    const cases = name === 'accept' ? [] : [inProgress, feeCase];
    const platform = await startPlatform({ at: LATER, cases });
    expect(await verdict(platform, name, without(record, field))).toBe('2101');
    expect(platform.core.ledger).toEqual([]);
  });

  test('a legal representative is required of the applicant types 2 to 5', async () => {
    const platform = await startPlatform({ at: LATER });
    const enterprise = {
      ...accept,
      applyerType: '2',
      applyerPageType: '01',
      applyerPageCode: '91421202MA4B1C2D1W',
      applyerName: '咸宁市某某有限公司',
    };
    expect(await verdict(platform, 'accept', enterprise)).toBe('2101');
    expect(await verdict(platform, 'accept', { ...enterprise, legal: '王某' })).toBe('taken');
  });

  test('an immediate case needs no promise', async () => {
    const platform = await startPlatform({ at: LATER });
    const immediate = { ...accept, projectType: '1', promiseDate: '', promiseTimeLimit: undefined };
    expect(await verdict(platform, 'accept', immediate)).toBe('taken');
  });

  test('an item without national codes is taken by its local ones', async () => {
    const platform = await startPlatform({ at: LATER });
    const local = {
      ...accept,
      ...{ taskCode: '', catalogCode: '', taskHandleItem: '', localTaskCode: 'XA-FS-01', localCatalogCode: 'XA-FS' },
      projectNo: '421202202210080000001',
    };
    expect(await verdict(platform, 'accept', local)).toBe('taken');
  });

  test.each(['1', '2', '3', '4', '5'])('a reason is required for the result %s', async (resultType) => {
    const platform = await startPlatform({ at: LATER, cases: [inProgress] });
    expect(await verdict(platform, 'result', { ...result, resultType, resultExplain: '' })).toBe('2101');
    expect(await verdict(platform, 'result', { ...result, resultType, resultExplain: '不符合条件' })).toBe('taken');
  });

  test('a number is required of a certificate that is issued', async () => {
    const platform = await startPlatform({ at: LATER, cases: [inProgress] });
    const issued = { ...result, resultCertName: '残疾人证' };
    expect(await verdict(platform, 'result', issued)).toBe('2101');
    expect(await verdict(platform, 'result', { ...issued, resultCertNo: '42120219780315992643' })).toBe('taken');
  });
});

describe('a record is refused', () => {
  const refusals: readonly (readonly [InterfaceName, AnyRecord, AnyRecord, string, string])[] = [
    ['accept', accept, { projectType: '3' }, '2102', 'case type 3'],
    ['accept', accept, { applyType: '9' }, '2102', 'submission way 9'],
    ['accept', accept, { applyerType: '9' }, '2102', 'applicant type 9 of an older list'],
    ['accept', accept, { applyerPageType: '51' }, '2102', 'document type of another list'],
    ['accept', accept, { timeUnit: '1' }, '2102', "a promise's unit for the statutory limit"],
    ['accept', accept, { taskName: '长'.repeat(1001) }, '2102', 'a name that is too long'],
    ['accept', accept, { taskVersion: '1' }, '2102', 'a number written as text'],
    ['accept', accept, { limitSceneNum: -1 }, '2102', 'visits below zero'],
    ['accept', accept, { acceptDate: '2022-10-08T09:44:10' }, '2102', 'a time of another form'],
    ['accept', accept, { acceptDate: '2022-02-30 09:44:10' }, '2102', 'a day that does not exist'],
    ['accept', accept, { projectPwd: '12345' }, '2102', 'a password of five digits'],
    ['accept', accept, { cdOperation: 'X' }, '2102', 'operation X'],
    ['accept', accept, { cdBatch: '1' }, '2102', 'a batch number of another form'],
    ['accept', accept, { taskCode: '11421202MB2A91048P5420511999000' }, '2102', 'an item that is not listed'],
    [
      'accept',
      accept,
      { applyerPageCode: '421202197803159920' },
      '2103',
      'an identity number with a wrong check digit',
    ],
    ['accept', accept, { contactCode: '421202197803159920' }, '2103', "a contact's identity number, wrong"],
    ['accept', accept, { applyerPageType: '01', applyerPageCode: '91421202MA4B1C2D1X' }, '2103', 'a wrong credit code'],
    ['accept', accept, { applyerPageType: '02', applyerPageCode: 'MB2A9104-0' }, '2103', 'a wrong organisation code'],
    ['accept', accept, { orgCode: '11421202MB2A910804' }, '2103', "an office's wrong credit code"],
    [
      'accept',
      accept,
      { projectNo: '11421202MB2A91048P5420511005000202210080017' },
      '2104',
      'a number of another item',
    ],
    ['accept', accept, { catalogCode: '420511005000' }, '2104', 'a basic code of another item'],
    ['accept', accept, { taskHandleItem: '11421202MB2A91048P542051100500001' }, '2104', 'a handling item of another'],
    [
      'accept',
      accept,
      { acceptDate: '2022-10-24 18:00:59', applyDate: '2022-10-08 09:40:00' },
      '2105',
      'a future time',
    ],
    ['accept', accept, { cdTime: '2022-10-25 00:00:00' }, '2105', 'sent in the future'],
    ['accept', accept, { applyDate: '2022-10-08 09:44:11' }, '2105', 'accepted before it was applied for'],
    ['process', process, { projectNo: 'unknown' }, '2201', 'a step of an unknown case'],
    ['material', material, { projectNo: 'unknown' }, '2201', 'a material of an unknown case'],
    ['process', process, { sn: 3 }, '2202', 'a gap before a step'],
    ['process', process, { sn: 1 }, '2202', 'a step number that is taken'],
    ['process', process, { sn: 2, eventStartTime: '2022-10-08 09:44:09' }, '2105', 'a step begun before the last'],
    [
      'process',
      { ...process, sn: 2, eventStartTime: '2022-10-09 09:00:00' },
      {},
      '2105',
      'a step ended before it began',
    ],
    ['process', process, { nodeResult: '8' }, '2102', 'node result 8'],
    ['process', process, { regionCode: '421202' }, '2102', 'a division of six digits'],
    ['result', result, { resultType: '7' }, '2102', 'result 7'],
    ['result', result, { resultDate: '2022-10-08 09:44:09' }, '2105', 'closed before the last step'],
    ['result', result, { fee: '1.5' }, '2102', 'an amount with one decimal'],
    ['special', special, { specialType: '6' }, '2102', 'procedure 6'],
    ['special', special, { specialTime: '2022-10-08 09:00:00' }, '2105', 'a procedure before the acceptance'],
    ['special', special, { endTime: '2022-10-10 09:00:00' }, '2105', 'a procedure ended before it began'],
    ['material', material, { getType: '5' }, '2102', 'way 5'],
    ['material', material, { getNum: '100000' }, '2102', 'a count of six digits'],
    ['fee', fee, { payCode: '4212000022000001' }, '2102', 'a payment code of 16 digits'],
    ['fee', fee, { dueDate: '2022-02-30' }, '2102', 'a day that does not exist'],
    ['fee', fee, { totalAmount: '80.01' }, '2102', 'a total that is not the sum'],
    ['fee', fee, { items: [{ itemCode: '103044808' }] }, '2101', 'an item without its name'],
    ['fee', fee, { items: ['x'] }, '2102', 'an item that is no object'],
    ['fee', fee, { projectNo: 'unknown' }, '2201', 'a fee of an unknown case'],
    ['alloc', alloc, { taskCode: '11421202MB2A91048P5420511999000' }, '2102', 'an item that is not listed'],
    ['alloc', alloc, { taskHandleItem: '11421202MB2A91048P542051100500001' }, '2104', 'a handling item of another'],
    ['alloc', alloc, { applyDate: '2022-10-25 00:00:00' }, '2105', 'applied for in the future'],
  ];
  const rows = refusals.map(([name, record, change, code, why]) => ({ name, record, change, code, why }));

  test.each(rows)('$name with $code for $why', async ({ name, record, change, code }) => {
    const cases = name === 'accept' ? [] : [inProgress, feeCase];
    const platform = await startPlatform({ at: LATER, cases });
    expect(await verdict(platform, name, { ...record, ...change })).toBe(code);
    expect(platform.core.ledger).toEqual([]);
  });

  test('alone: the others of its message are taken', async () => {
    const platform = await startPlatform({ at: LATER, cases: [inProgress] });
    const records = [material, { ...material, rowGuid: 'b', getType: '5' }, { ...material, rowGuid: 'c' }];
    const answer = await post(platform, 'material', records);
    expect(answer.body).toEqual({
      accepted: 2,
      rejected: [{ rowGuid: 'b', code: '2102', message: expect.stringContaining('getType') }],
    });
    expect(platform.core.ledger.map(({ rowGuid }) => rowGuid)).toEqual([material.rowGuid, 'c']);
  });
});

describe('a version of a record', () => {
  test('that is held already is refused with 2106, whatever it says', async () => {
    const platform = await startPlatform({ at: LATER });
    expect(await verdict(platform, 'accept', accept)).toBe('taken');
    expect(await verdict(platform, 'accept', accept)).toBe('2106');
    expect(await verdict(platform, 'accept', { ...accept, projectName: '另一摘要' })).toBe('2106');
    expect(platform.core.ledger).toHaveLength(1);
  });

  test('that is higher replaces what is held', async () => {
    const platform = await startPlatform({ at: LATER });
    await post(platform, 'accept', accept);
    const corrected = { ...accept, dataVer: 3, cdOperation: 'U', promiseDate: '2022-11-03 23:59:59' };
    expect(await verdict(platform, 'accept', corrected)).toBe('taken');
    expect(await verdict(platform, 'accept', { ...accept, dataVer: 2 })).toBe('2106');
    const answer = await post(platform, 'query', { projectNo: GOLDEN_CASE, projectPwd: '604518' });
    expect(answer.body?.promiseDate).toBe('2022-11-03 23:59:59');
  });

  test('may be the second although the first was refused', async () => {
    const platform = await startPlatform({ at: LATER, cases: [inProgress] });
    expect(await verdict(platform, 'material', { ...material, getType: '5' })).toBe('2102');
    expect(await verdict(platform, 'material', { ...material, dataVer: 2, cdOperation: 'U' })).toBe('taken');
  });

  test('of another case under the same rowGuid is refused with 2104', async () => {
    const platform = await startPlatform({ at: LATER, cases: [inProgress, feeCase] });
    await post(platform, 'material', material);
    expect(await verdict(platform, 'material', { ...material, dataVer: 2, projectNo: FEE_CASE })).toBe('2104');
  });

  test('takes a record back with D, once', async () => {
    const platform = await startPlatform({ at: LATER, cases: [inProgress] });
    await post(platform, 'material', material);
    const taken = { ...material, dataVer: 2, cdOperation: 'D' };
    expect(await verdict(platform, 'material', taken)).toBe('taken');
    expect(await verdict(platform, 'material', taken)).toBe('2106');
    expect(await verdict(platform, 'material', { ...material, rowGuid: 'never', cdOperation: 'D' })).toBe('2201');
  });
});
