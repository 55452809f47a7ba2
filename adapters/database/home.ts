import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, type Logger } from 'kysely';
import { GroupCommit } from './group-commit.ts';
import { openPostgres } from './postgres.ts';
import { RetriedTransactions } from './retried-transactions.ts';
import { openSqlite } from './sqlite.ts';
import type { Tables } from './tables.ts';
import type { CommitObserver, StatementObserver, Writer } from './writing.ts';

/** Where the store lives: a PostgreSQL database where `url` is given, or else a SQLite file. */
export interface Place {
  /** The SQLite file, or `:memory:`. Its folder is made when missing. */
  readonly path?: string | undefined;
  /** `postgres://user:password@host:port/database`. */
  readonly url?: string | undefined;
  /** Connections to PostgreSQL at most; 10 when left out. */
  readonly connections?: number | undefined;
  /** Told of every commit. */
  readonly observeCommit?: CommitObserver | undefined;
  /** Told of every statement; for measuring. */
  readonly observeStatement?: StatementObserver | undefined;
}

/** An open database. */
export interface Home {
  /** The file, or server and database: what messages call it. Without the password. */
  readonly name: string;
  /** True where other processes may use the same store at the same time. */
  readonly shared: boolean;
  readonly db: Kysely<Tables>;
  readonly writer: Writer;
  /** Lets what is being written end, and closes. */
  close(): Promise<void>;
}

/** Opens the database, whatever tables it has. Throws `StoreUnavailable`, saying what to do. */
export async function openHome({ path, url, connections = 10, observeCommit, observeStatement }: Place): Promise<Home> {
  const log: Logger | undefined = observeStatement && (({ query }) => observeStatement(query.sql));
  if (url !== undefined) {
    const { dialect, name } = await openPostgres(url, connections);
    const db = new Kysely<Tables>({ dialect, ...(log && { log }) });
    return home(name, true, db, new RetriedTransactions(db, observeCommit));
  }
  if (path === undefined) throw new RangeError('a store needs a path or a url');
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const db = new Kysely<Tables>({ dialect: openSqlite(path), ...(log && { log }) });
  return home(path, false, db, new GroupCommit(db, observeCommit));
}

function home(name: string, shared: boolean, db: Kysely<Tables>, writer: Writer & { idle(): Promise<void> }): Home {
  return {
    name,
    shared,
    db,
    writer,
    async close() {
      await writer.idle();
      await db.destroy();
    },
  };
}
