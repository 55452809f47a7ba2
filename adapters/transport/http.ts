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

/** A request whose end is told to a receiver instead of a promise, and which is given up by its handle instead of a signal. */
export type SentRequest = Omit<HttpRequest, 'signal'>;

/** Is told once how an exchange ended. */
export interface HttpReceiver {
  received(answer: HttpAnswer): void;
  /** With a `TransportFailure`, or a fault of ours. */
  failed(error: Error): void;
}

/** An exchange that runs. */
export interface RunningExchange {
  /** Gives it up: its socket is closed. */
  abort(kind: 'timeout' | 'aborted'): void;
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
  /** The same for those who make thousands of calls a second. Nothing is told before this returns but a fault of ours. */
  begin(request: SentRequest, receiver: HttpReceiver): RunningExchange;
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
    begin(request, receiver) {
      const running = new Exchange(line, request, receiver);
      running.send();
      return running;
    },
    close: () => pool.close(),
  };
}

interface Line {
  readonly pool: Pool;
  /** Errors met in opening a socket. undici tells of each in the moment in which it fails the requests that waited for that socket. */
  readonly connectionErrors: WeakSet<Error>;
  readonly limit: number;
}

function exchange(line: Line, request: HttpRequest): Promise<HttpAnswer> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new TransportFailure(abortKind(signal), false));
      return;
    }
    const abort = () => running.abort(abortKind(signal));
    const running = new Exchange(line, request, {
      received(answer) {
        signal.removeEventListener('abort', abort);
        resolve(answer);
      },
      failed(error) {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    });
    signal.addEventListener('abort', abort, { once: true });
    running.send();
  });
}

/** One request on its way, as undici's handler of it. */
class Exchange implements Dispatcher.DispatchHandler, RunningExchange {
  readonly #line: Line;
  readonly #request: SentRequest;
  readonly #receiver: HttpReceiver;
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #settled = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(line: Line, request: SentRequest, receiver: HttpReceiver) {
    this.#line = line;
    this.#request = request;
    this.#receiver = receiver;
  }

  /**
   * Again where a kept-alive socket broke before anything was written to it: undici fails the requests that waited for that socket, though
   * they can go over another.
   */
  send(): void {
    if (this.#settled) return;
    const { method, path, headers = {}, body = null } = this.#request;
    this.#line.pool.dispatch({ method, path, headers, body }, this);
  }

  abort(kind: 'timeout' | 'aborted'): void {
    this.#fail(new TransportFailure(kind, this.#sent));
  }

  onRequestStart(started: Dispatcher.DispatchController): void {
    // Thrown, not aborted: an abort would close a good socket on which nothing of this request was written.
    if (this.#settled) throw new Error('no longer wanted');
    this.#controller = started;
    this.#sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    answerHeaders: IncomingHttpHeaders,
  ): void {
    this.#status = statusCode;
    this.#headers = answerHeaders;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#line.limit) this.#fail(new TransportFailure('too-large', true));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settled = true;
    const chunks = this.#chunks;
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, this.#size);
    this.#receiver.received({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const sent = this.#sent;
    const failure = () => this.#fail(new TransportFailure(failureKind(error, sent), sent, withoutAnswer(error)));
    if (error instanceof errors.InvalidArgumentError) this.#fail(error);
    else if (!sent && 'syscall' in error) {
      queueMicrotask(() => (this.#line.connectionErrors.has(error) ? failure() : this.send()));
    } else failure();
  }

  #fail(failure: Error): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#receiver.failed(failure);
    this.#controller?.abort(failure);
  }
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
