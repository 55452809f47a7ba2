import { maskName } from '../identifiers/masking.ts';
import { maskPersonalText } from '../identifiers/personal-text.ts';
import type { Call } from '../transport/call.ts';
import { CasegraphError, type ErrorDetails } from '../transport/errors.ts';
import { departmentFailure, TransportFailure } from '../transport/failure.ts';
import { protocolFaults } from '../values/checked.ts';

/** The system's folder name, as errors and observers carry it. */
export const DEPARTMENT = 'non-tax';

/** What a result asks of whoever made the call (wire spec section 4). */
export type Duty =
  /** Send it again, with the same 缴款码. */
  | 'retry'
  /** Ask with `payment` first and obey the state found. */
  | 'query'
  /** End here and tell the user. */
  | 'stop'
  /** Tell the operator. */
  | 'alarm';

interface Result {
  readonly meaning: string;
  readonly meaningZh: string;
  readonly duties: readonly Duty[];
}

export const SUCCESS = '00000';

/** General failure, or not yet processed: nothing can be concluded from it. */
export const NOT_PROCESSED = '99999';

export const UNKNOWN_PAY_CODE = '11001';

export const NOTICE_EXPIRED = '11003';
export const NOTICE_VOID = '11004';

/** The catalogue of results (wire spec section 4). */
export const RESULTS: Readonly<Record<string, Result>> = {
  [NOT_PROCESSED]: {
    meaning: 'general failure',
    meaningZh: '业务尚未处理或处理失败',
    duties: ['query', 'retry', 'alarm'],
  },
  '10002': { meaning: 'parameters break the message rules', meaningZh: '报文参数不合规范', duties: ['stop', 'alarm'] },
  '10003': { meaning: 'version not supported', meaningZh: '版本错误或不支持', duties: ['stop', 'alarm'] },
  [UNKNOWN_PAY_CODE]: { meaning: 'payment code does not exist', meaningZh: '不存在的缴款码', duties: ['stop'] },
  '11002': { meaning: 'check code wrong', meaningZh: '缴款书校验码错误', duties: ['stop', 'alarm'] },
  [NOTICE_EXPIRED]: { meaning: 'notice out of date', meaningZh: '缴款书已过期', duties: ['stop'] },
  [NOTICE_VOID]: { meaning: 'notice void', meaningZh: '缴款书已作废', duties: ['stop'] },
  '11005': { meaning: 'no valid fiscal account', meaningZh: '区划无有效财政专户', duties: ['alarm'] },
  '11006': { meaning: 'this bank cannot query the notice', meaningZh: '本行不能查询该缴款书', duties: ['stop'] },
  '12001': { meaning: 'payment confirmed twice', meaningZh: '重复的缴款确认', duties: ['query'] },
  '12002': { meaning: 'confirmation code differs', meaningZh: '确认码与财政不一致', duties: ['alarm'] },
  '12003': { meaning: 'receiving account differs', meaningZh: '收款账户不一致', duties: ['alarm'] },
  '12004': { meaning: 'received amount differs', meaningZh: '收款金额不一致', duties: ['alarm'] },
  '12005': {
    meaning: 'confirmation of a notice never queried',
    meaningZh: '确认未查询过的缴款书',
    duties: ['query', 'retry'],
  },
  '12006': { meaning: 'payment date out of range', meaningZh: '缴款日期超出范围', duties: ['query', 'alarm'] },
  '13001': {
    meaning: 'same serial, other content (unmatched)',
    meaningZh: '待查流水号重复而内容不同',
    duties: ['alarm'],
  },
  '13002': { meaning: 'collective account not valid', meaningZh: '汇缴专户不在有效期', duties: ['alarm'] },
  '14001': {
    meaning: 'same serial, other content (in transit)',
    meaningZh: '在途流水号重复而内容不同',
    duties: ['alarm'],
  },
  '14002': { meaning: 'in-transit amount differs', meaningZh: '在途金额与缴款书合计不符', duties: ['alarm'] },
  '15001': { meaning: 'amount differs from the statement', meaningZh: '与对账单金额不符', duties: ['alarm'] },
  '15002': { meaning: 'missing in the statement', meaningZh: '对账单缺少该笔', duties: ['query', 'alarm'] },
  '15003': { meaning: 'not sent in the day', meaningZh: '日间未发送该笔', duties: ['query'] },
  '16001': { meaning: 'unit may not issue that bill type', meaningZh: '单位无权开具该票据', duties: ['alarm'] },
  '16002': { meaning: 'no stock of that bill type', meaningZh: '该票据无库存', duties: ['alarm'] },
  '16003': { meaning: 'unit has no right to that item', meaningZh: '单位无该收入项目权限', duties: ['stop', 'alarm'] },
  '16004': { meaning: 'receiving bank data wrong', meaningZh: '收款银行信息错误', duties: ['stop', 'alarm'] },
  '16005': { meaning: 'item sum differs from total', meaningZh: '项目金额与合计不符', duties: ['stop', 'alarm'] },
  '18012': { meaning: 'unit has no right to collect by proxy', meaningZh: '单位无代收权限', duties: ['stop', 'alarm'] },
};

const UNKNOWN_RESULT: readonly Duty[] = ['stop', 'alarm'];

