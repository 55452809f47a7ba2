import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperationCache } from '../../../gateway/execution/operation-cache.ts';

const weightless = () => 0;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('operations that are kept', () => {
  it('are made once however many ask at the same time', async () => {
    const cache = new OperationCache<object>(1_000);
    let made = 0;
    const { promise, resolve } = Promise.withResolvers<object>();
    const make = () => {
      made += 1;
      return promise;
    };
    const asking = [1, 2, 3].map(() => cache.get('key', make, weightless));
    const value = {};
    resolve(value);
    for (const each of await Promise.all(asking)) expect(each).toBe(value);
    expect(await cache.get('key', make, weightless)).toBe(value);
    expect(made).toBe(1);
  });

  it('are given without a promise once they are made', async () => {
    const cache = new OperationCache<string>(1_000);
    await cache.get('key', async () => 'made', weightless);
    expect(cache.get('key', async () => 'again', weightless)).toBe('made');
  });

  it('are not what failed: that is tried again, and weighs nothing', async () => {
    const cache = new OperationCache<string>(1_000);
    const failing = () => Promise.reject(new Error('refused'));
    await expect(cache.get('key', failing, () => 10)).rejects.toThrow('refused');
    await settled();
    expect(cache.bytes).toBe(0);
    expect(await cache.get('key', async () => 'made', weightless)).toBe('made');
  });

  it('fail for all who waited', async () => {
    const cache = new OperationCache<string>(1_000);
    const { promise, reject } = Promise.withResolvers<string>();
    const asking = [1, 2].map(async () => cache.get('key', () => promise, weightless));
    reject(new Error('refused'));
    for (const each of asking) await expect(each).rejects.toThrow('refused');
  });

  it('weigh what they are, their keys, and what grew of them', async () => {
    const cache = new OperationCache<string>(1_000);
    await cache.get(
      'four',
      async () => 'value',
      (value) => value.length * 10,
    );
    expect(cache.bytes).toBe(2 * 4 + 50);
    cache.add('four', 100);
    expect(cache.bytes).toBe(2 * 4 + 150);
    cache.add('unknown', 100);
    expect(cache.bytes).toBe(2 * 4 + 150);
  });

  it('never weigh more than allowed, and give up the longest unused first', async () => {
    const cache = new OperationCache<string>(100);
    const get = (key: string) =>
      cache.get(
        key,
        async () => key,
        () => 28,
      );
    for (const key of ['a', 'b', 'c']) await get(key);
    await get('a');
    await get('d');
    expect(cache.bytes).toBeLessThanOrEqual(100);
    expect(new Set(cache.mostUsed(10).map(({ key }) => key))).toEqual(new Set(['c', 'a', 'd']));
  });

  it('are not kept when one alone weighs more than allowed', async () => {
    const cache = new OperationCache<string>(100);
    expect(
      await cache.get(
        'large',
        async () => 'value',
        () => 1_000,
      ),
    ).toBe('value');
    await settled();
    expect([cache.bytes, cache.mostUsed(10)]).toEqual([0, []]);
  });

  it('stay within bounds whatever is asked in whatever order', async () => {
    const steps = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), bytes: fc.nat(90), grows: fc.nat(30) }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const cache = new OperationCache<string>(200);
        for (const { key, bytes, grows } of all) {
          expect(
            await cache.get(
              key,
              async () => key,
              () => bytes,
            ),
          ).toBe(key);
          cache.add(key, grows);
          expect(cache.bytes).toBeLessThanOrEqual(200);
        }
        // What weighs more than allowed takes everything with it, and no weight stays behind.
        cache.add(cache.mostUsed(1)[0]?.key ?? '', 10_000);
        for (const { key } of cache.mostUsed(10)) cache.add(key, 10_000);
        expect([cache.bytes, cache.mostUsed(10)]).toEqual([0, []]);
      }),
    );
  });

  it('are told in the order of their use', async () => {
    const cache = new OperationCache<string>(1_000);
    for (const key of ['once', 'thrice', 'thrice', 'twice', 'twice', 'thrice']) {
      await cache.get(key, async () => key, weightless);
    }
    expect(cache.mostUsed(2).map(({ key }) => key)).toEqual(['thrice', 'twice']);
  });
});
