import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import type { SubmissionChange, SubmissionState } from '../../adapters/database/submissions.ts';
import { storeOpener, testHomes } from './homes.ts';
import { readable } from './readable.ts';

const open = storeOpener();
const PERSON = { name: '甘安𠮷', idNumber: '421202197803159926' };
const STATES: readonly SubmissionState[] = ['sending', 'unknown', 'done', 'rejected', 'not-sent', 'not-done', 'manual'];
const NEXT: Readonly<Record<SubmissionState, readonly SubmissionState[]>> = {
  sending: ['unknown', 'done', 'rejected', 'not-sent', 'not-done', 'manual'],
  unknown: ['done', 'not-done', 'manual'],
  manual: ['done', 'not-done'],
  done: [],
  rejected: [],
  'not-sent': [],
  'not-done': [],
};

const add = ({ write, submissions }: Store, caseId: string | null = null, at = 1) =>
  write((tx) => submissions.add(tx, { system: 'toy', kind: 'pay', caseId, operator: 'clerk', input: PERSON, at }));
const change = ({ write, submissions }: Store, id: string, to: SubmissionChange) =>
  write((tx) => submissions.change(tx, id, to));

describe.each(await testHomes())('submissions on $name', ({ newPlace }) => {
  it('are kept as they are sent, and become what came of them', async () => {
    const { submissions, ...store } = await open(await newPlace());
    const id = await add({ submissions, ...store });
    const sending = {
      id,
      system: 'toy',
      kind: 'pay',
      caseId: null,
      operator: 'clerk',
      state: 'sending',
      input: PERSON,
      outcome: null,
      failure: null,
      messageReference: null,
      createdAt: 1,
      changedAt: 1,
    };
    expect(await submissions.byId(id)).toEqual(sending);
    const failure = { code: 'OUTCOME_UNKNOWN', departmentCode: '5000', detail: 'No answer.', detailZh: '无应答。' };
    expect(
      await change({ submissions, ...store }, id, { state: 'unknown', at: 2, failure, messageReference: 'M1' }),
    ).toBe(true);
    expect(await submissions.byId(id)).toEqual({
      ...sending,
      state: 'unknown',
      failure,
      messageReference: 'M1',
      changedAt: 2,
    });
    const outcome = { receipt: 'R1', amountFen: 12 };
    expect(await change({ submissions, ...store }, id, { state: 'done', at: 3, outcome })).toBe(true);
    expect(await submissions.byId(id)).toMatchObject({ state: 'done', outcome, messageReference: 'M1', changedAt: 3 });
    expect(await submissions.byId('nothing')).toBeUndefined();
  });

  it('move on by the table and no other way; nothing is changed else', async () => {
    const store = await open(await newPlace());
    for (const from of STATES) {
      for (const to of STATES) {
        if (to === 'sending') continue;
        const id = await add(store);
        if (from !== 'sending') expect(await change(store, id, { state: from, at: 2, outcome: 'first' })).toBe(true);
        const before = await store.submissions.byId(id);
        const fits = NEXT[from].includes(to);
        expect(await change(store, id, { state: to, at: 9, outcome: 'second' }), `${from} to ${to}`).toBe(fits);
        if (fits)
          expect(await store.submissions.byId(id)).toMatchObject({ state: to, outcome: 'second', changedAt: 9 });
        else expect(await store.submissions.byId(id)).toEqual(before);
      }
    }
  });

  it('have one outcome, whoever settles them at once', async () => {
    const store = await open(await newPlace());
    const id = await add(store);
    await change(store, id, { state: 'unknown', at: 2 });
    const outcomes = await Promise.all([
      change(store, id, { state: 'done', at: 3, outcome: 'done' }),
      change(store, id, { state: 'not-done', at: 3 }),
      change(store, id, { state: 'done', at: 3, outcome: 'done' }),
    ]);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('keep the id under which they are about to be sent, only while they are', async () => {
    const store = await open(await newPlace());
    const { submissions, write } = store;
    const id = await add(store);
    expect(await write((tx) => submissions.remember(tx, id, 'M1'))).toBe(true);
    expect((await submissions.byId(id))?.messageReference).toBe('M1');
    await change(store, id, { state: 'unknown', at: 2 });
    expect(await write((tx) => submissions.remember(tx, id, 'M2'))).toBe(false);
    expect((await submissions.byId(id))?.messageReference).toBe('M1');
  });

  it('are taken over once their lease has run out, and not while it is renewed', async () => {
    const store = await open(await newPlace(), { senderLeaseMs: 600 });
    const { submissions, write } = store;
    const [held, left] = [await add(store), await add(store)];
    const release = submissions.hold(held, (error) => expect(error).toBeUndefined());
    expect(await submissions.abandoned('toy', 'lapsed')).toEqual([]);
    await expect.poll(() => submissions.abandoned('toy', 'lapsed'), { timeout: 3_000 }).toEqual([left]);
    expect(await submissions.abandoned('other', 'lapsed')).toEqual([]);
    // What this process sends is not another's.
    expect(await submissions.abandoned('toy', 'others')).toEqual([]);
    const lost = { at: 5, failure: { code: 'OUTCOME_UNKNOWN' } };
    expect(await write((tx) => submissions.takeOver(tx, held, 'lapsed', lost))).toBe(false);
    expect(await write((tx) => submissions.takeOver(tx, left, 'others', lost))).toBe(false);
    expect(await write((tx) => submissions.takeOver(tx, left, 'lapsed', lost))).toBe(true);
    expect(await write((tx) => submissions.takeOver(tx, left, 'lapsed', lost))).toBe(false);
    expect(await submissions.byId(left)).toMatchObject({ state: 'unknown', changedAt: 5, failure: lost.failure });
    release();
    await expect.poll(() => submissions.abandoned('toy', 'lapsed'), { timeout: 3_000 }).toEqual([held]);
    // Whoever is about to send has a whole lease before it.
    expect(await write((tx) => submissions.remember(tx, held, 'M1'))).toBe(true);
    expect(await submissions.abandoned('toy', 'lapsed')).toEqual([]);
  });

  it('that are being sent have their leases renewed in one unit of work, and nothing is written while none is', async () => {
    let units = 0;
    const observeCommit = (commit: { readonly units: number }) => {
      units += commit.units;
    };
    const store = await open({ ...(await newPlace()), observeCommit }, { senderLeaseMs: 600 });
    const ids = [await add(store), await add(store), await add(store)];
    const releases = ids.map((id) => store.submissions.hold(id, (error) => expect(error).toBeUndefined()));
    const before = units;
    await sleep(900);
    expect(await store.submissions.abandoned('toy', 'lapsed')).toEqual([]);
    // Every 200 ms, however many they are.
    expect(units - before).toBeGreaterThanOrEqual(2);
    expect(units - before).toBeLessThanOrEqual(5);
    for (const release of releases) release();
    await sleep(100);
    const after = units;
    await sleep(400);
    expect(units).toBe(after);
  });

  it('of another process are not this one’s to send; alone on a store, it takes them over at once', async () => {
    const place = await newPlace();
    const before = await open(place);
    const id = await add(before);
    await before.close();
    const { submissions, write } = await open(place);
    expect(await write((tx) => submissions.remember(tx, id, 'M1'))).toBe(false);
    expect(await submissions.abandoned('toy', 'lapsed')).toEqual([]);
    expect(await submissions.abandoned('toy', 'others')).toEqual([id]);
    const lost = { at: 5, failure: { code: 'OUTCOME_UNKNOWN' } };
    expect(await write((tx) => submissions.takeOver(tx, id, 'others', lost))).toBe(true);
    expect(await submissions.byId(id)).toMatchObject({ state: 'unknown', messageReference: null });
  });

  it('are told by their states, the longest in theirs first', async () => {
    const store = await open(await newPlace());
    const ids = [await add(store), await add(store), await add(store), await add(store)] as const;
    await change(store, ids[0], { state: 'unknown', at: 9 });
    await change(store, ids[1], { state: 'manual', at: 3 });
    await change(store, ids[2], { state: 'done', at: 1 });
    const page = (limit: number, after?: { changedAt: number; id: string }) =>
      store.submissions.page(['unknown', 'manual'], { limit, ...(after && { after }) });
    expect((await page(9)).map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect((await page(1)).map(({ id }) => id)).toEqual([ids[1]]);
    expect((await page(1, { changedAt: 3, id: ids[1] })).map(({ id }) => id)).toEqual([ids[0]]);
    expect(await page(1, { changedAt: 9, id: ids[0] })).toEqual([]);
  });

  it('are told by their cases, oldest first', async () => {
    const store = await open(await newPlace());
    const caseIds = ['case-1', 'case-2'];
    await store.registry.add([{ ...PERSON, hukouDivision: null, residenceDivision: null }], []);
    await store.write(async (tx) => {
      for (const id of caseIds) {
        await store.registry.openCase(tx, {
          id,
          itemId: 'S01',
          applicantHandle: store.registry.handle(PERSON.idNumber),
          applicantName: PERSON.name,
          agent: null,
          mobile: null,
          channel: 'window',
          organisation: { code: 'C', name: 'N', division: '421202001000' },
          operator: 'clerk',
          status: '1',
          appliedAt: 1,
          projectType: '1',
          promiseDays: 0,
          visitsPromised: 0,
          visitsMade: 0,
        });
      }
    });
    const later = await add(store, 'case-1', 5);
    const earlier = await add(store, 'case-1', 4);
    const other = await add(store, 'case-2', 1);
    await add(store, null, 1);
    const told = await store.submissions.ofCases([...caseIds, 'case-3']);
    expect([...told].map(([caseId, all]) => [caseId, all.map(({ id }) => id)]).sort()).toEqual([
      ['case-1', [earlier, later]],
      ['case-2', [other]],
    ]);
  });

  it('show nobody’s name or number to whoever reads the database', async () => {
    const place = await newPlace();
    const store = await open(place);
    const id = await add(store);
    await change(store, id, { state: 'done', at: 2, outcome: { payer: PERSON } });
    await store.close();
    const seen = await readable(place);
    expect(seen).toContain('clerk');
    for (const secret of Object.values(PERSON)) expect(seen).not.toContain(secret);
  });
});
