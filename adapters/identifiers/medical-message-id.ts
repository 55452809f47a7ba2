import { chinaCompactDateTime, isCalendarDate } from '../values/china-time.ts';
import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { isMedicalProvider, type MedicalProvider } from './medical-provider.ts';
import { serialDigits } from './serial.ts';

/**
 * Message id of a medical insurance transaction (发送方报文ID, msgid), 30 characters: provider, second, serial. Every
 * attempt needs a new one, stored before sending, since a reversal names it (medical-insurance.md 2.3).
 */
export type MedicalMessageId = string & { readonly __brand: 'MedicalMessageId' };

/** What a message id is made of (medical-insurance.md 2.3). */
export interface MedicalMessageIdNumbering {
  readonly provider: MedicalProvider;
  /** Milliseconds since 1970; written as China time, to the second. */
  readonly instant: number;
  /** 1–9999, unique within the second for the provider: from a kept counter, never drawn at random. */
  readonly serial: number;
}

/**
 * Takes a message id. Throws `InvalidIdentifier` (medical-insurance.md 2.3).
 *
 * @example parseMedicalMessageId('H42120200137202603160912050003') // the same
 */
export function parseMedicalMessageId(text: string): MedicalMessageId {
  const value = upperInputForm(text);
  return accepted<MedicalMessageId>('MedicalMessageId', value, faultOf(value));
}

/**
 * True for a message id exactly as the wire carries it; the variant with milliseconds and one digit of serial fits as
 * well (medical-insurance.md 2.3).
 *
 * @example isMedicalMessageId('H42120200137202603160912050003') // true
 */
export function isMedicalMessageId(text: string): text is MedicalMessageId {
  return faultOf(text) === undefined;
}

/**
 * Numbers a message. Throws `InvalidIdentifier` when the serial does not fit (medical-insurance.md 2.3).
 *
 * @example composeMedicalMessageId({
 *   provider: parseMedicalProvider('H42120200137'), instant: Date.parse('2026-03-16T09:12:05+08:00'), serial: 3,
 * }) // 'H42120200137202603160912050003'
 */
export function composeMedicalMessageId({ provider, instant, serial }: MedicalMessageIdNumbering): MedicalMessageId {
  return `${provider}${chinaCompactDateTime(instant)}${serialDigits('MedicalMessageId', serial, 4)}` as MedicalMessageId;
}

/**
 * The provider that sent a message (medical-insurance.md 2.3).
 *
 * @example providerOf(parseMedicalMessageId('H42120200137202603160912050003')) // 'H42120200137'
 */
export function providerOf(id: MedicalMessageId): MedicalProvider {
  return id.slice(0, 12) as MedicalProvider;
}

function faultOf(text: string): Fault | undefined {
  if (text.length !== 30) return { reason: 'must have 30 characters', reasonZh: '应为30位' };
  if (!isMedicalProvider(text.slice(0, 12))) {
    return { reason: 'provider code wrong', reasonZh: '前12位不是有效的定点医药机构编号' };
  }
  if (!/^\d{18}$/.test(text.slice(12))) {
    return { reason: 'time and serial must be 18 digits', reasonZh: '时间和流水号应为18位数字' };
  }
  const date = `${text.slice(12, 16)}-${text.slice(16, 18)}-${text.slice(18, 20)}`;
  if (!isCalendarDate(date) || !/^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(text.slice(20, 26))) {
    return { reason: 'no such time', reasonZh: '时间不存在' };
  }
  return undefined;
}
