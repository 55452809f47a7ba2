import { describe, expect, it } from 'vitest';
import { type Pause, retry } from '../../adapters/transport/retry.ts';
import { failing, failureOf, failureWith, toyCall } from './toy-line.ts';

const OPTIONS = { attempts: 3, backoffMs: 100, budgetRatio: 0.2 };
const LOST = () => failureWith('DEPARTMENT_UNREACHABLE', { safeToRepeat: true });

/** Keeps the pauses asked for and waits for none. */
function noted(): { pauses: number[]; pause: Pause } {
  const pauses: number[] = [];
  return {
    pauses,
    pause: async (milliseconds, signal) => {
      pauses.push(milliseconds);
      signal.throwIfAborted();
    },
  };
}

describe('the retry of reads', () => {
  it('repeats a read until an attempt is answered', async () => {
    const { dispatch, attempts } = failing((attempt) => (attempt < 3 ? LOST() : undefined));
    expect(await retry(OPTIONS, noted().pause)(dispatch)(toyCall())).toEqual({ value: 3 });
    expect(attempts()).toBe(3);
  });

  it('gives up after its attempts with the last failure', async () => {
    const errors = [LOST(), LOST(), LOST()];
    const { dispatch, attempts } = failing((attempt) => errors[attempt - 1]);
    expect(await failureOf(retry(OPTIONS, noted().pause)(dispatch)(toyCall()))).toBe(errors[2]);
    expect(attempts()).toBe(3);
  });

  it.each([
    ['a failure that is not marked safe to repeat', failureWith('DEPARTMENT_TIMEOUT')],
    ['a refusal', failureWith('DEPARTMENT_REJECTED', { safeToRepeat: false })],
    ['a fault of ours', new TypeError('undefined is not a function')],
  ])('does not repeat %s', async (_, error) => {
    const { dispatch, attempts } = failing(() => error);
    expect(await failureOf(retry(OPTIONS, noted().pause)(dispatch)(toyCall()))).toBe(error);
    expect(attempts()).toBe(1);
  });

  it('never repeats a write', async () => {
    const { dispatch, attempts } = failing(LOST);
    await failureOf(retry(OPTIONS, noted().pause)(dispatch)(toyCall({ mode: 'write' })));
    expect(attempts()).toBe(1);
  });

  it('doubles its pauses, less up to half at random, to five seconds at most', async () => {
    const { pauses, pause } = noted();
    const { dispatch } = failing(LOST);
    await failureOf(retry({ attempts: 10, backoffMs: 100, budgetRatio: 1 }, pause)(dispatch)(toyCall()));

    const longest = [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000];
    expect(pauses).toHaveLength(longest.length);
    for (const [index, most] of longest.entries()) {
      expect(pauses[index]).toBeLessThanOrEqual(most);
      expect(pauses[index]).toBeGreaterThanOrEqual(most / 2);
    }
  });

  it('waits as long as the department asks', async () => {
    const { pauses, pause } = noted();
    const { dispatch } = failing((attempt) =>
      attempt === 1 ? failureWith('DEPARTMENT_BUSY', { safeToRepeat: true, retryAfterMs: 2_000 }) : undefined,
    );
    await retry(OPTIONS, pause)(dispatch)(toyCall());
    expect(pauses).toEqual([2_000]);
  });

  it('does not keep its caller for a department that asks for more than five seconds', async () => {
    const { pauses, pause } = noted();
    const error = failureWith('DEPARTMENT_BUSY', { safeToRepeat: true, retryAfterMs: 5_001 });
    const { dispatch, attempts } = failing(() => error);
    expect(await failureOf(retry(OPTIONS, pause)(dispatch)(toyCall()))).toBe(error);
    expect([attempts(), pauses]).toEqual([1, []]);
  });

  it('answers with the failure that was met when the deadline passes in a pause', async () => {
    const caller = new AbortController();
    const error = LOST();
    const { dispatch, attempts } = failing(() => error);
    const leaveWhileWaiting: Pause = async (_, signal) => {
      caller.abort();
      signal.throwIfAborted();
    };
    const read = retry(OPTIONS, leaveWhileWaiting)(dispatch)(toyCall({ signal: caller.signal }));
    expect(await failureOf(read)).toBe(error);
    expect(attempts()).toBe(1);
  });

  it('ends a true pause at once when its caller leaves', async () => {
    const caller = new AbortController();
    const error = failureWith('DEPARTMENT_BUSY', { safeToRepeat: true, retryAfterMs: 5_000 });
    const { dispatch } = failing(() => error);
    const began = performance.now();
    const read = failureOf(retry(OPTIONS)(dispatch)(toyCall({ signal: caller.signal })));
    caller.abort();
    expect(await read).toBe(error);
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it('does not begin another attempt for a caller who has left', async () => {
    const { pauses, pause } = noted();
    const { dispatch, attempts } = failing(LOST);
    await failureOf(retry(OPTIONS, pause)(dispatch)(toyCall({ signal: AbortSignal.abort() })));
    expect([attempts(), pauses]).toEqual([1, []]);
  });

  it('keeps repeated attempts to its budget: ten, and a share of the first ones', async () => {
    const { dispatch, attempts } = failing(LOST);
    const line = retry({ attempts: 5, backoffMs: 1, budgetRatio: 0.1 }, noted().pause)(dispatch);
    const calls = 200;
    for (let call = 0; call < calls; call += 1) await failureOf(line(toyCall()));

    const repeated = attempts() - calls;
    expect(repeated).toBeGreaterThanOrEqual(10);
    expect(repeated).toBeLessThanOrEqual(10 + 0.1 * calls);
  });

  it('keeps to its budget when all fail at once', async () => {
    const { dispatch, attempts } = failing(LOST);
    const line = retry({ attempts: 5, backoffMs: 1, budgetRatio: 0.1 }, noted().pause)(dispatch);
    await Promise.all(Array.from({ length: 100 }, () => failureOf(line(toyCall()))));
    expect(attempts() - 100).toBeLessThanOrEqual(10 + 0.1 * 100);
  });

  it('saves up budget while all is well, but not without end', async () => {
    let well = true;
    const { dispatch, attempts } = failing(() => (well ? undefined : LOST()));
    const line = retry({ attempts: 2, backoffMs: 1, budgetRatio: 0.5 }, noted().pause)(dispatch);
    for (let call = 0; call < 1_000; call += 1) await line(toyCall());
    well = false;
    const before = attempts();
    for (let call = 0; call < 1_000; call += 1) await failureOf(line(toyCall()));

    const repeated = attempts() - before - 1_000;
    expect(repeated).toBeGreaterThan(500);
    expect(repeated).toBeLessThanOrEqual(100 + 0.5 * 1_000);
  });

  it.each([
    { ...OPTIONS, attempts: 0 },
    { ...OPTIONS, backoffMs: 0 },
    { ...OPTIONS, budgetRatio: -1 },
  ])('refuses %o when the line is composed', (options) => {
    expect(() => retry(options)).toThrow('retry: options must be numbers above zero');
  });
});
