import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../adapters/database/store.ts';
import { FAULT_KINDS, type FaultKind } from '../../adapters/simulator/core.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { CASES_QUEUE, tellCase } from '../../subgraphs/services/case-events.ts';
import {
  type AcceptancePlatform,
  expectAgreement,
  FULL_LIFE,
  FULL_LIFE_TOLD,
  type Life,
  ledgerOf,
  live,
  openAcceptancePlatform,
  openReporting,
  type Reporting,
  reportingOf,
  runAcceptance,
  untilTold,
} from './fixture/acceptance-platform.ts';
import { CHILD, DAY, deskOf, GUARDIAN, MINUTE, newKey, OPENING, refusalOf, WAYS } from './fixture/case-desk.ts';
import { REPORTING } from './fixture/case-handling.ts';
import { caseOf } from './fixture/case-records.ts';
import { LI } from './fixture/people.ts';
import {
  coversPartOfItsSchema,
  openStoreInMemory,
  type RunningSubgraph,
  runSubgraph,
} from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

let platform: AcceptancePlatform;
let reporting: Reporting;
/** What all of them together have been asked. */
let covered: RunningSubgraph | undefined;

beforeEach(async () => {
  platform = await openAcceptancePlatform();
  reporting = await openReporting(platform);
});

afterEach(async () => {
  const { acceptance } = reporting;
  if (covered) covered.coverage.add(acceptance.coverage);
  else covered = acceptance;
  await reporting.close();
  await platform.close();
  expect([...acceptance.faults, ...reporting.cases.faults]).toEqual([]);
});

coversPartOfItsSchema(() => covered ?? reporting.acceptance, REPORTING);

const CLOSE = (operator: string, result: string, explanation?: string) =>
  ['closeCase', operator, { result, ...(explanation && { explanation }) }] as const;

