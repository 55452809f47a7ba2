import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { checked, invalidInput } from '../values/checked.ts';
import { operatorText, protocolFault } from './errors.ts';
import { acceptanceRecord, encodeAcceptance } from './messages/acceptance.ts';
import { envelopeBytes, LARGEST_BODY, MOST_RECORDS } from './messages/envelope.ts';
import { encodeMaterial, materialRecord } from './messages/material.ts';
import type { Decode } from './messages/message.ts';
import { reportAnswer } from './messages/outcome.ts';
import { encodeProcess, processRecord } from './messages/process.ts';
import type { Dispatched } from './messages/record.ts';
import { encodeResult, resultRecord } from './messages/result.ts';
import { encodeSpecialProcedure, specialProcedureRecord } from './messages/special-procedure.ts';
import type { ReportOutcome } from './records.ts';
import { TRANSACTIONS, type Transaction } from './transactions.ts';

/** How a kind of record is checked and written. */
export interface RecordKind<Schema extends z.ZodType> {
  readonly transaction: Transaction;
  readonly schema: Schema;
  encode(record: z.output<Schema>, sent: Dispatched): Readonly<Record<string, unknown>>;
}

/** The kinds that are reported (wire spec 3.3). */
export const REPORTS = {
  acceptance: { transaction: TRANSACTIONS.accept, schema: acceptanceRecord, encode: encodeAcceptance },
  process: { transaction: TRANSACTIONS.process, schema: processRecord, encode: encodeProcess },
  result: { transaction: TRANSACTIONS.result, schema: resultRecord, encode: encodeResult },
  specialProcedure: {
    transaction: TRANSACTIONS.special,
    schema: specialProcedureRecord,
    encode: encodeSpecialProcedure,
  },
  materials: { transaction: TRANSACTIONS.material, schema: materialRecord, encode: encodeMaterial },
};

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
      throw invalidInput(`records.${index}`, 'is larger than a message may be');
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
  const records = new Map(batch.map((record) => [record.rowGuid, record]));
  return (body) => {
    const answer = checked(reportAnswer, body, 'body', protocolFault);
    const stranger = answer.rejected.findIndex((rejected) => !records.has(rejected.rowGuid));
    if (stranger >= 0) throw protocolFault(`body.rejected.${stranger}.rowGuid`, 'is not a record of the message');
    if (answer.accepted + answer.rejected.length !== batch.length) {
      throw protocolFault('body.accepted', 'does not make the records of the message with the rejected ones');
    }
    const rejected = answer.rejected.map((each) => ({
      ...each,
      message: operatorText(each.message, records.get(each.rowGuid)?.json ?? '{}'),
    }));
    return { accepted: answer.accepted, rejected };
  };
}
