import { describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import type { NewTask, Task } from '../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { storeOpener, testHomes } from './homes.ts';
import { readable } from './readable.ts';

const open = storeOpener();
const QUEUE = 'queue';
const LEASE = 1_000;

const taskOf = (orderKey: string, kind: string, over: Partial<NewTask> = {}): NewTask => ({
  queue: QUEUE,
  orderKey,
  kind,
  body: { kind },
  at: 0,
  ...over,
});

const add = ({ write, tasks }: Store, ...all: NewTask[]) => write((tx) => tasks.add(tx, all));
const take = ({ write, tasks }: Store, now: number, { queue = QUEUE, limit = 10 } = {}) =>
  write((tx) => tasks.take(tx, queue, { limit, now, leaseMs: LEASE }));
const end = ({ write, tasks }: Store, task: Task) => write((tx) => tasks.end(tx, task));
const endAndTakeNext = (
  { write, tasks }: Store,
  task: Task,
  now: number,
  effect?: (tx: WriteTransaction) => Promise<void>,
) => write((tx) => tasks.endAndTakeNext(tx, task, { now, leaseMs: LEASE }, effect));
const giveBack = ({ write, tasks }: Store, task: Task, notBefore: number | null, lastError = 'BUSY') =>
  write((tx) => tasks.giveBack(tx, task, { notBefore, lastError }));
/** Tasks taken together come in no order: each is another key's. */
const kinds = (all: readonly Task[]) => all.map(({ orderKey, kind }) => `${orderKey}-${kind}`).sort();

function one(all: readonly Task[]): Task {
  const [task] = all;
  if (!task || all.length !== 1) throw new Error(`expected one task, not ${all.length}`);
  return task;
}

describe.each(await testHomes())('tasks on $name', ({ name, newPlace }) => {
  const newStore = async () => open(await newPlace());

  it('have all that they were given', async () => {
    const store = await newStore();
    const body = { name: '孙䶮𠮷', list: [1, null, 'x'], nested: { money: 12 } };
    await add(store, taskOf('a', '1', { body, at: 5 }));
    const task = one(await take(store, 5));
    expect(task).toEqual({ id: task.id, queue: QUEUE, orderKey: 'a', kind: '1', body, createdAt: 5, attempts: 1 });
    expect(typeof task.id).toBe('number');
  });

  it('of one key are taken one after the other, of different keys together, each queue for itself', async () => {
    const store = await newStore();
    await add(
      store,
      taskOf('a', '1'),
      taskOf('a', '2'),
      taskOf('b', '1'),
      taskOf('a', '3'),
      taskOf('a', 'x', { queue: 'other' }),
    );
    const first = await take(store, 0);
    expect(kinds(first)).toEqual(['a-1', 'b-1']);
    expect(await take(store, 0)).toEqual([]);
    expect(kinds(await take(store, 0, { queue: 'other' }))).toEqual(['a-x']);
    for (const task of first) expect(await end(store, task)).toBe(true);
    const second = one(await take(store, 0));
    expect(kinds([second])).toEqual(['a-2']);
    await end(store, second);
    expect(kinds(await take(store, 0))).toEqual(['a-3']);
  });

  it('are taken up to the limit, those first that have waited longest', async () => {
    const store = await newStore();
    await add(store, ...['c', 'a', 'b', 'd'].map((key, index) => taskOf(key, '1', { at: index })));
    expect(kinds(await take(store, 9, { limit: 3 }))).toEqual(['a-1', 'b-1', 'c-1']);
    expect(kinds(await take(store, 9, { limit: 3 }))).toEqual(['d-1']);
  });

  it('wait for their time, and those behind them too', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1', { notBefore: 100 }), taskOf('a', '2'));
    expect(await take(store, 99)).toEqual([]);
    expect(kinds(await take(store, 100))).toEqual(['a-1']);
  });

  it('that are given back come again first, with what failed and one attempt more', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'));
    await giveBack(store, one(await take(store, 0)), 50, 'BUSY 1008');
    expect(await take(store, 49)).toEqual([]);
    expect(await store.tasks.backlogs(QUEUE, ['a', 'b'])).toEqual([
      { orderKey: 'a', waiting: 2, stuck: false, lastError: 'BUSY 1008' },
    ]);
    expect(one(await take(store, 50))).toMatchObject({ kind: '1', attempts: 2 });
  });

  it('are taken over when their time is up, and not before; whoever held them may neither end nor give them back', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'));
    const stale = one(await take(store, 0));
    expect(await take(store, LEASE - 1)).toEqual([]);
    const held = one(await take(store, LEASE));
    expect(held).toMatchObject({ id: stale.id, attempts: 2 });

    expect(await end(store, stale)).toBe(false);
    await giveBack(store, stale, 0, 'STALE');
    await giveBack(store, stale, null, 'STALE');
    expect(await store.tasks.backlogs(QUEUE, ['a'])).toEqual([
      { orderKey: 'a', waiting: 2, stuck: false, lastError: null },
    ]);
    // Still held, and by nobody else.
    expect(await take(store, LEASE)).toEqual([]);
    expect(await end(store, held)).toBe(true);
    expect(await end(store, held)).toBe(false);
    expect(one(await take(store, LEASE))).toMatchObject({ kind: '2' });
  });

  it('are held for longer by whoever holds them, and by nobody else', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'));
    const stale = one(await take(store, 0));
    const hold = (task: Task, until: number) => store.write((tx) => store.tasks.hold(tx, task, until));
    expect(await hold(stale, 5 * LEASE)).toBe(true);
    expect(await take(store, 5 * LEASE - 1)).toEqual([]);
    const held = one(await take(store, 5 * LEASE));
    expect(await hold(stale, 50 * LEASE)).toBe(false);
    await end(store, held);
    expect(await hold(held, 50 * LEASE)).toBe(false);
    expect(one(await take(store, 5 * LEASE))).toMatchObject({ kind: '2' });
  });

  it('are not touched through the one before them, which has ended', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'));
    const first = one(await take(store, 0));
    await end(store, first);
    const second = one(await take(store, 0));
    expect(second.attempts).toBe(first.attempts);
    await giveBack(store, first, null, 'STALE');
    expect(await store.write((tx) => store.tasks.hold(tx, first, 50 * LEASE))).toBe(false);
    expect(await end(store, first)).toBe(false);
    expect(await store.tasks.backlogs(QUEUE, ['a'])).toEqual([
      { orderKey: 'a', waiting: 1, stuck: false, lastError: null },
    ]);
    expect(await take(store, LEASE - 1)).toEqual([]);
    expect(await end(store, second)).toBe(true);
  });

  it('are another process’s to take over, in a store that is opened again', async () => {
    const place = await newPlace();
    const first = await open(place);
    await add(first, taskOf('a', '1'));
    const stale = one(await take(first, 0));
    await first.close();
    const second = await open(place);
    expect(await end(second, stale)).toBe(false);
    expect(await take(second, LEASE - 1)).toEqual([]);
    expect(await end(second, one(await take(second, LEASE)))).toBe(true);
  });

  it('that a dead process held are free at once where nobody else uses the store', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('b', '1', { notBefore: 500 }), taskOf('c', '1'));
    const taken = await take(store, 0);
    const [held, stuck] = ['a', 'c'].map((key) => taken.find(({ orderKey }) => orderKey === key));
    await giveBack(store, stuck as Task, null);
    await store.write((tx) => store.tasks.hurry(tx, QUEUE, 10));
    const hurried = await take(store, 10);
    expect(kinds(hurried)).toEqual(['a-1', 'b-1']);
    expect(await end(store, held as Task)).toBe(false);
  });

  it('end with what they did, or not at all', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'));
    const task = one(await take(store, 0));
    const failing = store.write(async (tx) => {
      await store.tasks.end(tx, task);
      await store.tasks.add(tx, [taskOf('effect', '1')]);
      throw new Error('the rule was broken');
    });
    await expect(failing).rejects.toThrow('the rule was broken');
    expect(await store.tasks.count(QUEUE)).toEqual({ waiting: 1, stuck: 0 });
    const effect = (key: string) => (tx: WriteTransaction) => store.tasks.add(tx, [taskOf(key, '1')]);
    expect(await store.write((tx) => store.tasks.end(tx, task, effect('effect')))).toBe(true);
    expect(await store.write((tx) => store.tasks.end(tx, task, effect('another')))).toBe(false);
    expect(kinds(await take(store, 0))).toEqual(['effect-1']);
  });

  it('are ended and the next taken in one: held by the same process, counted anew, and nobody woken', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'), taskOf('b', '1'));
    const first = (await take(store, 0)).find(({ orderKey }) => orderKey === 'a') as Task;
    let woken = 0;
    store.tasks.listen(QUEUE, () => {
      woken += 1;
    });
    const effect = (tx: WriteTransaction) => store.tasks.add(tx, [taskOf('effect', '1', { queue: 'other' })]);
    const next = await endAndTakeNext(store, first, 5, effect);
    expect(next).toMatchObject({ orderKey: 'a', kind: '2', attempts: 1 });
    expect(woken).toBe(0);
    expect(kinds(await take(store, 5, { queue: 'other' }))).toEqual(['effect-1']);
    expect(await take(store, LEASE - 1, { limit: 1 })).toEqual([]);
    expect(await endAndTakeNext(store, next as Task, 6)).toBeUndefined();
    expect(await store.tasks.backlogs(QUEUE, ['a'])).toEqual([]);
  });

  it('are not taken with the end of the one before while they wait for their time', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2', { notBefore: 100 }));
    expect(await endAndTakeNext(store, one(await take(store, 0)), 99)).toBeUndefined();
    expect(await take(store, 99)).toEqual([]);
    expect(one(await take(store, 100))).toMatchObject({ kind: '2', attempts: 1 });
  });

  it('are not taken by whoever no longer holds the one before, and nothing is written', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'));
    const stale = one(await take(store, 0));
    const held = one(await take(store, LEASE));
    const effect = (tx: WriteTransaction) => store.tasks.add(tx, [taskOf('effect', '1')]);
    expect(await endAndTakeNext(store, stale, LEASE, effect)).toBeUndefined();
    expect(await store.tasks.count(QUEUE)).toEqual({ waiting: 2, stuck: 0 });
    expect(await endAndTakeNext(store, held, LEASE)).toMatchObject({ kind: '2' });
  });

  it('that are stuck hold up their key alone, until a person lets them go on', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'), taskOf('b', '1'));
    const taken = await take(store, 0);
    const [first, other] = ['a', 'b'].map((key) => taken.find(({ orderKey }) => orderKey === key));
    await giveBack(store, first as Task, null, 'REFUSED 2102');
    await end(store, other as Task);
    expect(await take(store, 1_000_000)).toEqual([]);
    expect(await store.tasks.count(QUEUE)).toEqual({ waiting: 2, stuck: 1 });
    expect(await store.tasks.backlogs(QUEUE, ['a', 'b'])).toEqual([
      { orderKey: 'a', waiting: 2, stuck: true, lastError: 'REFUSED 2102' },
    ]);

    const letGoOn = (key: string) => store.write((tx) => store.tasks.letGoOn(tx, QUEUE, key, 7));
    expect(await letGoOn('b')).toBe(0);
    expect(await letGoOn('a')).toBe(1);
    expect(await letGoOn('a')).toBe(0);
    expect(await take(store, 6)).toEqual([]);
    expect(one(await take(store, 7))).toMatchObject({ kind: '1', attempts: 2 });
    expect(await store.tasks.backlogs(QUEUE, ['a'])).toMatchObject([{ stuck: false }]);
  });

  it('are cancelled by queue, key and kind', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'), taskOf('b', '1'), taskOf('a', '1', { queue: 'other' }));
    await store.write((tx) => store.tasks.cancel(tx, QUEUE, 'a', '1'));
    expect(kinds(await take(store, 0))).toEqual(['a-2', 'b-1']);
    expect(kinds(await take(store, 0, { queue: 'other' }))).toEqual(['a-1']);
  });

  it('that are held or stuck stay so when one behind them is cancelled', async () => {
    const store = await newStore();
    await add(store, taskOf('held', '1'), taskOf('held', '2'), taskOf('stuck', '1'), taskOf('stuck', '2'));
    const taken = await take(store, 0);
    const [held, stuck] = ['held', 'stuck'].map((key) => taken.find(({ orderKey }) => orderKey === key) as Task);
    await giveBack(store, stuck as Task, null, 'REFUSED');
    for (const key of ['held', 'stuck']) await store.write((tx) => store.tasks.cancel(tx, QUEUE, key, '2'));
    expect(await take(store, LEASE - 1)).toEqual([]);
    expect(await store.tasks.backlogs(QUEUE, ['stuck'])).toMatchObject([
      { waiting: 1, stuck: true, lastError: 'REFUSED' },
    ]);
    expect(await end(store, held as Task)).toBe(true);
    await store.write((tx) => store.tasks.cancel(tx, QUEUE, 'stuck', '1'));
    expect(await store.tasks.count(QUEUE)).toEqual({ waiting: 0, stuck: 0 });
  });

  it('that were held and are cancelled are nobody’s any more', async () => {
    const store = await newStore();
    await add(store, taskOf('a', '1'), taskOf('a', '2'));
    const held = one(await take(store, 0));
    await store.write((tx) => store.tasks.cancel(tx, QUEUE, 'a', '1'));
    expect(await end(store, held)).toBe(false);
    expect(one(await take(store, 0))).toMatchObject({ kind: '2', attempts: 1 });
  });

  it('wake who listens once they are committed, by writing, ending and letting go on, and never when undone', async () => {
    const store = await newStore();
    const woken: string[] = [];
    const stop = store.tasks.listen(QUEUE, () => woken.push('woken'));
    store.tasks.listen('other', () => woken.push('other'));
    let during = -1;
    await store.write(async (tx) => {
      await store.tasks.add(tx, [taskOf('a', '1'), taskOf('a', '2')]);
      during = woken.length;
    });
    expect(during).toBe(0);
    expect(woken).toEqual(['woken']);
    const undone = store.write(async (tx) => {
      await store.tasks.add(tx, [taskOf('b', '1')]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(woken).toHaveLength(1);
    const task = one(await take(store, 0));
    expect(woken).toHaveLength(1);
    await end(store, task);
    expect(woken).toHaveLength(2);
    await giveBack(store, one(await take(store, 0)), null);
    await store.write((tx) => store.tasks.letGoOn(tx, QUEUE, 'a', 0));
    expect(woken).toHaveLength(3);
    stop();
    await add(store, taskOf('c', '1'));
    expect(woken).toHaveLength(3);
  });

  it('none at all are nothing', async () => {
    const store = await newStore();
    await add(store);
    expect(await store.tasks.count(QUEUE)).toEqual({ waiting: 0, stuck: 0 });
  });

  it('taken by many at once are taken once each, and each key stays in order', async () => {
    const place = await newPlace();
    const first = await open(place);
    const workers = name === 'PostgreSQL' ? [first, await open(place), await open(place)] : [first, first, first];
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    for (const step of ['1', '2', '3', '4']) await add(first, ...keys.map((key) => taskOf(key, step)));
    const done: string[] = [];
    await Promise.all(
      workers.map(async (store) => {
        for (;;) {
          const taken = await take(store, 0, { limit: 3 });
          if (taken.length === 0 && (await store.tasks.count(QUEUE)).waiting === 0) return;
          for (const task of taken) {
            done.push(`${task.orderKey}-${task.kind}`);
            expect(await end(store, task)).toBe(true);
          }
        }
      }),
    );
    expect(done).toHaveLength(80);
    for (const key of keys) {
      expect(done.filter((entry) => entry.startsWith(`${key}-`))).toEqual(
        ['1', '2', '3', '4'].map((step) => `${key}-${step}`),
      );
    }
  });

  it('show nobody’s name or number to whoever reads the database', async () => {
    const place = await newPlace();
    const store = await open(place);
    const person = { name: '甘安', idNumber: '421202197803159926', mobile: '13800000001' };
    await add(store, taskOf('a', '1', { body: { applicant: person } }));
    await giveBack(store, one(await take(store, 0)), 1);
    await store.close();
    const seen = await readable(place);
    expect(seen).toContain('BUSY');
    for (const secret of Object.values(person)) expect(seen).not.toContain(secret);
  });
});
