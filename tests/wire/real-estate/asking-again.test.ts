import { describe, expect, test } from 'vitest';
import { askAgain } from '../../../adapters/real-estate/asking-again.ts';
import { dailyStop } from '../../../adapters/real-estate/daily-stop.ts';
import { codesFor, REGISTRY_ERRORS, refusalError } from '../../../adapters/real-estate/errors.ts';
import type { Answer, Call } from '../../../adapters/transport/call.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';

const call = (transaction: string, signal = new AbortController().signal): Call => ({
  department: 'real-estate',
  transaction,
  mode: 'read',
  input: undefined,
  signal,
});

/** Refuses with these codes, one after the other, then answers. */
function registry(...codes: string[]) {
  let asked = 0;
  const dispatch = async (): Promise<Answer> => {
    const code = codes[asked];
    asked += 1;
    if (code !== undefined) throw refusalError(code, '', []);
    return { value: 'done' };
  };
  return { dispatch, asked: () => asked };
}

describe('asking again', () => {
  test('goes on as long as there are pauses', async () => {
    const { dispatch, asked } = registry('3001', '3001', '3001');
    const line = askAgain({ codes: ['3001'], pausesMs: [1, 1, 1] })(dispatch);
    expect(await line(call('PrintQueryProof'))).toEqual({ value: 'done' });
    expect(asked()).toBe(4);
  });

  test('ends with the error that was met and the time to wait', async () => {
    const { dispatch, asked } = registry('3001', '3001', '3001');
    const line = askAgain({ codes: ['3001'], pausesMs: [1, 2] })(dispatch);
    await expect(line(call('PrintQueryProof'))).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { departmentCode: '3001', retryAfterMs: 2 },
    });
    expect(asked()).toBe(3);
  });

  test('leaves other codes and other transactions alone', async () => {
    const options = { codes: ['9001'], pausesMs: [1], transactions: /^Query/ };
    const other = registry('2003');
    await expect(askAgain(options)(other.dispatch)(call('QueryByOwner'))).rejects.toThrow();
    expect(other.asked()).toBe(1);
    const link = registry('9001');
    await expect(askAgain(options)(link.dispatch)(call('LinkFee'))).rejects.toThrow();
    expect(link.asked()).toBe(1);
  });

  test('a pause ends with the signal, and the error that was met is the answer', async () => {
    const { dispatch, asked } = registry('3001', '3001');
    const caller = new AbortController();
    const waiting = askAgain({ codes: ['3001'], pausesMs: [600_000] })(dispatch)(
      call('PrintQueryProof', caller.signal),
    );
    setImmediate(() => caller.abort()); // the refusal has come by then, and the pause has begun
    await expect(waiting).rejects.toMatchObject({ details: { departmentCode: '3001' } });
    expect(asked()).toBe(1);
  });

  test('the catalogue asks for it after these codes', () => {
    expect(codesFor('fresh-message')).toEqual(['1006', '1007']);
    expect(codesFor('ask-query-again')).toEqual(['9001', '9999']);
    expect(codesFor('ask-print-again')).toEqual(['3001']);
    expect(codesFor('stop-until-midnight')).toEqual(['1102']);
  });
});

describe('the daily stop', () => {
  test('sends nothing until the next day in China has begun', async () => {
    let now = Date.parse('2026-03-16T23:00:00+08:00');
    const { dispatch, asked } = registry('1102');
    const line = dailyStop(['1102'], () => now)(dispatch);
    await expect(line(call('QueryByOwner'))).rejects.toMatchObject({ details: { retryAfterMs: 3_600_000 } });
    now += 3_599_999;
    await expect(line(call('LinkFee'))).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { departmentCode: '1102', department: 'real-estate', retryAfterMs: 1 },
    });
    expect(asked()).toBe(1);
    now += 1;
    expect(await line(call('QueryByOwner'))).toEqual({ value: 'done' });
  });
});

describe('refusals', () => {
  test('every code of the catalogue is an error of the shared table with the registry’s code', () => {
    for (const code of Object.keys(REGISTRY_ERRORS)) {
      const error = refusalError(code, '说明', []);
      expect(error).toBeInstanceOf(CasegraphError);
      expect(error.details).toMatchObject({ department: 'real-estate', departmentCode: code });
    }
    expect(Object.keys(REGISTRY_ERRORS)).toHaveLength(19);
  });

  test('a code that the catalogue does not have is outside the protocol', () => {
    expect(refusalError('4711', '', [])).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
      details: { field: 'Head.ResponseCode', departmentCode: '4711' },
    });
    expect(refusalError('toString', '', [])).toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
  });

  test('the registry’s text is passed on with everything personal masked', () => {
    const error = refusalError('2004', '孙䶮（421202198803056219，电话13800000000）收费合计与明细不符', ['孙䶮']);
    expect(error.detail).toContain('孙*（421202**********19，电话138****0000）收费合计与明细不符');
  });
});
