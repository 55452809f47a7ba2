import { z } from 'zod';
import type { Agent, FilingCancellation, PeriodQuestion } from '../records/filing.ts';
import { text } from './answer-fields.ts';
import { type Node, optional, periodEnd, required } from './input-fields.ts';

/** The answer of every filing: a success without the serial counts as none (wire spec 3.3, 4). */
export const filed = z
  .object({ result: z.object({ trt_dcla_detl_sn: text }) })
  .transform(({ result }) => result.trt_dcla_detl_sn);

/** 2502, 2504, 2506 and the assumed cancellation share one form (wire spec 3.3). */
export function cancellationInput(cancellation: FilingCancellation): Node {
  return {
    data: {
      psn_no: required('personNumber', cancellation.personNumber, 30),
      trt_dcla_detl_sn: required('serial', cancellation.serial, 30),
      memo: optional('reason', cancellation.reason, 500),
    },
  };
}

/** Queries by person and period: 5303, 5304 and the assumed one (wire spec 3.14). */
export function periodInput(question: PeriodQuestion): Node {
  return {
    data: {
      psn_no: required('personNumber', question.personNumber, 30),
      begntime: periodEnd('from', question.from, 'first'),
      endtime: question.to === undefined ? '' : periodEnd('to', question.to, 'last'),
    },
  };
}

/** The `agnter_` fields (代办人) that several transactions share; empty when nobody acts for the person. */
export function agentFields(agent: Agent | undefined): Node {
  return {
    agnter_name: optional('agent.name', agent?.name, 50),
    agnter_cert_type: optional('agent.idType', agent?.idType, 6),
    agnter_certno: optional('agent.idNumber', agent?.idNumber, 50),
    agnter_tel: optional('agent.phone', agent?.phone, 50),
    agnter_addr: optional('agent.address', agent?.address, 200),
    agnter_rlts: optional('agent.relation', agent?.relation, 6),
  };
}
