import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { CaseRegistry } from '../../../adapters/database/case-registry.ts';
import { openHome, type Place } from '../../../adapters/database/home.ts';
import { migrate } from '../../../adapters/database/migrations.ts';
import { PersonalColumns } from '../../../adapters/database/personal-columns.ts';
import { listingTimes } from './listing-times.ts';
import { fill } from './million-cases.ts';
import { writeRates } from './writes.ts';

const CASES = 1_000_000;
const SERVER = process.env.TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const COLUMNS = new PersonalColumns({ handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) });

/** A million cases on both homes: what a page of them takes by any combination of conditions; and rows written against the bare driver. */
export async function storeBenchmark(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-bench-'));
  try {
    const sqlite = await measure('SQLite', { path: join(folder, 'store.sqlite') }, folder);
    const postgres = await onPostgres((url) => measure('PostgreSQL', { url }, folder));
    console.log(JSON.stringify({ benchmark: 'store', cases: CASES, sqlite, ...(postgres && { postgres }) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(name: string, place: Place, folder: string) {
  const home = await openHome(place);
  await migrate(home.db, home.name);
  const started = performance.now();
  await fill(home, COLUMNS, CASES);
  console.log(`${name}: ${CASES} cases filled in within ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  const times = await listingTimes(new CaseRegistry(home.db, home.writer, COLUMNS), CASES);
  await home.close();
  for (const { conditions, ms } of times) console.log(`  ${ms.toFixed(1).padStart(6)} ms  ${conditions}`);
  const worst = times.reduce((one, other) => (other.ms > one.ms ? other : one));
  console.log(
    `${name}: a page of 50 takes ${worst.ms.toFixed(1)} ms at worst, asked by ${JSON.stringify(worst.query)}`,
  );
  const rates = await writeRates(place, folder);
  console.log(
    `${name}: rows a second, each on disk before it is acknowledged: one at a time ${rates.storeSingle.toFixed(0)} (bare driver ${rates.bareSingle.toFixed(0)}), by many at once ${rates.storeTogether.toFixed(0)} (${rates.bareTogether.toFixed(0)})`,
  );
  return { worstPageMs: worst.ms, worstQuery: worst.query, ...rates };
}

/** Undefined where no PostgreSQL answers. */
async function onPostgres<T>(work: (url: string) => Promise<T>): Promise<T | undefined> {
  const client = new Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
  } catch (error) {
    console.log(`no PostgreSQL answers at ${new URL(SERVER).host}: ${(error as Error).message}`);
    return undefined;
  }
  const database = `casegraph_bench_${process.pid}`;
  await client.query(`create database ${database} template template0 encoding 'UTF8'`);
  try {
    const url = new URL(SERVER);
    url.pathname = `/${database}`;
    return await work(url.href);
  } finally {
    await client.query(`drop database ${database} with (force)`);
    await client.end();
  }
}
