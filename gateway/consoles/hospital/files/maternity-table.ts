import { type Column, DOCUMENT_COLUMNS } from '../columns/column.ts';
import { FEE_COLUMNS, FEE_KEY_COLUMNS, MATERNITY_COLUMNS } from '../columns/maternity.ts';
import { type Entry, LARGEST_ENTRY } from './entry.ts';
import { Faults } from './faults.ts';
import { missing, objectOf, readTable, type TableRow } from './table.ts';
import type { TextFile } from './text-file.ts';

/** A settlement while its rows are being gathered. */
interface Gathered {
  readonly row: TableRow;
  readonly values: Map<Column, unknown>;
  readonly fees: Record<string, unknown>[];
}

const [DOCUMENT, VERSION] = DOCUMENT_COLUMNS as readonly [Column, Column];
const FEE = new Set(FEE_COLUMNS);

/**
 * Reads a table of maternity settlements: a row for each fee, which repeats the settlement's own cells or leaves them empty, or with
 * a file of fees beside it a row for each settlement there and for each fee here. Throws `ConsoleRefusal`.
 */
export function readMaternityTable(file: TextFile, fees: TextFile | undefined, ignored: readonly string[]): Entry[] {
  return fees ? fromTwoFiles(file, fees, ignored) : fromOneFile(file, ignored);
}

function fromOneFile(file: TextFile, ignored: readonly string[]): Entry[] {
  const faults = new Faults(file.path);
  const columns = [...MATERNITY_COLUMNS, ...FEE_COLUMNS];
  const { rows, headerOf } = readTable(file, {
    columns,
    ignored,
    faults,
    // Told by the settlement's first row; its presence there is checked below.
    mayLeaveOut: (column) => column !== DOCUMENT && !FEE.has(column),
  });
  const gathered = new Map<string, Gathered>();
  for (const row of rows) {
    const key = keyOf(row);
    const settlement = gathered.get(key) ?? { row, values: new Map<Column, unknown>(), fees: [] };
    gathered.set(key, settlement);
    for (const column of MATERNITY_COLUMNS) agree(settlement, row, column, faults, headerOf);
    settlement.fees.push(feeOf(row));
  }
  for (const { row, values } of gathered.values()) {
    for (const column of MATERNITY_COLUMNS) {
      if (column.needed && !values.has(column))
        faults.add(row.placeOf(column), missing(headerOf.get(column) ?? `${column.en} (${column.zh})`));
    }
  }
  return entriesOf(gathered, faults, headerOf);
}

/** A cell of the settlement is told once or repeated the same. */
function agree(
  { values, row: first }: Gathered,
  row: TableRow,
  column: Column,
  faults: Faults,
  headerOf: ReadonlyMap<Column, string>,
): void {
  const value = row.values.get(column);
  if (value === undefined) return;
  if (!values.has(column)) {
    values.set(column, value);
    return;
  }
  if (JSON.stringify(values.get(column)) === JSON.stringify(value)) return;
  const header = headerOf.get(column) ?? column.en;
  faults.add(row.placeOf(column), {
    en: `${header}: differs from line ${first.line}, which is the same document`,
    zh: `${header}：与同一单据的第${first.line}行不一致`,
  });
}

function fromTwoFiles(file: TextFile, fees: TextFile, ignored: readonly string[]): Entry[] {
  const faults = new Faults(file.path);
  const { rows, headerOf } = readTable(file, { columns: MATERNITY_COLUMNS, ignored, faults });
  const gathered = new Map<string, Gathered>();
  for (const row of rows) {
    const known = gathered.get(keyOf(row));
    if (known) {
      faults.add(row, {
        en: `the same document as line ${known.row.line}`,
        zh: `与第${known.row.line}行单据重复`,
      });
    } else gathered.set(keyOf(row), { row, values: new Map(row.values), fees: [] });
  }
  faults.refuse();

  const feeFaults = new Faults(fees.path);
  const table = readTable(fees, { columns: [...FEE_KEY_COLUMNS, ...FEE_COLUMNS], ignored, faults: feeFaults });
  for (const row of table.rows) {
    const settlement = gathered.get(keyOf(row));
    if (settlement) settlement.fees.push(feeOf(row));
    else feeFaults.add(row, { en: `its document is not in ${file.path}`, zh: `其单据不在${file.path}中` });
  }
  feeFaults.refuse();
  for (const { row, fees: own } of gathered.values()) {
    if (own.length === 0) faults.add(row, { en: `has no fee in ${fees.path}`, zh: `在${fees.path}中没有费用明细` });
  }
  return entriesOf(gathered, faults, new Map([...headerOf, ...table.headerOf]));
}

function keyOf({ values }: TableRow): string {
  return JSON.stringify([values.get(DOCUMENT), values.get(VERSION) ?? 1]);
}

function feeOf({ values }: TableRow): Record<string, unknown> {
  return objectOf([...values].filter(([column]) => FEE.has(column)));
}

function entriesOf(
  gathered: ReadonlyMap<string, Gathered>,
  faults: Faults,
  headerOf: ReadonlyMap<Column, string>,
): Entry[] {
  const headers = new Map(
    [...headerOf].map(([column, header]) => [FEE.has(column) ? `fees.${column.path}` : column.path, header]),
  );
  const entries = [...gathered.values()].map(({ row, values, fees }, index) => {
    const json = JSON.stringify({ kind: 'MATERNITY_SETTLEMENT', ...objectOf(values), fees });
    if (Buffer.byteLength(json) > LARGEST_ENTRY)
      faults.add(row, { en: 'larger than 1,000,000 bytes with its fees', zh: '连同费用明细超过1000000字节' });
    return {
      index,
      line: row.line,
      document: String(values.get(DOCUMENT)),
      version: Number(values.get(VERSION) ?? 1),
      json,
      headerOf: (path: string) => headers.get(path.replace(/^fees[.[]\d+\]?\./, 'fees.')),
    };
  });
  faults.refuse();
  return entries;
}
