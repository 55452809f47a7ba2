import { describe, expect, it } from 'vitest';
import { compose, type Dispatch } from '../../adapters/transport/call.ts';
import { CircuitBreaker } from '../../adapters/transport/circuit-breaker.ts';
import { deadline } from '../../adapters/transport/deadline.ts';
import type { ErrorCode } from '../../adapters/transport/errors.ts';
import { abortKind, departmentFailure, TransportFailure } from '../../adapters/transport/failure.ts';
import { failureOf, failureWith, HeldDepartment, settled, toyCall } from './toy-line.ts';

const OPTIONS = { failures: 3, coolDownMs: 1_000 };

/** A breaker on a clock of the test's, in front of a department answered by hand. */
function guarded() {
  const clock = { now: 50_000 };
  const breaker = new CircuitBreaker(OPTIONS, () => clock.now);
  const department = new HeldDepartment();
  const line = breaker.interceptor(department.dispatch);
  const end = async (error?: unknown) => {
    const number = department.calls.length;
    const call = line(toyCall()).catch(() => {});
    await settled();
    if (error === undefined) department.call(number).answer();
    else department.call(number).fail(error);
    await call;
  };
  const fail = async (times: number, code: ErrorCode = 'DEPARTMENT_UNREACHABLE') => {
    for (let time = 0; time < times; time += 1) await end(failureWith(code));
  };
  return { clock, breaker, department, line, end, fail };
}

/** An exchange over a silent socket: it ends with its signal, sent and unanswered. */
const silent: Dispatch = (call) =>
  new Promise((_, reject) => {
    call.signal.addEventListener('abort', () =>
      reject(departmentFailure(new TransportFailure(abortKind(call.signal), true), call)),
    );
  });

