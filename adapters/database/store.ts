import type { Counter } from '../transport/counter.ts';
import { CaseRegistry } from './case-registry.ts';
import { Documents } from './documents.ts';
import { FollowedRecords } from './followed-records.ts';
import { openHome, type Place } from './home.ts';
import { Idempotency } from './idempotency.ts';
import { checkKeys } from './key-check.ts';
import { migrate } from './migrations.ts';
import { Payments } from './payments.ts';
import { PersonalColumns, type PersonalKeys } from './personal-columns.ts';
import { type ResealingOutcome, reseal } from './resealing.ts';
import { StoredCounter } from './stored-counter.ts';
import { Submissions } from './submissions.ts';
import { Tasks } from './tasks.ts';
import type { Writer } from './writing.ts';

export interface StoreOptions extends Place, PersonalKeys {}

/** The open store: everything of ours that outlives a request. */
export interface Store {
  readonly registry: CaseRegistry;
  readonly tasks: Tasks;
  readonly submissions: Submissions;
  readonly idempotency: Idempotency;
  readonly documents: Documents;
  readonly followed: FollowedRecords;
  readonly payments: Payments;
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
    return {
      registry: new CaseRegistry(db, writer, columns),
      tasks: new Tasks(db, columns),
      submissions: new Submissions(db, columns),
      idempotency: new Idempotency(columns),
      documents: new Documents(db, columns),
      followed: new FollowedRecords(db),
      payments: new Payments(db, columns),
      counter: new StoredCounter(writer),
      exclusive: !shared,
      write: (work) => writer.write(work),
      reseal: (signal) => reseal(writer, columns, signal),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
