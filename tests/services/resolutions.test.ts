import { afterEach, describe, expect, it } from 'vitest';
import type { ResolutionOutcome } from '../../adapters/database/resolutions.ts';
import { openStore, type Store } from '../../adapters/database/store.ts';
import { askToResolve } from '../../subgraphs/services/resolutions.ts';
import { KEYS, testHomes } from '../store/homes.ts';
import { ToyWrites } from './toy-writes.ts';

let store: Store;
let elsewhere: Store;
let toy: ToyWrites;

afterEach(async () => {
  await toy.writes.stop();
  await store.close();
  if (elsewhere !== store) await elsewhere.close();
});

describe.each(await testHomes())('a person’s word, on $name', ({ name, newPlace }) => {
  /** A write that waits for a person, whose department's worker runs in another process where there can be one. */
  async function manualWrite(): Promise<string> {
    const place = await newPlace();
    store = await openStore({ ...place, ...KEYS });
    elsewhere = name === 'PostgreSQL' ? await openStore({ ...place, ...KEYS }) : store;
    toy = new ToyWrites(store);
    await toy.writes.start();
    const kept = {
      system: 'toy',
      kind: 'pay',
      caseId: null,
      operator: 'clerk',
      input: { amountFen: 100 },
      at: toy.now,
    };
    return store.write(async (tx) => {
      const id = await store.submissions.add(tx, kept);
      await store.submissions.change(tx, id, { state: 'manual', at: toy.now });
      return id;
    });
  }

  const say = (submissionId: string, outcome: ResolutionOutcome, reference: string | null = null) =>
    elsewhere.write((tx) =>
      askToResolve(tx, elsewhere, {
        submissionId,
        outcome,
        reference,
        operator: 'clerk',
        reason: '核实',
        givenAt: toy.now,
      }),
    );
  const decision = async (id: string) => (await elsewhere.resolutions.byId(id))?.state;
  const stateOf = async (id: string) => (await elsewhere.submissions.byId(id))?.state;

  it('settles a write once: by what the department has under the reference that it gives', async () => {
    const id = await manualWrite();
    const wrong = await say(id, 'done', 'another');
    await expect.poll(() => decision(wrong), { timeout: 5_000 }).toBe('refused');
    expect(await stateOf(id)).toBe('manual');
    toy.done.set('B-42', { receipt: 'R42' });
    const right = await say(id, 'done', 'B-42');
    await expect.poll(() => decision(right), { timeout: 5_000 }).toBe('applied');
    expect(await elsewhere.submissions.byId(id)).toMatchObject({ state: 'done', outcome: { receipt: 'R42' } });
    expect(await toy.effects(id)).toEqual(['paid']);
    await expect(say(id, 'not-done')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(toy.sent).toEqual([]);
  });

  it('that comes after another settled it changes nothing, and says so', async () => {
    const id = await manualWrite();
    await toy.writes.stop();
    const word = await say(id, 'not-done');
    await store.write((tx) => store.submissions.change(tx, id, { state: 'done', at: toy.now, outcome: {} }));
    toy = new ToyWrites(store);
    await toy.writes.start();
    await expect.poll(() => decision(word), { timeout: 5_000 }).toBe('refused');
    expect(await stateOf(id)).toBe('done');
    expect(await toy.effects(id)).toEqual([]);
  });
});
