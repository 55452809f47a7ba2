import { fen, yuanFromFen } from '../../../../adapters/values/fen.ts';
import { type AccountEntry, SIDES } from './account.ts';
import { KIND_NAMES, type ReconciliationReport, SIDE_NAMES } from './report.ts';

/** Spreadsheets take a file for UTF-8 by it. */
const BYTE_ORDER_MARK = '\u{FEFF}';
/** What a spreadsheet would take for a formula, the full-width forms among them. Amounts may be negative and are none. */
const FORMULA = /^\s*[=+\-@＝＋－＠|]|^[\t\r\n]/;
const AMOUNT = /^-?\d+\.\d{2}$/;
/** A spreadsheet rounds what it takes for a number of so many digits; a tab behind has it taken for text. */
const LONG_NUMBER = /^\d{12,}$/;

/** Sums and differences as CSV (RFC 4180) with Chinese headings, amounts in yuan, for spreadsheets. */
export function csvOf({ reconciliation, totals, differences }: ReconciliationReport): string {
  const { provider, from, to } = reconciliation;
  const rows: readonly (readonly string[])[] = [
    ['定点医药机构编号', provider, '对账期间', from, to],
    ['账目方', '笔数', '医疗费总额', '基金支付总额', '个人账户支付'],
    ...totals.map(({ side, count, totalFen, fundTotalFen, accountFen }) => [
      SIDE_NAMES[side],
      String(count),
      ...[totalFen, fundTotalFen, accountFen].map(yuan),
    ]),
    [
      '差异类型',
      '差异方',
      '结算ID',
      '单据号',
      '就诊ID',
      ...SIDES.flatMap((side) =>
        ['日期', '医疗费总额', '基金支付总额', '个人账户支付'].map((name) => `${SIDE_NAMES[side]}${name}`),
      ),
      '医院文件位置',
      '可能原因',
      '处理建议',
    ],
    ...differences.map(({ difference, explanation }) => [
      KIND_NAMES[difference.kind],
      difference.sides.map((side) => SIDE_NAMES[side]).join('、'),
      difference.settlementId ?? '',
      difference.document ?? '',
      difference.visitId ?? '',
      ...SIDES.flatMap((side) => cellsOf(difference.entries[side])),
      difference.entries.hospital?.place ?? '',
      explanation.cause.zh,
      explanation.advice.zh,
    ]),
  ];
  return BYTE_ORDER_MARK + rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function cellsOf(entry: AccountEntry | null): readonly string[] {
  if (!entry) return ['', '', '', ''];
  return [entry.day ?? '', ...[entry.totalFen, entry.fundTotalFen, entry.accountFen].map(yuan)];
}

function yuan(amount: number): string {
  return yuanFromFen(fen(amount));
}

function cell(text: string): string {
  const isFormula = FORMULA.test(text) && !AMOUNT.test(text);
  const shown = isFormula ? `'${text}` : LONG_NUMBER.test(text) ? `${text}\t` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
