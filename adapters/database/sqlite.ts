import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { StoreUnavailable } from './store-unavailable.ts';

/**
 * Opens a SQLite file for this process alone: write-ahead log, every commit on disk before it is acknowledged
 * (`synchronous=FULL`). A second process is refused with `StoreUnavailable`, which names the holder; the operating system lets go of
 * the lock however the holder ends. `:memory:` opens a store that ends with the process.
 */
export function openSqlite(path: string): { dialect: SqliteDialect; close(): void } {
  const file = openExclusively(path);
  file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  if (path !== ':memory:') writeFileSync(holderPath(path), String(process.pid));
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    file.close();
    if (path !== ':memory:') rmSync(holderPath(path), { force: true });
  };
  return { dialect: new SqliteDialect({ database: asKyselyDatabase(file, close) }), close };
}

function openExclusively(path: string): DatabaseSync {
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    // Reads take the exclusive lock too and keep it.
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;');
    return file;
  } catch (error) {
    file.close();
    if (!isBusy(error)) throw new StoreUnavailable(`${path}: ${(error as Error).message}`, { cause: error });
    throw new StoreUnavailable(
      `${path} is held by process ${holder(path)}. Stop that process, or give this one another data folder; several processes need PostgreSQL.`,
    );
  }
}

function holderPath(path: string): string {
  return `${path}.pid`;
}

function holder(path: string): string {
  try {
    return readFileSync(holderPath(path), 'utf8');
  } catch {
    return '(unknown)';
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode as number) % 256 === 5;
}

/** kysely speaks the interface of better-sqlite3; these are the few differences of node:sqlite. */
function asKyselyDatabase(file: DatabaseSync, close: () => void): SqliteDatabase {
  return {
    close,
    prepare: (sql) => asKyselyStatement(file.prepare(sql)),
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  type Values = Parameters<StatementSync['all']>;
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as unknown as Values)),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...(parameters as unknown as Values));
      return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
    },
    iterate: (parameters) => statement.iterate(...(parameters as unknown as Values)) as IterableIterator<unknown>,
  };
}
