import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const MAIN = new URL('../../../gateway/main.ts', import.meta.url).pathname;

export interface GatewayProcess {
  readonly process: ChildProcess;
  readonly url: string;
  /** How it ended, once it has. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `gateway/main.ts` as users do and waits for its ready line. */
export async function startGatewayProcess(supergraph: string): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [MAIN, '--supergraph', supergraph, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise: ended, resolve } = Promise.withResolvers<Awaited<GatewayProcess['ended']>>();
  child.once('exit', (code, signal) => resolve({ code, signal }));
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line) as { msg: string; url?: string };
    if (msg !== 'ready' || url === undefined) continue;
    // Its further log is read and not kept.
    child.stdout.resume();
    return { process: child, url, ended };
  }
  throw new Error('the gateway ended before it was ready');
}
