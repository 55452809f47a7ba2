import type { AuditRecord } from './record.ts';

/** The tamper-evident log. */
export interface AuditLog {
  /**
   * Resolves when the record is on disk (group commit); personal values in `personal` are in the clear here and committed to inside.
   * Rejects with `AUDIT_UNAVAILABLE` when it cannot be written.
   */
  append(record: AuditRecord): Promise<void>;
  readonly reader: AuditReader;
  /** Seals what is there, and closes. */
  close(): Promise<void>;
}

/** A record in its place in the tree. */
export interface SealedRecord {
  /** Index of its leaf, from 0. */
  readonly index: number;
  /** The leaf's bytes: canonical JSON of the record with its personal values committed to and its counters. */
  readonly leaf: string;
  readonly record: SealedBody;
}

/** What a leaf holds: the record, personal values as commitments, and how many records of each case and resident there were with it. */
export interface SealedBody extends AuditRecord {
  /** The number of this record among those of the case, from 1, in the order of `cases`. */
  readonly caseNumbers: readonly number[];
  /** Likewise for `residents`. */
  readonly residentNumbers: readonly number[];
}

/** A signed tree head (C2SP tlog-checkpoint): `size` leaves under `root`. */
export interface Checkpoint {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The signed note. */
  readonly note: string;
  /** ISO 8601, +08:00. */
  readonly at: string;
}

export interface AuditFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly subject?: string | undefined;
  readonly account?: string | undefined;
  readonly organisation?: string | undefined;
  readonly request?: string | undefined;
  readonly kind?: AuditRecord['kind'] | undefined;
  readonly decision?: AuditRecord['decision'] | undefined;
}

export interface AuditPage {
  readonly records: readonly SealedRecord[];
  readonly hasNext: boolean;
}

/** Reads what is sealed. */
export interface AuditReader {
  /** The newest, or the smallest of at least `size` leaves; undefined while there is none. */
  checkpoint(size?: number): Promise<Checkpoint | undefined>;
  /** By leaf index. */
  record(index: number): Promise<SealedRecord | undefined>;
  recordById(id: string): Promise<SealedRecord | undefined>;
  /** Every sealed record of a case, by its number there, with how many there are. */
  recordsOfCase(caseId: string): Promise<readonly SealedRecord[]>;
  /** Those of a resident's handle, newest first. */
  recordsOfResident(
    handle: string,
    filter: AuditFilter,
    page: { first: number; before?: number | undefined },
  ): Promise<AuditPage>;
  /** Newest first; `before` is a leaf index. */
  records(filter: AuditFilter, page: { first: number; before?: number | undefined }): Promise<AuditPage>;
  /** Hashes of an RFC 6962 inclusion proof of a leaf in the tree of `size` leaves. */
  inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]>;
  /** Hashes of an RFC 6962 consistency proof. */
  consistencyProof(from: number, to: number): Promise<readonly Uint8Array[]>;
  /** How many records of a case are under a checkpoint, signed by the log's key as a note; see `case-head.ts`. */
  caseHead(caseId: string, size: number): Promise<string>;
  /** Personal values of a record that are not erased, by what they are. */
  personal(index: number): Promise<Readonly<Record<string, { readonly value: string; readonly salt: string }>>>;
  /** Appends made and not sealed yet, and how old the oldest is, for metrics. */
  lag(): Promise<{ readonly records: number; readonly ageMs: number }>;
}
