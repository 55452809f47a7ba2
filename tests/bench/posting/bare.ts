import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Pool } from 'pg';
import type { Place } from '../../../adapters/database/home.ts';
import { NEW_POSTING_COLUMNS, type PreparedPosting } from '../../../adapters/database/posting-preparing.ts';

/** The database without the store: its driver and plain prepared statements. */
export interface Bare {
  /** Writes rows in a transaction of their own; resolves when they are on disk. */
  insert(rows: readonly PreparedPosting[]): Promise<void>;
  close(): Promise<void>;
}

/** @param place where the store's tables are, and no store is open. */
export function openBare(place: Place, connections: number): Bare {
  return place.url === undefined ? bareSqlite(place.path ?? '') : barePostgres(place.url, connections);
}

/** Transactions that are asked for in one turn of the event loop share a commit, as the store's units of work do. */
function bareSqlite(path: string): Bare {
  const file = new DatabaseSync(path);
  file.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;',
  );
  const posting = file.prepare(insertText('posting', NEW_POSTING_COLUMNS, 1, () => '?'));
  const entry = file.prepare(insertText('posting_entry', ENTRY_COLUMNS, 1, () => '?'));
  let waiting: { readonly rows: readonly PreparedPosting[]; readonly resolve: () => void }[] = [];
  const commit = () => {
    const group = waiting;
    waiting = [];
    file.exec('begin');
    for (const { rows } of group) {
      for (const row of rows) {
        posting.run(...(postingValues(row) as SQLInputValue[]));
        entry.run(...(entryValues(row) as SQLInputValue[]));
      }
    }
    file.exec('commit');
    for (const { resolve } of group) resolve();
  };
  return {
    insert: (rows) =>
      new Promise((resolve) => {
        waiting.push({ rows, resolve });
        if (waiting.length === 1) setImmediate(commit);
      }),
    async close() {
      file.close();
    },
  };
}

function barePostgres(url: string, connections: number): Bare {
  const pool = new Pool({ connectionString: url, max: connections });
  pool.on('error', () => undefined);
  return {
    async insert(rows) {
      const client = await pool.connect();
      const insert = (table: string, columns: readonly string[], values: unknown[]) =>
        client.query({
          name: `${table}-${rows.length}`,
          text: insertText(table, columns, rows.length, (number) => `$${number}`),
          values,
        });
      try {
        await client.query('begin');
        await insert('posting', NEW_POSTING_COLUMNS, rows.flatMap(postingValues));
        await insert('posting_entry', ENTRY_COLUMNS, rows.flatMap(entryValues));
        await client.query('commit');
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

const ENTRY_COLUMNS = ['posting_id', 'entry_sealed'];

function postingValues({ row }: PreparedPosting): unknown[] {
  return NEW_POSTING_COLUMNS.map((column) => row[column]);
}

function entryValues({ row, entrySealed }: PreparedPosting): unknown[] {
  return [row.id, entrySealed];
}

function insertText(
  table: string,
  columns: readonly string[],
  rows: number,
  place: (number: number) => string,
): string {
  const values = Array.from(
    { length: rows },
    (_, row) => `(${columns.map((_column, index) => place(row * columns.length + index + 1)).join(', ')})`,
  );
  return `insert into ${table} (${columns.join(', ')}) values ${values.join(', ')}`;
}
