import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoDirectory } from '../../seeds/directory.ts';
import { CASES_QUEUE, type CaseEvent, tellCase } from '../../subgraphs/services/case-events.ts';
import { type CaseReport, REPORTS_QUEUE } from '../../subgraphs/services/case-reports.ts';
import { directorySettings } from '../../subgraphs/services/directory.ts';
import {
  application,
  CHILD,
  DAY,
  deskOf,
  GUARDIAN,
  type Input,
  MINUTE,
  mutate,
  newKey,
  OPENING,
  refusalOf,
  WAYS,
} from './fixture/case-desk.ts';
import { HANDLING } from './fixture/case-handling.ts';
import { LI, STRANGER, ZHANG, ZHOU } from './fixture/people.ts';
import { coversPartOfItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';

let now = OPENING;
let cases: RunningSubgraph;
let desk: ReturnType<typeof deskOf>;

/** The demo directory, with an account that belongs to a resident. */
const demo = demoDirectory();
const clerk = demo.operators.find(({ account }) => account === 'clerk');
const directory = directorySettings.parse({
  ...demo,
  operators: [...demo.operators, { ...clerk, account: 'clerk-zhou', name: ZHOU.name, idNumber: ZHOU.idNumber }],
});

beforeAll(async () => {
  cases = await runSubgraph('cases', {}, { clock: () => now, directory });
  desk = deskOf(cases);
});

beforeEach(() => {
  now = OPENING;
});

afterEach(() => expect(cases.faults).toEqual([]));

afterAll(() => cases.stop());

coversPartOfItsSchema(() => cases, HANDLING);

const open = (over: Input = {}) => mutate(cases.ask, 'openCase', application(over), OPENED);
const command = (name: string, input: Input, selection?: string) =>
  mutate(cases.ask, name, { idempotencyKey: newKey(), ...input }, selection);
const OPENED = `case {
  id number item { id } applicant { id name maskedIdNumber } channel organisation { code } status appliedAt acceptedAt promiseDate overdue openedBy
  visitsPromised visitsMade steps { number name outcome endedAt handler } result { type }
  materials { name way copies } submissions { id } actions
}`;

/** How many cases the registry has, and how much is to be told of them: nothing half done leaves a trace here. */
async function traces() {
  const { registry, tasks } = cases.store;
  return { cases: await registry.countCases({}), reports: await tasks.count(REPORTS_QUEUE) };
}

describe('an application', () => {
  it('opens a case that is received at once, with its steps and what may be done', async () => {
    const { data, errors } = await open({
      applicant: { idNumber: LI.idNumber, name: LI.name, mobile: '13800000001' },
      materials: [{ name: '残疾人证' }, { name: '申请表', way: 'SCAN', copies: 2 }],
    });
    expect(errors).toBeUndefined();
    expect(data.openCase.case).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      number: null,
      item: { id: 'O03' },
      applicant: { id: cases.store.registry.handle(LI.idNumber), name: LI.name, maskedIdNumber: '421202**********72' },
      channel: 'WINDOW',
      organisation: { code: '11421202MB2B100182' },
      status: 'RECEIVED',
      appliedAt: '2026-03-11T09:30:15+08:00',
      acceptedAt: null,
      promiseDate: null,
      overdue: false,
      openedBy: 'clerk',
      visitsPromised: 1,
      visitsMade: 1,
      steps: [
        { number: 1, name: '申请', outcome: 'AGREED', endedAt: '2026-03-11T09:30:15+08:00', handler: '林小满' },
        { number: 2, name: '受理', outcome: null, endedAt: null, handler: '林小满' },
      ],
      result: null,
      materials: [
        { name: '残疾人证', way: 'PAPER', copies: 1 },
        { name: '申请表', way: 'SCAN', copies: 2 },
      ],
      submissions: [],
      actions: ['acceptCase', 'refuseCase', 'requestSupplement'],
    });
  });

  it.each([
    ['S01', 'WINDOW', 'clerk', 1],
    ['S01', 'ONLINE', 'ehuiban', 0],
    ['S01', 'ONLINE', 'finance', 0],
    ['S01', 'KIOSK', 'kiosk', 1],
    ['S01', 'BANK', 'bank', 1],
    ['S03', 'WINDOW', 'clerk', 1],
    ['S03', 'KIOSK', 'kiosk', 1],
    ['S03', 'ONLINE', 'registry', 0],
    ['S04', 'VILLAGE', 'village', 0],
    ['S07', 'VILLAGE', 'village', 0],
    ['S10', 'VILLAGE', 'village', 0],
    ['S11', 'HOSPITAL', 'hospital', 0],
    ['S12', 'HOSPITAL', 'hospital-2', 0],
    ['S13', 'WINDOW', 'fund', 1],
    ['S13', 'KIOSK', 'fund', 1],
    ['O01', 'WINDOW', 'federation', 1],
    ['O04', 'ONLINE', 'weijiayuan', 0],
    ['O04', 'VILLAGE', 'village', 0],
  ])('for %s fits through %s by %s, who counts %i visits', async (itemId, channel, operator, visitsMade) => {
    const { data, errors } = await open({ itemId, channel, operator });
    expect(errors).toBeUndefined();
    expect(data.openCase.case).toMatchObject({ item: { id: itemId }, channel, openedBy: operator, visitsMade });
  });

  it.each([
    ['S02', 'ONLINE', 'ehuiban', '咸安区', '窗口'],
    ['S03', 'VILLAGE', 'village', '街道', '自助设备'],
    ['S04', 'WINDOW', 'clerk', '村（社区）', '村（社区）代办'],
    ['S10', 'HOSPITAL', 'hospital', '村（社区）', '村（社区）代办'],
    ['S11', 'VILLAGE', 'village', '第一人民医院、区妇幼、区中医院', '医院'],
    ['S11', 'HOSPITAL', 'bank', '第一人民医院、区妇幼、区中医院', '医院'],
    ['S01', 'BANK', 'clerk', '银行网点', '银行网点'],
    ['O03', 'KIOSK', 'kiosk', '乡镇（街道）', '窗口'],
    ['O01', 'WINDOW', 'finance', '区级', '窗口'],
    ['O04', 'ONLINE', 'clerk', '乡镇（街道）', '网上'],
  ])('for %s does not fit through %s by %s: what would is told', async (itemId, channel, operator, place, way) => {
    const before = await traces();
    const refusal = refusalOf(await open({ itemId, channel, operator }));
    expect(refusal).toMatchObject({ payload: null, code: 'INVALID_INPUT', field: 'input.operator' });
    expect(refusal.message).toContain('What fits: ');
    expect(refusal.zh).toContain('可办单位：');
    if (place !== '咸安区') expect(refusal.zh).toContain(place);
    expect(refusal.zh).toContain(way);
    expect(await traces()).toEqual(before);
  });

  it('of a minor is made by somebody of full age', async () => {
    const { data } = await open({ applicant: CHILD, agent: GUARDIAN });
    expect(data.openCase.case.applicant.name).toBe(CHILD.name);
  });

  it('is the applicant’s own from the eighteenth birthday on', async () => {
    const birthdayToday = { idNumber: '421202200803110019', name: '成年' };
    const birthdayTomorrow = { idNumber: '421202200803120014', name: '未成年' };
    expect((await open({ applicant: birthdayToday })).errors).toBeUndefined();
    expect(refusalOf(await open({ applicant: birthdayTomorrow })).field).toBe('input.agent');
    expect((await open({ applicant: { ...CHILD }, agent: birthdayToday })).errors).toBeUndefined();
  });

  it.each([
    ['a minor without anybody in their place', { applicant: CHILD }, 'input.agent'],
    [
      'a minor through a minor',
      { applicant: CHILD, agent: { ...CHILD, idNumber: '421202200803120014' } },
      'input.agent.idNumber',
    ],
    ['an agent who is the applicant', { agent: { idNumber: LI.idNumber, name: LI.name } }, 'input.agent.idNumber'],
    ['an agent without a name', { agent: { ...GUARDIAN, name: ' ' } }, 'input.agent.name'],
    ['an agent’s name of 51 characters', { agent: { ...GUARDIAN, name: '𠮷'.repeat(51) } }, 'input.agent.name'],
    ['no name', { applicant: { idNumber: LI.idNumber, name: '' } }, 'input.applicant.name'],
    [
      'a name of 51 characters',
      { applicant: { idNumber: LI.idNumber, name: '买'.repeat(51) } },
      'input.applicant.name',
    ],
    [
      'a mobile number of ten digits',
      { applicant: { idNumber: LI.idNumber, name: LI.name, mobile: '1380000000' } },
      'input.applicant.mobile',
    ],
    ['an item that the catalogue does not have', { itemId: 'S99' }, 'input.itemId'],
    ['an account that the directory does not have', { operator: 'nobody' }, 'input.operator'],
    ['51 materials', { materials: Array.from({ length: 51 }, () => ({ name: '材料' })) }, 'input.materials'],
    ['a material without a name', { materials: [{ name: '材料' }, { name: ' ' }] }, 'input.materials.1.name'],
    ['a material’s name of 201 characters', { materials: [{ name: '材'.repeat(201) }] }, 'input.materials.0.name'],
    ['no copy of a material', { materials: [{ name: '材料', copies: 0 }] }, 'input.materials.0.copies'],
    ['a thousand copies', { materials: [{ name: '材料', copies: 1000 }] }, 'input.materials.0.copies'],
    [
      'an identity number with a wrong check digit',
      { applicant: { idNumber: '421202196507229973', name: LI.name } },
      'input.applicant.idNumber',
    ],
  ])('with %s is refused, and nothing is kept', async (_, over: Input, field) => {
    const before = await traces();
    const refusal = refusalOf(await open(over));
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', field });
    for (const secret of [LI.idNumber, LI.name, CHILD.idNumber, GUARDIAN.idNumber]) {
      expect(refusal.message + refusal.zh).not.toContain(secret);
    }
    expect(await traces()).toEqual(before);
  });

  it.each(['𠮷', '䶮', '买买提·吐尔逊', '𠮷'.repeat(50), 'Ā'.repeat(50)])(
    'by %s keeps the name as it is',
    async (name) => {
      const { data, errors } = await open({ applicant: { idNumber: STRANGER.idNumber, name } });
      expect(errors).toBeUndefined();
      const { id } = data.openCase.case;
      expect((await cases.store.registry.casesById([id]))[0]?.applicantName).toBe(name);
    },
  );

  it('may bring fifty materials of 200 characters and 999 copies', async () => {
    const materials = Array.from({ length: 50 }, (_, index) => ({ name: `${index}`.padEnd(200, '材'), copies: 999 }));
    const { data } = await open({ materials });
    expect(data.openCase.case.materials).toEqual(materials.map((one) => ({ ...one, way: 'PAPER' })));
  });

  it.each(['PAPER', 'UPLOAD', 'CERTIFICATE_LIBRARY', 'SCAN', 'MATERIAL_LIBRARY'])(
    'may bring a material by %s',
    async (way) => {
      const { data } = await open({ materials: [{ name: '材料', way }] });
      expect(data.openCase.case.materials).toEqual([{ name: '材料', way, copies: 1 }]);
    },
  );
});

