import { CellFault, readCell } from '../columns/cells.ts';
import { type Column, columnsByHeader, headerKey } from '../columns/column.ts';
import { Faults, type Place } from './faults.ts';
import { type Row, readRows, SEPARATORS, type Separator } from './separated.ts';
import type { TextFile } from './text-file.ts';

/** A column of a file: what it is and the header it has there. */
interface Heading {
  readonly column: Column;
  readonly header: string;
}

/** A row by its columns; what is empty is absent. */
export interface TableRow extends Place {
  readonly values: ReadonlyMap<Column, unknown>;
  placeOf(column: Column): Place;
}

export interface Table {
  readonly separator: Separator;
  readonly headerOf: ReadonlyMap<Column, string>;
  readonly rows: readonly TableRow[];
}

export interface TableOptions {
  readonly columns: readonly Column[];
  /** Headers that are known to carry nothing for us. */
  readonly ignored: readonly string[];
  readonly faults: Faults;
  /** True where what a row leaves out is told by another one: only what is there is checked. */
  readonly mayLeaveOut?: (column: Column) => boolean;
}

/** The separator of a file and the headers of its first row. Throws `ConsoleRefusal` for a file without rows. */
export function readHeader(file: TextFile, known: readonly Column[]): { separator: Separator; header: Row } {
  const byHeader = columnsByHeader(known);
  const knownIn = (row: Row) => row.cells.filter(({ text }) => byHeader.has(headerKey(text))).length;
  const found = SEPARATORS.flatMap((separator) => {
    const header = firstRow(file, separator);
    return header ? [{ separator, header, known: knownIn(header) }] : [];
  }).sort((left, right) => right.known - left.known)[0];
  if (found && found.known > 0) return found;
  return new Faults(file.path).stop(found?.header.cells[0] ?? { line: 1, column: 1 }, {
    en: 'the first row must name the columns; `template` writes one to start from',
    zh: '首行应为列名；可用template子命令生成模板',
  });
}

function firstRow(file: TextFile, separator: Separator): Row | undefined {
  for (const row of readRows(file.path, file.text, separator)) return row;
  return undefined;
}

/** Reads the rows under the header. What is wrong goes to the faults. */
export function readTable(
  file: TextFile,
  { columns, ignored, faults, mayLeaveOut = () => false }: TableOptions,
): Table {
  const { separator, header } = readHeader(file, columns);
  const headings = readHeadings(header, { columns, ignored, faults, mayLeaveOut });
  faults.refuse();
  const rows: TableRow[] = [];
  let isHeader = true;
  for (const row of readRows(file.path, file.text, separator)) {
    if (isHeader) isHeader = false;
    else rows.push(readRow(row, headings, { faults, mayLeaveOut }));
  }
  const headerOf = new Map(headings.flatMap((heading) => (heading ? [[heading.column, heading.header]] : [])));
  return { separator, headerOf, rows };
}

function readHeadings(
  header: Row,
  { columns, ignored, faults, mayLeaveOut }: Required<TableOptions>,
): (Heading | undefined)[] {
  const byHeader = columnsByHeader(columns);
  const seen = new Set<Column>();
  const ignoredKeys = new Set(ignored.map(headerKey));
  const headings = header.cells.map((cell): Heading | undefined => {
    const text = cell.text.trim();
    const column = byHeader.get(headerKey(text));
    if (text === '' || ignoredKeys.has(headerKey(text))) return undefined;
    if (column === undefined) {
      faults.add(cell, {
        en: `no column is called “${text}”; --ignore “${text}” leaves it out, and \`template\` shows all`,
        zh: `没有名为“${text}”的列；可用--ignore “${text}”忽略，全部列名见template`,
      });
      return undefined;
    }
    if (seen.has(column)) faults.add(cell, { en: `“${text}” is there twice`, zh: `列“${text}”重复` });
    seen.add(column);
    return { column, header: text };
  });
  for (const column of columns) {
    if (!column.needed || seen.has(column) || mayLeaveOut(column)) continue;
    faults.add(
      { line: header.line, column: 1 },
      { en: `the column “${column.en}” (${column.zh}) is missing`, zh: `缺少列“${column.zh}”（${column.en}）` },
    );
  }
  return headings;
}

function readRow(
  { line, cells }: Row,
  headings: readonly (Heading | undefined)[],
  { faults, mayLeaveOut }: Pick<Required<TableOptions>, 'faults' | 'mayLeaveOut'>,
): TableRow {
  const first = cells[0] ?? { line, column: 1 };
  const values = new Map<Column, unknown>();
  const places = new Map<Column, Place>();
  const beyond = cells.slice(headings.length).find(({ text }) => text.trim() !== '');
  if (beyond) {
    faults.add(beyond, {
      en: `the row has more cells than the header, which has ${headings.length}`,
      zh: `该行单元格多于列名数（${headings.length}）`,
    });
  }
  headings.forEach((heading, index) => {
    if (heading === undefined) return;
    const { column, header } = heading;
    const cell = cells[index];
    const text = cell?.text.trim() ?? '';
    const place = cell ?? { line, column: cells.at(-1)?.column ?? 1 };
    places.set(column, place);
    if (text === '') {
      if (column.needed && !mayLeaveOut(column)) faults.add(place, missing(header));
      return;
    }
    try {
      values.set(column, readCell(column.kind, text));
    } catch (error) {
      if (!(error instanceof CellFault)) throw error;
      faults.add(place, { en: `${header}: ${error.text.en}`, zh: `${header}：${error.text.zh}` });
    }
  });
  return { line, column: first.column, values, placeOf: (column) => places.get(column) ?? first };
}

export function missing(header: string) {
  return { en: `${header}: must not be empty`, zh: `${header}：不能为空` };
}

/** Builds the object of members that columns name by their paths. */
export function objectOf(values: Iterable<readonly [Column, unknown]>): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  for (const [{ path }, value] of values) {
    const names = path.split('.');
    const last = names.pop() ?? path;
    let inner = whole;
    for (const name of names) {
      inner[name] ??= {};
      inner = inner[name] as Record<string, unknown>;
    }
    inner[last] = value;
  }
  return whole;
}
