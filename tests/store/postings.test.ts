import { describe, expect, it } from 'vitest';
import { openHome } from '../../adapters/database/home.ts';
import { postingId, postingIdPrefix } from '../../adapters/database/posting-ids.ts';
import type { PostingAdded } from '../../adapters/database/postings.ts';
import type { Store } from '../../adapters/database/store.ts';
import { storeOpener, testHomes } from './homes.ts';
import { add, bring, emptied, entryOf, HOSPITAL, OTHER_HOSPITAL, PATIENT, stored } from './posting-of-a-test.ts';
import { runWithStore } from './processes.ts';

const open = storeOpener();
const results = (all: readonly PostingAdded[]) => all.map(({ result }) => result);

async function total({ postings }: Store): Promise<number> {
  return Object.values(await postings.countByState(null)).reduce((sum, count) => sum + count);
}

describe.each(await testHomes())('postings on $name', ({ name, newPlace }) => {
  let shared: Promise<Store> | undefined;
  const newStore = async () => {
    shared ??= newPlace().then((place) => open(place));
    return emptied(await shared);
  };

  it('have all that they were given, and are found by id, by document and with their content', async () => {
    const store = await newStore();
    const entry = { kind: 'maternity-settlement', patient: PATIENT, fees: [{ name: '𠮷', sumFen: 12 }], none: null };
    const given = entryOf('SY-1', {
      kind: 'maternity-settlement',
      version: 3,
      requestKey: 'key-1',
      totalFen: 9_007_199_254_740_991,
      entry,
      at: 1_790_000_000_000,
    });
    const id = await stored(store, given);
    const { postings } = store;
    const posting = {
      id,
      provider: HOSPITAL,
      kind: 'maternity-settlement',
      documentNumber: 'SY-1',
      version: 3,
      requestKey: 'key-1',
      fingerprint: postings.fingerprint(['maternity-settlement', entry]),
      operator: 'hospital-1',
      patient: postings.handle(PATIENT.idNumber),
      caseId: null,
      totalFen: 9_007_199_254_740_991,
      state: 'stored',
      step: null,
      failure: null,
      settlementId: null,
      storedAt: 1_790_000_000_000,
      changedAt: 1_790_000_000_000,
      settledAt: null,
      undoneAt: null,
      dueAt: 1_790_000_000_000,
      attempts: 0,
      lastError: null,
    };
    expect(await postings.byId(id)).toEqual(posting);
    expect(await postings.byIds([id, 'none'])).toEqual(new Map([[id, posting]]));
    expect(await postings.byDocument(HOSPITAL, 'SY-1', 3)).toEqual(posting);
    expect(await postings.byDocument(HOSPITAL, 'SY-1', 'last')).toEqual(posting);
    expect(await postings.content(id)).toEqual({ ...posting, entry, progress: null });
    expect(await postings.transitions([id, 'none'])).toEqual(
      new Map([
        [
          id,
          [
            {
              postingId: id,
              number: 0,
              at: 1_790_000_000_000,
              from: null,
              to: 'stored',
              cause: 'POSTED',
              step: null,
              messageReference: null,
              actor: 'hospital-1',
              reason: null,
            },
          ],
        ],
      ]),
    );
    for (const nowhere of [
      postings.byId('none'),
      postings.content('none'),
      postings.byDocument(HOSPITAL, 'SY-1', 2),
      postings.byDocument(OTHER_HOSPITAL, 'SY-1', 'last'),
    ]) {
      expect(await nowhere).toBeUndefined();
    }
    expect(await postings.byIds([])).toEqual(new Map());
    expect(await add(store)).toEqual([]);
  });

  it('that are the same are duplicates, by their key or their document, whatever order their members are in', async () => {
    const store = await newStore();
    const of = await stored(store, entryOf('D1', { requestKey: 'K1', entry: { a: 1, b: { c: 2, d: 3 } } }));
    const turned = { b: { d: 3, c: 2 }, a: 1 };
    expect(
      await add(
        store,
        entryOf('D1', { requestKey: 'K1', entry: turned, at: 9_000 }),
        entryOf('D1', { entry: turned }),
        entryOf('D1', { requestKey: 'K2', entry: turned }),
      ),
    ).toEqual([
      { result: 'duplicate', of, byKey: true },
      { result: 'duplicate', of, byKey: false },
      { result: 'duplicate', of, byKey: false },
    ]);
    expect(await total(store)).toBe(1);
  });

  it('stay duplicates when they are settled, rejected or cancelled', async () => {
    const store = await newStore();
    for (const state of ['settled', 'rejected', 'cancelled'] as const) {
      const of = await stored(store, entryOf(state));
      await bring(store, of, state);
      expect(await add(store, entryOf(state))).toEqual([{ result: 'duplicate', of, byKey: false }]);
    }
  });

  it('are refused when document or key stand for other content, and belong to their hospital', async () => {
    const store = await newStore();
    const first = await stored(store, entryOf('D1', { requestKey: 'K1' }));
    const second = await stored(store, entryOf('D2', { requestKey: 'K2' }));
    expect(
      await add(
        store,
        entryOf('D1', { entry: 'other' }),
        entryOf('D1', { requestKey: 'K1', entry: 'other' }),
        entryOf('D3', { requestKey: 'K1' }),
        entryOf('D1', { requestKey: 'K2' }),
        entryOf('D1', { requestKey: 'K1', version: 2 }),
        entryOf('D1', { requestKey: 'K1', provider: OTHER_HOSPITAL }),
      ),
    ).toEqual([
      { result: 'document-conflict', of: first },
      { result: 'key-conflict', of: first },
      { result: 'key-conflict', of: first },
      { result: 'key-conflict', of: second },
      { result: 'key-conflict', of: first },
      { result: 'stored', id: expect.any(String) },
    ]);
    expect(await total(store)).toBe(3);
  });

  it('have a next version when the last one was rejected or cancelled, and never an earlier one', async () => {
    const store = await newStore();
    const first = await stored(store, entryOf('D1'));
    for (const state of ['stored', 'sending', 'unknown', 'undoing', 'manual', 'settled'] as const) {
      if (state !== 'stored') await bring(store, first, state);
      expect(await add(store, entryOf('D1', { version: 2 }))).toEqual([
        { result: 'earlier-version', of: first, state },
      ]);
    }
    await bring(store, first, 'rejected');
    const third = await stored(store, entryOf('D1', { version: 3 }));
    expect(await add(store, entryOf('D1', { version: 2 }))).toEqual([
      { result: 'earlier-version', of: third, state: 'stored' },
    ]);
    await bring(store, third, 'cancelled');
    expect(await add(store, entryOf('D1', { version: 2 }))).toEqual([
      { result: 'earlier-version', of: third, state: 'cancelled' },
    ]);
    const fourth = await stored(store, entryOf('D1', { version: 4 }));
    expect((await store.postings.byDocument(HOSPITAL, 'D1', 'last'))?.id).toBe(fourth);
    expect(await total(store)).toBe(3);
  });

  it('of one batch are taken as if they had come one after the other', async () => {
    const store = await newStore();
    const there = await stored(store, entryOf('D0', { requestKey: 'K0' }));
    const added = await add(
      store,
      entryOf('Z', { requestKey: 'K1' }),
      entryOf('A', { requestKey: 'K1' }),
      entryOf('Z'),
      entryOf('Z', { entry: 'other' }),
      entryOf('Z', { version: 2 }),
      // Refused, so that the next one of its document is not.
      entryOf('B', { requestKey: 'K0' }),
      entryOf('B', { requestKey: 'K2' }),
      entryOf('C', { requestKey: 'K2' }),
      entryOf('E', { requestKey: 'K2' }),
      entryOf('A'),
    );
    const [z, , , , , , b, , , a] = added.map((one) => (one.result === 'stored' ? one.id : ''));
    expect(added).toEqual([
      { result: 'stored', id: z },
      { result: 'key-conflict', of: z },
      { result: 'duplicate', of: z, byKey: false },
      { result: 'document-conflict', of: z },
      { result: 'earlier-version', of: z, state: 'stored' },
      { result: 'key-conflict', of: there },
      { result: 'stored', id: b },
      { result: 'key-conflict', of: b },
      { result: 'key-conflict', of: b },
      { result: 'stored', id: a },
    ]);
    expect(await total(store)).toBe(4);
  });

  it('come a thousand at once, of several hospitals, each with its content, and not at all when the unit fails', async () => {
    const store = await newStore();
    const entries = Array.from({ length: 1_037 }, (_, index) =>
      entryOf(`D${(index * 7_919) % 1_037}`, {
        provider: index % 3 === 0 ? OTHER_HOSPITAL : HOSPITAL,
        entry: { number: index },
        at: 5,
      }),
    );
    const undone = store.write(async (tx) => {
      await store.postings.add(tx, entries);
      throw new Error('all or nothing');
    });
    await expect(undone).rejects.toThrow('all or nothing');
    expect(await total(store)).toBe(0);
    const prepared = store.postings.prepare([...entries, ...entries.slice(0, 10)]);
    const added = await store.write((tx) => store.postings.add(tx, prepared));
    expect(new Set(results(added.slice(0, 1_037)))).toEqual(new Set(['stored']));
    expect(new Set(results(added.slice(1_037)))).toEqual(new Set(['duplicate']));
    const ids = added.slice(0, 1_037).map((one) => ('id' in one ? one.id : ''));
    expect(ids.toSorted()).toEqual(ids);
    for (const index of [0, 99, 100, 1_036]) {
      expect(await store.postings.content(ids[index] ?? '')).toMatchObject({
        documentNumber: entries[index]?.documentNumber,
        entry: { number: index },
      });
    }
    const again = await store.write((tx) => store.postings.add(tx, prepared));
    expect(new Set(results(again))).toEqual(new Set(['duplicate']));
    expect(await total(store)).toBe(1_037);
  });

  it('are refused whole when an id is taken, which nothing explains', async () => {
    const store = await newStore();
    const id = await stored(store, entryOf('D1'));
    await expect(add(store, entryOf('D2'), entryOf('D3', { id }))).rejects.toThrow(id);
    expect(await total(store)).toBe(1);
  });

  it('posted many times at once are stored once, and everyone is told of the one', async () => {
    const place = await newPlace();
    const first = await open(place);
    const second = name === 'PostgreSQL' ? await open(place) : first;
    for (const copies of [2, 20]) {
      const entry = entryOf(`copies-${copies}`, { requestKey: `key-${copies}` });
      const added = await Promise.all(
        Array.from({ length: copies }, (_, copy) => add(copy % 2 ? first : second, entry)),
      );
      const answers = added.flat();
      const ids = new Set(answers.map((one) => ('id' in one ? one.id : one.of)));
      expect(ids.size).toBe(1);
      expect(results(answers).filter((result) => result === 'stored')).toHaveLength(1);
      expect(results(answers).filter((result) => result === 'duplicate')).toHaveLength(copies - 1);
    }
    expect(await total(first)).toBe(2);
  });

  it('of one document in two versions at once are stored in one of them', async () => {
    const place = await newPlace();
    const first = await open(place);
    const second = name === 'PostgreSQL' ? await open(place) : first;
    for (let document = 0; document < 20; document += 1) {
      const [one, other] = await Promise.all([
        add(first, entryOf(`D${document}`)),
        add(second, entryOf(`D${document}`, { version: 2 })),
      ]);
      expect(results([...one, ...other]).sort()).toEqual(['earlier-version', 'stored']);
    }
    expect(await total(first)).toBe(20);
  });

  it('in batches of the same documents in different orders are stored once each, without a deadlock', async () => {
    const place = await newPlace();
    const stores = name === 'PostgreSQL' ? [await open(place), await open(place)] : [await open(place)];
    const documents = Array.from({ length: 240 }, (_, index) => `D${index}`);
    const orders = Array.from({ length: 8 }, (_, seed) => shuffled(documents, seed + 1));
    let runs = 0;
    const added = await Promise.all(
      orders.map((order, index) => {
        const { write, postings } = stores[index % stores.length] as Store;
        const prepared = postings.prepare(order.map((document) => entryOf(document, { requestKey: document })));
        return write((tx) => {
          runs += 1;
          return postings.add(tx, prepared);
        });
      }),
    );
    // A unit that ends in a deadlock is run again.
    expect(runs).toBe(orders.length);
    expect(results(added.flat()).filter((result) => result === 'stored')).toHaveLength(240);
    expect(results(added.flat()).filter((result) => result === 'duplicate')).toHaveLength(7 * 240);
    const byDocument = new Map<string, Set<string>>();
    for (const [batch, order] of orders.entries()) {
      for (const [index, document] of order.entries()) {
        const one = added[batch]?.[index];
        const id = one && ('id' in one ? one.id : one.of);
        byDocument.set(document, (byDocument.get(document) ?? new Set()).add(String(id)));
      }
    }
    expect([...byDocument.values()].filter((ids) => ids.size !== 1)).toEqual([]);
  });

  it.runIf(name === 'PostgreSQL')('posted twenty times at once by two processes are stored once', async () => {
    const place = await newPlace();
    const store = await open(place);
    const entries = ['D1', 'D2', 'D3'].map((document) => entryOf(document, { requestKey: `key of ${document}` }));
    const program = `
      const entries = ${JSON.stringify(entries)};
      console.log('ready');
      while (!(await store.postings.byDocument('${HOSPITAL}', 'go', 1))) await new Promise((resolve) => setTimeout(resolve, 2));
      const copies = Array.from({ length: 10 }, (_, copy) =>
        store.write((tx) => store.postings.add(tx, copy % 2 ? entries : entries.toReversed())));
      console.log(JSON.stringify((await Promise.all(copies)).flat()));
      await store.close();`;
    const processes = [runWithStore(place, program), runWithStore(place, program)];
    for (const { lines } of processes) expect((await lines.next()).value).toBe('ready');
    await add(store, entryOf('go'));
    const answers = await Promise.all(processes.map(({ rest }) => rest()));
    const added = answers.flatMap(([line]) => JSON.parse(line ?? '[]') as PostingAdded[]);
    expect(added).toHaveLength(60);
    expect(results(added).filter((result) => result === 'stored')).toHaveLength(3);
    expect(results(added).filter((result) => result === 'duplicate')).toHaveLength(57);
    expect(new Set(added.map((one) => ('id' in one ? one.id : one.of))).size).toBe(3);
    expect(await total(store)).toBe(4);
  });

  it('show nobody’s name or number to whoever reads the database', async () => {
    const place = await newPlace();
    const store = await open(place);
    const id = await stored(store, entryOf('D1'));
    await bring(store, id, 'manual', {
      progress: { person: PATIENT },
      reason: `${PATIENT.name} 已电话确认`,
      actor: 'li',
    });
    const [, moved] = (await store.postings.transitions([id])).get(id) ?? [];
    expect(moved).toMatchObject({ reason: '甘安 已电话确认', actor: 'li' });
    await store.close();
    const { db, close } = await openHome(place);
    const rows = await Promise.all(
      (['posting', 'posting_entry', 'posting_transition'] as const).map((table) =>
        db.selectFrom(table).selectAll().execute(),
      ),
    );
    await close();
    const seen = rows
      .flat()
      .flatMap((row) => Object.values(row))
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)))
      .join('\n');
    expect(seen).toContain('D1');
    for (const secret of Object.values(PATIENT)) expect(seen).not.toContain(secret);
  });

  it('forget their keys after 400 days, and their documents never', async () => {
    const store = await newStore();
    const day = 86_400_000;
    const times = [1, 2, 3].map((number) => number * 100 * day);
    await add(store, ...times.map((at) => entryOf(`D${at / day}`, { requestKey: `K${at / day}`, at })));
    const prune = (now: number) => store.write((tx) => store.postings.pruneKeys(tx, now));
    expect(await prune(500 * day)).toBe(true);
    expect((await store.postings.byDocument(HOSPITAL, 'D100', 1))?.requestKey).toBe('K100');
    expect(await prune(600 * day + 1)).toBe(true);
    const keys = await store.postings.list({}, { limit: 9 });
    expect(keys.map(({ requestKey }) => requestKey)).toEqual(['K300', null, null]);
    expect(
      results(
        await add(
          store,
          entryOf('D100', { requestKey: 'K100' }),
          entryOf('new', { requestKey: 'K200' }),
          entryOf('newer', { requestKey: 'K300' }),
        ),
      ),
    ).toEqual(['duplicate', 'stored', 'key-conflict']);
    await add(
      store,
      ...Array.from({ length: 2_100 }, (_, index) => entryOf(`M${index}`, { requestKey: `M${index}`, at: 350 * day })),
    );
    expect(await prune(800 * day)).toBe(false);
    expect(await prune(800 * day)).toBe(true);
    expect(await prune(800 * day)).toBe(true);
    expect((await store.postings.byDocument(HOSPITAL, 'M2099', 1))?.requestKey).toBeNull();
  });
});

describe('ids of postings', () => {
  it('are version 7 UUIDs that sort by moment, and within one as they were made', () => {
    const at = Date.UTC(2026, 10, 24);
    const ids = [
      ...Array.from({ length: 5_000 }, () => postingId(at)),
      ...Array.from({ length: 50 }, () => postingId(at + 1)),
    ];
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(ids.filter((id) => id < postingIdPrefix(at))).toEqual([]);
    expect(ids.filter((id) => id < postingIdPrefix(at + 1))).toHaveLength(5_000);
    expect(Number.parseInt(postingIdPrefix(at).replaceAll('-', ''), 16)).toBe(at);
  });
});

function shuffled<Value>(values: readonly Value[], seed: number): Value[] {
  let state = seed;
  const drawn = values.map((value) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return { value, order: state };
  });
  return drawn.sort((one, other) => one.order - other.order).map(({ value }) => value);
}