describe('a case', () => {
  it('that is accepted has its promise, and its item’s further review fits', async () => {
    const id = await desk.open();
    now += 5 * MINUTE;
    expect(await desk.do('acceptCase', id, 'clerk', { explanation: '材料齐全' })).toMatchObject({
      status: 'IN_PROGRESS',
      acceptedAt: '2026-03-11T09:35:15+08:00',
      // 15 working days; 6 April is a holiday (清明).
      promiseDate: '2026-04-01T23:59:59+08:00',
      steps: [{ name: '申请' }, { name: '受理', outcome: 'ACCEPTED', explanation: '材料齐全', handler: '林小满' }],
      actions: expect.arrayContaining(['completeStep', 'closeCase as GRANTED', 'withdrawCase']),
    });
  });

  it('that is refused has ended, with the reason', async () => {
    const id = await desk.open();
    const explanation = '不属于受理范围';
    expect(await desk.do('refuseCase', id, 'clerk', { explanation })).toMatchObject({
      status: 'NOT_ACCEPTED',
      acceptedAt: null,
      promiseDate: null,
      result: { type: 'NOT_ACCEPTED', explanation },
      actions: [],
    });
  });

  it('goes through every step of its item, each at its place, until it is granted', async () => {
    const id = await desk.open(WAYS.S04);
    await desk.do('acceptCase', id, 'village');
    now += DAY;
    await desk.do('completeStep', id, 'clerk', { step: '乡镇（街道）确认', agree: true, explanation: '情况属实' });
    now += DAY;
    const certificate = { certificateName: '特困人员救助供养证', certificateNumber: 'TK2026000001' };
    const closed = await desk.do('closeCase', id, 'civil-affairs', { result: 'GRANTED', ...certificate });
    expect(closed).toMatchObject({
      status: 'CLOSED',
      overdue: false,
      steps: [
        { number: 1, name: '村（社区）受理', outcome: 'ACCEPTED' },
        { number: 2, name: '乡镇（街道）确认', outcome: 'AGREED', handler: '林小满', explanation: '情况属实' },
        { number: 3, name: '区民政局统一发放', outcome: 'AGREED', handler: '方正' },
      ],
      result: { type: 'GRANTED', at: '2026-03-13T09:30:15+08:00', ...certificate },
      actions: [],
    });
  });

  it('that a reviewer disagreed with is only closed', async () => {
    const id = await desk.open(WAYS.S10);
    await desk.do('acceptCase', id, 'village');
    const { actions } = await desk.do('completeStep', id, 'medical-security', {
      agree: false,
      explanation: '不符合病种标准',
    });
    expect(actions).not.toContain('completeStep');
    expect(actions).not.toContain('closeCase as GRANTED');
    expect(
      await desk.do('closeCase', id, 'medical-security', { result: 'NOT_GRANTED', explanation: '不符合病种标准' }),
    ).toMatchObject({ status: 'NOT_GRANTED', result: { type: 'NOT_GRANTED', explanation: '不符合病种标准' } });
  });

  it.each([
    ['GRANTED', 'CLOSED', undefined],
    ['NOT_GRANTED', 'NOT_GRANTED', '不符合条件'],
    ['VOID', 'VOID', '重复申请'],
    ['DELETED', 'VOID', '录入有误'],
    ['PASSED_UP', 'CLOSED_ABNORMALLY', '转上级办理'],
    ['RETURNED', 'CLOSED_ABNORMALLY', '申请人撤回'],
  ])('closed as %s is %s', async (result, status, explanation) => {
    const id = await desk.open();
    await desk.do('acceptCase', id, 'clerk');
    const closed = await desk.do('closeCase', id, 'reviewer', { result, ...(explanation && { explanation }) });
    expect(closed).toMatchObject({ status, result: { type: result, explanation: explanation ?? null }, actions: [] });
  });

  it('waits for a supplement while its clock stands, and goes on with a later promise', async () => {
    const id = await desk.open();
    await desk.do('acceptCase', id, 'clerk');
    now += DAY;
    const waiting = await desk.do('requestSupplement', id, 'reviewer', { explanation: '缺户口簿' });
    expect(waiting).toMatchObject({ status: 'WAITING_FOR_SUPPLEMENT', promiseDate: null, overdue: false });
    expect(waiting.actions).toEqual(['receiveSupplement', 'closeCase as RETURNED', 'withdrawCase']);
    now += 100 * DAY;
    expect((await cases.ask(`{ case(id: "${id}") { overdue } }`)).data.case).toEqual({ overdue: false });
    expect(await desk.do('receiveSupplement', id, 'clerk')).toMatchObject({
      status: 'IN_PROGRESS',
      // The days from 12 March to 20 June stand still.
      promiseDate: '2026-07-10T23:59:59+08:00',
      overdue: false,
    });
  });

  it('is accepted by the supplement that it waited for', async () => {
    const id = await desk.open(WAYS.S10);
    expect(await desk.do('requestSupplement', id, 'village', { explanation: '缺病历' })).toMatchObject({
      status: 'WAITING_FOR_SUPPLEMENT',
      acceptedAt: null,
    });
    now += 3 * DAY;
    const accepted = await desk.do('receiveSupplement', id, 'village', { explanation: '病历已补' });
    expect(accepted).toMatchObject({ status: 'IN_PROGRESS', acceptedAt: '2026-03-14T09:30:15+08:00' });
  });

  it.each(['HEARING', 'INSPECTION', 'EXPERT_REVIEW', 'PUBLIC_NOTICE', 'ON_SITE_CHECK', 'OTHER'])(
    'is suspended by the special procedure %s until that ends',
    async (procedure) => {
      const id = await desk.open(WAYS.S10);
      await desk.do('acceptCase', id, 'village');
      const special = { procedure, name: '专项核查', reason: '情况需核实' };
      expect(await desk.do('startSpecialProcedure', id, 'medical-security', special)).toMatchObject({
        status: 'SUSPENDED',
        promiseDate: null,
        actions: ['endSpecialProcedure'],
      });
      now += 7 * DAY;
      expect(await desk.do('endSpecialProcedure', id, 'medical-security', { explanation: '无异议' })).toMatchObject({
        status: 'IN_PROGRESS',
        promiseDate: '2026-04-09T23:59:59+08:00',
      });
      const [kept] = (await cases.store.registry.specialProcedures([id])).get(id) ?? [];
      expect(kept).toMatchObject({
        name: '专项核查',
        reason: '情况需核实',
        outcome: '无异议',
        startedAt: OPENING,
        endedAt: now,
      });
    },
  );

  it('is withdrawn by the applicant’s wish', async () => {
    const id = await desk.open();
    await desk.do('acceptCase', id, 'clerk');
    expect(await desk.do('withdrawCase', id, 'clerk', { explanation: '不再申请' })).toMatchObject({
      status: 'CLOSED_ABNORMALLY',
      result: { type: 'RETURNED', explanation: '不再申请' },
    });
  });

  it('is overdue from the second after its promise on, open or closed then', async () => {
    const late = await desk.open();
    const inTime = await desk.open();
    for (const id of [late, inTime]) await desk.do('acceptCase', id, 'clerk');
    const lastMoment = Date.parse('2026-04-01T23:59:59.999+08:00');
    const overdueNow = async (id: string) => (await cases.ask(`{ case(id: "${id}") { overdue } }`)).data.case.overdue;
    now = lastMoment;
    expect(await overdueNow(late)).toBe(false);
    await desk.do('closeCase', inTime, 'reviewer', { result: 'GRANTED' });
    now = lastMoment + 1;
    expect(await overdueNow(late)).toBe(true);
    expect(await overdueNow(inTime)).toBe(false);
    await desk.do('closeCase', late, 'reviewer', { result: 'GRANTED' });
    now += 30 * DAY;
    expect(await overdueNow(late)).toBe(true);
    expect(await overdueNow(inTime)).toBe(false);
  });

  it('is refused a promise in a year without a calendar, and stays as it was', async () => {
    now = Date.parse('2027-12-20T09:00:00+08:00');
    const id = await desk.open();
    expect(refusalOf(await command('acceptCase', { caseId: id, operator: 'clerk' })).code).toBe('CALENDAR_MISSING');
    const { data } = await cases.ask(`{ case(id: "${id}") { status steps { outcome } } }`);
    expect(data.case).toEqual({ status: 'RECEIVED', steps: [{ outcome: 'AGREED' }, { outcome: null }] });
  });
});

