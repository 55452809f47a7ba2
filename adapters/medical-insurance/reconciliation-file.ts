import { invalidInput } from '../values/checked.ts';
import { type Fen, fen, fenFromYuan, yuanFromFen } from '../values/fen.ts';
import { protocolFault } from './errors.ts';
import { required } from './messages/input-fields.ts';
import type { ComparedRow, ProviderRow } from './records/reconciliation.ts';

/** The entry that a downloaded archive holds (wire spec 3.13). */
export const RESULT_ENTRY = 'result.txt';

/**
 * The rows of the file that 9101 takes: setl_id, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay, refd_setl_flag, one row
 * a line, UTF-8 (wire spec 3.13). Throws `INVALID_INPUT` for a value that holds a separator.
 */
export function writeRows(rows: readonly ProviderRow[], separator: string): string {
  const cell = (field: string, value: string): string => {
    if (value.includes(separator) || /[\r\n]/.test(value)) throw invalidInput(field, 'must not hold a separator');
    return required(field, value, 30);
  };
  const amount = (field: string, value: number): string => {
    if (!Number.isSafeInteger(value)) throw invalidInput(field, 'must be a whole number of fen');
    return yuanFromFen(fen(value));
  };
  return rows
    .map((row, index) =>
      [
        cell(`rows.${index}.settlementId`, row.settlementId),
        cell(`rows.${index}.visitId`, row.visitId),
        cell(`rows.${index}.personNumber`, row.personNumber),
        amount(`rows.${index}.totalFen`, row.totalFen),
        amount(`rows.${index}.fundTotalFen`, row.fundTotalFen),
        amount(`rows.${index}.accountFen`, row.accountFen),
        row.refunded ? '1' : '0',
      ].join(separator),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * The rows of `result.txt`: psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, refd_setl_flag, memo, then the centre's medfee_sumamt,
 * fund_pay_sumamt, acct_pay (wire spec 3.13). Throws `DEPARTMENT_PROTOCOL` naming line and column.
 */
export function readRows(text: string, separator: string): ComparedRow[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => readRow(line.split(separator), `${RESULT_ENTRY}.${number}`));
}

function readRow(cells: readonly string[], at: string): ComparedRow {
  if (cells.length < 10) throw protocolFault(at, 'has too few columns');
  const [personNumber, visitId, settlementId, messageId, result, refunded, memo, total, fund, account] = cells;
  return {
    personNumber: filled(personNumber, `${at}.psn_no`),
    visitId: filled(visitId, `${at}.mdtrt_id`),
    settlementId: filled(settlementId, `${at}.setl_id`),
    messageId: messageId || null,
    result: filled(result, `${at}.stmt_rslt`),
    refunded: refunded === '1',
    memo: memo || null,
    totalFen: money(total, `${at}.medfee_sumamt`),
    fundTotalFen: money(fund, `${at}.fund_pay_sumamt`),
    accountFen: money(account, `${at}.acct_pay`),
  };
}

function filled(cell: string | undefined, at: string): string {
  if (!cell) throw protocolFault(at, 'is empty');
  return cell;
}

/** The centre's amounts are empty when it has no such settlement. */
function money(cell: string | undefined, at: string): Fen | null {
  if (!cell) return null;
  try {
    return fenFromYuan(cell);
  } catch (error) {
    throw protocolFault(at, 'is not an amount in yuan', { cause: error });
  }
}
