import { PostgresDialect, type QueryCompiler } from 'kysely';
import { type ClientBase, Pool, types } from 'pg';
import { PostgresCompiler } from './dialect.ts';
import { NamingClient } from './named-statements.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/** How long a connection may take to come about, milliseconds. */
const CONNECT_MS = 10_000;

/**
 * Every connection's own settings: a commit is acknowledged when it is on disk, and the locks of a process that is gone are let go of
 * within a minute. Then what only the server can set.
 */
const PREPARE_SESSION = `
  select
    set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'
  union all select set_config('tcp_keepalives_idle', '30', false)
  union all select set_config('tcp_keepalives_interval', '10', false)
  union all select set_config('tcp_keepalives_count', '3', false)
  union all select set_config('idle_in_transaction_session_timeout', '60000', false)`;
const SERVER_SETTINGS = `
  select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
    current_setting('server_encoding') as encoding`;

/** 64-bit numbers are JavaScript numbers: moments and counts stay far below 2^53. Everything else as the driver has it. */
const NUMBERS = {
  getTypeParser: ((oid, format) =>
    oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

class Dialect extends PostgresDialect {
  override createQueryCompiler(): QueryCompiler {
    return new PostgresCompiler();
  }
}

/**
 * Reaches a PostgreSQL database. Throws `StoreUnavailable` where it cannot be reached, and where its server would lose or spoil what it
 * has acknowledged: `fsync` or `full_page_writes` off, or an encoding that cannot hold every name.
 */
export async function openPostgres(
  url: string,
  connections: number,
): Promise<{ readonly dialect: PostgresDialect; readonly name: string }> {
  const name = nameOf(url);
  const pool = new Pool({
    Client: NamingClient,
    connectionString: url,
    application_name: 'casegraph',
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: NUMBERS,
    verify: (client, done) => {
      prepare(client, name).then(
        () => done(),
        (error: Error) => done(error),
      );
    },
  });
  // A connection that breaks: whoever uses it has the error from the query, and the pool makes another. Unheard, it would end the process.
  const broken = () => undefined;
  pool.on('error', broken);
  pool.on('connect', (client) => client.on('error', broken));
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(
      `PostgreSQL at ${name} cannot be used: ${reasonOf(error)}. Check that the server runs and that DATABASE_URL (or store.url) names it.`,
      { cause: error },
    );
  }
  return { dialect: new Dialect({ pool }), name };
}

async function prepare(client: ClientBase, name: string): Promise<void> {
  await client.query(PREPARE_SESSION);
  const { rows } = await client.query<{ fsync: string; full_page_writes: string; encoding: string }>(SERVER_SETTINGS);
  for (const setting of ['fsync', 'full_page_writes'] as const) {
    if (rows[0]?.[setting] !== 'on') {
      throw new StoreUnavailable(
        `PostgreSQL at ${name} runs with ${setting} off: it would lose acknowledged writes when its machine stops. Set ${setting} = on in postgresql.conf and reload the server.`,
      );
    }
  }
  if (rows[0]?.encoding !== 'UTF8') {
    throw new StoreUnavailable(
      `The database ${name} is encoded as ${rows[0]?.encoding}: it cannot hold every name. Create it with encoding UTF8.`,
    );
  }
}

/** Server and database, for messages: never the user or the password. */
function nameOf(url: string): string {
  if (!URL.canParse(url))
    throw new StoreUnavailable(
      'DATABASE_URL (or store.url) is not a URL: expected postgres://user:password@host:port/database.',
    );
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
