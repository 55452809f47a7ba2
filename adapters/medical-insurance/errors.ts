import type { z } from 'zod';
import { maskIdNumber, maskMobileNumber, maskName } from '../identifiers/masking.ts';
import type { Call } from '../transport/call.ts';
import { CasegraphError, type ErrorCode, type ErrorDetails } from '../transport/errors.ts';
import type { FeesUploaded } from './records/settlement.ts';

/** The system's folder name, as every error carries it. */
export const DEPARTMENT = 'medical-insurance';

/** Why the platform, its gateway or a middleware says no (wire spec 4). In all of these nothing was done. */
export type RefusalKind =
  | 'business'
  | 'sign-in'
  | 'region'
  | 'not-found'
  | 'nothing-to-reverse'
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
  'sign-in': { code: 'DEPARTMENT_REJECTED', onceMore: true, safeToRepeat: false },
  /** Wrong `insuplc_admdvs`: the caller asks 1101 again and takes the region of the right row. */
  region: { code: 'DEPARTMENT_REJECTED', onceMore: false, safeToRepeat: false, field: 'insuredRegion' },
  /** 1101 without such a person. */
  'not-found': { code: 'NOT_FOUND', onceMore: false, safeToRepeat: false },
  /** 2601 for a call that the platform never had. */
  'nothing-to-reverse': { code: 'NOT_FOUND', onceMore: false, safeToRepeat: false },
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

/**
 * An answer that tells nothing: no JSON, no envelope, a success without what it promises, a wrong signature, another person's
 * record (wire spec 4). Whether the work was done is not known.
 */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
  /** Path of the member that is wrong, in the platform's names; `undefined` when the whole body is. */
  readonly field: string | undefined;
  /** Whether asking again may help: not when a field of a whole answer is wrong. */
  readonly repeatable: boolean;
  /** HTTP status when that is what is wrong. */
  readonly status: number | undefined;

  constructor(
    problem: string,
    field?: string,
    options: { cause?: unknown; repeatable?: boolean; status?: number } = {},
  ) {
    super(problem, options.cause === undefined ? undefined : { cause: options.cause });
    this.field = field;
    this.repeatable = options.repeatable ?? true;
    this.status = options.status;
  }
}

/** Reads an output node; throws `UnusableAnswer` naming the first member that is wrong. A missing node is worth asking again. */
export function decode<Schema extends z.ZodType>(schema: Schema, output: unknown): z.output<Schema> {
  const result = schema.safeParse(output ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  throw new UnusableAnswer('A member is missing or wrong.', ['output', ...path].map(String).join('.'), {
    repeatable: path.length <= 1,
  });
}

/** Refuses an answer about somebody or something else than what was asked for. */
export function sameAs(field: string, asked: string, answered: string | null): void {
  if (answered === null || answered.toUpperCase() === asked.toUpperCase()) return;
  throw new UnusableAnswer('The answer is about another record than the one asked for.', field);
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

/** An unusable answer in the shared table's terms: unknown for a write, worth repeating for most reads (wire spec 4, second table). */
export function unusableError(problem: UnusableAnswer, mode: Call['mode'], reference: string): CasegraphError {
  const details: ErrorDetails = {
    department: DEPARTMENT,
    reference,
    cause: problem,
    ...(problem.field !== undefined && { field: problem.field }),
    ...(problem.status !== undefined && { departmentCode: `HTTP ${problem.status}` }),
  };
  if (mode === 'write') return new CasegraphError('OUTCOME_UNKNOWN', problem.message, details);
  const repeatable = { ...details, safeToRepeat: problem.repeatable };
  if (problem.status === 503) return new CasegraphError('DEPARTMENT_BUSY', problem.message, repeatable);
  if (problem.status !== undefined && problem.status >= 500) {
    return new CasegraphError('DEPARTMENT_UNREACHABLE', problem.message, repeatable);
  }
  return new CasegraphError('DEPARTMENT_PROTOCOL', problem.message, repeatable);
}

/** Whether the platform refused because of the insured region: ask 1101 again, take the region of the right row, once more. */
export function isRegionRefusal(error: unknown): boolean {
  return (
    error instanceof CasegraphError &&
    error.code === 'DEPARTMENT_REJECTED' &&
    error.details.field === REFUSALS.region.field
  );
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

/** Real texts run to several thousand characters (wire spec 2.2). */
const LONGEST_TEXT = 500;

function operatorText(text: string, input: unknown): string {
  const plain = text.replace(LOCATOR, '').trim();
  return maskPersonalData(plain, personalValues(input)).slice(0, LONGEST_TEXT);
}

/**
 * Masks what is personal in a text of the platform: identity numbers and mobile numbers wherever they stand, and the values given,
 * which are those that were sent.
 */
export function maskPersonalData(text: string, known: readonly string[] = []): string {
  let masked = text;
  for (const value of [...known].sort((one, other) => other.length - one.length)) {
    masked = masked.replaceAll(value, maskValue(value));
  }
  return masked.replace(/(?<!\d)\d{17}[\dXx](?!\d)/g, maskIdNumber).replace(/(?<!\d)1\d{10}(?!\d)/g, maskMobileNumber);
}

function maskValue(value: string): string {
  if (/^\d{17}[\dXx]$/.test(value)) return maskIdNumber(value);
  if (/^1\d{10}$/.test(value)) return maskMobileNumber(value);
  if (/^[\p{Script=Han}·]{2,20}$/u.test(value)) return maskName(value);
  return '*'.repeat(8);
}

/** Members of an input that hold personal data (wire spec 3). */
const PERSONAL = new Set(
  (
    'psn_no psn_name certno mdtrt_cert_no card_sn tel addr resout_addr coner_name spus_name spus_certno ' +
    'agnter_name agnter_certno agnter_tel agnter_addr'
  ).split(' '),
);

function personalValues(input: unknown): string[] {
  if (Array.isArray(input)) return input.flatMap(personalValues);
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]) => {
    if (typeof value !== 'string') return personalValues(value);
    return PERSONAL.has(name) && value.length > 1 ? [value] : [];
  });
}
