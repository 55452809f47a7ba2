import { HttpResponse, http, type RequestHandler } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { CATALOGUE } from '../../../adapters/disability-subsidy/errors.ts';
import type { CasegraphError } from '../../../adapters/transport/errors.ts';
import { closeLater } from '../closing.ts';
import { mswLoopback } from '../msw-loopback.ts';
import { clientOf, GOLDEN_START } from './department.ts';
import { goldenJson, INDEX } from './golden-files.ts';
import { AT_HOME, AUTUMN_PAYMENTS, FEDERATION_PASSES, PENDING, SUPPLEMENT } from './inputs.ts';
import { TO_SHENZHEN, ZHANG, ZHOU } from './population.ts';

/** The exchange played by msw handlers behind a real loopback listener. */
let handlers: RequestHandler[];
let client: DisabilitySubsidyClient;
let asked: Record<string, unknown>[];

const WRAPPED = Object.fromEntries(
  goldenJson<{ vectors: { appKey: string; wrappedSecret: string }[] }>('secret-unwrap-vectors.json').vectors.map(
    ({ appKey, wrappedSecret }) => [appKey, wrappedSecret],
  ),
);

const refreshing = http.post('*/sysapi/auth/refreshappsecret', async ({ request }) => {
  const { gjgxjhpt_sid: sid } = (await request.json()) as { gjgxjhpt_sid: string };
  return HttpResponse.json({
    code: '0',
    message: '成功',
    data: { secret: WRAPPED[INDEX.appKeys[sid] ?? ''], secretEndTime: '1665244799000' },
  });
});

beforeEach(async () => {
  handlers = [refreshing];
  asked = [];
  const { url } = closeLater(await mswLoopback(handlers));
  client = clientOf(
    { url, core: { now: () => GOLDEN_START } as never },
    { line: { retry: { backoffMs: 1 }, breaker: { failures: 100 } } },
  );
});

/** Answers business calls with what is made of the request's head; the echo is added to `data` objects. */
function business(make: (head: Record<string, string>, count: number) => unknown): void {
  handlers.push(
    http.post('*/httpproxy', async ({ request }) => {
      const message = (await request.json()) as { head: Record<string, string> };
      asked.push(message);
      const made = make(message.head, asked.length);
      return made instanceof Response ? made : HttpResponse.json(made as object);
    }),
  );
}

function success(data: Record<string, unknown>) {
  return (head: Record<string, string>) => ({
    code: '0',
    message: '成功',
    data: { txCode: head.txCode, serialNo: head.serialNo, ...data },
  });
}

const refusing = (code: unknown, message = '', data: unknown = '') => business(() => ({ code, message, data }));

