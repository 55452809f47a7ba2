import type { SimulatorCore } from '../../simulator/core.ts';
import type { Head } from './envelope.ts';
import type { NonTaxSimulatorSettings } from './settings.ts';
import type { NonTaxState } from './state.ts';
import { writeVoucher, type XmlElement } from './xml.ts';

/** What every transaction works on. A reset replaces `state`. */
export interface Finance {
  readonly core: SimulatorCore;
  readonly settings: NonTaxSimulatorSettings;
  state: NonTaxState;
}

/** One voucher of a request. */
export interface VoucherRequest {
  readonly messageNumber: string;
  readonly head: Head;
  readonly voucher: XmlElement;
}

/** One voucher of an answer and the message number it belongs under. */
export interface VoucherAnswer {
  readonly messageNumber: string;
  readonly voucher: string;
}

/** Does the work of one voucher. Throws `Refusal`. */
export type Transaction = (finance: Finance, request: VoucherRequest) => VoucherAnswer;

/** 通用应答, 5001 (wire spec 2). */
export function generalAnswer(originalMessageNumber: string, result: string, information: string): VoucherAnswer {
  const voucher = writeVoucher({ OriMsgNo: originalMessageNumber, Result: result, Information: information });
  return { messageNumber: '5001', voucher };
}
