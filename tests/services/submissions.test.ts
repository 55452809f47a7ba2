import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store, type StoreOptions } from '../../adapters/database/store.ts';
import type { CasegraphError } from '../../adapters/transport/errors.ts';
import { invalidInput } from '../../subgraphs/invalid-input.ts';
import { KEYS, newFolder } from '../store/homes.ts';
import { type Course, ToyWrites } from './toy-writes.ts';

const MINUTE = 60_000;
/** A lease that has run out when it begins: as of a process that stands still. */
const LAPSED = { senderLeaseMs: -MINUTE };
const folder = newFolder();
let stores = 0;
let place: Pick<StoreOptions, 'path'>;
let store: Store;
let toy: ToyWrites;

beforeEach(() => {
  stores += 1;
  place = { path: join(folder, `${stores}.sqlite`) };
  return open();
});

async function open(options: Partial<StoreOptions> = {}): Promise<void> {
  store = await openStore({ ...place, ...KEYS, ...options });
  toy = new ToyWrites(store);
}

/** The process is gone, whatever it was about to do; another opens its store. */
async function openAgain(options: Partial<StoreOptions> = {}, workMs = 0): Promise<void> {
  await store.close();
  store = await openStore({ ...place, ...KEYS, ...options });
  toy = new ToyWrites(store, toy, workMs);
}

afterEach(async () => {
  toy.release.resolve();
  await toy.writes.stop();
  await store.close();
});

/** The refusal of a write. */
async function refusal(submitted: Promise<unknown>): Promise<CasegraphError> {
  return submitted.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: CasegraphError) => error,
  );
}

const stateOf = async (id: string) => (await store.submissions.byId(id))?.state;

/** Lets so much time pass that whatever is due is asked, until a write has come to a state. */
async function settledAs(id: string, state: string): Promise<void> {
  await expect
    .poll(
      () => {
        toy.now += 10 * MINUTE;
        return stateOf(id);
      },
      { timeout: 15_000 },
    )
    .toBe(state);
}

/** A write whose outcome is not known. Gives its id. */
async function unknownWrite(course: Course): Promise<string> {
  toy.course = course;
  const { code, details } = await refusal(toy.submit());
  expect(code).toBe('OUTCOME_UNKNOWN');
  return String(details.submission);
}

