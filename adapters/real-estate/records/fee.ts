import type { Fen } from '../../values/fen.ts';

/** A line of a registration fee (SFXM, wire spec 3.7). */
export interface FeeItem {
  /** SFXMDM 收费项目代码. */
  readonly code: string;
  readonly name: string;
  /** DJ 单价. */
  readonly unitPriceFen: Fen;
  /** SL 数量. */
  readonly quantity: number;
  /** SSJE 实收金额. Lines of 0 are not sent. */
  readonly amountFen: Fen;
}

/** Ties a payment notice of the non-tax system to an accepted application (9800301, wire spec 3.7 step 3). */
export interface FeeLink {
  /** SLBH 受理编号, 12 digits. */
  readonly acceptanceNumber: string;
  /** JFSBM 缴款码, 20 digits. */
  readonly payCode: string;
  /** JFSEWMURL 缴费二维码. */
  readonly qrCodeUrl?: string;
  /** JKMSJ: when the code was made, China time or ISO 8601. */
  readonly codeMadeAt?: string;
  readonly items: readonly FeeItem[];
}

/** Tells that a linked fee was paid, and later its e-receipt (9800302, wire spec 3.7 steps 4 and 5). */
export interface FeePayment {
  readonly acceptanceNumber: string;
  readonly payCode: string;
  /** JKRQ: China time or ISO 8601. */
  readonly paidAt: string;
  /** JYLSH 交易流水号. */
  readonly tradeNumber: string;
  /** HJ 合计. */
  readonly totalFen: Fen;
  /** FPDM, FPH: once the e-receipt (财政电子票据) is there, the same call is made again with it. */
  readonly eReceipt?: { readonly code: string; readonly number: string };
}

/** Where the registry stands with a fee. */
export interface FeeState {
  readonly acceptanceNumber: string;
  readonly payCode: string;
  /** SFZT 收费状态. */
  readonly paid: boolean;
  readonly totalFen: Fen;
}