const LIVES: Readonly<Record<string, Life & { status: string }>> = {
  'promised and granted at its three places': {
    application: { ...WAYS.S04, materials: [{ name: '户口簿' }] },
    turns: [
      ['acceptCase', 'village'],
      ['completeStep', 'clerk', { agree: true }, DAY],
      ['closeCase', 'civil-affairs', { result: 'GRANTED', certificateName: '特困证', certificateNumber: 'TK1' }, DAY],
    ],
    status: 'CLOSED',
  },
  'handled on the spot at a machine': {
    application: WAYS.S01,
    turns: [
      ['acceptCase', 'kiosk', {}, 0],
      ['closeCase', 'finance', { result: 'GRANTED' }, 0],
    ],
    status: 'CLOSED',
  },
  'a referral granted in one go': {
    application: WAYS.S11,
    turns: [
      ['acceptCase', 'hospital', {}, 0],
      ['completeStep', 'hospital-reviewer', { agree: true }, 0],
      ['closeCase', 'hospital-reviewer', { result: 'GRANTED' }, 0],
    ],
    status: 'CLOSED',
  },
  'of five steps': {
    application: WAYS.S12,
    turns: [
      ['acceptCase', 'hospital'],
      ['completeStep', 'medical-security', { agree: true }],
      ['completeStep', 'medical-security', { agree: true }],
      CLOSE('medical-security', 'GRANTED'),
    ],
    status: 'CLOSED',
  },
  'with the further review of an item that ends with its acceptance': {
    application: WAYS.O03,
    turns: [['acceptCase', 'clerk'], ['completeStep', 'reviewer', { agree: true }], CLOSE('civil-affairs', 'GRANTED')],
    status: 'CLOSED',
  },
  'granted right after its acceptance': {
    application: WAYS.O03,
    turns: [['acceptCase', 'clerk'], CLOSE('reviewer', 'GRANTED')],
    status: 'CLOSED',
  },
  'whose acceptance is refused': {
    application: { ...WAYS.S10, materials: [{ name: '病历' }] },
    turns: [['refuseCase', 'village', { explanation: '不属于受理范围' }]],
    status: 'NOT_ACCEPTED',
  },
  'that waits for a supplement before its acceptance': {
    application: WAYS.S10,
    turns: [
      ['requestSupplement', 'village', { explanation: '缺病历' }],
      ['receiveSupplement', 'village', { explanation: '已补' }, 30 * DAY],
      ['completeStep', 'medical-security', { agree: true }],
      CLOSE('medical-security', 'GRANTED'),
    ],
    status: 'CLOSED',
  },
  'that waits for supplements twice after its acceptance': {
    application: WAYS.S10,
    turns: [
      ['acceptCase', 'village'],
      ['requestSupplement', 'medical-security', { explanation: '缺病历' }],
      ['receiveSupplement', 'village', {}, 3 * DAY],
      ['requestSupplement', 'medical-security', { explanation: '病历不清' }],
      ['receiveSupplement', 'village', {}, 5 * DAY],
      ['completeStep', 'medical-security', { agree: true }],
      CLOSE('medical-security', 'GRANTED'),
    ],
    status: 'CLOSED',
  },
  'withdrawn while it waits for a supplement': {
    application: WAYS.S10,
    turns: [
      ['acceptCase', 'village'],
      ['requestSupplement', 'medical-security', { explanation: '缺病历' }],
      ['withdrawCase', 'village', { explanation: '不再申请' }, 3 * DAY],
    ],
    status: 'CLOSED_ABNORMALLY',
  },
  'returned before its acceptance, since its supplement is overdue': {
    application: WAYS.O03,
    turns: [
      ['requestSupplement', 'clerk', { explanation: '缺残疾人证' }],
      ['closeCase', 'clerk', { result: 'RETURNED', explanation: '逾期未补正' }, 10 * DAY],
    ],
    status: 'CLOSED_ABNORMALLY',
  },
  'suspended by two special procedures': {
    application: WAYS.S04,
    turns: [
      ['acceptCase', 'village'],
      ['startSpecialProcedure', 'clerk', { procedure: 'PUBLIC_NOTICE', name: '公示', reason: '按规定' }],
      ['endSpecialProcedure', 'clerk', { explanation: '无异议' }, 7 * DAY],
      ['startSpecialProcedure', 'clerk', { procedure: 'HEARING', name: '听证', reason: '有异议' }],
      ['endSpecialProcedure', 'clerk', { explanation: '维持' }, 7 * DAY],
      ['completeStep', 'clerk', { agree: true }],
      CLOSE('civil-affairs', 'GRANTED'),
    ],
    status: 'CLOSED',
  },
  'disagreed with and not granted': {
    application: WAYS.S10,
    turns: [
      ['acceptCase', 'village'],
      ['completeStep', 'medical-security', { agree: false, explanation: '不符合标准' }],
      CLOSE('medical-security', 'NOT_GRANTED', '不符合标准'),
    ],
    status: 'NOT_GRANTED',
  },
  'not granted at once': {
    application: WAYS.O03,
    turns: [['acceptCase', 'clerk'], CLOSE('reviewer', 'NOT_GRANTED', '不符合条件')],
    status: 'NOT_GRANTED',
  },
  'withdrawn in progress': {
    application: WAYS.S04,
    turns: [
      ['acceptCase', 'village'],
      ['withdrawCase', 'village', { explanation: '不再申请' }],
    ],
    status: 'CLOSED_ABNORMALLY',
  },
  void: {
    application: WAYS.S10,
    turns: [['acceptCase', 'village'], CLOSE('medical-security', 'VOID', '重复申请')],
    status: 'VOID',
  },
  deleted: {
    application: WAYS.O03,
    turns: [['acceptCase', 'clerk'], CLOSE('reviewer', 'DELETED', '录入有误')],
    status: 'VOID',
  },
  'passed up': {
    application: WAYS.S10,
    turns: [['acceptCase', 'village'], CLOSE('medical-security', 'PASSED_UP', '转上级办理')],
    status: 'CLOSED_ABNORMALLY',
  },
  'closed after its promise': {
    application: WAYS.O03,
    turns: [
      ['acceptCase', 'clerk'],
      ['closeCase', 'reviewer', { result: 'GRANTED' }, 40 * DAY],
    ],
    status: 'CLOSED',
  },
  'of an applicant of fifty rare characters': {
    application: { ...WAYS.O03, applicant: { idNumber: LI.idNumber, name: '𠮷'.repeat(50) } },
    turns: [['acceptCase', 'clerk'], CLOSE('reviewer', 'GRANTED')],
    status: 'CLOSED',
  },
};

