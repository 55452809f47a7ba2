import { CasegraphError, type ErrorCode } from '../../../adapters/transport/errors.ts';
import { TransportFailure } from '../../../adapters/transport/failure.ts';

/** Being made; failed for a reason that it does not know (real-estate 4): the paper may be there or not. */
const UNDECIDED: ReadonlySet<string> = new Set(['3001', '9999']);
/** The query is unknown or too old to print (real-estate 4). */
const TOO_OLD = '2003';
/** Name and number do not belong together; too much for one paper: judgements of what is asked, whoever asks and whenever. */
const JUDGEMENTS: ReadonlySet<string> = new Set(['2001', '2002']);

const SAYS_NOTHING: ReadonlySet<ErrorCode> = new Set([
  'DEPARTMENT_UNREACHABLE',
  'DEPARTMENT_TIMEOUT',
  'DEPARTMENT_PROTOCOL',
  'OUTCOME_UNKNOWN',
]);

/**
 * What a request to print that failed is told. The adapter counts a print as reading, since it may be repeated; to the case it is none,
 * for a paper may lie at the registry that nobody has. So everything but an answer that says that nothing was printed is
 * `OUTCOME_UNKNOWN`; unreachable too, because the adapter may have repeated a print whose answer was lost.
 */
export function printFailure(error: unknown): unknown {
  if (!(error instanceof CasegraphError)) return error;
  if (isTooLarge(error)) return tooLarge(error);
  const isUnknown = SAYS_NOTHING.has(error.code) || UNDECIDED.has(error.details.departmentCode ?? '');
  return isUnknown ? new CasegraphError('OUTCOME_UNKNOWN', error.detail, { ...error.details, cause: error }) : error;
}

/** True when asking again was answered with: query again, then print. */
export function isQueryTooOld(error: unknown): boolean {
  return error instanceof CasegraphError && error.details.departmentCode === TOO_OLD;
}

/** True when the paper will not be had however often it is asked for. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof CasegraphError)) return false;
  return error.code === 'INVALID_INPUT' || isTooLarge(error) || JUDGEMENTS.has(error.details.departmentCode ?? '');
}

/** True when the registry is away or takes no more calls: no question was put to it. */
export function wasNotAsked(error: unknown): boolean {
  if (!(error instanceof CasegraphError)) return false;
  const { departmentCode = '', cause } = error.details;
  if (error.code === 'DEPARTMENT_BUSY') return !UNDECIDED.has(departmentCode);
  return error.code === 'DEPARTMENT_UNREACHABLE' && !(cause instanceof TransportFailure && cause.sent);
}

function isTooLarge({ details: { cause } }: CasegraphError): boolean {
  return cause instanceof TransportFailure && cause.kind === 'too-large';
}

function tooLarge(error: CasegraphError): CasegraphError {
  const { department, reference } = error.details;
  return new CasegraphError('TOO_COMPLEX', "The registry's document is larger than is taken here: fetch it there.", {
    ...(department !== undefined && { department }),
    ...(reference !== undefined && { reference }),
    detailZh: '登记机构出具的文件超过可接收的大小，请到登记机构领取。',
    cause: error,
  });
}
