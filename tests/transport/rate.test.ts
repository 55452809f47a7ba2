import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rate } from '../../adapters/transport/rate.ts';
import { failureOf, failureWith, listeners, toyCall } from './toy-line.ts';

/** A line with rates in front of a department that notes when each call came. */
function limited(...windows: { calls: number; perMs: number }[]) {
  const came: { at: number; input: unknown }[] = [];
  const line = rate(windows)(async (call) => {
    came.push({ at: performance.now(), input: call.input });
    return { value: came.length };
  });
  return { came, line, times: () => came.map(({ at }) => at) };
}

describe('the agreed rates', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('hold back nothing below them', async () => {
    const { line, came } = limited({ calls: 3, perMs: 1_000 });
    await Promise.all([line(toyCall()), line(toyCall()), line(toyCall())]);
    expect(came).toHaveLength(3);
  });

  it('hold back nothing where there are none', async () => {
    const { line, came } = limited();
    for (let call = 0; call < 100; call += 1) await line(toyCall());
    expect(came).toHaveLength(100);
  });

  it('make a call over a short window wait for it', async () => {
    const { line, times } = limited({ calls: 2, perMs: 1_000 });
    const start = performance.now();
    const calls = [1, 2, 3].map((input) => line(toyCall({ input })));
    await vi.advanceTimersByTimeAsync(999);
    expect(times()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(times()[2]).toBe(start + 1_000);
    await Promise.all(calls);
  });

  it('hold wherever a span begins: the end of one window and the beginning of the next are not two helpings', async () => {
    const { line, times } = limited({ calls: 10, perMs: 1_000 });
    await line(toyCall());
    await vi.advanceTimersByTimeAsync(950);
    const calls = Array.from({ length: 19 }, () => line(toyCall()));
    await vi.advanceTimersByTimeAsync(100);

    const [first = 0] = times();
    expect(times().filter((at) => at > first)).toHaveLength(10);
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all(calls);
  });

  it('let calls through in order of arrival, also past those who come later', async () => {
    const { line, came } = limited({ calls: 2, perMs: 1_000 });
    const calls = [0, 1, 2, 3, 4].map((input) => line(toyCall({ input })));
    await vi.advanceTimersByTimeAsync(999);
    calls.push(line(toyCall({ input: 5 })));
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all(calls);
    expect(came.map(({ input }) => input)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('refuse a call over a long window at once and tell when it opens', async () => {
    const { line, came } = limited({ calls: 2, perMs: 3_600_000 });
    await line(toyCall());
    await vi.advanceTimersByTimeAsync(600_000);
    await line(toyCall());
    expect(await failureOf(line(toyCall({ mode: 'write' })))).toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { department: 'land', retryAfterMs: 3_000_000 },
    });

    await vi.advanceTimersByTimeAsync(3_000_000);
    await line(toyCall());
    expect(came).toHaveLength(3);
  });

  it('refuse those who wait for a short window when a long one runs out meanwhile', async () => {
    const { line, came } = limited({ calls: 1, perMs: 1_000 }, { calls: 2, perMs: 86_400_000 });
    const calls = [1, 2, 3].map((input) => line(toyCall({ input })).catch((error: unknown) => error));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(came).toHaveLength(2);
    expect(await calls[2]).toMatchObject({ code: 'DEPARTMENT_BUSY', details: { retryAfterMs: 86_399_000 } });
  });

  it('count a refused call in none of the windows', async () => {
    const { line, came } = limited({ calls: 1, perMs: 10_000 }, { calls: 2, perMs: 20_000 });
    await line(toyCall());
    for (let call = 0; call < 5; call += 1) await failureOf(line(toyCall()));
    await vi.advanceTimersByTimeAsync(10_000);
    await line(toyCall());
    expect(came).toHaveLength(2);
  });

  it('end the waiting of a caller who leaves, whose place goes to the next', async () => {
    const { line, came } = limited({ calls: 1, perMs: 1_000 });
    const caller = new AbortController();
    await line(toyCall({ input: 'first' }));
    const left = failureOf(line(toyCall({ input: 'left', signal: caller.signal })));
    const next = line(toyCall({ input: 'next' }));
    await vi.advanceTimersByTimeAsync(400);
    caller.abort();
    expect(await left).toMatchObject({ code: 'DEPARTMENT_BUSY', details: { retryAfterMs: 600 } });

    await vi.advanceTimersByTimeAsync(600);
    await next;
    expect(came.map(({ input }) => input)).toEqual(['first', 'next']);
  });

  it('wait for nobody when the last who waited has left', async () => {
    const { line } = limited({ calls: 1, perMs: 1_000 });
    const caller = new AbortController();
    await line(toyCall());
    const left = failureOf(line(toyCall({ signal: caller.signal })));
    caller.abort();
    await left;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('spend no place on a call that was aborted before it came', async () => {
    const { line, came } = limited({ calls: 1, perMs: 3_600_000 });
    expect(await failureOf(line(toyCall({ signal: AbortSignal.abort() })))).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
      details: { cause: { sent: false } },
    });
    await line(toyCall());
    expect(came).toHaveLength(1);
  });

  it('leave no listeners on the signals of those who waited', async () => {
    const { line } = limited({ calls: 1, perMs: 100 });
    const longLived = new AbortController();
    const calls = [1, 2, 3, 4].map(() => line(toyCall({ signal: longLived.signal })));
    await vi.advanceTimersByTimeAsync(400);
    await Promise.all(calls);
    expect(listeners(longLived.signal)).toBe(0);
  });

  it('count an attempt that failed like any other', async () => {
    const line = rate([{ calls: 1, perMs: 3_600_000 }])(async () => {
      throw failureWith('DEPARTMENT_UNREACHABLE');
    });
    expect(await failureOf(line(toyCall()))).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(await failureOf(line(toyCall()))).toMatchObject({ code: 'DEPARTMENT_BUSY' });
  });

  it('do not care about the machine’s clock being set back', async () => {
    const { line, came } = limited({ calls: 1, perMs: 1_000 });
    await line(toyCall());
    vi.setSystemTime(Date.now() - 86_400_000);
    const next = line(toyCall());
    await vi.advanceTimersByTimeAsync(1_000);
    await next;
    expect(came).toHaveLength(2);
  });

  it('hold in every span of time, whenever calls come and whoever leaves, and keep nobody for good', async () => {
    const windows = fc.array(
      fc.record({ calls: fc.integer({ min: 1, max: 5 }), perMs: fc.integer({ min: 5, max: 200 }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const arrivals = fc.array(fc.record({ after: fc.nat(60), leavesAfter: fc.option(fc.nat(100)) }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(windows, arrivals, async (windows, arrivals) => {
        const { line, times } = limited(...windows);
        const outcomes: Promise<unknown>[] = [];
        for (const { after, leavesAfter } of arrivals) {
          await vi.advanceTimersByTimeAsync(after);
          const caller = new AbortController();
          if (leavesAfter !== null) setTimeout(() => caller.abort(), leavesAfter);
          outcomes.push(line(toyCall({ signal: caller.signal })).catch((error: { code: string }) => error.code));
        }
        await vi.advanceTimersByTimeAsync(arrivals.length * 200 + 200);

        const settledOutcomes = await Promise.all(outcomes);
        expect(settledOutcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(times().length);
        for (const { calls, perMs } of windows) {
          for (const begin of times()) {
            expect(times().filter((at) => at >= begin && at < begin + perMs).length).toBeLessThanOrEqual(calls);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    { calls: 0, perMs: 1 },
    { calls: 1, perMs: 0 },
  ])('are refused when they are %o', (window) => {
    expect(() => rate([{ calls: 1, perMs: 1 }, window])).toThrow('rate: options must be numbers above zero');
  });
});
