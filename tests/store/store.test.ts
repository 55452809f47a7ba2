import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, it } from 'vitest';
import { openHome, type Place } from '../../adapters/database/home.ts';
import { MIGRATIONS } from '../../adapters/database/migrations.ts';
import { PersonalColumns } from '../../adapters/database/personal-columns.ts';
import { StoreUnavailable } from '../../adapters/database/store-unavailable.ts';
import type { Tables } from '../../adapters/database/tables.ts';
import { KEYS, storeOpener, testHomes } from './homes.ts';

const open = storeOpener();
const ANNA = { idNumber: '421202197803159926', name: null, hukouDivision: null, residenceDivision: null };

describe.each(await testHomes())('the store on $name', ({ newPlace }) => {
  async function onDatabase(place: Place, work: (db: Kysely<Tables>) => Promise<unknown>): Promise<void> {
    const { db, close } = await openHome(place);
    await work(db);
    await close();
  }

  it('opens again with what it holds', async () => {
    const place = await newPlace();
    const first = await open(place);
    await first.registry.add([ANNA], []);
    await first.close();
    const second = await open(place);
    expect(await second.registry.residents([second.registry.handle(ANNA.idNumber)])).toHaveLength(1);
  });

  it('refuses tables that a newer program made, saying what to do', async () => {
    const place = await newPlace();
    await (await open(place)).close();
    await onDatabase(place, (db) =>
      sql`insert into kysely_migration (name, timestamp) values ('099-later', '2030-01-01T00:00:00Z')`.execute(db),
    );
    const refusal = open(place);
    await expect(refusal).rejects.toThrow(StoreUnavailable);
    await expect(refusal).rejects.toThrow(/newer program \(099-later\): run that program or a newer one/);
  });

  it('brings the tables of the first stores up to date with all that is in them, sealed as it was', async () => {
    const place = await newPlace();
    await onDatabase(place, fillFirstTables);
    const { registry, reseal } = await open(place);
    const anna = registry.handle(ANNA.idNumber);
    const [newer, older] = await registry.casePage({ status: ['5'], divisionPrefix: '421202100' }, { limit: 5 });
    expect([newer?.number, older?.number]).toEqual(['number-2', 'number-1']);
    expect(newer).toMatchObject({ id: 'case-2', password: '604518', acceptedAt: 200, listedAt: 200, operator: null });
    expect((await registry.steps(['case-1'])).get('case-1')).toMatchObject([{ name: '受理', operator: null }]);
    expect((await registry.referencesOfResidents([anna])).get(anna)?.map(({ reference }) => reference)).toEqual([
      'r-2',
      'r-1',
    ]);
    expect(await reseal()).toEqual({ resealed: 3, complete: true });
    expect(await registry.residents([anna])).toMatchObject([{ idNumber: ANNA.idNumber }]);
  });

  it('refuses other keys for the first stores as well', async () => {
    const place = await newPlace();
    await onDatabase(place, fillFirstTables);
    await expect(open(place, { columnKey: Buffer.alloc(32, 8) })).rejects.toThrow('was made with other keys');
    await (await open(place)).close();
  });
});

describe.each(await testHomes())('the counter on $name', ({ newPlace }) => {
  it('never gives a number twice, however many ask at once and however often the store is opened again', async () => {
    const place = await newPlace();
    const given: number[] = [];
    for (let opening = 0; opening < 3; opening += 1) {
      const store = await open(place);
      given.push(...(await Promise.all(Array.from({ length: 55 }, () => store.counter.next('series')))));
      await store.close();
    }
    expect(new Set(given).size).toBe(165);
    expect(Math.min(...given)).toBe(1);
  });

  it('counts each series by itself', async () => {
    const { counter } = await open(await newPlace());
    expect([await counter.next('a'), await counter.next('b'), await counter.next('a')]).toEqual([1, 1, 2]);
  });
});

/** Makes the tables as the first stores had them, with two cases, sealed and fingerprinted as those stores did. */
async function fillFirstTables(db: Kysely<Tables>): Promise<void> {
  const first = Object.fromEntries(Object.entries(MIGRATIONS).slice(0, 1));
  const provider = { getMigrations: () => Promise.resolve(first) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  const handle = new PersonalColumns(KEYS).handle(ANNA.idNumber);
  const both = Buffer.concat([KEYS.columnKey, KEYS.handleKey]);
  const fingerprint = Buffer.from(hkdfSync('sha256', both, 'casegraph', 'key fingerprint', 8)).toString('hex');
  await sql`insert into setting (name, value) values ('key-fingerprint', ${fingerprint})`.execute(db);
  await sql`insert into resident (handle, id_number_sealed)
    values (${handle}, ${sealAsFirst('resident.id_number', ANNA.idNumber)})`.execute(db);
  for (const number of [1, 2]) {
    const id = `case-${number}`;
    await sql`insert into registry_case (id, number, password_sealed, item_id, applicant_handle, channel,
        organisation_code, organisation_name, organisation_division, status, applied_at, accepted_at, visits_made)
      values (${id}, ${`number-${number}`}, ${sealAsFirst('registry_case.password', '604518')}, 'S01', ${handle},
        'window', 'c', 'n', '421202100000', '5', ${number}, ${number * 100}, 0)`.execute(db);
    await sql`insert into case_step (case_id, number, name, started_at, handler, organisation_code, organisation_name,
        organisation_division)
      values (${id}, 1, '受理', 1, '王磊', 'c', 'n', '421202100000')`.execute(db);
    await sql`insert into case_reference (case_id, system, kind, reference, read_values)
      values (${id}, 's', 'k', ${`r-${number}`}, '{}')`.execute(db);
  }
}

/** Format 1: nonce, tag and text under the one column key, bound to the column's name. */
function sealAsFirst(column: string, text: string): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', KEYS.columnKey, nonce).setAAD(Buffer.from(column));
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), hidden]);
}
