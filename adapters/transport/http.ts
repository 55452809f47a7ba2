import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors, Pool } from 'undici';
import { abortKind, TransportFailure } from './failure.ts';

export interface HttpOptions {
  /** `http://host:port`, without a path. */
  readonly origin: string;
  readonly connectTimeoutMs: number;
  /** Silence between the request and the answer's head, or inside its body, in milliseconds. */
  readonly readTimeoutMs: number;
  /** Sockets to this origin. */
  readonly connections: number;
  /** The largest answer taken, in bytes. */
  readonly maxAnswerBytes?: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as written, underscores and all. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const DEFAULT_MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** An HTTP/1.1 client of one origin over kept-alive sockets. */
export interface HttpClient {
  /**
   * One exchange. Resolves with any HTTP status; throws `TransportFailure` when no whole answer came, saying whether any byte of the
   * request was sent. Aborting the signal closes the socket.
   */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  /** Lets running exchanges end and closes the sockets. */
  close(): Promise<void>;
}

export function httpClient(options: HttpOptions): HttpClient {
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    // Below the 5 s of common servers, so that a request never meets a socket the server is about to close.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
    headersTimeout: options.readTimeoutMs,
    bodyTimeout: options.readTimeoutMs,
    connect: { timeout: options.connectTimeoutMs },
  });
  const limit = options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES;
  return {
    exchange: (request) => exchange(pool, request, limit),
    close: () => pool.close(),
  };
}

function exchange(pool: Pool, request: HttpRequest, limit: number): Promise<HttpAnswer> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new TransportFailure(abortKind(signal), false));
      return;
    }
    let controller: Dispatcher.DispatchController | undefined;
    let sent = false;
    let settled = false;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    let size = 0;

    const fail = (failure: TransportFailure) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', abort);
      reject(failure);
      controller?.abort(failure);
    };
    const abort = () => fail(new TransportFailure(abortKind(signal), sent));
    signal.addEventListener('abort', abort, { once: true });

    pool.dispatch(
      { method: request.method, path: request.path, headers: request.headers ?? {}, body: request.body ?? null },
      {
        onRequestStart(started) {
          controller = started;
          if (settled) started.abort(new Error('no longer wanted'));
          else sent = true;
        },
        onResponseStart(_controller, statusCode, answerHeaders) {
          status = statusCode;
          headers = answerHeaders;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > limit) fail(new TransportFailure('too-large', true));
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (settled) return;
          settled = true;
          signal.removeEventListener('abort', abort);
          resolve({ status, headers, body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size) });
        },
        onResponseError(_controller, error) {
          fail(new TransportFailure(failureKind(error, sent), sent, error));
        },
      },
    );
  });
}

function failureKind(error: Error, sent: boolean): TransportFailure['kind'] {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return 'timeout';
  return sent ? 'closed' : 'connect';
}
