import { describe, expect, it } from 'vitest';
import { CasegraphError, ERROR_TABLE, type ErrorCode } from '../../adapters/transport/errors.ts';

const CODES = Object.keys(ERROR_TABLE) as ErrorCode[];

describe('the error table', () => {
  it('holds at least the codes that the API promises', () => {
    expect(CODES).toEqual(
      expect.arrayContaining([
        'UNAUTHENTICATED',
        'FORBIDDEN',
        'PURPOSE_REQUIRED',
        'INVALID_INPUT',
        'NOT_FOUND',
        'DEPARTMENT_UNREACHABLE',
        'DEPARTMENT_TIMEOUT',
        'DEPARTMENT_BUSY',
        'DEPARTMENT_REJECTED',
        'DEPARTMENT_PROTOCOL',
        'OUTCOME_UNKNOWN',
        'IDEMPOTENCY_CONFLICT',
        'IN_PROGRESS',
        'TOO_COMPLEX',
        'RATE_LIMITED',
        'OVERLOADED',
        'AUDIT_UNAVAILABLE',
        'INTERNAL',
      ]),
    );
  });

  it.each(CODES)('says what %s means in both languages, and whether a retry can help', (code) => {
    const { en, zh, retry } = ERROR_TABLE[code];
    expect(en).toMatch(/^[A-Z][ -~]+\.$/);
    expect(zh).toMatch(/^[\p{Script=Han}，：；]+。$/u);
    expect(['never', 'later', 'after-asking']).toContain(retry);
  });

  it('says everything once', () => {
    expect(new Set(CODES.map((code) => ERROR_TABLE[code].en)).size).toBe(CODES.length);
    expect(new Set(CODES.map((code) => ERROR_TABLE[code].zh)).size).toBe(CODES.length);
  });
});

describe('an error that may leave the program', () => {
  it.each(CODES)('%s shows its code and both texts, and nothing that was not said', (code) => {
    const error = new CasegraphError(code);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('CasegraphError');
    expect(error.message).toBe(ERROR_TABLE[code].en);
    expect(error.extensions).toEqual({ code, messageZh: ERROR_TABLE[code].zh });
  });

  it('appends its detail to the text of the table, in both languages', () => {
    const error = new CasegraphError('DEPARTMENT_REJECTED', '缴款码不存在');
    expect(error.message).toBe('The department refused the request. 缴款码不存在');
    expect(error.extensions.messageZh).toBe('部门系统拒绝了该请求。缴款码不存在');
  });

  it('shows the caller where and what, and keeps to itself why and what the line does about it', () => {
    const error = new CasegraphError('DEPARTMENT_BUSY', undefined, {
      department: 'non-tax',
      reference: 'M-1',
      departmentCode: '99999',
      field: 'HEAD.MsgRef',
      retryAfterMs: 0,
      safeToRepeat: true,
      cause: new Error('inner'),
    });
    expect(error.extensions).toEqual({
      code: 'DEPARTMENT_BUSY',
      messageZh: '部门系统繁忙，暂不受理。',
      department: 'non-tax',
      reference: 'M-1',
      departmentCode: '99999',
      field: 'HEAD.MsgRef',
      retryAfterMs: 0,
    });
    expect(JSON.stringify(error.extensions)).not.toContain('inner');
  });

  it('keeps its cause, and has none where there is none', () => {
    const cause = new Error('inner');
    expect(new CasegraphError('INTERNAL', undefined, { cause }).cause).toBe(cause);
    expect(new CasegraphError('INTERNAL')).not.toHaveProperty('cause');
  });

  it('takes what was not known where it was thrown, and keeps what is there', () => {
    const cause = new Error('inner');
    const thrown = new CasegraphError('DEPARTMENT_PROTOCOL', 'No digest.', { field: 'frame.digest', cause });
    const told = thrown.with({ department: 'non-tax', reference: 'M-1', field: 'frame' });

    expect(told).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', detail: 'No digest.', message: thrown.message });
    expect(told.details).toEqual({ department: 'non-tax', reference: 'M-1', field: 'frame.digest', cause });
    expect(told.cause).toBe(cause);
    expect(thrown.details).toEqual({ field: 'frame.digest', cause });
  });
});
