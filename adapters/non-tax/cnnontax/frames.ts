import { httpClient } from '../../transport/http.ts';
import type { LineSettings } from '../../transport/settings.ts';
import { tcpExchange } from '../../transport/tcp.ts';
import { checkStatus } from '../errors.ts';
import { frameLength, MAX_FRAME_BYTES } from '../messages/frame.ts';

/** Carries one frame to finance and its answer back. Throws `TransportFailure` or `CasegraphError`. */
export interface FrameExchange {
  exchange(frame: Buffer, signal: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

/** Raw TCP, a connection for each exchange (wire spec section 1). `url` is `tcp://host:port`. */
export function tcpFrames(url: string, line: LineSettings): FrameExchange {
  const { hostname, port } = new URL(url);
  const options = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port),
    connectTimeoutMs: line.connectTimeoutMs,
    readTimeoutMs: line.readTimeoutMs,
  };
  const running = new Set<Promise<unknown>>();
  return {
    async exchange(frame, signal) {
      const exchange = tcpExchange(options, { frame, frameLength, signal });
      running.add(exchange);
      try {
        return await exchange;
      } finally {
        running.delete(exchange);
      }
    },
    async close() {
      await Promise.allSettled(running);
    },
  };
}

/** The optional binding of wire spec section 1: the same bytes by HTTP POST, status 200 for every business result. */
export function httpFrames(url: string, line: LineSettings): FrameExchange {
  const { origin, pathname, search } = new URL(url);
  const client = httpClient({
    origin,
    connectTimeoutMs: line.connectTimeoutMs,
    readTimeoutMs: line.readTimeoutMs,
    connections: line.concurrency,
    maxAnswerBytes: MAX_FRAME_BYTES + 2,
  });
  return {
    async exchange(frame, signal) {
      const answer = await client.exchange({
        method: 'POST',
        path: pathname + search,
        headers: { 'content-type': 'application/octet-stream' },
        body: frame,
        signal,
      });
      checkStatus(answer.status);
      return answer.body;
    },
    close: () => client.close(),
  };
}
