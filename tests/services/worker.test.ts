import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NewTask, Task } from '../../adapters/database/tasks.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { type TaskHandler, TaskStuck, Worker, type WorkerOptions } from '../../subgraphs/services/worker.ts';
import { storeOpener, testHomes } from '../store/homes.ts';

const QUEUE = 'work';
const open = storeOpener();

const taskOf = (orderKey: string, kind: string): NewTask => ({
  queue: QUEUE,
  orderKey,
  kind,
  body: null,
  at: Date.now(),
});
const named = ({ orderKey, kind }: Task) => `${orderKey}-${kind}`;

describe.each(await testHomes())('a worker on $name', ({ newPlace }) => {
  const working: Worker[] = [];

  afterEach(async () => {
    await Promise.all(working.splice(0).map((each) => each.stop()));
  });

  /** Tasks in a new store, and a worker that notes what it begins. */
  async function work(
    added: readonly NewTask[],
    handle: TaskHandler = async () => async () => {},
    over: Partial<WorkerOptions> = {},
  ) {
    const store = await open(await newPlace());
    const begun: string[] = [];
    const worker = new Worker({
      queue: QUEUE,
      tasks: store.tasks,
      writer: store,
      clock: Date.now,
      report: () => {},
      pauseMs: { least: 1, most: 5 },
      handle: (task, signal) => {
        begun.push(named(task));
        return handle(task, signal);
      },
      ...over,
    });
    working.push(worker);
    const take = vi.spyOn(store.tasks, 'take');
    await store.write((tx) => store.tasks.add(tx, added));
    worker.start();
    const left = () => store.tasks.count(QUEUE);
    const isOver = () => vi.waitFor(async () => expect((await left()).waiting).toBe(0), { timeout: 5_000 });
    return { store, worker, begun, take, left, isOver };
  }

  it('does a line in its order, taking each as the one before it ends', async () => {
    const { begun, take, isOver } = await work(['1', '2', '3', '4'].map((kind) => taskOf('a', kind)));
    await isOver();
    expect(begun).toEqual(['a-1', 'a-2', 'a-3', 'a-4']);
    expect(take.mock.calls.length).toBeLessThan(4);
  });

  it('ends each with what it did before it begins the next', async () => {
    const ended: string[] = [];
    const seen: string[] = [];
    const handle: TaskHandler = async (task) => {
      seen.push(ended.join());
      return async () => void ended.push(task.kind);
    };
    const { isOver } = await work(
      ['1', '2', '3'].map((kind) => taskOf('a', kind)),
      handle,
    );
    await isOver();
    expect(seen).toEqual(['', '1', '1,2']);
  });

  it('does no more lines at once than it may, and all of them', async () => {
    let running = 0;
    let most = 0;
    const handle: TaskHandler = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return async () => {};
    };
    const lines = Array.from({ length: 9 }, (_, line) => ['1', '2'].map((kind) => taskOf(`line-${line}`, kind)));
    const { begun, isOver } = await work(lines.flat(), handle, { concurrency: 3 });
    await isOver();
    expect(most).toBe(3);
    expect(new Set(begun).size).toBe(18);
  });

  it('gives back the one that fails, with those before it ended and those behind it waiting', async () => {
    let failures = 2;
    const handle: TaskHandler = async ({ kind }) => {
      if (kind === '2' && failures > 0) {
        failures -= 1;
        throw new Error('not now');
      }
      return async () => {};
    };
    const { begun, isOver } = await work(
      ['1', '2', '3'].map((kind) => taskOf('a', kind)),
      handle,
    );
    await isOver();
    expect(begun).toEqual(['a-1', 'a-2', 'a-2', 'a-2', 'a-3']);
  });

  it('leaves a line to a person where no trying helps', async () => {
    const handle: TaskHandler = async ({ kind }) => {
      if (kind === '2') throw new TaskStuck('REFUSED');
      return async () => {};
    };
    const { left } = await work(
      ['1', '2', '3'].map((kind) => taskOf('a', kind)),
      handle,
    );
    await vi.waitFor(async () => expect(await left()).toEqual({ waiting: 2, stuck: 1 }), { timeout: 5_000 });
  });

  it('that is stopped begins nothing more', async () => {
    const first = Promise.withResolvers<void>();
    const handle: TaskHandler = async () => {
      await first.promise;
      return async () => {};
    };
    const { worker, begun, left } = await work(
      ['1', '2'].map((kind) => taskOf('a', kind)),
      handle,
    );
    await vi.waitFor(() => expect(begun).toEqual(['a-1']));
    const stopped = worker.stop();
    first.resolve();
    await stopped;
    expect(begun).toEqual(['a-1']);
    expect(await left()).toEqual({ waiting: 1, stuck: 0 });
  });

  it('asks a department that was away with one task, and goes on with all when it is back', async () => {
    let away = true;
    const atOnce: number[] = [];
    let running = 0;
    const handle: TaskHandler = async () => {
      running += 1;
      atOnce.push(running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      if (away) throw new CasegraphError('DEPARTMENT_UNREACHABLE', undefined, { department: 'toy' });
      return async () => {};
    };
    const lines = Array.from({ length: 4 }, (_, line) => ['1', '2'].map((kind) => taskOf(`line-${line}`, kind)));
    const { begun, isOver } = await work(lines.flat(), handle);
    await vi.waitFor(() => expect(begun.length).toBeGreaterThan(4), { timeout: 5_000 });
    expect(atOnce.slice(4)).toEqual(atOnce.slice(4).map(() => 1));
    away = false;
    await isOver();
    for (const line of ['line-0', 'line-1', 'line-2', 'line-3']) {
      expect(begun.lastIndexOf(`${line}-1`)).toBeLessThan(begun.indexOf(`${line}-2`));
    }
  });
});
