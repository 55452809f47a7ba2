import { type Answer, type Call, compose, type Dispatch } from '../../adapters/transport/call.ts';
import { CircuitBreaker } from '../../adapters/transport/circuit-breaker.ts';
import { ConcurrencyLimit, concurrency } from '../../adapters/transport/concurrency.ts';
import { deadline } from '../../adapters/transport/deadline.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { departmentFailure, TransportFailure } from '../../adapters/transport/failure.ts';
import { type HttpClient, httpClient } from '../../adapters/transport/http.ts';
import { type CallObserver, observe } from '../../adapters/transport/observe.ts';
import { rate } from '../../adapters/transport/rate.ts';
import { RetryBudget, retry } from '../../adapters/transport/retry.ts';
import type { LineSettings } from '../../adapters/transport/settings.ts';
import { ReceivedAnswer } from './answer.ts';
import { Coalescing } from './coalescing.ts';
import type { RequestScope } from './request-scope.ts';
import type { SubgraphAnswer, SubgraphFetch, SubgraphSource } from './source.ts';
import { type ReadLine, readFrom } from './subgraph-read.ts';

export interface RemoteSourceOptions {
  readonly url: string;
  readonly line: LineSettings;
  /** The client's headers that are passed on, in lower case. */
  readonly forwardHeaders: readonly string[];
  /** Whether queries that are alike and in flight at the same time are sent once. */
  readonly coalesce: boolean;
  readonly observer: CallObserver;
}

/** Tells a subgraph run apart how long its caller still waits, in milliseconds. */
export const DEADLINE_HEADER = 'x-casegraph-deadline-ms';

interface Exchange {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly longNumbers: boolean;
}

interface Sending {
  readonly body: string;
  readonly forwarded: Readonly<Record<string, string>>;
  readonly mode: 'read' | 'write';
  readonly longNumbers: boolean;
}

/** A subgraph run apart, asked over kept-alive HTTP. */
export class RemoteSource implements SubgraphSource {
  readonly name: string;
  readonly #path: string;
  readonly #client: HttpClient;
  readonly #forwardHeaders: readonly string[];
  readonly #dispatch: Dispatch<Exchange, ReceivedAnswer>;
  /** Undefined where reads must keep to rates. */
  readonly #reads: ReadLine | undefined;
  readonly #coalescing: Coalescing | undefined;

  constructor(name: string, { url, line, forwardHeaders, coalesce, observer }: RemoteSourceOptions) {
    const { origin, pathname, search } = new URL(url);
    this.name = name;
    this.#path = `${pathname}${search}`;
    this.#forwardHeaders = forwardHeaders;
    this.#client = httpClient({
      origin,
      connections: line.concurrency,
      connectTimeoutMs: line.connectTimeoutMs,
      readTimeoutMs: line.readTimeoutMs,
    });
    const breaker = new CircuitBreaker(line.breaker);
    const limit = new ConcurrencyLimit({ limit: line.concurrency });
    this.#dispatch = compose<Exchange, ReceivedAnswer>(this.#exchange, [
      observe(observer),
      deadline(line.deadline),
      // Outside of the attempts: a request that failed counts once.
      breaker.interceptor,
      retry(line.retry),
      ...(line.rates.length > 0 ? [rate(line.rates)] : []),
      concurrency(limit),
    ]);
    const retries = new RetryBudget(line.retry);
    const reads = { department: name, client: this.#client, observer, deadlineMs: line.deadline.readMs };
    this.#reads = line.rates.length > 0 ? undefined : { ...reads, breaker, retries, limit };
    this.#coalescing = coalesce ? new Coalescing(name) : undefined;
  }

  fetch(request: SubgraphFetch, scope: RequestScope): Promise<SubgraphAnswer> {
    const { mode, longNumbers } = request.operation;
    const body = writeBody(request);
    const forwarded = this.#forwarded(scope);
    const sending = { body, forwarded, mode, longNumbers };
    if (mode === 'write') return this.#untilAborted(this.#send(sending, scope), scope.signal).then(answerOf);
    if (this.#coalescing === undefined) return this.#send(sending, scope).then(answerOf);
    const key = this.#forwardHeaders.length === 0 ? body : JSON.stringify(forwarded) + body;
    return this.#coalescing.join(key, scope, () => this.#send(sending, scope));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #send({ body, forwarded, mode, longNumbers }: Sending, scope: RequestScope): Promise<ReceivedAnswer> {
    const headers = {
      ...forwarded,
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'x-request-id': scope.requestId,
      [DEADLINE_HEADER]: String(Math.max(1, scope.deadlineAt - Date.now())),
    };
    if (mode === 'read' && this.#reads) {
      return readFrom(this.#reads, { method: 'POST', path: this.#path, headers, body }, longNumbers, scope.signal);
    }
    return this.#dispatch({
      department: this.name,
      transaction: 'fetch',
      mode,
      input: { body, headers, longNumbers },
      signal: scope.signal,
    }).then(({ value }) => value);
  }

  readonly #exchange = ({ input, signal, mode }: Call<Exchange>): Promise<Answer<ReceivedAnswer>> => {
    const { body, headers, longNumbers } = input;
    const department = this.name;
    return this.#client.exchange({ method: 'POST', path: this.#path, headers, body, signal }).then(
      (answer) => ({ value: new ReceivedAnswer(answer, department, longNumbers) }),
      (error: unknown) => {
        throw error instanceof TransportFailure ? departmentFailure(error, { department, mode }) : error;
      },
    );
  };

  /** A write runs on when its caller no longer waits: then what came of it is not known here. */
  async #untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = () => reject(new CasegraphError('OUTCOME_UNKNOWN', undefined, { department: this.name }));
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      return await Promise.race([work, promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      // Nobody waits for it any more, and its failure is nobody's.
      work.catch(() => undefined);
    }
  }

  #forwarded({ headers }: RequestScope): Record<string, string> {
    const forwarded: Record<string, string> = {};
    for (const name of this.#forwardHeaders) {
      const value = headers[name];
      if (value !== undefined) forwarded[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return forwarded;
  }
}

function writeBody({ operation, variables, representations }: SubgraphFetch): string {
  const own = JSON.stringify(variables);
  if (representations === undefined) return `{"query":${operation.queryJson},"variables":${own}}`;
  const list = `"representations":[${representations.join(',')}]`;
  const all = own === '{}' ? `{${list}}` : `${own.slice(0, -1)},${list}}`;
  return `{"query":${operation.queryJson},"variables":${all}}`;
}

function answerOf({ answer }: ReceivedAnswer): SubgraphAnswer {
  return answer;
}
