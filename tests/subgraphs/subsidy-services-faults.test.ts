import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chinaCompactDate } from '../../adapters/values/china-time.ts';
import { leaveToAPerson, saidOf } from './fixture/left-to-a-person.ts';
import type { Answer } from './fixture/running-subgraph.ts';
import { APPLICANTS, type Desk, openCase, openDesk, SETTLE } from './fixture/subsidy-desk.ts';

let desk: Desk;
let next = 0;

beforeAll(async () => {
  desk = await openDesk();
});

afterEach(() => desk.core.reset());

afterAll(() => desk.close());

const nextCase = () => desk.caseOf(APPLICANTS[next++] as (typeof APPLICANTS)[number]);
const errorOf = ({ errors }: Answer) => {
  expect(errors).toHaveLength(1);
  return errors?.[0]?.extensions ?? {};
};
const submitted = () => desk.core.ledger.filter(({ kind }) => kind === 'application-submitted').length;

describe('an application whose answer is lost', () => {
  it('after the work was done is asked for under its serial, and found', async () => {
    const { caseId, form } = await nextCase();
    desk.core.addFault({ match: 'LB03', kind: 'drop-after-work', times: 1 });
    await desk.applied(caseId, form);
    expect([submitted(), desk.asked().LB03]).toEqual([1, 2]);
  });

  it.each(['drop-after-work', 'drop-before-work', 'garbage', 'truncate'] as const)(
    'by %s every time has no known outcome until the system answers again; then it is there once',
    async (kind) => {
      const { caseId, form } = await nextCase();
      desk.core.addFault({ match: 'LB03', kind, times: 2 });
      const error = errorOf(await desk.apply(caseId, form));
      expect(error).toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        department: 'disability-subsidy',
        submission: expect.any(String),
      });
      expect(await desk.submissionState(error.submission)).toBe('unknown');
      expect(errorOf(await desk.apply(caseId, form)).code).toBe('OUTCOME_UNKNOWN');
      const other = errorOf(await desk.apply(caseId, { ...form, idempotencyKey: randomUUID() }));
      expect(other).toMatchObject({ code: 'INVALID_INPUT', field: 'input.caseId' });
      await desk.until(async () => expect(await desk.submissionState(error.submission)).toBe('done'), SETTLE);
      expect(submitted()).toBe(1);
      const { data, errors } = await desk.apply(caseId, form);
      expect(errors).toBeUndefined();
      expect(data.applyForSubsidy).toMatchObject({
        submission: { id: error.submission },
        application: { status: 'ACCEPTED' },
      });
      expect(await desk.events(caseId)).toEqual(['subsidy-submitted']);
    },
  );

  it('and that the system then refuses was not done, and may be made again', async () => {
    const { caseId, form } = await nextCase();
    desk.core.addFault({ match: 'LB03', kind: 'drop-before-work', times: 2 });
    const { submission } = errorOf(await desk.apply(caseId, form));
    const { idNumber } = APPLICANTS[next - 1] as (typeof APPLICANTS)[number];
    desk.act('lapse-certificate', { certNo: `${idNumber}42` });
    await desk.until(async () => expect(await desk.submissionState(submission)).toBe('not-done'), SETTLE);
    expect(errorOf(await desk.apply(caseId, form))).toMatchObject({ code: 'INVALID_INPUT', field: 'input.types.0' });
    expect([submitted(), await desk.events(caseId)]).toEqual([0, []]);
  });
});

