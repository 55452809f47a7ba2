import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaseFile, type CaseStatus as PlatformStatus } from '../../adapters/unified-acceptance/simulator/case-file.ts';
import { chinaDateTime } from '../../adapters/values/china-time.ts';
import type { CaseState, RecordedStep } from '../../subgraphs/cases/case-state.ts';
import type { CaseCommand } from '../../subgraphs/cases/commands.ts';
import { pausesOf } from '../../subgraphs/cases/pauses.ts';
import { ITEM_PROCESSES } from '../../subgraphs/cases/process.ts';
import { type Actor, apply, type CaseChanges, open } from '../../subgraphs/cases/transitions.ts';
import {
  ACCEPT,
  AGREE,
  APPLICANT,
  ASK,
  DELETE,
  DENY,
  DISAGREE,
  GRANT,
  MINUTE,
  OPENED_AT,
  OVERDUE,
  PASS_UP,
  REFUSE,
  RESUME,
  REVIEWER,
  recordedSteps,
  SUPPLEMENT,
  SUSPEND,
  VOID,
  WINDOW,
  WITHDRAW,
} from './course.ts';

const COMMANDS: readonly CaseCommand[] = [
  ACCEPT,
  REFUSE,
  AGREE,
  DISAGREE,
  ASK,
  SUPPLEMENT,
  OVERDUE,
  SUSPEND,
  RESUME,
  GRANT,
  DENY,
  VOID,
  DELETE,
  PASS_UP,
  WITHDRAW,
];

/** What moves a case on comes more often, so that cases grow long before they end. */
const command = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(ACCEPT, AGREE, ASK, SUPPLEMENT, SUSPEND, RESUME) },
  { weight: 1, arbitrary: fc.constantFrom(...COMMANDS) },
);
const attempt = fc.record({
  command,
  by: fc.constantFrom<Actor>(REVIEWER, REVIEWER, WINDOW),
  later: fc.integer({ min: -5, max: 90 }),
});
const item = fc.constantFrom(...ITEM_PROCESSES.map(({ itemId }) => itemId));

/** The platform's own file of the case, as its simulator keeps it: it refuses what it does not take. */
class Platform {
  readonly file = new CaseFile('a case', {
    password: '000000',
    taskCode: '',
    taskName: '',
    applicantName: '',
    applicantDocument: '',
    acceptedAt: chinaDateTime(OPENED_AT),
    promiseDate: '',
  });
  readonly #known = new Map<number, RecordedStep>();

  /** In the order that `CaseChanges` lays down. */
  report(changes: CaseChanges): void {
    if (changes.special?.kind === 'ended') this.file.resume('special');
    for (const step of changes.steps) {
      if (step.outcome === null) continue;
      this.file.addStep(platformStep(step), OPENED_AT);
      this.#known.set(step.number, step);
    }
    if (changes.special?.kind === 'begun') this.file.suspend('special');
    const last = changes.lastStep && this.#known.get(changes.lastStep.number);
    if (changes.lastStep) {
      if (!last) throw new Error('the last step was never reported');
      this.file.replaceStep(platformStep({ ...last, nodeType: changes.lastStep.nodeType }), OPENED_AT);
    }
    if (changes.closing?.reported) {
      this.file.close({ type: changes.closing.type, at: chinaDateTime(changes.closing.at) }, OPENED_AT);
    }
  }
}

function platformStep(step: RecordedStep) {
  return {
    rowGuid: `step ${step.number}`,
    number: step.number,
    name: step.name,
    nodeType: step.nodeType,
    nodeState: '02',
    nodeResult: step.outcome ?? '',
    action: step.action,
    startedAt: chinaDateTime(step.startedAt),
    endedAt: chinaDateTime(step.endedAt ?? step.startedAt),
  };
}

function expectWhole(state: CaseState, steps: readonly RecordedStep[]): void {
  expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
  expect(steps.map(({ name, outcome }) => ({ name, outcome }))).toEqual(
    state.steps.map(({ name, outcome }) => ({ name, outcome })),
  );
  expect(steps.slice(0, -1).every(({ outcome }) => outcome !== null)).toBe(true);
  const moments = steps.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt ?? startedAt]);
  expect(moments).toEqual(moments.toSorted((one, other) => one - other));
  const running = pausesOf(state.steps).filter(({ to }) => to === null);
  expect(running).toHaveLength(state.status === '21' || state.status === '22' ? 1 : 0);
}

function expectClosed(steps: readonly RecordedStep[]): void {
  expect(steps.every(({ outcome }) => outcome !== null)).toBe(true);
  expect(steps.map(({ nodeType }) => nodeType)).toEqual(
    steps.map((_, index) => (steps.length === 1 ? '4' : index === 0 ? '1' : index === steps.length - 1 ? '3' : '2')),
  );
}

describe('whatever is done with a case, in whatever order', () => {
  test('the platform takes what is reported of it and comes to the same status, and the record stays whole', () => {
    const statuses = new Set<PlatformStatus>();
    fc.assert(
      fc.property(item, fc.array(attempt, { minLength: 1, maxLength: 25 }), (itemId, attempts) => {
        const opened = open(itemId, { applicant: APPLICANT, account: WINDOW.account }, OPENED_AT);
        const platform = new Platform();
        const changes = [opened.changes];
        platform.report(opened.changes);
        let state = opened.next;
        let at = OPENED_AT;
        for (const each of attempts) {
          at += each.later * MINUTE;
          const applied = apply(state, each.command, at, each.by);
          if (applied.kind === 'refused') {
            expect(applied.refusal.en).not.toBe('');
            expect(applied.refusal.zh).toMatch(/\p{Script=Han}/u);
            continue;
          }
          state = applied.next;
          changes.push(applied.changes);
          platform.report(applied.changes);
          expect(platform.file.status).toBe(state.status);
          expectWhole(state, recordedSteps(changes));
        }
        statuses.add(platform.file.status);
        if (platform.file.isClosed) expectClosed(recordedSteps(changes));
      }),
      { numRuns: 1_500 },
    );
    expect([...statuses].toSorted()).toEqual(['-1', '1', '2', '21', '22', '3', '44', '47', '5']);
  });
});
