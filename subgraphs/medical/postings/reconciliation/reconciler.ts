import { setTimeout as sleep } from 'node:timers/promises';
import type { Reconciliation, ReconciliationFailure } from '../../../../adapters/database/reconciliations.ts';
import type { Task } from '../../../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../../../adapters/database/writing.ts';
import { CasegraphError } from '../../../../adapters/transport/errors.ts';
import { chinaDate, chinaDateTime } from '../../../../adapters/values/china-time.ts';
import { type TaskEnd, Worker } from '../../../services/worker.ts';
import type { ServiceSurroundings } from '../../services/surroundings.ts';
import { hospitalInstitution } from '../hospitals.ts';
import type { AccountEntry } from './account.ts';
import { bookedBetween } from './booked-between.ts';
import { dayAfter, daysFrom } from './days.ts';
import { type Expected, platformBooks } from './platform-books.ts';
import { reconcile } from './reconcile.ts';

export interface ReconcilerSettings {
  /** Hospitals whose yesterday is reconciled every day, by provider code. */
  readonly hospitals: readonly string[];
  /** From when on, China time, `02:30`: the centre's books of the day are closed by then. Null: no day is reconciled unasked. */
  readonly dailyAt: string | null;
  readonly expected: Expected;
}

const QUEUE = 'medical-insurance.reconciliation';
/** How often is looked whether a day is to be reconciled. */
const LOOK_MS = 30_000;
/** So many days that were missed are made up for. */
const MOST_DAYS_LATE = 31;
/** A reconciliation of a month asks the platform some hundred times. */
const DEADLINE_MS = 600_000;
/** So often is tried, for some twenty minutes, before it counts as failed. Times at which the platform is away do not count. */
const MOST_ATTEMPTS = 12;
const PAUSE_MS = { least: 1_000, most: 300_000 };
/** Hospitals at once: each has calls of its own at the platform. */
const AT_ONCE = 2;

/** Makes reconciliations: what was asked for and, every day, the day before. Each is a task that survives whoever makes it. */
export class Reconciler {
  readonly #surroundings: ServiceSurroundings;
  readonly #settings: ReconcilerSettings;
  readonly #worker: Worker;
  readonly #stopped = new AbortController();
  #watching: Promise<void> | undefined;
  /** The day on which old books were forgotten last. */
  #prunedOn: string | undefined;

  constructor(surroundings: ServiceSurroundings, settings: ReconcilerSettings) {
    const { store, clock, report } = surroundings;
    this.#surroundings = surroundings;
    this.#settings = settings;
    this.#worker = new Worker({
      queue: QUEUE,
      tasks: store.tasks,
      writer: store,
      clock,
      handle: (task, signal) => this.#make(task, signal),
      report: (error, task) => report(error, `${task.queue} ${task.orderKey}`),
      alone: store.exclusive,
      concurrency: AT_ONCE,
      deadlineMs: DEADLINE_MS,
      pauseMs: PAUSE_MS,
    });
  }

  start(): void {
    this.#worker.start();
    this.#watching ??= this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
    await this.#worker.stop();
  }

  /** Keeps what is to be made, in the caller's transaction. Undefined for a daily one that is there already. */
  async ask(
    tx: WriteTransaction,
    wanted: Pick<Reconciliation, 'provider' | 'from' | 'to' | 'daily' | 'book' | 'operator'>,
  ): Promise<string | undefined> {
    const { store, clock } = this.#surroundings;
    const at = clock();
    const id = await store.reconciliations.add(tx, { ...wanted, at });
    if (id === undefined) return undefined;
    await store.tasks.add(tx, [{ queue: QUEUE, orderKey: wanted.provider, kind: 'reconcile', body: { id }, at }]);
    return id;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#askForDays().catch((error: unknown) => this.#surroundings.report(error, 'daily reconciliation'));
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Asks for every day up to yesterday that has no daily reconciliation yet, for each hospital. */
  async #askForDays(): Promise<void> {
    const { store, clock } = this.#surroundings;
    const { hospitals, dailyAt } = this.#settings;
    const now = clock();
    const today = chinaDate(now);
    if (dailyAt === null || chinaDateTime(now).slice(11, 16) < dailyAt) return;
    const yesterday = dayAfter(today, -1);
    for (const provider of hospitals) {
      const last = await store.reconciliations.lastDaily(provider);
      const earliest = dayAfter(today, -MOST_DAYS_LATE);
      const next = last === undefined ? yesterday : dayAfter(last, 1);
      for (const day of daysFrom(next < earliest ? earliest : next, yesterday)) {
        await store.write((tx) =>
          this.ask(tx, { provider, from: day, to: day, daily: true, book: null, operator: null }),
        );
      }
    }
    if (this.#prunedOn === today) return;
    await store.write((tx) => store.hospitalBooks.prune(tx, now));
    this.#prunedOn = today;
  }

  async #make({ body, attempts }: Task, signal: AbortSignal): Promise<TaskEnd> {
    const { store, clock, report } = this.#surroundings;
    const { id } = body as { readonly id: string };
    const asked = await store.reconciliations.byId(id);
    if (asked?.state !== 'running') return async () => {};
    try {
      const result = await this.#compare(asked, signal);
      return async (tx) => {
        await store.reconciliations.done(tx, id, { at: clock(), result, differenceCount: result.differenceCount });
      };
    } catch (error) {
      const failure = finalFailure(error, attempts);
      if (!failure) throw error;
      report(error, `${QUEUE} ${asked.provider}`);
      return (tx) => store.reconciliations.failed(tx, id, clock(), failure);
    }
  }

  async #compare({ provider, from, to, book, operator }: Reconciliation, signal: AbortSignal) {
    const { client, store } = this.#surroundings;
    const institution = hospitalInstitution(this.#surroundings, provider, operator);
    if (!institution) {
      throw new CasegraphError('INVALID_INPUT', 'The hospital has no account delegated on the platform.', {
        detailZh: '该医院在名录中没有省医疗保障信息平台的委托授权账号。',
      });
    }
    const days = daysFrom(from, to);
    const ours = await bookedBetween(store, provider, { from, to });
    const { booked } = ours;
    const { expected } = this.#settings;
    const platform = await platformBooks(client, { institution, days, booked, expected, signal });
    const hospital = book === null ? null : await this.#hospitalBook(provider, book);
    return reconcile(days, hospital, ours, platform);
  }

  async #hospitalBook(provider: string, book: string): Promise<readonly AccountEntry[]> {
    const entries: AccountEntry[] = [];
    for await (const rows of this.#surroundings.store.hospitalBooks.rows(provider, book)) {
      entries.push(...(rows as readonly AccountEntry[]));
    }
    return entries;
  }
}

/** Why it cannot be made: where trying again does not help, or was done often enough. Undefined where it is to be tried again. */
function finalFailure(error: unknown, attempts: number): ReconciliationFailure | undefined {
  const often = attempts >= MOST_ATTEMPTS;
  if (!(error instanceof CasegraphError)) return often ? { code: 'INTERNAL' } : undefined;
  const { code, detail, details } = error;
  if (code === 'DEPARTMENT_UNREACHABLE' || code === 'DEPARTMENT_BUSY') return undefined;
  if (code !== 'DEPARTMENT_REJECTED' && code !== 'INVALID_INPUT' && !often) return undefined;
  const { departmentCode, detailZh } = details;
  return {
    code,
    ...(departmentCode !== undefined && { departmentCode }),
    ...(detail !== undefined && { detail }),
    ...(detailZh !== undefined && { detailZh }),
  };
}
