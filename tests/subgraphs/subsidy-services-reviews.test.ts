import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Directory, directorySettings } from '../../subgraphs/services/directory.ts';
import { requireAnother } from '../../subgraphs/subsidy/services/desks.ts';
import type { Answer } from './fixture/running-subgraph.ts';
import { APPLICANTS, type Desk, material, openDesk } from './fixture/subsidy-desk.ts';

let desk: Desk;
let next = 0;

beforeAll(async () => {
  desk = await openDesk();
});

afterEach(() => desk.core.reset());

afterAll(() => desk.close());

/** A case with an application that waits for the township of the hukou. */
async function applied() {
  const { caseId, form } = await desk.caseOf(APPLICANTS[next++] as (typeof APPLICANTS)[number]);
  return { caseId, number: await desk.applied(caseId, form) };
}
const refusal = ({ errors }: Answer) => {
  expect(errors).toHaveLength(1);
  const { code, field } = errors?.[0]?.extensions ?? {};
  return { code, field };
};
const monthIn = (months: number) => {
  const date = new Date(Date.now() + 8 * 3_600_000);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
};

describe('a decision', () => {
  it('is for the office on whose desk the application lies, stage by stage', async () => {
    const { caseId } = await applied();
    for (const operator of ['clerk', 'federation', 'civil-affairs', 'village', 'hospital']) {
      expect(refusal(await desk.review(caseId, operator))).toEqual({ code: 'INVALID_INPUT', field: 'input.operator' });
    }
    expect((await desk.review(caseId, 'federation')).errors?.[0]?.message).toContain(
      'the town or street office of 421202100',
    );
    await desk.reviewed(caseId, 'reviewer-100');
    for (const operator of ['reviewer-100', 'civil-affairs', 'finance']) {
      expect(refusal(await desk.review(caseId, operator)).field).toBe('input.operator');
    }
    await desk.reviewed(caseId, 'federation');
    for (const operator of ['reviewer-100', 'federation', 'registry']) {
      expect(refusal(await desk.review(caseId, operator, { startMonth: monthIn(0) })).field).toBe('input.operator');
    }
    await desk.reviewed(caseId, 'civil-affairs', { startMonth: monthIn(0) });
    expect(refusal(await desk.review(caseId, 'civil-affairs', { startMonth: monthIn(0) })).field).toBe('input.caseId');
    expect(desk.asked().LB07).toBe(3);
  });

  it('is not for whoever filed the application', async () => {
    const { caseId } = await applied();
    const answer = await desk.review(caseId, 'clerk-100');
    expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field: 'input.operator' });
    expect(answer.errors?.[0]?.message).toContain('has filed this application');
    expect(desk.asked().LB07).toBeUndefined();
  });

  it('is not for the applicant, whose number the directory knows', () => {
    const [applicant] = APPLICANTS;
    const directory = new Directory(
      directorySettings.parse({
        organisations: [{ code: 'A', name: '某镇', division: '421202100000', level: 'town' }],
        operators: [{ account: 'own', name: '申甲', organisation: 'A', idNumber: applicant?.idNumber }],
      }),
    );
    const own = directory.operator('own');
    expect(() => requireAnother(own, [applicant?.idNumber])).toThrow('nobody handles an application of their own');
    expect(() => requireAnother(own, [APPLICANTS[1]?.idNumber, null, undefined])).not.toThrow();
  });

  it('passes a part: what is rejected is no longer open', async () => {
    const { caseId, number } = await applied();
    const rejections = [{ type: 'NURSING', reason: 'GRADE_NOT_SEVERE' }];
    await desk.reviewed(caseId, 'reviewer-100', { rejections });
    expect(desk.core.ledger.at(-1)).toMatchObject({ kind: 'decided', reference: number, subsidyTypes: ['1'] });
    const both = await desk.review(caseId, 'federation', { types: ['LIVING', 'NURSING'] });
    expect(refusal(both).field).toBe('input.types');
    await desk.reviewed(caseId, 'federation');
    expect(desk.core.ledger.at(-1)).toMatchObject({ stage: '2', subsidyTypes: ['1'] });
  });

  it.each<[string, object, string]>([
    ['without an opinion', { opinion: ' ' }, 'input.opinion'],
    ['that passes nothing', { types: [] }, 'input.types'],
    ['that leaves one undecided', { types: ['LIVING'] }, 'input.types'],
    [
      'that passes what it rejects',
      { types: ['LIVING', 'NURSING'], rejections: [{ type: 'NURSING', reason: 'NO_CARE_NEEDED' }] },
      'input.types',
    ],
    [
      'that rejects twice',
      { rejections: [1, 2].map(() => ({ type: 'NURSING', reason: 'NO_CARE_NEEDED' })) },
      'input.rejections.1.type',
    ],
    [
      'that refuses without a reason for each',
      { decision: 'REFUSE', rejections: [{ type: 'LIVING', reason: 'NOT_IN_HARDSHIP' }] },
      'input.rejections',
    ],
    ['that refuses and names what passes', { decision: 'REFUSE', types: ['LIVING'] }, 'input.types'],
    [
      'that asks for a supplement and rejects',
      { decision: 'ASK_FOR_SUPPLEMENT', rejections: [{ type: 'LIVING', reason: 'NOT_IN_HARDSHIP' }] },
      'input.rejections',
    ],
    ['of the township with a first month', { startMonth: '2026-12' }, 'input.startMonth'],
  ])('%s is refused and nothing is sent', async (_, over, field) => {
    const { caseId } = await once();
    expect(refusal(await desk.review(caseId, 'reviewer-100', over))).toEqual({ code: 'INVALID_INPUT', field });
    expect(desk.asked().LB07).toBeUndefined();
  });

  it('of civil affairs needs a first month, the one after the acceptance at the latest', async () => {
    const { caseId } = await applied();
    await desk.reviewed(caseId, 'reviewer-100');
    await desk.reviewed(caseId, 'federation');
    for (const startMonth of [undefined, monthIn(2)]) {
      const answer = await desk.review(caseId, 'civil-affairs', { startMonth });
      expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field: 'input.startMonth' });
      expect(answer.errors?.[0]?.message).toContain(monthIn(1));
    }
    await desk.reviewed(caseId, 'civil-affairs', { startMonth: monthIn(1) });
  });

  it('needs an application on the case', async () => {
    const { caseId } = await desk.caseOf(APPLICANTS[next++] as (typeof APPLICANTS)[number]);
    for (const answer of [await desk.review(caseId, 'reviewer-100'), await desk.supplement(caseId)]) {
      expect(refusal(answer)).toEqual({ code: 'INVALID_INPUT', field: 'input.caseId' });
    }
  });
});

