import { z } from 'zod';
import type { ApplicationProgress, ApplicationState, ApplicationStep, Decision } from '../records.ts';
import { applicationState, ofAnother } from './application-state.ts';
import {
  applicationNumber,
  decision,
  moment,
  month,
  reasonCode,
  stage,
  subsidyType,
  subsidyTypes,
  text,
} from './codes.ts';
import { progress } from './progress.ts';
import { prepare, type Transaction } from './transaction.ts';

const PASS = '1';
const CIVIL_AFFAIRS = '3';

const input = z
  .object({
    number: applicationNumber,
    stage,
    decision,
    subsidyTypes,
    rejected: z.array(z.object({ subsidyType, reasonCode, reason: text })).optional(),
    opinion: text,
    reviewer: text,
    reviewedAt: moment,
    startMonth: month.optional(),
  })
  .refine((value) => (value.decision === PASS) === value.subsidyTypes.length > 0, {
    path: ['subsidyTypes'],
    message: 'names what is passed, and nothing where nothing is',
  })
  .refine((value) => grants(value) === (value.startMonth !== undefined), {
    path: ['startMonth'],
    message: 'needed where civil affairs pass, and only there',
  });

/** LB07 decision (审核、审定意见), wire spec 3.7; the same stage and decision again is harmless. */
export const decide: Transaction<Decision, ApplicationState> = {
  code: 'LB07',
  mode: 'write',
  input,
  body: (value) => ({
    applicationNo: value.number,
    stage: value.stage,
    decision: value.decision,
    subsidyTypes: value.subsidyTypes,
    ...(value.rejected !== undefined &&
      value.rejected.length > 0 && {
        rejectedTypes: value.rejected.map(({ subsidyType, reasonCode, reason }) => ({
          subsidyType,
          reasonCode,
          reason,
        })),
      }),
    opinion: value.opinion,
    reviewer: value.reviewer,
    reviewTime: value.reviewedAt,
    ...(value.startMonth !== undefined && { startMonth: value.startMonth }),
  }),
  answer: applicationState,
  stranger: ofAnother,
  inquiry: (value) => ({
    request: prepare(progress, { number: value.number }),
    settled: (found) => madeDecision(found as ApplicationProgress, value),
  }),
};

/** Where each decision leads, by stage: `state-transitions.json` and wire spec 3.0. */
const LEADS_TO: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1': { '1': '30', '2': '12', '3': '11' },
  '2': { '1': '40', '2': '32', '3': '11' },
  '3': { '1': '50', '2': '42', '3': '11' },
};

/**
 * What a decision came to, as the application's progress shows it; undefined when it was not made. It was made when the application
 * stands where it leads, or has passed there since by this reviewer's word.
 */
export function madeDecision(found: ApplicationProgress, value: Decision): ApplicationState | undefined {
  const passed = found.steps.some((step) => isStepOf(step, value));
  const made = found.status === goalOf(value) || passed;
  return made ? { number: found.number, status: found.status } : undefined;
}

/** True for the step that a decision made. Supplements may be asked for again in the same words: an earlier step is not this one. */
export function isStepOf({ status, handler, opinion, at }: ApplicationStep, value: Decision): boolean {
  return status === goalOf(value) && handler === value.reviewer && opinion === value.opinion && at >= value.reviewedAt;
}

function goalOf({ stage, decision }: Decision): string | undefined {
  return LEADS_TO[stage]?.[decision];
}

function grants(value: { stage: string; decision: string }): boolean {
  return value.stage === CIVIL_AFFAIRS && value.decision === PASS;
}