describe('the circuit breaker', () => {
  it.each(['DEPARTMENT_UNREACHABLE', 'DEPARTMENT_TIMEOUT', 'DEPARTMENT_PROTOCOL', 'OUTCOME_UNKNOWN'] as const)(
    'opens after as many %s in a row as it is told',
    async (code) => {
      const { breaker, fail } = guarded();
      await fail(2, code);
      expect(breaker.state).toBe('closed');
      await fail(1, code);
      expect(breaker.state).toBe('open');
    },
  );

  it('while open fails at once, sends nothing and tells when to come back', async () => {
    const { clock, department, line, fail } = guarded();
    await fail(3);
    clock.now += 400;
    expect(await failureOf(line(toyCall()))).toMatchObject({
      code: 'DEPARTMENT_UNREACHABLE',
      details: { department: 'land', retryAfterMs: 600 },
    });
    expect(department.calls).toHaveLength(3);
  });

  it('does not invite the retry: an open breaker’s failure is not safe to repeat at once', async () => {
    const { line, fail } = guarded();
    await fail(3);
    const error = (await failureOf(line(toyCall()))) as { details: { safeToRepeat?: boolean } };
    expect(error.details.safeToRepeat).toBeUndefined();
  });

  it('counts failures in a row: an answer between them begins anew', async () => {
    const { breaker, end, fail } = guarded();
    await fail(2);
    await end();
    await fail(2);
    expect(breaker.state).toBe('closed');
  });

  it.each(['DEPARTMENT_REJECTED', 'DEPARTMENT_BUSY', 'NOT_FOUND'] as const)(
    'takes %s for an answer, so for a sign of health',
    async (code) => {
      const { breaker, end, fail } = guarded();
      await fail(2);
      await end(failureWith(code));
      await fail(2);
      expect(breaker.state).toBe('closed');
    },
  );

  it('takes any error with the department’s own code for an answer', async () => {
    const { breaker, end, fail } = guarded();
    await fail(2);
    await end(failureWith('INVALID_INPUT', { departmentCode: 'LB1001' }));
    await fail(2);
    expect(breaker.state).toBe('closed');
  });

  it.each([
    ['a fault of ours', new TypeError('undefined is not a function')],
    ['input that was refused before anything was sent', failureWith('INVALID_INPUT')],
  ])('learns nothing from %s', async (_, error) => {
    const { breaker, end, fail } = guarded();
    await fail(2);
    await end(error);
    expect(breaker.state).toBe('closed');
    await fail(1);
    expect(breaker.state).toBe('open');
  });

  it('lets exactly one probe through after the pause, however many come', async () => {
    const { clock, breaker, department, line, fail } = guarded();
    await fail(3);
    clock.now += 1_000;
    expect(breaker.state).toBe('half-open');

    const calls = Array.from({ length: 10 }, () => line(toyCall()).catch((error: unknown) => error));
    await settled();
    expect(department.calls).toHaveLength(4);
    department.call(3).answer('well again');
    const outcomes = await Promise.all(calls);
    expect(outcomes[0]).toEqual({ value: 'well again' });
    for (const outcome of outcomes.slice(1)) {
      expect(outcome).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE', details: { retryAfterMs: 0 } });
    }
    expect(breaker.state).toBe('closed');
  });

  it('opens for another whole pause when the probe fails', async () => {
    const { clock, breaker, fail } = guarded();
    await fail(3);
    clock.now += 1_500;
    await fail(1);
    expect(breaker.state).toBe('open');
    clock.now += 999;
    expect(breaker.state).toBe('open');
    clock.now += 1;
    expect(breaker.state).toBe('half-open');
  });

  it('lets the next call probe when a probe’s caller left', async () => {
    const { clock, breaker, department, line, fail } = guarded();
    await fail(3);
    clock.now += 1_000;
    const caller = new AbortController();
    const probe = failureOf(line(toyCall({ signal: caller.signal })));
    await settled();
    caller.abort();
    department.call(3).fail(failureWith('DEPARTMENT_TIMEOUT'));
    await probe;

    expect(breaker.state).toBe('half-open');
    void line(toyCall());
    await settled();
    expect(department.calls).toHaveLength(5);
  });

  it('lets the next call probe when a probe ended with a fault of ours', async () => {
    const { clock, breaker, end, fail } = guarded();
    await fail(3);
    clock.now += 1_000;
    await end(new TypeError('ours'));
    expect(breaker.state).toBe('half-open');
    await end();
    expect(breaker.state).toBe('closed');
  });

  it('still lets only one probe through when a call from before the pause fails meanwhile', async () => {
    const { clock, department, line, fail } = guarded();
    const straggler = line(toyCall()).catch(() => {});
    await settled();
    await fail(3);
    clock.now += 1_000;
    const probe = line(toyCall()).catch(() => {});
    await settled();
    department.call(0).fail(failureWith('DEPARTMENT_TIMEOUT'));
    await straggler;
    clock.now += 1_000;

    await failureOf(line(toyCall()));
    expect(department.calls).toHaveLength(5);
    department.call(4).answer();
    await probe;
  });

  it('counts the department’s own deadline', async () => {
    const breaker = new CircuitBreaker({ failures: 1, coolDownMs: 1_000 });
    const line = compose(silent, [deadline({ readMs: 1, writeMs: 1 }), breaker.interceptor]);
    expect(await failureOf(line(toyCall()))).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    expect(breaker.state).toBe('open');
  });

  it.each([
    ['left', new Error('the client has left')],
    ['had a deadline of its own, sooner than the department’s', new DOMException('request deadline', 'TimeoutError')],
  ])('does not count a caller who %s', async (_, reason) => {
    const breaker = new CircuitBreaker({ failures: 1, coolDownMs: 1_000 });
    const line = compose(silent, [deadline({ readMs: 60_000, writeMs: 60_000 }), breaker.interceptor]);
    const caller = new AbortController();
    const call = failureOf(line(toyCall({ signal: caller.signal })));
    await settled();
    caller.abort(reason);
    await call;
    expect(breaker.state).toBe('closed');
  });

  it.each([
    { failures: 0, coolDownMs: 1 },
    { failures: 1, coolDownMs: Number.NaN },
  ])('refuses %o', (options) => {
    expect(() => new CircuitBreaker(options)).toThrow('breaker: options must be numbers above zero');
  });
});
