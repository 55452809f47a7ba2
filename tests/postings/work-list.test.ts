import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PostingState } from '../../adapters/database/postings.ts';
import { WORK_ITEM_RESOLUTIONS } from '../../subgraphs/medical/postings/work.ts';
import { maternityEntry, referralEntry } from './fixture/entries.ts';
import { EFFECTS, openPostRoom, type PostRoom } from './fixture/post-room.ts';

let room: PostRoom;

beforeAll(async () => {
  room = await openPostRoom();
});

afterEach(() => room.core.clearFaults());

type Patient = ReturnType<PostRoom['patient']>;

/** A posting whose step was done or not, of which the platform then cannot tell. */
async function untold(
  entry: (person: Patient) => object,
  { transaction, done, question }: { transaction: string; done: boolean; question: readonly string[] },
): Promise<{ readonly person: Patient; readonly id: string }> {
  const person = room.patient();
  const id = await room.postOne(entry(person));
  room.fault(transaction, done ? 'drop-after-work' : 'drop-before-work', { times: 1 });
  // The platform's queries answer with nothing that can be read, once the step was sent.
  await room.work();
  for (const one of question) room.fault(one, 'garbage');
  expect((await room.read(id)).state).toBe('unknown');
  await room.ended(id);
  return { person, id };
}

const filing = { transaction: '2501', question: ['5304'] };
const admission = { transaction: '2401', question: ['5303'] };
const settlement = { transaction: '2304', question: ['5203'] };
const fees = { transaction: '2301', question: ['2303'] };

describe('a step of which the platform cannot tell', () => {
  it('is asked after 2 s, 10 s, 30 s, 2 min, 10 min and 30 min, and then a person is', async () => {
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    room.fault('2501', 'drop-after-work', { times: 1 });
    await room.work();
    room.fault('5304', 'garbage');
    const pauses: number[] = [];
    const asked = room.core.calls.calls['5304'] ?? 0;
    while ((await room.read(id)).state === 'unknown') {
      const pause = ((await room.read(id)).dueAt ?? 0) - room.clock();
      pauses.push(Math.round(pause / 1_000));
      room.pass(pause - 100);
      expect(await room.work()).toBe(0);
      room.pass(200);
      await room.work();
    }
    expect(pauses).toEqual([2, 10, 30, 120, 600, 1_800]);
    expect((room.core.calls.calls['5304'] ?? 0) - asked).toBe(6);
    expect(await room.read(id)).toMatchObject({ state: 'manual', failure: { code: 'OUTCOME_UNKNOWN' }, dueAt: null });
    const [filed] = room.ledger(person);
    expect(await room.item(id)).toMatchObject({
      reason: 'CANNOT_TELL',
      messageReferences: [filed?.msgid],
      question: expect.stringContaining(String(filed?.msgid)),
      questionZh: expect.stringContaining('转院备案'),
      done: [],
      resolutions: ['done', 'not-done', 'ask-again', 'close'],
    });
  });

  it('is not believed not to have been done while it may still be on its way', async () => {
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    const asked = room.core.calls.calls['5304'] ?? 0;
    room.fault('2501', 'drop-before-work', { times: 1 });
    await room.work();
    room.pass(2_000);
    await room.work();
    expect(await room.read(id)).toMatchObject({ state: 'unknown', progress: { pending: { asked: 1 } } });
    expect(room.core.calls.calls['2501']).toBeGreaterThan(0);
    await room.ended(id);
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
    // Before it was filed, after 2 s, 12 s, 42 s and 162 s, and before it was filed again.
    expect((room.core.calls.calls['5304'] ?? 0) - asked).toBe(6);
    const [, taken] = await room.history(id);
    const sentAgain = Date.parse(String(room.ledger(person)[0]?.at));
    expect(sentAgain - Number(taken?.at)).toBeGreaterThan(2 * room.client.writeDeadlineMs - 1_000);
  });

  it('that the platform has reversed is sent again at once', async () => {
    let hidden = true;
    const blind = await openPostRoom({
      // The platform shows no settlement of its own as long as it is blind.
      alter: (answer, request) =>
        hidden && request?.includes('"infno":"5203"')
          ? Buffer.from(JSON.stringify({ ...JSON.parse(answer.toString('utf8')), output: {} }))
          : answer,
    });
    const person = blind.patient();
    const id = await blind.postOne(maternityEntry(person));
    blind.fault('2304', 'drop-after-work', { times: 1 });
    await blind.work();
    blind.pass(2_000);
    await blind.work();
    hidden = false;
    expect((await blind.read(id)).state).toBe('settled');
    const [, , first, reversed, second] = blind.ledger(person);
    expect(blind.kinds(person).slice(2)).toEqual(['settlement', 'settlement-reversed', 'settlement']);
    expect(reversed).toMatchObject({ omsgid: first?.msgid });
    expect((await blind.read(id)).settlementId).toBe(second?.reference);
  });
});

