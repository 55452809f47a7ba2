import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../loopback.ts';
import { type Department, startDepartment } from './department.ts';
import { goldenCase } from './golden-files.ts';
import { LI, populationWithProgress, TO_SHENZHEN, ZHANG } from './population.ts';
import { call, callText, refreshAll } from './raw-requests.ts';

/** The simulator refuses what the wire specification does not allow, asked by hand over a socket. */
let department: Department;

beforeAll(async () => {
  department = await startDepartment(populationWithProgress());
  await refreshAll(department);
});

afterAll(() => department.close());

/** A golden request's body, changed at some places: `applicant.sex`. */
function changed(number: string, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const body = structuredClone((goldenCase(number).requestBody as { body: Record<string, unknown> }).body);
  for (const [place, value] of Object.entries(changes)) {
    const steps = place.split('.');
    const last = steps.pop() as string;
    let holder: Record<string, unknown> = body;
    for (const step of steps) holder = holder[step] as Record<string, unknown>;
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }
  return body;
}

describe('a submission', () => {
  const malformed: readonly [field: string, changes: Record<string, unknown>][] = [
    ['clientSerialNo', { clientSerialNo: undefined }],
    ['clientSerialNo', { clientSerialNo: '' }],
    ['clientSerialNo', { clientSerialNo: 'x'.repeat(41) }],
    ['applyMode', { applyMode: '3' }],
    ['applyMode', { applyMode: 1 }],
    ['acceptDivision', { acceptDivision: '421202' }],
    ['acceptDivision', { acceptDivision: '440305001000' }],
    ['residenceDivision', { residenceDivision: null }],
    ['subsidyTypes', { subsidyTypes: [] }],
    ['subsidyTypes', { subsidyTypes: ['1', '1'] }],
    ['subsidyTypes', { subsidyTypes: ['3'] }],
    ['subsidyTypes', { subsidyTypes: '1' }],
    ['applicant', { applicant: 'x' }],
    ['applicant.name', { 'applicant.name': ' ' }],
    ['applicant.name', { 'applicant.name': '长'.repeat(201) }],
    ['applicant.sex', { 'applicant.sex': '1' }],
    ['applicant.birthDate', { 'applicant.birthDate': '1978-03-16' }],
    ['applicant.birthDate', { 'applicant.birthDate': '1978-02-30' }],
    ['applicant.nation', { 'applicant.nation': '1' }],
    ['applicant.phone', { 'applicant.phone': 'none' }],
    ['applicant.address', { 'applicant.address': undefined }],
    ['certificate.category', { 'certificate.category': '8' }],
    ['certificate.grade', { 'certificate.grade': '' }],
    ['household.hukouType', { 'household.hukouType': '3' }],
    ['household.dibaoNo', { 'household.dibaoNo': null }],
    ['exclusions.elderlyNursing', { 'exclusions.elderlyNursing': false }],
    ['exclusions.tekun', { 'exclusions.tekun': undefined }],
    ['bank.bankCode', { 'bank.bankCode': undefined }],
    ['agent.relation', { agent: { name: '周国平' } }],
    ['materials', { materials: undefined }],
    ['materials.1.form', { 'materials.1.form': '4' }],
    ['materials.0.materialCode', { 'materials.0.materialCode': '08' }],
  ];

  it.each(malformed)('is LB1001 naming %s for %j', async (field, changes) => {
    const answer = await call(department, 'LB03', changed('11', changes));
    expect(answer).toMatchObject({ code: 'LB1001', data: { txCode: 'LB03', serialNo: '42120220221008000099' } });
    expect(answer.message.split('：')[1]).toBe(field);
  });

  it.each([
    ['LB1002', { 'applicant.idCard': '421202197803159927' }],
    ['LB1002', { agent: { name: '甲', idCard: '1', relation: '父母', phone: '13900000000' } }],
    ['LB1003', { 'certificate.certNo': '42120219780315992692' }],
    ['LB1003', { 'certificate.certNo': LI.certificate }],
    ['LB1003', { 'certificate.certNo': `${ZHANG.certificate}B1` }],
    ['LB1003', { 'certificate.category': '2' }],
    ['LB2007', { 'bank.accountNo': '6217002870001234565' }],
    ['LB2007', { 'bank.accountName': '李四' }],
  ])('is %s for %j', async (code, changes) => {
    expect((await call(department, 'LB03', changed('11', changes))).code).toBe(code);
  });

  it('leaves nothing behind when refused', () => {
    expect(department.core.ledger).toEqual([]);
  });
});

