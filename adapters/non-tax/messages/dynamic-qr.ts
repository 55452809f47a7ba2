import { z } from 'zod';
import { invalidInput } from '../../values/checked.ts';
import { protocolFault, SUCCESS } from '../errors.ts';
import type { DynamicQr } from '../records/payment.ts';
import { amount, dateTime, optionalText, readVoucher, resultCode } from './answer-fields.ts';
import { digitsField } from './input-fields.ts';
import { element, type XmlElement } from './xml.ts';

/** 8995 动态二维码获取 (wire spec 3.3). */
export const DYNAMIC_QR = '8995';
export const DYNAMIC_QR_ANSWER = '5995';

/** `channel` is a PayMode code; `minutes` from 1 to 30. */
export function dynamicQrVoucher(payCode: string, channel: string, minutes: number): XmlElement {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 30) throw invalidInput('minutes', '1 to 30 are allowed');
  return element('Voucher', [
    digitsField('PayCode', payCode, [20, 20], 'payCode'),
    digitsField('PayMode', channel, [2, 2], 'channel'),
    element('ExpireMinutes', String(minutes)),
    element('Hold1'),
    element('Hold2'),
  ]);
}

const refusal = z.object({ Result: resultCode });

const schema = z.object({
  PayCode: z.string(),
  Amt: amount,
  QrUrl: z.string().min(1).max(500),
  QrImage: optionalText,
  ExpireTime: dateTime,
});

/** Reads 5995: the code, or the result that refuses it. */
export function readDynamicQr(voucher: XmlElement, payCode: string): DynamicQr | { readonly result: string } {
  const { Result } = readVoucher(refusal, voucher);
  if (Result !== SUCCESS) return { result: Result };
  const fields = readVoucher(schema, voucher);
  if (fields.PayCode !== payCode) throw protocolFault('Voucher.PayCode', 'is another notice');
  return {
    payCode,
    amountFen: fields.Amt,
    url: fields.QrUrl,
    image: picture(fields.QrImage),
    expiresAt: fields.ExpireTime,
  };
}

/** A picture may come with a `data:` prefix before a comma (wire spec 3.3). */
function picture(text: string): Uint8Array | null {
  if (text === '') return null;
  const base64 = text.slice(text.indexOf(',') + 1).replace(/\s+/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw protocolFault('Voucher.QrImage', 'is not Base64');
  }
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
