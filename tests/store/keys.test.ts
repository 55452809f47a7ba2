import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Home, openHome, type Place } from '../../adapters/database/home.ts';
import type { PersonalKeys } from '../../adapters/database/personal-columns.ts';
import { SEALED_TABLES } from '../../adapters/database/sealed-columns.ts';
import type { Store } from '../../adapters/database/store.ts';
import { StoreUnavailable } from '../../adapters/database/store-unavailable.ts';
import type { Tables } from '../../adapters/database/tables.ts';
import { KEYS, storeOpener, testHomes } from './homes.ts';
import { entryOf } from './posting-of-a-test.ts';

const open = storeOpener();

const OLD = { id: '2026', key: KEYS.columnKey };
const NEW = { id: '2027', key: Buffer.alloc(32, 9) };
const keys = (...columnKeys: readonly (typeof OLD)[]): Partial<PersonalKeys> => ({ columnKey: undefined, columnKeys });
const resident = (number: number) => ({
  idNumber: `42120219780315${String(number).padStart(4, '0')}`,
  name: `甘${number}`,
  hukouDivision: null,
  residenceDivision: null,
});

async function addResidents({ registry, write }: Store, from: number, count: number): Promise<void> {
  await write(async (tx) => {
    for (let number = from; number < from + count; number += 1) await registry.upsertResident(tx, resident(number));
  });
}

async function expectResidents({ registry }: Store, count: number): Promise<void> {
  const known = await registry.residents(
    Array.from({ length: count }, (_, number) => registry.handle(resident(number).idNumber)),
  );
  expect(known.map(({ name }) => name).sort()).toEqual(
    Array.from({ length: count }, (_, number) => resident(number).name).sort(),
  );
}

