import { describe, expect, test } from 'vitest';
import { instantFromChina } from '../../adapters/values/china-time.ts';
import type { CaseSeed } from '../../seeds/model.ts';
import { populate } from '../../seeds/population.ts';
import type { CaseState, CaseStatus, StepOutcome } from '../../subgraphs/cases/case-state.ts';
import type { CaseCommand, Move } from '../../subgraphs/cases/commands.ts';
import { fittingMoves } from '../../subgraphs/cases/fitting.ts';
import { ITEM_PROCESSES } from '../../subgraphs/cases/process.ts';
import { TRANSITIONS } from '../../subgraphs/cases/transition-table.ts';
import { apply, open } from '../../subgraphs/cases/transitions.ts';
import golden from '../wire/golden/unified-acceptance/state-transitions.json' with { type: 'json' };
import {
  ACCEPT,
  AGREE,
  APPLICANT,
  ASK,
  course,
  DELETE,
  DENY,
  DISAGREE,
  GRANT,
  grantingCommands,
  MINUTE,
  OPENED_AT,
  OVERDUE,
  outline,
  PASS_UP,
  REFUSE,
  RESUME,
  REVIEWER,
  SUPPLEMENT,
  SUSPEND,
  VOID,
  WINDOW,
  WITHDRAW,
} from './course.ts';

/** S10: 申请→受理→审查→决定. */
const ITEM = 'S10';

/** The commands that bring a case of that item into each status. */
const WAY_TO: Readonly<Record<CaseStatus, readonly CaseCommand[]>> = {
  '1': [],
  '2': [ACCEPT],
  '21': [ACCEPT, ASK],
  '22': [ACCEPT, SUSPEND],
  '3': [ACCEPT, AGREE, GRANT],
  '47': [REFUSE],
  '44': [ACCEPT, DENY],
  '5': [ACCEPT, WITHDRAW],
  '-1': [ACCEPT, VOID],
};

/** What the golden table calls each arrow, as commands with what must come before in that status, and what shows in the record. */
const ARROWS: Readonly<
  Record<string, { before?: CaseCommand[]; command: CaseCommand; outcome?: string; result?: string }[]>
> = {
  'accept nodeResult=4': [{ command: ACCEPT, outcome: '4' }],
  'nodeResult=3': [{ command: REFUSE, outcome: '3', result: '6' }],
  'nodeResult=5': [{ command: ASK, outcome: '5' }],
  'supplement received': [{ command: SUPPLEMENT, outcome: '1' }],
  'supplement overdue: resultType=5': [
    { command: OVERDUE, outcome: '7', result: '5' },
    { command: WITHDRAW, outcome: '7', result: '5' },
  ],
  'special start': [{ command: SUSPEND, outcome: '6' }],
  'special end': [{ command: RESUME, outcome: '1' }],
  'resultType=0': [{ before: [AGREE], command: GRANT, outcome: '1', result: '0' }],
  'resultType=1': [{ command: DENY, outcome: '0', result: '1' }],
  'resultType=4 or 5': [
    { command: PASS_UP, result: '4' },
    { command: WITHDRAW, outcome: '7', result: '5' },
    { command: { kind: 'close', result: '5', explanation: '退件' }, outcome: '7', result: '5' },
  ],
  'resultType=2 or 3': [
    { command: VOID, result: '2' },
    { command: DELETE, result: '3' },
  ],
};

const FORBIDDEN: Readonly<Record<string, readonly CaseCommand[]>> = {
  result: [GRANT, DENY, VOID, DELETE, PASS_UP, WITHDRAW],
  process: [ACCEPT, AGREE, DISAGREE, ASK, SUPPLEMENT, SUSPEND, RESUME],
};

const statusOf = (text: string) => text as CaseStatus;