let kept: ReturnType<typeof applied> | undefined;
/** One application for all that is refused: it stays as it is. */
async function once() {
  kept ??= applied();
  const found = await kept;
  desk.core.reset();
  return found;
}

describe('a supplement', () => {
  it('is asked for, handed in where the application was accepted, and may be asked for again in the same words', async () => {
    const { caseId, number } = await applied();
    expect(refusal(await desk.supplement(caseId)).field).toBe('input.caseId');
    const ask = { decision: 'ASK_FOR_SUPPLEMENT', opinion: '请补正' };
    const events = ['subsidy-submitted'];
    for (const round of [1, 2]) {
      await desk.reviewed(caseId, 'reviewer-100', ask);
      await desk.follows(caseId, [...events, 'subsidy-supplement-asked']);
      expect(refusal(await desk.supplement(caseId, { operator: 'clerk' })).field).toBe('input.operator');
      expect(refusal(await desk.supplement(caseId, { materials: [] })).field).toBe('input.materials');
      const { errors, data } = await desk.supplement(caseId, {
        materials: [material('HOUSEHOLD_REGISTER', { form: 'PAPER' })],
      });
      expect(errors).toBeUndefined();
      expect(data.supplementSubsidyApplication.application.status).toBe('ACCEPTED');
      events.push('subsidy-supplement-asked', 'subsidy-supplemented');
      await desk.follows(caseId, events);
      expect(desk.core.ledger.filter(({ kind }) => kind === 'supplemented').at(-1)).toMatchObject({
        reference: number,
        round,
      });
    }
    expect((await desk.told(caseId)).map(({ operator }) => operator)).toEqual([
      'clerk-100',
      'reviewer-100',
      'clerk-100',
      'reviewer-100',
      'clerk-100',
    ]);
  });
});

describe('an application that is followed', () => {
  it('tells its case nothing twice, however often it is looked at', async () => {
    const { caseId, number } = await applied();
    desk.act('review', { applicationNo: number });
    const events = ['subsidy-submitted', 'subsidy-reviewed'];
    await desk.follows(caseId, events);
    const asked = desk.asked().LB04 ?? 0;
    for (const _ of [1, 2, 3]) {
      const before = desk.asked().LB04 ?? 0;
      await desk.until(async () => expect(desk.asked().LB04).toBeGreaterThan(before), 'subsidy');
    }
    expect(desk.asked().LB04).toBeGreaterThanOrEqual(asked + 3);
    expect(await desk.events(caseId)).toEqual(events);
    expect((await desk.told(caseId))[1]).toMatchObject({ operator: null, explanation: '同意' });
  });

  it('tells its case of a withdrawal and is followed no longer', async () => {
    const { caseId, number } = await applied();
    desk.act('withdraw', { applicationNo: number });
    await desk.follows(caseId, ['subsidy-submitted', 'subsidy-withdrawn']);
    expect(await desk.store.followed.byReference('disability-subsidy', number)).toBeUndefined();
  });
});