describe('any other request', () => {
  const PENDING = (goldenCase('19').requestBody as { body: Record<string, unknown> }).body;
  const DECISION = (goldenCase('21').requestBody as { body: Record<string, unknown> }).body;
  const cases: readonly [txCode: string, field: string, body: Record<string, unknown>][] = [
    ['LB01', 'name', { idCard: ZHANG.idNumber }],
    ['LB02', 'idCard', {}],
    ['LB04', 'applicationNo', { applicationNo: 'LB1' }],
    ['LB05', 'roundNo', { applicationNo: TO_SHENZHEN, roundNo: '0', materials: [{}] }],
    ['LB05', 'roundNo', { applicationNo: TO_SHENZHEN, roundNo: 1, materials: [{}] }],
    ['LB05', 'materials', { applicationNo: TO_SHENZHEN, roundNo: '1', materials: [] }],
    ['LB06', 'statusIn', { ...PENDING, statusIn: ['99'] }],
    ['LB06', 'updatedFrom', { ...PENDING, updatedFrom: '2022-10-01' }],
    ['LB06', 'updatedTo', { ...PENDING, updatedTo: '2022-11-02 00:00:00' }],
    ['LB06', 'updatedTo', { ...PENDING, updatedTo: '2022-09-30 00:00:00' }],
    ['LB06', 'pageNo', { ...PENDING, pageNo: '0' }],
    ['LB06', 'pageSize', { ...PENDING, pageSize: '101' }],
    ['LB07', 'stage', { ...DECISION, stage: '4' }],
    ['LB07', 'opinion', { ...DECISION, opinion: undefined }],
    ['LB07', 'reviewTime', { ...DECISION, reviewTime: '2022-10-09T10:12:00' }],
    ['LB07', 'rejectedTypes.0.reasonCode', { ...DECISION, rejectedTypes: [{ subsidyType: '1', reasonCode: 'R11' }] }],
    ['LB08', 'monthTo', { idCard: LI.idNumber, monthFrom: '202001', monthTo: '202201' }],
    ['LB08', 'monthFrom', { idCard: LI.idNumber, monthFrom: '202000', monthTo: '202001' }],
  ];

  it.each(cases)('%s is LB1001 naming %s', async (txCode, field, body) => {
    const answer = await call(department, txCode, body);
    expect([answer.code, answer.message.split('：')[1]]).toEqual(['LB1001', field]);
  });

  it.each([
    ['head.txCode', { txCode: 'LB05' }],
    ['head.serialNo', { serialNo: '1' }],
    ['head.orgCode', { orgCode: '11421202MB2A9000' }],
    ['head.operator', { operator: 'Xa' }],
    ['head.reqTime', { reqTime: '2022-10-08 25:00:00' }],
  ])('is LB1001 naming %s', async (field, head) => {
    const answer = await call(department, 'LB04', { applicationNo: TO_SHENZHEN }, head);
    expect([answer.code, answer.message.split('：')[1]]).toEqual(['LB1001', field]);
  });

  it.each(['LB01', 'LB02', 'LB08'])('%s is LB1002 for a number whose check fails', async (txCode) => {
    const body = { name: '张惠兰', idCard: '421202197803159927', monthFrom: '202201', monthTo: '202202' };
    expect((await call(department, txCode, body)).code).toBe('LB1002');
  });

  it('is the exchange’s bad request when it is no JSON object', async () => {
    for (const text of ['', '[]', '{', '"x"']) {
      expect(await callText(department, 'LB04', text)).toEqual({ code: '1', message: '请求参数错误', data: '' });
    }
  });

  it('with unknown members is taken', async () => {
    const answer = await call(department, 'LB04', { applicationNo: TO_SHENZHEN, trace: 1 }, { channel: 'x' });
    expect(answer.code).toBe('0');
  });

  it('for an application between other districts is LB1005', async () => {
    const elsewhere = await startDepartment(
      populationWithProgress({
        number: TO_SHENZHEN,
        acceptDivision: '330106008000',
        residenceDivision: '330106008000',
      }),
    );
    await refreshAll(elsewhere);
    expect((await call(elsewhere, 'LB04', { applicationNo: TO_SHENZHEN })).code).toBe('LB1005');
    await elsewhere.close();
  });
});

describe('the exchange', () => {
  const PATH = 'POST /httpproxy HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n';

  it('refuses a call without its four headers, or of a stranger', async () => {
    const none = await sendRaw(department.url, Buffer.from(`${PATH}\r\n`));
    expect(JSON.parse(none.body.toString())).toMatchObject({ code: '1', data: '' });
    const stranger = [
      'gjgxjhpt_rid: 5c1d8a40-0f5e-4b1e-9a37-000000000000',
      'gjgxjhpt_sid: s_X4212020000000000_9004',
      `gjgxjhpt_rtime: ${department.core.now()}`,
      'gjgxjhpt_sign: x',
    ];
    const unknown = await sendRaw(department.url, Buffer.from(`${PATH}${stranger.join('\r\n')}\r\n\r\n`));
    expect(JSON.parse(unknown.body.toString())).toMatchObject({ code: 'E-106' });
  });

  it('takes rtime ten minutes off and not a second more', async () => {
    const body = { applicationNo: TO_SHENZHEN };
    const real = department.core.now;
    for (const [offMs, code] of [
      [599_000, '0'],
      [-599_000, '0'],
      [601_000, '-19'],
      [-601_000, '-19'],
    ] as const) {
      const shifted = { ...department, core: { ...department.core, now: () => real() + offMs } as never };
      expect((await call(shifted, 'LB04', body)).code).toBe(code);
    }
  });

  it('takes the refresh’s values from headers too', async () => {
    const golden = goldenCase('01').requestBody as Record<string, string>;
    const headers = Object.entries(golden).map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `POST /sysapi/auth/refreshappsecret HTTP/1.1\r\nHost: x\r\n${headers.join('')}Content-Length: 2\r\n\r\n{}`;
    const answer = await sendRaw(department.url, Buffer.from(request));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: '0' });
  });

  it('serves nothing else', async () => {
    const answer = await sendRaw(department.url, Buffer.from('GET /else HTTP/1.1\r\nHost: x\r\n\r\n'));
    expect(answer.startLine).toContain('404');
  });
});
