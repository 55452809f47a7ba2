import { maskPersonalText, personalValues } from '../identifiers/personal-text.ts';
import type { Call } from '../transport/call.ts';
import { CasegraphError, type ErrorCode } from '../transport/errors.ts';
import { departmentFailure, TransportFailure } from '../transport/failure.ts';
import { protocolFaults } from '../values/checked.ts';

/** The system's folder name, as errors and observers carry it. */
export const DEPARTMENT = 'unified-acceptance';

/** What a refusal asks of whoever sent the message or the record (wire spec section 4, "client does"). */
export type Duty =
  /** A fault of ours: look at the program, not at the data. */
  | 'internal-fault'
  /** The caller is not, or no longer, let in: stop and tell the operators. */
  | 'stop-and-alarm'
  /** The same message again, after a pause. */
  | 'resend'
  /** Later, when the platform is back. */
  | 'come-later'
  | 'split'
  | 'show'
  /** Put the record right and send it with the next version. */
  | 'correct'
  /** Held already: done when the content is the same, else the next version. */
  | 'raise-version'
  | 'send-acceptance-first'
  | 'send-missing-steps'
  /** Only a correction within 24 hours of the closing is still taken. */
  | 'case-closed'
  | 'end-special-procedure-first';

interface WireError {
  readonly level: 'message' | 'record';
  readonly code: ErrorCode;
  readonly meaning: string;
  /** The same message may be sent again with its requestNo. */
  readonly safeToRepeat: boolean;
  readonly duty: Duty;
}

/** The error catalogue (wire spec section 4). Codes outside it are refusals to be shown. */
export const WIRE_ERRORS: Readonly<Record<string, WireError>> = {
  1001: message('INTERNAL', 'A header is missing or malformed.', 'internal-fault'),
  1002: message('DEPARTMENT_REJECTED', 'The signature is wrong.', 'stop-and-alarm'),
  1003: message('DEPARTMENT_REJECTED', 'The caller is unknown or disabled.', 'stop-and-alarm'),
  1004: message('DEPARTMENT_REJECTED', 'The interface is not granted.', 'stop-and-alarm'),
  1005: message('DEPARTMENT_REJECTED', 'The address is not allowed.', 'stop-and-alarm'),
  1006: message('INTERNAL', 'A requestNo was used with another body.', 'internal-fault'),
  1007: message('INVALID_INPUT', 'Too many records or too large.', 'split'),
  1008: repeatable('DEPARTMENT_BUSY', 'Its rate limit is reached.', 'resend'),
  2101: record('A required field is missing.', 'correct'),
  2102: record('A code is not in its list.', 'correct'),
  2103: record('An identity or credit code fails its check.', 'correct'),
  2104: record('Case number and item code disagree.', 'correct'),
  2105: record('A time lies in the future or before the previous step.', 'correct'),
  2106: record('The record is held with the same or a higher version.', 'raise-version'),
  2201: record('The case is not found: its acceptance was not received.', 'send-acceptance-first'),
  2202: record('The step number is out of order.', 'send-missing-steps'),
  2203: record('The case is closed.', 'case-closed'),
  2204: record('The state of the case does not allow it.', 'end-special-procedure-first'),
  2301: message('DEPARTMENT_REJECTED', 'The query password is wrong; five wrong ones lock the case.', 'show'),
  2302: message('NOT_FOUND', 'Nothing was found.', 'show'),
  5000: repeatable('DEPARTMENT_BUSY', 'It reports an internal error.', 'resend'),
  5003: message('DEPARTMENT_BUSY', 'It is under maintenance.', 'come-later'),
};

/** What a code of the platform asks of the caller; a code outside the catalogue is to be shown. */
export function dutyOf(code: string): Duty {
  return WIRE_ERRORS[code]?.duty ?? 'show';
}

/** An answer outside the specification; the field is the place in it, `body.accepted`. */
export const protocolFault = protocolFaults(DEPARTMENT);

/** A refusal as it was read. */
export interface Refusal {
  readonly code: string;
  readonly words: string;
  readonly mode: 'read' | 'write';
  /** JSON of what was refused. */
  readonly sent: string;
  /** When the platform asks for a pause. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * The error that a refusal becomes. After `5000` a writing message's outcome is unknown: part of the work may have been done (wire spec
 * section 4 asks to send it again with the same requestNo).
 */
export function refusalError({ code, words, mode, sent, retryAfterMs }: Refusal): CasegraphError {
  const known = WIRE_ERRORS[code];
  const details = {
    department: DEPARTMENT,
    departmentCode: code,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(code === '2301' && { field: 'password' }),
    safeToRepeat: known?.safeToRepeat ?? false,
  };
  if (code === '5000' && mode === 'write') return new CasegraphError('OUTCOME_UNKNOWN', known?.meaning, details);
  const detail = [known?.meaning, operatorText(words, sent)].filter(Boolean).join(' ');
  return new CasegraphError(known?.code ?? 'DEPARTMENT_REJECTED', detail, details);
}

/** Fields of a record that hold personal data (wire spec 3.3), and the query password. */
const PERSONAL: ReadonlySet<string> = new Set(
  (
    'applyerName applyerPageCode legal contactName contactCode contactMobile address payerName resultCertNo ' +
    'materialAttachName projectPwd'
  ).split(' '),
);

/** The platform's words about what was sent, JSON, fit to be shown and logged. */
export function operatorText(words: string, sent: string): string {
  return maskPersonalText(words, personalValues(JSON.parse(sent), PERSONAL));
}

/**
 * What a failed attempt is to the caller. Once a writing message has left, anything but an answer that can be read leaves its outcome
 * unknown (wire spec section 4). Whatever is no failure of the exchange comes back as it is.
 */
export function attemptFailure(error: unknown, call: Pick<Call, 'department' | 'mode'>, reference: string): unknown {
  if (error instanceof TransportFailure) {
    const safeToRepeat = error.kind !== 'aborted' && error.kind !== 'too-large';
    return departmentFailure(error, call, { reference, safeToRepeat });
  }
  if (!(error instanceof CasegraphError)) return error;
  const unreadable = error.code === 'DEPARTMENT_PROTOCOL' || error.code === 'DEPARTMENT_UNREACHABLE';
  if (!unreadable || call.mode === 'read') return error.with({ reference });
  return new CasegraphError('OUTCOME_UNKNOWN', error.detail, { ...error.details, reference, cause: error });
}

function message(code: ErrorCode, meaning: string, duty: Duty): WireError {
  return { level: 'message', code, meaning, safeToRepeat: false, duty };
}

function repeatable(code: ErrorCode, meaning: string, duty: Duty): WireError {
  return { level: 'message', code, meaning, safeToRepeat: true, duty };
}

function record(meaning: string, duty: Duty): WireError {
  return { level: 'record', code: 'DEPARTMENT_REJECTED', meaning, safeToRepeat: false, duty };
}
