import { setTimeout as sleep } from 'node:timers/promises';
import type { Task, Tasks } from '../../adapters/database/tasks.ts';
import type { Writer, WriteTransaction } from '../../adapters/database/writing.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { Clock } from '../../adapters/values/china-time.ts';

/** Ends a task: what it writes and the task's end are one transaction. */
export type TaskEnd = (tx: WriteTransaction) => Promise<void>;

/**
 * Does a task's work outside the store and says what is to be written then. Throws to have it tried again later, after longer and
 * longer pauses; `TaskStuck` when no trying helps.
 */
export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<TaskEnd>;

/** A task that a person has to look at; the tasks behind it wait for it. */
export class TaskStuck extends Error {
  override readonly name = 'TaskStuck';
  /** Kept in the store: codes only, never a text that may name people. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Where a worker's tasks come from: the durable queues, or whatever keeps its own. */
export type WorkQueue = Pick<Tasks, 'listen' | 'hurry' | 'take' | 'hold' | 'end' | 'endAndTakeNext' | 'giveBack'>;

export interface WorkerOptions {
  readonly queue: string;
  readonly tasks: WorkQueue;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly handle: TaskHandler;
  /** Told of every failure. */
  readonly report: (error: unknown, task: Task) => void;
  /** True where no other process works on this queue: what is taken when it starts, a process took that has died. */
  readonly alone?: boolean;
  /** The handler asks nobody outside the store: many tasks are done in one transaction. */
  readonly inStore?: boolean;
  /** How many tasks at once, each of another key. */
  readonly concurrency?: number;
  /** How long a process may be silent before another takes its tasks over, milliseconds: it died, or stands still. */
  readonly leaseMs?: number;
  /** How long a task may take before its signal is aborted, milliseconds. */
  readonly deadlineMs?: number;
  readonly pauseMs?: { readonly least: number; readonly most: number };
}

/** How often a queue is looked at when nothing wakes the worker: tasks that fall due, or that another process wrote. */
const LOOK_MS = 500;
const LEASE_MS = 10_000;
const DEADLINE_MS = 100_000;
/** So many tasks are done in one transaction at most. */
const TOGETHER = 32;
/** How long a queue waits for a department that is away before one task asks again. */
const OUTAGE_PAUSE_MS = { least: 250, most: 30_000 };
const PAUSE_MS = { least: 500, most: 300_000 };

/** Works off a queue: takes what is due, as many at once as allowed, and ends each in one transaction with what it did. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #loop: Promise<void> | undefined;
  /** True while tasks that could be done together are done one by one. */
  #apart = false;
  /** Set by a task that met a department that is away. */
  #away = false;
  /** True while more may be due than was taken. */
  #more = false;
  /** How often in a row the department was found away. */
  #outages = 0;
  #wake = Promise.withResolvers<void>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const { tasks, queue } = this.#options;
    const stopListening = tasks.listen(queue, () => this.#wake.resolve());
    this.#loop ??= this.#work().finally(stopListening);
  }

