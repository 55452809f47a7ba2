import { describe, expect, it } from 'vitest';
import { madeDecision } from '../../../adapters/disability-subsidy/messages/decision.ts';
import type { ApplicationProgress, Decision } from '../../../adapters/disability-subsidy/records.ts';

const ASKED: Decision = {
  number: 'LB42120220221008000018',
  stage: '1',
  decision: '3',
  subsidyTypes: [],
  opinion: '请补正',
  reviewer: '王磊',
  reviewedAt: '2022-10-09 10:00:00',
};

/** An application that was asked for a supplement, and got it. */
const supplemented = (askedAt: string): ApplicationProgress => ({
  number: ASKED.number,
  status: '20',
  statusName: '已转户籍地',
  subsidyTypes: ['1'],
  steps: [
    { status: '11', at: askedAt, opinion: ASKED.opinion, handler: ASKED.reviewer },
    { status: '20', at: '2022-10-10 09:00:00', opinion: '第1次补正', handler: '系统' },
  ].map((step, index) => ({ ...step, sequence: index + 1, division: '421202003000', department: '民政办' })),
});

describe('a decision whose answer was lost', () => {
  it('is found where the application has passed on since', () => {
    const state = { number: ASKED.number, status: '20' };
    expect(madeDecision(supplemented('2022-10-09 10:00:00'), ASKED)).toEqual(state);
    expect(madeDecision(supplemented('2022-10-09 10:00:07'), ASKED)).toEqual(state);
  });

  it('is not mistaken for an earlier one in the same words', () => {
    expect(madeDecision(supplemented('2022-10-08 16:30:00'), ASKED)).toBeUndefined();
  });

  it('is found where the application stands where it leads', () => {
    const waiting = { ...supplemented('2022-10-08 16:30:00'), status: '11' };
    expect(madeDecision(waiting, ASKED)).toEqual({ number: ASKED.number, status: '11' });
  });
});
