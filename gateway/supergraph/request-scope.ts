/** What one request carries from the HTTP front to the last department call. */
export interface RequestScope {
  readonly requestId: string;
  /** Aborted when the client has left (reason: anything) or the deadline has passed (reason: `TimeoutError`). */
  readonly signal: AbortSignal;
  /** When the answer must leave, milliseconds since 1970. */
  readonly deadlineAt: number;
  /** The context each subgraph made for this request, by subgraph. */
  readonly contexts: Map<string, object>;
}
