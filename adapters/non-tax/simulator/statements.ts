/** A reconciliation statement (对账单) as its pages come in (wire spec 3.6). */
export interface Statement {
  /** `yyyyMMdd`. */
  readonly settleDate: string;
  readonly pageCount: number;
  /** By page number: the digest of its details and the answer it got. */
  readonly pages: Map<number, { readonly digest: string; readonly answer: string }>;
  /** PayCode and trade number of every line that was compared. */
  readonly compared: Set<string>;
  /** Over the pages so far. */
  lineCount: number;
  sumFen: number;
  matchCount: number;
  diffCount: number;
}
