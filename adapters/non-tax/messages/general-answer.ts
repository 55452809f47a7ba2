import { z } from 'zod';
import { optionalText, readVoucher, resultCode } from './answer-fields.ts';
import type { XmlElement } from './xml.ts';

/** 5001 通用应答 (wire spec section 2). */
export interface GeneralAnswer {
  /** The number of the request's message. */
  readonly requestNumber: string;
  readonly result: string;
  /** Overloaded: an address after 8994, a bill number after 8999, the error's text when the result is not `00000`. */
  readonly information: string;
}

export const GENERAL_ANSWER = '5001';

const schema = z.object({ OriMsgNo: z.string().regex(/^\d{4}$/), Result: resultCode, Information: optionalText });

/** Reads 5001. Throws `DEPARTMENT_PROTOCOL`. */
export function readGeneralAnswer(voucher: XmlElement): GeneralAnswer {
  const { OriMsgNo, Result, Information } = readVoucher(schema, voucher);
  return { requestNumber: OriMsgNo, result: Result, information: Information };
}
