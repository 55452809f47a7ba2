import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryCompiler,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { SqliteCompiler } from './dialect.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import { refuseInsideUnit } from './unit-of-work.ts';

/** Pages of the file kept in memory at most, KiB; as statements, how many texts are kept prepared. */
const PAGE_CACHE_KIB = 65_536;
const STATEMENTS = 500;

/** So many pages of the log are gathered before they are written into the file: a page that changes often is written there once. */
const LOG_PAGES = 4_000;

/**
 * Opens a SQLite file for this process alone: write-ahead log, every commit on disk before it is acknowledged
 * (`synchronous=FULL`). A second process is refused with `StoreUnavailable`, which names the holder; the operating system lets go of
 * the lock however the holder ends. `:memory:` opens a store that ends with the process.
 */
export function openSqlite(path: string): Dialect {
  const file = openExclusively(path);
  file.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -${PAGE_CACHE_KIB};
     PRAGMA wal_autocheckpoint = ${LOG_PAGES};`,
  );
  if (path !== ':memory:') writeFileSync(holderPath(path), String(process.pid));
  return new OneConnectionDialect({
    database: asKyselyDatabase(file, () => {
      file.close();
      if (path !== ':memory:') rmSync(holderPath(path), { force: true });
    }),
  });
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

class OneConnectionDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor({ database }: { database: SqliteDatabase }) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new OneConnectionDriver({ database: this.#database });
  }

  override createQueryCompiler(): QueryCompiler {
    return new SqliteCompiler();
  }

  override createAdapter(): DialectAdapter {
    return new OneConnectionAdapter();
  }
}

/** The driver below hands the connection from one to the next itself. */
class OneConnectionAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Who asks first has the connection first: a reader never sees what is not committed. Whoever would wait for itself is told. */
class OneConnectionDriver extends SqliteDriver {
  #busy = false;
  readonly #queue: (() => void)[] = [];

  override async acquireConnection(): Promise<DatabaseConnection> {
    refuseInsideUnit('the store outside tx');
    if (this.#busy) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#busy = true;
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    const next = this.#queue.shift();
    if (next) next();
    else this.#busy = false;
  }
}

/** kysely speaks the interface of better-sqlite3; these are the few differences of node:sqlite. Statements are prepared once. */
function asKyselyDatabase(file: DatabaseSync, close: () => void): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close,
    prepare(sql) {
      const statement = prepared.get(sql) ?? asKyselyStatement(file.prepare(sql));
      // The one used last is the last to go.
      prepared.delete(sql);
      prepared.set(sql, statement);
      if (prepared.size > STATEMENTS) prepared.delete(prepared.keys().next().value as string);
      return statement;
    },
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
