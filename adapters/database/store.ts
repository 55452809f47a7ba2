import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Counter } from '../transport/counter.ts';
import { CaseRegistry } from './case-registry.ts';
import { MIGRATIONS } from './migrations.ts';
import { PersonalColumns, type PersonalKeys } from './personal-columns.ts';
import { openSqlite } from './sqlite.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { StoredCounter } from './stored-counter.ts';
import type { Tables } from './tables.ts';

export interface StoreOptions extends PersonalKeys {
  /** The SQLite file, or `:memory:`. Its folder is made when missing. */
  readonly path: string;
}

/** The open store: everything of ours that outlives a request. */
export interface Store {
  readonly registry: CaseRegistry;
  readonly counter: Counter;
  close(): Promise<void>;
}

/** Opens the store and brings its tables up to date. Throws `StoreUnavailable`, saying what to do. */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.path !== ':memory:') mkdirSync(dirname(options.path), { recursive: true });
  const { dialect } = openSqlite(options.path);
  const db = new Kysely<Tables>({ dialect });
  try {
    await migrate(db, options.path);
    const columns = new PersonalColumns(options);
    await checkKeys(db, columns, options.path);
    return {
      registry: new CaseRegistry(db, columns),
      counter: new StoredCounter(db),
      close: () => db.destroy(),
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function migrate(db: Kysely<Tables>, path: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const reason = error instanceof Error ? error.message : String(error);
  throw new StoreUnavailable(`${path}: its tables could not be brought up to date: ${reason}`, { cause: error });
}

/** A store opened with other keys than it was made with would look empty and then mix two sets of people: refuse. */
async function checkKeys(db: Kysely<Tables>, columns: PersonalColumns, path: string): Promise<void> {
  const name = 'key-fingerprint';
  const kept = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  if (kept === undefined) {
    await db.insertInto('setting').values({ name, value: columns.fingerprint() }).execute();
  } else if (kept.value !== columns.fingerprint()) {
    throw new StoreUnavailable(`${path} was made with other keys: give it the keys it was made with.`);
  }
}
