import { refusal } from './refusal.ts';
import type { Settlement } from './settlement-index.ts';
import { isZip, unzipFirst } from './zip.ts';

/** stmt_rslt and stmt_rslt_dscr (wire spec 3.13). */
export const RESULTS = {
  equal: { code: '0', text: '对平' },
  centreHasMore: { code: '1', text: '中心多' },
  providerHasMore: { code: '2', text: '医药机构多' },
  amountsDiffer: { code: '3', text: '数据不一致' },
} as const;

type Result = (typeof RESULTS)[keyof typeof RESULTS];

/** What both sides count, amounts in fen. */
export interface Totals {
  readonly count: number;
  readonly totalFen: number;
  readonly fundFen: number;
  readonly accountFen: number;
}

/** One row of the provider's file. */
interface UploadedRow {
  readonly settlementId: string;
  readonly visitId: string;
  readonly psnNo: string;
  readonly totalFen: number;
  readonly fundFen: number;
  readonly accountFen: number;
  readonly refundFlag: string;
}

const COLUMNS = 7;

/** The centre's totals. */
export function totalsOf(settlements: readonly Settlement[]): Totals {
  const sum = (amount: (settlement: Settlement) => number) =>
    settlements.reduce((total, settlement) => total + amount(settlement), 0);
  return {
    count: settlements.length,
    totalFen: sum(({ totalFen }) => totalFen),
    fundFen: sum(({ fundTotalFen }) => fundTotalFen),
    accountFen: sum(({ accountFen }) => accountFen),
  };
}

/** Which side has more settlements decides; with as many on both, the amounts do. */
export function compareTotals(provider: Totals, centre: Totals): Result {
  if (centre.count > provider.count) return RESULTS.centreHasMore;
  if (provider.count > centre.count) return RESULTS.providerHasMore;
  const equal =
    provider.totalFen === centre.totalFen &&
    provider.fundFen === centre.fundFen &&
    provider.accountFen === centre.accountFen;
  return equal ? RESULTS.equal : RESULTS.amountsDiffer;
}

/** Reads an uploaded file, a zip or plain text: rows of seven columns between tabs, UTF-8. Throws `Refusal`. */
export function readRows(file: Buffer): readonly UploadedRow[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(isZip(file) ? unzipFirst(file) : file);
  } catch {
    throw refusal('fileMalformed');
  }
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(readRow);
}

/** Row by row: the provider's in their order, then what only the centre has. */
export function compareRows(rows: readonly UploadedRow[], settlements: readonly Settlement[]): string {
  const centre = new Map(settlements.map((settlement) => [settlement.id, settlement]));
  const uploaded = rows.map((row) => {
    const settlement = centre.get(row.settlementId);
    centre.delete(row.settlementId);
    return settlement ? resultRow(settlement, sameRow(row, settlement)) : providerRow(row);
  });
  const missing = [...centre.values()].map((settlement) => resultRow(settlement, RESULTS.centreHasMore));
  return [...uploaded, ...missing].map((columns) => `${columns.join('\t')}\n`).join('');
}

function readRow(line: string): UploadedRow {
  const columns = line.split('\t');
  const [settlementId = '', visitId = '', psnNo = '', total = '', fund = '', account = '', refundFlag = ''] = columns;
  if (columns.length !== COLUMNS || settlementId === '' || !/^[01]?$/.test(refundFlag)) throw refusal('fileMalformed');
  return {
    settlementId,
    visitId,
    psnNo,
    totalFen: readYuan(total),
    fundFen: readYuan(fund),
    accountFen: readYuan(account),
    refundFlag,
  };
}

function sameRow(row: UploadedRow, settlement: Settlement): Result {
  const same =
    row.visitId === settlement.visitId &&
    row.psnNo === settlement.psnNo &&
    row.totalFen === settlement.totalFen &&
    row.fundFen === settlement.fundTotalFen &&
    row.accountFen === settlement.accountFen;
  return same ? RESULTS.equal : RESULTS.amountsDiffer;
}

function resultRow(settlement: Settlement, result: Result): readonly string[] {
  return [
    settlement.psnNo,
    settlement.visitId,
    settlement.id,
    settlement.messageId,
    result.code,
    settlement.refunded ? '1' : '0',
    memoOf(result),
    writeYuan(settlement.totalFen),
    writeYuan(settlement.fundTotalFen),
    writeYuan(settlement.accountFen),
  ];
}

/** The centre knows no such settlement, so it has no msgid and no amounts for it. */
function providerRow(row: UploadedRow): readonly string[] {
  const result = RESULTS.providerHasMore;
  const nothing = writeYuan(0);
  return [
    row.psnNo,
    row.visitId,
    row.settlementId,
    '',
    result.code,
    row.refundFlag,
    memoOf(result),
    nothing,
    nothing,
    nothing,
  ];
}

function memoOf(result: Result): string {
  return result === RESULTS.equal ? '' : result.text;
}

function readYuan(text: string): number {
  const [, whole = '', fraction = ''] = /^(-?\d{1,13})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === '') throw refusal('fileMalformed');
  return Number(whole + fraction.padEnd(2, '0'));
}

function writeYuan(fen: number): string {
  return (fen / 100).toFixed(2);
}
