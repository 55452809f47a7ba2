import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** The first two cores that this process may use: one for the gateway, one for all others. With one core everything shares it. */
export function readCores(): { readonly gateway: number; readonly others: number } {
  const status = readFileSync('/proc/self/status', 'utf8');
  const [, list = '0'] = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status) ?? [];
  const cores = list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  const [gateway = 0, others = gateway] = cores;
  return { gateway, others };
}

/** Starts a program of the project under this very Node on one core; it ends with this process. Paths are taken from the project's root. */
export function startPinned(
  core: number,
  program: readonly string[],
  { ipc = false, environment = {} }: { ipc?: boolean; environment?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const child = spawn('taskset', ['--cpu-list', String(core), process.execPath, ...program], {
    cwd: ROOT,
    env: { ...process.env, ...environment, NODE_ENV: 'production' },
    stdio: ['ignore', ...(ipc ? (['inherit', 'inherit', 'ipc'] as const) : (['pipe', 'inherit'] as const))],
  });
  const kill = () => child.kill();
  process.on('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/** A process that says something when it can serve, and answers one message at a time. */
export interface Servant<Ready, Question, Answer> {
  readonly ready: Ready;
  readonly pid: number;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a program that calls `serveParent`. */
export async function startServant<Ready, Question, Answer>(
  core: number,
  program: readonly string[],
): Promise<Servant<Ready, Question, Answer>> {
  const child = startPinned(core, program, { ipc: true });
  const next = async () => {
    const stop = new AbortController();
    const ended = once(child, 'exit', { signal: stop.signal }).then(([code]) => {
      throw new Error(`${program[0]} ended with ${code}`);
    });
    const message = once(child, 'message', { signal: stop.signal });
    try {
      const [told] = (await Promise.race([message, ended])) as [{ readonly value?: unknown; readonly error?: string }];
      if (told.error !== undefined) throw new Error(`${program[0]}: ${told.error}`);
      return told.value;
    } finally {
      stop.abort();
      // What was not waited for to the end rejects now.
      await Promise.allSettled([ended, message]);
    }
  };
  const ready = (await next()) as Ready;
  return {
    ready,
    pid: child.pid as number,
    ask: (question) => {
      const answer = next() as Promise<Answer>;
      child.send({ question });
      return answer;
    },
    stop: () => stopProcess(child),
  };
}

/** The other end: tells the parent that this process is ready, then answers its questions until the parent goes. */
export function serveParent<Ready, Question, Answer>(
  ready: Ready,
  answer: (question: Question) => Answer | Promise<Answer>,
): void {
  process.on('message', async ({ question }: { readonly question: Question }) => {
    try {
      process.send?.({ value: await answer(question) });
    } catch (error) {
      process.send?.({ error: (error as Error).message });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ value: ready });
}

/** Ends a process as a user would, and waits for its end. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
