import { randomBytes } from 'node:crypto';
import type { Transaction } from '../transactions.ts';
import { encodeBody } from './envelope.ts';

/** Reads the body of a `200` answer. Throws `CasegraphError`. */
export type Decode<Output> = (body: unknown) => Output;

/**
 * One message. It gets its `requestNo` once and keeps it and its bytes however often it is sent: the platform knows a resend by the
 * two (wire spec 1, section 4).
 */
export class Message<Output = unknown> {
  readonly transaction: Transaction;
  /** 32 lower-case hex, new for every message: the reference of the call. */
  readonly requestNo: string;
  readonly body: string;
  /** The cases whose records it carries: two messages with a case in common are never under way together (wire spec 5). */
  readonly caseNumbers: readonly string[];
  readonly decode: Decode<Output>;

  /**
   * `records` are JSON texts; `caseNumbers` may repeat. `requestNo` is given only to send a message of an earlier process again, to the byte.
   */
  constructor(
    transaction: Transaction,
    records: readonly string[],
    caseNumbers: Iterable<string>,
    decode: Decode<Output>,
    requestNo = randomBytes(16).toString('hex'),
  ) {
    this.requestNo = requestNo;
    this.transaction = transaction;
    this.body = encodeBody(transaction, records);
    this.caseNumbers = [...new Set(caseNumbers)];
    this.decode = decode;
  }
}
