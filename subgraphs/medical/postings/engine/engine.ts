import type { TakenPosting } from '../../../../adapters/database/postings.ts';
import type { PostingContent } from '../content.ts';
import { isAway, isWide, keptFailure } from './failures.ts';
import { HeldPosting, PostingLost } from './held-posting.ts';
import { type EngineOptions, PostingRun } from './run.ts';

/** So often in a row may a posting come no further before a person has to look, while the platform is well. */
const MOST_FAILURES = 8;
/** The same while it is not, or answers like that: hours. A posting that the platform cannot stomach looks like that too. */
const MOST_IN_AN_OUTAGE = 500;

/** Works on postings: brings each as far as it comes, one step after the other. */
export class PostingEngine {
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /**
   * Brings a taken posting to its end, or to where it has to wait. Throws when the platform is away or a query failed: then it is to be
   * given back and taken again later. Whatever dies in between, it goes on where it was: what is being sent was kept before.
   *
   * @param leaving Aborted when the process is about to end: the posting is given back at the end of its step.
   */
  async advance(taken: TakenPosting, signal: AbortSignal, leaving?: AbortSignal): Promise<void> {
    const held = new HeldPosting(this.#options, taken);
    try {
      const { entry } = await held.read();
      await new PostingRun(this.#options, held, entry as PostingContent).toItsEnd(signal, leaving);
    } catch (error) {
      if (error instanceof PostingLost) return;
      await this.#failed(held, error).catch((fault: unknown) => {
        if (!(fault instanceof PostingLost)) throw fault;
      });
    }
  }

  /** It is tried again later, so often; where the platform is away for everybody, as long as that takes. */
  async #failed(held: HeldPosting, error: unknown): Promise<void> {
    const { client, report } = this.#options;
    const attempts = held.attempts + (isWide(error) ? 0 : 1);
    const isWell = !isAway(error) && client.breakerState === 'closed';
    if (attempts < (isWell ? MOST_FAILURES : MOST_IN_AN_OUTAGE)) {
      await held.keepFailure(attempts);
      throw error;
    }
    report(error, `posting ${held.taken.id}`);
    await held.move({
      to: 'manual',
      cause: held.progress.back ? 'CANNOT_UNDO' : 'OFTEN_FAILED',
      step: held.step ?? held.taken.step ?? 'PERSON',
      failure: keptFailure(error),
      dueAt: null,
    });
  }
}
