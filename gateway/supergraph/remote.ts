import { CasegraphError } from '../../adapters/transport/errors.ts';
import { departmentFailure, TransportFailure } from '../../adapters/transport/failure.ts';
import { type HttpClient, httpClient } from '../../adapters/transport/http.ts';
import type { RequestScope } from './request-scope.ts';
import { failedFetch, type SubgraphAnswer, type SubgraphFetch, type SubgraphSource } from './source.ts';

export interface RemoteSourceOptions {
  readonly url: string;
  readonly connections: number;
  readonly connectTimeoutMs: number;
}

/** Tells a subgraph run apart how long its caller still waits, in milliseconds. */
export const DEADLINE_HEADER = 'x-casegraph-deadline-ms';

/** A subgraph run apart, asked over kept-alive HTTP. */
export class RemoteSource implements SubgraphSource {
  readonly #name: string;
  readonly #path: string;
  readonly #client: HttpClient;

  constructor(name: string, options: RemoteSourceOptions) {
    const url = new URL(options.url);
    this.#name = name;
    this.#path = `${url.pathname}${url.search}`;
    this.#client = httpClient({
      origin: url.origin,
      connections: options.connections,
      connectTimeoutMs: options.connectTimeoutMs,
      // The request's own deadline ends the wait; this only bounds a fetch that has none.
      readTimeoutMs: 60_000,
    });
  }

  async fetch(request: SubgraphFetch, scope: RequestScope): Promise<SubgraphAnswer> {
    try {
      const answer = await this.#client.exchange({
        method: 'POST',
        path: this.#path,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          'x-request-id': scope.requestId,
          [DEADLINE_HEADER]: String(Math.max(1, scope.deadlineAt - Date.now())),
        },
        body: JSON.stringify(request),
        signal: scope.signal,
      });
      return readAnswer(answer.body.toString('utf8'), answer.status, this.#name);
    } catch (error) {
      if (error instanceof CasegraphError) return failedFetch(error, request);
      if (!(error instanceof TransportFailure)) throw error;
      const mode = /^\s*mutation\b/.test(request.query) ? 'write' : 'read';
      return failedFetch(departmentFailure(error, { department: this.#name, mode }), request);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function readAnswer(body: string, status: number, department: string): SubgraphAnswer {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer))
      return answer as SubgraphAnswer;
  } catch {
    // told below
  }
  throw new CasegraphError('DEPARTMENT_PROTOCOL', `HTTP ${status} without a GraphQL answer.`, { department });
}
