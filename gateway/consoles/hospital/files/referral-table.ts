import { REFERRAL_COLUMNS } from '../columns/referral.ts';
import type { Entry } from './entry.ts';
import { Faults } from './faults.ts';
import { objectOf, readTable } from './table.ts';
import type { TextFile } from './text-file.ts';

const [DOCUMENT, VERSION] = REFERRAL_COLUMNS;

/** Reads a table of referral filings, one a row. Throws `ConsoleRefusal`. */
export function readReferralTable(file: TextFile, ignored: readonly string[]): Entry[] {
  const faults = new Faults(file.path);
  const { rows, headerOf } = readTable(file, { columns: REFERRAL_COLUMNS, ignored, faults });
  faults.refuse();
  const headers = new Map([...headerOf].map(([{ path }, header]) => [path, header]));
  return rows.map(({ line, values }, index) => ({
    index,
    line,
    document: DOCUMENT ? String(values.get(DOCUMENT)) : null,
    version: Number((VERSION && values.get(VERSION)) ?? 1),
    json: JSON.stringify({ kind: 'REFERRAL', ...objectOf(values) }),
    headerOf: (path) => headers.get(path),
  }));
}
