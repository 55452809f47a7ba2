import { type CaseState, type Closing, type RecordedStep, stepToDo } from '../../subgraphs/cases/case-state.ts';
import type { CaseCommand } from '../../subgraphs/cases/commands.ts';
import { type Actor, apply, type CaseChanges, open } from '../../subgraphs/cases/transitions.ts';

export const APPLICANT = 'handle-of-the-applicant';
/** Took the application down. */
export const WINDOW: Actor = { account: 'window-1', resident: null };
/** Reviews and decides. */
export const REVIEWER: Actor = { account: 'reviewer-1', resident: 'handle-of-the-reviewer' };

/** 2026-03-02 09:00 in China. */
export const OPENED_AT = Date.parse('2026-03-02T01:00:00Z');
export const MINUTE = 60_000;

export const ACCEPT = { kind: 'accept' } as const satisfies CaseCommand;
export const REFUSE = { kind: 'refuse', explanation: '不属于受理范围' } as const satisfies CaseCommand;
export const AGREE = { kind: 'completeStep', agree: true } as const satisfies CaseCommand;
export const DISAGREE = {
  kind: 'completeStep',
  agree: false,
  explanation: '不符合条件',
} as const satisfies CaseCommand;
export const ASK = { kind: 'requestSupplement', explanation: '缺身份证复印件' } as const satisfies CaseCommand;
export const SUPPLEMENT = { kind: 'receiveSupplement' } as const satisfies CaseCommand;
export const OVERDUE = { kind: 'supplementOverdue' } as const satisfies CaseCommand;
export const SUSPEND = {
  kind: 'startSpecialProcedure',
  procedure: '4',
  reason: '按规定公示',
} as const satisfies CaseCommand;
export const RESUME = { kind: 'endSpecialProcedure', explanation: '公示无异议' } as const satisfies CaseCommand;
export const GRANT = { kind: 'close', result: '0' } as const satisfies CaseCommand;
export const DENY = { kind: 'close', result: '1', explanation: '不符合条件' } as const satisfies CaseCommand;
export const VOID = { kind: 'void', explanation: '重复申请' } as const satisfies CaseCommand;
export const DELETE = { kind: 'close', result: '3', explanation: '技术错误' } as const satisfies CaseCommand;
export const PASS_UP = { kind: 'passUp', explanation: '报市级办理' } as const satisfies CaseCommand;
export const WITHDRAW = { kind: 'withdraw', explanation: '申请人撤回' } as const satisfies CaseCommand;

/** A case with everything that was recorded of it. */
export interface Course {
  readonly state: CaseState;
  /** As the registry holds them: later records of a number take the place of earlier ones. */
  readonly steps: readonly RecordedStep[];
  readonly closing: Closing | null;
  readonly changes: readonly CaseChanges[];
}

/** A case opened at the window and moved on by commands, a minute apart, all given by `by`. Throws for one that is refused. */
export function course(itemId: string, commands: readonly CaseCommand[], by: Actor = REVIEWER): Course {
  const opened = open(itemId, { applicant: APPLICANT, account: WINDOW.account }, OPENED_AT);
  let state = opened.next;
  const changes = [opened.changes];
  for (const [index, command] of commands.entries()) {
    const applied = apply(state, command, OPENED_AT + (index + 1) * MINUTE, by);
    if (applied.kind === 'refused') throw new Error(`${command.kind}: ${applied.refusal.en}`);
    state = applied.next;
    changes.push(applied.changes);
  }
  return { state, steps: recordedSteps(changes), closing: changes.at(-1)?.closing ?? null, changes };
}

export function recordedSteps(changes: readonly CaseChanges[]): RecordedStep[] {
  const steps = new Map<number, RecordedStep>();
  for (const { steps: written, dropped, lastStep } of changes) {
    if (dropped !== null) steps.delete(dropped);
    for (const step of written) steps.set(step.number, step);
    const last = lastStep && steps.get(lastStep.number);
    if (lastStep && last) steps.set(lastStep.number, { ...last, nodeType: lastStep.nodeType });
  }
  return [...steps.values()].toSorted((one, other) => one.number - other.number);
}

/** Name, action and outcome of each step: what the rules lay down. */
export function outline({ steps }: Pick<Course, 'steps'>): string[] {
  return steps.map(({ name, action, outcome, nodeType }) => `${name} ${nodeType}/${action}/${outcome ?? 'to do'}`);
}

/** The commands that take an item's case, received, to its grant. */
export function grantingCommands(itemId: string): CaseCommand[] {
  const commands: CaseCommand[] = [ACCEPT];
  let { state } = course(itemId, commands);
  for (let step = stepToDo(state); step; step = stepToDo(state)) {
    commands.push({ kind: 'completeStep', agree: true, step: step.name });
    state = course(itemId, commands).state;
  }
  return [...commands.slice(0, commands.length > 1 ? -1 : 1), GRANT];
}
