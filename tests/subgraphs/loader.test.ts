import { describe, expect, it } from 'vitest';
import { batchLoader, callLoader } from '../../subgraphs/loader.ts';

interface Question {
  readonly person: string;
  readonly year?: number;
  readonly places?: readonly string[];
}

describe('a loader over calls', () => {
  it('asks once for each distinct key, whatever the order of its members', async () => {
    const asked: Question[] = [];
    const loader = callLoader((question: Question) => {
      asked.push(question);
      return Promise.resolve(asked.length);
    });
    const answers = await Promise.all([
      loader.load({ person: 'a', year: 1 }),
      loader.load({ year: 1, person: 'a' }),
      loader.load({ person: 'a' }),
      loader.load({ person: 'a', year: 2 }),
      loader.load({ person: 'a', places: ['x', 'y'] }),
      loader.load({ person: 'a', places: ['y', 'x'] }),
    ]);
    expect(answers).toEqual([1, 1, 2, 3, 4, 5]);
    expect(await loader.load({ year: 2, person: 'a' })).toBe(3);
    expect(asked).toHaveLength(5);
  });

  it('lets each answer go when it is there: none waits for the slowest', async () => {
    const { promise: never } = Promise.withResolvers<string>();
    const loader = callLoader((key: string) => (key === 'slow' ? never : Promise.resolve(`${key} answered`)));
    void loader.load('slow');
    expect(await loader.load('quick')).toBe('quick answered');
  });

  it('gives each caller of a key that failed the same error, and the others their answers', async () => {
    const failure = new Error('no');
    let calls = 0;
    const loader = callLoader((key: string) => {
      calls += 1;
      if (key === 'thrown') throw failure;
      return key === 'bad' ? Promise.reject(failure) : Promise.resolve(key);
    });
    const [first, second, good, thrown] = await Promise.allSettled([
      loader.load('bad'),
      loader.load('bad'),
      loader.load('good'),
      loader.load('thrown'),
    ]);
    expect([first, second, thrown]).toEqual(Array(3).fill({ status: 'rejected', reason: failure }));
    expect(good).toEqual({ status: 'fulfilled', value: 'good' });
    expect(calls).toBe(3);
  });

  it('makes an error of whatever else was thrown', async () => {
    const loader = callLoader(() => Promise.reject('a word'));
    await expect(loader.load('key')).rejects.toMatchObject({ message: 'call failed', cause: 'a word' });
  });
});

describe('a loader over a lookup', () => {
  it('looks all keys of a moment up at once and gives the fallback for those not found', async () => {
    const lookUps: (readonly string[])[] = [];
    const loader = batchLoader((keys) => {
      lookUps.push(keys);
      return Promise.resolve(new Map([['a', 1]]));
    }, null);
    expect(await Promise.all(['a', 'b', 'a'].map((key) => loader.load(key)))).toEqual([1, null, 1]);
    expect(lookUps).toEqual([['a', 'b']]);
  });
});
