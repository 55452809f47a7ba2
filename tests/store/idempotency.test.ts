import { describe, expect, it } from 'vitest';
import { type IdempotencyKey, KEPT_MS } from '../../adapters/database/idempotency.ts';
import type { Store } from '../../adapters/database/store.ts';
import { storeOpener, testHomes } from './homes.ts';
import { readable } from './readable.ts';

const open = storeOpener();
const KEY: IdempotencyKey = { caller: 'clerk', operation: 'openCase', key: 'key-00001' };
const CONTENT = { itemId: 'S01', applicant: { name: '甘安', idNumber: '421202197803159926' }, amounts: [1, 2] };
const CONFLICT = { code: 'IDEMPOTENCY_CONFLICT', details: { field: 'idempotencyKey' } };

const claim = ({ write, idempotency }: Store, key = KEY, content: unknown = CONTENT, at = 0) =>
  write((tx) => idempotency.claim(tx, key, content, at));
const answer = ({ write, idempotency }: Store, reply: unknown, key = KEY) =>
  write((tx) => idempotency.answered(tx, key, reply));

describe.each(await testHomes())('idempotency keys on $name', ({ newPlace }) => {
  const newStore = async () => open(await newPlace());

  it('are claimed once; what was answered is told from then on', async () => {
    const store = await newStore();
    expect(await claim(store)).toBeUndefined();
    expect(await claim(store)).toEqual({ reply: undefined, submissionId: null });
    await answer(store, { id: 'case-1', name: '甘安' });
    expect(await claim(store)).toEqual({ reply: { id: 'case-1', name: '甘安' }, submissionId: null });
    await answer(store, null);
    expect(await claim(store)).toEqual({ reply: null, submissionId: null });
  });

  it('know the same content whatever order it is written in, and no other', async () => {
    const store = await newStore();
    await claim(store);
    const { applicant, ...others } = CONTENT;
    const turned = { applicant: { idNumber: applicant.idNumber, name: applicant.name }, ...others };
    expect(await claim(store, KEY, turned)).toBeDefined();
    for (const other of [
      { ...CONTENT, itemId: 'S02' },
      { ...CONTENT, amounts: [2, 1] },
      { ...CONTENT, more: null },
      { ...CONTENT, applicant: { ...applicant, name: '甘 安' } },
      null,
    ]) {
      await expect(claim(store, KEY, other)).rejects.toMatchObject(CONFLICT);
      await expect(store.write((tx) => store.idempotency.find(tx, KEY, other))).rejects.toMatchObject(CONFLICT);
    }
  });

  it('belong to their caller and operation', async () => {
    const store = await newStore();
    await claim(store);
    expect(await claim(store, { ...KEY, caller: 'reviewer' }, { other: 1 })).toBeUndefined();
    expect(await claim(store, { ...KEY, operation: 'acceptCase' }, { other: 2 })).toBeUndefined();
    expect(await claim(store, { ...KEY, key: 'key-00002' }, { other: 3 })).toBeUndefined();
  });

  it('claimed by many at once are one’s, and the others wait for what it does', async () => {
    const store = await newStore();
    let done = 0;
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        store.write(async (tx) => {
          const known = await store.idempotency.claim(tx, KEY, CONTENT, 0);
          if (known) return known.reply;
          done += 1;
          await store.idempotency.answered(tx, KEY, 'the one reply');
          return 'the one reply';
        }),
      ),
    );
    expect(replies).toEqual(Array.from({ length: 8 }, () => 'the one reply'));
    expect(done).toBe(1);
  });

  it('whose work is undone are free', async () => {
    const store = await newStore();
    const failing = store.write(async (tx) => {
      await store.idempotency.claim(tx, KEY, CONTENT, 0);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await store.write((tx) => store.idempotency.find(tx, KEY, CONTENT))).toBeUndefined();
    expect(await claim(store, KEY, { other: 1 })).toBeUndefined();
  });

  it('stand for a write to a department until it is known not to have happened', async () => {
    const store = await newStore();
    await claim(store);
    await store.write((tx) => store.idempotency.sent(tx, KEY, 'submission-1'));
    expect(await claim(store)).toEqual({ reply: undefined, submissionId: 'submission-1' });
    await store.write((tx) => store.idempotency.release(tx, 'submission-2'));
    expect(await claim(store)).toBeDefined();
    await store.write((tx) => store.idempotency.release(tx, 'submission-1'));
    expect(await claim(store)).toBeUndefined();
  });

  it('are forgotten after their time, and not before', async () => {
    const store = await newStore();
    await claim(store, KEY, CONTENT, 1_000);
    await store.write((tx) => store.idempotency.prune(tx, 1_000 + KEPT_MS));
    expect(await claim(store)).toBeDefined();
    await store.write((tx) => store.idempotency.prune(tx, 1_001 + KEPT_MS));
    expect(await claim(store)).toBeUndefined();
  });

  it('are known after the store was opened again, under the same keys', async () => {
    const place = await newPlace();
    const first = await open(place);
    await claim(first);
    await answer(first, 'told');
    await first.close();
    const second = await open(place);
    expect(await claim(second)).toEqual({ reply: 'told', submissionId: null });
    await expect(claim(second, KEY, { other: 1 })).rejects.toMatchObject(CONFLICT);
  });

  it('show nobody’s name or number to whoever reads the database', async () => {
    const place = await newPlace();
    const store = await open(place);
    await claim(store);
    await answer(store, CONTENT);
    await store.close();
    const seen = await readable(place);
    expect(seen).toContain('key-00001');
    for (const secret of Object.values(CONTENT.applicant)) expect(seen).not.toContain(secret);
  });
});