describe('the platform is told of a case', () => {
  it.each(Object.entries(LIVES))('%s, and agrees', async (_, life) => {
    const { acceptance, desk } = reporting;
    const id = await live(desk, platform, life, (unfinished) => untilTold(acceptance, [unfinished]));
    await untilTold(acceptance, [id]);
    const { status } = await expectAgreement(reporting, id);
    expect(status).toBe(life.status);
    const told = await ledgerOf(platform, reporting.store, id);
    expect(told.slice(0, 2)).toEqual(['case-allotted', 'case-accepted']);
    expect(platform.core.ledger.filter(({ kind }) => kind === 'case-allotted')).toHaveLength(1);
  });

  it('after every single turn, and agrees each time', async () => {
    const { desk, acceptance } = reporting;
    const id = await desk.open(FULL_LIFE.application);
    for (const [mutation, operator, more] of FULL_LIFE.turns) {
      platform.later(MINUTE);
      await desk.do(mutation, id, operator, more);
      await untilTold(acceptance, [id]);
      await expectAgreement(reporting, id);
    }
    expect(await ledgerOf(platform, reporting.store, id)).toEqual(FULL_LIFE_TOLD);
  });

  it('by all that its application said', async () => {
    const line = await tapLine(platform.address);
    const tapped = await openReporting(platform, { url: line.url });
    const id = await live(tapped.desk, platform, FULL_LIFE);
    await untilTold(tapped.acceptance, [id]);
    const sent = line.requests.flatMap((body) => {
      const { baseInfo, postdata } = JSON.parse(body.toString('utf8')).param;
      return [...(baseInfo ?? []), ...(postdata ?? [])];
    });
    expect(sent.find(({ applyerName }) => applyerName)).toMatchObject({
      applyerName: CHILD.name,
      applyerPageType: '111',
      applyerPageCode: CHILD.idNumber,
      contactName: GUARDIAN.name,
      contactCode: GUARDIAN.idNumber,
      contactMobile: '13800000001',
      projectType: '2',
      applyType: '0',
      handleUserName: '田秀英',
      promiseTimeLimit: 15,
      promiseTimeUnit: '1',
    });
    expect(sent.filter(({ materialName }) => materialName)).toMatchObject([
      { materialName: '居民身份证', getType: '0', getNum: '1' },
      { materialName: '申请表', getType: '3', getNum: '2' },
    ]);
    expect(sent.find(({ resultType }) => resultType)).toMatchObject({
      resultType: '0',
      resultCertName: '认定书',
      resultCertNo: 'MB1',
      orgName: '咸安区医疗保障局',
    });
    expect(sent.filter(({ specialType }) => specialType)).toMatchObject([
      { specialType: '4', specialName: '张榜公示', specialReason: '按规定公示', endTime: '' },
      { specialType: '4', endTime: expect.stringMatching(/^2026-/), result: '公示无异议' },
    ]);
    await tapped.close();
    await line.close();
  });
});