describe('a person who found out that', () => {
  it('a referral was filed ends it with the serial', async () => {
    const { person, id } = await untold(referralEntry, { ...filing, done: true });
    await room.resolve(id, 'done', { serial: 'S-1' });
    const posting = await room.ended(id);
    expect(posting.state).toBe('settled');
    expect(room.workList.outcomeOf(posting)).toEqual({ kind: 'referral', serial: 'S-1' });
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
    expect((await room.history(id)).at(-2)).toMatchObject({
      cause: 'RESOLVED',
      actor: 'hospital',
      reason: '已与经办机构核实',
    });
  });

  it('a referral was not filed has it filed, once more looked for before', async () => {
    const { person, id } = await untold(referralEntry, { ...filing, done: false });
    room.core.clearFaults();
    await room.resolve(id, 'not-done');
    expect((await room.ended(id)).state).toBe('settled');
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
  });

  it('a referral was not filed, though it was, files nothing twice', async () => {
    const { person, id } = await untold(referralEntry, { ...filing, done: true });
    room.core.clearFaults();
    await room.resolve(id, 'not-done');
    const posting = await room.ended(id);
    expect(room.workList.outcomeOf(posting)).toEqual({ kind: 'referral', serial: null });
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
  });

  it.each(['done', 'not-done'] as const)('an admission was %s goes on with the visit', async (resolution) => {
    const { person, id } = await untold(maternityEntry, { ...admission, done: resolution === 'done' });
    room.core.clearFaults();
    if (resolution === 'done') {
      await expect(room.resolve(id, 'done')).rejects.toMatchObject({ details: { field: 'input.visitId' } });
      await room.resolve(id, 'done', { visitId: String(room.ledger(person)[0]?.reference) });
    } else await room.resolve(id, 'not-done');
    expect((await room.ended(id)).state).toBe('settled');
    expect(room.kinds(person)).toEqual(EFFECTS.maternity);
  });

  it('the platform can tell by now has it asked again', async () => {
    const { person, id } = await untold(maternityEntry, { ...settlement, done: true });
    expect((await room.item(id)).resolutions).toEqual(['not-done', 'ask-again', 'close']);
    await room.resolve(id, 'ask-again');
    expect((await room.ended(id)).state).toBe('manual');
    room.core.clearFaults();
    await room.resolve(id, 'ask-again');
    expect((await room.ended(id)).state).toBe('settled');
    expect(room.kinds(person)).toEqual(EFFECTS.maternity);
  });

  it('fees were not uploaded has them uploaded', async () => {
    const { person, id } = await untold(maternityEntry, { ...fees, done: false });
    room.core.clearFaults();
    await room.resolve(id, 'not-done');
    expect((await room.ended(id)).state).toBe('settled');
    expect(room.kinds(person)).toEqual(EFFECTS.maternity);
  });

  it('all of it was ended by hand has nothing more sent', async () => {
    const { id } = await untold(maternityEntry, { ...settlement, done: false });
    await room.resolve(id, 'close');
    const sent = room.core.calls.total;
    expect(await room.work()).toBe(0);
    expect(await room.read(id)).toMatchObject({ state: 'rejected', dueAt: null });
    expect(room.core.calls.total).toBe(sent);
  });

  it('a query that failed again and again may go on, or be given up', async () => {
    for (const resolution of ['ask-again', 'give-up'] as const) {
      const person = room.patient();
      const id = await room.postOne(maternityEntry(person));
      room.fault('2303', 'garbage');
      expect((await room.ended(id)).state).toBe('manual');
      expect(await room.item(id)).toMatchObject({
        reason: 'OFTEN_FAILED',
        done: ['FEES', 'ADMISSION'],
        resolutions: ['ask-again', 'give-up', 'close'],
      });
      room.core.clearFaults();
      await room.resolve(id, resolution);
      expect((await room.ended(id)).state).toBe(resolution === 'give-up' ? 'rejected' : 'settled');
      const undone = ['admission', 'fee-upload', 'fees-taken-back', 'admission-cancelled'];
      expect(room.kinds(person)).toEqual(resolution === 'give-up' ? undone : EFFECTS.maternity);
    }
  });

  it('what could not be undone is undone, or may be tried again', async () => {
    for (const resolution of ['done', 'not-done'] as const) {
      const person = room.patient();
      const id = await room.postOne(referralEntry(person));
      await room.ended(id);
      await room.cancel(id);
      room.fault('2502', 'drop-before-work');
      expect((await room.ended(id)).state).toBe('manual');
      expect(await room.item(id)).toMatchObject({ reason: 'CANNOT_UNDO', resolutions: ['done', 'not-done', 'close'] });
      room.core.clearFaults();
      await room.resolve(id, resolution);
      expect((await room.ended(id)).state).toBe('cancelled');
      expect(room.kinds(person)).toEqual(resolution === 'done' ? EFFECTS.referral : EFFECTS.referralCancelled);
    }
  });
});

