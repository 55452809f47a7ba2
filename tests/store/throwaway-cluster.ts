import { execFile } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The newest PostgreSQL server on this machine, where there is one. */
const BINARIES = globSync('/usr/lib/postgresql/*/bin').sort().at(-1);

/** Why no server of our own can be started; undefined where it can. In CI it must be. */
export function noCluster(): string | undefined {
  if (BINARIES) return undefined;
  const reason = 'no PostgreSQL server is installed: a server with fsync off is not tried';
  if (process.env.CI) throw new Error(reason);
  console.warn(reason);
  return reason;
}

const START_TRIES = 50;
const START_PAUSE_MS = 100;

export interface Cluster {
  /** Of its database `postgres`. */
  readonly url: string;
  /** Kills the server at once, wherever it stands (SIGKILL): its own processes end when they notice. */
  kill(): void;
  /** Starts it again on what is on disk. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL server of our own on a free port, on data that is thrown away. */
export async function startCluster(settings: Readonly<Record<string, string>>): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-cluster-'));
  const port = await freePort();
  // PostgreSQL does not run as root.
  const isRoot = userInfo().uid === 0;
  if (isRoot) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    chownSync(folder, Number(stdout), -1);
  }
  const command = (name: string, ...args: string[]) => {
    const program = join(BINARIES as string, name);
    const options = { cwd: folder, timeout: 60_000 };
    return isRoot ? run('runuser', ['-u', 'postgres', '--', program, ...args], options) : run(program, args, options);
  };
  const data = join(folder, 'data');
  await command('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const set = { ...settings, port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: folder };
  const options = Object.entries(set).map(([name, value]) => `-c ${name}=${value}`);
  const start = () => command('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options.join(' '), 'start');
  await start();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    kill() {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
    },
    async start() {
      for (let tries = 1; ; tries += 1) {
        try {
          await start();
          return;
        } catch (error) {
          // As long as a process of the killed server lives, it holds the shared memory.
          if (tries === START_TRIES) throw error;
          await sleep(START_PAUSE_MS);
        }
      }
    },
    async stop() {
      await command('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
