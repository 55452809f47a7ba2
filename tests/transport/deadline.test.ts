import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dispatch } from '../../adapters/transport/call.ts';
import { deadline, isDepartmentDeadline } from '../../adapters/transport/deadline.ts';
import { abortKind } from '../../adapters/transport/failure.ts';
import { failureOf, HeldDepartment, listeners, settled, toyCall } from './toy-line.ts';

const OPTIONS = { readMs: 1_000, writeMs: 30_000 };

/** An exchange that goes on until its signal aborts, as one over a socket does. */
const endless: Dispatch = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('the deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['read', 1_000],
    ['write', 30_000],
  ] as const)('ends a %s after its own time, as a timeout', async (mode, milliseconds) => {
    const department = new HeldDepartment();
    void deadline(OPTIONS)(department.dispatch)(toyCall({ mode }));
    const { signal } = department.call(0).call;

    vi.advanceTimersByTime(milliseconds - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
    expect(abortKind(signal)).toBe('timeout');
    expect(isDepartmentDeadline(signal)).toBe(true);
  });

  it('gives the caller what the ended exchange says', async () => {
    const call = failureOf(deadline(OPTIONS)(endless)(toyCall()));
    vi.advanceTimersByTime(1_000);
    expect(await call).toMatchObject({ name: 'TimeoutError' });
  });

  it('ends a read when its caller leaves, with the caller’s reason', () => {
    const caller = new AbortController();
    const department = new HeldDepartment();
    void deadline(OPTIONS)(department.dispatch)(toyCall({ signal: caller.signal }));
    const { signal } = department.call(0).call;

    caller.abort(new Error('the client has left'));
    expect(signal.reason).toBe(caller.signal.reason);
    expect(abortKind(signal)).toBe('aborted');
  });

  it('tells the caller’s own deadline from the department’s', () => {
    const caller = new AbortController();
    const department = new HeldDepartment();
    void deadline(OPTIONS)(department.dispatch)(toyCall({ signal: caller.signal }));
    const { signal } = department.call(0).call;

    caller.abort(new DOMException('request deadline', 'TimeoutError'));
    expect(abortKind(signal)).toBe('timeout');
    expect(isDepartmentDeadline(signal)).toBe(false);
  });

  it('lets a write run on when its caller leaves', async () => {
    const caller = new AbortController();
    const department = new HeldDepartment();
    const write = deadline(OPTIONS)(department.dispatch)(toyCall({ mode: 'write', signal: caller.signal }));
    caller.abort();

    expect(department.call(0).call.signal.aborted).toBe(false);
    department.call(0).answer('paid');
    expect(await write).toEqual({ value: 'paid' });
  });

  it('lets a write begin though its caller has left', async () => {
    const department = new HeldDepartment();
    void deadline(OPTIONS)(department.dispatch)(toyCall({ mode: 'write', signal: AbortSignal.abort() }));
    expect(department.call(0).call.signal.aborted).toBe(false);
  });

  it('hands a read inwards as aborted when its caller had left before', () => {
    const department = new HeldDepartment();
    void deadline(OPTIONS)(department.dispatch)(toyCall({ signal: AbortSignal.abort('gone') }));
    expect(department.call(0).call.signal.reason).toBe('gone');
  });

  it('leaves neither timers nor listeners behind, whatever the outcome, on a signal that lives long', async () => {
    const longLived = new AbortController();
    const line = deadline(OPTIONS);
    for (const mode of ['read', 'write'] as const) {
      const department = new HeldDepartment();
      const answered = line(department.dispatch)(toyCall({ mode, signal: longLived.signal }));
      const failed = failureOf(line(department.dispatch)(toyCall({ mode, signal: longLived.signal })));
      const ended = failureOf(line(endless)(toyCall({ mode, signal: longLived.signal })));
      department.call(0).answer();
      department.call(1).fail(new Error('refused'));
      vi.advanceTimersByTime(30_000);
      await Promise.all([answered, failed, ended]);
    }
    await settled();

    expect(vi.getTimerCount()).toBe(0);
    expect(listeners(longLived.signal)).toBe(0);
  });

  it('leaves nothing behind when the exchange throws before it begins', async () => {
    const longLived = new AbortController();
    const broken: Dispatch = () => {
      throw new Error('not even a promise');
    };
    await failureOf(deadline(OPTIONS)(broken)(toyCall({ signal: longLived.signal })));
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners(longLived.signal)).toBe(0);
  });

  it.each([
    [0, 1],
    [1, 0],
    [-5, 1],
    [Number.NaN, 1],
  ])('refuses %d ms for reads and %d ms for writes when the line is composed', (readMs, writeMs) => {
    expect(() => deadline({ readMs, writeMs })).toThrow('deadline: options must be numbers above zero');
  });
});