describe('each fault of the platform, at every message', () => {
  const MESSAGES = ['alloc', 'accept', 'material', 'process', 'special', 'result'] as const;
  const TASKS = ['allot', 'acceptance', 'materials', 'steps', 'special-procedure', 'result'];
  /** An answer that comes twice, and one in a character set in which these answers are the same. */
  const HARMLESS: readonly FaultKind[] = ['duplicate-answer', 'wrong-charset'];
  const kinds = (Object.keys(FAULT_KINDS) as FaultKind[]).filter(
    (kind) => kind !== 'delay' && kind !== 'refuse-connection',
  );

  it.each(kinds)('%s is got over, and every record is there once, in order', async (kind) => {
    const { store, acceptance, desk } = reporting;
    for (const match of MESSAGES) {
      // A signature that is refused is made anew at once: twice is a failure. An answer sent twice is none.
      platform.core.addFault({
        match,
        kind,
        times: kind === 'expired-secret' || kind === 'bad-signature' ? 2 : 1,
        delayMs: 2_500,
      });
    }
    const id = await live(desk, platform, FULL_LIFE);
    await untilTold(acceptance, [id]);
    expect(platform.core.faults).toEqual([]);
    expect(await ledgerOf(platform, store, id)).toEqual(FULL_LIFE_TOLD);
    expect(platform.core.ledger.filter((entry) => entry.kind === 'case-allotted')).toHaveLength(1);
    await expectAgreement(reporting, id);
    const faults = acceptance.takeFaults();
    expect(faults.map(({ place }) => place)).toEqual(
      HARMLESS.includes(kind) ? [] : TASKS.map((task) => `acceptance ${task}`),
    );
    for (const { error, place } of faults) {
      expect(error).toBeInstanceOf(CasegraphError);
      expect(`${place} ${error.message}`).not.toMatch(
        new RegExp([CHILD.name, CHILD.idNumber, GUARDIAN.name, GUARDIAN.idNumber, '13800000001'].join('|')),
      );
    }
  });
});

describe('a fee that a department’s event tells', () => {
  it.each(['drop-before-work', 'drop-after-work', 'busy', 'garbage'] as const)(
    'is attached to its case once, between acceptance and result, also after %s',
    async (kind) => {
      const { desk, store, acceptance } = reporting;
      const { tasks, write } = store;
      platform.core.addFault({ match: 'fee', kind, times: 1 });
      const caseId = await desk.open(WAYS.S01);
      const payCode = '42120226000000000001';
      const items = [{ code: '103042401', name: '公租房租金', standardFen: 8_000, quantity: 1, amountFen: 8_000 }];
      const order = {
        rowGuid: `fee-${payCode}`,
        version: 1,
        payCode,
        payerName: LI.name,
        items,
        dueDate: '2026-03-31',
      };
      await write(async (tx) => {
        const at = platform.core.now();
        await tellCase(tx, tasks, {
          caseId,
          kind: 'payment-opened',
          at,
          operator: 'kiosk',
          reports: [{ kind: 'fee', order }],
        });
        const certificate = { name: '电子票据', number: 'EP1' };
        await tellCase(tx, tasks, { caseId, kind: 'receipt-issued', at, operator: null, certificate });
      });
      await expect.poll(() => tasks.count(CASES_QUEUE)).toEqual({ waiting: 0, stuck: 0 });
      await untilTold(acceptance, [caseId]);
      expect(await ledgerOf(platform, store, caseId)).toEqual([
        'case-allotted',
        'case-accepted',
        'process-reported 1',
        'fee-reported',
        'process-reported 2',
        'result-reported',
      ]);
      expect((await expectAgreement(reporting, caseId)).status).toBe('CLOSED');
      expect(acceptance.takeFaults()).toMatchObject([{ place: 'acceptance fee' }]);
    },
  );
});

