import { beforeEach, describe, expect, it } from 'vitest';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import type { SubsidyApplication } from '../../../adapters/disability-subsidy/records.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { closeLater } from '../closing.ts';
import { clientOf, type Department, startDepartment } from './department.ts';
import {
  AT_HOME,
  AUTUMN_PAYMENTS,
  AWAY,
  CIVIL_AFFAIRS_GRANT,
  FEDERATION_PASSES,
  PENDING,
  SUPPLEMENT,
} from './inputs.ts';
import { FROM_SHENZHEN, LI, populationWithProgress, TO_SHENZHEN, ZHANG, ZHOU } from './population.ts';

let department: Department;
let client: DisabilitySubsidyClient;
let calls: CallRecord[];

beforeEach(async () => {
  department = closeLater(await startDepartment(populationWithProgress()));
  calls = [];
  client = clientOf(department, {}, { observer: (record) => calls.push(record) });
});

describe('reading', () => {
  it('gives a certificate as it stands now', async () => {
    expect(await client.verifyCertificate(ZHANG)).toMatchObject({
      number: ZHANG.certificate,
      category: '4',
      status: '1',
    });
    await department.act('lapse-certificate', { certNo: ZHANG.certificate });
    expect(await client.verifyCertificate(ZHANG)).toMatchObject({ number: ZHANG.certificate, status: '4' });
  });

  it('gives null where name, number and certificate do not match', async () => {
    expect(await client.verifyCertificate({ name: '张三', idNumber: ZHANG.idNumber })).toBeNull();
    const reissued = `${ZHANG.certificate}B1`;
    expect(await client.verifyCertificate({ ...ZHANG, certificateNumber: reissued })).toBeNull();
  });

  it('gives the enrolments of the whole country in fen', async () => {
    expect(await client.enrolments(ZHOU.idNumber)).toEqual([
      expect.objectContaining({ payDivision: '440305000000', monthlyFen: 27_500, endMonth: null }),
    ]);
    expect(await client.enrolments(LI.idNumber)).toEqual([]);
  });

  it('gives progress with its steps, and null for a number nobody has', async () => {
    const progress = await client.application(TO_SHENZHEN);
    expect(progress?.steps.map(({ sequence, status }) => [sequence, status])).toEqual([
      [1, '10'],
      [2, '20'],
      [3, '30'],
    ]);
    expect(await client.application('LB42120220221008999999')).toBeNull();
  });

  it('gives payments with their arrears apart', async () => {
    const rows = await client.payments(AUTUMN_PAYMENTS);
    expect(rows.map(({ month, amountFen, arrearsFen, result }) => [month, amountFen, arrearsFen, result])).toEqual([
      ['202208', 10_000, 0, '1'],
      ['202209', 10_000, 0, '2'],
      ['202210', 10_000, 10_000, '1'],
    ]);
  });

  it('pages through what waits for the hukou place, oldest first', async () => {
    const first = await client.pendingForHukou(PENDING);
    const second = await client.pendingForHukou({ ...PENDING, page: 2 });
    expect([first.total, second.total]).toEqual([3, 3]);
    const numbers = [...first.rows, ...second.rows].map(({ number }) => number);
    expect(numbers).toEqual(['LB33010620221006000231', FROM_SHENZHEN, 'LB31011520221008000003']);
  });

  it('tells the observer of every call, the renewal of the secret among them, without personal data', async () => {
    await client.enrolments(ZHOU.idNumber);
    expect(calls.map(({ transaction, mode, outcome }) => [transaction, mode, outcome])).toEqual([
      ['refreshappsecret', 'read', 'OK'],
      ['LB02', 'read', 'OK'],
    ]);
    expect(calls[1]?.reference).toMatch(/^42120220221008\d{6}$/);
    expect(JSON.stringify(calls)).not.toContain(ZHOU.idNumber);
  });

  it('numbers every message of the day anew', async () => {
    await client.enrolments(ZHOU.idNumber);
    await client.enrolments(ZHOU.idNumber);
    await client.application(TO_SHENZHEN);
    const references = calls
      .filter(({ transaction }) => transaction.startsWith('LB'))
      .map(({ reference }) => reference);
    expect(references).toEqual(['000001', '000002', '000003'].map((count) => `42120220221008${count}`));
  });
});

