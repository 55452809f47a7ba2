import { describe, expect, test } from 'vitest';
import type { CaseState } from '../../subgraphs/cases/case-state.ts';
import type { CaseCommand } from '../../subgraphs/cases/commands.ts';
import { FLOWS, type Followed, follow } from '../../subgraphs/cases/flows.ts';
import { processOf } from '../../subgraphs/cases/process.ts';
import type { CaseChanges } from '../../subgraphs/cases/transitions.ts';
import type { CaseEventKind } from '../../subgraphs/services/case-events.ts';
import { ACCEPT, ASK, course, MINUTE, OPENED_AT, outline, recordedSteps, SUSPEND, VOID, WINDOW } from './course.ts';

/** The events of each item's way to its grant, in order. */
const WAYS: Readonly<Record<string, readonly CaseEventKind[]>> = {
  S01: ['payment-opened', 'payment-paid', 'receipt-issued'],
  S03: ['proof-requested', 'proof-issued'],
  S07: ['filing-recorded'],
  S08: ['filing-recorded'],
  S09: ['filing-recorded'],
  S10: ['chronic-filed', 'chronic-reviewed', 'chronic-decided'],
  S11: ['referral-filed'],
  S12: ['maternity-checked', 'maternity-admitted', 'maternity-fees-uploaded', 'maternity-trial', 'maternity-settled'],
  O03: ['subsidy-submitted', 'subsidy-reviewed', 'subsidy-approved'],
};

const CANCELLING: Readonly<Record<string, readonly CaseEventKind[]>> = {
  S01: ['payment-voided', 'payment-expired'],
  S07: ['filing-cancelled'],
  S08: ['filing-cancelled'],
  S09: ['filing-cancelled'],
  S10: ['chronic-cancelled'],
  S11: ['referral-cancelled'],
  S12: ['maternity-cancelled'],
};

/** What else a department may tell. */
const ELSEWHERE: Readonly<Record<string, readonly CaseEventKind[]>> = {
  S10: ['chronic-refused'],
  O03: ['subsidy-supplement-asked', 'subsidy-supplemented', 'subsidy-refused', 'subsidy-withdrawn', 'subsidy-paid'],
};

interface Followable {
  readonly state: CaseState;
  readonly changes: readonly CaseChanges[];
}

/** A case as events of its department moved it, minute by minute. */
function followed(itemId: string, events: readonly CaseEventKind[], before: readonly CaseCommand[] = []): Followable {
  const { state: first, changes: opening } = course(itemId, before);
  let state = first;
  const changes = [...opening];
  for (const [index, kind] of events.entries()) {
    const outcome = tell(state, kind, index);
    if (outcome.kind === 'unchanged') continue;
    state = outcome.next;
    changes.push(...outcome.moves.map((move) => move.changes));
  }
  return { state, changes };
}

function tell(state: CaseState, kind: CaseEventKind, index = 30): Followed {
  return follow(state, { kind, at: OPENED_AT + (30 + index) * MINUTE, operator: WINDOW.account }, WINDOW);
}

const ways = Object.entries(WAYS).map(([itemId, events]) => ({ itemId, events }));

describe.each(ways)('the flow of $itemId', ({ itemId, events }) => {
  const process = processOf(itemId);
  const names = process.steps.map(({ name }) => name);

  test('reaches every step of the catalogue and ends with the case closed', () => {
    const { state, changes } = followed(itemId, events);
    const steps = recordedSteps(changes);
    expect(state.status).toBe('3');
    expect(steps.map(({ name }) => name)).toEqual(itemId === 'O03' ? [...names, '审核'] : names);
    expect(steps.map(({ nodeType }) => nodeType)).toEqual(
      steps.map((_, index) => (index === 0 ? '1' : index === steps.length - 1 ? '3' : '2')),
    );
    expect(changes.at(-1)?.closing?.type).toBe('0');
  });

  test('comes to the same end when only its last event is told', () => {
    const { state } = followed(itemId, events.slice(-1));
    expect(state.status).toBe('3');
    expect(state.steps.map(({ name }) => name)).toEqual(names);
  });

  test('is not moved by an event that comes again, and says why', () => {
    for (let told = 1; told < events.length; told += 1) {
      const { state } = followed(itemId, events.slice(0, told));
      for (const again of events.slice(0, told)) {
        const outcome = tell(state, again);
        expect(outcome).toMatchObject({ kind: 'unchanged' });
        if (outcome.kind === 'unchanged') {
          expect(outcome.because).toBe(FLOWS[itemId]?.[again]?.to === 'as-it-is' ? 'as-it-is' : 'again');
          expect(outcome.why.en).not.toBe('');
          expect(outcome.why.zh).toMatch(/\p{Script=Han}/u);
        }
      }
    }
  });

  test('is not moved by any event once the case has ended', () => {
    const { state } = followed(itemId, events);
    for (const kind of Object.keys(FLOWS[itemId] ?? {}) as CaseEventKind[]) {
      expect(tell(state, kind)).toMatchObject({ kind: 'unchanged', because: 'ended', why: { zh: '办件已办结。' } });
    }
    const voided = course(itemId, [ACCEPT, VOID]).state;
    expect(tell(voided, events.at(-1) ?? 'payment-paid')).toMatchObject({ because: 'ended' });
  });

  test('goes on where a supplement or a special procedure was not waited for', () => {
    for (const waiting of [[ASK], [ACCEPT, ASK], ...(itemId === 'S01' ? [] : [[ACCEPT, SUSPEND]])]) {
      const { state, changes } = followed(itemId, events, waiting);
      expect(state.status).toBe('3');
      expect(recordedSteps(changes).every(({ outcome }) => outcome !== null)).toBe(true);
    }
  });

  test('leaves an event of another department for a person to look at', () => {
    const stranger: CaseEventKind = itemId === 'S03' ? 'payment-paid' : 'proof-issued';
    expect(tell(course(itemId, []).state, stranger)).toMatchObject({ kind: 'unchanged', because: 'unfit' });
  });
});

