import type { Counter } from '../transport/counter.ts';
import { CaseRegistry } from './case-registry.ts';
import { Documents } from './documents.ts';
import { FollowedRecords } from './followed-records.ts';
import { openHome, type Place } from './home.ts';
import { HospitalBooks } from './hospital-books.ts';
import { Idempotency } from './idempotency.ts';
import { checkKeys } from './key-check.ts';
import { migrate } from './migrations.ts';
import { Payments } from './payments.ts';
import { PersonalColumns, type PersonalKeys } from './personal-columns.ts';
import { PostingCallbacks } from './posting-callbacks.ts';
import { Postings } from './postings.ts';
import { Reconciliations } from './reconciliations.ts';
import { type ResealingOutcome, reseal } from './resealing.ts';
import { Resolutions } from './resolutions.ts';
import { SenderLeases } from './sender-leases.ts';
import { StoredCounter } from './stored-counter.ts';
import { Submissions } from './submissions.ts';
import { Tasks } from './tasks.ts';
import type { Writer } from './writing.ts';

export interface StoreOptions extends Place, PersonalKeys {
  /** How long a sender of a write may be silent, milliseconds; `SENDER_LEASE_MS` when left out. */
  readonly senderLeaseMs?: number | undefined;
}

/** The open store: everything of ours that outlives a request. */
export interface Store {
  readonly registry: CaseRegistry;
  readonly tasks: Tasks;
  readonly submissions: Submissions;
  readonly resolutions: Resolutions;
  readonly idempotency: Idempotency;
  readonly documents: Documents;
  readonly followed: FollowedRecords;
  readonly payments: Payments;
  readonly postings: Postings;
  readonly postingCallbacks: PostingCallbacks;
  readonly reconciliations: Reconciliations;
  readonly hospitalBooks: HospitalBooks;
  readonly counter: Counter;
  /** True when no other process can use this store. */
  readonly exclusive: boolean;
  readonly write: Writer['write'];
  /**
   * Seals personal data anew that is not under the first column key and the configured cipher, while the store is in use. When it is
   * complete, the other column keys may leave the configuration; what was stopped goes on with the next run.
   */
  reseal(signal?: AbortSignal): Promise<ResealingOutcome>;
  /** Lets what is being written end, and closes. */
  close(): Promise<void>;
}

/** Opens the store and brings its tables up to date. Throws `StoreUnavailable`, saying what to do. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const columns = new PersonalColumns(options);
  const { name, shared, db, writer, close } = await openHome(options);
  try {
    await migrate(db, name);
    await writer.write((tx) => checkKeys(tx, columns, name));
    const leases = new SenderLeases(writer, options.senderLeaseMs);
    return {
      registry: new CaseRegistry(db, writer, columns),
      tasks: new Tasks(db, columns),
      submissions: new Submissions(db, columns, leases),
      resolutions: new Resolutions(db, columns),
      idempotency: new Idempotency(columns),
      documents: new Documents(db, columns),
      followed: new FollowedRecords(db),
      payments: new Payments(db, columns),
      postings: new Postings(db, columns),
      postingCallbacks: new PostingCallbacks(db),
      reconciliations: new Reconciliations(db, columns),
      hospitalBooks: new HospitalBooks(db, columns),
      counter: new StoredCounter(writer),
      exclusive: !shared,
      write: (work) => writer.write(work),
      reseal: (signal) => reseal(writer, columns, signal),
      close() {
        leases.close();
        return close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
