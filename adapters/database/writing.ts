import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** What a unit of work writes through. */
export type WriteTransaction = Transaction<Tables>;

/** One commit as it ended, for metrics: how many units of work it made safe and how long that kept the writer busy. */
export interface CommitRecord {
  readonly units: number;
  readonly durationMs: number;
  /**
   * Of that, the processor's time in this thread: the rest is waiting, for the disk or for the processor. Null on PostgreSQL, where other
   * work goes on meanwhile.
   */
  readonly cpuMs: number | null;
}

export type CommitObserver = (commit: CommitRecord) => void;

/** Told the text of every statement as it was run. */
export type StatementObserver = (text: string) => void;

/** The only way to change what the store keeps. */
export interface Writer {
  /**
   * Runs a unit of work and resolves when what it wrote is on disk; when it rejects, nothing of it was written. The work touches `tx`
   * only: waiting for a network, for the store outside `tx` or for another `write` inside it would hold up every other writer. It may
   * be run again from its start, so it has no effects but those on `tx`.
   *
   * PostgreSQL works at "read committed": what a rule depends on is locked (`forUpdate`) or guarded by a unique key or a version.
   */
  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>;
}
