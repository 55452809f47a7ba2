import { z } from 'zod';
import { CasegraphError } from '../../transport/errors.ts';
import { checked } from '../../values/checked.ts';
import { chinaCompactDate, chinaDateTime } from '../../values/china-time.ts';
import { DEPARTMENT, protocolFault } from '../errors.ts';
import { foreign, type TransactionCode } from './transaction.ts';

/** The request's `head` (wire spec 2). */
export interface Head {
  readonly txCode: TransactionCode;
  readonly serialNo: string;
  readonly orgCode: string;
  readonly operator: string;
  readonly reqTime: string;
}

/** An answer of the exchange or of the business system; only the code tells which (wire spec 2). */
export interface Envelope {
  /** `0` is success, `LB` and four digits the business system's, everything else the exchange's. */
  readonly code: string;
  readonly message: string;
  /** An object, or empty text on an exchange error. */
  readonly data?: unknown;
}

/** Writes the head of one request at an instant (milliseconds since 1970). */
export function head(
  txCode: TransactionCode,
  serialNo: string,
  sender: { readonly organisationCode: string; readonly operator: string },
  instant: number,
): Head {
  return {
    txCode,
    serialNo,
    orgCode: sender.organisationCode,
    operator: sender.operator,
    reqTime: chinaDateTime(instant),
  };
}

/**
 * serialNo: the sender's division, the day, a counter of the day (wire spec 2); 20 digits. Throws `DEPARTMENT_BUSY` when the day's
 * six digits are used up: a number must not come twice.
 */
export function serialNumber(division: string, instant: number, count: number): string {
  if (!Number.isSafeInteger(count) || count < 1 || count > 999_999) {
    throw new CasegraphError('DEPARTMENT_BUSY', "The day's serial numbers are used up.", { department: DEPARTMENT });
  }
  return `${division}${chinaCompactDate(instant)}${count.toString().padStart(6, '0')}`;
}

/** The request as it goes out. */
export function encodeRequest(requestHead: Head, body: object): string {
  return JSON.stringify({ head: requestHead, body });
}

const envelope = z.object({
  // Text in most programs, a number in one (1.4).
  code: z.union([z.string().min(1), z.int()]).transform(String),
  message: z
    .string()
    .nullish()
    .transform((value) => value ?? ''),
  data: z.unknown().optional(),
});

/**
 * Reads the bytes of an answer with HTTP status 200. An HTML page, another character set, an empty body or broken JSON is
 * `DEPARTMENT_PROTOCOL`, safe to repeat (wire spec 4, last row).
 */
export function decodeAnswer(bytes: Uint8Array): Envelope {
  return checked(envelope, parseJson(bytes), '', protocolFault);
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw protocolFault('body', 'is not UTF-8', { safeToRepeat: true, cause });
  }
  if (/^\s*</.test(text)) throw protocolFault('body', 'is an HTML page', { safeToRepeat: true });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message repeats a piece of the answer.
    throw protocolFault('body', 'is not JSON', { safeToRepeat: true });
  }
}

const echo = z.object({ txCode: z.string(), serialNo: z.string() });

/** Refuses an answer that does not echo the request's transaction and number. */
export function checkEcho(data: unknown, sent: Pick<Head, 'txCode' | 'serialNo'>): void {
  const { txCode, serialNo } = checked(echo, data, 'data', protocolFault);
  const field = txCode !== sent.txCode ? 'data.txCode' : serialNo !== sent.serialNo ? 'data.serialNo' : undefined;
  if (field !== undefined) throw foreign(field);
}
