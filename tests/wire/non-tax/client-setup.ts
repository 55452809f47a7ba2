import { type NonTaxClient, nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { decodeMessage } from '../../../adapters/non-tax/messages/envelope.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { closeLater } from '../closing.ts';
import { district, TOKEN } from './client-district.ts';
import { type Answerer, type TcpFinance, tcpFinance } from './client-loopback.ts';

/** A client over TCP with what stands in for finance; both are closed after the test. */

export interface Setup {
  readonly client: NonTaxClient;
  readonly finance: TcpFinance;
  readonly records: CallRecord[];
}

export async function setup(answer: Answerer, changes: Record<string, unknown> = {}): Promise<Setup> {
  const finance = closeLater(await tcpFinance(answer));
  const records: CallRecord[] = [];
  const client = nonTaxClient(district(finance.url, changes), {
    counter: memoryCounter(),
    observer: (record) => records.push(record),
  });
  closeLater(client);
  return { client, finance, records };
}

export const PAY_CODE = '42120226300000001001';

/** The message id of a request. */
export const messageIdOf = (request: Buffer | undefined) =>
  /<MsgID>(\d+)</.exec(request?.toString('latin1') ?? '')?.[1];

/** The fields of a frame's first voucher. */
export function fieldsOfFrame(frame: Buffer): Record<string, string> {
  const [voucher] = decodeMessage(frame, TOKEN).vouchers;
  return Object.fromEntries(voucher?.children.map(({ name, text }) => [name, text]) ?? []);
}
