import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concurrency } from '../../adapters/transport/concurrency.ts';
import { failureOf, HeldDepartment, listeners, settled, toyCall } from './toy-line.ts';

describe('the concurrency limit', () => {
  it('lets in as many as the limit says and the next when one has ended', async () => {
    const department = new HeldDepartment();
    const line = concurrency({ limit: 2 })(department.dispatch);
    const calls = [1, 2, 3].map((input) => line(toyCall({ input })));
    await settled();
    expect(department.calls).toHaveLength(2);

    department.call(1).answer('second');
    expect(await calls[1]).toEqual({ value: 'second' });
    await settled();
    expect(department.calls.map(({ call }) => call.input)).toEqual([1, 2, 3]);
  });

  it('counts over every dispatch that it wraps', async () => {
    const department = new HeldDepartment();
    const limit = concurrency({ limit: 1 });
    void limit(department.dispatch)(toyCall());
    void limit(department.dispatch)(toyCall());
    await settled();
    expect(department.calls).toHaveLength(1);
  });

  it.each([
    ['answers with an error', (department: HeldDepartment) => department.dispatch],
    [
      'throws before it begins',
      () => () => {
        throw new Error('refused');
      },
    ],
  ])('gives the place back when the exchange %s', async (_, dispatchOf) => {
    const department = new HeldDepartment();
    const limit = concurrency({ limit: 1 });
    const failed = failureOf(limit(dispatchOf(department))(toyCall()));
    await settled();
    if (department.calls.length > 0) department.call(0).fail(new Error('refused'));
    await failed;

    const before = department.calls.length;
    void limit(department.dispatch)(toyCall());
    await settled();
    expect(department.calls).toHaveLength(before + 1);
  });

  it.each([
    ['read', 'a caller who left', new Error('left')],
    ['write', 'a caller who left', new Error('left')],
    ['read', 'a deadline', new DOMException('deadline', 'TimeoutError')],
    ['write', 'a deadline', new DOMException('deadline', 'TimeoutError')],
  ] as const)('ends the waiting of a %s with %s: it was never sent', async (mode, _, reason) => {
    const department = new HeldDepartment();
    const line = concurrency({ limit: 1 })(department.dispatch);
    void line(toyCall());
    const caller = new AbortController();
    const waiting = failureOf(line(toyCall({ mode, signal: caller.signal })));
    caller.abort(reason);

    expect(await waiting).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
      details: { department: 'land', cause: { sent: false } },
    });
    department.call(0).answer();
    await settled();
    expect(department.calls).toHaveLength(1);
  });

  it('takes no place for a call that was aborted before it came', async () => {
    const department = new HeldDepartment();
    const line = concurrency({ limit: 1 })(department.dispatch);
    expect(await failureOf(line(toyCall({ signal: AbortSignal.abort() })))).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
      details: { cause: { kind: 'aborted', sent: false } },
    });

    void line(toyCall());
    await settled();
    expect(department.calls).toHaveLength(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'passes the place on when its taker leaves %d steps after the holder ended',
    async (steps) => {
      const department = new HeldDepartment();
      const line = concurrency({ limit: 1 })(async (call) => {
        call.signal.throwIfAborted();
        return call.input === 'taker'
          ? new Promise<never>((_, left) => call.signal.addEventListener('abort', left))
          : department.dispatch(call);
      });
      const caller = new AbortController();
      void line(toyCall({ input: 'holder' }));
      const taker = failureOf(line(toyCall({ input: 'taker', signal: caller.signal })));
      void line(toyCall({ input: 'next' }));
      await settled();

      department.call(0).answer();
      for (let step = 0; step < steps; step += 1) await undefined;
      caller.abort();
      await taker;
      await settled();
      expect(department.calls.map(({ call }) => call.input)).toEqual(['holder', 'next']);
    },
  );

  it('leaves no listeners on the signals of those who waited', async () => {
    const department = new HeldDepartment();
    const line = concurrency({ limit: 1 })(department.dispatch);
    const longLived = new AbortController();
    const calls = [1, 2, 3].map(() => line(toyCall({ signal: longLived.signal })));
    expect(listeners(longLived.signal)).toBe(2);
    for (const number of [0, 1, 2]) {
      await settled();
      department.call(number).answer();
    }
    await Promise.all(calls);
    expect(listeners(longLived.signal)).toBe(0);
  });

  it('never exceeds its limit, serves in order of arrival and loses no place, whoever comes, ends or leaves', async () => {
    const event = fc.oneof(
      { weight: 4, arbitrary: fc.constant('arrive' as const) },
      { weight: 3, arbitrary: fc.record({ end: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ leave: fc.nat(20) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(event, { maxLength: 60 }), async (limit, events) => {
        const department = new HeldDepartment();
        const line = concurrency({ limit })(department.dispatch);
        /** The specification: who is inside and who waits, by number. */
        const inside: number[] = [];
        let waiting: number[] = [];
        const callers: AbortController[] = [];
        const expected: number[] = [];
        const enter = (number: number) => {
          inside.push(number);
          expected.push(number);
        };
        for (const event of events) {
          if (event === 'arrive') {
            const caller = new AbortController();
            const number = callers.push(caller) - 1;
            line(toyCall({ input: number, signal: caller.signal })).catch(() => {});
            if (inside.length < limit) enter(number);
            else waiting.push(number);
          } else if ('end' in event && inside.length > 0) {
            const [number] = inside.splice(event.end % inside.length, 1);
            department.calls.find(({ call }) => call.input === number)?.answer();
            const next = waiting.shift();
            if (next !== undefined) enter(next);
          } else if ('leave' in event && waiting.length > 0) {
            const number = waiting[event.leave % waiting.length];
            waiting = waiting.filter((other) => other !== number);
            callers[number ?? 0]?.abort();
          }
          await settled();
          expect(inside.length).toBeLessThanOrEqual(limit);
          expect(department.calls.map(({ call }) => call.input)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, -1, Number.NaN])('refuses a limit of %d when the line is composed', (limit) => {
    expect(() => concurrency({ limit })).toThrow('concurrency: options must be numbers above zero');
  });
});
