import { SPECIAL_PROCEDURES } from '../../adapters/unified-acceptance/codes.ts';
import { CASE_STATUS, STEP_OUTCOME } from '../case-codes.ts';
import {
  type CaseState,
  type CaseStatus,
  type Closing,
  isAccepted,
  isDisagreed,
  nextStep,
  type RecordedStep,
  remainingSteps,
  type SpecialProcedureKind,
  type StepOutcome,
  stepToDo,
  type TakenStep,
} from './case-state.ts';
import { type CaseCommand, type Move, moveOf, RESULT_OF_MOVE, wordsOf } from './commands.ts';
import { type CommandRefused, refusalOf } from './fitting.ts';
import {
  ACTION_OF_ROLE,
  type ItemProcess,
  type ProcessStep,
  processOf,
  SPECIAL_PROCEDURE_STEP,
  STEP_ACTION,
  type StepAction,
  SUPPLEMENT_STEP,
} from './process.ts';
import { statusAfter } from './transition-table.ts';

/** Who gives a command. */
export interface Actor {
  /** The account of the directory; null for a department's own system. */
  readonly account: string | null;
  /** The resident's handle of whoever acts, where it is known. */
  readonly resident: string | null;
}

/**
 * What a command changes. Reported to the platform in this order: where a special procedure ends, its record first; then the steps that
 * are done; where one begins, its record; the last step's node type, when it changed; the closing.
 */
export interface CaseChanges {
  readonly status: CaseStatus;
  /** Set when the case is accepted by this command. */
  readonly acceptedAt: number | null;
  /** To be written by number, in order: those done, then the one that is to do next. */
  readonly steps: readonly RecordedStep[];
  /** The number of the step that was to do and will not be taken. */
  readonly dropped: number | null;
  /** The step that turned out to be the last, and is not among `steps`. */
  readonly lastStep: { readonly number: number; readonly nodeType: '3' | '4' } | null;
  readonly special: SpecialProcedureChange | null;
  readonly closing: Closing | null;
}

export type SpecialProcedureChange =
  | {
      readonly kind: 'begun';
      readonly procedure: SpecialProcedureKind;
      readonly name: string;
      readonly reason: string;
      readonly at: number;
    }
  | { readonly kind: 'ended'; readonly outcome: string; readonly at: number };

/** What a command came to: the case after it and what is to be recorded, or why it was refused. */
export type Applied =
  | { readonly kind: 'done'; readonly next: CaseState; readonly changes: CaseChanges }
  | CommandRefused;

/**
 * Opens a case (收件): it is received, the application is a step done where the process begins with one, and the acceptance is to do.
 * Throws `INVALID_INPUT` for an item that the catalogue does not have.
 *
 * @param at Milliseconds since 1970.
 */
export function open(
  itemId: string,
  by: { readonly applicant: string; readonly account: string | null },
  at: number,
): { readonly next: CaseState; readonly changes: CaseChanges } {
  const process = processOf(itemId);
  const empty: CaseState = {
    itemId,
    status: CASE_STATUS.RECEIVED,
    applicant: by.applicant,
    openedBy: by.account,
    appliedAt: at,
    acceptedAt: null,
    steps: [],
  };
  const recording = new Recording(empty, process, at);
  const [first] = process.steps;
  if (first?.role === 'apply') recording.take(first.name, STEP_ACTION.ACCEPT, STEP_OUTCOME.AGREED, null);
  recording.beginNext();
  return recording.finished(CASE_STATUS.RECEIVED, null);
}

/**
 * Applies a command to a case: one transition table for all (`transition-table.ts`), the item's process of the catalogue, and the rule
 * that nobody reviews or decides an application of their own. Nothing is changed where a command does not fit; the refusal says, in
 * English and Chinese, what would.
 *
 * @param at Milliseconds since 1970; a moment before the case's last one counts as that one: time never runs back within a case (2105).
 */
export function apply(state: CaseState, command: CaseCommand, at: number, by: Actor): Applied {
  const process = processOf(state.itemId);
  const move = moveOf(command);
  const status = statusAfter(state.status, move);
  const refused = refusalOf(state, command, by);
  if (refused) return refused;
  if (status === undefined) throw new Error(`${move} was not refused in status ${state.status}`);

  const recording = new Recording(state, process, at);
  RECORDINGS[move](recording, command, state);
  return { kind: 'done', ...recording.finished(status, closingOf(move, command, recording.at)) };
}

