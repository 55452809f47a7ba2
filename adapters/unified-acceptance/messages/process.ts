import { z } from 'zod';
import { ACTIONS, NODE_RESULTS, NODE_STATES, NODE_TYPES } from '../codes.ts';
import {
  codeOf,
  type Dispatched,
  moment,
  optional,
  organisation,
  recordIdentity,
  required,
  synchronisation,
} from './record.ts';

/** One step of a case (办件过程信息, up_pro_process): what the caller gives. Rules of wire spec 3.3, `process`. */
export const processRecord = z
  .strictObject({
    ...recordIdentity,
    /** Step number (sn), from 1 without gaps. */
    number: z.int().min(1),
    /** 环节名称. */
    name: required(1000),
    nodeType: codeOf(NODE_TYPES),
    nodeState: codeOf(NODE_STATES),
    /** 环节处理结果; empty while the step is to do. */
    nodeResult: z.union([codeOf(NODE_RESULTS), z.literal('')]),
    /** 业务动作. */
    action: codeOf(ACTIONS),
    startedAt: moment,
    /** An unfinished step repeats the start (wire spec 3.3): so does the encoder when this is absent. */
    endedAt: moment.optional(),
    handler: optional(100),
    explanation: optional(2000),
    organisation: organisation.extend({ division: z.string().regex(/^\d{12}$/, 'must be 12 digits') }),
  })
  .refine((step) => step.nodeState === '01' || step.nodeResult !== '', {
    path: ['nodeResult'],
    message: 'a step that is done has a result',
  });

export type ProcessRecord = z.input<typeof processRecord>;

/** Writes a step as the transcripts 04 and 05 do. */
export function encodeProcess(step: z.output<typeof processRecord>, sent: Dispatched) {
  return {
    rowGuid: step.rowGuid,
    projectNo: step.caseNumber,
    sn: step.number,
    processName: step.name,
    nodeType: step.nodeType,
    nodeState: step.nodeState,
    nodeResult: step.nodeResult,
    eventName: step.action,
    eventStartTime: step.startedAt,
    eventEndTime: step.endedAt ?? step.startedAt,
    handleUserName: step.handler,
    orgCode: step.organisation.code,
    orgName: step.organisation.name,
    regionCode: step.organisation.division,
    handleExplain: step.explanation,
    ...synchronisation(step, sent),
  };
}