describe('a write', () => {
  it('that is answered is done, with what follows and the message id', async () => {
    const { submissionId, outcome } = await toy.submit();
    expect(outcome).toEqual({ receipt: 'R1' });
    expect(await store.submissions.byId(submissionId)).toMatchObject({
      system: 'toy',
      kind: 'pay',
      state: 'done',
      input: { amountFen: 100 },
      outcome: { receipt: 'R1' },
      messageReference: `message-of-${submissionId}`,
      failure: null,
    });
    expect(await toy.effects(submissionId)).toEqual(['paid']);
    // Nothing is left to be settled.
    expect(await store.tasks.count('toy.settle')).toEqual({ waiting: 0, stuck: 0 });
  });

  it.each([
    ['rejected', 'DEPARTMENT_REJECTED', 'rejected'],
    ['unreachable', 'DEPARTMENT_UNREACHABLE', 'not-sent'],
    ['busy', 'DEPARTMENT_BUSY', 'not-sent'],
  ] as const)('that is %s is told so, and may be made again under its key', async (course, code, state) => {
    toy.course = course;
    expect(await refusal(toy.submit())).toMatchObject({ code, details: { department: 'toy' } });
    const [message] = toy.sent;
    const id = message?.replace('message-of-', '') ?? '';
    expect(await store.submissions.byId(id)).toMatchObject({
      state,
      failure: course === 'rejected' ? { code, departmentCode: 'T01', detailZh: '余额不足。' } : { code },
    });
    expect(await toy.effects(id)).toEqual(['not-paid']);
    expect(await store.tasks.count('toy.settle')).toEqual({ waiting: 0, stuck: 0 });
    toy.course = 'answered';
    const again = await toy.submit();
    expect(again.submissionId).not.toBe(id);
    expect(toy.done.size).toBe(1);
  });

  it.each([
    ['answer-lost', 'done', ['paid']],
    ['garbage', 'done', ['paid']],
    ['fault', 'done', ['paid']],
    ['request-lost', 'not-done', ['not-paid']],
  ] as const)('that came to %s is unknown, and %s once the department is asked', async (course, state, effects) => {
    await toy.writes.start();
    const id = await unknownWrite(course);
    expect(await stateOf(id)).toBe('unknown');
    // Asked for again meanwhile, it is not sent again.
    expect(await refusal(toy.submit())).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { submission: id } });
    expect(toy.sent).toHaveLength(1);
    await settledAs(id, state);
    expect(await toy.effects(id)).toEqual(effects);
    toy.course = 'answered';
    const again = await toy.submit();
    expect(toy.done.size).toBe(1);
    if (state === 'done') expect(again).toEqual({ submissionId: id, outcome: { receipt: 'R1' } });
    else expect(again.submissionId).not.toBe(id);
  });

  it('is not asked after before the department has had its time', async () => {
    await toy.writes.start();
    const id = await unknownWrite('answer-lost');
    const { waiting } = await store.tasks.count('toy.settle');
    expect(waiting).toBe(1);
    expect(
      await store.write((tx) => store.tasks.take(tx, 'toy.settle', { limit: 1, now: toy.now, leaseMs: 1 })),
    ).toEqual([]);
    expect(toy.questions).toBe(0);
    await settledAs(id, 'done');
    expect(toy.questions).toBe(1);
  });

  it('that is not there yet is not believed undone as long as the department may be at work on it', async () => {
    await openAgain({}, MINUTE);
    await toy.writes.start();
    const id = await unknownWrite('request-lost');
    toy.now += 5_000;
    await expect.poll(() => toy.questions, { timeout: 5_000 }).toBeGreaterThan(0);
    expect(await stateOf(id)).toBe('unknown');
    toy.done.set(`message-of-${id}`, { receipt: 'late' });
    await settledAs(id, 'done');
    expect(await toy.effects(id)).toEqual(['paid']);
  });

  it('is asked after again while the department is away, and while it cannot tell', async () => {
    await toy.writes.start();
    toy.answer = 'unreachable';
    const id = await unknownWrite('answer-lost');
    const askedUntil = (questions: number) =>
      expect
        .poll(
          () => {
            toy.now += 10 * MINUTE;
            return toy.questions;
          },
          { timeout: 15_000 },
        )
        .toBeGreaterThanOrEqual(questions);
    await askedUntil(2);
    toy.answer = 'unknown';
    await askedUntil(toy.questions + 1);
    expect(await stateOf(id)).toBe('unknown');
    toy.answer = undefined;
    await settledAs(id, 'done');
    expect(await toy.effects(id)).toEqual(['paid']);
    expect(toy.failures.length).toBeGreaterThanOrEqual(3);
  });

  it('that the department can never tell of is a person’s to look at, and is not made again', async () => {
    await toy.writes.start();
    toy.answer = 'unknown';
    const id = await unknownWrite('request-lost');
    await settledAs(id, 'manual');
    expect(toy.questions).toBe(8);
    expect(await toy.effects(id)).toEqual([]);
    expect(await store.tasks.count('toy.settle')).toEqual({ waiting: 0, stuck: 0 });
    toy.course = 'answered';
    expect(await refusal(toy.submit())).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { submission: id } });
    expect(toy.sent).toHaveLength(1);
  });

  it.each([
    ['garbage', 'manual', { code: 'DEPARTMENT_PROTOCOL' }],
    ['unreachable', 'unknown', { code: 'OUTCOME_UNKNOWN' }],
  ] as const)('after which every question came to %s for long is %s', async (answer, state, failure) => {
    const id = await unknownWrite('answer-lost');
    toy.now += MINUTE;
    const { tasks, write } = store;
    for (let questions = 1; questions <= 30; questions += 1) {
      const [task] = await write((tx) => tasks.take(tx, 'toy.settle', { limit: 1, now: toy.now, leaseMs: 1 }));
      if (!task) throw new Error('nothing is asked');
      await write((tx) => tasks.giveBack(tx, task, { notBefore: toy.now, lastError: 'DEPARTMENT_PROTOCOL toy' }));
    }
    toy.answer = answer;
    await toy.writes.start();
    await expect
      .poll(
        () => {
          toy.now += 10 * MINUTE;
          return toy.questions;
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThanOrEqual(2);
    await expect.poll(() => store.submissions.byId(id)).toMatchObject({ state, failure });
    expect(await toy.effects(id)).toEqual([]);
  });

  it('that a rule refuses leaves nothing, and is never sent', async () => {
    const check = () => Promise.reject(invalidInput('input.amount', { en: 'is too much.', zh: '超出限额。' }));
    expect(await refusal(toy.submit({ check }))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(toy.sent).toEqual([]);
    expect(await store.tasks.count('toy.settle')).toEqual({ waiting: 0, stuck: 0 });
    expect((await toy.submit()).outcome).toEqual({ receipt: 'R1' });
  });

  it('is recorded whole or not at all: where what follows cannot be written, the department is asked later', async () => {
    await openAgain(LAPSED);
    toy.recordFails = true;
    await expect(toy.submit()).rejects.toThrow('what follows cannot be written');
    const id = toy.sent[0]?.replace('message-of-', '') ?? '';
    expect(await stateOf(id)).toBe('sending');
    expect(await toy.effects(id)).toEqual([]);
    toy.recordFails = false;
    await toy.writes.start();
    await settledAs(id, 'done');
    expect(await toy.effects(id)).toEqual(['paid']);
    expect(toy.done.size).toBe(1);
  });
});

describe('the same key', () => {
  it('at once sends one message: the others are told that it runs', async () => {
    toy.course = 'slow';
    const first = toy.submit();
    await expect.poll(() => toy.sent.length).toBe(1);
    const others = await Promise.all([1, 2, 3].map(() => refusal(toy.submit())));
    for (const other of others) expect(other).toMatchObject({ code: 'IN_PROGRESS', details: { retryAfterMs: 1_000 } });
    toy.release.resolve();
    const done = await first;
    expect(await toy.submit()).toEqual(done);
    expect(
      await toy.writes.known({
        key: { caller: 'clerk', operation: 'pay', key: 'key-00001' },
        content: { amountFen: 100 },
      }),
    ).toEqual(done);
    expect(toy.sent).toHaveLength(1);
    expect(await toy.effects(done.submissionId)).toEqual(['paid']);
  });

  it('with another body is a conflict; of another caller it is another write', async () => {
    await toy.submit();
    const key = { caller: 'clerk', operation: 'pay', key: 'key-00001' };
    const content = { amountFen: 200 };
    expect(await refusal(toy.submit({ mutation: { key, content } }))).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await refusal(toy.writes.known({ key, content }))).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const mutation = { key: { ...key, caller: 'reviewer' }, content };
    expect(await toy.writes.known(mutation)).toBeUndefined();
    await toy.submit({ mutation });
    expect(toy.sent).toHaveLength(2);
  });
});