describe('the golden table', () => {
  const arrows = golden.transitions.flatMap(([from = '', via = '', to = '']) =>
    (ARROWS[via] ?? []).map((arrow) => ({ from, via, to, ...arrow })),
  );

  test('is covered whole', () => {
    expect(golden.transitions.filter(([, via = '']) => !(via in ARROWS))).toEqual([]);
    expect(Object.keys(WAY_TO).toSorted()).toEqual(Object.keys(golden.states).toSorted());
  });

  test.each(arrows)(
    'leads from $from by "$via" ($command.kind) to $to',
    ({ from, to, before = [], command, outcome, result }) => {
      const way = [...WAY_TO[statusOf(from)], ...before];
      expect(course(ITEM, way).state.status).toBe(from);
      const { state, closing, changes } = course(ITEM, [...way, command]);
      expect(state.status).toBe(to);
      expect(changes.at(-1)?.status).toBe(to);
      expect(closing?.type).toBe(result);
      if (outcome) expect(changes.at(-1)?.steps.find((step) => step.outcome !== null)?.outcome).toBe(outcome);
    },
  );

  const forbidden = golden.notAllowed.flatMap(([from = '', what = '']) =>
    (FORBIDDEN[what] ?? []).map((command) => ({ from, what, command })),
  );

  test.each(forbidden)('forbids in $from a $what: $command.kind $command.result', ({ from, command }) => {
    const { state } = course(ITEM, WAY_TO[statusOf(from)]);
    expect(apply(state, command, OPENED_AT + 60 * MINUTE, REVIEWER)).toMatchObject({
      kind: 'refused',
      field: 'caseId',
    });
  });

  test('has every arrow of ours, but the steps taken in progress and the withdrawal while a supplement is waited for', () => {
    const ours = Object.entries(TRANSITIONS).flatMap(([from, moves]) => [
      ...new Set(Object.values(moves).map((to) => `${from} ${to}`)),
    ]);
    const theirs = new Set(golden.transitions.map(([from, , to]) => `${from} ${to}`));
    expect(ours.filter((arrow) => !theirs.has(arrow))).toEqual(['2 2']);
    expect([...theirs].filter((arrow) => !ours.includes(arrow))).toEqual([]);
  });

  test.each(golden.terminal)('lets nothing more happen to a case in %s, and says so', (status) => {
    const { state } = course(ITEM, WAY_TO[statusOf(status)]);
    for (const command of [...Object.values(FORBIDDEN).flat(), OVERDUE, REFUSE]) {
      const applied = apply(state, command, OPENED_AT + 60 * MINUTE, REVIEWER);
      expect(applied).toMatchObject({ kind: 'refused', field: 'caseId' });
      if (applied.kind === 'refused') {
        expect(applied.refusal.en).toContain('Nothing more can be done with it.');
        expect(applied.refusal.zh).toContain('办件已结束，不能再办理。');
      }
    }
  });
});

