import { abortKind, departmentFailure, TransportFailure } from '../../adapters/transport/failure.ts';
import type { ReceivedAnswer } from './answer.ts';
import type { RequestScope } from './request-scope.ts';
import type { SubgraphAnswer } from './source.ts';

interface InFlight {
  readonly answer: Promise<ReceivedAnswer>;
  /** Of the request that sent it. */
  readonly scope: RequestScope;
}

/** A request may wait for another's fetch when its own deadline is no later than that one's by more than this, in milliseconds. */
const SLACK_MS = 500;

/**
 * Sends queries that are alike and in flight at the same time once. The key must hold all that the subgraph sees: address, body and every
 * forwarded header. Each request reads the answer anew, since it goes on to change what it read.
 */
export class Coalescing {
  readonly #department: string;
  readonly #inFlight = new Map<string, InFlight>();

  constructor(department: string) {
    this.#department = department;
  }

  join(key: string, scope: RequestScope, send: () => Promise<ReceivedAnswer>): Promise<SubgraphAnswer> {
    const known = this.#inFlight.get(key);
    if (known && known.scope.deadlineAt + SLACK_MS >= scope.deadlineAt) return this.#wait(known, key, scope, send);
    const own = { answer: send(), scope };
    this.#inFlight.set(key, own);
    const end = () => {
      if (this.#inFlight.get(key) === own) this.#inFlight.delete(key);
    };
    return own.answer.then(
      ({ answer }) => {
        end();
        return answer;
      },
      (error: unknown) => {
        end();
        throw error;
      },
    );
  }

  async #wait(
    known: InFlight,
    key: string,
    scope: RequestScope,
    send: () => Promise<ReceivedAnswer>,
  ): Promise<SubgraphAnswer> {
    const joined = await waitFor(known, scope, this.#department);
    if (joined) return joined.again();
    // The one who asked has left. The first who comes here asks anew, the others wait for that.
    if (this.#inFlight.get(key) === known) this.#inFlight.delete(key);
    return this.join(key, scope, send);
  }
}

/** The answer; undefined when the one who asked has left. Rejects like the fetch, or when the one who waits must go on. */
async function waitFor(
  { answer, scope: first }: InFlight,
  { signal }: RequestScope,
  department: string,
): Promise<ReceivedAnswer | undefined> {
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = () =>
    reject(departmentFailure(new TransportFailure(abortKind(signal), false), { department, mode: 'read' }));
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([answer, left]);
  } catch (error) {
    if (first.signal.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
