import type { Kysely } from 'kysely';
import { openHome, type Place } from '../../adapters/database/home.ts';
import type { Tables } from '../../adapters/database/tables.ts';

const WORK_TABLES = ['task', 'task_line', 'submission', 'idempotency_key'] as const;

/** Every row of the work tables as whoever reads the database sees it, bytes as the text that they might be. */
export async function readable(place: Place): Promise<string> {
  const { db, close } = await openHome(place);
  try {
    const tables = await Promise.all(WORK_TABLES.map((table) => rows(db, table)));
    return tables
      .flat()
      .map((row) => JSON.stringify(Object.values(row).map(asText)))
      .join('\n');
  } finally {
    await close();
  }
}

function rows(db: Kysely<Tables>, table: (typeof WORK_TABLES)[number]): Promise<object[]> {
  return db.selectFrom(table).selectAll().execute();
}

function asText(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
}
