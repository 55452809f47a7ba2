import type { Fen } from '../../values/fen.ts';

/** One line of a notice (收费项目, wire spec 3.1, PayInfo). */
export interface PaymentItem {
  /** 全国统一项目识别码, 6 to 12 digits. */
  readonly code: string;
  readonly name: string;
  /** The line's amount, quantity included. */
  readonly amountFen: Fen;
  /** 计量单位: `件`, `月`, `证`. */
  readonly unit: string;
  readonly quantity: number;
}

/** A line of a notice as finance has it. */
export interface RecordedItem extends PaymentItem {
  /** 标准类型: `不限制`. */
  readonly standardType: string | null;
  /** 收缴标准, `low-high` as finance wrote it: `0.0-0.0`. */
  readonly standard: string | null;
}

/**
 * A notice of payment (缴款书) to be opened or voided. The same notice sent twice is one notice: `payCode` is the key (wire spec 3.1),
 * so after an unknown outcome send this very object again and never draw another code first.
 */
export interface PaymentNotice {
  /** 缴款码, 20 digits, drawn with `allotPayCode` and stored by the caller before the notice is sent (wire spec section 5). */
  readonly payCode: string;
  /** Our own number of the business (办件编号), the key of the standard-web dialect (busNo, wire spec section 8). `payCode` when absent. */
  readonly businessNumber?: string;
  /** 填制日期, `yyyy-MM-dd`. */
  readonly billDate: string;
  /** 执收单位编码, one of the units in the settings. */
  readonly unitCode: string;
  readonly payer: {
    readonly name: string;
    readonly phone: string;
    /** ID number of a person or social credit code of an organisation. */
    readonly idNumber?: string;
    readonly account?: string;
    readonly bank?: string;
  };
  /** Lines with amount 0 are left out and equal codes are summed (wire spec 3.1). Their sum is the notice's own amount. */
  readonly items: readonly PaymentItem[];
  /** 滞纳金, on top of the items. None when absent. */
  readonly lateFeeFen?: Fen;
  /** 备注, at most 200 bytes of GB18030. */
  readonly memo?: string;
  /** The unit's operator of the settings when absent. */
  readonly operator?: { readonly code: string; readonly name: string };
}

/** What opening a notice gives. */
export interface OpenedPayment {
  /** The code to pay by: the notice's own, or the one that the department gave (standard-web). */
  readonly payCode: string;
  /** 校验码, needed again to ask for the notice; null where the dialect has none. */
  readonly crcCode: string | null;
  /** The address that the QR code shows, when the department gave one. */
  readonly payUrl: string | null;
  /** The message id of the exchange. */
  readonly reference: string;
}

/** `expired`: unpaid and past its last day; nothing can be paid on it, a new notice is needed (wire spec section 4, 11003). */
export type PaymentState = 'unpaid' | 'paid' | 'void' | 'expired';

/**
 * A notice as finance has it. `null` means that finance did not say: the standard-web dialect tells code, state and channel only
 * (wire spec section 8).
 */
export interface PaymentRecord {
  readonly payCode: string;
  readonly state: PaymentState;
  /** 行政区划, six digits. */
  readonly division: string | null;
  /** `yyyy-MM-dd`. */
  readonly billDate: string | null;
  readonly unitCode: string | null;
  readonly unitName: string | null;
  readonly payerName: string | null;
  /** What is to be paid: the original amount and the late fee. */
  readonly amountFen: Fen | null;
  readonly originalFen: Fen | null;
  readonly lateFeeFen: Fen | null;
  readonly items: readonly RecordedItem[];
  /** 收款人账户: `1` fiscal special account 财政专户, `2` 汇缴专户. */
  readonly payee: { readonly accountType: string; readonly name: string; readonly account: string } | null;
  /** When finance confirmed the payment, `yyyy-MM-ddTHH:mm:ss+08:00`; null until paid. */
  readonly paidAt: string | null;
  /** 收款渠道, the code of wire spec 3.3 as it is; null until paid. */
  readonly channel: string | null;
  /** 交易流水号 of the channel; null until paid. */
  readonly tradeNumber: string | null;
  /** 票据号码, 10 digits, once an e-receipt was issued. */
  readonly receiptNumber: string | null;
}

/** A dynamic QR code (动态二维码, wire spec 3.3). Show it only while the notice is unpaid. */
export interface DynamicQr {
  readonly payCode: string;
  /** Compare with the stored amount before showing the code; null in the standard-web dialect. */
  readonly amountFen: Fen | null;
  /** The address inside the code. */
  readonly url: string;
  /** A PNG picture of the code, when finance draws it. */
  readonly image: Uint8Array | null;
  /** `yyyy-MM-ddTHH:mm:ss+08:00`; null in the standard-web dialect. */
  readonly expiresAt: string | null;
}

/** What finance tells when a notice was paid (缴款成功通知, wire spec 3.5). */
export interface PaidNotice {
  readonly payCode: string;
  /** `yyyy-MM-ddTHH:mm:ss+08:00`. */
  readonly paidAt: string;
  readonly amountFen: Fen;
  /** 收款渠道, the code of wire spec 3.3. */
  readonly channel: string;
  /** 交易流水号. With `payCode` the key under which the notice must be processed once. */
  readonly tradeNumber: string;
  /** 网点 and 经办人, free codes; empty when finance sends none. */
  readonly bankOutlet: string;
  readonly operator: string;
  /** Who really paid; the fields may be empty. */
  readonly payer: {
    readonly name: string;
    readonly account: string;
    readonly bank: string;
    readonly bankNumber: string;
  };
  /** To be checked against the notice. */
  readonly payee: { readonly accountType: string; readonly account: string };
  /** DES of the message: the node that opened the notice, its unit's own. */
  readonly node: string;
  /** Finance's message id. */
  readonly reference: string;
}

/**
 * What the unit makes of a paid notice. It must be stored before it is told (wire spec 3.5), and the same notice again is `accepted`
 * again.
 */
export type PaidNoticeVerdict =
  | 'accepted'
  | 'unknown-pay-code'
  | 'already-paid-by-other-trade'
  | 'account-differs'
  | 'amount-differs'
  /** Not stored now: finance should send it again. */
  | 'not-now';
