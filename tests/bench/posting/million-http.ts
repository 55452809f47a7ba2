import { readFileSync } from 'node:fs';
import { GatewayUnderLoad } from './gateway.ts';
import { poster } from './http-entries.ts';
import { benchHomes } from './places.ts';

const POSTINGS = 1_000_000;
const WRITERS = 4;
const BATCH = 100;
const STEPS = 10;
const SAMPLES = 20;

export interface MillionHttpPart {
  readonly home: string;
  readonly postings: number;
  readonly perSecond: number;
  /** Resident memory of the gateway at the end of each tenth, MB of 2^20 bytes. */
  readonly residentMb: readonly number[];
  /** The least that its JavaScript heap held in each tenth: what lives, after a collection. */
  readonly heapMb: readonly number[];
}

/** So many postings pass through a gateway over HTTP; what memory they leave. Its platform is away: all of them stay stored. */
export async function millionHttpPart(total = POSTINGS): Promise<readonly MillionHttpPart[]> {
  const parts: MillionHttpPart[] = [];
  for (const { name, on } of await benchHomes()) {
    const part = await on(async (place) => {
      const gateway = await GatewayUnderLoad.start(place);
      try {
        return { home: name, postings: total, ...(await fill(gateway, total)) };
      } finally {
        await gateway.stop();
      }
    });
    console.log(
      `${name}: ${total} postings over HTTP, ${part.perSecond.toFixed(0)}/s; after each tenth resident MB ${part.residentMb.join(' ')}; least heap MB ${part.heapMb.join(' ')}`,
    );
    parts.push(part);
  }
  return parts;
}

async function fill(gateway: GatewayUnderLoad, total: number) {
  const posters = Array.from({ length: WRITERS }, () => poster(gateway.url, BATCH));
  const residentMb: number[] = [];
  const heapMb: number[] = [];
  const started = performance.now();
  try {
    for (let step = 0; step < STEPS; step += 1) {
      let least = Number.POSITIVE_INFINITY;
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        let left = total / STEPS / SAMPLES;
        const write = async (request: () => Promise<number>) => {
          for (left -= BATCH; left >= 0; left -= BATCH) await request();
        };
        await Promise.all(posters.map(({ request }) => write(request)));
        least = Math.min(least, await gateway.heapBytes());
      }
      heapMb.push(Math.round(least / 2 ** 20));
      residentMb.push(residentMbOf(gateway.pid));
    }
  } finally {
    await Promise.all(posters.map((one) => one.close()));
  }
  return { perSecond: total / ((performance.now() - started) / 1_000), residentMb, heapMb };
}

function residentMbOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no VmRSS`);
  return Math.round(Number(kilobytes) / 1_024);
}
