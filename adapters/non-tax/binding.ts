import type { CallOptions } from '../transport/call.ts';
import type { BreakerState } from '../transport/circuit-breaker.ts';
import type { Counter } from '../transport/counter.ts';
import type { CallObserver } from '../transport/observe.ts';
import type { Clock } from '../values/china-time.ts';
import type {
  EReceiptDraft,
  EReceiptFile,
  EReceiptKey,
  EReceiptNumberRequest,
  IssuedEReceipt,
} from './records/e-receipt.ts';
import type { DynamicQr, OpenedPayment, PaymentNotice, PaymentRecord } from './records/payment.ts';
import type { DailyStatement, StatementResult } from './records/reconciliation.ts';

/** What a client is given from outside. */
export interface NonTaxServices {
  /** Series `non-tax/pay-code/…` and `non-tax/message-id`. */
  readonly counter: Counter;
  readonly clock?: Clock;
  readonly observer?: CallObserver;
}

/** What helps to find a notice besides its code. */
export interface PaymentLookup {
  /** 校验码 of the notice, when it has one. */
  readonly crcCode?: string;
  /** 执收单位编码: whose node asks. The district's own node when absent. */
  readonly unitCode?: string;
}

/**
 * The district's non-tax revenue system (区非税系统), whatever dialect it speaks. Every method rejects with a `CasegraphError` only;
 * `details.departmentCode` is finance's own code, and `dutiesOf` of `errors.ts` says what it asks of the caller.
 */
export interface NonTaxClient {
  /** Draws a new 缴款码. Store it with the notice before the notice is opened (wire spec section 5). */
  allotPayCode(): Promise<string>;
  /**
   * Opens a notice (开具缴款书, 8994). After `OUTCOME_UNKNOWN` ask with `payment`, then send the very same notice again (wire spec 3.1).
   */
  openPayment(notice: PaymentNotice, options?: CallOptions): Promise<OpenedPayment>;
  /**
   * Voids an unpaid notice (作废, 8994 with state 2): the whole notice again. On any error ask with `payment` and obey its state; a notice
   * that was paid meanwhile stays paid (wire spec 3.4).
   */
  voidPayment(notice: PaymentNotice, options?: CallOptions): Promise<void>;
  /** The notice as finance has it now (缴费状态查询, 8997); null when finance does not know the code. */
  payment(payCode: string, lookup?: PaymentLookup, options?: CallOptions): Promise<PaymentRecord | null>;
  /** A QR code for one channel that ends after 1 to 30 minutes (动态二维码, 8995). */
  dynamicQr(payCode: string, channel: string, minutes: number, options?: CallOptions): Promise<DynamicQr>;
  /** Compares a day's payments, page by page (对账, 8992). Safe to repeat with the same statement number. */
  reconcile(statement: DailyStatement, options?: CallOptions): Promise<StatementResult>;
  /** Takes an e-bill number out of the unit's stock (获取电子票据号码, 8999). Repeating it takes another number. */
  allotEReceiptNumber(request: EReceiptNumberRequest, options?: CallOptions): Promise<string>;
  /** Issues the e-receipt of a paid notice (换开电子票据, 8981). */
  issueEReceipt(draft: EReceiptDraft, options?: CallOptions): Promise<IssuedEReceipt>;
  /** Fetches an issued e-receipt (电子票据下载, 8982). */
  downloadEReceipt(key: EReceiptKey, options?: CallOptions): Promise<EReceiptFile>;
  /** Lets running exchanges end and closes the sockets. */
  close(): Promise<void>;
  readonly breakerState: BreakerState;
}
