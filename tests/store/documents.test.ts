import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import { openCase } from './case-of-a-test.ts';
import { storeOpener, testHomes } from './homes.ts';

const open = storeOpener();

describe.each(await testHomes())('documents on $name', ({ newPlace }) => {
  const newStore = async () => open(await newPlace());
  const submit = ({ write, submissions }: Store, caseId: string) =>
    write((tx) =>
      submissions.add(tx, { system: 'real-estate', kind: 'proof', caseId, operator: 'kiosk', input: {}, at: 1 }),
    );
  const kept = async (store: Store, number: string, bytes: Uint8Array, caseId: string) => {
    const submissionId = await submit(store, caseId);
    const facts = { name: '孙䶮', houses: 2 };
    await store.write((tx) =>
      store.documents.keep(tx, { caseId, submissionId, kind: 'query-result', number, bytes, facts, at: 7 }),
    );
    return submissionId;
  };

  it('are kept byte for byte, with their digest and what was said beside them', async () => {
    const store = await newStore();
    const caseId = await openCase(store);
    const bytes = randomBytes(300_000);
    const submissionId = await kept(store, 'XA1', bytes, caseId);
    const [document] = await store.documents.byNumber('XA1');
    expect(document).toEqual({
      id: expect.any(String),
      caseId,
      submissionId,
      kind: 'query-result',
      number: 'XA1',
      digest: createHash('sha256').update(bytes).digest('hex'),
      facts: { name: '孙䶮', houses: 2 },
      createdAt: 7,
    });
    expect(await store.documents.bySubmission(submissionId)).toEqual(document);
    if (!document) throw new Error('it was just found');
    expect(Buffer.compare(await store.documents.bytes(document), bytes)).toBe(0);
    await expect(store.documents.bytes({ ...document, digest: '0'.repeat(64) })).rejects.toThrow('not the one');
  });

  it('are kept once for the write that brought them; those of a case are told oldest first', async () => {
    const store = await newStore();
    const [caseId, other] = [await openCase(store), await openCase(store)];
    const submissionId = await kept(store, 'XA1', Buffer.from('first'), caseId);
    await kept(store, 'XA2', Buffer.from('second'), caseId);
    const again = { caseId, submissionId, kind: 'query-result', number: 'XA3', bytes: Buffer.from('other'), facts: {} };
    expect(await store.write((tx) => store.documents.keep(tx, { ...again, at: 8 }))).toBe('XA1');
    const found = await store.documents.ofCases([caseId, other]);
    expect(
      found
        .get(caseId)
        ?.map(({ number }) => number)
        .sort(),
    ).toEqual(['XA1', 'XA2']);
    expect(found.has(other)).toBe(false);
    const [first] = found.get(caseId)?.filter(({ number }) => number === 'XA1') ?? [];
    if (!first) throw new Error('it was just found');
    expect(Buffer.from(await store.documents.bytes(first)).toString()).toBe('first');
    expect(await store.documents.byNumber('XA3')).toEqual([]);
  });

  it('are each their own case’s where a department gave a number twice', async () => {
    const store = await newStore();
    const cases = [await openCase(store), await openCase(store)];
    for (const caseId of cases) await kept(store, 'XA1', Buffer.from(caseId), caseId);
    for (const caseId of cases) {
      const [document, ...others] = (await store.documents.ofCases([caseId])).get(caseId) ?? [];
      if (!document) throw new Error('a document was lost');
      expect([Buffer.from(await store.documents.bytes(document)).toString(), others]).toEqual([caseId, []]);
    }
    expect((await store.documents.byNumber('XA1')).map(({ caseId }) => caseId).sort()).toEqual([...cases].sort());
  });
});
