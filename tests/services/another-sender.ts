import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Place } from '../../adapters/database/home.ts';
import { runWithStore } from '../store/processes.ts';
import type { ToyWrites } from './toy-writes.ts';

const WRITES = new URL('../../subgraphs/services/submissions.ts', import.meta.url).href;
const ERRORS = new URL('../../adapters/transport/errors.ts', import.meta.url).href;

/** A process of its own that sends one write, and a department on a socket that it reaches. */
export interface AnotherSender {
  readonly pid: number;
  /** What has arrived at the department, in order: `ready` before a message, then its id. */
  readonly arrived: readonly string[];
  /** Lets the department answer: at first that it is ready, then what it did. */
  answer(): void;
  /** What its caller was told: the outcome, or the error's code. */
  told(): Promise<{ readonly outcome?: unknown; readonly code?: string }>;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a process that keeps a write, asks the department whether it is `ready`, remembers the message id, and sends. What the department
 * does is known to `toy` at once.
 *
 * @param asksFirst Whether it waits for the first answer too; else only for the one after the message.
 */
export async function anotherSender(
  place: Place & { readonly senderLeaseMs: number },
  done: ToyWrites['done'],
  { asksFirst }: { readonly asksFirst: boolean },
): Promise<AnotherSender> {
  const arrived: string[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const message = request.url?.slice(1) ?? '';
    arrived.push(message);
    if (message !== 'ready') done.set(message, { receipt: 'R1' });
    const answer = () => response.end(JSON.stringify({ receipt: 'as answered' }));
    if (message === 'ready' && !asksFirst) answer();
    else waiting.push(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const department = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sender = runWithStore(place, programOf(department));
  onTestFinished(() => {
    sender.process.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
  });
  return {
    pid: sender.process.pid ?? 0,
    arrived,
    answer: () => waiting.shift()?.(),
    told: async () => JSON.parse((await sender.lines.next()).value ?? '{}'),
    async kill() {
      const gone = once(sender.process, 'exit');
      sender.process.kill('SIGKILL');
      await gone;
    },
  };
}

function programOf(department: string): string {
  return `
    const { DepartmentWrites } = await import(${JSON.stringify(WRITES)});
    const { CasegraphError } = await import(${JSON.stringify(ERRORS)});
    const ask = async (path) => (await fetch(${JSON.stringify(department)} + '/' + path)).json();
    const kind = {
      name: 'pay',
      async send(_, { submissionId, remember }) {
        await ask('ready');
        await remember('message-of-' + submissionId);
        return ask('message-of-' + submissionId);
      },
      settle: async () => ({ state: 'unknown' }),
      recorded: () => Promise.reject(new Error('recorded by the wrong process')),
    };
    const writes = new DepartmentWrites({ system: 'toy', store, clock: Date.now, kinds: [kind], report() {} });
    const key = { caller: 'clerk', operation: 'pay', key: 'key-00001' };
    const input = { amountFen: 100 };
    await writes.submit(kind, { mutation: { key, content: input }, caseId: null, operator: 'clerk', input }).then(
      ({ outcome }) => console.log(JSON.stringify({ outcome })),
      (error) => console.log(JSON.stringify({ code: error.code ?? error.message })),
    );
    await store.close();`;
}