describe('a visit', () => {
  it('is counted, and more than promised are told in both languages', async () => {
    const id = await desk.open();
    const visit = async () =>
      (await command('recordVisit', { caseId: id, operator: 'clerk' }, 'visitsMade excess case { id visitsMade }')).data
        .recordVisit;
    expect(await visit()).toEqual({
      visitsMade: 2,
      excess: ['The plan promises 1 visit; this is visit 2.', '方案承诺跑1次，实际已到场2次。'],
      case: { id, visitsMade: 2 },
    });
  });

  it('that was promised is no excess; none was promised for S11', async () => {
    const promised = await desk.open(WAYS.S04);
    const none = await desk.open(WAYS.S11);
    const excess = async (caseId: string) =>
      (await command('recordVisit', { caseId, operator: 'village' }, 'excess case { id }')).data.recordVisit.excess;
    expect(await excess(promised)).toBeNull();
    expect(await excess(none)).toEqual([
      'The plan promises no visit; this is visit 1.',
      '方案承诺零跑腿，实际已到场1次。',
    ]);
  });
});

describe('a command that does not fit', () => {
  const ACCEPTED = ['acceptCase'];
  it.each([
    ['acceptCase', ACCEPTED, {}, 'caseId', 'completeStep'],
    ['refuseCase', ACCEPTED, { explanation: '理由' }, 'caseId', 'closeCase'],
    ['completeStep', [], { agree: true }, 'caseId', 'acceptCase, refuseCase, requestSupplement'],
    ['receiveSupplement', ACCEPTED, {}, 'caseId', 'requestSupplement'],
    ['endSpecialProcedure', ACCEPTED, { explanation: '完' }, 'caseId', 'startSpecialProcedure'],
    ['startSpecialProcedure', [], { procedure: 'HEARING', name: '听证', reason: '重大' }, 'caseId', 'acceptCase'],
    ['closeCase', [], { result: 'GRANTED' }, 'caseId', 'acceptCase'],
    ['withdrawCase', [], { explanation: '撤回' }, 'caseId', 'refuseCase'],
  ])('%s after %j is refused with what would', async (name, before, more, field, fits) => {
    const id = await desk.open(WAYS.S10);
    for (const earlier of before) await desk.do(earlier, id, 'village');
    const traced = await traces();
    const refusal = refusalOf(
      await command(name, { caseId: id, operator: 'medical-security', ...more }).then(async (answer) =>
        // Before its acceptance a case is the accepting office's.
        refusalOf(answer).field === 'input.operator'
          ? command(name, { caseId: id, operator: 'village', ...more })
          : answer,
      ),
    );
    expect(refusal).toMatchObject({ payload: null, code: 'INVALID_INPUT', field: `input.${field}` });
    expect(refusal.message).toContain(fits);
    expect(refusal.zh).toContain('当前可办：');
    expect(await traces()).toEqual(traced);
  });

  it('to an ended case is told so', async () => {
    const id = await desk.open();
    await desk.do('refuseCase', id, 'clerk', { explanation: '不属于受理范围' });
    const refusal = refusalOf(await command('requestSupplement', { caseId: id, operator: 'clerk', explanation: '补' }));
    expect(refusal.field).toBe('input.caseId');
    expect(refusal.message).toContain('Nothing more can be done with it.');
  });

  it.each([
    ['the wrong step', 'completeStep', { agree: true, step: '决定' }, 'step', '审查'],
    ['a step that is done', 'completeStep', { agree: true, step: '受理' }, 'step', 'is done already'],
    ['disagreement without a word', 'completeStep', { agree: false }, 'explanation', 'must say why'],
    ['a supplement without saying which', 'requestSupplement', { explanation: ' ' }, 'explanation', 'must say why'],
    ['2,001 characters', 'requestSupplement', { explanation: '补'.repeat(2001) }, 'explanation', '2000'],
    ['a withdrawal without a reason', 'withdrawCase', {}, 'explanation', 'must say why'],
    ['a closing without a reason', 'closeCase', { result: 'VOID' }, 'explanation', 'must say why'],
    [
      'acceptance refused as a closing',
      'closeCase',
      { result: 'NOT_ACCEPTED', explanation: '不受理' },
      'result',
      'refuseCase',
    ],
    [
      'a certificate without a number',
      'closeCase',
      { result: 'GRANTED', certificateName: '证' },
      'certificateNumber',
      '1 to 2000',
    ],
    [
      'a certificate number without a name',
      'closeCase',
      { result: 'GRANTED', certificateNumber: '1' },
      'certificateName',
      '1 to 256',
    ],
    [
      'a certificate’s name of 257 characters',
      'closeCase',
      { result: 'GRANTED', certificateName: '证'.repeat(257), certificateNumber: '1' },
      'certificateName',
      '1 to 256',
    ],
    [
      'a certificate without a grant',
      'closeCase',
      { result: 'VOID', explanation: '废', certificateName: '证', certificateNumber: '1' },
      'certificateName',
      'grant',
    ],
    [
      'a procedure without a name',
      'startSpecialProcedure',
      { procedure: 'HEARING', name: '', reason: '重大' },
      'name',
      '1 to 200',
    ],
    [
      'a procedure without a reason',
      'startSpecialProcedure',
      { procedure: 'HEARING', name: '听证', reason: ' ' },
      'reason',
      '1 to 2000',
    ],
    ['a grant before the last step', 'closeCase', { result: 'GRANTED' }, 'caseId', 'completeStep'],
  ])('for %s is refused at its place', async (_, name, more: Input, field, words) => {
    const id = await desk.open(WAYS.S10);
    await desk.do('acceptCase', id, 'village');
    const refusal = refusalOf(await command(name, { caseId: id, operator: 'medical-security', ...more }));
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', field: `input.${field}` });
    expect(refusal.message).toContain(words);
    const { data } = await cases.ask(`{ case(id: "${id}") { status } }`);
    expect(data.case.status).toBe('IN_PROGRESS');
  });

  it.each([
    ['acceptCase', {}],
    ['refuseCase', { explanation: '理由' }],
    ['completeStep', { agree: true }],
    ['requestSupplement', { explanation: '补' }],
    ['receiveSupplement', {}],
    ['startSpecialProcedure', { procedure: 'OTHER', name: '其他', reason: '核对' }],
    ['endSpecialProcedure', { explanation: '完' }],
    ['closeCase', { result: 'GRANTED' }],
    ['withdrawCase', { explanation: '撤回' }],
    ['recordVisit', {}],
  ])('%s to a case that is not there is NOT_FOUND with its place', async (name, more) => {
    const selection = name === 'recordVisit' ? 'visitsMade' : undefined;
    const refusal = refusalOf(await command(name, { caseId: 'no-such-case', operator: 'clerk', ...more }, selection));
    expect(refusal).toMatchObject({ payload: null, code: 'NOT_FOUND', field: 'input.caseId' });
    expect(refusal.zh).toContain('没有该办件');
  });

  it('by an office that does not take the step is refused with those that do', async () => {
    const id = await desk.open(WAYS.S04);
    expect(refusalOf(await command('acceptCase', { caseId: id, operator: 'clerk' }))).toMatchObject({
      field: 'input.operator',
    });
    await desk.do('acceptCase', id, 'village');
    const refusal = refusalOf(await command('completeStep', { caseId: id, operator: 'civil-affairs', agree: true }));
    expect(refusal.field).toBe('input.operator');
    expect(refusal.zh).toContain('可办单位：乡镇（街道）');
    await desk.do('completeStep', id, 'clerk', { agree: true });
    const paying = refusalOf(await command('closeCase', { caseId: id, operator: 'clerk', result: 'GRANTED' }));
    expect(paying.field).toBe('input.operator');
    expect(paying.zh).toContain('区民政局');
  });

  it('to one’s own application is refused: by the account that submitted it, and by the applicant’s own', async () => {
    const submitted = await desk.open();
    await desk.do('acceptCase', submitted, 'clerk');
    const bySubmitter = refusalOf(await command('completeStep', { caseId: submitted, operator: 'clerk', agree: true }));
    expect(bySubmitter).toMatchObject({ code: 'INVALID_INPUT', field: 'input.operator' });
    expect(bySubmitter.message).toContain('submitted this application');

    const own = await desk.open({ applicant: { idNumber: ZHOU.idNumber, name: ZHOU.name } });
    await desk.do('acceptCase', own, 'clerk');
    const byApplicant = refusalOf(await command('completeStep', { caseId: own, operator: 'clerk-zhou', agree: true }));
    expect(byApplicant).toMatchObject({ code: 'INVALID_INPUT', field: 'input.operator' });
    expect(byApplicant.message).toContain('belongs to the applicant');
    const grant = refusalOf(await command('closeCase', { caseId: own, operator: 'clerk-zhou', result: 'GRANTED' }));
    expect(grant.field).toBe('input.operator');
    expect((await desk.do('completeStep', own, 'reviewer', { agree: true })).status).toBe('IN_PROGRESS');
    expect((await desk.do('completeStep', submitted, 'clerk-zhou', { agree: true })).status).toBe('IN_PROGRESS');
  });
});

