import type { NonTaxClient } from '../../adapters/non-tax/client.ts';
import type { FeeRow } from '../../adapters/non-tax/fees.ts';
import type { EReceiptFile, EReceiptKey } from '../../adapters/non-tax/records/e-receipt.ts';
import type { DynamicQr, PaymentRecord } from '../../adapters/non-tax/records/payment.ts';
import type { DailyStatement, StatementResult } from '../../adapters/non-tax/records/reconciliation.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import { callLoader } from '../loader.ts';
import type { RequestScope } from '../subgraph.ts';
import type { PaymentDesk } from './services/payment-desk.ts';

export interface PaymentKey {
  readonly payCode: string;
  /** The notice's check code (校验码), where it has one. */
  readonly crcCode?: string;
}

/** What every request finds the same. */
export interface NontaxSurroundings {
  readonly clock: Clock;
  readonly fees: readonly FeeRow[];
  /** Null where the dialect cannot do what notices of our own need. */
  readonly desk: PaymentDesk | null;
  /** Whether an e-receipt is asked for by its number; else by its notice alone. */
  readonly receiptsByNumber: boolean;
}

/** The loaders of one request. */
export interface NontaxContext extends NontaxSurroundings {
  readonly idempotencyKey: string | undefined;
  payment(key: PaymentKey): Promise<PaymentRecord | null>;
  dynamicQr(key: { payCode: string; channel: string; minutes: number }): Promise<DynamicQr>;
  eReceipt(key: EReceiptKey): Promise<EReceiptFile>;
  reconciled(statement: DailyStatement): Promise<StatementResult>;
}

export function nontaxContext(
  client: NonTaxClient,
  surroundings: NontaxSurroundings,
  { signal, idempotencyKey }: RequestScope,
): NontaxContext {
  const payments = callLoader(({ payCode, crcCode }: PaymentKey) =>
    client.payment(payCode, crcCode === undefined ? {} : { crcCode }, { signal }),
  );
  const codes = callLoader((key: Parameters<NontaxContext['dynamicQr']>[0]) =>
    client.dynamicQr(key.payCode, key.channel, key.minutes, { signal }),
  );
  const receipts = callLoader((key: EReceiptKey) => client.downloadEReceipt(key, { signal }));
  const statements = callLoader((statement: DailyStatement) => client.reconcile(statement, { signal }));
  return {
    ...surroundings,
    idempotencyKey,
    payment: (key) => payments.load(key),
    dynamicQr: (key) => codes.load(key),
    eReceipt: (key) => receipts.load(key),
    reconciled: (statement) => statements.load(statement),
  };
}