test('flows are those of the items that stand on the five systems, and have no event but theirs', () => {
  expect(Object.keys(FLOWS).toSorted()).toEqual(Object.keys(WAYS).toSorted());
  for (const [itemId, flow] of Object.entries(FLOWS)) {
    expect(Object.keys(flow).toSorted()).toEqual(
      [...(WAYS[itemId] ?? []), ...(CANCELLING[itemId] ?? []), ...(ELSEWHERE[itemId] ?? [])].toSorted(),
    );
  }
});

test('a chronic disease that is not recognised ends the case without grant', () => {
  const { state, changes } = followed('S10', ['chronic-filed', 'chronic-reviewed', 'chronic-refused']);
  expect(state.status).toBe('44');
  expect(changes.at(-1)?.closing).toMatchObject({ type: '1', explanation: '不符合病种待遇认定条件' });
});

describe.each(Object.entries(CANCELLING).flatMap(([itemId, kinds]) => kinds.map((kind) => ({ itemId, kind }))))(
  '$kind of $itemId',
  ({ itemId, kind }) => {
    test('closes an accepted case as returned, with a reason', () => {
      const { state, changes } = followed(itemId, [kind], [ACCEPT]);
      expect(state.status).toBe('5');
      expect(changes.at(-1)?.closing).toMatchObject({ type: '5', explanation: expect.stringMatching(/退件$/) });
    });

    test('of a case that was never accepted is for a person to look at', () => {
      expect(tell(course(itemId, []).state, kind)).toMatchObject({ kind: 'unchanged', because: 'unfit' });
    });

    test('returns a case that waits, too', () => {
      expect(followed(itemId, [kind], [ACCEPT, ASK]).state.status).toBe('5');
      expect(followed(itemId, [kind], [ACCEPT, SUSPEND]).state.status).toBe('5');
    });
  },
);

describe('who gives the commands of a flow', () => {
  test('is the operator for the acceptance, and the department’s system for what follows', () => {
    const outcome = tell(course('S07', []).state, 'filing-recorded');
    if (outcome.kind === 'unchanged') throw new Error(outcome.why.en);
    expect(outcome.moves.map(({ command, by }) => [command.kind, by.account])).toEqual([
      ['accept', WINDOW.account],
      ['completeStep', null],
      ['close', null],
    ]);
  });

  test('is the department alone where nobody of ours acted', () => {
    const outcome = follow(course('S01', []).state, { kind: 'payment-opened', at: OPENED_AT, operator: null });
    expect(outcome).toMatchObject({ kind: 'done', moves: [{ by: { account: null } }] });
  });
});

describe('the flow of O03', () => {
  test('asks for a supplement, takes it and goes on to both bodies', () => {
    const { state, changes } = followed('O03', [
      'subsidy-submitted',
      'subsidy-supplement-asked',
      'subsidy-supplement-asked',
      'subsidy-supplemented',
      'subsidy-supplemented',
      'subsidy-reviewed',
      'subsidy-approved',
      'subsidy-paid',
    ]);
    expect(state.status).toBe('3');
    expect(outline({ steps: recordedSteps(changes) })).toEqual([
      '申请 1/1/1',
      '受理 2/1/4',
      '审核 2/3/5',
      '补正 2/4/1',
      '审核 3/2/1',
    ]);
  });

  test('ends without grant when either body refuses', () => {
    const events = ['subsidy-submitted', 'subsidy-refused'] as const;
    expect(outline({ steps: recordedSteps(followed('O03', events).changes) }).at(-1)).toBe('审核 3/2/0');
    const later = followed('O03', ['subsidy-submitted', 'subsidy-reviewed', 'subsidy-refused']);
    expect(later.state.status).toBe('44');
    expect(later.changes.at(-1)?.closing).toMatchObject({ type: '1', explanation: '不符合补贴条件' });
  });

  test('tells the department’s own words and papers', () => {
    const { state } = followed('O03', ['subsidy-submitted']);
    const certificate = { name: '残疾人两项补贴资格', number: 'LB42120220260302000001' };
    const granted = follow(state, {
      kind: 'subsidy-approved',
      at: OPENED_AT + MINUTE,
      operator: null,
      explanation: '准予发放',
      certificate,
    });
    if (granted.kind === 'unchanged') throw new Error(granted.why.en);
    expect(granted.moves.at(-1)?.changes.closing).toMatchObject({ explanation: '准予发放', certificate });
  });
});

describe('an event that does not fit', () => {
  test('is for a person to look at, with the rule’s own words', () => {
    const { state } = course('S10', [ACCEPT, { kind: 'completeStep', agree: false, explanation: '不符合条件' }]);
    expect(tell(state, 'chronic-decided')).toMatchObject({
      kind: 'unchanged',
      because: 'unfit',
      why: { en: expect.stringContaining('What fits now') },
    });
  });

  test('changes nothing at all, also where its first commands would have fitted', () => {
    const event = { kind: 'filing-recorded', at: OPENED_AT, operator: null } as const;
    const { state } = course('S07', []);
    expect(follow(state, { ...event, explanation: '备'.repeat(2001) })).toMatchObject({ because: 'unfit' });
    expect(follow(state, { ...event, explanation: '备'.repeat(2000) })).toMatchObject({ kind: 'done' });
  });
});
