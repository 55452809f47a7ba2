import { CASE_STATUS, type RESULT_TYPE, STEP_OUTCOME } from '../case-codes.ts';
import { type ItemProcess, type ProcessStep, processOf, type StepAction } from './process.ts';

export type CaseStatus = (typeof CASE_STATUS)[keyof typeof CASE_STATUS];
export type StepOutcome = (typeof STEP_OUTCOME)[keyof typeof STEP_OUTCOME];
export type ResultType = (typeof RESULT_TYPE)[keyof typeof RESULT_TYPE];
/** 环节类型 (unified-acceptance 3.2): first, middle, last, the only one. */
export type NodeType = '1' | '2' | '3' | '4';
/** 特别程序种类 (unified-acceptance 3.2). */
export type SpecialProcedureKind = '1' | '2' | '3' | '4' | '5' | '9';

/** What the rules need to know of a case; the registry has all of it. Moments are milliseconds since 1970. */
export interface CaseState {
  readonly itemId: string;
  readonly status: CaseStatus;
  /** The applicant's handle. */
  readonly applicant: string;
  /** The account that applied on the applicant's behalf; null where none of ours did. */
  readonly openedBy: string | null;
  readonly appliedAt: number;
  /** Null until the case is accepted. */
  readonly acceptedAt: number | null;
  /** In order, numbered from 1; only the last may be to do. */
  readonly steps: readonly TakenStep[];
}

export interface TakenStep {
  readonly number: number;
  readonly name: string;
  /** 环节处理结果; null while the step is to do. */
  readonly outcome: StepOutcome | null;
  readonly startedAt: number;
  /** Null while the step is to do. */
  readonly endedAt: number | null;
}

/** A step with all that is reported of it (unified-acceptance 3.3, `process`); who did it is whoever gave the command. */
export interface RecordedStep extends TakenStep {
  readonly nodeType: NodeType;
  readonly action: StepAction;
  readonly explanation: string | null;
}

/** How a case ended (办结结果). */
export interface Closing {
  readonly type: ResultType;
  readonly at: number;
  readonly explanation: string | null;
  readonly certificate: Certificate | null;
  /**
   * False for refused acceptance: the step with that outcome closes the case on the platform, which takes no result after it
   * (`state-transitions.json`: 47 allows no result).
   */
  readonly reported: boolean;
}

/** The paper that ends a case: a certificate, an e-receipt, a proof. */
export interface Certificate {
  readonly name: string;
  readonly number: string;
}

/** The step that is to do, where one is. */
export function stepToDo({ steps }: CaseState): TakenStep | undefined {
  const last = steps.at(-1);
  return last?.outcome === null ? last : undefined;
}

/** The steps of the item's process that are still to be taken, the one to do included, in order. */
export function remainingSteps(state: CaseState): readonly ProcessStep[] {
  return processOf(state.itemId).steps.filter(({ name }) => !isTaken(state, name));
}

/** True once a step went as it should: it is not taken again. */
export function isTaken({ steps }: CaseState, name: string): boolean {
  return steps.some((step) => step.name === name && wentWell(step.outcome));
}

/** True once the case was accepted. */
export function isAccepted({ steps }: CaseState): boolean {
  return steps.some(({ outcome }) => outcome === STEP_OUTCOME.ACCEPTED);
}

/** True when a reviewer disagreed: what is left is to close the case. */
export function isDisagreed({ steps }: CaseState): boolean {
  return steps.some(({ outcome }) => outcome === STEP_OUTCOME.DISAGREED);
}

/** The step of the process that comes next; the further review where the catalogue ends before it, for as long as it was not taken. */
export function nextStep(state: CaseState, process: ItemProcess): ProcessStep | undefined {
  const further = process.furtherReview;
  return remainingSteps(state)[0] ?? (further && !isTaken(state, further.name) ? further : undefined);
}

/** True for a status that nothing leads out of. */
export function isClosed(status: CaseStatus): boolean {
  return CLOSED.has(status);
}

const CLOSED: ReadonlySet<CaseStatus> = new Set([
  CASE_STATUS.CLOSED,
  CASE_STATUS.NOT_ACCEPTED,
  CASE_STATUS.NOT_GRANTED,
  CASE_STATUS.CLOSED_ABNORMALLY,
  CASE_STATUS.VOID,
]);

function wentWell(outcome: StepOutcome | null): boolean {
  return outcome === STEP_OUTCOME.AGREED || outcome === STEP_OUTCOME.ACCEPTED;
}