type RecordMove = (recording: Recording, command: CaseCommand, state: CaseState) => void;

/** What each move records; the codes are those of unified-acceptance 3.2. */
const RECORDINGS: Readonly<Record<Move, RecordMove>> = {
  accept(recording, command) {
    recording.accept(wordsOf(command));
    recording.beginNext();
  },
  refuse(recording, command) {
    recording.takeNext(STEP_OUTCOME.ACCEPTANCE_REFUSED, wordsOf(command));
  },
  completeStep(recording, command) {
    const agreed = command.kind === 'completeStep' && command.agree;
    recording.takeNext(agreed ? STEP_OUTCOME.AGREED : STEP_OUTCOME.DISAGREED, wordsOf(command));
    if (agreed) recording.beginNext();
  },
  requestSupplement(recording, command) {
    recording.takeNext(STEP_OUTCOME.SUPPLEMENT, wordsOf(command), STEP_ACTION.ASK_FOR_SUPPLEMENT);
    recording.begin(SUPPLEMENT_STEP, STEP_ACTION.RECEIVE_SUPPLEMENT, wordsOf(command));
  },
  receiveSupplement(recording, command, state) {
    const words = wordsOf(command) || '补正材料已收到';
    recording.take(SUPPLEMENT_STEP, STEP_ACTION.RECEIVE_SUPPLEMENT, STEP_OUTCOME.AGREED, words);
    // The platform's table leads from there into progress: the supplement was all that acceptance waited for.
    if (!isAccepted(state)) recording.accept('');
    recording.beginNext();
  },
  supplementOverdue: returnSupplement,
  startSpecialProcedure(recording, command) {
    if (command.kind !== 'startSpecialProcedure') return;
    const { procedure, reason } = command;
    const name = command.name?.trim() || SPECIAL_PROCEDURES[procedure].zh;
    recording.takeNext(STEP_OUTCOME.SPECIAL_PROCEDURE, name, STEP_ACTION.SUSPEND);
    recording.special = { kind: 'begun', procedure, name, reason, at: recording.at };
  },
  endSpecialProcedure(recording, command) {
    const outcome = wordsOf(command);
    recording.take(SPECIAL_PROCEDURE_STEP, STEP_ACTION.RESUME, STEP_OUTCOME.AGREED, outcome);
    recording.special = { kind: 'ended', outcome, at: recording.at };
    recording.beginNext();
  },
  grant(recording, command) {
    if (recording.toDo) recording.takeNext(STEP_OUTCOME.AGREED, wordsOf(command));
  },
  deny(recording, command, state) {
    if (!isDisagreed(state)) recording.takeNext(STEP_OUTCOME.DISAGREED, wordsOf(command));
  },
  return(recording, command, state) {
    if (state.status === CASE_STATUS.WAITING_FOR_SUPPLEMENT) returnSupplement(recording, command);
    else if (recording.toDo) recording.takeNext(STEP_OUTCOME.RETURNED, wordsOf(command));
  },
  passUp: (recording) => recording.drop(),
  void: (recording) => recording.drop(),
  delete: (recording) => recording.drop(),
};

const OVERDUE = '逾期未补正，退件';

function returnSupplement(recording: Recording, command: CaseCommand): void {
  const words = wordsOf(command) || OVERDUE;
  recording.take(SUPPLEMENT_STEP, STEP_ACTION.RECEIVE_SUPPLEMENT, STEP_OUTCOME.RETURNED, words);
}

function closingOf(move: Move, command: CaseCommand, at: number): Closing | null {
  const type = RESULT_OF_MOVE[move];
  if (type === undefined) return null;
  const words = wordsOf(command) || (move === 'supplementOverdue' ? OVERDUE : '');
  return {
    type,
    at,
    explanation: words || null,
    certificate: command.kind === 'close' ? (command.certificate ?? null) : null,
    reported: move !== 'refuse',
  };
}

/** What is written when a step goes as it should and nobody said anything. */
const WORDS_OF_ROLE: Readonly<Record<ProcessStep['role'], string | null>> = {
  apply: null,
  accept: '予以受理',
  review: '审核通过',
  decide: '同意',
  deliver: '办结',
};

/** The steps of a case while a command is worked on. */
class Recording {
  readonly at: number;
  special: SpecialProcedureChange | null = null;
  readonly #process: ItemProcess;
  readonly #recorded = new Map<number, RecordedStep>();
  #state: CaseState;
  #dropped: number | null = null;