describe('an application that was not taken', () => {
  it('leaves its key free: the same request may be made again', async () => {
    const { caseId, form } = await nextCase();
    desk.core.addFault({ match: 'LB03', kind: 'busy', times: 1 });
    expect(errorOf(await desk.apply(caseId, form)).code).toBe('DEPARTMENT_BUSY');
    expect(submitted()).toBe(0);
    expect(await desk.events(caseId)).toEqual([]);
    const [only] = (await desk.store.submissions.ofCases([caseId])).get(caseId) ?? [];
    expect(only?.state).toBe('not-sent');
    await desk.applied(caseId, form);
    expect(submitted()).toBe(1);
  });

  it.each(['LB01', 'LB02'])('because %s has no answer is not kept at all', async (match) => {
    const { caseId, form } = await nextCase();
    desk.core.addFault({ match, kind: 'garbage' });
    expect(errorOf(await desk.apply(caseId, form)).code).toBe('DEPARTMENT_PROTOCOL');
    expect((await desk.store.submissions.ofCases([caseId])).size).toBe(0);
  });

  it('is answered once, though the answer comes twice or late', async () => {
    for (const kind of ['duplicate-answer', 'late-answer'] as const) {
      const { caseId, form } = await nextCase();
      desk.core.addFault({ match: 'LB03', kind, times: 1, delayMs: 20 });
      await desk.applied(caseId, form);
      expect(await desk.events(caseId)).toEqual(['subsidy-submitted']);
    }
    expect(submitted()).toBe(2);
  });
});

