import { createHash } from 'node:crypto';
import { BOOK_COLUMNS } from '../columns/book.ts';
import { Faults } from './faults.ts';
import { objectOf, readTable } from './table.ts';
import { type Encoding, readTextFile } from './text-file.ts';

export interface BookOptions {
  readonly file: string;
  readonly encoding?: Encoding | undefined;
  readonly ignored: readonly string[];
}

/** A hospital's own book. */
export interface Book {
  /** The digest of its rows: its name at the gateway. */
  readonly name: string;
  readonly encoding: Encoding;
  /** As `HospitalBookRowInput`. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Reads a table of settlements. Throws `ConsoleRefusal` that names each faulty place. */
export function readBook({ file: path, encoding, ignored }: BookOptions): Book {
  const file = readTextFile(path, encoding);
  const faults = new Faults(path);
  const table = readTable(file, { columns: BOOK_COLUMNS, ignored, faults });
  const rows = table.rows.map((row) => {
    const values = objectOf(row.values);
    if (values.settlementId === undefined && values.document === undefined) {
      faults.add(row, {
        en: 'the settlement id or the document is needed',
        zh: '结算ID和单据号不能都为空',
      });
    }
    return { ...values, place: `line ${row.line}` };
  });
  faults.refuse();
  const name = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return { name, encoding: file.encoding, rows };
}
