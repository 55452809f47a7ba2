import { CasegraphError } from '../../../../adapters/transport/errors.ts';
import { Worker } from '../../../services/worker.ts';
import type { ServiceSurroundings } from '../../services/surroundings.ts';
import type { PostingEngine } from './engine.ts';
import { isAway, isWide } from './failures.ts';
import { keepPlace, postingOf, postingQueue } from './posting-queue.ts';

/** A hospital whose postings are worked on. */
export interface HospitalLine {
  /** Its provider code. */
  readonly provider: string;
  /** How many of its postings are worked on at once. */
  readonly concurrency: number;
}

type LinesSurroundings = Pick<ServiceSurroundings, 'store' | 'clock' | 'report'>;

/** A chain is some ten calls, each with a deadline of its own. */
const DEADLINE_MS = 900_000;
const PAUSE_MS = { least: 1_000, most: 120_000 };

/** Works on postings, each hospital's in a line of its own: one that floods, or is stuck, takes nothing from the others. */
export class PostingLines {
  readonly #surroundings: LinesSurroundings;
  readonly #workers: readonly Worker[];
  readonly #leaving = new AbortController();
  #started: Promise<void> | undefined;

  constructor(
    surroundings: LinesSurroundings,
    engine: Pick<PostingEngine, 'advance'>,
    hospitals: readonly HospitalLine[],
  ) {
    const { store, clock, report } = surroundings;
    this.#surroundings = surroundings;
    const leaving = this.#leaving.signal;
    this.#workers = hospitals.map(
      ({ provider, concurrency }) =>
        new Worker({
          queue: provider,
          tasks: postingQueue(store.postings, provider),
          writer: store,
          clock,
          async handle(task, signal) {
            try {
              await engine.advance(postingOf(task), signal, leaving);
            } catch (error) {
              if (isWide(error)) keepPlace(task);
              throw asOutage(error);
            }
            return async () => {};
          },
          report: (error, task) => report(error, `posting ${task.orderKey}`),
          concurrency,
          deadlineMs: DEADLINE_MS,
          pauseMs: PAUSE_MS,
        }),
    );
  }

  start(): void {
    this.#started ??= this.#start();
  }

  /** Takes nothing more and lets what runs come to the end of its step. */
  async stop(): Promise<void> {
    this.#leaving.abort();
    await this.#started;
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  /** What is held when nobody has begun yet, a process held that has died: once for all hospitals, whose workers would free each other's. */
  async #start(): Promise<void> {
    const { store, clock, report } = this.#surroundings;
    if (store.exclusive) {
      await store
        .write((tx) => store.postings.hurry(tx, clock()))
        .catch((error: unknown) => report(error, 'postings left by a process that died'));
    }
    if (this.#leaving.signal.aborted) return;
    for (const worker of this.#workers) worker.start();
  }
}

/** In the words by which a worker knows that its whole queue has to wait. */
function asOutage(error: unknown): unknown {
  if (!isAway(error) || error.code === 'DEPARTMENT_UNREACHABLE' || error.code === 'DEPARTMENT_BUSY') return error;
  return new CasegraphError('DEPARTMENT_BUSY', error.detail, { ...error.details, cause: error });
}