describe('a resolution that does not fit', () => {
  it('is refused, and nothing changes', async () => {
    const { id } = await untold(maternityEntry, { ...settlement, done: false });
    const { resolutions } = await room.item(id);
    const others = Object.values(WORK_ITEM_RESOLUTIONS).filter((one) => !resolutions.includes(one));
    expect(others).toEqual(['done', 'give-up']);
    const before = await room.read(id);
    for (const one of others) {
      await expect(room.resolve(id, one)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: { field: 'input.resolution' },
      });
    }
    expect(await room.read(id)).toEqual(before);
  });

  it.each(Object.values(WORK_ITEM_RESOLUTIONS))('%s of what is not on the list is refused', async (resolution) => {
    const id = await room.postOne(referralEntry(room.patient()));
    await expect(room.resolve(id, resolution)).rejects.toMatchObject({ details: { field: 'input.posting' } });
    await room.ended(id);
    await expect(room.resolve(id, resolution)).rejects.toMatchObject({ details: { field: 'input.posting' } });
  });
});

describe('taking back', () => {
  it('what was not sent ends it, and nothing is sent', async () => {
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    await room.cancel(id);
    expect(await room.states(id)).toEqual(['stored', 'cancelled']);
    expect(await room.work()).toBe(0);
    await room.cancel(id);
    expect(room.kinds(person)).toEqual([]);
    expect((await room.history(id)).at(-1)).toMatchObject({ actor: 'hospital', reason: '患者放弃' });
  });

  it('what a worker has in hand, but has not sent, lets it send nothing', async () => {
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    room.fault('5304', 'delay', { delayMs: 300, times: 1 });
    const working = room.work();
    await room.cancel(id);
    await working;
    expect((await room.read(id)).state).toBe('cancelled');
    expect(room.kinds(person)).toEqual([]);
  });

  const waiting: Readonly<Partial<Record<PostingState, () => Promise<string>>>> = {
    sending: async () => {
      const id = await room.postOne(maternityEntry(room.patient()));
      room.fault('2001', 'http-status', { status: 200 });
      room.core.clearFaults();
      room.fault('2301', 'busy');
      await room.work();
      return id;
    },
    unknown: async () => {
      const id = await room.postOne(referralEntry(room.patient()));
      room.fault('2501', 'drop-after-work', { times: 1 });
      await room.work();
      return id;
    },
  };

  it.each(Object.keys(waiting) as PostingState[])('while it is %s is refused for now', async (state) => {
    const id = (await waiting[state]?.()) as string;
    expect((await room.read(id)).state).toBe(state);
    await expect(room.cancel(id)).rejects.toMatchObject({ code: 'IN_PROGRESS' });
    room.core.clearFaults();
    expect((await room.ended(id)).state).toBe('settled');
  });

  it('what is being taken back already is left as it is', async () => {
    const id = await room.postOne(referralEntry(room.patient()));
    await room.ended(id);
    await room.cancel(id);
    const before = await room.history(id);
    await room.cancel(id);
    expect(await room.history(id)).toEqual(before);
    await room.ended(id);
  });

  it('what is undone because it could not be done, is on the work list, or was rejected, is refused', async () => {
    const person = room.patient();
    const id = await room.postOne(maternityEntry(person, { settlement: { expected: { cashPaid: 1 } } }));
    room.fault('2302', 'busy');
    await room.work();
    expect((await room.read(id)).state).toBe('undoing');
    const refused = { code: 'INVALID_INPUT', details: { field: 'input.posting' } };
    await expect(room.cancel(id)).rejects.toMatchObject(refused);
    room.core.clearFaults();
    await room.ended(id);
    await expect(room.cancel(id)).rejects.toMatchObject(refused);
    const { id: manual } = await untold(referralEntry, { ...filing, done: false });
    await expect(room.cancel(manual)).rejects.toMatchObject(refused);
  });
});
