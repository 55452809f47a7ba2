import type { Place } from '../../../adapters/database/home.ts';
import { postingId } from '../../../adapters/database/posting-ids.ts';
import type { PreparedPosting } from '../../../adapters/database/posting-preparing.ts';
import { openStore } from '../../../adapters/database/store.ts';
import { isFaulty, readEntry } from '../../../subgraphs/medical/postings/entry.ts';
import { cpuMs } from '../engine/os-count.ts';
import { type Bare, openBare } from './bare.ts';
import { newDocumentNumber } from './entries.ts';
import { GatewayUnderLoad } from './gateway.ts';
import { entry, HOSPITAL, OPERATOR, poster } from './http-entries.ts';
import { type Load, Writers } from './load.ts';
import { type BenchHome, benchHomes } from './places.ts';

const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };
const CONNECTIONS = 10;
const WRITERS = [1, 16];
/** Postings in a request. */
const SIZES = [1, 100];
/** Gateway and bare database in turn, so many times, after a first turn that is not counted. */
const ROUNDS = 3;
const ROUND_MS = 2_000;
const WARM_UP_MS = 1_500;

export interface HttpPart {
  readonly home: string;
  readonly writers: number;
  /** Postings in a request. */
  readonly size: number;
  readonly gateway: Load;
  /** CPU of the gateway's process for each posting, all its threads, microseconds. */
  readonly cpuMicros: number;
  readonly bare: Load;
  /** The gateway's rate, the bare database's being 1. */
  readonly ratio: number;
}

export interface HttpPartOptions {
  /** Of Node's, for the gateway: `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  readonly homes?: readonly string[];
  readonly sizes?: readonly number[];
  readonly writers?: readonly number[];
}

/**
 * Acknowledged postings a second and p99 of a request over HTTP: a gateway in a process of its own, whose platform is away, so that nothing
 * is sent meanwhile; against the bare database, which writes the same rows, ready, into the same tables in transactions as large.
 */
export async function postingHttpPart(options: HttpPartOptions = {}): Promise<readonly HttpPart[]> {
  const parts: HttpPart[] = [];
  for (const home of await benchHomes()) {
    if (options.homes && !options.homes.includes(home.name)) continue;
    parts.push(...(await onHome(home, options)));
  }
  return parts;
}

function onHome({ name, on }: BenchHome, options: HttpPartOptions): Promise<readonly HttpPart[]> {
  const { nodeOptions = [], sizes = SIZES, writers: writerCounts = WRITERS } = options;
  return on((ours) =>
    on(async (theirs) => {
      const made = await madeRow(theirs);
      const gateway = await GatewayUnderLoad.start(ours, nodeOptions);
      const bare = openBare(theirs, CONNECTIONS);
      const parts: HttpPart[] = [];
      try {
        for (const size of sizes) {
          for (const writers of writerCounts) {
            const part = { home: name, writers, size, ...(await compare(gateway, bare, made, writers, size)) };
            console.log(described(part));
            parts.push(part);
          }
        }
        return parts;
      } finally {
        await bare.close();
        await gateway.stop();
      }
    }),
  );
}

async function compare(gateway: GatewayUnderLoad, bare: Bare, made: PreparedPosting, writers: number, size: number) {
  const posters = Array.from({ length: writers }, () => poster(gateway.url, size));
  const free = [...posters];
  const request = async () => {
    const one = free.pop();
    if (!one) throw new Error('more writers than connections');
    try {
      return await one.request();
    } finally {
      free.push(one);
    }
  };
  const bareRequest = async () => {
    await bare.insert(Array.from({ length: size }, () => another(made)));
    return size;
  };
  try {
    await new Writers(writers, request).run(WARM_UP_MS);
    await new Writers(writers, bareRequest).run(WARM_UP_MS / 3);
    const ours = new Writers(writers, request);
    const theirs = new Writers(writers, bareRequest);
    let cpu = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = cpuMs(gateway.pid);
      await ours.run(ROUND_MS);
      cpu += cpuMs(gateway.pid) - before;
      await theirs.run(ROUND_MS);
    }
    const cpuMicros = (cpu * 1_000) / ours.postings;
    return { gateway: ours.load, cpuMicros, bare: theirs.load, ratio: ours.load.rate / theirs.load.rate };
  } finally {
    await Promise.all(posters.map((one) => one.close()));
  }
}

/** A row as the gateway makes it of what is posted. Leaves the store's tables at `place`. */
async function madeRow(place: Place): Promise<PreparedPosting> {
  const store = await openStore({ ...place, ...KEYS });
  try {
    const at = Date.now();
    const given = entry();
    const read = readEntry({ kind: 'REFERRAL', ...given }, '', { hospital: HOSPITAL, now: at });
    if (isFaulty(read)) throw new Error(`the bench's own entry is wrong: ${read.faults[0]?.detail}`);
    const [prepared] = store.postings.prepare([
      {
        provider: HOSPITAL,
        kind: 'referral',
        documentNumber: read.document,
        version: 1,
        requestKey: `key-${newDocumentNumber()}`,
        fingerprint: store.postings.fingerprint(read.kept.digest),
        operator: OPERATOR,
        idNumber: given.patient.idNumber,
        caseId: null,
        totalFen: null,
        entry: read.kept,
        at,
      },
    ]).entries;
    return prepared as PreparedPosting;
  } finally {
    await store.close();
  }
}

/** The same row of another document: all that it takes to be stored again. */
function another({ index, row, entrySealed }: PreparedPosting): PreparedPosting {
  const number = newDocumentNumber();
  return {
    index,
    row: { ...row, id: postingId(Date.now()), document_number: number, request_key: `key-${number}` },
    entrySealed,
  };
}

function described({ home, writers, size, gateway, cpuMicros, bare, ratio }: HttpPart): string {
  const load = ({ rate, p99Ms }: Load) => `${rate.toFixed(0).padStart(6)}/s p99 ${p99Ms.toFixed(1).padStart(5)} ms`;
  const what = `${home}, ${writers} writer${writers === 1 ? '' : 's'}, ${size === 1 ? 'single' : `batches of ${size}`}`;
  return `${what.padEnd(40)} HTTP ${load(gateway)} ${cpuMicros.toFixed(0).padStart(5)} µs CPU   bare ${load(bare)}   ratio ${ratio.toFixed(2)}`;
}
