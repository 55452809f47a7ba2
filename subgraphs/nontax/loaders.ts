import type { NonTaxClient } from '../../adapters/non-tax/client.ts';
import type { EReceiptFile } from '../../adapters/non-tax/records/e-receipt.ts';
import type { DynamicQr, PaymentRecord } from '../../adapters/non-tax/records/payment.ts';
import { callLoader } from '../loader.ts';
import type { RequestScope } from '../subgraph.ts';

export interface PaymentKey {
  readonly payCode: string;
  /** The notice's check code (校验码), where it has one. */
  readonly crcCode?: string;
}

/** The loaders of one request. */
export interface NontaxContext {
  payment(key: PaymentKey): Promise<PaymentRecord | null>;
  dynamicQr(key: { payCode: string; channel: string; minutes: number }): Promise<DynamicQr>;
  eReceipt(key: { payCode: string; number: string; unitCode?: string; issuedOn?: string }): Promise<EReceiptFile>;
}

export function nontaxContext(client: NonTaxClient, { signal }: RequestScope): NontaxContext {
  const payments = callLoader(({ payCode, crcCode }: PaymentKey) =>
    client.payment(payCode, crcCode === undefined ? {} : { crcCode }, { signal }),
  );
  const codes = callLoader((key: Parameters<NontaxContext['dynamicQr']>[0]) =>
    client.dynamicQr(key.payCode, key.channel, key.minutes, { signal }),
  );
  const receipts = callLoader((key: Parameters<NontaxContext['eReceipt']>[0]) =>
    client.downloadEReceipt(key, { signal }),
  );
  return {
    payment: (key) => payments.load(key),
    dynamicQr: (key) => codes.load(key),
    eReceipt: (key) => receipts.load(key),
  };
}
