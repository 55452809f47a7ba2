import { isCalendarDate } from '../values/china-time.ts';
import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { serialDigits } from './serial.ts';

/**
 * Message id of the real-estate registry (业务报文ID, BizMsgID), 18 digits: division, day and daily serial. Stands
 * outside the signature, so a used one must be refused by whoever receives it (real-estate.md 1.1, 6.4).
 */
export type BizMessageId = string & { readonly __brand: 'BizMessageId' };

/** The parts of a message id (real-estate.md 6.4). */
export interface BizMessageIdParts {
  /** 6 digits. */
  readonly division: string;
  /** `yyyy-MM-dd` of this century, China time. */
  readonly date: string;
  /** 1–999999. */
  readonly serial: number;
}

const NO_SUCH_DAY: Fault = { reason: 'no such day', reasonZh: '日期不存在' };

/**
 * Takes a message id. Throws `InvalidIdentifier`, for days that the calendar does not have too (real-estate.md 6.4).
 *
 * @example parseBizMessageId('421202260316000101') // '421202260316000101'
 */
export function parseBizMessageId(text: string): BizMessageId {
  const value = inputForm(text);
  return accepted<BizMessageId>('BizMessageId', value, faultOf(value));
}

/**
 * True for a message id exactly as the wire carries it (real-estate.md 6.4).
 *
 * @example isBizMessageId('421202260229000001') // false, 2026 has no 29 February
 */
export function isBizMessageId(text: string): text is BizMessageId {
  return faultOf(text) === undefined;
}

/**
 * Takes a message id apart (real-estate.md 6.4).
 *
 * @example splitBizMessageId(parseBizMessageId('421202260316000101')).date // '2026-03-16'
 */
export function splitBizMessageId(id: BizMessageId): BizMessageIdParts {
  return {
    division: id.slice(0, 6),
    date: dateText(id),
    serial: Number(id.slice(12)),
  };
}

/**
 * Numbers a message. Throws `InvalidIdentifier` when a part does not fit (real-estate.md 6.4).
 *
 * @example composeBizMessageId({ division: '421202', date: '2026-03-16', serial: 101 }) // '421202260316000101'
 */
export function composeBizMessageId({ division, date, serial }: BizMessageIdParts): BizMessageId {
  const text = `${division}${date.slice(2).replaceAll('-', '')}${serialDigits('BizMessageId', serial, 6)}`;
  const ofThisCentury = isCalendarDate(date) && date.startsWith('20');
  return accepted<BizMessageId>('BizMessageId', text, ofThisCentury ? faultOf(text) : NO_SUCH_DAY);
}

function faultOf(text: string): Fault | undefined {
  if (!/^\d{18}$/.test(text)) return { reason: 'must be 18 digits', reasonZh: '应为18位数字' };
  if (!isCalendarDate(dateText(text))) return NO_SUCH_DAY;
  return undefined;
}

function dateText(id: string): string {
  return `20${id.slice(6, 8)}-${id.slice(8, 10)}-${id.slice(10, 12)}`;
}
