import { describe, expect, it } from 'vitest';
import type { PostingMove, PostingTake, TakenPosting } from '../../adapters/database/postings.ts';
import type { Store } from '../../adapters/database/store.ts';
import { storeOpener, testHomes } from './homes.ts';
import { add, bring, emptied, entryOf, HOSPITAL, OTHER_HOSPITAL, stored } from './posting-of-a-test.ts';

const open = storeOpener();
const LEASE = 1_000;

const take = ({ write, postings }: Store, now: number, over: Partial<PostingTake> & { provider?: string } = {}) =>
  write((tx) => postings.take(tx, over.provider ?? HOSPITAL, { limit: 10, now, leaseMs: LEASE, ...over }));
const move = ({ write, postings }: Store, posting: TakenPosting | string, over: Partial<PostingMove> = {}) =>
  write((tx) =>
    postings.move(tx, posting, { from: ['stored'], to: 'sending', at: 50, cause: 'TAKEN', dueAt: 'held', ...over }),
  );
const hold = ({ write, postings }: Store, taken: TakenPosting, until: number) =>
  write((tx) => postings.hold(tx, taken, until));
const documents = (all: readonly TakenPosting[]) => all.map(({ documentNumber }) => documentNumber);

function one(all: readonly TakenPosting[]): TakenPosting {
  const [taken] = all;
  if (!taken || all.length !== 1) throw new Error(`expected one posting, not ${all.length}`);
  return taken;
}