describe('a process that dies when the platform has taken a message and before it is noted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-reporting-'));
  let files = 0;
  const keys = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    'case-allotted',
    'case-accepted',
    'material-reported',
    'process-reported',
    'special-reported',
    'result-reported',
  ])('after %s: the next one goes on, and nothing is told twice', async (kind) => {
    files += 1;
    const path = join(folder, `${files}.sqlite`);
    const first = await openStore({ path, ...keys });
    const cases = await runSubgraph('cases', {}, { clock: platform.core.now, store: first });
    const id = await live(deskOf(cases), platform, FULL_LIFE);
    await cases.stop();
    const isTold = () => platform.core.ledger.some((entry) => entry.kind === kind);
    // Once the platform has it, nothing this process writes comes to be any more.
    const dead = Promise.withResolvers<never>();
    const dying: Store = { ...first, write: (work) => (isTold() ? dead.promise : first.write(work)) };
    await runAcceptance(platform, dying);
    await expect.poll(isTold).toBe(true);
    await expect.poll(() => platform.core.calls.total).toBeGreaterThan(0);
    await first.close();

    const second = await openStore({ path, ...keys });
    const next = await openReporting(platform, { store: second });
    await untilTold(next.acceptance, [id]);
    expect(await ledgerOf(platform, second, id)).toEqual(FULL_LIFE_TOLD);
    expect(platform.core.ledger.filter((entry) => entry.kind === 'case-allotted')).toHaveLength(1);
    await expectAgreement(next, id);
    await next.close();
  });

  it('and one that only hangs finds its task taken over when it comes back', async () => {
    const store = await openStoreInMemory();
    const cases = await runSubgraph('cases', {}, { clock: platform.core.now, store });
    const id = await live(deskOf(cases), platform, FULL_LIFE);
    const hung = Promise.withResolvers<void>();
    let hanging = 0;
    // The number is allotted there; what is to be written of it here waits.
    const slow: Store = {
      ...store,
      async write(work) {
        if (hanging === 0 && platform.core.ledger.length > 0) {
          hanging += 1;
          await hung.promise;
        }
        return store.write(work);
      },
    };
    const slowOne = await runAcceptance(platform, slow);
    await expect.poll(() => hanging).toBe(1);
    // Its lease ends.
    platform.later(3 * MINUTE);
    const other = await runAcceptance(platform, store);
    await untilTold(other, [id]);
    const told = await ledgerOf(platform, store, id);
    const [before] = await store.registry.casesById([id]);
    hung.resolve();
    await slowOne.stop();
    expect(told).toEqual(FULL_LIFE_TOLD);
    expect(await store.registry.casesById([id])).toEqual([before]);
    expect(await ledgerOf(platform, store, id)).toEqual(FULL_LIFE_TOLD);
    expect(slowOne.faults).toEqual([]);
    await other.stop();
    await cases.stop();
    await store.close();
  });
});

describe('an outage of the platform', () => {
  it('leaves the cases to go on; then all is told, each case in its order', async () => {
    const { acceptance, store } = reporting;
    platform.core.addFault({ kind: 'refuse-connection' });
    const ids = await Promise.all(
      [FULL_LIFE, FULL_LIFE, LIVES['promised and granted at its three places'], FULL_LIFE].map((life) =>
        live(reporting.desk, platform, life as Life),
      ),
    );
    await expect
      .poll(() => reportingOf(acceptance, ids[0] as string))
      .toMatchObject({
        upToDate: false,
        stuck: false,
        lastFailure: expect.stringMatching(/^DEPARTMENT_UNREACHABLE unified-acceptance/),
      });
    const waiting = (await acceptance.ask('{ reportingBacklog { waiting stuck } }')).data.reportingBacklog;
    expect(waiting.stuck).toBe(0);
    expect(waiting.waiting).toBeGreaterThan(30);
    const { data } = await reporting.cases.ask(`{ case(id: "${ids[0]}") { number status } }`);
    expect(data.case).toEqual({ number: null, status: 'CLOSED' });

    platform.core.clearFaults();
    platform.later(10 * MINUTE);
    await untilTold(acceptance, ids);
    for (const id of ids) await expectAgreement(reporting, id);
    for (const index of [0, 1, 3])
      expect(await ledgerOf(platform, store, ids[index] as string)).toEqual(FULL_LIFE_TOLD);
    expect((await acceptance.ask('{ reportingBacklog { waiting stuck } }')).data.reportingBacklog).toEqual({
      waiting: 0,
      stuck: 0,
    });
    expect(acceptance.takeFaults().length).toBeGreaterThan(0);
  });
});

