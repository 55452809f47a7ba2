import { afterEach } from 'vitest';
import { type NonTaxClient, nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { decodeMessage } from '../../../adapters/non-tax/messages/envelope.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { district, TOKEN } from './client-district.ts';
import { type Answerer, type Loopback, tcpFinance } from './client-loopback.ts';

/** A client over TCP with what stands in for finance; both are closed after the test. */

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** Has something closed after the test. */
export function closeLater(each: { close(): Promise<void> }): void {
  open.push(each);
}

export interface Setup {
  readonly client: NonTaxClient;
  readonly finance: Loopback;
  readonly records: CallRecord[];
}

export async function setup(answer: Answerer, changes: Record<string, unknown> = {}): Promise<Setup> {
  const finance = await tcpFinance(answer);
  const records: CallRecord[] = [];
  const client = nonTaxClient(district(finance.url, changes), {
    counter: memoryCounter(),
    observer: (record) => records.push(record),
  });
  open.push(finance, client);
  return { client, finance, records };
}

export const PAY_CODE = '42120226300000001001';

/** The message id of a request. */
export const messageIdOf = (request: Buffer | undefined) =>
  /<MsgID>(\d+)</.exec(request?.toString('latin1') ?? '')?.[1];

/** The error of a call that must fail. */
export const failureOf = async (call: Promise<unknown>): Promise<CasegraphError> => {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected') throw new Error('it should have failed');
  return outcome.reason;
};

/** The fields of a frame's first voucher. */
export function fieldsOfFrame(frame: Buffer): Record<string, string> {
  const [voucher] = decodeMessage(frame, TOKEN).vouchers;
  return Object.fromEntries(voucher?.children.map(({ name, text }) => [name, text]) ?? []);
}
