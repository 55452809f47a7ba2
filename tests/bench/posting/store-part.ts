import type { Place } from '../../../adapters/database/home.ts';
import { postingId } from '../../../adapters/database/posting-ids.ts';
import type { PreparedPosting } from '../../../adapters/database/posting-preparing.ts';
import { openStore } from '../../../adapters/database/store.ts';
import { openBare } from './bare.ts';
import { newDocumentNumber, referral } from './entries.ts';
import { type Load, Writers } from './load.ts';
import { benchHomes } from './places.ts';

const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };
const CONNECTIONS = 10;
const WRITERS = [1, 16];
/** Postings in a request. */
const SIZES = [1, 100];
/** Store and bare database in turn, so many times, after a first turn that is not counted. */
const ROUNDS = 3;
const ROUND_MS = 1_500;
const WARM_UP_MS = 500;

export interface StorePart {
  readonly home: string;
  readonly writers: number;
  /** Postings in a request. */
  readonly size: number;
  readonly store: Load;
  readonly bare: Load;
  /** The store's rate, the bare database's being 1. */
  readonly ratio: number;
}

/**
 * Acknowledged postings a second and p99 of a request: what `Postings` does with entries, digest, encryption and all, against the bare
 * database, which writes rows that are ready into the same tables, in transactions as large.
 */
export async function postingStorePart(): Promise<readonly StorePart[]> {
  const parts: StorePart[] = [];
  for (const { name, on } of await benchHomes()) {
    for (const size of SIZES) {
      for (const writers of WRITERS) {
        const loads = await on((ours) => on((theirs) => compare(ours, theirs, writers, size)));
        const part = { home: name, writers, size, ...loads, ratio: loads.store.rate / loads.bare.rate };
        console.log(described(part));
        parts.push(part);
      }
    }
  }
  return parts;
}

/** @param theirs where the bare database has the same tables. */
async function compare(ours: Place, theirs: Place, writers: number, size: number) {
  await (await openStore({ ...theirs, ...KEYS })).close();
  const store = await openStore({ ...ours, ...KEYS, connections: CONNECTIONS });
  const bare = openBare(theirs, CONNECTIONS);
  const storeRequest = async () => {
    const prepared = store.postings.prepare(entries(size));
    const added = await store.write((tx) => store.postings.add(tx, prepared));
    if (!added.every(({ result }) => result === 'stored')) throw new Error('an entry was not stored');
    return added.length;
  };
  const [made] = store.postings.prepare(entries(1)).entries as [PreparedPosting];
  const bareRequest = async () => {
    await bare.insert(Array.from({ length: size }, () => another(made)));
    return size;
  };
  try {
    await new Writers(writers, storeRequest).run(WARM_UP_MS);
    await new Writers(writers, bareRequest).run(WARM_UP_MS);
    const storeWriters = new Writers(writers, storeRequest);
    const bareWriters = new Writers(writers, bareRequest);
    for (let round = 0; round < ROUNDS; round += 1) {
      await storeWriters.run(ROUND_MS);
      await bareWriters.run(ROUND_MS);
    }
    return { store: storeWriters.load, bare: bareWriters.load };
  } finally {
    await bare.close();
    await store.close();
  }
}

function entries(size: number) {
  return Array.from({ length: size }, () => referral());
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

function described({ home, writers, size, store, bare, ratio }: StorePart): string {
  const load = ({ rate, p99Ms }: Load) => `${rate.toFixed(0).padStart(6)}/s p99 ${p99Ms.toFixed(1).padStart(5)} ms`;
  const what = `${home}, ${writers} writer${writers === 1 ? '' : 's'}, ${size === 1 ? 'single' : `batches of ${size}`}`;
  return `${what.padEnd(40)} store ${load(store)}   bare ${load(bare)}   ratio ${ratio.toFixed(2)}`;
}