/** Pauses before the first, second and third repetition after 99999, in milliseconds; then alarm (wire spec section 4). */
export const REPETITION_PAUSES_MS: readonly [number, number, number] = [2_000, 10_000, 60_000];

export interface Refusal {
  /** Finance's five digits, never `00000`. */
  readonly result: string;
  readonly text: string;
  readonly mode: 'read' | 'write';
  /** True for the opening of a notice, where an unknown code means "not opened" (wire spec section 4). */
  readonly opening?: boolean;
  /** True for a read that needs no asking first: 8997 is the asking, and a statement is sent until it is answered. */
  readonly repeatable?: boolean;
  readonly reference?: string;
  /** Values of the request that must not show in the error. */
  readonly personal?: readonly string[];
}

/**
 * The error that a refusal becomes. 99999 tells nothing about what was done: of a write the outcome is unknown, a read may be made again
 * later.
 */
export function refusalError(refusal: Refusal): CasegraphError {
  const { result, mode, opening = false, repeatable = false, reference } = refusal;
  const text = operatorText(refusal.text, refusal.personal) || (RESULTS[result]?.meaningZh ?? result);
  const details: ErrorDetails = {
    department: DEPARTMENT,
    departmentCode: result,
    ...(reference !== undefined && { reference }),
  };
  if (result === NOT_PROCESSED && mode === 'write') return new CasegraphError('OUTCOME_UNKNOWN', text, details);
  if (result === NOT_PROCESSED) {
    return new CasegraphError('DEPARTMENT_BUSY', text, {
      ...details,
      retryAfterMs: REPETITION_PAUSES_MS[0],
      safeToRepeat: repeatable,
    });
  }
  if (result === UNKNOWN_PAY_CODE && !opening) return new CasegraphError('NOT_FOUND', text, details);
  return new CasegraphError('DEPARTMENT_REJECTED', text, details);
}

/**
 * What an error of this adapter asks of the caller (wire spec section 4), by finance's code and, without one, by what happened to the
 * exchange.
 *
 * @example dutiesOf(error) // ['query', 'alarm'] after a frame with a wrong digest
 */
export function dutiesOf(error: CasegraphError): readonly Duty[] {
  const { departmentCode } = error.details;
  if (departmentCode === UNKNOWN_PAY_CODE && error.code === 'DEPARTMENT_REJECTED') return ['retry'];
  if (departmentCode !== undefined) return RESULTS[departmentCode]?.duties ?? UNKNOWN_RESULT;
  switch (error.code) {
    case 'DEPARTMENT_UNREACHABLE':
    case 'DEPARTMENT_TIMEOUT':
    case 'DEPARTMENT_BUSY':
      return ['retry'];
    case 'OUTCOME_UNKNOWN':
      return isProtocolFault(error.details.cause) ? ['query', 'alarm'] : ['query'];
    case 'DEPARTMENT_PROTOCOL':
      return ['query', 'alarm'];
    default:
      return ['stop'];
  }
}

/**
 * Finance's own words without personal data. Two to four Chinese characters after a colon at the end are taken for a name
 * (`业务尚未处理：张某`).
 */
export function operatorText(text: string, personal: readonly string[] = []): string {
  const unnamed = text.replace(
    /([：:]\s*)(\p{Script=Han}{2,4})(?=\s*$)/u,
    (_match, colon: string, name: string) => colon + maskName(name),
  );
  return maskPersonalText(unnamed, personal);
}

/** An answer outside the spec; `field` is the place in it, `frame.digest`, `HEAD.MsgRef` or `Voucher.Amt`. */
export const protocolFault = protocolFaults(DEPARTMENT);

/** Every business result has HTTP status 200 (wire spec section 1): throws for any other. */
export function checkStatus(status: number): void {
  if (status === 200) return;
  if (status === 503 || status === 429) {
    throw new CasegraphError('DEPARTMENT_BUSY', undefined, { department: DEPARTMENT, safeToRepeat: true });
  }
  throw protocolFault('http.status', `is ${status}`);
}

/** What a dialect has no call for. Nothing was sent. */
export function unsupported(dialect: string, operation: string): CasegraphError {
  return new CasegraphError('DEPARTMENT_REJECTED', `The ${dialect} dialect has no ${operation}.`, {
    department: DEPARTMENT,
  });
}

/**
 * What a failed attempt is to the caller. An answer to a write that cannot be used says nothing about the write: its outcome is unknown
 * (wire spec section 4, local failures). Whatever is no failure of the exchange comes back as it is.
 */
export function attemptFailure(error: unknown, call: Pick<Call, 'department' | 'mode'>, reference: string): unknown {
  if (error instanceof TransportFailure) return departmentFailure(error, call, { reference });
  if (!(error instanceof CasegraphError)) return error;
  if (call.mode === 'read' || !(isProtocolFault(error) || error.code === 'DEPARTMENT_BUSY'))
    return error.with({ reference });
  const { field } = error.details;
  return new CasegraphError('OUTCOME_UNKNOWN', 'The answer cannot be used.', {
    department: DEPARTMENT,
    reference,
    ...(field !== undefined && { field }),
    cause: error,
  });
}

function isProtocolFault(error: unknown): boolean {
  return error instanceof CasegraphError && error.code === 'DEPARTMENT_PROTOCOL';
}
