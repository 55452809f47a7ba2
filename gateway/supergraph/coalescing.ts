import type { ReceivedAnswer } from './answer.ts';
import type { RequestScope } from './request-scope.ts';
import type { SubgraphAnswer } from './source.ts';

interface InFlight {
  readonly answer: Promise<ReceivedAnswer>;
  readonly deadlineAt: number;
}

/** A request may wait for another's fetch when its own deadline is no later than that one's by more than this, in milliseconds. */
const SLACK_MS = 500;

/**
 * Sends queries that are alike and in flight at the same time once. The key must hold all that the subgraph sees: address, body and every
 * forwarded header. Each request reads the answer anew, since it goes on to change what it read.
 */
export class Coalescing {
  readonly #inFlight = new Map<string, InFlight>();

  async join(key: string, scope: RequestScope, send: () => Promise<ReceivedAnswer>): Promise<SubgraphAnswer> {
    const known = this.#inFlight.get(key);
    if (known && known.deadlineAt + SLACK_MS >= scope.deadlineAt) {
      const joined = await waitFor(known.answer, scope.signal);
      if (joined !== undefined) return joined.again();
      // The one who asked has left or failed; that need not be this one's fate.
      return (await send()).answer;
    }
    const own = { answer: send(), deadlineAt: scope.deadlineAt };
    this.#inFlight.set(key, own);
    try {
      return (await own.answer).answer;
    } finally {
      if (this.#inFlight.get(key) === own) this.#inFlight.delete(key);
    }
  }
}

/** The answer; undefined when it failed, or the one who waits for it must go on. */
async function waitFor(answer: Promise<ReceivedAnswer>, signal: AbortSignal): Promise<ReceivedAnswer | undefined> {
  const { promise: left, resolve } = Promise.withResolvers<undefined>();
  const leave = () => resolve(undefined);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([answer.catch(() => undefined), left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
