import { z } from 'zod';
import { checked, invalidInput } from '../../values/checked.ts';
import { chinaCompactDate, instantFromChina } from '../../values/china-time.ts';
import { type Fen, yuanFromFen } from '../../values/fen.ts';
import { protocolFault } from '../errors.ts';
import { asciiField, dateField, gbField } from '../messages/input-fields.ts';
import { checkedNotice } from '../messages/notice.ts';
import type { PaymentItem, PaymentNotice } from '../records/payment.ts';
import type { CollectingUnitSettings } from '../settings.ts';
import { standardWebSign } from '../signing.ts';

/** The JSON dialect of wire spec section 8. */
export const BASE_PATH = '/standard-web/api/standard/';
export const SUCCESS = 'S0000';
const VERSION = '1.0';
const DAY_MS = 86_400_000;

export interface Envelope {
  readonly region: string;
  readonly unitCode: string;
  readonly appId: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly noise: number;
}

/** The body of a request: the data in Base64 and the signature over everything, members in the order observed. */
export function writeRequest(data: unknown, { region, unitCode, appId, key, noise }: Envelope): string {
  const signed = {
    region,
    deptcode: unitCode,
    appid: appId,
    data: Buffer.from(JSON.stringify(data), 'utf8').toString('base64'),
    noise: String(noise),
    version: VERSION,
  };
  return JSON.stringify({ ...signed, sign: standardWebSign(signed, key) });
}

/** An answer, opened: text of the payload, JSON when `result` is `S0000`, words otherwise. */
export interface OpenAnswer {
  readonly result: string;
  readonly payload: string;
}

const outer = z.object({ data: z.string() });
const inner = z.object({ result: z.string().min(1).max(20), message: z.string() });

/** Opens both layers of an answer. Answers are not signed. Throws `DEPARTMENT_PROTOCOL`. */
export function readAnswer(body: Buffer): OpenAnswer {
  const { data } = checked(outer, json(utf8(body, 'body'), 'body'), '', protocolFault);
  const { result, message } = checked(inner, json(base64(data, 'data'), 'data'), 'data', protocolFault);
  return { result, payload: base64(message, 'data.message') };
}

/** The data of `invoiceEPayBook`. `validDays` counts from the notice's own date. */
export function openingData(notice: PaymentNotice, unit: CollectingUnitSettings, validDays: number) {
  const { items, amountFen, lateFeeFen } = checkedNotice(notice);
  if (lateFeeFen !== 0) throw invalidInput('lateFeeFen', 'the standard-web dialect carries no late fee');
  const { payer } = notice;
  const businessNumber = notice.businessNumber ?? notice.payCode;
  dateField('effectiveDate', notice.billDate, 'billDate');
  return {
    busNo: asciiField('busNo', businessNumber, [1, 64], 'businessNumber').text,
    effectiveDate: chinaCompactDate(instantFromChina(notice.billDate) + validDays * DAY_MS),
    payerType: '1',
    payer: gbField('payer', payer.name, [1, 100], 'payer.name').text,
    author: (notice.operator ?? unit.operator).name,
    idCardNo: asciiField('idCardNo', payer.idNumber ?? '', [0, 30], 'payer.idNumber').text,
    tel: asciiField('tel', payer.phone, [1, 20], 'payer.phone').text,
    totalAmt: yuanNumber(amountFen),
    chargeDetail: items.map(chargeDetail),
  };
}

export const opened = z.object({ payCode: z.string().regex(/^(?:\d{16}|\d{20})$/), payNo: z.string().default('') });
export const qrCode = z.object({ qrCode: z.string().min(1) });
/** `paymentChannel`: not empty means paid. */
export const confirmation = z.object({ paymentChannel: z.string().nullish() });
export const eBill = z.object({
  billBatchCode: z.string().default(''),
  billNo: z.string().default(''),
  random: z.string().nullish(),
  pictureUrl: z.string().min(1),
});

/** Reads a payload of success. Throws `DEPARTMENT_PROTOCOL` naming the member. */
export function readPayload<Schema extends z.ZodType>(schema: Schema, payload: string): z.output<Schema> {
  return checked(schema, json(payload, 'data.message'), 'data.message', protocolFault);
}

function chargeDetail({ name, amountFen, quantity }: PaymentItem, index: number) {
  const standard = amountFen / quantity;
  if (!Number.isSafeInteger(standard)) {
    throw invalidInput(`items.${index}.quantity`, 'the standard-web dialect needs a price of whole fen');
  }
  return { chargeName: name, std: yuanNumber(standard as Fen), number: quantity, amt: yuanNumber(amountFen) };
}

/**
 * Yuan as a JSON number that never was a binary fraction, with at least one decimal as the observed sender writes it: `80.0`, `412.5`.
 * TypeScript does not know `JSON.rawJSON` yet.
 */
function yuanNumber(amount: Fen): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return rawJSON(yuanFromFen(amount).replace(/0$/, ''));
}

function utf8(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw protocolFault(field, 'is not UTF-8', { cause: error });
  }
}

function base64(text: string, field: string): string {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw protocolFault(field, 'is not Base64');
  return utf8(Buffer.from(text, 'base64'), field);
}

function json(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw protocolFault(field, 'is not JSON'); // the parser's message quotes the text
  }
}