describe('a process that died while it was sending', () => {
  /** Its write, kept and sent by a process that is gone. */
  async function orphan(isDone: boolean, workMs = 0): Promise<string> {
    toy.course = 'slow';
    void toy.submit().catch(() => undefined);
    await expect.poll(() => toy.sent.length).toBe(1);
    const [message] = toy.sent as [string];
    if (isDone) toy.done.set(message, { receipt: 'R1' });
    await openAgain({}, workMs);
    return message.replace('message-of-', '');
  }

  it.each([
    [true, 'done', ['paid']],
    [false, 'not-done', ['not-paid']],
  ] as const)('leaves a write (done: %s) that the next one settles at once as %s', async (isDone, state, effects) => {
    const id = await orphan(isDone);
    expect(await stateOf(id)).toBe('sending');
    // The store is this process's alone: no time has to pass.
    await toy.writes.start();
    await expect.poll(() => stateOf(id)).toBe(state);
    expect(await toy.effects(id)).toEqual(effects);
    expect(toy.questions).toBe(1);
  });

  it('leaves a write that the department may still be at work on: its not having it yet proves nothing', async () => {
    const id = await orphan(false, MINUTE);
    await toy.writes.start();
    await expect.poll(() => toy.questions).toBe(1);
    expect(await stateOf(id)).toBe('unknown');
    toy.done.set(`message-of-${id}`, { receipt: 'late' });
    toy.now += MINUTE;
    await expect.poll(() => stateOf(id), { timeout: 5_000 }).toBe('done');
    expect(await toy.effects(id)).toEqual(['paid']);
  });

  it('leaves a write that was not done once the department has had its time', async () => {
    const id = await orphan(false, MINUTE);
    await toy.writes.start();
    await expect.poll(() => toy.questions).toBe(1);
    toy.now += MINUTE;
    await expect.poll(() => stateOf(id), { timeout: 5_000 }).toBe('not-done');
    expect(await toy.effects(id)).toEqual(['not-paid']);
  });

  it('before the first byte left leaves a write that never happened', async () => {
    const kept = {
      system: 'toy',
      kind: 'pay',
      caseId: null,
      operator: 'clerk',
      input: { amountFen: 100 },
      at: toy.now,
    };
    const id = await store.write((tx) => store.submissions.add(tx, kept));
    await openAgain();
    await toy.writes.start();
    await expect.poll(() => stateOf(id)).toBe('not-done');
    expect(await toy.effects(id)).toEqual(['not-paid']);
  });
});

