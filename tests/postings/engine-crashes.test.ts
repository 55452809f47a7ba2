import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import { newFolder, storeOpener } from '../store/homes.ts';
import { feesOf, HOSPITAL, maternityEntry, referralEntry } from './fixture/entries.ts';
import { DIED, EFFECTS, openPostRoom, type PostRoom } from './fixture/post-room.ts';

/** Counts down to a process's death. */
interface Death {
  writes: number;
  answers: number;
  dead: boolean;
}

const NEVER = Number.POSITIVE_INFINITY;
const death: Death = { writes: NEVER, answers: NEVER, dead: false };
let room: PostRoom;
let counted = { writes: 0, answers: 0 };

beforeAll(async () => {
  room = await openPostRoom({
    settings: { feeRowsPerCall: 2 },
    alter(answer) {
      counted.answers += 1;
      death.answers -= 1;
      if (death.answers <= 0) death.dead = true;
      // What the dead are told nobody reads.
      return death.dead ? Buffer.from('') : answer;
    },
  });
});

/** A store to which a process that has died writes nothing. */
function mortal(store: Store): Store {
  return {
    ...store,
    async write(work) {
      if (death.dead) throw new Error(DIED);
      const value = await store.write(work);
      counted.writes += 1;
      death.writes -= 1;
      if (death.writes > 0) return value;
      death.dead = true;
      throw new Error(DIED);
    },
  };
}

interface Course {
  readonly name: string;
  readonly entry: (person: ReturnType<PostRoom['patient']>) => object;
  /** What is undone at the hospital's wish, after it was settled. */
  readonly undone: boolean;
  readonly effects: readonly string[];
  readonly ends: string;
}

const FEES = feesOf(3);
const THREE_SLICES = ['admission', 'fee-upload', 'fee-upload', 'fee-upload', 'settlement'];

const COURSES: readonly Course[] = [
  { name: 'a referral', entry: referralEntry, undone: false, effects: EFFECTS.referral, ends: 'settled' },
  {
    name: 'a referral that is taken back',
    entry: referralEntry,
    undone: true,
    effects: EFFECTS.referralCancelled,
    ends: 'cancelled',
  },
  {
    name: 'a maternity settlement',
    entry: (person) => maternityEntry(person, { fees: FEES }),
    undone: false,
    effects: THREE_SLICES,
    ends: 'settled',
  },
  {
    name: 'a maternity settlement that is taken back',
    entry: (person) => maternityEntry(person, { fees: FEES }),
    undone: true,
    effects: [...THREE_SLICES, 'settlement-cancelled', 'fees-taken-back', 'admission-cancelled'],
    ends: 'cancelled',
  },
];

/** Brings a posting to its end through a death; false when it ended before. */
async function survives({ entry, undone, effects, ends }: Course, after: Partial<Death>): Promise<boolean> {
  const person = room.patient();
  const id = await room.postOne(entry(person));
  if (undone) {
    await room.ended(id);
    await room.cancel(id);
  }
  counted = { writes: 0, answers: 0 };
  Object.assign(death, { writes: NEVER, answers: NEVER, dead: false }, after);
  await room.work(room.engineOver({ store: mortal(room.store) })).catch((error: Error) => {
    if (error.message !== DIED) throw error;
  });
  const { dead } = death;
  Object.assign(death, { writes: NEVER, answers: NEVER, dead: false });
  // Whoever starts next finds what the dead one held.
  await room.store.write((tx) => room.store.postings.hurry(tx, room.clock()));
  expect((await room.ended(id)).state).toBe(ends);
  expect(room.kinds(person)).toEqual(effects);
  return dead;
}

describe.each(COURSES)('$name', (course) => {
  it.each(['writes', 'answers'] as const)(
    'goes on after a death after any of its %s, with one effect',
    async (what) => {
      let after = 1;
      while (await survives(course, { [what]: after })) after += 1;
      // It died at every one of them before it did not any more.
      expect(after).toBe(counted[what] + 1);
      expect(after).toBeGreaterThan(1);
    },
  );
});

describe('a store that was not closed in order', () => {
  it('is opened again and the posting goes on where it was', async () => {
    const open = storeOpener();
    const place = { path: `${newFolder()}/store.sqlite` };
    const first = await open(place);
    const before = await openPostRoom({ store: first });
    const person = before.patient();
    const id = await before.postOne(maternityEntry(person));
    before.fault('2304', 'drop-after-work', { times: 1 });
    await before.work();
    expect((await before.read(id)).state).toBe('unknown');
    await first.close();
    const second = await open(place);
    const engine = before.engineOver({ store: second });
    await second.write((tx) => second.postings.hurry(tx, before.clock()));
    before.pass(2_000);
    const [taken] = await second.write((tx) =>
      second.postings.take(tx, HOSPITAL, { limit: 1, now: before.clock(), leaseMs: 1_000 }),
    );
    if (!taken) throw new Error('nothing was due');
    await engine.advance(taken, new AbortController().signal);
    expect((await second.postings.byId(id))?.state).toBe('settled');
    expect(before.kinds(person)).toEqual(EFFECTS.maternity);
    await second.close();
  });
});

describe('a worker whose posting another has taken over', () => {
  it('sends nothing more, neither a step nor what finds one out', async () => {
    const person = room.patient();
    const id = await room.postOne(maternityEntry(person));
    const { postings } = room.store;
    const take = async () => {
      const found = await room.store.write((tx) =>
        postings.take(tx, HOSPITAL, { limit: 50, now: room.clock(), leaseMs: 1_000 }),
      );
      const taken = found.find((one) => one.id === id);
      if (!taken) throw new Error('it was not due');
      return taken;
    };
    const stale = await take();
    room.pass(1_500);
    room.fault('2401', 'drop-after-work', { times: 1 });
    await room.engine.advance(await take(), new AbortController().signal);
    expect(await room.states(id)).toEqual(['stored', 'sending', 'unknown']);
    const sent = room.core.calls.total;
    await room.engine.advance({ ...stale, state: 'unknown' }, new AbortController().signal);
    expect(room.core.calls.total).toBe(sent);
    expect((await room.ended(id)).state).toBe('settled');
    expect(room.kinds(person)).toEqual(['admission', 'fee-upload', 'fee-upload', 'settlement']);
  });
});
