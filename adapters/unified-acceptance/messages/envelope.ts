import { z } from 'zod';
import { CasegraphError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { checked } from '../../values/checked.ts';
import { DEPARTMENT, protocolFault } from '../errors.ts';
import type { Transaction } from '../transactions.ts';

/** The largest body of a message, bytes, and the most records in it (wire spec 1). */
export const LARGEST_BODY = 2 * 1024 * 1024;
export const MOST_RECORDS = 100;

/** The envelope around records that are JSON already: always an array, also for one record (wire spec 2). */
export function encodeBody(transaction: Transaction, records: readonly string[]): string {
  return `{"param":{"${transaction.array}":[${records.join(',')}]}}`;
}

/** Bytes that the envelope adds, without the records and the commas between them. */
export function envelopeBytes(transaction: Transaction): number {
  return encodeBody(transaction, []).length;
}

/** A whole answer of the platform. `body` is missing for any code but `200` (wire spec 2). */
export interface Envelope {
  readonly code: string;
  readonly message: string;
  readonly body: unknown;
}

const envelope = z.object({
  head: z.object({ code: z.string().regex(/^-?\d{1,6}$/), message: z.string().max(2_000).nullish() }),
  body: z.unknown().optional(),
});

/**
 * Reads an answer. An HTTP status other than 200, an HTML page, bytes that are no UTF-8 or no JSON are no answer of the platform: what
 * became of the message is unknown then (wire spec section 4, "transport"). Throws `DEPARTMENT_UNREACHABLE` for a failing gateway and
 * `DEPARTMENT_PROTOCOL` for everything else outside the specification.
 */
export function decodeAnswer(answer: HttpAnswer): Envelope {
  if (answer.status !== 200) {
    throw new CasegraphError(
      answer.status >= 500 ? 'DEPARTMENT_UNREACHABLE' : 'DEPARTMENT_PROTOCOL',
      `It answered with HTTP status ${answer.status}.`,
      { department: DEPARTMENT, safeToRepeat: true },
    );
  }
  const { head, body } = checked(envelope, parseJson(answer), '', noAnswer);
  return { code: head.code, message: head.message ?? '', body };
}

function parseJson(answer: HttpAnswer): unknown {
  const type = answer.headers['content-type'];
  // A gateway's error page may be GBK HTML: never parse it (wire spec 1).
  if (type !== undefined && !/^application\/json\b/i.test(type)) throw noAnswer('content-type', 'is not that of JSON');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
  } catch {
    // The parser's own error quotes the answer, which may hold personal data: it is not passed on as the cause.
    throw noAnswer('body', 'is no JSON in UTF-8');
  }
}

/** The same message may be sent again: the platform knows it by its requestNo. */
function noAnswer(field: string, reason: string): CasegraphError {
  return protocolFault(field, reason, { safeToRepeat: true });
}