describe('an idempotency key', () => {
  it('gives the same case for the same application, written in any order, and opens one', async () => {
    const input = application({ materials: [{ name: '申请表', copies: 2 }] });
    const first = await mutate(cases.ask, 'openCase', input, 'case { id }');
    const before = await traces();
    now += DAY;
    const { applicant, ...others } = input;
    const { idNumber, name } = applicant as { idNumber: string; name: string };
    const turned = {
      applicant: { name, idNumber },
      ...others,
      materials: [{ copies: 2, way: 'PAPER', name: '申请表' }],
    };
    expect(await mutate(cases.ask, 'openCase', turned, 'case { id }')).toEqual(first);
    expect(await traces()).toEqual(before);
  });

  it('used for another body is a conflict', async () => {
    const input = application();
    await mutate(cases.ask, 'openCase', input);
    const before = await traces();
    const other = { ...input, applicant: { idNumber: ZHANG.idNumber, name: ZHANG.name } };
    expect(refusalOf(await mutate(cases.ask, 'openCase', other))).toMatchObject({
      payload: null,
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect(await traces()).toEqual(before);
  });

  it('makes two requests at once one', async () => {
    const input = application();
    const before = await traces();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => mutate(cases.ask, 'openCase', input, 'case { id }')),
    );
    expect(new Set(answers.map(({ data }) => data.openCase.case.id)).size).toBe(1);
    expect((await traces()).cases).toBe(before.cases + 1);
  });

  it('makes a command given twice one, and both are told the case', async () => {
    const id = await desk.open();
    const input = { idempotencyKey: newKey(), caseId: id, operator: 'clerk' };
    const [one, other] = await Promise.all([1, 2].map(() => mutate(cases.ask, 'acceptCase', input)));
    expect(one).toEqual(other);
    expect(one?.data.acceptCase.case.status).toBe('IN_PROGRESS');
    expect(await mutate(cases.ask, 'acceptCase', input)).toEqual(one);
  });

  it('makes a visit recorded twice one, with the same answer later too', async () => {
    const id = await desk.open();
    const input = { idempotencyKey: newKey(), caseId: id, operator: 'clerk' };
    const first = await mutate(cases.ask, 'recordVisit', input, 'visitsMade excess');
    await command('recordVisit', { caseId: id, operator: 'clerk' }, 'visitsMade');
    expect(await mutate(cases.ask, 'recordVisit', input, 'visitsMade excess')).toEqual(first);
    expect((await cases.ask(`{ case(id: "${id}") { visitsMade } }`)).data.case).toEqual({ visitsMade: 3 });
  });

  it('may come in the header', async () => {
    const { idempotencyKey: _, ...input } = application();
    const key = newKey();
    const byHeader = () => mutate(cases.request(undefined, key), 'openCase', input, 'case { id }');
    const first = await byHeader();
    expect(first.errors).toBeUndefined();
    expect(await byHeader()).toEqual(first);
    // The same key in the input is the same request.
    expect(await mutate(cases.ask, 'openCase', { ...input, idempotencyKey: key }, 'case { id }')).toEqual(first);
    const both = await mutate(
      cases.request(undefined, key),
      'openCase',
      { ...input, idempotencyKey: key },
      'case { id }',
    );
    expect(both).toEqual(first);
  });

  it.each([
    ['is missing', undefined, undefined],
    ['differs from the header', 'key-in-the-input', 'key-in-the-header'],
    ['is shorter than 8 characters', '1234567', undefined],
    ['has a space', 'key with spaces', undefined],
    ['has other than ASCII characters', '办件办件办件办件', undefined],
    ['is longer than 255 characters', 'k'.repeat(256), undefined],
  ])('that %s is refused', async (_, idempotencyKey, header) => {
    const before = await traces();
    const refusal = refusalOf(
      await mutate(cases.request(undefined, header), 'openCase', application({ idempotencyKey })),
    );
    expect(refusal).toMatchObject({ code: 'INVALID_INPUT', field: 'input.idempotencyKey' });
    expect(await traces()).toEqual(before);
  });

  it('belongs to its caller', async () => {
    const input = application();
    const first = await mutate(cases.ask, 'openCase', input, 'case { id openedBy }');
    const other = await mutate(cases.ask, 'openCase', { ...input, operator: 'reviewer' }, 'case { id openedBy }');
    expect(other.data.openCase.case.openedBy).toBe('reviewer');
    expect(other.data.openCase.case.id).not.toBe(first.data.openCase.case.id);
  });

  it('belongs to its mutation', async () => {
    const input = application();
    const { data } = await mutate(cases.ask, 'openCase', input, 'case { id }');
    const accept = { idempotencyKey: input.idempotencyKey, caseId: data.openCase.case.id, operator: 'clerk' };
    expect((await mutate(cases.ask, 'acceptCase', accept)).data.acceptCase.case.status).toBe('IN_PROGRESS');
  });

  it('of what was refused is free again', async () => {
    const input = application({ applicant: CHILD });
    expect(refusalOf(await mutate(cases.ask, 'openCase', input)).field).toBe('input.agent');
    expect((await mutate(cases.ask, 'openCase', { ...input, agent: GUARDIAN })).errors).toBeUndefined();

    const id = await desk.open();
    const early = { idempotencyKey: newKey(), caseId: id, operator: 'clerk', explanation: '补齐' };
    expect(refusalOf(await mutate(cases.ask, 'receiveSupplement', early)).field).toBe('input.caseId');
    await desk.do('requestSupplement', id, 'clerk', { explanation: '缺户口簿' });
    expect((await mutate(cases.ask, 'receiveSupplement', early)).data.receiveSupplement.case.status).toBe(
      'IN_PROGRESS',
    );
  });
});