describe('what is recorded', () => {
  test('opening is the application, where the process has one, and the acceptance to do', () => {
    expect(outline(course('S10', []))).toEqual(['申请 1/1/1', '受理 2/1/to do']);
    expect(outline(course('S03', []))).toEqual(['自助受理 1/1/to do']);
  });

  test('a grant takes every step of the process, each with its action, outcome and node type', () => {
    expect(outline(course('S12', grantingCommands('S12')))).toEqual([
      '申请 1/1/1',
      '受理 2/1/4',
      '审核 2/2/1',
      '拨付 2/5/1',
      '办结 3/6/1',
    ]);
    expect(outline(course('O03', [ACCEPT, GRANT]))).toEqual(['申请 1/1/1', '受理 3/1/4']);
    expect(outline(course('O03', [ACCEPT, AGREE, GRANT]))).toEqual(['申请 1/1/1', '受理 2/1/4', '审核 3/2/1']);
  });

  test('a step ends with who it began for: it started when the one before ended', () => {
    const { steps } = course('S10', [ACCEPT, AGREE]);
    expect(
      steps.map(({ startedAt, endedAt }) => [startedAt, endedAt].map((at) => at && (at - OPENED_AT) / MINUTE)),
    ).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, null],
    ]);
  });

  test('a supplement is asked for by the step to do, comes in as 补正, and the step is done again', () => {
    expect(outline(course('S10', [ACCEPT, ASK]))).toEqual(['申请 1/1/1', '受理 2/1/4', '审查 2/3/5', '补正 2/4/to do']);
    expect(outline(course('S10', [ACCEPT, ASK, SUPPLEMENT, AGREE, GRANT]))).toEqual([
      '申请 1/1/1',
      '受理 2/1/4',
      '审查 2/3/5',
      '补正 2/4/1',
      '审查 2/2/1',
      '决定 3/5/1',
    ]);
    expect(outline(course('O03', [ACCEPT, ASK, SUPPLEMENT, GRANT]))).toEqual([
      '申请 1/1/1',
      '受理 2/1/4',
      '审核 2/3/5',
      '补正 3/4/1',
    ]);
  });

  test('a supplement that was asked for before the acceptance accepts the case when it comes in', () => {
    const { state, steps, changes } = course('S10', [ASK, SUPPLEMENT]);
    expect(outline({ steps })).toEqual(['申请 1/1/1', '受理 2/3/5', '补正 2/4/1', '受理 2/1/4', '审查 2/2/to do']);
    expect(state.acceptedAt).toBe(OPENED_AT + 2 * MINUTE);
    expect(changes.map(({ acceptedAt }) => acceptedAt)).toEqual([null, null, OPENED_AT + 2 * MINUTE]);
    expect(course('S10', [ACCEPT]).changes.at(-1)?.acceptedAt).toBe(OPENED_AT + MINUTE);
  });

  test('a special procedure suspends by the step to do and resumes by a step of its own', () => {
    const { steps, changes } = course('S10', [ACCEPT, SUSPEND, RESUME]);
    expect(outline({ steps })).toEqual(['申请 1/1/1', '受理 2/1/4', '审查 2/7/6', '特别程序 2/8/1', '审查 2/2/to do']);
    expect(changes.map(({ special }) => special)).toEqual([
      null,
      null,
      { kind: 'begun', procedure: '4', name: '公示', reason: '按规定公示', at: OPENED_AT + 2 * MINUTE },
      { kind: 'ended', outcome: '公示无异议', at: OPENED_AT + 3 * MINUTE },
    ]);
    expect(steps[3]).toMatchObject({ startedAt: OPENED_AT + 2 * MINUTE, endedAt: OPENED_AT + 3 * MINUTE });
  });

  test('a refused acceptance is the only step there is where the process begins with it, and no result is reported', () => {
    const { steps, closing } = course('S03', [REFUSE]);
    expect(outline({ steps })).toEqual(['自助受理 4/1/3']);
    expect(closing).toEqual({
      type: '6',
      at: OPENED_AT + MINUTE,
      explanation: '不属于受理范围',
      certificate: null,
      reported: false,
    });
    expect(course('S10', [ACCEPT, DENY]).closing).toMatchObject({
      type: '1',
      explanation: '不符合条件',
      reported: true,
    });
  });

  test('a disagreement leaves only a closing without grant, and is not written twice', () => {
    const { state, steps, changes } = course('S10', [ACCEPT, DISAGREE]);
    expect(outline({ steps })).toEqual(['申请 1/1/1', '受理 2/1/4', '审查 2/2/0']);
    for (const command of [AGREE, GRANT, ASK, SUSPEND]) {
      expect(apply(state, command, OPENED_AT + 9 * MINUTE, REVIEWER).kind).toBe('refused');
    }
    expect(changes.at(-1)?.closing).toBeNull();
    const denied = course('S10', [ACCEPT, DISAGREE, DENY]);
    expect(outline(denied)).toEqual(['申请 1/1/1', '受理 2/1/4', '审查 3/2/0']);
    expect(denied.changes.at(-1)).toMatchObject({ steps: [], lastStep: { number: 3, nodeType: '3' } });
  });

  test('a refusal after the last review of an item that the catalogue ends early is the deciding body’s', () => {
    expect(outline(course('O03', [ACCEPT, AGREE, DENY]))).toEqual([
      '申请 1/1/1',
      '受理 2/1/4',
      '审核 2/2/1',
      '审核 3/5/0',
    ]);
  });

  test('what was to do when a case is void or passed up is never taken', () => {
    for (const command of [VOID, DELETE, PASS_UP]) {
      const { steps, changes } = course('S10', [ACCEPT, command]);
      expect(outline({ steps })).toEqual(['申请 1/1/1', '受理 3/1/4']);
      expect(changes.at(-1)).toMatchObject({ dropped: 3, lastStep: { number: 2, nodeType: '3' } });
    }
    expect(outline(course('S03', [ACCEPT, VOID]))).toEqual(['自助受理 4/1/4']);
  });

  test('an overdue supplement says so where nobody else does', () => {
    const { steps, closing } = course('S10', [ACCEPT, ASK, OVERDUE]);
    expect(outline({ steps }).at(-1)).toBe('补正 3/4/7');
    expect(closing?.explanation).toBe('逾期未补正，退件');
  });

  test('a grant carries its certificate', () => {
    const certificate = { name: '湖北省非税收入电子票据', number: '42010122-0000000017' };
    expect(course('S01', [ACCEPT, { ...GRANT, certificate }]).closing?.certificate).toEqual(certificate);
  });

  test('time never runs back within a case', () => {
    const { state } = course('S10', [ACCEPT]);
    const applied = apply(state, AGREE, OPENED_AT - 5 * MINUTE, REVIEWER);
    expect(applied).toMatchObject({ kind: 'done', changes: { steps: [{ endedAt: OPENED_AT + MINUTE }, {}] } });
  });

  test('nothing of the state before is changed', () => {
    const { state } = course('S10', [ACCEPT]);
    const before = structuredClone(state);
    apply(state, ASK, OPENED_AT + 9 * MINUTE, REVIEWER);
    expect(state).toEqual(before);
  });
});

