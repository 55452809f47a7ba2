import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Place } from '../../../adapters/database/home.ts';

const SERVER = process.env.TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export interface BenchHome {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** Gives work an empty place that is gone afterwards. */
  on<T>(work: (place: Place) => Promise<T>): Promise<T>;
}

/** The homes that answer on this machine. */
export async function benchHomes(): Promise<readonly BenchHome[]> {
  const sqlite: BenchHome = { name: 'SQLite', on: onSqlite };
  const client = new Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
  } catch (error) {
    console.log(`no PostgreSQL answers at ${new URL(SERVER).host}: ${(error as Error).message}`);
    return [sqlite];
  }
  await client.end();
  return [sqlite, { name: 'PostgreSQL', on: onPostgres }];
}

async function onSqlite<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-bench-'));
  try {
    return await work({ path: join(folder, 'store.sqlite') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onPostgres<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: SERVER });
  await client.connect();
  const database = `casegraph_bench_${randomBytes(6).toString('hex')}`;
  await client.query(`create database ${database} template template0 encoding 'UTF8'`);
  try {
    const url = new URL(SERVER);
    url.pathname = `/${database}`;
    return await work({ url: url.href });
  } finally {
    await client.query(`drop database ${database} with (force)`);
    await client.end();
  }
}
