import { createHash } from 'node:crypto';
import { notTaken } from '../../command-line/refusals.ts';
import { columnsByHeader, headerKey } from '../columns/column.ts';
import { FEE_COLUMNS, MATERNITY_COLUMNS } from '../columns/maternity.ts';
import { REFERRAL_COLUMNS } from '../columns/referral.ts';
import type { Entry, Kind } from './entry.ts';
import { Faults } from './faults.ts';
import { readMaternityTable } from './maternity-table.ts';
import { readJsonLines } from './ndjson.ts';
import { readReferralTable } from './referral-table.ts';
import { readHeader } from './table.ts';
import { type Encoding, readTextFile, type TextFile } from './text-file.ts';

export interface EntriesFile {
  readonly entries: readonly Entry[];
  readonly format: 'NDJSON' | 'CSV';
  readonly encoding: Encoding;
  /** Of the bytes of the file, or of both files; lower-case hexadecimal. */
  readonly sha256: string;
}

export interface EntriesOptions {
  readonly file: string;
  /** The file of the fees, where they stand apart. */
  readonly fees?: string | undefined;
  /** As the file tells when absent. */
  readonly encoding?: Encoding | undefined;
  readonly ignored: readonly string[];
}

/** Reads the whole file of a hospital, which may be NDJSON or a table. Throws `ConsoleRefusal` that names each faulty place. */
export function readEntries({ file: path, fees: feesPath, encoding, ignored }: EntriesOptions): EntriesFile {
  const file = readTextFile(path, encoding);
  const fees = feesPath === undefined ? undefined : readTextFile(feesPath, encoding);
  if (isEmpty(file)) throw noEntry(path);
  const format = isJson(file) ? 'NDJSON' : 'CSV';
  const entries = format === 'NDJSON' ? readJson(file, fees) : readTables(file, fees, ignored);
  if (entries.length === 0) throw noEntry(path);
  const sha256 = fees ? createHash('sha256').update(`${file.sha256}${fees.sha256}`).digest('hex') : file.sha256;
  return { entries, format, encoding: file.encoding, sha256 };
}

function noEntry(path: string) {
  return notTaken({ en: `${path}: holds no entry`, zh: `${path}：没有任何条目` });
}

/** Nothing but comments. */
function isEmpty({ text }: TextFile): boolean {
  return /^(?:\s*#[^\r\n]*(?:[\r\n]|$))*\s*$/.test(text);
}

/** By the first line that is not a comment. */
function isJson({ text }: TextFile): boolean {
  return /^(?:\s*#[^\r\n]*[\r\n])*\s*[{[]/.test(text);
}

function readJson(file: TextFile, fees: TextFile | undefined): Entry[] {
  if (fees) {
    throw notTaken({
      en: `--fees belongs to a table; an entry of NDJSON has its fees inside`,
      zh: `--fees只用于表格；NDJSON的费用明细应写在条目内`,
    });
  }
  return readJsonLines(file);
}

function readTables(file: TextFile, fees: TextFile | undefined, ignored: readonly string[]): Entry[] {
  const kind = fees ? 'MATERNITY_SETTLEMENT' : kindOf(file);
  return kind === 'REFERRAL' ? readReferralTable(file, ignored) : readMaternityTable(file, fees, ignored);
}

/** What the columns are about: which of the two has more of its own. */
function kindOf(file: TextFile): Kind {
  const referral = columnsByHeader(REFERRAL_COLUMNS);
  const maternity = columnsByHeader([...MATERNITY_COLUMNS, ...FEE_COLUMNS]);
  const { header } = readHeader(file, [...REFERRAL_COLUMNS, ...MATERNITY_COLUMNS, ...FEE_COLUMNS]);
  const keys = header.cells.map(({ text }) => headerKey(text));
  const ofReferral = keys.filter((key) => referral.has(key) && !maternity.has(key)).length;
  const ofMaternity = keys.filter((key) => maternity.has(key) && !referral.has(key)).length;
  if (ofReferral !== ofMaternity) return ofReferral > ofMaternity ? 'REFERRAL' : 'MATERNITY_SETTLEMENT';
  return new Faults(file.path).stop(header.cells[0] ?? { line: 1, column: 1 }, {
    en: 'the columns are neither those of referrals nor of maternity settlements; `template` shows both',
    zh: '列名既不是转诊备案也不是生育结算；可用template子命令查看两种模板',
  });
}