describe('a record that the platform refuses', () => {
  const resume = (acceptance: RunningSubgraph, caseId: string, idempotencyKey: string | undefined = newKey()) =>
    acceptance.ask(
      'mutation ($input: ResumeCaseReportingInput!) { resumeCaseReporting(input: $input) { resumed case { id } } }',
      { input: { caseId, operator: 'clerk', idempotencyKey } },
    );

  it('stops its case only, which shows the code; it goes on when it is resumed', async () => {
    // What the platform answers to a step is altered for as long as it is not put right.
    let refusing: string | null = null;
    const line = await tapLine(platform.address, (answer) => {
      if (refusing === null || !answer.includes('"accepted":1,"rejected":[]')) return answer;
      return Buffer.from(
        JSON.stringify({
          head: { code: '200', message: 'success' },
          body: { accepted: 0, rejected: [{ rowGuid: refusing, code: '2102', message: '不符合要求' }] },
        }),
      );
    });
    const { desk, acceptance, store, cases, close } = await openReporting(platform, { url: line.url });
    const id = await desk.open(WAYS.S10);
    await desk.do('acceptCase', id, 'village');
    await untilTold(acceptance, [id]);

    refusing = `${id}-s3`;
    await desk.do('completeStep', id, 'medical-security', { agree: true });
    await desk.do('closeCase', id, 'medical-security', { result: 'GRANTED' });
    await expect
      .poll(() => reportingOf(acceptance, id))
      .toEqual({ upToDate: false, waiting: 3, stuck: true, lastFailure: 'unified-acceptance 2102' });
    refusing = null;

    const other = await desk.open(WAYS.S11);
    await desk.do('acceptCase', other, 'hospital');
    await untilTold(acceptance, [other]);
    expect(await reportingOf(acceptance, id)).toMatchObject({ stuck: true, waiting: 3 });
    expect((await acceptance.ask('{ reportingBacklog { waiting stuck } }')).data.reportingBacklog).toEqual({
      waiting: 3,
      stuck: 1,
    });

    const key = newKey();
    const resumed = { data: { resumeCaseReporting: { resumed: 1, case: { id } } } };
    expect(await resume(acceptance, id, key)).toEqual(resumed);
    await untilTold(acceptance, [id]);
    expect(await resume(acceptance, id, key)).toEqual(resumed);
    expect((await resume(acceptance, id)).data.resumeCaseReporting.resumed).toBe(0);
    await expectAgreement({ cases, acceptance, store }, id);
    await ledgerOf(platform, store, id);
    expect(acceptance.takeFaults()).toHaveLength(1);
    reporting.acceptance.coverage.add(acceptance.coverage);
    await close();
    await line.close();
  });

  it('again after it was resumed is stuck again', async () => {
    const { desk, acceptance, store } = reporting;
    const id = await desk.open(WAYS.S10);
    await desk.do('acceptCase', id, 'village');
    await untilTold(acceptance, [id]);
    const [{ number: projectNo } = { number: null }] = await store.registry.casesById([id]);
    platform.later(MINUTE);
    platform.acts.close?.run({ projectNo, resultType: '0' });
    await desk.do('completeStep', id, 'medical-security', { agree: true });
    const stuck = { upToDate: false, waiting: 1, stuck: true, lastFailure: 'unified-acceptance 2203' };
    await expect.poll(() => reportingOf(acceptance, id)).toEqual(stuck);
    expect((await resume(acceptance, id)).data.resumeCaseReporting.resumed).toBe(1);
    await expect.poll(() => acceptance.faults.length).toBe(2);
    await expect.poll(() => reportingOf(acceptance, id)).toEqual(stuck);
    acceptance.takeFaults();
  });

  it('is resumed of a case that is there, by an account that is there, under a key', async () => {
    const { acceptance } = reporting;
    expect(refusalOf(await resume(acceptance, 'no-such-case'))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'input.caseId',
    });
    const nobody = await acceptance.ask(
      'mutation { resumeCaseReporting(input: { caseId: "x", operator: "nobody", idempotencyKey: "12345678" }) { resumed } }',
    );
    expect(refusalOf(nobody)).toMatchObject({ code: 'INVALID_INPUT', field: 'input.operator' });
    const keyless = await acceptance.ask(
      'mutation { resumeCaseReporting(input: { caseId: "x", operator: "clerk" }) { resumed } }',
    );
    expect(refusalOf(keyless)).toMatchObject({ code: 'INVALID_INPUT', field: 'input.idempotencyKey' });
  });
});