describe('two commands to one case at once', () => {
  it('are one after the other: the second is told what fits then', async () => {
    const id = await desk.open();
    const answers = await Promise.all([
      command('acceptCase', { caseId: id, operator: 'clerk' }),
      command('refuseCase', { caseId: id, operator: 'clerk', explanation: '不属于受理范围' }),
    ]);
    const refused = answers.filter(({ errors }) => errors);
    expect(refused).toHaveLength(1);
    expect(refused.map(refusalOf)).toMatchObject([{ code: 'INVALID_INPUT', field: 'input.caseId' }]);
  });
});

describe('a write to a department', () => {
  const SUBMISSION =
    'id system kind state case { id } operator createdAt changedAt reference failureCode failure failureZh';

  it('is told with its case and by its id', async () => {
    const caseId = await desk.open();
    const { submissions, write } = cases.store;
    const kept = {
      system: 'non-tax',
      kind: 'notice',
      caseId,
      operator: 'clerk',
      input: { name: LI.name },
      at: OPENING,
    };
    const id = await write((tx) => submissions.add(tx, kept));
    const told = async () => (await cases.ask(`{ submission(id: "${id}") { ${SUBMISSION} } }`)).data.submission;
    const sending = {
      id,
      system: 'non-tax',
      kind: 'notice',
      state: 'SENDING',
      case: { id: caseId },
      operator: 'clerk',
      createdAt: '2026-03-11T09:30:15+08:00',
      changedAt: '2026-03-11T09:30:15+08:00',
      reference: null,
      failureCode: null,
      failure: null,
      failureZh: null,
    };
    expect(await told()).toEqual(sending);
    await write((tx) =>
      submissions.change(tx, id, {
        state: 'rejected',
        at: OPENING + 1_000,
        failure: { code: 'DEPARTMENT_REJECTED', detail: 'The unit is not known.', detailZh: '执收单位不存在。' },
        messageReference: 'MSG1',
      }),
    );
    const rejected = {
      ...sending,
      state: 'REJECTED',
      changedAt: '2026-03-11T09:30:16+08:00',
      reference: 'MSG1',
      failureCode: 'DEPARTMENT_REJECTED',
      failure: 'The unit is not known.',
      failureZh: '执收单位不存在。',
    };
    expect(await told()).toEqual(rejected);
    const { data } = await cases.ask(`{ case(id: "${caseId}") { submissions { ${SUBMISSION} } } }`);
    expect(data.case.submissions).toEqual([rejected]);
    const entities = await cases.entities([{ __typename: 'Submission', id }], 'id state');
    expect(entities.data._entities).toEqual([{ __typename: 'Submission', id, state: 'REJECTED' }]);
  });

  it.each([
    ['done', 'DONE'],
    ['not-sent', 'NOT_SENT'],
    ['unknown', 'UNKNOWN'],
    ['not-done', 'NOT_DONE'],
    ['manual', 'MANUAL'],
  ] as const)('that is %s is %s', async (state, name) => {
    const { submissions, write } = cases.store;
    const kept = { system: 'non-tax', kind: 'notice', caseId: null, operator: 'clerk', input: {}, at: OPENING };
    const id = await write(async (tx) => {
      const added = await submissions.add(tx, kept);
      await submissions.change(tx, added, { state, at: OPENING });
      return added;
    });
    const { data } = await cases.ask(`{ submission(id: "${id}") { state case { id } } }`);
    expect(data.submission).toEqual({ state: name, case: null });
  });

  it('that nobody made is null', async () => {
    expect(await cases.ask('{ submission(id: "nothing") { id } }')).toEqual({ data: { submission: null } });
  });
});