  /** Takes nothing more and lets what runs come to its end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake.resolve();
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #work(): Promise<void> {
    const { queue, tasks, writer, clock, report, alone, inStore, concurrency = 8, leaseMs = LEASE_MS } = this.#options;
    if (alone) {
      const failed = (error: unknown) => report(error, NO_TASK(queue));
      await writer.write((tx) => tasks.hurry(tx, queue, clock())).catch(failed);
    }
    while (!this.#stopped.signal.aborted) {
      this.#wake = Promise.withResolvers();
      if (this.#away) await this.#waitOut();
      // After an outage one task goes first and tells whether it is over.
      const probing = this.#outages > 0;
      const limit = probing ? 1 : concurrency - this.#running.size;
      if (inStore && !this.#apart) {
        if ((await this.#together()) === 0 && !this.#apart) await this.#idle();
        continue;
      }
      const taken = limit > 0 ? await this.#take(limit, leaseMs) : [];
      this.#more = taken.length >= limit;
      for (const task of taken) {
        const run = this.#run(task, leaseMs).finally(() => {
          this.#running.delete(run);
          // Where all was taken that was due, whatever is due next wakes the worker itself.
          if (this.#more || this.#away) this.#wake.resolve();
        });
        this.#running.add(run);
      }
      if (probing) await Promise.all(this.#running);
      if (taken.length === 0) this.#apart = false;
      if (taken.length === 0 || taken.length < limit) await this.#idle();
    }
  }

  async #take(limit: number, leaseMs: number): Promise<readonly Task[]> {
    const { queue, tasks, writer, clock, report } = this.#options;
    try {
      return await writer.write((tx) => tasks.take(tx, queue, { limit, now: clock(), leaseMs }));
    } catch (error) {
      report(error, NO_TASK(queue));
      return [];
    }
  }

  /** Takes tasks, does them and ends them in one transaction. How many; when one fails, none, and they are done one by one. */
  async #together(): Promise<number> {
    const { queue, tasks, writer, clock, handle, leaseMs = LEASE_MS } = this.#options;
    try {
      return await writer.write(async (tx) => {
        const taken = await tasks.take(tx, queue, { limit: TOGETHER, now: clock(), leaseMs });
        for (const task of taken) await tasks.end(tx, task, await handle(task, this.#stopped.signal));
        return taken.length;
      });
    } catch {
      // Done one by one, the one that fails does so again, and is reported.
      this.#apart = true;
      return 0;
    }
  }

  /** Waits, longer each time the department was found away, until it may be asked again. */
  async #waitOut(): Promise<void> {
    await Promise.all(this.#running);
    this.#away = false;
    this.#outages += 1;
    const pause = Math.min(OUTAGE_PAUSE_MS.most, OUTAGE_PAUSE_MS.least * 2 ** (this.#outages - 1));
    await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal: this.#stopped.signal }).catch(() => {});
  }

  async #idle(): Promise<void> {
    const woken = new AbortController();
    await Promise.race([this.#wake.promise, sleep(LOOK_MS, undefined, { signal: woken.signal }).catch(() => {})]);
    woken.abort();
  }

  /** Does a task, and those behind it in its line that are due: each is taken as the one before it ends. */
  async #run(first: Task, leaseMs: number): Promise<void> {
    for (let task: Task | undefined = first; task; ) task = await this.#runOne(task, leaseMs);
  }

  async #runOne(task: Task, leaseMs: number): Promise<Task | undefined> {
    const { tasks, writer, clock, handle, report, deadlineMs = DEADLINE_MS, pauseMs = PAUSE_MS } = this.#options;
    const held = this.#hold(task, leaseMs);
    try {
      const write = await handle(task, AbortSignal.any([AbortSignal.timeout(deadlineMs), held.lost]));
      // A task that another process took over in the meantime is that process's to end.
      const next = await writer.write(async (tx) => {
        if (this.#goesOn()) return tasks.endAndTakeNext(tx, task, { now: clock(), leaseMs }, write);
        await tasks.end(tx, task, write);
        return undefined;
      });
      this.#outages = 0;
      return next;
    } catch (error) {
      report(error, task);
      const away = isAway(error);
      if (away) this.#away = true;
      else this.#outages = 0;
      // The queue itself waits for a department that is away: none of its tasks has failed.
      const most = away ? pauseMs.least : pauseMs.most;
      const pause = Math.min(most, pauseMs.least * 2 ** Math.min(task.attempts - 1, 20));
      const asked = error instanceof CasegraphError ? (error.details.retryAfterMs ?? 0) : 0;
      const notBefore =
        error instanceof TaskStuck ? null : clock() + Math.max(asked, pause * (0.5 + Math.random() / 2));
      await writer
        .write((tx) =>
          tasks.giveBack(tx, task, {
            notBefore: notBefore && Math.round(notBefore),
            lastError: named(error),
            counted: !away,
          }),
        )
        // The lease runs out by itself when the store cannot be written now.
        .catch((fault: unknown) => report(fault, task));
      return undefined;
    } finally {
      held.release();
    }
  }

  /** False while a line's next task has to wait until the worker itself takes it. */
  #goesOn(): boolean {
    return !this.#stopped.signal.aborted && !this.#away && this.#outages === 0;
  }

  /** Renews a task's lease until it is released. `lost` is aborted when another process took the task over. */
  #hold(task: Task, leaseMs: number): { readonly lost: AbortSignal; release(): void } {
    const { tasks, writer, clock, report } = this.#options;
    const lost = new AbortController();
    const timer = setInterval(() => {
      writer
        .write((tx) => tasks.hold(tx, task, clock() + leaseMs))
        .then((isHeld) => {
          if (!isHeld) lost.abort();
        })
        .catch((fault: unknown) => report(fault, task));
    }, leaseMs / 3);
    return { lost: lost.signal, release: () => clearInterval(timer) };
  }
}

/** True for a failure that any other task of the same department would meet too. */
function isAway(error: unknown): boolean {
  return (
    error instanceof CasegraphError && (error.code === 'DEPARTMENT_UNREACHABLE' || error.code === 'DEPARTMENT_BUSY')
  );
}

/** What is kept of a failure in the store: codes and message ids, never a text that may name people. */
function named(error: unknown): string {
  if (error instanceof TaskStuck) return error.reason;
  if (!(error instanceof CasegraphError)) return error instanceof Error ? error.name : 'unknown';
  const { department, departmentCode, reference } = error.details;
  return [error.code, department, departmentCode, reference].filter((part) => part !== undefined).join(' ');
}

const NO_TASK = (queue: string): Task => ({
  id: 0,
  queue,
  orderKey: '',
  kind: 'take',
  body: null,
  createdAt: 0,
  attempts: 0,
});
