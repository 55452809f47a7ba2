import type { NewPosting, PostingMove, PostingState } from '../../adapters/database/postings.ts';
import type { Store } from '../../adapters/database/store.ts';

export const HOSPITAL = 'H42120200001';
export const OTHER_HOSPITAL = 'H42120200002';
export const PATIENT = { idNumber: '421202197803159926', name: '甘安' };

/** A referral filing of one patient, under its document number. */
export function entryOf(documentNumber: string, over: Partial<NewPosting> = {}): NewPosting {
  return {
    provider: HOSPITAL,
    kind: 'referral',
    documentNumber,
    version: 1,
    requestKey: null,
    operator: 'hospital-1',
    idNumber: PATIENT.idNumber,
    caseId: null,
    totalFen: null,
    entry: { kind: 'referral', patient: PATIENT, document: documentNumber },
    at: 1_000,
    ...over,
  };
}

export const add = ({ write, postings }: Store, ...entries: NewPosting[]) => write((tx) => postings.add(tx, entries));

/** Stores an entry that nothing stands against and gives its id. */
export async function stored(store: Store, entry: NewPosting): Promise<string> {
  const [added] = await add(store, entry);
  if (added?.result !== 'stored') throw new Error(`not stored: ${JSON.stringify(added)}`);
  return added.id;
}

/** Moves a posting by its id, from whatever state it is in. */
export function bring(store: Store, id: string, to: PostingState, over: Partial<PostingMove> = {}): Promise<boolean> {
  return store.write(async (tx) => {
    const posting = await store.postings.held(tx, id);
    if (!posting) throw new Error(`no posting ${id}`);
    return store.postings.move(tx, id, { from: [posting.state], to, at: 2_000, cause: 'TEST', dueAt: null, ...over });
  });
}

/** The store without what earlier tests left in it: to empty one is quicker than to make one. */
export async function emptied(store: Store): Promise<Store> {
  await store.write(async (tx) => {
    for (const table of ['posting', 'posting_entry', 'posting_transition'] as const)
      await tx.deleteFrom(table).execute();
    await tx.deleteFrom('setting').where('name', 'like', 'postings.%').execute();
  });
  return store;
}
