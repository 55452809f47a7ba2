import { serialDigits } from '../identifiers/serial.ts';
import type { Counter } from '../transport/counter.ts';
import { type Clock, chinaCompactDateTime, chinaParts } from '../values/china-time.ts';

const MESSAGE_SERIALS = 1_000_000;

/**
 * Draws a 缴款码: division, year, source `30` and a serial of one counter per division and year (wire spec 6.1 and section 5).
 */
export async function nextPayCode(counter: Counter, division: string, now: Clock): Promise<string> {
  const year = chinaParts(now()).year.slice(2);
  const serial = await counter.next(`non-tax/pay-code/${division}/${year}`);
  return `${division}${year}30${serialDigits('PaymentCode', serial, 10)}`;
}

/**
 * Draws a 报文标识号: `yyyyMMddHHmmss` and six digits of a counter that never starts again, so that two messages of one second differ, of
 * whatever process (wire spec section 2).
 */
export async function nextMessageId(counter: Counter, now: Clock): Promise<string> {
  const serial = await counter.next('non-tax/message-id');
  return chinaCompactDateTime(now()) + String(serial % MESSAGE_SERIALS).padStart(6, '0');
}
