import { STEP_OUTCOME } from '../case-codes.ts';
import { SPECIAL_PROCEDURE_STEP, SUPPLEMENT_STEP } from './process.ts';

/** A time in which the promise does not run, milliseconds since 1970; `to` is null while it lasts. */
export interface Pause {
  readonly cause: 'supplement' | 'special-procedure';
  readonly from: number;
  readonly to: number | null;
}

/** What the pauses are read from: the steps of a case in order, as the registry keeps them. */
export interface PausingStep {
  readonly name: string;
  /** Null while the step is to do. */
  readonly outcome: string | null;
  readonly endedAt: number | null;
}

/**
 * The pauses of a case, from its steps: a supplement stops the clock from its notice to its arrival (补正), a special procedure from
 * the suspension to its end (unified-acceptance 3.2).
 */
export function pausesOf(steps: readonly PausingStep[]): Pause[] {
  const pauses: Pause[] = [];
  for (const [index, { outcome, endedAt }] of steps.entries()) {
    if (endedAt === null) continue;
    if (outcome === STEP_OUTCOME.SUPPLEMENT) {
      pauses.push({ cause: 'supplement', from: endedAt, to: endOf(SUPPLEMENT_STEP, steps.slice(index + 1)) });
    }
    if (outcome === STEP_OUTCOME.SPECIAL_PROCEDURE) {
      const to = endOf(SPECIAL_PROCEDURE_STEP, steps.slice(index + 1));
      pauses.push({ cause: 'special-procedure', from: endedAt, to });
    }
  }
  return pauses;
}

function endOf(name: string, later: readonly PausingStep[]): number | null {
  return later.find((step) => step.name === name)?.endedAt ?? null;
}
