import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { CasegraphError } from '../transport/errors.ts';
import { withoutPersonalData } from './errors.ts';
import { checkedAnswer } from './messages/checked.ts';
import { envelopeBytes, LARGEST_BODY, MOST_RECORDS } from './messages/envelope.ts';
import type { Decode } from './messages/message.ts';
import { reportAnswer } from './messages/outcome.ts';
import type { Dispatched } from './messages/record.ts';
import type { ReportOutcome } from './records.ts';
import type { Transaction } from './transactions.ts';

/** How a kind of record is checked and written. */
export interface RecordKind<Schema extends z.ZodType> {
  readonly transaction: Transaction;
  readonly schema: Schema;
  encode(record: z.output<Schema>, sent: Dispatched): Readonly<Record<string, unknown>>;
}

/** A record ready to be sent. */
export interface EncodedRecord {
  readonly rowGuid: string;
  readonly version: number;
  readonly caseNumber: string;
  /** The record as JSON. */
  readonly json: string;
  /** Fingerprint of what it says, apart from when and in which batch it is sent. */
  readonly content: string;
}

/** Writes a checked record. */
export function encodedRecord<Record extends { rowGuid: string; version: number; caseNumber: string }>(
  record: Record,
  encode: (record: Record, sent: Dispatched) => object,
  sent: Dispatched,
): EncodedRecord {
  const wire = encode(record, sent);
  const said = JSON.stringify({ ...wire, cdTime: undefined, cdBatch: undefined });
  return {
    rowGuid: record.rowGuid,
    version: record.version,
    caseNumber: record.caseNumber,
    json: JSON.stringify(wire),
    content: createHash('sha256').update(said).digest('base64'),
  };
}

/**
 * Cuts records into messages of at most 100 records and 2 MiB (wire spec 1), in their order. Throws `INVALID_INPUT` for a record that
 * is too large for a message of its own.
 */
export function cutIntoMessages(transaction: Transaction, records: readonly EncodedRecord[]): EncodedRecord[][] {
  const messages: EncodedRecord[][] = [];
  const room = LARGEST_BODY - envelopeBytes(transaction);
  let current: EncodedRecord[] = [];
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    const size = Buffer.byteLength(record.json);
    if (size > room) {
      const field = `records.${index}`;
      throw new CasegraphError('INVALID_INPUT', `${field}: larger than a message may be.`, { field });
    }
    const commas = current.length;
    if (current.length === MOST_RECORDS || (commas > 0 && bytes + commas + size > room)) {
      messages.push(current);
      current = [];
      bytes = 0;
    }
    current.push(record);
    bytes += size;
  }
  if (current.length > 0) messages.push(current);
  return messages;
}

/**
 * Reads the answer to a report of these records: what was not taken must be one of them, and the two counts must make them all, or
 * a record would be lost in silence.
 */
export function reportDecoder(batch: readonly EncodedRecord[]): Decode<ReportOutcome> {
  const rowGuids = new Set(batch.map((record) => record.rowGuid));
  return (body, details) => {
    const answer = checkedAnswer(reportAnswer, body, 'body', details);
    const stranger = answer.rejected.findIndex((rejected) => !rowGuids.has(rejected.rowGuid));
    if (stranger >= 0) {
      const field = `body.rejected.${stranger}.rowGuid`;
      throw new CasegraphError('DEPARTMENT_PROTOCOL', `${field}: not a record of the message.`, { ...details, field });
    }
    if (answer.accepted + answer.rejected.length !== batch.length) {
      const reason = 'body.accepted: with the rejected ones it does not make the records of the message.';
      throw new CasegraphError('DEPARTMENT_PROTOCOL', reason, { ...details, field: 'body.accepted' });
    }
    const rejected = answer.rejected.map((each) => ({ ...each, message: withoutPersonalData(each.message) }));
    return { accepted: answer.accepted, rejected };
  };
}
