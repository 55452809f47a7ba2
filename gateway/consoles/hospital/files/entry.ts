/** A posting as the file holds it, ready to be sent. */
export interface Entry {
  /** From 0, over the whole file. */
  readonly index: number;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Null where the file gives none; the gateway refuses it. */
  readonly document: string | null;
  readonly version: number;
  /** A `PostingEntry` as JSON text. */
  readonly json: string;
  /** In a table: the header over a place of the entry, `patient.idNumber`. */
  readonly headerOf?: (path: string) => string | undefined;
}

/** The largest entry, in bytes: a request of one of them stays under a body of 1 MiB. */
export const LARGEST_ENTRY = 1_000_000;

export const KINDS = ['REFERRAL', 'MATERNITY_SETTLEMENT'] as const;

export type Kind = (typeof KINDS)[number];
