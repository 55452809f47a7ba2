import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors, Pool } from 'undici';
import { abortKind, TransportFailure } from './failure.ts';

export interface HttpOptions {
  /** `http://host:port`, without a path. */
  readonly origin: string;
  /** Milliseconds to connect, the secure handshake included. Like the next, it may pass up to a second late: undici's timers are coarse. */
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
   * request may have been sent. Aborting the signal closes the socket. A request that HTTP cannot carry (a header with a line break
   * or a Chinese character, say) is a fault of ours and rejects with undici's own `InvalidArgumentError`.
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
  const connectionErrors = new WeakSet<Error>();
  pool.on('connectionError', (_origin, _targets, error) => connectionErrors.add(error));
  const line = { pool, connectionErrors, limit: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES };
  return {
    exchange: (request) => exchange(line, request),
    close: () => pool.close(),
  };
}

interface Line {
  readonly pool: Pool;
  /** Errors met in opening a socket. undici tells of each in the moment in which it fails the requests that waited for that socket. */
  readonly connectionErrors: WeakSet<Error>;
  readonly limit: number;
}

function exchange({ pool, connectionErrors, limit }: Line, request: HttpRequest): Promise<HttpAnswer> {
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

    const fail = (failure: Error) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', abort);
      reject(failure);
      controller?.abort(failure);
    };
    const abort = () => fail(new TransportFailure(abortKind(signal), sent));
    signal.addEventListener('abort', abort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Thrown, not aborted: an abort would close a good socket on which nothing of this request was written.
        if (settled) throw new Error('no longer wanted');
        controller = started;
        sent = true;
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
        const failure = () => fail(new TransportFailure(failureKind(error, sent), sent, withoutAnswer(error)));
        if (error instanceof errors.InvalidArgumentError) fail(error);
        else if (!sent && 'syscall' in error) queueMicrotask(() => (connectionErrors.has(error) ? failure() : send()));
        else failure();
      },
    };
    // Again where a kept-alive socket broke before anything was written to it: undici fails the requests that waited for that socket,
    // though they can go over another.
    const send = () => {
      if (settled) return;
      const { method, path, headers = {}, body = null } = request;
      pool.dispatch({ method, path, headers, body }, handler);
    };
    send();
  });
}

function failureKind(error: Error, sent: boolean): TransportFailure['kind'] {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return 'timeout';
  if (error instanceof errors.HeadersOverflowError) return 'too-large';
  // An answer that only breaks off is told as a parser's error too, and the parser's error has no code.
  if (error instanceof errors.HTTPParserError && !error.message.includes('Invalid EOF state')) return 'malformed';
  return sent ? 'closed' : 'connect';
}

/** The parser's error holds the bytes it stopped at, which may be personal data. */
function withoutAnswer(error: Error): Error {
  return error instanceof errors.HTTPParserError ? new Error(error.message) : error;
}
