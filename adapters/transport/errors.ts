/**
 * The one table of errors that may leave the program, and the one class that carries them. Adapters, subgraphs and the gateway
 * throw nothing else on purpose; whatever else is thrown is a fault of ours, masked as `INTERNAL` and logged whole.
 */

export interface ErrorEntry {
  /** Can the same call succeed later without anything being changed? */
  readonly retry: 'never' | 'later' | 'after-asking';
  /** What it means to the caller. */
  readonly en: string;
  readonly zh: string;
}

export const ERROR_TABLE = {
  UNAUTHENTICATED: { retry: 'never', en: 'A valid credential is needed.', zh: '需要有效的身份凭证。' },
  FORBIDDEN: { retry: 'never', en: 'Not allowed for this identity.', zh: '当前身份无权执行此操作。' },
  PURPOSE_REQUIRED: { retry: 'never', en: 'A purpose code is needed.', zh: '需要说明使用目的。' },
  INVALID_INPUT: { retry: 'never', en: 'The input is not valid.', zh: '输入不合规范。' },
  NOT_FOUND: { retry: 'never', en: 'Nothing was found.', zh: '未找到。' },
  DEPARTMENT_UNREACHABLE: {
    retry: 'later',
    en: 'The department system cannot be reached; nothing was sent to it.',
    zh: '部门系统无法连接，请求未送达。',
  },
  DEPARTMENT_TIMEOUT: {
    retry: 'later',
    en: 'The department system did not answer in time.',
    zh: '部门系统未在时限内应答。',
  },
  DEPARTMENT_BUSY: {
    retry: 'later',
    en: 'The department system takes no more calls now.',
    zh: '部门系统繁忙，暂不受理。',
  },
  DEPARTMENT_REJECTED: {
    retry: 'never',
    en: 'The department refused the request.',
    zh: '部门系统拒绝了该请求。',
  },
  DEPARTMENT_PROTOCOL: {
    retry: 'never',
    en: 'The department system answered outside its own protocol.',
    zh: '部门系统的应答不符合接口规范。',
  },
  OUTCOME_UNKNOWN: {
    retry: 'after-asking',
    en: 'The request was sent and no answer came: whether it was done is not known.',
    zh: '请求已发出但未收到应答，办理结果未知。',
  },
  IDEMPOTENCY_CONFLICT: {
    retry: 'never',
    en: 'The idempotency key was used for another request.',
    zh: '该幂等键已用于另一请求。',
  },
  IN_PROGRESS: { retry: 'later', en: 'The same request is still running.', zh: '相同请求正在处理。' },
  TOO_COMPLEX: { retry: 'never', en: 'The operation is larger than allowed.', zh: '操作超出允许的规模。' },
  RATE_LIMITED: { retry: 'later', en: 'Too many requests.', zh: '请求过于频繁。' },
  OVERLOADED: { retry: 'later', en: 'The gateway is at its capacity.', zh: '网关负载已满。' },
  AUDIT_UNAVAILABLE: {
    retry: 'later',
    en: 'The audit log cannot be written; no department was asked.',
    zh: '审计日志不可写，未调用任何部门。',
  },
  CALENDAR_MISSING: {
    retry: 'later',
    en: 'The calendar of working days has no data for a year that is needed.',
    zh: '工作日历缺少所需年份的数据。',
  },
  INTERNAL: { retry: 'later', en: 'Internal error.', zh: '内部错误。' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_TABLE;

export interface ErrorDetails {
  /** The system at fault, by its folder name: `medical-insurance`. */
  readonly department?: string;
  /** The message id under which the department's own help desk finds the call. Never personal data. */
  readonly reference?: string;
  /** The department's own code: `LB3001`, `18012`. */
  readonly departmentCode?: string;
  /** The detail in Chinese, where it is known in both languages; free of personal data as the detail is. */
  readonly detailZh?: string;
  /** The place in the input or in the department's answer, `head.serialNo`. */
  readonly field?: string;
  /** The write to a department whose outcome is asked for by this id. */
  readonly submission?: string;
  /** Wait so long before the next try. */
  readonly retryAfterMs?: number;
  /**
   * Set on failures of which the same call may safely be made again at once by the retry interceptor: the department did not do
   * it, or the call only reads.
   */
  readonly safeToRepeat?: boolean;
  readonly cause?: unknown;
}

/**
 * An error that may leave the program. `message` is meant for the caller: English, free of personal data. `detail` is appended to
 * the table's text. `extensions` is what a GraphQL answer shows of it.
 */
export class CasegraphError extends Error {
  override readonly name = 'CasegraphError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, detail?: string, details: ErrorDetails = {}) {
    super(
      detail ? `${ERROR_TABLE[code].en} ${detail}` : ERROR_TABLE[code].en,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.detail = detail;
    this.details = details;
  }

  get extensions(): Record<string, unknown> {
    const {
      department,
      reference,
      departmentCode,
      field,
      submission,
      retryAfterMs,
      detailZh = this.detail ?? '',
    } = this.details;
    return {
      code: this.code,
      messageZh: ERROR_TABLE[this.code].zh + detailZh,
      ...(department !== undefined && { department }),
      ...(reference !== undefined && { reference }),
      ...(departmentCode !== undefined && { departmentCode }),
      ...(field !== undefined && { field }),
      ...(submission !== undefined && { submission }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }

  /** The same error with what was not known where it was thrown; what is there already stays. */
  with(details: ErrorDetails): CasegraphError {
    return new CasegraphError(this.code, this.detail, { ...details, ...this.details });
  }
}