describe('an answer outside the protocol', () => {
  const CERTIFICATE = {
    matched: '1',
    certNo: ZHANG.certificate,
    category: '4',
    grade: '2',
    certStatus: '1',
    firstIssueDate: '2012-05-16',
    issueDate: '2022-03-02',
    validTo: '2032-03-01',
    hukouDivision: '421202100000',
  };
  const STEP = { seq: '1', status: '10', division: '421202003000', dept: '', handler: '', time: '2022-10-08 09:44:10' };
  const PROGRESS = {
    applicationNo: TO_SHENZHEN,
    status: '30',
    statusName: '残联审核中',
    subsidyTypes: ['1'],
    steps: [STEP],
  };
  const PAYMENT = {
    payNo: '42120220220815000311',
    subsidyType: '2',
    month: '202208',
    amount: '100.00',
    arrears: '0.00',
    payDate: null,
    accountNo: '6217***********4320',
    result: '0',
  };
  const ENROLMENT = {
    subsidyType: '2',
    payDivision: '440305000000',
    startMonth: '202101',
    monthlyAmount: '275.00',
    state: '51',
  };
  const ROW = {
    applicationNo: TO_SHENZHEN,
    acceptDivision: '421202003000',
    name: '周秀英',
    idCard: ZHOU.idNumber,
    certNo: ZHOU.certificate,
    subsidyTypes: ['1'],
    status: '20',
    updatedAt: '2022-10-06 15:20:00',
  };
  const PAGE = { total: '1', pageNo: '1', pageSize: '2', rows: [ROW] };

  const verify = (it: DisabilitySubsidyClient) => it.verifyCertificate(ZHANG);
  const progress = (it: DisabilitySubsidyClient) => it.application(TO_SHENZHEN);
  const payments = (it: DisabilitySubsidyClient) => it.payments(AUTUMN_PAYMENTS);
  const enrolments = (it: DisabilitySubsidyClient) => it.enrolments(ZHOU.idNumber);
  const pending = (it: DisabilitySubsidyClient) => it.pendingForHukou(PENDING);

  const wrong: readonly [
    field: string,
    data: Record<string, unknown>,
    call: (it: DisabilitySubsidyClient) => Promise<unknown>,
  ][] = [
    ['data.matched', {}, verify],
    ['data.matched', { matched: 1 }, verify],
    ['data.grade', { ...CERTIFICATE, grade: '5' }, verify],
    ['data.validTo', { ...CERTIFICATE, validTo: '2032-02-30' }, verify],
    ['data.certNo', { ...CERTIFICATE, certNo: ZHOU.certificate }, verify],
    ['data.guardian.name', { ...CERTIFICATE, guardian: { relation: '父母', phone: '1' } }, verify],
    ['data.subCategories.0.grade', { ...CERTIFICATE, subCategories: [{ category: '4' }] }, verify],
    ['data.steps', { ...PROGRESS, steps: null }, progress],
    ['data.steps.0.time', { ...PROGRESS, steps: [{ ...STEP, time: '2022-10-08' }] }, progress],
    ['data.status', { ...PROGRESS, status: '99' }, progress],
    ['data.applicationNo', { ...PROGRESS, applicationNo: 'LB42120220221008000019' }, progress],
    ['data.rows.0.amount', { rows: [{ ...PAYMENT, amount: '100' }] }, payments],
    ['data.rows.0.arrears', { rows: [{ ...PAYMENT, arrears: 0 }] }, payments],
    ['data.rows.0.accountNo', { rows: [{ ...PAYMENT, accountNo: '6217995270007654320' }] }, payments],
    ['data.enrolments.0.monthlyAmount', { enrolments: [{ ...ENROLMENT, monthlyAmount: '1e3' }] }, enrolments],
    ['data.enrolments.0.state', { enrolments: [{ ...ENROLMENT, state: '10' }] }, enrolments],
    ['data.total', { ...PAGE, total: 'many' }, pending],
    ['data.rows.0.idCard', { ...PAGE, rows: [{ ...ROW, idCard: '440305198206099960' }] }, pending],
    ['data.serialNo', { ...PROGRESS, serialNo: '42120220221008999999' }, progress],
    ['data.txCode', { ...PROGRESS, txCode: 'LB08' }, progress],
  ];

  it.each(wrong)('is DEPARTMENT_PROTOCOL at %s', async (field, data, call) => {
    business(success(data));
    const error = (await call(client).catch((caught: unknown) => caught)) as CasegraphError;
    expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', details: { field, department: 'disability-subsidy' } });
    expect(error.details.reference).toMatch(/^42120220221008\d{6}$/);
    expect(error.message).not.toMatch(/\d{15}/);
  });

  it('takes unknown members, absent optional ones and number codes', async () => {
    business((head) => ({ ...success({ ...CERTIFICATE, more: { than: 'known' } })(head), code: 0, traceId: 'x' }));
    expect(await client.verifyCertificate(ZHANG)).toMatchObject({ guardian: null, subCategories: [] });
  });

  it('leaves a write’s outcome unknown and still names the field', async () => {
    business(success({ applicationNo: 'LB42120220221008000017', status: '10', duplicate: '0' }));
    await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'data.nextDivision' },
    });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['an HTML page with status 200', () => HttpResponse.html('<html>网关错误</html>')],
    ['an empty body', () => new HttpResponse('')],
    ['broken JSON', () => new HttpResponse('{"code":"0","data":')],
    ['a JSON array', () => HttpResponse.json([])],
    ['no code', () => HttpResponse.json({ message: '', data: {} })],
  ])('is DEPARTMENT_PROTOCOL for %s', async (_what, make) => {
    business(make);
    await expect(client.application(TO_SHENZHEN)).rejects.toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
  });

  it('tries again when HTML, nothing or another status came, and takes the next good answer', async () => {
    business((head, count) => {
      if (count === 1) return HttpResponse.html('<html></html>');
      if (count === 2) return new HttpResponse('', { status: 502 });
      return success(PROGRESS)(head);
    });
    expect(await client.application(TO_SHENZHEN)).toMatchObject({ number: TO_SHENZHEN });
  });
});

