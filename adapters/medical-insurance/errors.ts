import type { z } from 'zod';
import { maskPersonalText, personalValues } from '../identifiers/personal-text.ts';
import type { Call } from '../transport/call.ts';
import { CasegraphError, type ErrorCode, type ErrorDetails } from '../transport/errors.ts';
import { checked, protocolFaults } from '../values/checked.ts';
import type { FeesUploaded } from './records/settlement.ts';

/** The system's folder name, as errors and observers carry it. */
export const DEPARTMENT = 'medical-insurance';

/** Why the platform, its gateway or a middleware says no (wire spec 4). In all of these nothing was done. */
export type RefusalKind =
  | 'business'
  | 'sign-in'
  | 'region'
  | 'not-found'
  | 'nothing-to-reverse'
  | 'nothing-to-take-back'
  | 'busy'
  | 'gateway'
  | 'middleware';

interface RefusalEntry {
  readonly code: ErrorCode;
  /** The exchange is made once more, with a new message id, nonce and time (and sign-in number). Nothing was done, so writes too. */
  readonly onceMore: boolean;
  /** The retry interceptor may repeat a reading call. */
  readonly safeToRepeat: boolean;
  readonly field?: string;
}

/**
 * The catalogue of refusals (wire spec 4). There are no numbers to go by: `infcode` is nearly always -1 and the meaning is text, so
 * kinds are told apart by the setting `refusalTexts`.
 */
export const REFUSALS: Readonly<Record<RefusalKind, RefusalEntry>> = {
  /** `infcode` not 0: the text goes to the operator. */
  business: { code: 'DEPARTMENT_REJECTED', onceMore: false, safeToRepeat: false },
  /** The text speaks of sign-in: 9001, then once more. */
  'sign-in': { code: 'DEPARTMENT_REJECTED', onceMore: true, safeToRepeat: false, field: 'institution.operator' },
  /** Wrong `insuplc_admdvs`: the caller asks 1101 again and takes the region of the right row. */
  region: { code: 'DEPARTMENT_REJECTED', onceMore: false, safeToRepeat: false, field: 'insuredRegion' },
  /** 1101 without such a person. */
  'not-found': { code: 'NOT_FOUND', onceMore: false, safeToRepeat: false },
  /** 2601 for a call that the platform never had. */
  'nothing-to-reverse': { code: 'NOT_FOUND', onceMore: false, safeToRepeat: false },
  /** 2302 for rows that the platform has not. */
  'nothing-to-take-back': { code: 'NOT_FOUND', onceMore: false, safeToRepeat: false },
  /** Not in the wire spec: a platform that says it is busy, or HTTP 429. */
  busy: { code: 'DEPARTMENT_BUSY', onceMore: false, safeToRepeat: true },
  /** HTTP 401 or 403, or JSON without `infcode`: signature, id or clock. New time and nonce once. */
  gateway: { code: 'DEPARTMENT_REJECTED', onceMore: true, safeToRepeat: false },
  /** `{"code":"999","msg":…}` and its kin. */
  middleware: { code: 'DEPARTMENT_REJECTED', onceMore: false, safeToRepeat: false },
};

/** A refusal as it was read, its text not yet fit for an error. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly text: string;
  /** Locators of the text, a middleware's code, an HTTP status. */
  readonly departmentCode: string | undefined;
}

const outsideProtocol = protocolFaults(DEPARTMENT);

/**
 * An answer that tells nothing: no JSON, no envelope, a success without what it promises, a wrong signature, another person's record
 * (wire spec 4). `field` is the place in the platform's names. Whether the work was done is not known; asking again may help.
 */
export function protocolFault(field: string, reason?: string, details: ErrorDetails = {}): CasegraphError {
  return outsideProtocol(field, reason, { safeToRepeat: true, ...details });
}

/** The gateway answered in place of the platform, with an HTTP status of its own. */
export function gatewayFault(status: number): CasegraphError {
  const unwell = status >= 500 ? 'DEPARTMENT_UNREACHABLE' : 'DEPARTMENT_PROTOCOL';
  return new CasegraphError(status === 503 ? 'DEPARTMENT_BUSY' : unwell, 'The gateway answered in its place.', {
    department: DEPARTMENT,
    departmentCode: `HTTP ${status}`,
    safeToRepeat: true,
  });
}

/**
 * Reads an output node. Throws `DEPARTMENT_PROTOCOL` naming the first member that is wrong: a missing node is worth asking again, a
 * wrong member of a whole answer is not.
 */
