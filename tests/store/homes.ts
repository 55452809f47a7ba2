import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll } from 'vitest';
import type { Place } from '../../adapters/database/home.ts';
import { openStore, type Store, type StoreOptions } from '../../adapters/database/store.ts';

/** A server on which the tests may create databases. */
const SERVER = process.env.TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };

/** One of the two homes of the store, for tests that run on both. */
export interface TestHome {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A place where there is no store yet; gone when the tests of the file have ended. */
  newPlace(): Promise<Place>;
}

/** A folder that is gone when the tests of the file have ended. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-store-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Why there is no PostgreSQL to test on; undefined where there is. In CI there must be one. */
export async function noPostgres(): Promise<string | undefined> {
  try {
    await onServer(async () => undefined);
    return undefined;
  } catch (error) {
    const reason = `no PostgreSQL answers at ${new URL(SERVER).host}: the store is tried on SQLite alone`;
    if (process.env.CI) throw new Error(reason, { cause: error });
    console.warn(reason);
    return reason;
  }
}

/** The homes that can be tested on this machine. To be called when a test file is read. */
export async function testHomes(): Promise<readonly TestHome[]> {
  const folder = newFolder();
  let files = 0;
  const sqlite: TestHome = {
    name: 'SQLite',
    async newPlace() {
      files += 1;
      return { path: join(folder, String(files), 'store.sqlite') };
    },
  };
  if (await noPostgres()) return [sqlite];
  const databases: string[] = [];
  // Dropping a database waits for a checkpoint of the whole server.
  const patienceMs = 120_000;
  afterAll(
    () =>
      onServer(async (client) => {
        for (const name of databases) await client.query(`drop database if exists ${name} with (force)`);
      }),
    patienceMs,
  );
  const postgres: TestHome = {
    name: 'PostgreSQL',
    async newPlace() {
      const name = `casegraph_test_${randomBytes(6).toString('hex')}`;
      databases.push(name);
      await onServer((client) => client.query(`create database ${name} template template0 encoding 'UTF8'`));
      const url = new URL(SERVER);
      url.pathname = `/${name}`;
      return { url: url.href };
    },
  };
  return [sqlite, postgres];
}

/** Opens stores and closes those that are still open when the tests of the file have ended. */
export function storeOpener(): (place: Place, options?: Partial<StoreOptions>) => Promise<Store> {
  const open = new Set<Store>();
  afterAll(() => Promise.all([...open].map((store) => store.close())));
  return async (place, options = {}) => {
    const store = await openStore({ ...KEYS, ...place, ...options });
    open.add(store);
    return {
      ...store,
      async close() {
        open.delete(store);
        await store.close();
      },
    };
  };
}

async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
