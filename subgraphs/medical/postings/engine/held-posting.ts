import type {
  Posting,
  PostingMove,
  PostingState,
  PostingWithContent,
  TakenPosting,
} from '../../../../adapters/database/postings.ts';
import type { Store } from '../../../../adapters/database/store.ts';
import type { WriteTransaction } from '../../../../adapters/database/writing.ts';
import type { Clock } from '../../../../adapters/values/china-time.ts';
import type { Progress, StepName } from './progress.ts';
import { type Cause, checkTransition } from './transitions.ts';

/** A change of a posting's state as it happens. */
export interface PostingChange {
  readonly posting: Posting;
  readonly from: PostingState;
  readonly to: PostingState;
  readonly progress: Progress;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Is told of every change, in the transaction that makes it. */
export type ChangeListener = (tx: WriteTransaction, change: PostingChange) => Promise<void>;

export interface HeldPostingSurroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeListener;
}

/** The worker no longer holds the posting, or it was changed meanwhile: nothing more is done with it. */
export class PostingLost extends Error {
  override readonly name = 'PostingLost';
}

/** So long a worker holds a posting from the moment at which it makes sure of it, milliseconds. */
const HOLD_MS = 10_000;

type Move = Omit<PostingMove, 'from' | 'at' | 'cause' | 'progress' | 'attempts'> & {
  readonly to: PostingState;
  readonly cause: Cause;
  /** As it is known by now when left out. */
  readonly progress?: Progress;
};

/**
 * A posting while a worker holds it: where it stands, how far it has come, and the only way in which the engine writes either. Everything
 * that writes throws `PostingLost` when it is held no more.
 */
export class HeldPosting {
  readonly taken: TakenPosting;
  /** At which step it is. */
  step: StepName | undefined;
  readonly #surroundings: HeldPostingSurroundings;
  #state: PostingState;
  #progress: Progress = {};
  /** As the store has it; undefined until it was read. */
  #kept: Progress | undefined;
  #attempts: number;

  constructor(surroundings: HeldPostingSurroundings, taken: TakenPosting) {
    this.#surroundings = surroundings;
    this.taken = taken;
    this.#state = taken.state;
    this.#attempts = taken.attempts;
  }

  get state(): PostingState {
    return this.#state;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** What is known by now. Kept with what is written next. */
  set progress(progress: Progress) {
    this.#progress = progress;
  }

  /** How often in a row it was taken and came no further. */
  get attempts(): number {
    return this.#attempts;
  }

  async read(): Promise<PostingWithContent> {
    const content = await this.#surroundings.store.postings.content(this.taken.id);
    if (!content || content.dueAt === null || content.state !== this.#state) throw new PostingLost();
    this.#progress = (content.progress ?? {}) as Progress;
    this.#kept = this.#progress;
    return content;
  }

  /** Moves the posting and keeps how far it has come; from `stored` by way of `sending`. */
  async move({ progress = this.#progress, ...move }: Move): Promise<void> {
    const { store, clock, changed } = this.#surroundings;
    const { postings } = store;
    const { taken } = this;
    const moved = await store.write(async (tx) => {
      const at = clock();
      let from = this.#state;
      if (from === 'stored' && move.to !== 'sending') {
        const sending = { from: [from], to: 'sending', at, cause: 'TAKEN', dueAt: 'held' } as const;
        if (!(await postings.move(tx, taken, sending))) return false;
        from = 'sending';
      }
      checkTransition(from, move.to);
      // What could not be read is left as it is.
      const known = this.#kept !== undefined && { progress };
      if (!(await postings.move(tx, taken, { ...move, ...known, from: [from], at, attempts: 0 }))) return false;
      await changed(tx, { posting: taken, from, to: move.to, progress, at });
      return true;
    });
    if (!moved) throw new PostingLost();
    this.#state = move.to;
    this.#came(progress);
  }

  /** Keeps how far it has come. With `dueAt` it is given back until then. */
  async keep(
    step: StepName,
    { progress = this.#progress, dueAt }: { readonly progress?: Progress; readonly dueAt?: number } = {},
  ): Promise<void> {
    const keeping = { progress, step, attempts: 0, ...(dueAt !== undefined && { dueAt }) };
    await this.#write(({ postings }, tx) => postings.keep(tx, this.taken, keeping));
    this.#came(progress);
  }

  /** Keeps that it came no further this time, and what is known nevertheless. One of which nothing was sent begins anew. */
  async keepFailure(attempts: number): Promise<void> {
    await this.#write(({ postings }, tx) => postings.keep(tx, this.taken, { attempts, ...this.#more }));
  }

  /** Gives it back as it is, for whoever comes next. */
  async giveBack(): Promise<void> {
    const dueAt = this.taken.storedAt;
    await this.#write(({ postings }, tx) => postings.keep(tx, this.taken, { dueAt, ...this.#more }));
  }

  /** Makes sure that it is held, and will be for a while. */
  async hold(): Promise<void> {
    const until = this.#surroundings.clock() + HOLD_MS;
    await this.#write(({ postings }, tx) => postings.hold(tx, this.taken, until));
  }

  /** What is known and was not kept. */
  get #more(): { readonly progress?: Progress } {
    const isMore = this.#state !== 'stored' && this.#kept !== undefined && this.#progress !== this.#kept;
    return isMore ? { progress: this.#progress } : {};
  }

  async #write(write: (store: Store, tx: WriteTransaction) => Promise<boolean>): Promise<void> {
    const { store } = this.#surroundings;
    if (!(await store.write((tx) => write(store, tx)))) throw new PostingLost();
  }

  #came(progress: Progress): void {
    this.#progress = progress;
    this.#kept = progress;
    this.#attempts = 0;
  }
}
