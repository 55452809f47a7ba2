import { maskPersonalText } from '../identifiers/personal-text.ts';
import type { Call } from '../transport/call.ts';
import { CasegraphError, type ErrorCode } from '../transport/errors.ts';
import { departmentFailure, TransportFailure } from '../transport/failure.ts';
import { protocolFaults } from '../values/checked.ts';

/** The system's folder name, as errors and observers carry it. */
export const DEPARTMENT = 'real-estate';

/** One row of the registry's error catalogue (wire spec section 4). */
interface RegistryError {
  readonly error: ErrorCode;
  readonly meaning: string;
  /** What to do about it before the error is passed on. */
  readonly client:
    | 'stop'
    /** A new message once, at once: whatever was refused was not done. */
    | 'fresh-message'
    /** Queries only, after pauses. */
    | 'ask-query-again'
    /** Prints only, after pauses. */
    | 'ask-print-again'
    /** Nothing more is sent until the next day in China. */
    | 'stop-until-midnight';
  /** The caller's input that it speaks of. */
  readonly field?: string;
}

/** Wire spec section 4 mapped to the shared table. */
export const REGISTRY_ERRORS = {
  '1001': { error: 'DEPARTMENT_REJECTED', meaning: 'It finds our signature wrong.', client: 'stop' },
  '1002': { error: 'DEPARTMENT_REJECTED', meaning: 'It finds our message malformed.', client: 'stop' },
  '1003': { error: 'INVALID_INPUT', meaning: 'The unit number is malformed.', client: 'stop', field: 'unitNumber' },
  '1004': {
    error: 'INVALID_INPUT',
    meaning: 'The certificate number is malformed.',
    client: 'stop',
    field: 'certificateNumber',
  },
  '1005': { error: 'INVALID_INPUT', meaning: 'The ID type or number is malformed.', client: 'stop', field: 'idNumber' },
  '1006': { error: 'DEPARTMENT_REJECTED', meaning: 'The message id was used before.', client: 'fresh-message' },
  '1007': { error: 'DEPARTMENT_REJECTED', meaning: 'Our clock differs from its clock.', client: 'fresh-message' },
  '1101': { error: 'DEPARTMENT_REJECTED', meaning: 'Our account may not ask this.', client: 'stop' },
  '1102': { error: 'DEPARTMENT_BUSY', meaning: 'The daily limit is reached.', client: 'stop-until-midnight' },
  '1103': {
    error: 'INVALID_INPUT',
    meaning: 'The purpose or the application form is missing.',
    client: 'stop',
    field: 'purpose',
  },
  '2001': { error: 'DEPARTMENT_REJECTED', meaning: 'Name and number do not belong together.', client: 'stop' },
  '2002': { error: 'DEPARTMENT_REJECTED', meaning: 'The result is too large for one answer.', client: 'stop' },
  '2003': { error: 'DEPARTMENT_REJECTED', meaning: 'The query is unknown or too old to print.', client: 'stop' },
  '2004': { error: 'DEPARTMENT_REJECTED', meaning: 'The fee total differs from its items.', client: 'stop' },
  '2005': { error: 'NOT_FOUND', meaning: 'The acceptance number is unknown.', client: 'stop' },
  '2006': { error: 'DEPARTMENT_REJECTED', meaning: 'The pay code belongs to another application.', client: 'stop' },
  '3001': { error: 'DEPARTMENT_BUSY', meaning: 'The certificate is being made.', client: 'ask-print-again' },
  '9001': { error: 'DEPARTMENT_BUSY', meaning: 'Its data store cannot be reached.', client: 'ask-query-again' },
  '9999': { error: 'DEPARTMENT_BUSY', meaning: 'It failed for a reason it does not know.', client: 'ask-query-again' },
} as const satisfies Record<string, RegistryError>;

type RegistryCode = keyof typeof REGISTRY_ERRORS;

/** The department's codes for which the catalogue asks the client to do this. */
export function codesFor(client: RegistryError['client']): readonly string[] {
  return Object.entries(REGISTRY_ERRORS).flatMap(([code, row]) => (row.client === client ? [code] : []));
}

/** An answer outside the wire spec; the field is the place in it, `Head.ResponseCode`. */
export const protocolFault = protocolFaults(DEPARTMENT);

/**
 * The registry's refusal as an error of the shared table. `info` is its own text; it is passed on for rejections with everything
 * personal masked. A code that the catalogue does not know is `DEPARTMENT_PROTOCOL`.
 */
export function refusalError(code: string, info: string, personal: readonly string[]): CasegraphError {
  if (!isRegistryCode(code)) {
    return protocolFault('Head.ResponseCode', 'is in no list', {
      ...(/^\d{4}$/.test(code) && { departmentCode: code }),
    });
  }
  const row: RegistryError = REGISTRY_ERRORS[code];
  // 2001: tell the user, no details (wire spec section 4).
  const said = row.error === 'DEPARTMENT_REJECTED' && code !== '2001' ? maskPersonalText(info, personal) : '';
  return new CasegraphError(row.error, said === '' ? row.meaning : `${row.meaning} ${said}`, {
    department: DEPARTMENT,
    departmentCode: code,
    ...(row.field !== undefined && { field: row.field }),
  });
}

/** HTML or nothing instead of an envelope counts as 9999 (wire spec section 4). */
export function noEnvelope(): CasegraphError {
  return protocolFault('body', 'is no SOAP envelope', { departmentCode: '9999' });
}

/**
 * What a failed attempt is to the caller. An answer to a write that cannot be used says nothing about the write: its outcome is unknown.
 * The other codes, 9001 (no data store) included, say that it was not done. Whatever is no failure of the exchange comes back as it is.
 */
export function attemptFailure(error: unknown, call: Pick<Call, 'department' | 'mode'>, reference: string): unknown {
  if (error instanceof TransportFailure) return departmentFailure(error, call, { reference });
  if (!(error instanceof CasegraphError)) return error;
  const undecided = error.code === 'DEPARTMENT_PROTOCOL' || error.details.departmentCode === '9999';
  if (call.mode === 'read' || !undecided) return error.with({ reference });
  return new CasegraphError('OUTCOME_UNKNOWN', error.detail, { ...error.details, reference, cause: error });
}

function isRegistryCode(code: string): code is RegistryCode {
  return Object.hasOwn(REGISTRY_ERRORS, code);
}
