import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../adapters/database/store.ts';
import { KEYS, type TestHome, testHomes } from '../store/homes.ts';
import { anotherSender } from './another-sender.ts';
import { keepAsBeforeLeases } from './old-store.ts';
import { ToyWrites } from './toy-writes.ts';

const homes = await testHomes();
const sharedHomes = homes.filter(({ name }) => name === 'PostgreSQL');
/** The leases of these tests. */
const LEASE_MS = 1_800;
/** A lease, and a look every half second. */
const TAKEN_OVER_MS = LEASE_MS + 1_500;
const LONG_AGO_MS = 13 * 60_000;

let store: Store;
let toy: ToyWrites;

afterEach(async () => {
  await toy.writes.stop();
  await store.close();
});

async function open(place: Awaited<ReturnType<TestHome['newPlace']>>, before?: Pick<ToyWrites, 'done' | 'sent'>) {
  store = await openStore({ ...place, ...KEYS, senderLeaseMs: LEASE_MS });
  toy = new ToyWrites(store, before);
}

const onlyWrite = async () => {
  const [one] = await store.submissions.page(['sending', 'unknown', 'done', 'not-done'], { limit: 2 });
  return one;
};
const stateOf = async () => (await onlyWrite())?.state;
const settledWithin = (ms: number) => ({ timeout: ms, interval: 50 });

describe.each(homes)('a sender that is killed, on $name', ({ newPlace, name }) => {
  it('leaves its write to the next process, within the lease', async () => {
    const place = await newPlace();
    const done: ToyWrites['done'] = new Map();
    const isShared = name === 'PostgreSQL';
    if (isShared) {
      await open(place, { done, sent: [] });
      await toy.writes.start();
    }
    const sender = await anotherSender({ ...place, senderLeaseMs: LEASE_MS }, done, { asksFirst: false });
    await expect.poll(() => sender.arrived, { timeout: 10_000 }).toHaveLength(2);
    await sender.kill();
    if (!isShared) {
      await open(place, { done, sent: [] });
      await toy.writes.start();
    }
    await expect.poll(stateOf, settledWithin(TAKEN_OVER_MS)).toBe('done');
    expect(await onlyWrite()).toMatchObject({ outcome: { receipt: 'R1' }, failure: { code: 'OUTCOME_UNKNOWN' } });
    expect(await toy.effects((await onlyWrite())?.id ?? '')).toEqual(['paid']);
    expect(toy.questions).toBe(1);
  });

  it('of a program without leases leaves its write to the next, on PostgreSQL once it is old', async () => {
    const place = await newPlace();
    const old = await keepAsBeforeLeases(place, Date.now() - LONG_AGO_MS);
    const young = await keepAsBeforeLeases(place, Date.now());
    await open(place);
    await toy.writes.start();
    const state = async (id: string) => (await store.submissions.byId(id))?.state;
    await expect.poll(() => state(old), settledWithin(TAKEN_OVER_MS)).toBe('not-done');
    if (store.exclusive) await expect.poll(() => state(young), settledWithin(TAKEN_OVER_MS)).toBe('not-done');
    else expect(await state(young)).toBe('sending');
  });
});

describe.each(sharedHomes)('a sender that lives, on $name', ({ newPlace }) => {
  it('keeps its write as long as it takes', async () => {
    const place = await newPlace();
    await open(place);
    await toy.writes.start();
    const sender = await anotherSender({ ...place, senderLeaseMs: LEASE_MS }, toy.done, { asksFirst: true });
    await expect.poll(() => sender.arrived, { timeout: 10_000 }).toEqual(['ready']);
    await sleep(2 * LEASE_MS);
    expect(await stateOf()).toBe('sending');
    expect(toy.questions).toBe(0);
  });

  it('and stood still after it sent does not record over what the other found', async () => {
    const place = await newPlace();
    await open(place);
    await toy.writes.start();
    const sender = await anotherSender({ ...place, senderLeaseMs: LEASE_MS }, toy.done, { asksFirst: false });
    await expect.poll(() => sender.arrived, { timeout: 10_000 }).toHaveLength(2);
    process.kill(sender.pid, 'SIGSTOP');
    await expect.poll(stateOf, settledWithin(TAKEN_OVER_MS)).toBe('done');
    const settled = await onlyWrite();
    sender.answer();
    process.kill(sender.pid, 'SIGCONT');
    // What was recorded is what its caller is told.
    expect(await sender.told()).toEqual({ outcome: { receipt: 'R1' } });
    expect(await onlyWrite()).toEqual(settled);
    expect(await toy.effects(settled?.id ?? '')).toEqual(['paid']);
  });

  it('and stood still before it sent sends nothing any more', async () => {
    const place = await newPlace();
    await open(place);
    await toy.writes.start();
    const sender = await anotherSender({ ...place, senderLeaseMs: LEASE_MS }, toy.done, { asksFirst: true });
    await expect.poll(() => sender.arrived, { timeout: 10_000 }).toEqual(['ready']);
    process.kill(sender.pid, 'SIGSTOP');
    await expect.poll(stateOf, settledWithin(TAKEN_OVER_MS)).toBe('not-done');
    sender.answer();
    process.kill(sender.pid, 'SIGCONT');
    expect(await sender.told()).toEqual({ code: 'IN_PROGRESS' });
    expect(sender.arrived).toEqual(['ready']);
    expect(await stateOf()).toBe('not-done');
    expect(await toy.effects((await onlyWrite())?.id ?? '')).toEqual(['not-paid']);
  });
});