describe('a refusal of the exchange', () => {
  const codes = Object.keys(CATALOGUE).filter((code) => !code.startsWith('LB'));

  it.each(codes)('%s is what the catalogue says, for a read', async (code) => {
    refusing(code, '网关原文');
    const error = (await client.application(TO_SHENZHEN).catch((caught: unknown) => caught)) as CasegraphError;
    expect(error).toMatchObject({ code: CATALOGUE[code]?.code, details: { departmentCode: code } });
    expect(error.message).not.toContain('网关原文');
  });

  it.each(['2010', '10000', '10014', '12000'])(
    '%s is tried three times by a read and leaves a write unknown',
    async (code) => {
      refusing(code);
      await expect(client.application(TO_SHENZHEN)).rejects.toMatchObject({ details: { departmentCode: code } });
      expect(asked).toHaveLength(3);
      await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        details: { departmentCode: code },
      });
      expect(asked).toHaveLength(5);
    },
  );

  it('in no list is DEPARTMENT_PROTOCOL for a read and unknown for a write', async () => {
    refusing('77777');
    await expect(client.application(TO_SHENZHEN)).rejects.toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'code' },
    });
    await expect(client.supplement(SUPPLEMENT)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  it.each([
    ['12102', 30 * 60_000],
    ['12103', 14.5 * 3_600_000],
    ['12104', 14.5 * 3_600_000],
  ])('%s holds the service still until its window ends', async (code, waitMs) => {
    refusing(code);
    for (let round = 0; round < 2; round += 1) {
      await expect(client.application(TO_SHENZHEN)).rejects.toMatchObject({
        code: 'DEPARTMENT_BUSY',
        details: { departmentCode: code, retryAfterMs: waitMs },
      });
    }
    expect(asked).toHaveLength(1);
  });

  it.each(['-2', '-51'])('%s holds the whole line still', async (code) => {
    refusing(code);
    await expect(client.application(TO_SHENZHEN)).rejects.toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    await expect(client.enrolments(ZHOU.idNumber)).rejects.toMatchObject({ details: { departmentCode: code } });
    expect(asked).toHaveLength(1);
  });

  it('-19 is signed once more with a fresh time', async () => {
    business((head, count) =>
      count === 1
        ? { code: '-19', message: 'rtime超时', data: '' }
        : success({ applicationNo: SUPPLEMENT.number, status: '30' })(head),
    );
    expect(await client.supplement(SUPPLEMENT)).toMatchObject({ status: '30' });
    expect(asked).toHaveLength(2);
  });

  it('-30 of a refresh is tried three times', async () => {
    let refreshes = 0;
    handlers.unshift(
      http.post('*/sysapi/auth/refreshappsecret', () => {
        refreshes += 1;
        return refreshes < 3 ? HttpResponse.json({ code: '-30', message: '', data: '' }) : undefined;
      }),
    );
    business(success({ enrolments: [] }));
    expect(await client.enrolments(ZHOU.idNumber)).toEqual([]);
    expect(refreshes).toBe(3);
  });
});

describe('a refusal of the business system', () => {
  it('passes its words on without personal data', async () => {
    const words = `${ZHANG.name}（${ZHANG.idNumber}，证号${ZHANG.certificate}，电话13800000000，卡6217002870001234564）不符合，另见13912345678`;
    refusing('LB2004', words, { txCode: 'LB03', serialNo: '42120220221008000001' });
    const error = (await client.submitApplication(AT_HOME).catch((caught: unknown) => caught)) as CasegraphError;
    expect(error).toMatchObject({ code: 'DEPARTMENT_REJECTED', details: { departmentCode: 'LB2004' } });
    expect(error.detail).toBe(
      '张**（421202**********26，证号421202**********2642，电话138****0000，卡6217***********4564）不符合，另见139****5678',
    );
  });

  it('names the field of LB1001', async () => {
    refusing('LB1001', '字段缺失或格式错误：applicant.phone', { txCode: 'LB03', serialNo: '1' });
    await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: 'LB1001', field: 'applicant.phone' },
    });
  });

  it('of a code not yet listed is passed on like the others', async () => {
    refusing('LB2099', '其他原因');
    await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: '其他原因',
    });
  });

  it('LB1004 is null for a reader and NOT_FOUND for a decision', async () => {
    refusing('LB1004', '申请不存在');
    expect(await client.application(TO_SHENZHEN)).toBeNull();
    await expect(client.decide(FEDERATION_PASSES)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('LB9001 without a time holds nothing still', async () => {
    refusing('LB9001', '系统维护中');
    for (let round = 0; round < 2; round += 1) {
      const error = (await client.application(TO_SHENZHEN).catch((caught: unknown) => caught)) as CasegraphError;
      expect([error.code, error.details.retryAfterMs]).toEqual(['DEPARTMENT_BUSY', undefined]);
    }
    expect(asked).toHaveLength(2);
  });

  it('LB9001 after a write of unknown outcome tells nothing of the write', async () => {
    business((_head, count) =>
      count === 1 ? new HttpResponse('', { status: 502 }) : { code: 'LB9001', message: '系统维护中', data: {} },
    );
    await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  it('after a write of unknown outcome tells that the write was not done', async () => {
    business((_head, count) =>
      count === 1 ? new HttpResponse('', { status: 502 }) : { code: 'LB2006', message: '已在其他地区享受', data: {} },
    );
    await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({ code: 'DEPARTMENT_REJECTED' });
  });
});
