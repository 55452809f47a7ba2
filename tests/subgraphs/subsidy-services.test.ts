import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHEN, LI, SUN, XIONG, ZHANG, ZHOU } from './fixture/people.ts';
import type { Answer } from './fixture/running-subgraph.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';
import {
  APPLICANTS,
  CHILD,
  CIRCUMSTANCES,
  type Desk,
  FROM_ELSEWHERE,
  FROM_SHENZHEN,
  formOf,
  LONG_NAME,
  material,
  OF_ANOTHER,
  OF_OTHERS,
  openDesk,
  SERVICE,
} from './fixture/subsidy-desk.ts';

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});

afterEach(() => desk.core.reset());

afterAll(() => desk.close());

coversPartOfItsSchema(() => desk.subsidy, SERVICE);

const refusal = ({ errors }: Answer) => {
  expect(errors).toHaveLength(1);
  const [error] = errors ?? [];
  const { code, field } = error?.extensions ?? {};
  return { code, field };
};
const NEXT_MONTH = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);

describe('eligibility', () => {
  const ask = async (applicant: typeof ZHANG, over: object = {}, circumstances: object = {}) => {
    const caseId = await desk.newCase(applicant);
    const { data, errors } = await desk.subsidy.ask(
      `query ($input: SubsidyEligibilityInput!) { subsidyEligibility(input: $input) {
        certificate { number } month decidedBy
        living { eligible monthlyAmount reasons { code text } } nursing { eligible monthlyAmount reasons { code text } }
      } }`,
      { input: { caseId, circumstances: { ...CIRCUMSTANCES, ...circumstances }, ...over } },
    );
    expect(errors).toBeUndefined();
    return data.subsidyEligibility;
  };
  const codes = ({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code);

  it('is judged by certificate, circumstances and month, with the rates of Hubei', async () => {
    expect(await ask(ZHANG, { month: '2026-03' })).toEqual({
      certificate: { number: `${ZHANG.idNumber}42` },
      month: '2026-03',
      decidedBy: '421202000000',
      living: { eligible: true, monthlyAmount: 11_000, reasons: [] },
      nursing: { eligible: true, monthlyAmount: 12_500, reasons: [] },
    });
    const in2022 = await ask(ZHANG, { month: '2022-10' });
    expect([in2022.living.monthlyAmount, in2022.nursing.monthlyAmount]).toEqual([7_000, 10_000]);
  });

  it('tells every reason against each subsidy, in words too', async () => {
    const found = await ask(CHEN, {}, { economicStatus: 'NONE', needsLongTermCare: false, orphan: true });
    expect(codes(found.living)).toEqual(['NOT_IN_HARDSHIP', 'ORPHAN_SUPPORT']);
    expect(codes(found.nursing)).toEqual(['GRADE_NOT_SEVERE', 'NO_CARE_NEEDED']);
    expect(found.nursing).toMatchObject({ eligible: false, monthlyAmount: null });
    expect(found.nursing.reasons[0]).toEqual({ code: 'GRADE_NOT_SEVERE', text: '残疾等级不符合' });
  });

  it('is not there with a dead certificate, nor with none', async () => {
    const [expired, none] = await Promise.all([ask(LI), ask({ ...ZHANG, name: '张惠芳' })]);
    expect(expired.living.reasons).toEqual([{ code: 'CERTIFICATE_NOT_VALID', text: '残疾人证已过期' }]);
    expect(none).toMatchObject({ certificate: null, decidedBy: null, living: { eligible: false } });
    expect(codes(none.nursing)).toEqual(['CERTIFICATE_NOT_VALID']);
  });

  it('is not there for what is drawn already, here or elsewhere', async () => {
    const { living, nursing } = await ask(XIONG);
    expect(living.reasons).toEqual([{ code: 'DRAWN_ALREADY', text: '已在其他地区享受' }]);
    expect(nursing.reasons).toEqual([{ code: 'DRAWN_ALREADY', text: '已在户籍地享受该项补贴' }]);
  });

  it('of someone registered in another province hangs on that place’s rules, unless something bars it everywhere', async () => {
    const open = await ask(FROM_SHENZHEN);
    expect(open).toMatchObject({
      decidedBy: '440305000000',
      living: { eligible: null, monthlyAmount: null, reasons: [] },
      nursing: { eligible: null, monthlyAmount: null, reasons: [] },
    });
    const barred = await ask(FROM_SHENZHEN, {}, { specialHardship: true });
    expect([barred.living.eligible, codes(barred.nursing)]).toEqual([false, ['SPECIAL_HARDSHIP_SUPPORT']]);
  });

  it('sees that the hukou told is not the certificate’s', async () => {
    const { living } = await ask(ZHANG, { hukouDivision: '440305005000', certificateNumber: `${ZHANG.idNumber}42` });
    expect(codes(living)).toEqual(['HUKOU_DIFFERS']);
  });
});

describe('an application', () => {
  it('at the hukou township is filed once, tied to the case and told to it', async () => {
    const caseId = await desk.newCase(ZHANG);
    const { data, errors } = await desk.apply(caseId);
    expect(errors).toBeUndefined();
    const { number, submission, case: of, application } = data.applyForSubsidy;
    expect(number).toMatch(/^LB421202\d{14}$/);
    expect(of).toEqual({ id: caseId });
    expect(application).toEqual({ number, status: 'ACCEPTED', types: ['LIVING', 'NURSING'] });
    expect(await desk.submissionState(submission.id)).toBe('done');
    expect(desk.ledger(number)).toEqual(['application-submitted']);
    expect((await desk.store.registry.references([caseId])).get(caseId)).toEqual([
      { system: 'disability-subsidy', kind: 'subsidy-application', reference: number, values: {} },
    ]);
    expect(await desk.told(caseId)).toEqual([
      { caseId, kind: 'subsidy-submitted', at: expect.any(Number), operator: 'clerk-100' },
    ]);
  });

  it('goes from the township over the federation to civil affairs and the first payment; the case is told each, once', async () => {
    const caseId = await desk.newCase(LONG_NAME);
    const bank = { ...formOf(caseId).bank, accountName: LONG_NAME.name };
    const number = await desk.applied(caseId, { bank });
    await desk.reviewed(caseId, 'reviewer-100', { opinion: '初审通过' });
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-reviewed']);
    await desk.reviewed(caseId, 'federation', { opinion: '残联同意' });
    await desk.reviewed(caseId, 'civil-affairs', { opinion: '准予发放', startMonth: NEXT_MONTH() });
    const approved = ['subsidy-submitted', 'subsidy-reviewed', 'subsidy-reviewed', 'subsidy-approved'];
    await desk.follows(caseId, approved);
    desk.act('pay-month', { month: NEXT_MONTH().replace('-', ''), idCard: LONG_NAME.idNumber });
    await desk.follows(caseId, [...approved, 'subsidy-paid']);
    expect((await desk.told(caseId)).map(({ operator, explanation }) => [operator, explanation])).toEqual([
      ['clerk-100', undefined],
      ['reviewer-100', '初审通过'],
      ['federation', '残联同意'],
      ['civil-affairs', '准予发放'],
      [null, '首次发放'],
    ]);
    expect(desk.ledger(number)).toEqual(['application-submitted', 'decided', 'decided', 'decided']);
    expect(await desk.store.followed.byReference('disability-subsidy', number)).toBeUndefined();
    expect(await desk.store.tasks.count('subsidy')).toMatchObject({ stuck: 0 });
  });

  it('of a minor is made by the guardian, to whose account it may be paid', async () => {
    const caseId = await desk.newCase(CHILD);
    const without = await desk.apply(caseId, { bank: { ...formOf(caseId).bank, accountName: ZHANG.name } });
    expect(refusal(without)).toEqual({ code: 'INVALID_INPUT', field: 'input.agent' });
    const agent = { name: ZHANG.name, idNumber: ZHANG.idNumber, relation: '母子', phone: '13900001234' };
    const young = await desk.apply(caseId, { agent: { ...agent, idNumber: '421202201409150025' } });
    expect(refusal(young).field).toBe('input.agent.idNumber');
    await desk.applied(caseId, { agent });
  });

  it('may be made again after the system refused it', async () => {
    const caseId = await desk.newCase({ ...SUN, hukouDivision: '421202100000' });
    const form = { bank: { ...formOf(caseId).bank, accountName: SUN.name } };
    // 孙䶮 has one that waits for us from elsewhere: only the system knows.
    const { errors } = await desk.apply(caseId, form);
    expect(errors).toMatchObject([
      { extensions: { code: 'DEPARTMENT_REJECTED', departmentCode: 'LB3001', reference: FROM_ELSEWHERE } },
    ]);
    expect(await desk.events(caseId)).toEqual([]);
    expect((await desk.apply(caseId, form)).errors).toMatchObject([{ extensions: { departmentCode: 'LB3001' } }]);
  });

  it.each<[string, object, string]>([
    ['no subsidy', { types: [] }, 'input.types'],
    ['a subsidy twice', { types: ['LIVING', 'LIVING'] }, 'input.types'],
    ['another’s certificate', { certificateNumber: `${LI.idNumber}42` }, 'input.certificateNumber'],
    ['a residence that is a whole district', { residenceDivision: '421202' }, 'input.residenceDivision'],
    ['a hukou that is a whole province', { hukouDivision: '420000' }, 'input.hukouDivision'],
    ['a hukou in another district than the certificate’s', { hukouDivision: '440305005000' }, 'input.types.0'],
    ['no name of the nation', { nation: 'Han' }, 'input.nation'],
    ['a phone that is none', { phone: '电话' }, 'input.phone'],
    ['an endless address', { address: '路'.repeat(201) }, 'input.address'],
    ['no allowance number', { household: { type: 'URBAN' } }, 'input.household.allowanceNumber'],
    [
      'a card with a wrong digit',
      { bank: { ...formOf('').bank, account: '6217995270007654321' } },
      'input.bank.account',
    ],
    ['a stranger’s account', { bank: { ...formOf('').bank, accountName: '路人甲' } }, 'input.bank.accountName'],
    [
      'a name of 51 characters',
      { bank: { ...formOf('').bank, accountName: '阿'.repeat(51) } },
      'input.bank.accountName',
    ],
    [
      'the applicant as agent',
      { agent: { name: ZHANG.name, idNumber: ZHANG.idNumber, relation: '本人', phone: '13800000001' } },
      'input.agent.idNumber',
    ],
    [
      'a material without its file',
      { materials: [material('BANK_CARD', { fileId: ' ' })] },
      'input.materials.0.fileId',
    ],
    [
      'circumstances that do not qualify',
      { circumstances: { ...CIRCUMSTANCES, economicStatus: 'NONE' } },
      'input.types.0',
    ],
    ['an account that nobody has', { operator: 'nobody' }, 'input.operator'],
    ['a village agent', { operator: 'village' }, 'input.operator'],
    ['a hospital', { operator: 'hospital' }, 'input.operator'],
    ['no key', { idempotencyKey: null }, 'input.idempotencyKey'],
  ])('with %s is refused and nothing is sent', async (_, over, field) => {
    const caseId = await desk.newCase(ZHANG);
    expect(refusal(await desk.apply(caseId, over))).toEqual({ code: 'INVALID_INPUT', field });
    expect(desk.asked().LB03).toBeUndefined();
    expect((await desk.store.submissions.ofCases([caseId])).size).toBe(0);
  });

  it.each([
    ['expired', LI],
    ['cancelled', ZHOU],
  ])('on a certificate that is %s is refused and nothing is sent', async (_, person) => {
    const answer = await desk.apply(await desk.newCase(person));
    expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field: 'input.types.0' });
    expect(answer.errors?.[0]?.message).toContain('R01');
    expect(desk.asked().LB03).toBeUndefined();
  });

  it('for a grade that does not qualify names the subsidy', async () => {
    const answer = await desk.apply(await desk.newCase(CHEN));
    expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field: 'input.types.1' });
    expect(String(answer.errors?.[0]?.extensions.messageZh)).toContain('残疾等级不符合');
  });

  it('at a third place, where nobody lives or is registered, says where it may be made', async () => {
    const caseId = await desk.newCase(FROM_SHENZHEN);
    const answer = await desk.apply(caseId, {
      residenceDivision: '440305005000',
      bank: { ...formOf(caseId).bank, accountName: FROM_SHENZHEN.name },
    });
    expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field: 'input.residenceDivision' });
    expect(answer.errors?.[0]?.message).toContain('440305');
  });

  it('is not made for a case of another item, that has ended, or that there is not', async () => {
    const other = await desk.newCase(ZHANG, { itemId: 'S01' });
    const ended = await desk.newCase(ZHANG, { status: '3' });
    for (const caseId of [other, ended]) expect(refusal(await desk.apply(caseId)).field).toBe('input.caseId');
    expect(refusal(await desk.apply(randomUUID())).code).toBe('NOT_FOUND');
    expect(desk.asked()).toEqual({});
  });

  it('is not made twice: neither on the case nor on another of the same person', async () => {
    const [person] = APPLICANTS;
    const { caseId, form } = await desk.caseOf(person as typeof ZHANG);
    const number = await desk.applied(caseId, form);
    const again = { ...form, idempotencyKey: randomUUID() };
    const onTheCase = await desk.apply(caseId, again);
    const onAnother = await desk.apply(await desk.newCase(person as typeof ZHANG), again);
    expect([refusal(onTheCase).field, refusal(onAnother).field]).toEqual(['input.caseId', 'input.types.0']);
    for (const { errors } of [onTheCase, onAnother]) expect(errors?.[0]?.message).toContain(number);
    expect(desk.asked().LB03).toBe(1);
  });
});

