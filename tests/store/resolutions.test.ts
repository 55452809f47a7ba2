import { describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import { storeOpener, testHomes } from './homes.ts';
import { readable } from './readable.ts';

const open = storeOpener();
const SAID = { operator: 'clerk', outcome: 'done', reason: '甘安𠮷 来电确认', reference: 'B-42', givenAt: 7 } as const;

async function submitted({ write, submissions }: Store): Promise<string> {
  const kept = { system: 'toy', kind: 'pay', caseId: null, operator: 'clerk', input: {}, at: 1 };
  return write((tx) => submissions.add(tx, kept));
}

const say = ({ write, resolutions }: Store, submissionId: string, over: Partial<typeof SAID> = {}) =>
  write((tx) => resolutions.add(tx, { ...SAID, ...over, submissionId }));

describe.each(await testHomes())('resolutions on $name', ({ newPlace }) => {
  it('are kept with who, when and why, and what came of them', async () => {
    const store = await open(await newPlace());
    const { resolutions, write } = store;
    const submissionId = await submitted(store);
    const id = (await say(store, submissionId)) ?? '';
    const pending = { id, submissionId, ...SAID, state: 'pending', refusal: null, decidedAt: null };
    expect(await resolutions.byId(id)).toEqual(pending);
    const refusal = { en: 'No.', zh: '否。' };
    await write((tx) => resolutions.decide(tx, id, 9, refusal));
    expect(await resolutions.byId(id)).toEqual({ ...pending, state: 'refused', refusal, decidedAt: 9 });
    // What was decided stays so.
    await write((tx) => resolutions.decide(tx, id, 10, null));
    expect(await resolutions.byId(id)).toMatchObject({ state: 'refused', decidedAt: 9 });
    const second = (await say(store, submissionId)) ?? '';
    await write((tx) => resolutions.decide(tx, second, 11, null));
    const told = await resolutions.ofSubmissions([submissionId, 'nothing']);
    expect(
      told
        .get(submissionId)
        ?.map(({ state }) => state)
        .sort(),
    ).toEqual(['applied', 'refused']);
    expect(told.size).toBe(1);
    expect(await resolutions.byId('nothing')).toBeUndefined();
  });

  it('are pending one at a time, whoever speaks at once', async () => {
    const store = await open(await newPlace());
    const [one, other] = [await submitted(store), await submitted(store)];
    const said = await Promise.all([say(store, one), say(store, one), say(store, one), say(store, other)]);
    expect(said.filter((id) => id !== undefined)).toHaveLength(2);
  });

  it('show nobody’s words to whoever reads the database', async () => {
    const place = await newPlace();
    const store = await open(place);
    await say(store, await submitted(store));
    await store.close();
    const seen = await readable(place);
    expect(seen).toContain('clerk');
    for (const secret of [SAID.reason, SAID.reference, '甘安𠮷']) expect(seen).not.toContain(secret);
  });
});
