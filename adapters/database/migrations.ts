import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import { CASE_REGISTRY } from './case-registry-tables.ts';
import { DOCUMENTS } from './document-tables.ts';
import { FOLLOWED_RECORDS } from './followed-record-tables.ts';
import { OPENED_CASES } from './opened-case-tables.ts';
import { PAYMENT_TABLES } from './payment-tables.ts';
import { POSTING_CALLBACKS } from './posting-callback-tables.ts';
import { POSTINGS } from './posting-tables.ts';
import { RECONCILIATIONS } from './reconciliation-tables.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { SENDERS_AND_RESOLUTIONS } from './submission-tables.ts';
import type { Tables } from './tables.ts';
import { WORK_TABLES } from './work-tables.ts';

/** Forward-only; each runs once, in this order. Names are never changed after they have landed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-case-registry': CASE_REGISTRY,
  '002-opened-cases': OPENED_CASES,
  '003-work': WORK_TABLES,
  '004-payment-notices': PAYMENT_TABLES,
  '005-documents': DOCUMENTS,
  '006-followed-records': FOLLOWED_RECORDS,
  '007-senders-and-resolutions': SENDERS_AND_RESOLUTIONS,
  '008-postings': POSTINGS,
  '009-reconciliations': RECONCILIATIONS,
  '010-posting-callbacks': POSTING_CALLBACKS,
};

/**
 * Brings the tables up to date, in one transaction; of several processes that start at once one does it and the others wait. Throws
 * `StoreUnavailable`, also for tables that a newer program has made.
 */
export async function migrate(db: Kysely<Tables>, place: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const newer = await newerMigrations(db);
  if (newer.length > 0) {
    throw new StoreUnavailable(
      `${place} was brought up to date by a newer program (${newer.join(', ')}): run that program or a newer one. There is no way back but the copy made before it ran.`,
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  throw new StoreUnavailable(`${place}: its tables could not be brought up to date: ${reason}`, { cause: error });
}

/** Migrations that have run and that this program does not know. */
async function newerMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
}