describe('the offices', () => {
  it('are told with their accounts, and none with what belongs to the accounts’ persons', async () => {
    const { data, errors } = await cases.ask(
      '{ offices(level: STREET) { code name division level operators { account name } } all: offices { level } }',
    );
    expect(errors).toBeUndefined();
    expect(data.offices[0]).toEqual({
      code: '11421202MB2B100182',
      name: '温泉街道便民服务中心',
      division: '421202001000',
      level: 'STREET',
      operators: [
        { account: 'clerk', name: '林小满' },
        { account: 'reviewer', name: '高远' },
        { account: 'kiosk', name: '自助终端' },
        { account: 'clerk-zhou', name: ZHOU.name },
      ],
    });
    expect(data.offices.every(({ level }: { level: string }) => level === 'STREET')).toBe(true);
    expect(new Set(data.all.map(({ level }: { level: string }) => level))).toEqual(
      new Set(['DISTRICT', 'STREET', 'TOWN', 'VILLAGE', 'BANK', 'HOSPITAL', 'FUND', 'ONLINE']),
    );
  });
});

describe('an event of a department', () => {
  /** What waits to be told of a case, in order. */
  async function kindsToTell(caseId: string): Promise<string[]> {
    const { tasks, write } = cases.store;
    const kinds: string[] = [];
    for (let later = now + DAY; ; later += DAY) {
      const due = await write((tx) => tasks.take(tx, REPORTS_QUEUE, { limit: 1_000, now: later, leaseMs: 1 }));
      const own = due.find(({ orderKey }) => orderKey === caseId);
      if (!own) return kinds;
      kinds.push(own.kind);
      await write((tx) => tasks.end(tx, own));
    }
  }

  const feeOf = (payCode: string): CaseReport => ({
    kind: 'fee',
    order: {
      rowGuid: payCode,
      version: 1,
      payCode,
      payerName: LI.name,
      items: [{ code: '103042401', name: '公租房租金', standardFen: 8_000, quantity: 1, amountFen: 8_000 }],
      dueDate: '2026-03-31',
    },
  });

  /** Tells it, and waits until the case has followed. */
  async function told(event: Omit<CaseEvent, 'at'>) {
    const { tasks, write } = cases.store;
    await write((tx) => tellCase(tx, tasks, { at: now, ...event }));
    await expect.poll(() => tasks.count(CASES_QUEUE)).toEqual({ waiting: 0, stuck: 0 });
    return (
      await cases.ask(
        `{ case(id: "${event.caseId}") { status steps { name outcome handler } result { type certificateNumber } } }`,
      )
    ).data.case;
  }

  it('brings the case to where it says: acceptance by who acted, the rest by the department', async () => {
    const id = await desk.open(WAYS.S12);
    expect(await told({ caseId: id, kind: 'maternity-checked', operator: 'hospital' })).toMatchObject({
      status: 'IN_PROGRESS',
    });
    const certificate = { name: '结算单', number: 'SETL0001' };
    expect(await told({ caseId: id, kind: 'maternity-settled', operator: null, certificate })).toEqual({
      status: 'CLOSED',
      steps: [
        { name: '申请', outcome: 'AGREED', handler: '陈岚' },
        { name: '受理', outcome: 'ACCEPTED', handler: '陈岚' },
        { name: '审核', outcome: 'AGREED', handler: '部门业务系统' },
        { name: '拨付', outcome: 'AGREED', handler: '部门业务系统' },
        { name: '办结', outcome: 'AGREED', handler: '部门业务系统' },
      ],
      result: { type: 'GRANTED', certificateNumber: 'SETL0001' },
    });
    // Again, and late: nothing.
    const before = await traces();
    await told({ caseId: id, kind: 'maternity-settled', operator: null, certificate });
    await told({ caseId: id, kind: 'maternity-checked', operator: 'hospital' });
    expect(await traces()).toEqual(before);
  });

  it('has the platform told its reports after what it brings the case to', async () => {
    const caseId = await desk.open(WAYS.S01);
    await told({ caseId, kind: 'payment-opened', operator: 'kiosk', reports: [feeOf('42120226000000000001')] });
    const kinds = await kindsToTell(caseId);
    expect(kinds).toEqual(['allot', 'acceptance', 'steps', 'fee']);
  });

  it('that is none of the item’s is reported, and the case stays', async () => {
    const caseId = await desk.open(WAYS.S10);
    expect(
      await told({ caseId, kind: 'payment-opened', operator: 'village', reports: [feeOf('42120226000000000002')] }),
    ).toMatchObject({
      status: 'RECEIVED',
    });
    // The platform would refuse a fee of a case that it does not know.
    expect(await kindsToTell(caseId)).toEqual(['allot']);
    expect(cases.takeFaults()).toHaveLength(2);
  });
});