describe.each(ITEM_PROCESSES)('a case of $itemId $itemName', ({ itemId, steps }) => {
  test('goes through every step of the catalogue to its grant', () => {
    const granted = course(itemId, grantingCommands(itemId));
    expect(granted.state.status).toBe('3');
    expect(granted.steps.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
    expect(granted.steps.map(({ nodeType }) => nodeType)).toEqual(
      steps.map((_, index) => (index === 0 ? '1' : index === steps.length - 1 ? '3' : '2')),
    );
  });
});

test('the cases of the population were laid out by the same rules', () => {
  const { cases } = populate({ seed: 7, residents: 1_500 });
  const granted = new Map(ITEM_PROCESSES.map(({ itemId }) => [itemId, course(itemId, grantingCommands(itemId)).steps]));
  const straight = cases.filter(({ status, steps }) => status === '3' && steps.every(({ name }) => name !== '补正'));
  expect(new Set(straight.map(({ itemId }) => itemId)).size).toBe(ITEM_PROCESSES.length);
  const codes = (
    steps: readonly { name: string; nodeType: string; action: string }[],
    outcome: (index: number) => string,
  ) => steps.map(({ name, nodeType, action }, index) => [name, nodeType, action, outcome(index)]);
  for (const { itemId, steps } of straight) {
    const ours = granted.get(itemId) ?? [];
    expect(codes(ours, (index) => ours[index]?.outcome ?? '')).toEqual(
      codes(steps, (index) => steps[index]?.nodeResult ?? ''),
    );
  }
});

test('the open cases of the population can be moved on to their grant', () => {
  const open = populate({ seed: 7, residents: 1_500 }).cases.filter(({ status }) =>
    ['1', '2', '21', '22'].includes(status),
  );
  expect(new Set(open.map(({ status }) => status)).size).toBe(4);
  for (const seed of open) {
    let state = stateOfSeed(seed);
    for (let turn = 0; state.status !== '3' && turn < 10; turn += 1) {
      const fitting = fittingMoves(state);
      const [, command = GRANT] = ONWARD.find(([move]) => fitting.includes(move)) ?? [];
      const applied = apply(state, command, Date.parse('2026-04-01T01:00:00Z'), REVIEWER);
      if (applied.kind === 'refused') throw new Error(`${seed.itemId} ${seed.status}: ${applied.refusal.en}`);
      state = applied.next;
    }
    expect(state.status).toBe('3');
    const taken = state.steps.filter(({ outcome }) => outcome === '1' || outcome === '4').map(({ name }) => name);
    const process = ITEM_PROCESSES.find(({ itemId }) => itemId === seed.itemId)?.steps ?? [];
    expect(taken.filter((name) => name !== '补正' && name !== '特别程序')).toEqual(process.map(({ name }) => name));
  }
});

/** What brings a case nearer to its grant, the shortest way first. */
const ONWARD: readonly (readonly [Move, CaseCommand])[] = [
  ['accept', ACCEPT],
  ['receiveSupplement', SUPPLEMENT],
  ['endSpecialProcedure', RESUME],
  ['grant', GRANT],
  ['completeStep', AGREE],
];

function stateOfSeed(seed: CaseSeed): CaseState {
  return {
    itemId: seed.itemId,
    status: statusOf(seed.status),
    applicant: APPLICANT,
    openedBy: null,
    appliedAt: instantFromChina(seed.appliedAt),
    acceptedAt: instantFromChina(seed.acceptedAt),
    steps: seed.steps.map(({ number, name, nodeState, nodeResult, startedAt, endedAt }) => ({
      number,
      name,
      outcome: nodeState === '02' ? (nodeResult as StepOutcome) : null,
      startedAt: instantFromChina(startedAt),
      endedAt: nodeState === '02' ? instantFromChina(endedAt) : null,
    })),
  };
}

describe('a refusal', () => {
  const refusal = (itemId: string, way: readonly CaseCommand[], command: CaseCommand, by = REVIEWER) => {
    const applied = apply(course(itemId, way).state, command, OPENED_AT + 60 * MINUTE, by);
    if (applied.kind !== 'refused') throw new Error('was not refused');
    return applied;
  };

  test('says in both languages where the case stands, what fits and which step is to do', () => {
    expect(refusal('S10', [], GRANT)).toEqual({
      kind: 'refused',
      field: 'caseId',
      refusal: {
        en: 'closeCase as GRANTED does not fit: the case is received and not accepted yet. What fits now: acceptCase, refuseCase, requestSupplement; the step to do is 受理.',
        zh: '办件待受理，不能出证办结。当前可办：受理、不予受理、补正告知；待办环节：受理。',
      },
    });
    expect(refusal('S10', [ACCEPT, SUSPEND], AGREE).refusal).toEqual({
      en: 'completeStep does not fit: the case is suspended by a special procedure. What fits now: endSpecialProcedure.',
      zh: '办件特别程序中，不能办理环节。当前可办：结束特别程序。',
    });
  });

  test('meets a grant while steps are to be taken, and a step where none is left', () => {
    expect(refusal('S12', [ACCEPT, AGREE], GRANT).refusal.en).toContain('the step to do is 拨付');
    expect(refusal('S10', [ACCEPT, AGREE, AGREE], AGREE).refusal.en).not.toMatch(/fits now:.*completeStep/);
  });

  test('meets a step that is done already or not to do', () => {
    expect(refusal('S10', [ACCEPT, AGREE], { ...AGREE, step: '审查' })).toMatchObject({
      field: 'step',
      refusal: { en: expect.stringContaining('done already'), zh: expect.stringContaining('待办环节：决定') },
    });
    expect(refusal('S10', [ACCEPT], { ...AGREE, step: '决定' })).toMatchObject({
      field: 'step',
      refusal: { en: expect.stringMatching(/not the step to do.*审查/) },
    });
    expect(refusal('S11', [ACCEPT, AGREE], DISAGREE).field).toBe('agree');
  });

  test.each([
    ['refusal', 'S10', [], { ...REFUSE, explanation: ' ' }],
    ['disagreement', 'S10', [ACCEPT], { kind: 'completeStep', agree: false }],
    ['notice of a supplement', 'S10', [ACCEPT], { ...ASK, explanation: '' }],
    ['suspension', 'S10', [ACCEPT], { ...SUSPEND, reason: '' }],
    ['end of a special procedure', 'S10', [ACCEPT, SUSPEND], { ...RESUME, explanation: '' }],
    ['closing without grant', 'S10', [ACCEPT], { kind: 'close', result: '1' }],
    ['voiding', 'S10', [ACCEPT], { ...VOID, explanation: '' }],
    ['deletion', 'S10', [ACCEPT], { kind: 'close', result: '3' }],
    ['passing up', 'S10', [ACCEPT], { ...PASS_UP, explanation: '' }],
    ['withdrawal', 'S10', [ACCEPT], { ...WITHDRAW, explanation: '' }],
  ] as readonly (readonly [string, string, readonly CaseCommand[], CaseCommand])[])(
    'meets a %s without a reason',
    (_, item, way, command) => {
      expect(refusal(item, way, command).field).toBe('explanation');
    },
  );

  test('meets words that the platform cannot take, counting characters and not their halves', () => {
    expect(refusal('S10', [], { ...REFUSE, explanation: '理'.repeat(2001) }).field).toBe('explanation');
    expect(
      apply(course('S10', []).state, { ...REFUSE, explanation: '𠮷'.repeat(2000) }, OPENED_AT, REVIEWER).kind,
    ).toBe('done');
    expect(
      refusal('S10', [ACCEPT], {
        kind: 'startSpecialProcedure',
        procedure: '9',
        name: '名'.repeat(1001),
        reason: '核对',
      }).field,
    ).toBe('name');
  });

  test('meets a certificate without number or without grant', () => {
    const certificate = { name: '证照', number: ' ' };
    expect(refusal('S01', [ACCEPT], { ...GRANT, certificate }).field).toBe('certificateNumber');
    expect(refusal('S01', [ACCEPT], { ...DENY, certificate: { name: '证照', number: '1' } }).field).toBe(
      'certificateName',
    );
  });

  test('meets whoever applied, for themselves or for another, and names the account', () => {
    const applicant = { account: 'clerk-7', resident: APPLICANT };
    for (const by of [WINDOW, applicant]) {
      for (const [item, way, command] of [
        ['S10', [ACCEPT], AGREE],
        ['S10', [ACCEPT], DISAGREE],
        ['S10', [ACCEPT, AGREE], GRANT],
        ['S10', [ACCEPT], DENY],
        ['O03', [ACCEPT], GRANT],
      ] as const) {
        const { field, refusal: told } = refusal(item, way, command, by);
        expect(field).toBe('operator');
        expect(told.en).toContain(by.account ?? '');
        expect(told.zh).toContain(by.account ?? '');
        expect(told.en + told.zh).not.toContain(APPLICANT);
      }
    }
  });

  test('does not meet whoever took the application down for what is the window’s: acceptance, supplements, delivery, withdrawal', () => {
    for (const [item, way, command] of [
      ['S10', [], ACCEPT],
      ['S10', [], REFUSE],
      ['S10', [ACCEPT], ASK],
      ['S10', [ACCEPT, ASK], SUPPLEMENT],
      ['S10', [ACCEPT], WITHDRAW],
      ['S03', [ACCEPT], GRANT],
    ] as const) {
      expect(apply(course(item, way).state, command, OPENED_AT + 60 * MINUTE, WINDOW).kind).toBe('done');
    }
  });

  test('meets an item that the catalogue does not have', () => {
    expect(() => open('S14', { applicant: APPLICANT, account: null }, OPENED_AT)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
