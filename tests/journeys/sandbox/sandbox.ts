import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** What the ready line of `npm start` says. */
export interface Ready {
  readonly url: string;
  readonly simulators: Readonly<Record<string, { readonly url: string; readonly control: string }>>;
}

export interface GraphQLAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions: Record<string, unknown>;
  }[];
}

/** The sandbox as a process of its own, as a user starts it. */
export interface Sandbox extends Ready {
  readonly process: ChildProcess;
  /** Everything it wrote so far. */
  readonly output: () => string;
  ask(query: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>;
  /** Calls a simulator's control server. */
  control(simulator: string, method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<number | null>;
}

/** Starts the sandbox on free ports and waits until it is ready. */
export async function startSandbox({
  options = [],
  environment = {},
}: {
  readonly options?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
} = {}): Promise<Sandbox> {
  const data = mkdtempSync(join(tmpdir(), 'casegraph-sandbox-'));
  const child = startProgram('gateway/main.ts', ['--sandbox', '--port', '0', '--data', data, ...options], environment);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const ready = (await readyLine(child)) as unknown as Ready;
  return {
    ...ready,
    process: child,
    output: () => output,
    ask: (query, variables) => ask(ready.url, query, variables),
    async control(simulator, method, path, body) {
      const response = await fetch(`${ready.simulators[simulator]?.control}/control/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${simulator} ${method} ${path}: ${await response.text()}`);
      return response.json();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

/** Starts one of the project's programs under this very Node. */
export function startProgram(
  program: string,
  options: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [join(ROOT, program), ...options], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The line with `"msg":"ready"`. Rejects with what the program wrote when it ends before. */
export function readyLine(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    const look = (chunk: Buffer) => {
      output += chunk;
      const line = output.split('\n').find((text) => text.includes('"msg":"ready"') && text.endsWith('}'));
      if (line === undefined) return;
      child.stdout?.off('data', look);
      child.stdout?.resume();
      resolve(JSON.parse(line) as Record<string, unknown>);
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${errors}`)));
  });
}

export async function ask(url: string, query: string, variables: Record<string, unknown> = {}): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLAnswer;
}
