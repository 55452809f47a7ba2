import { z } from 'zod';
import { maskPersonalText, personalValues } from '../identifiers/personal-text.ts';
import { CasegraphError, type ErrorCode, type ErrorDetails } from '../transport/errors.ts';
import { protocolFaults } from '../values/checked.ts';
import { chinaDate, instantFromChina } from '../values/china-time.ts';
import { applicationNumber } from './messages/codes.ts';

/** The system's folder name, as errors and observers carry it. */
export const DEPARTMENT = 'disability-subsidy';

/** An answer outside the specification; the field is the place in it, `data.enrolments.0.state`. */
export const protocolFault = protocolFaults(DEPARTMENT);

/** What the client itself does about a refusal before anyone hears of it. */
export type Remedy =
  /** Fetch the secret anew and send once more. */
  | 'renew-secret'
  /** Sign once more with a fresh time. */
  | 'sign-again'
  /** Wait and send once more. */
  | 'wait';

/** What keeps still after a refusal: one service id, or the whole line. */
export type Standstill = 'service' | 'line';

/** The exchange's limits count in these. */
type Window = 'minute' | 'hour' | 'day';

interface ErrorEntry {
  readonly code: ErrorCode;
  /** English, for the caller; where absent the department's own text is passed on. */
  readonly detail?: string;
  readonly remedy?: Remedy;
  /** The caller may come back when it ends. */
  readonly window?: Window;
  /** Nothing is sent until the window ends, or for the breaker's pause where there is none. */
  readonly standstill?: Standstill;
  /** The exchange does not know whether the business system did it: a read is repeated, a write's outcome is unknown. */
  readonly undecided?: true;
}

const NOT_AUTHORISED = {
  code: 'DEPARTMENT_REJECTED',
  detail: 'The exchange does not authorise this service.',
} as const;
const NOT_CONFIGURED = {
  code: 'DEPARTMENT_REJECTED',
  detail: 'The exchange refuses the renewal of the secret.',
} as const;
const ADDRESS = { code: 'DEPARTMENT_REJECTED', detail: "The exchange does not take this caller's address." } as const;
const DISABLED = {
  code: 'DEPARTMENT_UNREACHABLE',
  detail: 'The exchange does not know this application or has disabled it.',
  standstill: 'line',
} as const;
const INNER_FAULT = {
  code: 'DEPARTMENT_UNREACHABLE',
  detail: 'The exchange reports a fault of its own.',
  undecided: true,
} as const;
const SHOWN = { code: 'DEPARTMENT_REJECTED' } as const;

const MINUTE_LIMIT = {
  code: 'DEPARTMENT_BUSY',
  detail: "The exchange's limit per minute is reached.",
  window: 'minute',
} as const;
const limit = (window: Window, per: string): ErrorEntry => ({
  code: 'DEPARTMENT_BUSY',
  detail: `The exchange's limit per ${per} is reached.`,
  window,
  standstill: 'service',
});

/** The error catalogue of wire spec 4. */
export const CATALOGUE: Readonly<Record<string, ErrorEntry>> = {
  '-1': NOT_AUTHORISED,
  'E-106': NOT_AUTHORISED,
  '1': { code: 'INTERNAL', detail: 'The exchange takes the request for malformed.' },
  '-2': DISABLED,
  '-51': DISABLED,
  '-4': ADDRESS,
  '-46': ADDRESS,
  '-47': ADDRESS,
  '-5': { code: 'DEPARTMENT_REJECTED', detail: 'The exchange refuses the signature.', remedy: 'renew-secret' },
  '-19': { code: 'DEPARTMENT_REJECTED', detail: 'The exchange takes the time for wrong.', remedy: 'sign-again' },
  '-20': NOT_AUTHORISED,
  '-49': NOT_AUTHORISED,
  '-30': { code: 'DEPARTMENT_TIMEOUT', detail: 'The renewal of the secret timed out upstream.' },
  '-31': NOT_CONFIGURED,
  '-32': NOT_CONFIGURED,
  '-33': NOT_CONFIGURED,
  '-34': NOT_CONFIGURED,
  '-35': NOT_CONFIGURED,
  '-48': {
    code: 'DEPARTMENT_UNREACHABLE',
    detail: 'The service is not published.',
    standstill: 'service',
  },
  '-50': { code: 'DEPARTMENT_BUSY', detail: 'The secret is being renewed by the exchange.', remedy: 'wait' },
  '-6': MINUTE_LIMIT,
  '12100': MINUTE_LIMIT,
  '12101': MINUTE_LIMIT,
  '12102': limit('hour', 'hour'),
  '12103': limit('day', 'day'),
  // The grant's total does not come back by itself: asked again the next day at the earliest.
  '12104': limit('day', 'grant'),
  '2010': {
    code: 'DEPARTMENT_TIMEOUT',
    detail: 'The exchange got no answer from the business system.',
    undecided: true,
  },
  '10000': INNER_FAULT,
  '10014': INNER_FAULT,
  '12000': INNER_FAULT,
  LB1001: SHOWN,
  LB1002: SHOWN,
  LB1003: SHOWN,
  LB1004: { code: 'NOT_FOUND' },
  LB1005: { code: 'FORBIDDEN' },
  LB2001: SHOWN,
  LB2002: SHOWN,
  LB2003: SHOWN,
  LB2004: SHOWN,
  LB2005: SHOWN,
  LB2006: SHOWN,
  LB2007: SHOWN,
  LB3001: SHOWN,
  LB3002: SHOWN,
  LB9001: { code: 'DEPARTMENT_BUSY' },
};

