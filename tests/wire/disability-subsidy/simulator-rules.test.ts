import { describe, expect, it } from 'vitest';
import type { Population, SubsidySeed } from '../../../seeds/model.ts';
import { closeLater } from '../closing.ts';
import { type Department, startDepartment } from './department.ts';
import { goldenCase } from './golden-files.ts';
import {
  circumstances,
  FROM_SHENZHEN,
  LI,
  population,
  populationWithProgress,
  TO_SHENZHEN,
  ZHANG,
  ZHOU,
} from './population.ts';
import { call, type RawAnswer, refreshAll } from './raw-requests.ts';

/** The simulator's business rules, asked by hand: wire spec 3.0, 3.3 to 3.8 and the error catalogue. */
let department: Department;

async function open(people: Population): Promise<void> {
  department = closeLater(await startDepartment(people));
  await refreshAll(department);
}

const bodyOf = (number: string) => (goldenCase(number).requestBody as { body: Record<string, unknown> }).body;
const submit = (changes: Record<string, unknown> = {}): Promise<RawAnswer> =>
  call(department, 'LB03', { ...bodyOf('11'), ...changes });
const knowing = (other: Partial<SubsidySeed['circumstances'][number]>) =>
  population({ circumstances: [circumstances(ZHANG.idNumber, other), circumstances(ZHOU.idNumber)] });
const withCertificate = (other: Partial<SubsidySeed['certificates'][number]>) => {
  const { subsidy } = population();
  return population({
    certificates: subsidy.certificates.map((each) =>
      each.number === ZHANG.certificate ? { ...each, ...other } : each,
    ),
  });
};
const enrolled = (payDivision: string, subsidyType: string, state = '51') =>
  population({
    enrolments: [
      {
        idNumber: ZHANG.idNumber,
        subsidyType,
        payDivision,
        startMonth: '202201',
        endMonth: null,
        monthlyFen: 7_000,
        state,
      },
    ],
  });
const exclusions = { tekun: '0', orphan: '0', workInjuryNursing: '0', elderlyNursing: '0' };

describe('a submission', () => {
  it.each([
    ['LB2001', 'a frozen certificate', withCertificate({ status: '2' }), {}],
    ['LB2002', 'a hukou that the register has elsewhere', population(), { hukouDivision: '421202001000' }],
    [
      'LB2003',
      'a grade that the register has as 3',
      withCertificate({ grade: '3' }),
      {
        subsidyTypes: ['2'],
        certificate: { certNo: ZHANG.certificate, category: '4', grade: '3' },
      },
    ],
    ['LB2004', 'a household that the register does not know as 低保', knowing({ economicStatus: '0' }), {}],
    ['LB2004', 'a borderline household in Hubei', knowing({ economicStatus: '2' }), {}],
    [
      'LB2004',
      'its own word that it is no 低保 household',
      population(),
      {
        household: { hukouType: '1', economicStatus: '0', dibaoNo: null },
      },
    ],
    ['LB2005', 'special hardship by the register', knowing({ specialHardship: true }), {}],
    ['LB2005', 'work injury by its own word', population(), { exclusions: { ...exclusions, workInjuryNursing: '1' } }],
    ['LB2005', 'an orphan asking for the living subsidy', knowing({ orphan: true }), { subsidyTypes: ['1'] }],
    ['0', 'an orphan asking for the nursing subsidy', knowing({ orphan: true }), { subsidyTypes: ['2'] }],
    ['0', 'an elderly allowance, which is weighed later', knowing({ elderlyNursing: true }), {}],
    ['LB2006', 'the same subsidy drawn in another province', enrolled('440305000000', '1'), {}],
    ['LB2006', 'the same subsidy drawn here', enrolled('421202000000', '2'), {}],
    ['0', 'the other subsidy drawn elsewhere', enrolled('440305000000', '2'), { subsidyTypes: ['1'] }],
    ['0', 'a subsidy stopped elsewhere', enrolled('440305000000', '1', '52'), {}],
  ] as const)('is %s for %s', async (code, _what, people, changes) => {
    await open(people);
    expect((await submit(changes)).code).toBe(code);
  });

  it('is LB3001 with the number while another is open for the same type, and taken once that is withdrawn', async () => {
    await open(population());
    const first = await submit();
    const other = { clientSerialNo: 'another', subsidyTypes: ['2'] };
    expect(await submit(other)).toMatchObject({
      code: 'LB3001',
      data: { txCode: 'LB03', applicationNo: first.data.applicationNo },
    });
    await department.act('withdraw', { applicationNo: first.data.applicationNo });
    expect(await submit(other)).toMatchObject({ code: '0', data: { applicationNo: 'LB42120220221008000018' } });
    expect(department.core.ledger.map(({ kind }) => kind)).toEqual([
      'application-submitted',
      'withdrawn',
      'application-submitted',
    ]);
  });

  it('of the hukou township itself stays there; any other is passed on', async () => {
    await open(population());
    const own = await submit({ acceptDivision: '421202100000' });
    expect(own.data).toMatchObject({ status: '10', nextDivision: '421202000000' });
    expect((await submit({ acceptDivision: '421202100000' })).data).toMatchObject({ status: '10', duplicate: '1' });
    await call(department, 'LB03', bodyOf('13'));
    expect((await call(department, 'LB03', bodyOf('13'))).data).toMatchObject({ status: '20', duplicate: '1' });
  });

  it('may name the hukou by a wider level', async () => {
    await open(population());
    expect((await submit({ hukouDivision: '421202000000' })).code).toBe('0');
  });

  it('is judged by the rules of the hukou place', async () => {
    await open(population({ circumstances: [circumstances(ZHOU.idNumber, { economicStatus: '2' })] }));
    const household = { hukouType: '2', economicStatus: '2', dibaoNo: null };
    expect((await call(department, 'LB03', { ...bodyOf('13'), household })).code).toBe('0');
  });
});