describe('the same request', () => {
  it('again has the same answer and no second effect, also when it could not be made any more', async () => {
    const { caseId, form } = await nextCase();
    const first = await desk.apply(caseId, form);
    const again = await desk.apply(caseId, form);
    expect(again.errors).toBeUndefined();
    expect(again).toEqual(first);
    expect([submitted(), desk.asked().LB03]).toEqual([1, 1]);
    const other = errorOf(await desk.apply(caseId, { ...form, phone: '13900000009' }));
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('twice at once is filed once', async () => {
    const { caseId, form } = await nextCase();
    const answers = await Promise.all([desk.apply(caseId, form), desk.apply(caseId, form)]);
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'done').sort();
    expect(codes[1]).toBe('done');
    expect(['IN_PROGRESS', 'done']).toContain(codes[0]);
    expect(submitted()).toBe(1);
  });

  it('with two keys at once is filed once', async () => {
    const { caseId, form } = await nextCase();
    const answers = await Promise.all([1, 2].map(() => desk.apply(caseId, { ...form, idempotencyKey: randomUUID() })));
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    expect(submitted()).toBe(1);
    expect(await desk.events(caseId)).toEqual(['subsidy-submitted']);
  });
});

describe('a decision and a supplement whose answers are lost', () => {
  const apply = async () => {
    const { caseId, form } = await nextCase();
    await desk.applied(caseId, form);
    return caseId;
  };

  it.each(['drop-after-work', 'drop-before-work'] as const)('by %s are settled: made once', async (kind) => {
    const caseId = await apply();
    const ask = { decision: 'ASK_FOR_SUPPLEMENT', opinion: '请补正' };
    // Once it is looked for, and found or sent again: an answer that is lost twice needs the worker.
    desk.core.addFault({ match: 'LB07', kind, times: kind === 'drop-before-work' ? 2 : 1 });
    const answer = await desk.review(caseId, 'reviewer-100', ask);
    expect(answer.errors === undefined).toBe(kind === 'drop-after-work');
    if (kind === 'drop-before-work') {
      const { code, submission } = errorOf(answer);
      expect(code).toBe('OUTCOME_UNKNOWN');
      await desk.until(async () => expect(await desk.submissionState(submission)).toBe('done'), SETTLE);
    }
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-supplement-asked']);

    desk.core.addFault({ match: 'LB05', kind, times: 2 });
    const { submission } = errorOf(await desk.supplement(caseId));
    expect(errorOf(await desk.supplement(caseId)).field).toBe('input.caseId');
    await desk.until(async () => expect(await desk.submissionState(submission)).toBe('done'), SETTLE);
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-supplement-asked', 'subsidy-supplemented']);
    const effects = desk.core.ledger.map((entry) => entry.kind).filter((one) => one !== 'application-submitted');
    expect(effects).toEqual(['decided', 'supplemented']);
  });
});

describe('a write that was left to a person', () => {
  it('is done when the system says so too: a decision and a supplement; of an application nobody can say so', async () => {
    const { store, core } = desk;
    const left = async (answer: Answer) => {
      const { submission } = errorOf(answer);
      await leaveToAPerson(store, submission, core.now());
      return submission;
    };
    const { caseId, form } = await nextCase();
    core.addFault({ match: 'LB03', kind: 'drop-after-work', times: 2 });
    const applying = await left(await desk.apply(caseId, form));
    expect(await saidOf(store, applying, 'done', core.now())).toBe('refused');
    expect(await saidOf(store, applying, 'not-done', core.now())).toBe('applied');
    const again = await nextCase();
    await desk.applied(again.caseId, again.form);
    core.addFault({ match: 'LB07', kind: 'drop-before-work', times: 2 });
    const reviewer = 'reviewer-100';
    const ask = { decision: 'ASK_FOR_SUPPLEMENT', opinion: '请补正' };
    const deciding = await left(await desk.review(again.caseId, reviewer, ask));
    expect(await saidOf(store, deciding, 'done', core.now())).toBe('refused');
    expect(await saidOf(store, deciding, 'not-done', core.now())).toBe('applied');
    expect((await desk.review(again.caseId, reviewer, ask)).errors).toBeUndefined();
    core.addFault({ match: 'LB05', kind: 'drop-after-work', times: 2 });
    const supplementing = await left(await desk.supplement(again.caseId));
    expect(await saidOf(store, supplementing, 'done', core.now())).toBe('applied');
  });
});

describe('a process that died between sending and recording', () => {
  it('is found out about by the next one: what was filed is not filed again', async () => {
    let id = '';
    const clientSerial = randomUUID();
    const [applicant] = APPLICANTS as [(typeof APPLICANTS)[number]];
    let caseId = '';
    const later = await openDesk({
      async fill(store) {
        caseId = await openCase(store, applicant);
        id = await store.write(async (tx) => {
          const at = Date.now();
          return store.submissions.add(tx, {
            system: 'disability-subsidy',
            kind: 'subsidy-application',
            caseId,
            operator: 'clerk-100',
            input: sent(clientSerial, applicant),
            at,
          });
        });
      },
    });
    try {
      await later.until(async () => expect(await later.submissionState(id)).toBe('done'), SETTLE);
      expect(later.core.ledger).toMatchObject([{ kind: 'application-submitted', clientSerial }]);
      expect(await later.events(caseId)).toEqual(['subsidy-submitted']);
    } finally {
      await later.close();
    }
  });
});

describe('a number that the system gives anew after it lost its register', () => {
  it('belongs to the case that it was given to last', async () => {
    const reference = `LB421202${chinaCompactDate(Date.now())}000001`;
    const later = await openDesk({
      async fill(store) {
        const caseId = await openCase(store, APPLICANTS[0] as (typeof APPLICANTS)[number]);
        const stale = { system: 'disability-subsidy', reference, caseId, told: 5, pauseMs: 1 };
        await store.write((tx) => store.followed.follow(tx, stale));
      },
    });
    try {
      const { caseId, form } = await later.caseOf(APPLICANTS[1] as (typeof APPLICANTS)[number]);
      expect(await later.applied(caseId, form)).toBe(reference);
      expect(await later.store.followed.byReference('disability-subsidy', reference)).toMatchObject({ caseId });
      later.act('review', { applicationNo: reference });
      await later.follows(caseId, ['subsidy-submitted', 'subsidy-reviewed']);
    } finally {
      await later.close();
    }
  });
});

/** An application as it is kept before it is sent. */
function sent(clientSerial: string, { idNumber, name }: (typeof APPLICANTS)[number]) {
  return {
    clientSerial,
    mode: '1',
    acceptDivision: '421202100000',
    hukouDivision: '421202100000',
    residenceDivision: '421202100003',
    subsidyTypes: ['1'],
    applicant: { idNumber, name, nation: '01', phone: '13800000001', address: '示例路1号（虚构）' },
    certificate: { number: `${idNumber}42`, category: '4', grade: '2' },
    household: { hukouType: '2', economicStatus: '1', dibaoNumber: '42120220200315001' },
    exclusions: { specialHardship: false, orphan: false, workInjuryNursing: false, elderlyNursing: false },
    bank: { code: '105', name: '建设银行', accountName: name, account: '6217995270007654320' },
    agent: null,
    materials: [],
  };
}