describe('across provinces', () => {
  const bank = { code: '103', name: '农业银行', accountName: FROM_SHENZHEN.name, account: '6217995270007654320' };

  it('someone registered elsewhere applies here; the other district decides and the case follows', async () => {
    const caseId = await desk.newCase(FROM_SHENZHEN);
    const number = await desk.applied(caseId, { operator: 'clerk', residenceDivision: '421202003002', bank });
    expect(desk.core.ledger.at(-1)).toMatchObject({ kind: 'application-submitted', reference: number });

    const ours = await desk.review(caseId, 'reviewer-100');
    expect(refusal(ours)).toEqual({ code: 'INVALID_INPUT', field: 'input.caseId' });
    expect(ours.errors?.[0]?.message).toContain('440305');
    expect(desk.asked().LB07).toBeUndefined();

    desk.act('ask-supplement', { applicationNo: number, opinion: '请补低保证明' });
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-supplement-asked']);
    const elsewhere = await desk.supplement(caseId, { operator: 'clerk-100' });
    expect(refusal(elsewhere).field).toBe('input.operator');
    expect((await desk.supplement(caseId, { operator: 'clerk' })).errors).toBeUndefined();
    const supplemented = ['subsidy-submitted', 'subsidy-supplement-asked', 'subsidy-supplemented'];
    await desk.follows(caseId, supplemented);
    expect((await desk.told(caseId))[2]?.operator).toBe('clerk');

    for (const _ of ['township', 'federation', 'civil affairs']) desk.act('review', { applicationNo: number });
    await desk.follows(caseId, [...supplemented, 'subsidy-reviewed', 'subsidy-reviewed', 'subsidy-approved']);
    expect(desk.ledger(number).filter((kind) => kind === 'supplemented')).toHaveLength(1);
  });

  it('someone registered here applied elsewhere; the case opened here receives it and our offices decide', async () => {
    const caseId = await desk.newCase({ ...SUN, hukouDivision: '421202100000' });
    const { data, errors } = await desk.receive(caseId, FROM_ELSEWHERE);
    expect(errors).toBeUndefined();
    expect(data.receiveSubsidyApplication).toEqual({
      case: { id: caseId },
      application: { number: FROM_ELSEWHERE, status: 'PASSED_TO_HUKOU', types: ['LIVING', 'NURSING'] },
    });
    await desk.reviewed(caseId, 'clerk-100', {
      types: ['LIVING'],
      rejections: [{ type: 'NURSING', reason: 'NO_CARE_NEEDED', explanation: '入户核查' }],
    });
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-reviewed']);
    await desk.reviewed(caseId, 'federation', { types: ['LIVING'] });
    const refused = await desk.review(caseId, 'civil-affairs', {
      decision: 'REFUSE',
      opinion: '不符合条件',
      rejections: [{ type: 'LIVING', reason: 'NOT_IN_HARDSHIP' }],
    });
    expect(refused.data.reviewSubsidyApplication.application.status).toBe('CIVIL_AFFAIRS_REFUSED');
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-reviewed', 'subsidy-reviewed', 'subsidy-refused']);
    expect((await desk.told(caseId)).at(-1)).toMatchObject({ operator: 'civil-affairs', explanation: '不符合条件' });
  });

  it('an application is received once, by its applicant’s case, and with the same key again', async () => {
    const caseId = await desk.newCase(ZHOU);
    const idempotencyKey = randomUUID();
    const first = await desk.receive(caseId, OF_ANOTHER, { idempotencyKey });
    expect(first.errors).toBeUndefined();
    expect(await desk.receive(caseId, OF_ANOTHER, { idempotencyKey })).toEqual(first);
    expect(refusal(await desk.receive(await desk.newCase(ZHOU), OF_ANOTHER)).field).toBe('input.number');
    expect(await desk.events(caseId)).toEqual(['subsidy-submitted']);
  });

  it.each<[string, typeof ZHANG, string, string]>([
    ['another person’s', ZHANG, OF_ANOTHER, 'input.number'],
    ['a number that is none', ZHANG, ZHANG.idNumber, 'input.number'],
    ['one that there is not', ZHANG, 'LB44030520260302999999', 'input.number'],
    ['one that another district decides', SUN, OF_OTHERS, ''],
  ])('%s is not received', async (_, person, number, field) => {
    const caseId = await desk.newCase(person);
    const answer = await desk.receive(caseId, number);
    if (field === '') expect(refusal(answer).code).toBe('FORBIDDEN');
    else expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field });
    expect((await desk.store.registry.references([caseId])).size).toBe(0);
  });
});
