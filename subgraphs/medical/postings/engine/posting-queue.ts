import type { Postings, TakenPosting } from '../../../../adapters/database/postings.ts';
import type { Task } from '../../../../adapters/database/tasks.ts';
import type { WorkQueue } from '../../../services/worker.ts';

/** A posting as a worker holds it. */
export interface PostingTask extends Task {
  readonly posting: TakenPosting;
  /** It is given back to where it stood in its line. */
  keepsPlace: boolean;
}

/** The postings of one hospital as a worker's queue: each is a line of its own, so that one that always fails holds up no other. */
export function postingQueue(postings: Postings, provider: string): WorkQueue {
  /** What came last of this hospital failed for what may be its own reasons. */
  let failedAlone = false;
  return {
    listen: (_queue, wake) => postings.listen(provider, wake),
    // Done for all hospitals at once, before any of their workers begins.
    async hurry() {},
    async take(tx, _queue, take) {
      // A worker that tries one whether the platform is back must not meet, one after the other, all that stand first and always fail.
      const leastTried = failedAlone && take.limit === 1;
      const taken = await postings.take(tx, provider, { ...take, leastTried });
      return taken.map((posting) => taskOf(provider, posting));
    },
    hold: (tx, task, until) => postings.hold(tx, postingOf(task), until),
    // What came of it the engine has written.
    async end(tx, _task, write) {
      failedAlone = false;
      await write?.(tx);
      return true;
    },
    async endAndTakeNext(tx, _task, _take, write) {
      failedAlone = false;
      await write?.(tx);
      return undefined;
    },
    // How often it failed the engine has counted.
    async giveBack(tx, task, { notBefore, lastError }) {
      const { posting, keepsPlace } = task as PostingTask;
      failedAlone = !keepsPlace;
      const dueAt = keepsPlace ? posting.storedAt : (notBefore ?? posting.storedAt);
      await postings.keep(tx, posting, { dueAt, lastError });
    },
  };
}

function taskOf(provider: string, posting: TakenPosting): PostingTask {
  return {
    id: 0,
    queue: `postings ${provider}`,
    orderKey: posting.id,
    kind: posting.kind,
    body: null,
    createdAt: posting.storedAt,
    attempts: posting.attempts + 1,
    posting,
    keepsPlace: false,
  };
}

/** Keeps a task's place in its line for when it is given back: it met what any other would have met. */
export function keepPlace(task: Task): void {
  (task as PostingTask).keepsPlace = true;
}

/** The posting of a task that this queue gave. */
export function postingOf(task: Task): TakenPosting {
  return (task as PostingTask).posting;
}
