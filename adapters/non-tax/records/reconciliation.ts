import type { Fen } from '../../values/fen.ts';

/** One payment as the unit has it (wire spec 3.6, Details). */
export interface StatementEntry {
  readonly payCode: string;
  readonly tradeNumber: string;
  readonly amountFen: Fen;
  /** 收款渠道, the code of wire spec 3.3. */
  readonly channel: string;
  /** `yyyy-MM-dd`. */
  readonly paidOn: string;
  readonly unitCode: string;
}

/** A day's payments to be compared with finance's books (对账). Run after 01:00 for the day before (wire spec 3.6). */
export interface DailyStatement {
  /** `yyyy-MM-dd`. */
  readonly settleDate: string;
  /** 对账流水号, at most 30 characters; the same again when the statement is repeated. */
  readonly statementNumber: string;
  readonly entries: readonly StatementEntry[];
}

/** `15001` the amounts differ, `15002` finance has it and the statement not, `15003` the statement has it and finance not. */
export interface StatementDifference {
  readonly payCode: string;
  readonly code: string;
  readonly amountFen: Fen;
  /** Finance's own words. */
  readonly text: string;
}

export interface StatementResult {
  readonly statementNumber: string;
  /** `yyyy-MM-dd`. */
  readonly settleDate: string;
  readonly matched: number;
  readonly differences: readonly StatementDifference[];
  /** Pages that were sent, 500 entries each. */
  readonly pages: number;
}
