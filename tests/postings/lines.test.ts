import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import { chinaDate } from '../../adapters/values/china-time.ts';
import { PostingLines } from '../../subgraphs/medical/postings/engine/lines.ts';
import { storeOpener, testHomes } from '../store/homes.ts';
import { HOSPITAL, maternityEntry, OTHER_HOSPITAL, referralEntry } from './fixture/entries.ts';
import { EFFECTS, openPostRoom, type PostRoom } from './fixture/post-room.ts';

const DAY_MS = 86_400_000;

/** So many referrals of some patients, each for a day of its own. */
function referrals(room: PostRoom, count: number): readonly object[] {
  const patients = Array.from({ length: 20 }, () => room.patient());
  return Array.from({ length: count }, (_, index) => {
    const day = chinaDate(Date.parse('2026-01-01T12:00:00+08:00') + Math.floor(index / 20) * DAY_MS);
    return referralEntry(patients[index % 20] as never, { from: day, to: day });
  });
}

function linesOf(room: PostRoom, store: Store = room.store, concurrency = 4) {
  const engine = room.engineOver({ store });
  const hospitals = [HOSPITAL, OTHER_HOSPITAL].map((provider) => ({ provider, concurrency }));
  return new PostingLines({ ...room.surroundings, store }, engine, hospitals);
}

const settledOf = async ({ store }: PostRoom, provider: string) =>
  (await store.postings.countByState(provider)).settled;

describe('the lines of the hospitals', () => {
  it('settle what another hospital posts promptly while one floods with 300', async () => {
    const room = await openPostRoom();
    const lines = linesOf(room);
    await room.post(referrals(room, 300));
    const own = await room.postOne(maternityEntry(room.patient()), OTHER_HOSPITAL);
    lines.start();
    await vi.waitFor(async () => expect((await room.read(own)).state).toBe('settled'), {
      timeout: 15_000,
      interval: 5,
    });
    expect(await settledOf(room, HOSPITAL)).toBeLessThan(60);
    await lines.stop();
    expect(room.reports).toEqual([]);
  });

  it('are not held up by postings that always fail, which come to a person in the end', async () => {
    const room = await openPostRoom();
    const lines = linesOf(room);
    const sick = [room.patient(), room.patient(), room.patient()];
    const poisoned = await room.post(sick.map((person) => maternityEntry(person)));
    const fine = await room.post(referrals(room, 20));
    // Whatever is asked of a benefit, the platform falls over it; of another, its answer makes no sense.
    room.fault('2001', 'http-status', { status: 500 });
    lines.start();
    const done = async () => expect(await settledOf(room, HOSPITAL)).toBe(fine.length);
    await vi.waitFor(done, { timeout: 15_000, interval: 20 });
    for (const id of poisoned) expect((await room.read(id)).state).toBe('stored');
    room.core.clearFaults();
    room.fault('2001', 'garbage');
    const ended = async () => expect(await room.store.postings.countByState(HOSPITAL)).toMatchObject({ manual: 3 });
    await vi.waitFor(
      async () => {
        room.pass(120_000);
        await ended();
      },
      { timeout: 15_000, interval: 50 },
    );
    await lines.stop();
    expect(await room.item(poisoned[0] as string)).toMatchObject({ reason: 'OFTEN_FAILED', done: [] });
    for (const person of sick) expect(room.kinds(person)).toEqual([]);
  });

  it('wait for a platform that is away for an hour, and then drain in order, four at a time and without a storm', async () => {
    const room = await openPostRoom();
    let tried = 0;
    const counting = new Proxy(room.client, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name === 'insuredPerson') tried += 1;
        return value.bind(target);
      },
    });
    const engine = room.engineOver({ client: counting });
    const lines = new PostingLines(room.surroundings, engine, [{ provider: HOSPITAL, concurrency: 4 }]);
    room.core.addFault({ kind: 'refuse-connection' });
    const entries = referrals(room, 200);
    const ids = await room.post(entries);
    lines.start();
    for (let times = 0; times < 6; times += 1) {
      await sleep(150);
      room.pass(600_000);
    }
    expect(await room.store.postings.countByState(HOSPITAL)).toMatchObject({ stored: 200 });
    // Those that went first, and one after each pause that is longer than the one before.
    expect(tried).toBeLessThan(12);
    expect(await room.causes(ids[0] as string)).toEqual([]);
    room.core.clearFaults();
    await vi.waitFor(async () => expect(await settledOf(room, HOSPITAL)).toBe(200), { timeout: 30_000, interval: 50 });
    await lines.stop();
    const { calls, highestInFlight } = room.core.calls;
    expect(highestInFlight).toBeLessThanOrEqual(4);
    expect(calls).toMatchObject({ 1101: 200, 5304: 200, 2501: 200 });
    const place = new Map(ids.map((id, index) => [id, index]));
    const rows = await room.store.postings.byIds(ids);
    const order = [...rows.values()]
      .sort((one, other) => (one.settledAt ?? 0) - (other.settledAt ?? 0))
      .map(({ id }) => place.get(id) ?? 0);
    // As far as four at once can be in order.
    order.forEach((index, at) => {
      expect(Math.abs(index - at)).toBeLessThan(12);
    });
  }, 40_000);

  it('stop at the end of a step, and go on from there', async () => {
    const room = await openPostRoom();
    const person = room.patient();
    const id = await room.postOne(maternityEntry(person));
    room.fault('2401', 'late-answer', { delayMs: 300, times: 1 });
    const lines = linesOf(room);
    lines.start();
    await vi.waitFor(() => expect(room.kinds(person)).toEqual(['admission']), { timeout: 5_000, interval: 5 });
    await lines.stop();
    expect(room.kinds(person)).toEqual(['admission']);
    expect(await room.read(id)).toMatchObject({ state: 'sending', progress: { visit: { id: expect.any(String) } } });
    const again = linesOf(room);
    again.start();
    await vi.waitFor(async () => expect((await room.read(id)).state).toBe('settled'), { timeout: 5_000 });
    await again.stop();
    expect(room.kinds(person)).toEqual(EFFECTS.maternity);
    expect((await room.states(id)).filter((state) => state === 'unknown')).toEqual([]);
  });

  it('wait for a gateway that refuses everybody, which is no fault of any posting', async () => {
    const room = await openPostRoom();
    const lines = linesOf(room);
    // Signs in, while it still may.
    await room.ended(await room.postOne(referralEntry(room.patient())));
    const before = room.core.calls.total;
    room.core.addFault({ kind: 'http-status', status: 401 });
    const ids = [...(await room.post(referrals(room, 20))), 'the first'];
    lines.start();
    await sleep(700);
    // Four at once, each once more, and then one after each pause.
    expect(room.core.calls.total - before).toBeLessThan(25);
    expect(await room.store.postings.countByState(HOSPITAL)).toMatchObject({ stored: 20, manual: 0, rejected: 0 });
    room.core.clearFaults();
    await vi.waitFor(
      async () => {
        room.pass(1_000);
        expect(await settledOf(room, HOSPITAL)).toBe(ids.length);
      },
      { timeout: 15_000, interval: 50 },
    );
    await lines.stop();
  });
});

