import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { POSTING_BATCHES } from './fixture/medical-platform.ts';
import { HOSPITAL, openPostingCounter, type PostingCounter } from './fixture/posting-counter.ts';
import { maternityEntry, referralEntry } from './fixture/posting-forms.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';

let counter: PostingCounter;

beforeAll(async () => {
  counter = await openPostingCounter();
});

afterEach(() => {
  expect(counter.medical.takeFaults()).toEqual([]);
});

afterAll(() => counter.close());

coversPartOfItsSchema(() => counter.medical, POSTING_BATCHES);

const statuses = ({ entries }: { entries: readonly { status: string }[] }) => entries.map(({ status }) => status);

let documents = 0;
const referral = (over: object = {}) => {
  documents += 1;
  return referralEntry(counter.patient(), { document: `PL-${documents}`, ...over });
};

describe('a batch', () => {
  it('tells of every entry in order what became of it; what is wrong keeps nothing else from being stored', async () => {
    const [known, right] = [referral(), referral()];
    const { entries: before } = await counter.batch([known]);
    const answer = await counter.batch([
      right,
      referral({ opinion: '', ward: 7 }),
      known,
      { ...known, reason: '另一原因' },
      'no entry',
      maternityEntry(counter.patient()),
      right,
      { ...right, version: 2 },
      referral({ caseId: 'no-such-case' }),
    ]);
    expect(answer).toMatchObject({ received: 9, stored: 2, duplicates: 2, refused: 5, held: 0 });
    const { entries } = answer;
    expect(statuses(answer)).toEqual([
      ...['STORED', 'REFUSED', 'DUPLICATE', 'REFUSED', 'REFUSED', 'STORED', 'DUPLICATE', 'REFUSED', 'REFUSED'],
    ]);
    expect(entries.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(entries[1]).toMatchObject({ code: 'INVALID_INPUT', path: 'opinion', postingId: null });
    expect(entries[1].faults).toMatchObject([{ path: 'opinion' }, { path: 'ward' }]);
    expect(entries[2].postingId).toBe(before[0].postingId);
    expect(entries[3]).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', path: 'document' });
    expect(entries[3].messageZh).toContain(before[0].postingId);
    expect(entries[4]).toMatchObject({ code: 'INVALID_INPUT', path: 'entry' });
    expect(entries[6].postingId).toBe(entries[0].postingId);
    expect(entries[7]).toMatchObject({ code: 'INVALID_INPUT', path: 'version' });
    expect(entries[8]).toMatchObject({ code: 'NOT_FOUND', path: 'caseId' });
  });

  it('is for cases like a single post', async () => {
    const [one, other] = [counter.patient(), counter.patient()];
    const caseId = await counter.newCase('S11', one);
    const own = referralEntry(one, { caseId });
    const answer = await counter.batch([own, referralEntry(other, { caseId })]);
    expect(answer.entries).toMatchObject([{ status: 'STORED' }, { status: 'REFUSED', path: 'caseId' }]);
    await counter.state(answer.entries[0].postingId, 'settled');
    expect(await counter.eventKinds(caseId)).toEqual(['referral-filed']);
  });

  it('of all or none is stored as a whole or not at all', async () => {
    const known = referral();
    await counter.batch([known]);
    const wrong = [referral(), referral({ opinion: '' }), known];
    expect(await counter.batch(wrong, { atomic: true })).toMatchObject({ stored: 0, refused: 1, held: 2 });
    const conflicting = [referral(), { ...known, reason: '另一原因' }, known];
    const refused = await counter.batch(conflicting, { atomic: true, idempotencyKey: 'atomic-batch-1' });
    expect(refused).toMatchObject({ stored: 0, duplicates: 1, refused: 1, held: 1 });
    expect(statuses(refused)).toEqual(['HELD', 'REFUSED', 'DUPLICATE']);
    for (const [first] of [wrong, conflicting]) expect(await counter.versions(String(first?.document))).toBe(0);
    const right = [referral(), referral(), known];
    const stored = await counter.batch(right, { atomic: true, idempotencyKey: 'atomic-batch-1' });
    expect(stored).toMatchObject({ stored: 2, duplicates: 1, refused: 0, held: 0 });
  });

  it('has the same answer again under its key, and none for another content', async () => {
    const entries = [referral(), referral({ opinion: '' })];
    const key = { idempotencyKey: 'night-batch-1' };
    const first = await counter.batch(entries, key);
    expect(statuses(first)).toEqual(['STORED', 'REFUSED']);
    expect(await counter.batch(entries, key)).toEqual(first);
    expect(await counter.refused('postBatch', { entries: [entries[0]], ...key })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect(statuses(await counter.batch(entries))).toEqual(['DUPLICATE', 'REFUSED']);
  });

  it('holds 1 to 1,000 entries of a hospital', async () => {
    for (const [field, input] of [
      ['input.entries', { entries: [] }],
      ['input.entries', { entries: Array(1_001).fill({}) }],
      ['input.operator', { entries: [referral()], operator: 'clerk' }],
    ] as const) {
      expect(await counter.refused('postBatch', input)).toMatchObject({ code: 'INVALID_INPUT', field });
    }
  });

  it('reads its thousand postings together', async () => {
    const person = counter.patient();
    const entries = Array.from({ length: 1_000 }, (_, index) => referralEntry(person, { document: `TS-${index}` }));
    const [byIds, contents] = [vi.spyOn(counter.store.postings, 'byIds'), vi.spyOn(counter.store.postings, 'contents')];
    const selection = 'stored entries { status posting { id state document { number } receipt { digest } } }';
    const answer = await counter.batch(entries, {}, selection);
    expect(answer.stored).toBe(1_000);
    expect(answer.entries[999]).toMatchObject({ status: 'STORED', posting: { document: { number: 'TS-999' } } });
    expect(byIds).toHaveBeenCalledTimes(1);
    expect(byIds.mock.calls[0]?.[0]).toHaveLength(1_000);
    byIds.mockClear();
    contents.mockClear();
    const listed = await counter.asked(
      `{ postings(filter: { hospital: "${HOSPITAL}" }, first: 100) { edges { node { receipt { digest } transitions { to } } } } }`,
    );
    expect(listed.postings.edges).toHaveLength(100);
    expect(contents.mock.calls.filter(([asked]) => asked.length > 1)).toHaveLength(1);
    expect(byIds).not.toHaveBeenCalled();
  });
});