describe('a decision', () => {
  const decide = (changes: Record<string, unknown>) => call(department, 'LB07', { ...bodyOf('21'), ...changes });
  const GRANT = { stage: '3', startMonth: '202210' };
  const reach = async (...stages: string[]) => {
    await open(populationWithProgress());
    for (const stage of stages) await department.act('review', { applicationNo: FROM_SHENZHEN, stage });
  };

  it('passes the first check through 21', async () => {
    await reach();
    expect((await decide({ stage: '1' })).data).toMatchObject({ status: '30' });
    const progress = await call(department, 'LB04', { applicationNo: FROM_SHENZHEN });
    expect((progress.data.steps as { status: string }[]).map(({ status }) => status)).toEqual(['21', '30']);
  });

  it.each([
    [[], '1', '12'],
    [['1'], '2', '32'],
    [['1', '2'], '3', '42'],
  ])('after %j refused at stage %s ends at %s', async (before, stage, status) => {
    await reach(...before);
    expect((await decide({ stage, decision: '2', subsidyTypes: [] })).data).toMatchObject({ status });
    expect((await decide({ stage, decision: '2', subsidyTypes: [] })).code).toBe('0');
    expect((await decide({ ...GRANT, stage, decision: '1' })).code).toBe('LB3002');
  });

  it('asks for a supplement, goes back to the stage that asked, and may ask again', async () => {
    await reach('1');
    const ask = { decision: '3', subsidyTypes: [] };
    expect((await decide(ask)).data).toMatchObject({ status: '11' });
    expect((await decide(ask)).data).toMatchObject({ status: '11' });
    expect((await decide({ decision: '1' })).code).toBe('LB3002');
    const supplement = (roundNo: string) =>
      call(department, 'LB05', { ...bodyOf('18'), applicationNo: FROM_SHENZHEN, roundNo });
    expect((await supplement('2')).code).toBe('LB1001');
    expect((await supplement('1')).data).toMatchObject({ status: '30' });
    expect((await supplement('2')).code).toBe('LB3002');
    expect((await decide(ask)).data).toMatchObject({ status: '11' });
    expect((await supplement('1')).data).toMatchObject({ status: '11' });
    expect((await supplement('2')).data).toMatchObject({ status: '30' });
    expect(department.core.ledger.map(({ kind }) => kind)).toEqual([
      ...['decided', 'decided', 'supplemented', 'decided', 'supplemented'],
    ]);
  });

  it.each([
    ['subsidyTypes', { subsidyTypes: ['1'] }],
    ['subsidyTypes', { subsidyTypes: [] }],
    ['subsidyTypes', { decision: '2', subsidyTypes: ['1'] }],
    ['startMonth', { startMonth: undefined }],
    ['startMonth', { startMonth: '202212' }],
  ])('must fit: %s for %j', async (field, changes) => {
    await reach('1', '2');
    const answer = await decide({ ...GRANT, ...changes });
    expect([answer.code, answer.message.split('：')[1]]).toEqual(['LB1001', field]);
  });

  it('may start the month after acceptance at the latest', async () => {
    await reach('1', '2');
    expect((await decide({ ...GRANT, startMonth: '202211' })).data).toMatchObject({ status: '50' });
  });

  it('goes on with what is left when one of two is rejected', async () => {
    await reach('1');
    const rejectedTypes = [{ subsidyType: '1', reasonCode: 'R03', reason: '不属于低保家庭' }];
    await decide({ subsidyTypes: ['2'], rejectedTypes });
    expect((await decide({ ...GRANT, subsidyTypes: ['1', '2'] })).code).toBe('LB1001');
    expect((await decide({ ...GRANT, subsidyTypes: ['2'] })).data).toMatchObject({ status: '50' });
    const { data } = await call(department, 'LB02', { idCard: LI.idNumber });
    expect(data.enrolments).toMatchObject([{ subsidyType: '2', state: '50', monthlyAmount: '100.00' }]);
  });

  it('of the stage that is due, for another district’s hukou, is LB1005', async () => {
    await reach();
    const answer = await decide({ applicationNo: TO_SHENZHEN, stage: '2', subsidyTypes: ['1'] });
    expect(answer.code).toBe('LB1005');
  });
});

