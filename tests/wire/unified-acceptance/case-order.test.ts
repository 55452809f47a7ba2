import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, type Dispatch, NO_SIGNAL } from '../../../adapters/transport/call.ts';
import { caseOrder } from '../../../adapters/unified-acceptance/case-order.ts';

type Keys = readonly string[];

/** Reads the keys of either shape of input that the tests use. */
const order = () => caseOrder((input) => (Array.isArray(input) ? input : (input as { keys: Keys }).keys));

function callFor(input: Keys, signal: AbortSignal = NO_SIGNAL): Call<Keys> {
  return { department: 'unified-acceptance', transaction: 'process', mode: 'write', input, signal };
}

/** A dispatch that notes when it begins and ends when it is told to. */
function gatedDispatch() {
  const begun: Keys[] = [];
  const ends: (() => void)[] = [];
  const dispatch: Dispatch<Keys, void> = async ({ input }) => {
    begun.push(input);
    await new Promise<void>((resolve) => ends.push(resolve));
    return { value: undefined };
  };
  return { dispatch, begun, endNext: () => ends.shift()?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the order of a case', () => {
  test('lets a call wait for every call before it that shares a case', async () => {
    const { dispatch, begun, endNext } = gatedDispatch();
    const line = order()(dispatch);
    const calls = [['a'], ['b'], ['a', 'b'], ['c']].map((keys) => line(callFor(keys)));
    await settled();
    expect(begun).toEqual([['a'], ['b'], ['c']]);
    endNext();
    await settled();
    expect(begun).toHaveLength(3);
    endNext();
    await settled();
    expect(begun.at(-1)).toEqual(['a', 'b']);
    endNext();
    endNext();
    await Promise.all(calls);
  });

  test('never sends a call whose time ran out while it waited, and goes on without it', async () => {
    const { dispatch, begun, endNext } = gatedDispatch();
    const line = order()(dispatch);
    const first = line(callFor(['a']));
    const deadline = new AbortController();
    const second = line(callFor(['a'], deadline.signal));
    const third = line(callFor(['a']));
    await settled();
    deadline.abort(new DOMException('deadline', 'TimeoutError'));
    await expect(second).rejects.toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    // The third still waits for the first, not only for the one that left.
    await settled();
    expect(begun).toHaveLength(1);
    endNext();
    await first;
    await settled();
    expect(begun).toHaveLength(2);
    endNext();
    await third;
  });

  test('lets the next call go on after one that failed', async () => {
    let calls = 0;
    const line = order()<Keys, string>(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('failed')) : Promise.resolve({ value: 'done' });
    });
    const [first, second] = await Promise.allSettled([line(callFor(['a'])), line(callFor(['a']))]);
    expect(first.status).toBe('rejected');
    expect(second).toMatchObject({ status: 'fulfilled', value: { value: 'done' } });
  });

  test('holds for any mix of cases: none side by side, each in the order of arrival, all to their end', async () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(keys, { maxLength: 20 }), fc.scheduler(), async (inputs, scheduler) => {
        const running = new Set<string>();
        const seen = new Map<string, number[]>();
        const line = order()<{ keys: Keys; index: number }, void>(async ({ input }) => {
          for (const key of input.keys) {
            expect(running.has(key)).toBe(false);
            running.add(key);
            seen.set(key, [...(seen.get(key) ?? []), input.index]);
          }
          await scheduler.schedule(Promise.resolve());
          for (const key of input.keys) running.delete(key);
          return { value: undefined };
        });
        const calls = inputs.map((input, index) => line({ ...callFor([]), input: { keys: input, index } }));
        await scheduler.waitFor(Promise.all(calls));
        for (const indexes of seen.values()) expect(indexes).toEqual([...indexes].sort((one, other) => one - other));
      }),
    );
  });
});
