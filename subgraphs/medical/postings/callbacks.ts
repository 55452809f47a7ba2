import type { PostingState, PostingWithContent } from '../../../adapters/database/postings.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { Task } from '../../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { HospitalCallbacks } from '../../../adapters/hospital-callbacks/client.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { type Clock, chinaIso } from '../../../adapters/values/china-time.ts';
import { type TaskEnd, Worker } from '../../services/worker.ts';
import type { PostingChange } from './engine/held-posting.ts';
import type { PostingSigner } from './receipt.ts';
import type { PostingWork } from './work.ts';

export interface CallbackOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly signer: PostingSigner;
  readonly work: Pick<PostingWork, 'outcomeOf'>;
  /** Where each hospital is told, by provider code. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly report: (error: unknown, place: string) => void;
}

/** The ends of a posting of which its hospital is told. */
const TOLD: Readonly<Partial<Record<PostingState, string>>> = {
  settled: 'posting.settled',
  rejected: 'posting.rejected',
  cancelled: 'posting.cancelled',
};

const KEPT_TRYING_MS = 3 * 86_400_000;
const PAUSE_MS = { least: 5_000, most: 3_600_000 };

/** What a task holds. */
interface Told {
  readonly number: number;
  readonly createdAt: number;
  /** JSON as it is sent. */
  readonly body: string;
}

/** Tells hospitals what became of their postings, each at its own pace: one that is away holds up no other. */
export class PostingCallbackWorkers {
  readonly #options: CallbackOptions;
  readonly #client = new HospitalCallbacks();
  readonly #workers: readonly Worker[];

  constructor(options: CallbackOptions) {
    const { store, clock, addresses, report } = options;
    this.#options = options;
    this.#workers = [...addresses].map(
      ([provider, url]) =>
        new Worker({
          queue: queueOf(provider),
          tasks: store.tasks,
          writer: store,
          clock,
          handle: (task, signal) => this.#tell(task, url, signal),
          report: (error, task) => report(error, `${task.queue} ${task.orderKey}`),
          alone: store.exclusive,
          concurrency: 2,
          pauseMs: PAUSE_MS,
        }),
    );
  }

  start(): void {
    for (const worker of this.#workers) worker.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.#client.close();
  }

  /** Keeps that a posting has come to an end of which its hospital is told, in the transaction that ends it. */
  async changed(tx: WriteTransaction, { posting: { id, provider }, to, at }: PostingChange): Promise<void> {
    const { store, addresses } = this.#options;
    const type = TOLD[to];
    if (type === undefined || !addresses.has(provider)) return;
    const posting = await store.postings.content(id, tx);
    if (!posting) throw new Error('a posting vanished');
    const number = await store.postingCallbacks.add(tx, posting.id, at);
    const body: Told = { number, createdAt: at, body: JSON.stringify(this.#message(type, posting, at)) };
    const task = { queue: queueOf(posting.provider), orderKey: posting.id, kind: type, body, at };
    await store.tasks.add(tx, [task]);
  }

  #message(type: string, posting: PostingWithContent, at: number) {
    const { id, provider, kind, documentNumber, version, state, failure, storedAt, settledAt } = posting;
    return {
      type,
      timestamp: chinaIso(at),
      data: {
        id,
        hospital: provider,
        kind: kind === 'referral' ? 'REFERRAL' : 'MATERNITY_SETTLEMENT',
        document: { number: documentNumber, version },
        state: state.toUpperCase(),
        storedAt: chinaIso(storedAt),
        settledAt: settledAt === null ? null : chinaIso(settledAt),
        outcome: this.#options.work.outcomeOf(posting),
        failure,
      },
    };
  }

  async #tell({ orderKey: postingId, body }: Task, url: string, signal: AbortSignal): Promise<TaskEnd> {
    const { store, clock, signer } = this.#options;
    const { number, createdAt, body: message } = body as Told;
    const end = (state: 'delivered' | 'given-up'): TaskEnd => {
      return (tx) => store.postingCallbacks.note(tx, { postingId, number }, { state, at: clock() });
    };
    try {
      const sign = (bytes: Uint8Array) => signer.sign(bytes);
      const id = `${postingId}.${number}`;
      await this.#client.deliver({ url, id, at: clock(), body: message, sign }, signal);
      return end('delivered');
    } catch (error) {
      const refused = error instanceof CasegraphError && error.code === 'DEPARTMENT_REJECTED';
      if (refused || clock() - createdAt >= KEPT_TRYING_MS) return end('given-up');
      await store.write((tx) =>
        store.postingCallbacks.note(tx, { postingId, number }, { state: 'pending', at: clock() }),
      );
      throw error;
    }
  }
}

function queueOf(provider: string): string {
  return `postings.callbacks.${provider}`;
}