describe('what waits for the hukou place', () => {
  it('is found by level, and each page goes on where the last ended', async () => {
    await open(population());
    const page = (changes: Record<string, unknown>) => call(department, 'LB06', { ...bodyOf('19'), ...changes });
    const numbers = ({ data }: RawAnswer) => (data.rows as { applicationNo: string }[]).map((row) => row.applicationNo);
    expect(numbers(await page({ pageNo: '2' }))).toEqual(['LB31011520221008000003']);
    expect(numbers(await page({ pageNo: '3' }))).toEqual([]);
    expect(numbers(await page({ hukouDivision: '421202003000' }))).toEqual([FROM_SHENZHEN]);
    expect(numbers(await page({ statusIn: ['60', '30'] }))).toEqual([]);
    expect((await page({ hukouDivision: '421203000000' })).code).toBe('LB1005');
  });
});

describe('the department’s acts', () => {
  it('pay a granted subsidy with its arrears, once a month, and it is being paid from then on', async () => {
    await open(populationWithProgress());
    for (const stage of ['1', '2', '3']) await department.act('review', { applicationNo: FROM_SHENZHEN, stage });
    department.core.setClock(Date.parse('2022-12-15T10:00:00+08:00') - Date.now());

    // Two subsidies from 202210: 70 and 100 yuan; the nursing one was paid to 202210 before.
    const run = { month: '202212', division: '421202' };
    expect(await department.act('pay-month', run)).toEqual({ paid: 2, failed: 0, amountFen: 41_000 });
    expect(await department.act('pay-month', run)).toEqual({ paid: 0, failed: 0, amountFen: 0 });
    const paid = department.core.ledger.filter(({ kind }) => kind === 'paid');
    expect(paid.map(({ amountFen, month }) => [amountFen, month])).toEqual([
      [21_000, '202212'],
      [20_000, '202212'],
    ]);
    expect(paid[0]?.reference).toMatch(/^42120220221215\d{6}$/);

    expect(await department.act('stop', { applicationNo: FROM_SHENZHEN, reason: '户籍迁出' })).toMatchObject({
      status: '52',
    });
    expect(await department.act('pay-month', { ...run, month: '202301' })).toMatchObject({ paid: 0 });
    expect(await department.act('resume', { applicationNo: FROM_SHENZHEN })).toMatchObject({ status: '51' });
  });

  it('pay what failed with the next month', async () => {
    await open(populationWithProgress());
    await department.act('pay-month', { month: '202211', idCard: ZHOU.idNumber, result: '2', failReason: '账户注销' });
    expect(department.core.ledger[0]).toMatchObject({ kind: 'payment-failed', subject: ZHOU.idNumber });
    expect(await department.act('pay-month', { month: '202212', idCard: ZHOU.idNumber })).toEqual({
      paid: 1,
      failed: 0,
      amountFen: 55_000,
    });
  });

  it('end payment with the certificate', async () => {
    await open(populationWithProgress());
    await department.act('lapse-certificate', { certNo: ZHOU.certificate, status: '3' });
    expect((await call(department, 'LB02', { idCard: ZHOU.idNumber })).data.enrolments).toMatchObject([
      { state: '52', endMonth: '202210' },
    ]);
    expect(department.core.ledger.map(({ kind }) => kind)).toEqual(['certificate-lapsed', 'stopped']);
  });

  it('move a hukou away, and file what its holder applies for elsewhere', async () => {
    await open(population());
    const who = { idCard: ZHANG.idNumber };
    expect(await department.act('apply-elsewhere', { ...who, division: '440305005000', subsidyTypes: ['1'] })).toEqual({
      applicationNo: expect.stringMatching(/^LB440305/),
      status: '10',
      duplicate: '0',
      nextDivision: '421202100000',
    });
    const pending = { hukouDivision: '421202000000', statusIn: ['20'], pageNo: '1', pageSize: '10' };
    const days = { updatedFrom: '2022-10-08 00:00:00', updatedTo: '2022-10-09 00:00:00' };
    const { rows } = (await call(department, 'LB06', { ...pending, ...days })).data;
    const filed = { idCard: ZHANG.idNumber, acceptDivision: '440305005000', subsidyTypes: ['1'] };
    expect(rows).toContainEqual(expect.objectContaining(filed));
    await department.act('move-hukou', { ...who, division: '440305005000' });
    expect((await call(department, 'LB01', { ...who, name: ZHANG.name })).data.hukouDivision).toBe('440305005000');
    expect(department.core.ledger.map(({ kind }) => kind)).toEqual(['application-submitted', 'hukou-moved']);
  });

  it.each([
    ['move-hukou', { idCard: '1', division: '440305005000' }, /idCard/],
    ['move-hukou', { idCard: ZHANG.idNumber, division: '440305' }, /division/],
    ['apply-elsewhere', { idCard: ZHANG.idNumber, division: '440305005000', subsidyTypes: ['3'] }, /subsidyTypes/],
    ['review', { applicationNo: 'LB1' }, /applicationNo/],
    ['review', { applicationNo: TO_SHENZHEN, stage: '3' }, /LB3002/],
    ['review', { applicationNo: TO_SHENZHEN, subsidyTypes: ['2'] }, /subsidyTypes/],
    ['withdraw', { applicationNo: TO_SHENZHEN }, /LB3002/],
    ['stop', { applicationNo: TO_SHENZHEN }, /status 30/],
    ['resume', { applicationNo: TO_SHENZHEN }, /status 30/],
    ['pay-month', { month: '2022-10' }, /month/],
    ['lapse-certificate', { certNo: '1' }, /certNo/],
    ['set-grant', { standing: 'maybe' }, /standing/],
    ['set-secret-lifetime', { ms: -1 }, /ms/],
    ['maintain', { until: 'later' }, /until/],
  ])('%s refuses %j', async (kind, parameters, message) => {
    await open(populationWithProgress());
    await expect(department.act(kind, parameters)).rejects.toThrow(message);
    expect(department.core.ledger).toEqual([]);
  });

  it('are all undone by a reset', async () => {
    await open(populationWithProgress());
    await call(department, 'LB03', bodyOf('11'));
    await department.act('lapse-certificate', { certNo: ZHOU.certificate });
    await department.act('set-grant', { standing: 'refused' });
    await department.act('maintain', { until: '2022-10-09 00:00:00' });
    department.department.reset();
    await refreshAll(department);
    expect((await call(department, 'LB03', bodyOf('11'))).data).toMatchObject({
      applicationNo: 'LB42120220221008000019',
      duplicate: '0',
    });
    expect((await call(department, 'LB02', { idCard: ZHOU.idNumber })).data.enrolments).toMatchObject([
      { state: '51' },
    ]);
  });
});
