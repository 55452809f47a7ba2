import { Client, type Dispatcher } from 'undici';
import { serveParent } from './process.ts';

/** What the load generator is asked for. */
export interface Drive {
  readonly url: string;
  /** Bodies, sent in turn, round and round. */
  readonly bodies: readonly string[];
  /** The length in bytes of the right answer to each. */
  readonly lengths: readonly number[];
  readonly connections: number;
  readonly seconds: number;
  /** Mean pause of each connection between an answer and its next request (exponential); 0 is a closed loop. */
  readonly pauseMs: number;
}

/** What it saw; latencies in milliseconds. */
export interface Driven {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Where the next run begins, so that short runs do not all ask the same. */
let turn = 0;

/** Sends requests over kept-alive connections, one at a time on each. Throws when an answer has not the length of the right one. */
async function drive({ url, bodies, lengths, connections, seconds, pauseMs }: Drive): Promise<Driven> {
  const { origin, pathname } = new URL(url);
  const buffers = bodies.map((body) => Buffer.from(body));
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1_000;

  const converse = async () => {
    const client = new Client(origin, { pipelining: 1 });
    try {
      await pause(pauseMs);
      while (performance.now() < end) {
        const index = turn % buffers.length;
        turn += 1;
        const asked = performance.now();
        const length = await exchange(client, pathname, buffers[index] as Buffer);
        latencies.push(performance.now() - asked);
        if (length !== lengths[index])
          throw new Error(`answer of ${length} bytes where ${lengths[index]} are right: ${bodies[index]}`);
        await pause(pauseMs);
      }
    } finally {
      await client.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, converse));

  const elapsed = (performance.now() - started) / 1_000;
  latencies.sort((left, right) => left - right);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] as number;
  return { requests: latencies.length, perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

function pause(meanMs: number): Promise<void> | undefined {
  if (meanMs === 0) return undefined;
  return new Promise((resolve) => setTimeout(resolve, -Math.log(1 - Math.random()) * meanMs));
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

function exchange(client: Client, path: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let length = 0;
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData(_controller, chunk) {
        length += chunk.length;
      },
      onResponseEnd() {
        if (status === 200) resolve(length);
        else reject(new Error(`HTTP ${status}`));
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    };
    client.dispatch({ method: 'POST', path, headers: HEADERS, body }, handler);
  });
}

serveParent('ready', drive);