export function decode<Schema extends z.ZodType>(schema: Schema, output: unknown): z.output<Schema> {
  return checked(schema, output ?? {}, 'output', (field, reason) =>
    protocolFault(field, reason, { safeToRepeat: field.split('.').length <= 2 }),
  );
}

/** Refuses an answer about somebody or something else than what was asked for. */
export function sameAs(field: string, asked: string, answered: string | null): void {
  if (answered === null || answered.toUpperCase() === asked.toUpperCase()) return;
  throw protocolFault(field, 'is about another record than the one asked for');
}

/** The refusal in the shared table's terms. `input` is what was sent: values of it that are personal do not come back in the text. */
export function refusalError(refusal: Refusal, input: unknown, reference: string): CasegraphError {
  const { code, safeToRepeat, field } = REFUSALS[refusal.kind];
  return new CasegraphError(code, operatorText(refusal.text, input), {
    department: DEPARTMENT,
    reference,
    ...(refusal.departmentCode !== undefined && { departmentCode: refusal.departmentCode }),
    ...(field !== undefined && { field }),
    ...(safeToRepeat && { safeToRepeat }),
  });
}

/** What an answer that cannot be used is to the caller: of a write the outcome is unknown (wire spec 4, second table). */
export function unusableAnswer(error: CasegraphError, mode: Call['mode'], reference: string): CasegraphError {
  if (mode === 'read') return error.with({ reference });
  const details = { ...error.details, reference, safeToRepeat: false, cause: error };
  return new CasegraphError('OUTCOME_UNKNOWN', error.detail, details);
}

/** Whether the platform said that there is nothing of the kind. */
export function isAbsence(error: unknown): error is CasegraphError {
  return error instanceof CasegraphError && error.code === 'NOT_FOUND' && error.details.department === DEPARTMENT;
}

/** Whether the platform refused because of the insured region: ask 1101 again, take the region of the right row, once more. */
export function isRegionRefusal(error: unknown): boolean {
  return (
    error instanceof CasegraphError &&
    error.code === 'DEPARTMENT_REJECTED' &&
    error.details.field === REFUSALS.region.field
  );
}

/** Whether the operator was refused, at sign-in or for want of it: that says nothing of what was asked for. */
function isSignInRefusal({ details }: CasegraphError): boolean {
  return details.field === REFUSALS['sign-in'].field;
}

/** Whether the platform itself refused, and not its gateway, nor for the region or the operator: what was asked for is not so. */
export function isPlatformRefusal(error: unknown): boolean {
  if (!(error instanceof CasegraphError) || error.code !== 'DEPARTMENT_REJECTED') return false;
  if (isRegionRefusal(error) || isSignInRefusal(error)) return false;
  const { departmentCode } = error.details;
  return departmentCode !== undefined && !departmentCode.startsWith('HTTP ');
}

/** A fee upload that stopped at one of its slices: the same code as that slice's failure, and what had been taken before it. */
export class FeeUploadStopped extends CasegraphError {
  readonly accepted: FeesUploaded;
  /** Index of the first row that is not known to have been taken. */
  readonly stoppedAt: number;

  constructor(failure: CasegraphError, accepted: FeesUploaded, stoppedAt: number) {
    super(failure.code, failure.detail, {
      ...failure.details,
      field: failure.details.field ?? `rows.${stoppedAt}`,
      safeToRepeat: false,
      cause: failure,
    });
    this.accepted = accepted;
    this.stoppedAt = stoppedAt;
  }
}

/** Class, underscore, line number in square brackets: stable enough to group by, no use to an operator (wire spec 4). */
const LOCATOR = /\[([A-Za-z0-9_$.]+_\d+)\]/g;

/** The locators of a text, to group by. */
export function locatorsOf(text: string): string | undefined {
  const locators = [...text.matchAll(LOCATOR)].map((match) => match[1]);
  return locators.length > 0 ? locators.join(' ') : undefined;
}

/** Members of an input that hold personal data (wire spec 3). */
const PERSONAL: ReadonlySet<string> = new Set(
  (
    'psn_no psn_name certno mdtrt_cert_no card_sn tel addr resout_addr coner_name spus_name spus_certno ' +
    'agnter_name agnter_certno agnter_tel agnter_addr'
  ).split(' '),
);

function operatorText(text: string, input: unknown): string {
  return maskPersonalText(text.replace(LOCATOR, '').trim(), personalValues(input, PERSONAL));
}