describe('a number', () => {
  it('is allotted when the platform’s clock has caught up with ours', async () => {
    const { core } = platform;
    const ahead = () => core.now() + 5_000;
    const store = await openStoreInMemory();
    const cases = await runSubgraph('cases', {}, { clock: ahead, store });
    const acceptance = await runAcceptance(platform, store, { clock: ahead });
    const id = await deskOf(cases).open(WAYS.S10);
    await expect.poll(() => acceptance.faults.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(await reportingOf(acceptance, id)).toMatchObject({
      stuck: false,
      lastFailure: 'DEPARTMENT_REJECTED unified-acceptance 2105',
    });
    platform.later(MINUTE);
    await untilTold(acceptance, [id]);
    expect(core.ledger.map(({ kind }) => kind)).toEqual(['case-allotted']);
    acceptance.takeFaults();
    await acceptance.stop();
    await cases.stop();
    await store.close();
  });

  it('is allotted on the next day when those of the day are used up', async () => {
    const full = await openAcceptancePlatform({ cases: [caseOf('O03', '2026-03-11', 9_999)] });
    const { desk, acceptance, store, close } = await openReporting(full);
    const id = await desk.open(WAYS.O03);
    await desk.do('acceptCase', id, 'clerk');
    const used = { upToDate: false, stuck: false, lastFailure: 'DEPARTMENT_REJECTED unified-acceptance 2204' };
    await expect.poll(() => reportingOf(acceptance, id)).toMatchObject(used);
    full.later(10 * MINUTE);
    // It is not asked again on that day.
    const other = await desk.open(WAYS.S11);
    await untilTold(acceptance, [other]);
    expect(full.core.calls.calls).toEqual({ alloc: 2 });
    full.later(Date.parse('2026-03-12T00:02:00+08:00') - OPENING);
    await untilTold(acceptance, [id]);
    const [{ number } = { number: null }] = await store.registry.casesById([id]);
    expect(number).toMatch(/202603120001$/);
    expect(acceptance.takeFaults()).toHaveLength(1);
    await close();
    await full.close();
  });

  it('is never one that another case has, though a platform that was set back gives it again', async () => {
    const store = await openStoreInMemory();
    const clock = () => platform.core.now();
    const cases = await runSubgraph('cases', {}, { clock, store });
    const before = await runAcceptance(platform, store, { clock });
    const desk = deskOf(cases);
    const first = await Promise.all([desk.open(WAYS.S10), desk.open(WAYS.S10)]);
    await untilTold(before, first);
    await before.stop();
    const setBack = await openAcceptancePlatform();
    const acceptance = await runAcceptance(setBack, store, { clock });
    const third = await desk.open(WAYS.S10);
    await untilTold(acceptance, [third]);
    const numbers = (await store.registry.casesById([...first, third])).map(({ number }) => number?.slice(-4));
    expect(numbers.toSorted()).toEqual(['0001', '0002', '0003']);
    expect(setBack.core.calls.calls).toEqual({ alloc: 3 });
    await acceptance.stop();
    await cases.stop();
    await store.close();
    await setBack.close();
  });
});