/** -50: "come back in 20 s". */
export const RENEWAL_PAUSE_MS = 20_000;

/** Renewals that timed out upstream (-30) are tried again with back-off. */
const REPEATABLE_RENEWAL = '-30';

/** An answer of the exchange or of the business system whose code is not `0`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly data?: unknown;
}

/**
 * The error of an answer whose code is not `0`. Texts of the business system are passed on with personal data masked; texts of the
 * exchange are ours, since its own are for programmers. `now` is this side's time; `requestBody` what was sent.
 */
export function refusalError(
  answer: Refusal,
  call: { readonly mode: 'read' | 'write'; readonly reference: string | undefined; readonly requestBody: unknown },
  now: number,
): CasegraphError {
  const details: ErrorDetails = {
    department: DEPARTMENT,
    departmentCode: answer.code,
    ...(call.reference !== undefined && { reference: call.reference }),
  };
  const entry = Object.hasOwn(CATALOGUE, answer.code) ? CATALOGUE[answer.code] : undefined;
  if (/^LB\d{4}$/.test(answer.code)) return businessRefusal(answer, entry ?? SHOWN, details, call.requestBody, now);
  if (entry === undefined || entry.undecided) {
    if (call.mode === 'write') return new CasegraphError('OUTCOME_UNKNOWN', entry?.detail, details);
    return entry === undefined
      ? protocolFault('code', 'is in no list', details)
      : new CasegraphError(entry.code, entry.detail, { ...details, safeToRepeat: true });
  }
  const wait = entry.window && untilEnd(entry.window, now);
  const retryAfterMs = entry.remedy === 'wait' ? RENEWAL_PAUSE_MS : wait;
  return new CasegraphError(entry.code, entry.detail, {
    ...details,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(answer.code === REPEATABLE_RENEWAL && { safeToRepeat: true }),
  });
}

/** What the client itself does about an error, by the department's code it carries. */
export function remedyOf(error: unknown): Remedy | undefined {
  return entryOf(error)?.remedy;
}

/** What is to stand still after an error, if anything. For how long is in the error's `retryAfterMs`. */
export function standstillOf(error: CasegraphError): Standstill | undefined {
  const maintenance = error.details.departmentCode === 'LB9001' && error.details.retryAfterMs !== undefined;
  return maintenance ? 'line' : entryOf(error)?.standstill;
}

/** True where the business system has looked at the request and did not do it. Maintenance is no such judgement. */
export function isJudgement(error: CasegraphError): boolean {
  const code = error.details.departmentCode ?? '';
  return /^LB\d{4}$/.test(code) && code !== 'LB9001';
}

const openApplication = z.object({ applicationNo: applicationNumber });

function businessRefusal(
  answer: Refusal,
  entry: ErrorEntry,
  details: ErrorDetails,
  requestBody: unknown,
  now: number,
): CasegraphError {
  const text = maskPersonalText(answer.message, personalOf(requestBody));
  const field = answer.code === 'LB1001' ? namedField(answer.message) : undefined;
  const wait = answer.code === 'LB9001' ? untilNamedTime(answer.message, now) : undefined;
  // LB3001: the open application's number is of more use than our own message id.
  const open = answer.code === 'LB3001' ? openApplication.safeParse(answer.data) : undefined;
  return new CasegraphError(entry.code, open?.success ? `${text}（${open.data.applicationNo}）` : text, {
    ...details,
    ...(field !== undefined && { field }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(open?.success && { reference: open.data.applicationNo }),
  });
}

/** Members of a request's body that hold a person's data (wire spec 3). */
const PERSONAL: ReadonlySet<string> = new Set(
  'name accountName reviewer idCard certNo accountNo phone dibaoNo address'.split(' '),
);

/** The `name` of a material is a thing's. */
function personalOf(body: unknown): string[] {
  return personalValues({ ...(body as object | undefined), materials: undefined }, PERSONAL);
}

/** LB1001: `message` names the field. */
function namedField(message: string): string | undefined {
  return /[A-Za-z]\w*(?:\.\w+)*/.exec(message)?.[0];
}

/** LB9001: `message` holds the end time. */
function untilNamedTime(message: string, now: number): number | undefined {
  const [time] = /\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.exec(message) ?? [];
  if (time === undefined) return undefined;
  try {
    return Math.max(0, instantFromChina(time) - now);
  } catch {
    return undefined; // a time that no calendar has names no end
  }
}

/** Milliseconds to the end of a window. A minute counts from now, since it is not said where it began; hours and days by China's clock. */
function untilEnd(window: Window, now: number): number {
  switch (window) {
    case 'minute':
      return 60_000;
    case 'hour':
      return 3_600_000 - (now % 3_600_000);
    case 'day':
      return instantFromChina(chinaDate(now)) + 24 * 3_600_000 - now;
  }
}

function entryOf(error: unknown): ErrorEntry | undefined {
  const code = error instanceof CasegraphError ? error.details.departmentCode : undefined;
  return code !== undefined && Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code] : undefined;
}
