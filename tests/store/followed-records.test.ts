import { describe, expect, it } from 'vitest';
import { openCase } from './case-of-a-test.ts';
import { storeOpener, testHomes } from './homes.ts';

const open = storeOpener();
const KEY = { system: 'disability-subsidy', reference: 'LB1' };

describe.each(await testHomes())('followed records on $name', ({ newPlace }) => {
  const newStore = async () => open(await newPlace());

  it('stay with the case and the count of the first who followed them; only the pause is new', async () => {
    const store = await newStore();
    const { write, followed } = store;
    const [caseId, other] = [await openCase(store), await openCase(store)];
    const first = { ...KEY, caseId, told: 2, pauseMs: 60_000 };
    expect(await write((tx) => followed.follow(tx, first))).toEqual(first);
    const again = await write((tx) => followed.follow(tx, { ...KEY, caseId: other, told: 0, pauseMs: 1_000 }));
    expect(again).toEqual({ ...first, pauseMs: 1_000 });
    expect(await followed.byReference(KEY.system, KEY.reference)).toEqual(again);
    expect(await followed.byReference('another', KEY.reference)).toBeUndefined();
  });

  it('are told on by one of two who look at them at once', async () => {
    const store = await newStore();
    const { write, followed } = store;
    const record = { ...KEY, caseId: await openCase(store), told: 0, pauseMs: 1 };
    await write((tx) => followed.follow(tx, record));
    const told = await Promise.all(
      [2, 3].map((count) => write((tx) => followed.noteTold(tx, record, { told: count, pauseMs: 2 }))),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    await write((tx) => followed.end(tx, record));
    expect(await followed.byReference(KEY.system, KEY.reference)).toBeUndefined();
  });
});
