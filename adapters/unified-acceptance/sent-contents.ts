import type { ReportOutcome } from './records.ts';
import type { EncodedRecord } from './reporting.ts';

/** How many records are remembered; the oldest are forgotten first. */
const CAPACITY = 20_000;

/**
 * What this process sent under each version of a record. The platform answers `2106` for a version that it holds and does not say with
 * which content; equal content means that the record is done (wire spec section 4). Callers never change a record without raising
 * its version, so `2106` means done; where this memory can see that the rule was broken, the refusal stands.
 */
export class SentContents {
  readonly #contents = new Map<string, string>();

  /** The outcome of a batch with its `2106` judged, after which the batch is remembered. */
  judge(transaction: string, batch: readonly EncodedRecord[], outcome: ReportOutcome): ReportOutcome {
    const done = outcome.rejected.filter(
      ({ rowGuid, code }) =>
        code === '2106' && batch.every((record) => record.rowGuid !== rowGuid || this.#agrees(transaction, record)),
    );
    const refused = new Set(outcome.rejected.filter(({ code }) => code !== '2106').map(({ rowGuid }) => rowGuid));
    for (const record of batch) {
      // The platform holds nothing under a version that it refused.
      if (refused.has(record.rowGuid)) this.#contents.delete(keyOf(transaction, record));
      else this.#remember(transaction, record);
    }
    return {
      accepted: outcome.accepted + done.length,
      rejected: outcome.rejected.filter((rejected) => !done.includes(rejected)),
    };
  }

  /** The outcome of a batch is unknown: the platform may hold its records. */
  doubt(transaction: string, batch: readonly EncodedRecord[]): void {
    for (const record of batch) this.#remember(transaction, record);
  }

  #agrees(transaction: string, record: EncodedRecord): boolean {
    const known = this.#contents.get(keyOf(transaction, record));
    return known === undefined || known === record.content;
  }

  #remember(transaction: string, record: EncodedRecord): void {
    const key = keyOf(transaction, record);
    if (this.#contents.has(key)) return;
    this.#contents.set(key, record.content);
    if (this.#contents.size <= CAPACITY) return;
    for (const oldest of this.#contents.keys()) {
      this.#contents.delete(oldest);
      return;
    }
  }
}

function keyOf(transaction: string, record: EncodedRecord): string {
  return `${transaction}/${record.rowGuid}/${record.version}`;
}
