import { setImmediate } from 'node:timers/promises';
import type { PostingAdded } from '../../../adapters/database/postings.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput } from '../../invalid-input.ts';
import { type MutationInput, mutationRequest, onlyOnce, requestKey } from '../../services/mutation.ts';
import type { RequestScope } from '../../subgraph.ts';
import type { Delegate } from '../services/delegation.ts';
import type { ServiceSurroundings } from '../services/surroundings.ts';
import { type FaultyEntry, isFaulty, type ReadEntry, readEntry } from './entry.ts';
import { entryRefusals } from './entry-refusals.ts';
import type { ReceiptFacts } from './receipt.ts';
import { type EntryFault, faultOf, isRefused, refusalOf } from './refusals.ts';
import { type EntryToStore, newPosting, receiptFacts } from './storing.ts';

export interface PostBatchInput extends MutationInput {
  readonly entries: readonly unknown[];
  readonly atomic: boolean;
}

export type BatchStatus = 'STORED' | 'DUPLICATE' | 'REFUSED' | 'HELD';

export interface BatchLine {
  readonly status: BatchStatus;
  readonly id?: string;
  readonly faults?: readonly EntryFault[];
  /** Where this request stored it. */
  readonly receipt?: ReceiptFacts;
}

/** So many entries in one request. */
const MOST_ENTRIES = 1_000;
/** Others may go on after so long. */
const TURN_MS = 10;

/** Thrown to undo a batch of all or none. */
class BatchUndone extends Error {
  readonly lines: readonly BatchLine[];

  constructor(lines: readonly BatchLine[]) {
    super('an entry of an atomic batch was refused');
    this.lines = lines;
  }
}

/** An entry as far as it has come: right, or refused. */
type Candidate = EntryToStore | { readonly refused: readonly CasegraphError[] };

/**
 * Stores what is right of a batch and tells of every entry, in order, what became of it. Under a key the same batch again has the same
 * answer; a batch of all or none that was refused leaves its key free.
 */
export async function postBatch(
  surroundings: Pick<ServiceSurroundings, 'store' | 'clock'>,
  delegate: Delegate,
  input: PostBatchInput,
  { idempotencyKey }: Pick<RequestScope, 'idempotencyKey'>,
): Promise<readonly BatchLine[]> {
  const { store, clock } = surroundings;
  const { entries, atomic, operator } = input;
  if (entries.length === 0 || entries.length > MOST_ENTRIES) {
    throw invalidInput('input.entries', { en: `must be 1 to ${MOST_ENTRIES}.`, zh: `应为1至${MOST_ENTRIES}条。` });
  }
  const key = requestKey(input.idempotencyKey, idempotencyKey);
  const candidates = await candidatesOf(surroundings, delegate, entries);
  const right = candidates.filter(isRight);
  if (atomic && right.length < candidates.length) return linesOf(candidates, []);
  const prepared = store.postings.prepare(right.map((one) => newPosting(store, one)));
  const work = async (tx: WriteTransaction): Promise<readonly BatchLine[]> => {
    const added = await store.postings.add(tx, prepared);
    const lines = linesOf(
      candidates,
      added.map((one, index) => lineOf(one, right[index] as EntryToStore)),
    );
    if (atomic && added.some(isRefused)) throw new BatchUndone(lines);
    return lines;
  };
  try {
    if (key === undefined) return await store.write(work);
    // As they were sent: whether an entry is taken may change with its case, what was asked does not.
    const asked = entries.map((entry) => store.postings.fingerprint(entry));
    const content = { operator, idempotencyKey: key, atomic, entries: asked };
    return await onlyOnce(store, mutationRequest('postBatch', content, undefined), clock, work);
  } catch (error) {
    if (error instanceof BatchUndone) return error.lines.map(held);
    throw error;
  }
}

async function candidatesOf(
  { store, clock }: Pick<ServiceSurroundings, 'store' | 'clock'>,
  delegate: Delegate,
  entries: readonly unknown[],
): Promise<readonly Candidate[]> {
  const at = clock();
  const surroundings = { hospital: delegate.institution.code, now: at };
  const read: (ReadEntry | FaultyEntry)[] = [];
  let turn = performance.now();
  for (const given of entries) {
    read.push(readEntry(given, '', surroundings));
    if (performance.now() - turn < TURN_MS) continue;
    await setImmediate();
    turn = performance.now();
  }
  const whole = read.filter((one): one is ReadEntry => !isFaulty(one));
  const refusals = await entryRefusals(store, delegate, whole, '');
  const refusalByEntry = new Map(whole.map((entry, index) => [entry, refusals[index]]));
  return read.map((one): Candidate => {
    if (isFaulty(one)) return { refused: one.faults };
    const refusal = refusalByEntry.get(one);
    return refusal ? { refused: [refusal] } : { entry: one, delegate, requestKey: null, at };
  });
}

function isRight(candidate: Candidate): candidate is EntryToStore {
  return 'entry' in candidate;
}

const HELD: BatchLine = { status: 'HELD' };

/** Nothing of it is stored. */
function held(line: BatchLine): BatchLine {
  return line.status === 'STORED' ? HELD : line;
}

/** The lines of all entries; `lines` are those of the right ones. */
function linesOf(candidates: readonly Candidate[], lines: readonly BatchLine[]): readonly BatchLine[] {
  const waiting = lines[Symbol.iterator]();
  return candidates.map((candidate) => {
    if (!isRight(candidate)) return { status: 'REFUSED', faults: candidate.refused.map(faultOf) };
    return waiting.next().value ?? HELD;
  });
}

function lineOf(added: PostingAdded, stored: EntryToStore): BatchLine {
  if (isRefused(added)) return { status: 'REFUSED', faults: [faultOf(refusalOf(added, ''))] };
  if (added.result === 'duplicate') return { status: 'DUPLICATE', id: added.of };
  return { status: 'STORED', id: added.id, receipt: receiptFacts(added.id, stored) };
}
