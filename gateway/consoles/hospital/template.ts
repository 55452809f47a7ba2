import { writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import type { Language } from '../command-line/language.ts';
import { EXIT, notTaken } from '../command-line/refusals.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { BOOK_COLUMNS } from './columns/book.ts';
import { readCell } from './columns/cells.ts';
import type { Column } from './columns/column.ts';
import { FEE_COLUMNS, FEE_KEY_COLUMNS, MATERNITY_COLUMNS } from './columns/maternity.ts';
import { REFERRAL_COLUMNS } from './columns/referral.ts';
import { objectOf } from './files/table.ts';

export interface TemplateOptions {
  readonly kind: 'referral' | 'maternity' | 'book';
  readonly format: 'csv' | 'ndjson';
  /** Of maternity: the table of the fees alone, for `--fees`. */
  readonly fees: boolean;
  readonly encoding: 'utf-8' | 'gb18030';
  readonly out?: string | undefined;
}

/** Writes a template: the headers and a row, or a line, that is a comment, of a person who is invented. Never over a file. */
export function template(options: TemplateOptions, terminal: Terminal): number {
  const text = options.format === 'csv' ? csvOf(columnsOf(options), terminal.language) : ndjsonOf(options.kind);
  if (options.out === undefined) {
    terminal.result(text.trimEnd());
    return EXIT.done;
  }
  // A spreadsheet knows UTF-8 by its mark.
  const mark = options.format === 'csv' && options.encoding === 'utf-8' ? '\ufeff' : '';
  try {
    writeFileSync(options.out, iconv.encode(mark + text, options.encoding), { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw notTaken({
      en: `${options.out}: cannot be written (${code})`,
      zh: `${options.out}：无法写入（${code}）`,
    });
  }
  terminal.note({ en: `Written: ${options.out}`, zh: `已生成：${options.out}` });
  return EXIT.done;
}

function columnsOf({ kind, fees }: TemplateOptions): readonly Column[] {
  if (kind === 'book') return BOOK_COLUMNS;
  if (kind === 'referral') return REFERRAL_COLUMNS;
  return fees ? [...FEE_KEY_COLUMNS, ...FEE_COLUMNS] : [...MATERNITY_COLUMNS, ...FEE_COLUMNS];
}

function csvOf(columns: readonly Column[], language: Language): string {
  const header = columns.map((column) => column[language]).join(',');
  const example = columns.map((column) => column.example).join(',');
  return `${header}\r\n#${example}\r\n`;
}

function ndjsonOf(kind: TemplateOptions['kind']): string {
  const entry =
    kind === 'referral'
      ? { kind: 'REFERRAL', ...exampleOf(REFERRAL_COLUMNS) }
      : { kind: 'MATERNITY_SETTLEMENT', ...exampleOf(MATERNITY_COLUMNS), fees: [exampleOf(FEE_COLUMNS)] };
  return `# ${JSON.stringify(entry)}\n`;
}

function exampleOf(columns: readonly Column[]): Record<string, unknown> {
  return objectOf(
    columns.flatMap((column) =>
      column.example === '' ? [] : [[column, readCell(column.kind, column.example)] as const],
    ),
  );
}
