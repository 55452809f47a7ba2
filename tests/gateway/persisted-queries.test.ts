import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PersistedQueries } from '../../gateway/operations/persisted-queries.ts';

describe('the persisted queries in memory', () => {
  it('give up the longest unused when they take more bytes than allowed', () => {
    const queries = new PersistedQueries(2 * 2 * 11);
    queries.set('a', 'x'.repeat(10));
    queries.set('b', 'y'.repeat(10));
    expect(queries.get('a')).toBe('x'.repeat(10));
    queries.set('c', 'z'.repeat(10));
    expect([...'abc'].filter((hash) => queries.get(hash) !== undefined)).toEqual(['a', 'c']);
  });

  it('leave out a text that is larger than all may be together, and keep the others', () => {
    const queries = new PersistedQueries(40);
    queries.set('a', 'x');
    queries.set('b', 'y'.repeat(20));
    expect(queries.get('a')).toBe('x');
    expect(queries.get('b')).toBeUndefined();
  });

  it('never take more bytes than allowed, count what they hold, and find what was last set', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(30))), (sets) => {
        const queries = new PersistedQueries(100);
        for (const [hash, length] of sets.map(([number, size]) => [String(number), size] as const)) {
          // A hash stands for one text only.
          const text = queries.get(hash) ?? 'x'.repeat(length);
          queries.set(hash, text);
          expect(queries.get(hash)).toBe(text);
          expect(queries.bytes).toBeLessThanOrEqual(100);
        }
        const held = [...'0123456789'].flatMap((hash) => {
          const text = queries.get(hash);
          return text === undefined ? [] : [2 * (hash.length + text.length)];
        });
        expect(queries.bytes).toBe(held.reduce((sum, bytes) => sum + bytes, 0));
      }),
    );
  });
});
