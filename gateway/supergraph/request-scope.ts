import type { IncomingHttpHeaders } from 'node:http';
import type { Trail } from '../../subgraphs/access/trail.ts';
import type { Viewer } from '../../subgraphs/access/viewer.ts';

/** What one request carries from the HTTP front to the last department call. */
export interface RequestScope {
  readonly requestId: string;
  /** The header `idempotency-key`, which writes may take theirs from. */
  readonly idempotencyKey?: string | undefined;
  /** The client's headers; only those that a rule names are passed on. */
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the client has left (reason: anything) or the deadline has passed (reason: `TimeoutError`). */
  readonly signal: AbortSignal;
  /** When the answer must leave, milliseconds since 1970. */
  readonly deadlineAt: number;
  /** Who asks, as subgraphs know it; undefined where access is not controlled. */
  readonly viewer?: Viewer | undefined;
  /** What the request touches, for the audit log. */
  readonly trail?: Trail | undefined;
  /** The context each subgraph made for this request, by subgraph. */
  readonly contexts: Map<string, object>;
}
