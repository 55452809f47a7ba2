import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { notTaken } from '../../command-line/refusals.ts';

/**
 * Keeps a second command from writing the same result file. A command that was killed leaves its lock behind: it is taken over when
 * its process is gone. Gives what takes the lock away. Throws `ConsoleRefusal`.
 */
export function lockRun(path: string): () => void {
  const lock = `${path}.lock`;
  const mine = JSON.stringify({ host: hostname(), process: process.pid });
  if (!create(lock, mine)) {
    const holder = readHolder(lock);
    if (holder !== undefined && (holder.host !== hostname() || isRunning(holder.process))) {
      throw notTaken({
        en: `${path}: process ${holder.process} on ${holder.host} is writing it; if it is not, remove ${lock}`,
        zh: `${path}：主机${holder.host}上的进程${holder.process}正在写入；如确认没有，请删除${lock}`,
      });
    }
    writeFileSync(lock, mine);
  }
  return () => unlinkSync(lock);
}

function create(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where its writer was killed while writing it. */
function readHolder(lock: string): { readonly host: string; readonly process: number } | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as { host: string; process: number };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
