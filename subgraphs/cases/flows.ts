import { CASE_STATUS, RESULT_TYPE } from '../case-codes.ts';
import type { Refusal } from '../invalid-input.ts';
import type { CaseEvent, CaseEventKind } from '../services/case-events.ts';
import { type CaseState, type CaseStatus, isAccepted, isClosed, isTaken, remainingSteps } from './case-state.ts';
import type { CaseCommand } from './commands.ts';
import { STATUS_NAMES } from './fitting.ts';
import { type Actor, apply, type CaseChanges } from './transitions.ts';

/** What an event of a department brings a case to. */
export type Goal =
  /** Accepted; by whoever acted at the department. */
  | { readonly to: 'accepted' }
  /** Every step up to this one of the process taken. */
  | { readonly to: 'step'; readonly step: string }
  /** Every step taken and closed with a grant. */
  | { readonly to: 'granted' }
  | { readonly to: 'not-granted'; readonly words: string }
  /** Closed as returned: what was applied for was taken back. */
  | { readonly to: 'returned'; readonly words: string }
  | { readonly to: 'waiting-for-supplement'; readonly words: string }
  | { readonly to: 'supplement-received' }
  /** Nothing: the event is one of the course, and the case goes on with a later one. */
  | { readonly to: 'as-it-is' };

export type Flow = Readonly<Partial<Record<CaseEventKind, Goal>>>;

const ACCEPTED: Goal = { to: 'accepted' };
const GRANTED: Goal = { to: 'granted' };
const AS_IT_IS: Goal = { to: 'as-it-is' };
const returned = (words: string): Goal => ({ to: 'returned', words });

const FILING: Flow = { 'filing-recorded': GRANTED, 'filing-cancelled': returned('备案已撤销，退件') };

/** The items that stand on a department's system, and what its events do to their cases. The others are moved by hand. */
export const FLOWS: Readonly<Record<string, Flow>> = {
  S01: {
    'payment-opened': ACCEPTED,
    // What ends the case is the receipt; until then the payment is the department's.
    'payment-paid': AS_IT_IS,
    'receipt-issued': GRANTED,
    'payment-voided': returned('缴款通知书已作废，退件'),
    'payment-expired': returned('缴款通知书逾期未缴，退件'),
  },
  S03: { 'proof-requested': ACCEPTED, 'proof-issued': GRANTED },
  S07: FILING,
  S08: FILING,
  S09: FILING,
  S10: {
    'chronic-filed': ACCEPTED,
    'chronic-reviewed': { to: 'step', step: '审查' },
    'chronic-decided': GRANTED,
    'chronic-refused': { to: 'not-granted', words: '不符合病种待遇认定条件' },
    'chronic-cancelled': returned('病种备案已撤销，退件'),
  },
  S11: { 'referral-filed': GRANTED, 'referral-cancelled': returned('转诊备案已撤销，退件') },
  S12: {
    'maternity-checked': ACCEPTED,
    'maternity-admitted': AS_IT_IS,
    'maternity-fees-uploaded': AS_IT_IS,
    'maternity-trial': AS_IT_IS,
    // 就医结算时直接审核拨付: review, payment and end are the settlement's.
    'maternity-settled': GRANTED,
    'maternity-cancelled': returned('生育医疗费结算已撤销，退件'),
  },
  O03: {
    'subsidy-submitted': ACCEPTED,
    'subsidy-supplement-asked': { to: 'waiting-for-supplement', words: '材料不齐，请补正' },
    'subsidy-supplemented': { to: 'supplement-received' },
    'subsidy-reviewed': { to: 'step', step: '审核' },
    'subsidy-approved': GRANTED,
    'subsidy-refused': { to: 'not-granted', words: '不符合补贴条件' },
    'subsidy-withdrawn': returned('补贴申请已撤回，退件'),
    // Granted is the end; months are paid for as long as the right lasts.
    'subsidy-paid': AS_IT_IS,
  },
};

/** The department's own system: what it tells of needs no account of ours. */
const DEPARTMENT: Actor = { account: null, resident: null };

/** What an event came to. */
export type Followed =
  | { readonly kind: 'done'; readonly next: CaseState; readonly moves: readonly FlowMove[] }
  | {
      readonly kind: 'unchanged';
      /** `again` and `ended` are the same event twice or late; `as-it-is` is none of the case's steps; `unfit` is for a person to look at. */
      readonly because: 'again' | 'ended' | 'as-it-is' | 'unfit';
      readonly why: Refusal;
    };

/** One command that an event gave, with who gave it and what it changed; in order. */
export interface FlowMove {
  readonly command: CaseCommand;
  readonly by: Actor;
  readonly changes: CaseChanges;
}

/**
 * Brings a case to where an event of a department says it is: the missing steps are taken one by one, all of them or none. Acceptance is
 * the act of whoever acted at the department; what follows is the department's own. Where the department went on without waiting for a
 * supplement or the end of a special procedure, so does the case. An event that comes again, or after the case has ended, changes
 * nothing.
 *
 * @param operator Who acted (`event.operator`), as an actor; the department where nobody of ours did.
 */
