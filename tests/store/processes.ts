import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Place } from '../../adapters/database/home.ts';

const STORE = new URL('../../adapters/database/store.ts', import.meta.url).href;

/** A process of its own that has a store open, or tried to. */
export interface StoreProcess {
  readonly process: ChildProcess;
  /** What it prints, line by line. */
  readonly lines: AsyncIterator<string>;
  /** Resolves with all further lines when it has ended. */
  rest(): Promise<string[]>;
}

/**
 * Runs a program in a process of its own. It opens the store with the tests' keys as `store`; when that fails it prints the error's
 * message and ends.
 */
export function runWithStore(place: Place, program: string): StoreProcess {
  const child = spawn(process.execPath, storeProgram(place, program), { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    lines,
    async rest() {
      const all: string[] = [];
      for (;;) {
        const { done, value } = await lines.next();
        if (done) break;
        all.push(value);
      }
      await ended;
      return all;
    },
  };
}

/** The arguments that have Node.js run such a program. */
export function storeProgram(place: Place, program: string): string[] {
  const source = `
    import { openStore } from ${JSON.stringify(STORE)};
    const keys = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };
    const store = await openStore({ ...${JSON.stringify(place)}, ...keys }).catch((error) => {
      console.log(error.message);
      process.exit(3);
    });
    ${program}`;
  return ['--input-type=module-typescript', '-e', source];
}
