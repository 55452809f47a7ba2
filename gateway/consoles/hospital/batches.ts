import { createHash, randomUUID } from 'node:crypto';
import type { Entry } from './files/entry.ts';

/** Entries that are sent as one. */
export interface Batch {
  readonly entries: readonly Entry[];
  /** The same for the same entries of the same file, however often the command runs. */
  readonly key: string;
}

export interface BatchSettings {
  /** Of the file. */
  readonly sha256: string;
  readonly operator: string;
  /** Entries in one, at most. */
  readonly size: number;
  readonly atomic: boolean;
  /** 0, or when `--fresh` began: a new round asks anew what an earlier one has an answer to. */
  readonly round: number;
}

/** Bytes of entries in a batch: the request stays under 1 MiB with what is around them. */
const MOST_BYTES = 1_000_000;

/** Divides a file. The same file and settings are divided the same, which is what makes sending again harmless. */
export function divide(entries: readonly Entry[], settings: BatchSettings): Batch[] {
  const batches: Batch[] = [];
  let open: Entry[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) batches.push({ entries: open, key: keyOf(open, settings) });
    open = [];
    bytes = 0;
  };
  for (const entry of entries) {
    const length = Buffer.byteLength(entry.json) + 1;
    if (open.length >= settings.size || bytes + length > MOST_BYTES) close();
    open.push(entry);
    bytes += length;
  }
  close();
  return batches;
}

function keyOf(entries: readonly Entry[], { sha256, operator, size, atomic, round }: BatchSettings): string {
  const position = [sha256, operator, size, atomic, round, entries[0]?.index, entries.length];
  return `file-${createHash('sha256').update(JSON.stringify(position)).digest('base64url')}`;
}

/**
 * The same entries under another key: for a gateway that remembers the key with another content, since what it refused then it takes now.
 * Documents are stored once whatever the key.
 */
export function underAnotherKey(batch: Batch): Batch {
  return { ...batch, key: `${batch.key}-${randomUUID()}` };
}

/** The mutation's variables as JSON text; the entries go as the file has them. */
export function variablesOf({ entries, key }: Batch, { operator, atomic }: BatchSettings): string {
  const list = entries.map(({ json }) => json).join(',');
  return `{"input":{"idempotencyKey":${JSON.stringify(key)},"operator":${JSON.stringify(operator)},"atomic":${atomic},"entries":[${list}]}}`;
}