const homes = await testHomes();

describe.each(homes.filter(({ name }) => name === 'PostgreSQL'))('two gateways at one $name', (home) => {
  const open = storeOpener();
  let room: PostRoom;
  let stores: readonly Store[];

  beforeAll(async () => {
    const place = await home.newPlace();
    stores = [await open(place), await open(place)];
    room = await openPostRoom({ store: stores[0] as Store });
  });

  afterAll(() => Promise.all(stores.map((store) => store.close())));

  it('have one effect of each posting, whichever of them works on it', async () => {
    const people = Array.from({ length: 10 }, () => room.patient());
    const ids = await room.post([...referrals(room, 40), ...people.map((person) => maternityEntry(person))]);
    room.fault('2304', 'drop-after-work', { times: 2 });
    room.fault('2501', 'drop-after-work', { times: 3 });
    const both = stores.map((store) => linesOf(room, store, 2));
    for (const lines of both) lines.start();
    const done = async () => expect(await settledOf(room, HOSPITAL)).toBe(ids.length);
    await vi.waitFor(
      async () => {
        room.pass(500);
        await done();
      },
      { timeout: 20_000, interval: 100 },
    );
    await Promise.all(both.map((lines) => lines.stop()));
    const kinds = room.core.ledger.map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter((one) => one === kind).length;
    expect([count('referral'), count('admission'), count('fee-upload'), count('settlement')]).toEqual([40, 10, 10, 10]);
    for (const id of ids) await room.checkHistory(id);
  }, 30_000);

  it('take over what the other held when it fell silent, which then sends nothing', async () => {
    const [first, second] = stores as [Store, Store];
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    const take = async (store: Store) => {
      const due = { limit: 50, now: room.clock(), leaseMs: 1_000 };
      const taken = await store.write((tx) => store.postings.take(tx, HOSPITAL, due));
      return taken.find((one) => one.id === id);
    };
    const held = await take(first);
    expect(await take(second)).toBeUndefined();
    room.pass(1_500);
    const taken = await take(second);
    if (!held || !taken) throw new Error('it was not due');
    await room.engineOver({ store: first }).advance(held, new AbortController().signal);
    expect(room.kinds(person)).toEqual([]);
    await room.engineOver({ store: second }).advance(taken, new AbortController().signal);
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
    expect((await room.read(id)).state).toBe('settled');
  });
});
