import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'pg';
import { type Home, openHome, type Place } from '../../../adapters/database/home.ts';

/**
 * Rows a second, each acknowledged on disk: by the store's own writing, and by the bare driver into the same table. On SQLite the driver
 * commits as many together as the store has waiting; on PostgreSQL both have a transaction for each row, over as many connections.
 */
export interface WriteRates {
  readonly storeSingle: number;
  readonly storeTogether: number;
  readonly bareSingle: number;
  readonly bareTogether: number;
}

const SINGLE = 400;
const TOGETHER = 20_000;
/** Writers at once: as many units of work wait for one commit, or share the connections. */
const WRITERS = 200;
const CONNECTIONS = 10;

type Insert = (name: string) => Promise<unknown>;

/** Writes rows one after the other, and many at once, through the store and through nothing but the driver, in one run. */
export async function writeRates(place: Place, folder: string): Promise<WriteRates> {
  const home = await openHome({ ...place, connections: CONNECTIONS });
  const store = storeInsert(home);
  const storeSingle = await rate(SINGLE, 1, store);
  const storeTogether = await rate(TOGETHER, WRITERS, store);
  await home.close();
  const bare = await (place.url === undefined ? bareSqlite(folder) : barePostgres(place.url, CONNECTIONS));
  return { storeSingle, storeTogether, bareSingle: bare.single, bareTogether: bare.together };
}

function storeInsert({ writer }: Home): Insert {
  return (name) =>
    writer.write((tx) =>
      tx
        .insertInto('setting')
        .values({ name: `store-${name}`, value: 'x' })
        .execute(),
    );
}

/** Rows a second when so many writers each write one row after the other. */
async function rate(rows: number, writers: number, insert: Insert): Promise<number> {
  let row = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (row < rows) {
        row += 1;
        await insert(`${writers}-${row}`);
      }
    }),
  );
  return (rows * 1_000) / (performance.now() - started);
}

interface Bare {
  readonly single: number;
  readonly together: number;
}

async function bareSqlite(folder: string): Promise<Bare> {
  const file = new DatabaseSync(join(folder, 'bare.sqlite'));
  file.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  file.exec('create table setting (name text primary key, value text not null)');
  const statement = file.prepare("insert into setting (name, value) values (?, 'x')");
  const single = await rate(SINGLE, 1, async (name) => statement.run(name));
  const started = performance.now();
  for (let first = 0; first < TOGETHER; first += WRITERS) {
    file.exec('begin');
    for (let row = first; row < first + WRITERS; row += 1) statement.run(`bare-${row}`);
    file.exec('commit');
  }
  const together = (TOGETHER * 1_000) / (performance.now() - started);
  file.close();
  return { single, together };
}

async function barePostgres(url: string, connections: number): Promise<Bare> {
  const pool = new Pool({ connectionString: url, max: connections });
  // Told when the database is dropped before the last connection has closed.
  pool.on('error', () => undefined);
  const insert: Insert = (name) => pool.query("insert into setting (name, value) values ($1, 'x')", [`bare-${name}`]);
  const single = await rate(SINGLE, 1, insert);
  const together = await rate(TOGETHER, WRITERS, insert);
  await pool.end();
  return { single, together };
}