describe('a write that is being sent', () => {
  it('is left alone as long as its process lives, and taken over once nobody holds it', async () => {
    await openAgain({ senderLeaseMs: 300 });
    await toy.writes.start();
    toy.course = 'slow';
    const sending = toy.submit();
    await expect.poll(() => toy.sent.length).toBe(1);
    const id = toy.sent[0]?.replace('message-of-', '') ?? '';
    await sleep(1_500);
    expect(await stateOf(id)).toBe('sending');
    toy.recordFails = true;
    toy.release.resolve();
    await expect(sending).rejects.toThrow('what follows cannot be written');
    toy.recordFails = false;
    // Others are being sent meanwhile: their renewals are not its own.
    toy.release = Promise.withResolvers();
    const other = toy.submit({ key: 'key-00002' });
    await settledAs(id, 'done');
    const [, second] = toy.sent;
    expect(await stateOf(second?.replace('message-of-', '') ?? '')).toBe('sending');
    toy.release.resolve();
    await other;
    expect(toy.questions).toBe(1);
  });
});

describe('an answer that comes after the write was settled', () => {
  beforeEach(() => openAgain(LAPSED));

  it('of what was settled as done changes nothing, and its caller is told what was recorded', async () => {
    toy.course = 'slow';
    const late = toy.submit();
    await expect.poll(() => toy.sent.length).toBe(1);
    const [message] = toy.sent as [string];
    const id = message.replace('message-of-', '');
    toy.done.set(message, { receipt: 'as recorded' });
    await toy.writes.start();
    await settledAs(id, 'done');
    toy.release.resolve();
    expect(await late).toEqual({ submissionId: id, outcome: { receipt: 'as recorded' } });
    expect(await toy.effects(id)).toEqual(['paid']);
    expect((await store.submissions.byId(id))?.outcome).toEqual({ receipt: 'as recorded' });
  });

  it('of what was settled as not done is not told as done', async () => {
    toy.course = 'slow';
    const late = toy.submit();
    await expect.poll(() => toy.sent.length).toBe(1);
    const id = toy.sent[0]?.replace('message-of-', '') ?? '';
    await toy.writes.start();
    await settledAs(id, 'not-done');
    toy.release.resolve();
    expect(await refusal(late)).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { submission: id } });
    expect(await stateOf(id)).toBe('not-done');
    expect(await toy.effects(id)).toEqual(['not-paid']);
  });

  it('while it is being settled makes it done once', async () => {
    toy.course = 'slow';
    const late = toy.submit();
    await expect.poll(() => toy.sent.length).toBe(1);
    const id = toy.sent[0]?.replace('message-of-', '') ?? '';
    toy.answer = 'unknown';
    await toy.writes.start();
    await expect.poll(() => stateOf(id)).toBe('unknown');
    toy.release.resolve();
    expect((await late).outcome).toEqual({ receipt: 'R1' });
    toy.answer = undefined;
    expect(await stateOf(id)).toBe('done');
    await expect.poll(() => store.tasks.count('toy.settle')).toEqual({ waiting: 0, stuck: 0 });
    expect(await toy.effects(id)).toEqual(['paid']);
  });

  it('is not sent at all when it was taken for abandoned before its first byte', async () => {
    const { kind } = toy;
    const begun = Promise.withResolvers<string>();
    const goOn = Promise.withResolvers<void>();
    const hesitating: typeof kind = {
      ...kind,
      async send(input, sending) {
        begun.resolve(sending.submissionId);
        await goOn.promise;
        return kind.send(input, sending);
      },
    };
    const mutation = { key: { caller: 'clerk', operation: 'pay', key: 'key-00001' }, content: {} };
    const late = refusal(
      toy.writes.submit(hesitating, { mutation, caseId: null, operator: 'clerk', input: { amountFen: 1 } }),
    );
    const id = await begun.promise;
    await toy.writes.start();
    await expect.poll(() => stateOf(id)).toBe('not-done');
    goOn.resolve();
    expect(await late).toMatchObject({ code: 'IN_PROGRESS', details: { submission: id } });
    expect(toy.sent).toEqual([]);
    expect(await toy.effects(id)).toEqual(['not-paid']);
  });
});