describe('writing', () => {
  it('files an application once, however often it is filed with the same serial', async () => {
    const first = await client.submitApplication(AT_HOME);
    const second = await client.submitApplication(AT_HOME);
    expect(first).toMatchObject({ status: '10', duplicate: false, nextDivision: '421202100000' });
    expect(second).toMatchObject({ number: first.number, duplicate: true });
    expect(department.core.ledger).toEqual([
      expect.objectContaining({ kind: 'application-submitted', reference: first.number, subject: ZHANG.idNumber }),
    ]);
  });

  it('supplements once a round', async () => {
    await department.act('ask-supplement', { applicationNo: TO_SHENZHEN, opinion: '缺低保证明' });
    expect((await client.application(TO_SHENZHEN))?.status).toBe('11');
    expect(await client.supplement(SUPPLEMENT)).toEqual({ number: TO_SHENZHEN, status: '30' });
    expect(await client.supplement(SUPPLEMENT)).toEqual({ number: TO_SHENZHEN, status: '30' });
    expect(department.core.ledger.filter(({ kind }) => kind === 'supplemented')).toHaveLength(1);
  });

  it('decides stage by stage, and the granted subsidy can then be drawn', async () => {
    const firstCheck = { ...FEDERATION_PASSES, stage: '1', opinion: '初审通过' };
    expect((await client.decide(firstCheck)).status).toBe('30');
    expect((await client.decide(FEDERATION_PASSES)).status).toBe('40');
    expect((await client.decide(CIVIL_AFFAIRS_GRANT)).status).toBe('50');
    expect(await client.enrolments(LI.idNumber)).toEqual([
      {
        subsidyType: '2',
        payDivision: '421202000000',
        startMonth: '202210',
        endMonth: null,
        monthlyFen: 10_000,
        state: '50',
      },
    ]);
    const progress = await client.application(FROM_SHENZHEN);
    expect(progress?.steps.map(({ status, handler }) => [status, handler])).toEqual([
      ['21', '赵某'],
      ['30', '赵某'],
      ['40', '赵某'],
      ['50', '孙某'],
    ]);
  });

  it('passes on that a finished stage takes no other decision', async () => {
    await client.decide({ ...FEDERATION_PASSES, stage: '1' });
    expect(await client.decide({ ...FEDERATION_PASSES, stage: '1' })).toMatchObject({ status: '30' });
    const refusal = client.decide({ ...FEDERATION_PASSES, stage: '1', decision: '2', subsidyTypes: [] });
    await expect(refusal).rejects.toMatchObject({ code: 'DEPARTMENT_REJECTED', details: { departmentCode: 'LB3002' } });
  });

  it('names the open application where there is one', async () => {
    const first = await client.submitApplication(AT_HOME);
    const error = await failure(client.submitApplication({ ...AT_HOME, clientSerial: 'another' }));
    expect(error.details).toMatchObject({ departmentCode: 'LB3001', reference: first.number });
    expect(error.message).toContain(first.number);
  });

  it('says FORBIDDEN where the district has no right', async () => {
    const elsewhere = { ...PENDING, hukouDivision: '440305000000' };
    await expect(client.pendingForHukou(elsewhere)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { departmentCode: 'LB1005' },
    });
  });

  it('keeps still until the time that maintenance names', async () => {
    await department.act('maintain', { until: '2022-10-08 12:30:00' });
    const error = await failure(client.application(TO_SHENZHEN));
    expect(error).toMatchObject({ code: 'DEPARTMENT_BUSY', details: { departmentCode: 'LB9001' } });
    expect(error.details.retryAfterMs).toBeGreaterThan(2.9 * 3_600_000);
    expect(error.details.retryAfterMs).toBeLessThanOrEqual(3 * 3_600_000);
    await failure(client.enrolments(ZHOU.idNumber));
    expect(department.core.calls.calls.LB02).toBeUndefined();

    await department.act('maintain');
    department.setTime(Date.parse('2022-10-08T12:30:01+08:00'));
    expect(await client.application(TO_SHENZHEN)).not.toBeNull();
  });
});

describe('input that the wire would not take', () => {
  const cases: readonly [field: string, call: (client: DisabilitySubsidyClient) => Promise<unknown>][] = [
    ['idNumber', (it) => it.verifyCertificate({ name: '张惠兰', idNumber: '421202197803159927' })],
    ['certificateNumber', (it) => it.verifyCertificate({ ...ZHANG, certificateNumber: ZHANG.idNumber })],
    ['idNumber', (it) => it.enrolments('not a number')],
    ['number', (it) => it.application('LB1')],
    ['to', (it) => it.payments({ idNumber: LI.idNumber, from: '202001', to: '202201' })],
    ['from', (it) => it.payments({ idNumber: LI.idNumber, from: '202013', to: '202201' })],
    ['pageSize', (it) => it.pendingForHukou({ ...PENDING, pageSize: 101 })],
    ['updatedTo', (it) => it.pendingForHukou({ ...PENDING, updatedFrom: '2022-09-01 00:00:00' })],
    ['startMonth', (it) => it.decide({ ...CIVIL_AFFAIRS_GRANT, startMonth: undefined })],
    ['subsidyTypes', (it) => it.decide({ ...FEDERATION_PASSES, decision: '2' })],
    ['materials', (it) => it.supplement({ ...SUPPLEMENT, materials: [] })],
    ['round', (it) => it.supplement({ ...SUPPLEMENT, round: 0 })],
    ['clientSerial', submitting({ clientSerial: 'x'.repeat(41) })],
    ['subsidyTypes', submitting({ subsidyTypes: [] })],
    ['subsidyTypes', submitting({ subsidyTypes: ['1', '1'] })],
    ['acceptDivision', submitting({ acceptDivision: '440305001000' })],
    ['bank.account', submitting({ bank: { ...AT_HOME.bank, account: '6217002870001234565' } })],
    ['certificate.number', submitting({ certificate: AWAY.certificate })],
    ['household.dibaoNumber', submitting({ household: { ...AT_HOME.household, dibaoNumber: null } })],
    ['materials.0.code', submitting({ materials: [{ code: '99', name: 'x', form: '1', fileId: 'f' }] })],
  ];

  it.each(cases)('is INVALID_INPUT at %s and never sent', async (field, call) => {
    const error = await failure(call(client));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field } });
    expect(error.message).not.toMatch(/\d{15}/);
    expect(department.core.calls.total).toBe(0);
  });

  function submitting(other: Partial<SubsidyApplication>) {
    return (it: DisabilitySubsidyClient) => it.submitApplication({ ...AT_HOME, ...other });
  }
});

async function failure(promise: Promise<unknown>): Promise<CasegraphError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(CasegraphError);
    return error as CasegraphError;
  }
  throw new Error('it did not fail');
}