describe.each(await testHomes())('the keys of a store on $name', ({ newPlace }) => {
  async function onDatabase<T>(place: Place, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    const home: Home = await openHome(place);
    try {
      return await work(home.db);
    } finally {
      await home.close();
    }
  }

  it('are those it was made with, or it is refused', async () => {
    const place = await newPlace();
    await (await open(place)).close();
    await expect(open(place, { handleKey: Buffer.alloc(32, 9) })).rejects.toThrow(StoreUnavailable);
    await expect(open(place, keys(NEW))).rejects.toThrow('store.columnKeys');
    await (await open(place)).close();
  });

  it('change without a pause: both open, everything is sealed anew in use, and the old one may go', async () => {
    const place = await newPlace();
    const before = await open(place, keys(OLD));
    await addResidents(before, 0, 450);
    await before.close();

    const during = await open(place, keys(NEW, OLD));
    await expectResidents(during, 450);
    const resealing = during.reseal();
    await Promise.all([
      addResidents(during, 450, 30),
      during.write((tx) => during.registry.upsertResident(tx, { ...resident(3), hukouDivision: '421202001000' })),
      expectResidents(during, 450),
    ]);
    const { resealed, complete } = await resealing;
    expect(complete).toBe(true);
    expect(resealed).toBeGreaterThan(400);
    expect(await during.reseal()).toEqual({ resealed: 0, complete: true });
    await during.close();

    const after = await open(place, keys(NEW));
    await expectResidents(after, 480);
    await after.close();
    await expect(open(place, keys(OLD))).rejects.toThrow('not configured');
  });

  it('cannot go before everything is sealed anew, and re-sealing goes on where it was stopped', async () => {
    const place = await newPlace();
    const before = await open(place, keys(OLD));
    await addResidents(before, 0, 900);
    await before.close();

    const during = await open(place, keys(NEW, OLD));
    const stop = new AbortController();
    const stopped = during.reseal(stop.signal);
    await during.write(() => Promise.resolve());
    stop.abort();
    const first = await stopped;
    expect(first.complete).toBe(false);
    await during.close();
    await expect(open(place, keys(NEW))).rejects.toThrow('not configured');

    const again = await open(place, keys(NEW, OLD));
    const second = await again.reseal();
    expect(first.resealed + second.resealed).toBe(900);
    await again.close();
    await expectResidents(await open(place, keys(NEW)), 900);
  });

  it('stay while the cipher changes', async () => {
    const place = await newPlace();
    const before = await open(place);
    await addResidents(before, 0, 20);
    await before.close();
    const during = await open(place, { cipher: 'sm4-gcm' });
    expect(await during.reseal()).toEqual({ resealed: 20, complete: true });
    await expectResidents(during, 20);
  });

  it('are listed for every encrypted column there is', async () => {
    const place = await newPlace();
    await (await open(place)).close();
    const tables = await onDatabase(place, (db) => db.introspection.getTables());
    const sealed = tables.flatMap(({ name: table, columns }) =>
      columns.filter(({ name }) => name.endsWith('_sealed')).map(({ name }) => `${table}.${name}`),
    );
    const listed = SEALED_TABLES.flatMap(({ table, columns }) =>
      Object.keys(columns).map((name) => `${table}.${name}`),
    );
    expect(listed.sort()).toEqual(sealed.sort());
  });

  it('seal everything anew, in every table', async () => {
    const place = await newPlace();
    const before = await open(place, keys(OLD));
    const { registry, tasks, submissions, idempotency, postings } = before;
    await addResidents(before, 0, 1);
    await before.write(async (tx) => {
      await registry.openCase(tx, {
        id: 'case-1',
        itemId: 'S01',
        applicantHandle: registry.handle(resident(0).idNumber),
        applicantName: '甘0',
        agent: { name: '乙', idNumber: '1' },
        mobile: '13900000000',
        channel: 'window',
        operator: null,
        organisation: { code: 'c', name: 'n', division: '421202000000' },
        status: '1',
        projectType: null,
        promiseDays: null,
        appliedAt: 1,
        visitsPromised: null,
        visitsMade: 0,
      });
      await registry.allotNumber(tx, 'case-1', { number: 'number-1', password: '123456' });
      await tasks.add(tx, [{ queue: 'q', orderKey: 'case-1', kind: 'k', body: { name: '甘' }, at: 1 }]);
      const id = await submissions.add(tx, {
        system: 's',
        kind: 'k',
        caseId: 'case-1',
        operator: 'o',
        input: { name: '甘' },
        at: 1,
      });
      await submissions.change(tx, id, { state: 'done', at: 2, outcome: { name: '甘' } });
      const key = { caller: 'c', operation: 'o', key: 'k' };
      await idempotency.claim(tx, key, {}, 1);
      await idempotency.answered(tx, key, { name: '甘' });
      await postings.add(tx, [entryOf('D1', { id: 'posting-1' })]);
      await postings.move(tx, 'posting-1', {
        from: ['stored'],
        to: 'manual',
        at: 3,
        cause: 'TEST',
        dueAt: null,
        progress: { name: '甘' },
        reason: '甘',
      });
    });
    await before.close();
    const during = await open(place, keys(NEW, OLD));
    await during.reseal();
    await during.close();
    const after = await open(place, keys(NEW));
    expect((await after.registry.casesByNumber(['number-1']))[0]).toMatchObject({
      password: '123456',
      applicantName: '甘0',
      mobile: '13900000000',
      agent: { name: '乙' },
    });
    expect(await after.postings.content('posting-1')).toMatchObject({
      entry: { document: 'D1' },
      progress: { name: '甘' },
    });
    expect((await after.postings.transitions(['posting-1'])).get('posting-1')?.[1]?.reason).toBe('甘');
    await after.close();
    // No value of any table is left under the old key.
    await onDatabase(place, async (db) => {
      const heads = new Set<string>();
      for (const { table, columns } of SEALED_TABLES) {
        for (const column of Object.keys(columns)) {
          const { rows } = await sql<{ value: Uint8Array }>`
            select ${sql.ref(column)} as value from ${sql.table(table)} where ${sql.ref(column)} is not null`.execute(
            db,
          );
          for (const { value } of rows) heads.add(Buffer.from(value).toString('hex', 0, 6));
        }
      }
      expect(heads.size).toBe(1);
    });
  });
});