  constructor(state: CaseState, process: ItemProcess, at: number) {
    const last = state.steps.at(-1);
    this.at = Math.max(at, last?.endedAt ?? last?.startedAt ?? state.appliedAt);
    this.#state = state;
    this.#process = process;
  }

  get toDo(): TakenStep | undefined {
    return stepToDo(this.#state);
  }

  accept(words: string): void {
    this.takeNext(STEP_OUTCOME.ACCEPTED, words);
    this.#state = { ...this.#state, acceptedAt: this.at };
  }

  /** The step that comes next is done, with the action of its role unless told otherwise. */
  takeNext(outcome: StepOutcome, words: string, action?: StepAction): void {
    // A refusal after the last review is the deciding body's.
    const { name, role } = nextStep(this.#state, this.#process) ?? { name: this.#lastName(), role: 'decide' as const };
    const agreed = outcome === STEP_OUTCOME.AGREED || outcome === STEP_OUTCOME.ACCEPTED;
    this.take(name, action ?? ACTION_OF_ROLE[role], outcome, words || (agreed ? WORDS_OF_ROLE[role] : null));
  }

  /** A step is done: the one to do, or one that begins and ends now. */
  take(name: string, action: StepAction, outcome: StepOutcome, words: string | null): void {
    const startedAt = this.toDo?.startedAt ?? this.#suspendedAt() ?? this.at;
    this.#write({ ...this.#shell(name, action), outcome, startedAt, endedAt: this.at, explanation: words });
  }

  /** A step is to do from now on. */
  begin(name: string, action: StepAction, words: string | null): void {
    this.#write({ ...this.#shell(name, action), outcome: null, startedAt: this.at, endedAt: null, explanation: words });
  }

  /** The next step of the catalogue's process is to do; a further review is only taken where it takes place. */
  beginNext(): void {
    const [next] = remainingSteps(this.#state);
    if (next) this.begin(next.name, ACTION_OF_ROLE[next.role], null);
  }

  /** The step to do will not be taken. */
  drop(): void {
    const { toDo } = this;
    if (!toDo) return;
    this.#dropped = toDo.number;
    this.#state = { ...this.#state, steps: this.#state.steps.slice(0, -1) };
  }

  finished(status: CaseStatus, closing: Closing | null): { next: CaseState; changes: CaseChanges } {
    const last = closing ? this.#markLast() : null;
    const next = { ...this.#state, status };
    const changes: CaseChanges = {
      status,
      acceptedAt: this.#recordedAcceptance(),
      steps: [...this.#recorded.values()].toSorted((one, other) => one.number - other.number),
      dropped: this.#dropped,
      lastStep: last,
      special: this.special,
      closing,
    };
    return { next, changes };
  }

  #recordedAcceptance(): number | null {
    const accepted = [...this.#recorded.values()].some(({ outcome }) => outcome === STEP_OUTCOME.ACCEPTED);
    return accepted ? this.#state.acceptedAt : null;
  }

  /** The last step of all is marked so: here when it is recorded now, else in what is told of it. */
  #markLast(): CaseChanges['lastStep'] {
    const number = this.#state.steps.length;
    if (number === 0) return null;
    const nodeType = number === 1 ? '4' : '3';
    const recorded = this.#recorded.get(number);
    if (!recorded) return { number, nodeType };
    this.#recorded.set(number, { ...recorded, nodeType });
    return null;
  }

  #shell(name: string, action: StepAction): Pick<RecordedStep, 'number' | 'name' | 'action' | 'nodeType'> {
    const number = this.toDo?.number ?? this.#state.steps.length + 1;
    return { number, name, action, nodeType: number === 1 ? '1' : '2' };
  }

  #write(step: RecordedStep): void {
    const before = this.#state.steps.slice(0, step.number - 1);
    const { number, name, outcome, startedAt, endedAt } = step;
    this.#state = { ...this.#state, steps: [...before, { number, name, outcome, startedAt, endedAt }] };
    this.#recorded.set(step.number, step);
  }

  /** A suspension has no step to do: what ends it began when it did. */
  #suspendedAt(): number | null {
    const last = this.#state.steps.at(-1);
    return last?.outcome === STEP_OUTCOME.SPECIAL_PROCEDURE ? last.endedAt : null;
  }

  #lastName(): string {
    const name = this.#process.furtherReview?.name ?? this.#process.steps.at(-1)?.name;
    if (name === undefined) throw new Error(`${this.#process.itemId} has no process`);
    return name;
  }
}
