import type { ApplicationStep } from '../../../adapters/disability-subsidy/records.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import type { CaseEventKind } from '../../services/case-events.ts';
import { APPLICATION_STATUS } from '../codes.ts';

/** A step of an application that its case is told of. */
export interface ApplicationEvent {
  readonly kind: CaseEventKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The office's words, where it wrote any. */
  readonly explanation: string | undefined;
  readonly step: ApplicationStep;
  /** Which supplement brought it, from 1; null where none did. */
  readonly round: number | null;
}

/** What it means to a case that an application comes into a state. The states that are missing say nothing new. */
const EVENT_OF: Readonly<Record<string, CaseEventKind>> = {
  [APPLICATION_STATUS.WAITING_FOR_SUPPLEMENT]: 'subsidy-supplement-asked',
  [APPLICATION_STATUS.FEDERATION_REVIEW]: 'subsidy-reviewed',
  [APPLICATION_STATUS.CIVIL_AFFAIRS_DECISION]: 'subsidy-reviewed',
  [APPLICATION_STATUS.GRANTED]: 'subsidy-approved',
  [APPLICATION_STATUS.PAID_MONTHLY]: 'subsidy-paid',
  [APPLICATION_STATUS.NOT_ACCEPTED]: 'subsidy-refused',
  [APPLICATION_STATUS.FEDERATION_REFUSED]: 'subsidy-refused',
  [APPLICATION_STATUS.CIVIL_AFFAIRS_REFUSED]: 'subsidy-refused',
  [APPLICATION_STATUS.WITHDRAWN]: 'subsidy-withdrawn',
};

/** The events of the steps after the first `told`, in order. */
export function eventsOf(steps: readonly ApplicationStep[], told: number): ApplicationEvent[] {
  const events: ApplicationEvent[] = [];
  let rounds = 0;
  steps.forEach((step, index) => {
    const supplemented = comesBack(steps[index - 1], step);
    if (supplemented) rounds += 1;
    const kind = supplemented ? 'subsidy-supplemented' : EVENT_OF[step.status];
    if (kind === undefined || index < told || goesOn(steps[index - 1], step)) return;
    events.push({
      kind,
      at: instantFromChina(step.at),
      explanation: step.opinion === '' ? undefined : step.opinion,
      step,
      round: supplemented ? rounds : null,
    });
  });
  return events;
}

/** How many supplements have come in. */
export function supplementRounds(steps: readonly ApplicationStep[]): number {
  return steps.filter((step, index) => comesBack(steps[index - 1], step)).length;
}

/** Out of "waiting for a supplement" the application returns to the state that asked; withdrawal is the only other way (`state-transitions.json`). */
function comesBack(before: ApplicationStep | undefined, step: ApplicationStep): boolean {
  return before?.status === APPLICATION_STATUS.WAITING_FOR_SUPPLEMENT && step.status !== APPLICATION_STATUS.WITHDRAWN;
}

/** Payment that goes on after it was stopped is no first payment. */
function goesOn(before: ApplicationStep | undefined, step: ApplicationStep): boolean {
  return before?.status === APPLICATION_STATUS.STOPPED && step.status === APPLICATION_STATUS.PAID_MONTHLY;
}
