/**
 * A gateway in a process of its own that tells what it holds: `node --expose-gc measured-gateway.ts SUPERGRAPH DEADLINE_MS`, started with
 * an IPC channel. Sends its address, then an answer to every message.
 */
import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { startBareGateway } from '../../../gateway/bare.ts';
import { serverSettings } from '../../../gateway/configuration/server-settings.ts';

/** What the process holds after a collection. */
export interface Held {
  /** Bytes of objects on the main thread's heap. */
  readonly bytes: number;
  /** Bytes on the heaps of the other threads; undefined unless asked for, since it takes a second. */
  readonly threadBytes: number | undefined;
  /** How many sockets, timers and the like, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** What a message asks for. */
export interface Measure {
  readonly threads: boolean;
}

/** Where V8 keeps objects. Compiled code has spaces of its own, which go on growing while V8 still finds something to optimize. */
const OBJECT_SPACES = ['new_space', 'old_space', 'new_large_object_space', 'large_object_space'];

const workers = new Set<Worker>();
process.on('worker', (worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
});

async function measure({ threads }: Measure): Promise<Held> {
  // Finalizers run between collections and let further objects go.
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  const bytes = getHeapSpaceStatistics()
    .filter(({ space_name }) => OBJECT_SPACES.includes(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return { bytes, resources, threadBytes: threads ? await measureThreads() : undefined };
}

async function measureThreads(): Promise<number> {
  let sum = 0;
  for (const worker of workers) {
    // A snapshot begins with a collection, which cannot be asked for otherwise from here.
    (await worker.getHeapSnapshot()).destroy();
    sum += (await worker.getHeapStatistics()).used_heap_size;
  }
  return sum;
}

const [supergraph = '', deadline] = process.argv.slice(2);
const settings = serverSettings.parse({ port: 0, graphiql: false, requestDeadlineMs: Number(deadline) });
const gateway = await startBareGateway(supergraph, settings, pino({ level: 'silent' }));
process.on('message', (message: Measure) => void measure(message).then((held) => process.send?.(held)));
process.on('disconnect', () => void gateway.stop());
process.send?.(gateway.url);