export function follow(state: CaseState, event: Omit<CaseEvent, 'caseId'>, operator: Actor = DEPARTMENT): Followed {
  const goal = FLOWS[state.itemId]?.[event.kind];
  if (!goal) {
    return unchanged('unfit', {
      en: `${event.kind} is no event of the item ${state.itemId}.`,
      zh: `${event.kind} 不是事项${state.itemId}的业务事件。`,
    });
  }
  if (isClosed(state.status)) {
    const { en, zh } = STATUS_NAMES[state.status];
    return unchanged('ended', { en: `The case is ${en}.`, zh: `办件${zh}。` });
  }
  if (goal.to === 'as-it-is') {
    return unchanged('as-it-is', { en: 'No step of the case depends on it.', zh: '办件环节不因此变动。' });
  }
  if (isReached(state, goal)) {
    return unchanged('again', { en: 'The case is there already.', zh: '办件已到达该环节。' });
  }
  return run(state, commandsTo(goal, state, event), event.at, operator);
}

function run(state: CaseState, commands: readonly CaseCommand[], at: number, operator: Actor): Followed {
  const moves: FlowMove[] = [];
  let next = state;
  for (const command of commands) {
    const by = command.kind === 'accept' ? operator : DEPARTMENT;
    const applied = apply(next, command, at, by);
    if (applied.kind === 'refused') return unchanged('unfit', applied.refusal);
    moves.push({ command, by, changes: applied.changes });
    next = applied.next;
  }
  return { kind: 'done', next, moves };
}

function isReached(state: CaseState, goal: Goal): boolean {
  switch (goal.to) {
    case 'accepted':
      return isAccepted(state);
    case 'step':
      return isTaken(state, goal.step);
    case 'waiting-for-supplement':
      return state.status === CASE_STATUS.WAITING_FOR_SUPPLEMENT;
    case 'supplement-received':
      return state.status !== CASE_STATUS.WAITING_FOR_SUPPLEMENT;
    default:
      return false;
  }
}

function commandsTo(goal: Goal, state: CaseState, event: Omit<CaseEvent, 'caseId'>): readonly CaseCommand[] {
  const words = event.explanation === undefined ? {} : { explanation: event.explanation };
  switch (goal.to) {
    case 'accepted':
      return accepting(state);
    case 'step':
      return [...accepting(state), ...goingOn(state.status), ...agreeing(stepsThrough(state, goal.step), words)];
    case 'granted': {
      const close: CaseCommand = {
        kind: 'close',
        result: RESULT_TYPE.GRANTED,
        ...words,
        ...(event.certificate && { certificate: event.certificate }),
      };
      return [...accepting(state), ...goingOn(state.status), ...agreeing(laterSteps(state).slice(0, -1)), close];
    }
    case 'not-granted': {
      const explanation = event.explanation ?? goal.words;
      return [
        ...accepting(state),
        ...goingOn(state.status),
        { kind: 'close', result: RESULT_TYPE.NOT_GRANTED, explanation },
      ];
    }
    case 'returned':
      return [
        ...(state.status === CASE_STATUS.SUSPENDED ? goingOn(state.status) : []),
        { kind: 'withdraw', explanation: event.explanation ?? goal.words },
      ];
    case 'waiting-for-supplement':
      return [...goingOn(state.status), { kind: 'requestSupplement', explanation: event.explanation ?? goal.words }];
    case 'supplement-received':
      return [{ kind: 'receiveSupplement', ...words }];
    case 'as-it-is':
      return [];
  }
}

function accepting({ status }: CaseState): readonly CaseCommand[] {
  return status === CASE_STATUS.RECEIVED ? [{ kind: 'accept' }] : [];
}

/** The department went on: what the case waited for is over. */
function goingOn(status: CaseStatus): readonly CaseCommand[] {
  if (status === CASE_STATUS.WAITING_FOR_SUPPLEMENT) return [{ kind: 'receiveSupplement' }];
  if (status === CASE_STATUS.SUSPENDED) return [{ kind: 'endSpecialProcedure', explanation: '部门系统已继续办理' }];
  return [];
}

function agreeing(steps: readonly string[], words: { readonly explanation?: string } = {}): readonly CaseCommand[] {
  return steps.map((step, index) => ({
    kind: 'completeStep',
    agree: true,
    step,
    ...(index === steps.length - 1 && words),
  }));
}

/** The steps after the acceptance that are still to be taken. */
function laterSteps(state: CaseState): readonly string[] {
  return remainingSteps(state)
    .filter(({ role }) => role !== 'apply' && role !== 'accept')
    .map(({ name }) => name);
}

/** Those up to and including a step; the further review of an item stands beyond its process. */
function stepsThrough(state: CaseState, step: string): readonly string[] {
  const later = laterSteps(state);
  const place = later.indexOf(step);
  return place < 0 ? [...later, step] : later.slice(0, place + 1);
}

function unchanged(because: Extract<Followed, { kind: 'unchanged' }>['because'], why: Refusal): Followed {
  return { kind: 'unchanged', because, why };
}