describe.each(await testHomes())('the queue of postings on $name', ({ name, newPlace }) => {
  let shared: Promise<Store> | undefined;
  const newStore = async () => {
    shared ??= newPlace().then((place) => open(place));
    return emptied(await shared);
  };

  it('gives each hospital its own that are due, oldest first, up to the limit, and each once', async () => {
    const store = await newStore();
    await add(store, ...['C', 'A', 'B', 'D'].map((document, index) => entryOf(document, { at: 10 + index })));
    await add(store, entryOf('X', { provider: OTHER_HOSPITAL, at: 1 }), entryOf('later', { at: 500 }));
    expect(await take(store, 9)).toEqual([]);
    expect(documents(await take(store, 20, { limit: 3 }))).toEqual(['C', 'A', 'B']);
    expect(documents(await take(store, 20))).toEqual(['D']);
    expect(await take(store, 20)).toEqual([]);
    const other = one(await take(store, 20, { provider: OTHER_HOSPITAL }));
    expect(other).toMatchObject({
      provider: OTHER_HOSPITAL,
      state: 'stored',
      takes: 1,
      attempts: 0,
      dueAt: 20 + LEASE,
    });
    expect(await store.postings.providersWithWork()).toEqual([HOSPITAL, OTHER_HOSPITAL]);
    expect(await move(store, other, { to: 'manual', dueAt: null })).toBe(true);
    expect(await store.postings.providersWithWork()).toEqual([HOSPITAL]);
  });

  it('gives what was taken least often, the newest first, to who asks for that', async () => {
    const store = await newStore();
    await add(store, ...['A', 'B', 'C', 'D'].map((document, index) => entryOf(document, { at: 10 + index })));
    const first = await take(store, 20, { limit: 2 });
    for (const taken of first) await store.write((tx) => store.postings.keep(tx, taken, { dueAt: 30 }));
    const leastTried = { limit: 1, leastTried: true };
    const order: string[] = [];
    for (let times = 0; times < 4; times += 1) order.push(...documents(await take(store, 40, leastTried)));
    expect(order).toEqual(['D', 'C', 'B', 'A']);
    expect(await take(store, 40, leastTried)).toEqual([]);
  });

  it('keeps each step of a chain and its content, and every transition', async () => {
    const store = await newStore();
    const id = await stored(store, entryOf('D1', { at: 5 }));
    const taken = one(await take(store, 10));
    expect(await move(store, taken, { step: 'PERSON', progress: { pending: null } })).toBe(true);
    const keep = (keeping: object) => store.write((tx) => store.postings.keep(tx, taken, keeping));
    expect(await keep({ step: 'FILE', progress: { pending: { messageId: 'm1' } } })).toBe(true);
    expect(await store.postings.content(id)).toMatchObject({
      state: 'sending',
      step: 'FILE',
      progress: { pending: { messageId: 'm1' } },
      changedAt: 50,
      dueAt: 10 + LEASE,
    });
    expect(await keep({ attempts: 2, lastError: 'DEPARTMENT_BUSY m1' })).toBe(true);
    expect(await store.postings.content(id)).toMatchObject({
      attempts: 2,
      lastError: 'DEPARTMENT_BUSY m1',
      progress: { pending: { messageId: 'm1' } },
    });
    expect(
      await move(store, taken, {
        from: ['sending', 'unknown'],
        to: 'settled',
        at: 70,
        cause: 'DONE',
        messageReference: 'm1',
        settlementId: 'S-1',
        settledAt: 65,
        attempts: 0,
        lastError: null,
        progress: { serial: '7' },
        dueAt: null,
      }),
    ).toBe(true);
    expect(await store.postings.content(id)).toMatchObject({
      state: 'settled',
      settlementId: 'S-1',
      settledAt: 65,
      changedAt: 70,
      dueAt: null,
      attempts: 0,
      lastError: null,
      progress: { serial: '7' },
    });
    const failure = { code: 'DEPARTMENT_REJECTED', departmentCode: '2001', detailZh: '无此记录' };
    await bring(store, id, 'manual', { failure, actor: 'li', reason: '电话确认' });
    expect(await store.postings.byId(id)).toMatchObject({ failure, settledAt: 65 });
    await bring(store, id, 'cancelled', { failure: null, undoneAt: 90, progress: null });
    expect(await store.postings.content(id)).toMatchObject({ failure: null, undoneAt: 90, progress: null });
    const all = (await store.postings.transitions([id])).get(id) ?? [];
    expect(all.map(({ number, from, to, step }) => [number, from, to, step])).toEqual([
      [0, null, 'stored', null],
      [1, 'stored', 'sending', 'PERSON'],
      [2, 'sending', 'settled', 'FILE'],
      [3, 'settled', 'manual', 'FILE'],
      [4, 'manual', 'cancelled', 'FILE'],
    ]);
    expect(all[2]).toMatchObject({ at: 70, cause: 'DONE', messageReference: 'm1', actor: null, reason: null });
    expect(all[3]).toMatchObject({ actor: 'li', reason: '电话确认' });
  });

  it('lets nobody move or keep a posting that is in another state, or unknown', async () => {
    const store = await newStore();
    const id = await stored(store, entryOf('D1'));
    for (const posting of [id, 'none']) {
      for (const from of [['sending'], ['sending', 'settled'], []] as const) {
        expect(await move(store, posting, { from })).toBe(false);
      }
    }
    expect((await store.postings.transitions([id])).get(id)).toHaveLength(1);
    expect(await store.postings.byId(id)).toMatchObject({ state: 'stored', changedAt: 1_000 });
  });

  it('gives a posting to another when the lease is over, and refuses what the first writes late', async () => {
    const place = await newPlace();
    const store = await open(place);
    const other = name === 'PostgreSQL' ? await open(place) : store;
    await stored(store, entryOf('D1'));
    const stale = one(await take(store, 1_000));
    expect(await take(other, 1_000 + LEASE - 1)).toEqual([]);
    const held = one(await take(other, 1_000 + LEASE));
    expect(held).toMatchObject({ id: stale.id, takes: 2 });
    expect(await move(store, stale)).toBe(false);
    expect(await hold(store, stale, 99_999)).toBe(false);
    expect(await store.write((tx) => store.postings.keep(tx, stale, { progress: 'late' }))).toBe(false);
    expect(await store.postings.content(held.id)).toMatchObject({ state: 'stored', progress: null });
    expect(await move(other, held)).toBe(true);
    expect(await move(store, stale, { from: ['stored', 'sending'], to: 'settled' })).toBe(false);
    expect(await hold(other, held, 9_000)).toBe(true);
    expect(await take(store, 8_999)).toEqual([]);
    expect(documents(await take(store, 9_000))).toEqual(['D1']);
    expect(await hold(other, held, 99_999)).toBe(false);
  });

  it('takes back a posting for later, which its worker does not hold any more, whatever is counted', async () => {
    const store = await newStore();
    await stored(store, entryOf('D1', { at: 0 }));
    const first = one(await take(store, 0));
    await move(store, first);
    expect(await move(store, first, { from: ['sending'], to: 'stored', dueAt: 300, attempts: 0 })).toBe(true);
    expect(await hold(store, first, 99_999)).toBe(false);
    expect(await take(store, 299)).toEqual([]);
    const second = one(await take(store, 300));
    expect(second).toMatchObject({ takes: 2, attempts: 0 });
    expect(await hold(store, first, 99_999)).toBe(false);
    const keeping = { progress: { asked: 1 }, dueAt: 500 };
    expect(await store.write((tx) => store.postings.keep(tx, second, keeping))).toBe(true);
    expect(await store.write((tx) => store.postings.keep(tx, second, keeping))).toBe(false);
    expect(await take(store, 499)).toEqual([]);
    expect(documents(await take(store, 500))).toEqual(['D1']);
  });

  it('lets a person move what a worker has taken, and that worker no more', async () => {
    const store = await newStore();
    const id = await stored(store, entryOf('D1'));
    const taken = one(await take(store, 1_000));
    const cancel = { to: 'cancelled', cause: 'CANCELLED_BY_HOSPITAL', actor: 'hospital-1', dueAt: null } as const;
    expect(await move(store, id, cancel)).toBe(true);
    expect(await move(store, taken)).toBe(false);
    expect(await store.write((tx) => store.postings.keep(tx, taken, { progress: 1 }))).toBe(false);
    expect(await take(store, 1_000_000)).toEqual([]);
    expect((await store.postings.byId(id))?.state).toBe('cancelled');
  });

  it('frees at once what a dead process held where nobody else uses the store, and hurries nothing else', async () => {
    const place = await newPlace();
    const first = await open(place);
    await add(first, entryOf('held', { at: 0 }), entryOf('later', { at: 5_000 }));
    const taken = one(await take(first, 0));
    await first.close();
    const second = await open(place);
    await second.write((tx) => second.postings.hurry(tx, 10));
    expect(await take(second, 9)).toEqual([]);
    expect(documents(await take(second, 10))).toEqual(['held']);
    expect(await move(second, taken)).toBe(false);
  });

  it('wakes who listens once postings are committed, with their hospital, and never when they are undone', async () => {
    const store = await newStore();
    const woken: string[] = [];
    const stop = store.postings.listen(HOSPITAL, (provider) => woken.push(`one ${provider}`));
    store.postings.listen(null, (provider) => woken.push(`all ${provider}`));
    let during = -1;
    await store.write(async (tx) => {
      await store.postings.add(tx, [entryOf('D1'), entryOf('D2')]);
      during = woken.length;
    });
    expect(during).toBe(0);
    expect(woken.splice(0)).toEqual([`one ${HOSPITAL}`, `all ${HOSPITAL}`]);
    await add(store, entryOf('D1', { provider: OTHER_HOSPITAL }));
    expect(woken.splice(0)).toEqual([`all ${OTHER_HOSPITAL}`]);
    await add(store, entryOf('D1'));
    const undone = store.write(async (tx) => {
      await store.postings.add(tx, [entryOf('D3')]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(woken).toEqual([]);
    const [taken] = await take(store, 1_000);
    await move(store, taken as TakenPosting, { to: 'manual', dueAt: null });
    expect(woken).toEqual([]);
    stop();
    await move(store, taken?.id ?? '', { from: ['manual'], dueAt: 7 });
    expect(woken).toEqual([`all ${HOSPITAL}`]);
  });

  it('worked by many at once gives each posting to one of them', async () => {
    const place = await newPlace();
    const first = await open(place);
    const stores = name === 'PostgreSQL' ? [first, await open(place), await open(place)] : [first, first, first];
    await add(first, ...Array.from({ length: 120 }, (_, index) => entryOf(`D${index}`, { at: 0 })));
    const moved: string[] = [];
    await Promise.all(
      stores.map(async (store) => {
        for (;;) {
          const taken = await take(store, 0, { limit: 4 });
          if (taken.length === 0) {
            if ((await store.postings.countByState(HOSPITAL)).stored === 0) return;
            continue;
          }
          await Promise.all(
            taken.map(async (posting) => {
              expect(await move(store, posting)).toBe(true);
              expect(await move(store, posting, { from: ['sending'], to: 'settled', dueAt: null })).toBe(true);
              moved.push(posting.documentNumber);
            }),
          );
        }
      }),
    );
    expect(moved).toHaveLength(120);
    expect(new Set(moved).size).toBe(120);
    expect(await first.postings.countByState(null)).toMatchObject({ settled: 120, stored: 0 });
  });

  it('lets two who move the same posting at once do it once', async () => {
    const place = await newPlace();
    const first = await open(place);
    const second = name === 'PostgreSQL' ? await open(place) : first;
    for (let round = 0; round < 10; round += 1) {
      const id = await stored(first, entryOf(`D${round}`));
      const moved = await Promise.all(
        [first, second, first, second].map((store, index) =>
          move(store, id, { from: index < 2 ? ['stored'] : ['stored', 'manual'], to: 'cancelled', dueAt: null }),
        ),
      );
      expect(moved.filter(Boolean)).toHaveLength(1);
      expect((await first.postings.transitions([id])).get(id)).toHaveLength(2);
    }
  });
});
