import { connect } from 'node:net';
import { abortKind, TransportFailure } from './failure.ts';

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  /** Silence of the other end in milliseconds. */
  readonly readTimeoutMs: number;
}

export interface TcpRequest {
  /** The one frame to send. */
  readonly frame: Uint8Array;
  /**
   * Looks at the bytes received so far: the length of the whole answer frame once known, `undefined` while more bytes are needed to
   * tell; not asked again once it has told. It may throw to refuse the answer; that error reaches the caller as it is.
   */
  readonly frameLength: (received: Buffer) => number | undefined;
  readonly signal: AbortSignal;
}

/**
 * One exchange on a connection of its own: connect, send one frame, read one frame, close (non-tax wire spec, section 1). Throws
 * `TransportFailure` when no whole answer came; aborting the signal destroys the socket.
 */
export function tcpExchange(options: TcpOptions, request: TcpRequest): Promise<Buffer> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new TransportFailure(abortKind(signal), false));
      return;
    }
    let sent = false;
    const chunks: Buffer[] = [];
    let size = 0;
    let length: number | undefined;
    const socket = connect({ host: options.host, port: options.port });

    const settle = (act: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners();
      socket.on('error', () => {}); // an error after the outcome is known changes nothing
      socket.destroy();
      act();
    };
    const fail = (failure: unknown) => settle(() => reject(failure));
    const abort = () => fail(new TransportFailure(abortKind(signal), sent));

    signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(options.connectTimeoutMs);
    socket.on('timeout', () => fail(new TransportFailure(sent ? 'timeout' : 'connect', sent)));
    socket.on('error', (error) => fail(new TransportFailure(sent ? 'closed' : 'connect', sent, error)));
    socket.on('close', () => fail(new TransportFailure(sent ? 'closed' : 'connect', sent)));
    socket.on('connect', () => {
      sent = true;
      socket.setTimeout(options.readTimeoutMs);
      socket.write(request.frame);
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      try {
        length ??= request.frameLength(chunks.length === 1 ? chunk : Buffer.concat(chunks, size));
      } catch (error) {
        fail(error);
        return;
      }
      if (length === undefined || size < length) return;
      const frame = Buffer.concat(chunks, size).subarray(0, length);
      settle(() => resolve(frame));
    });
  });
}
