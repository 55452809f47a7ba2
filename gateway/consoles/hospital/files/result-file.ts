import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { notTaken } from '../../command-line/refusals.ts';
import type { PostStatus } from '../operations.ts';

/** The first line: what the lines below belong to. */
export interface FileLine {
  readonly record: 'file';
  readonly file: string;
  readonly sha256: string;
  readonly entries: number;
  readonly operator: string;
  readonly size: number;
  readonly atomic: boolean;
  readonly round: number;
  readonly at: string;
}

/** What became of an entry. */
export interface EntryLine {
  readonly record: 'entry';
  readonly index: number;
  readonly line: number;
  readonly document: string | null;
  readonly version: number;
  readonly status: PostStatus;
  readonly postingId: string | null;
  readonly receipt: string | null;
  readonly code: string | null;
  readonly path: string | null;
  /** In a table: the header over the place. */
  readonly header?: string | undefined;
  readonly message: string | null;
  readonly messageZh: string | null;
}

/** How a posting ended at the platform. */
export interface EndLine {
  readonly record: 'end';
  readonly index: number;
  readonly line: number;
  readonly document: string | null;
  readonly version: number;
  readonly postingId: string;
  readonly state: string;
  readonly settledAt: string | null;
  readonly outcome: unknown;
  readonly failure: unknown;
}

export type ResultLine = FileLine | EntryLine | EndLine;

/** What a result file says; of several lines on one entry the last counts. */
export interface Results {
  readonly file: FileLine;
  readonly entries: Map<number, EntryLine>;
  readonly ends: Map<number, EndLine>;
  /** So many bytes are whole lines; what follows was torn when the command ended. */
  readonly wholeBytes: number;
}

/** Reads a result file; undefined where there is none or its first line was torn. Throws `ConsoleRefusal`. */
export function readResults(path: string): Results | undefined {
  const bytes = readBytes(path);
  const wholeBytes = (bytes?.lastIndexOf(0x0a) ?? -1) + 1;
  if (bytes === undefined || wholeBytes === 0) return undefined;
  const [file, ...rest] = bytes
    .subarray(0, wholeBytes - 1)
    .toString()
    .split('\n')
    .map((line, at) => parseLine(path, line, at + 1));
  if (file?.record !== 'file') throw damaged(path, 1);
  const results: Results = { file, entries: new Map(), ends: new Map(), wholeBytes };
  rest.forEach((line, at) => {
    if (line.record === 'entry') results.entries.set(line.index, line);
    else if (line.record === 'end') results.ends.set(line.index, line);
    else throw damaged(path, at + 2);
  });
  return results;
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw notTaken({ en: `${path}: cannot be read (${code})`, zh: `${path}：无法读取（${code}）` });
  }
}

function parseLine(path: string, text: string, line: number): ResultLine {
  try {
    const value = JSON.parse(text) as ResultLine | null;
    if (value && (value.record === 'file' || (value.record && Number.isInteger(value.index)))) return value;
  } catch {
    // Told below, with its place.
  }
  throw damaged(path, line);
}

function damaged(path: string, line: number) {
  return notTaken({
    en: `${path}:${line}:1: not a line of a result file; --fresh puts the file aside and begins anew`,
    zh: `${path}:${line}:1: 不是结果文件的内容；可用--fresh另存该文件并重新开始`,
  });
}

/** The result file of a run: every line that was added is on disk. */
export class ResultFile {
  readonly results: Results;
  readonly #handle: number;
  #torn = false;

  /** Goes on with a file after its whole lines. */
  static goOn(path: string, results: Results): ResultFile {
    const handle = openSync(path, 'a');
    ftruncateSync(handle, results.wholeBytes);
    return new ResultFile(handle, results);
  }

  static create(path: string, file: FileLine): ResultFile {
    writeFileSync(path, '', { mode: 0o600 });
    const results = { file, entries: new Map(), ends: new Map(), wholeBytes: 0 };
    const created = new ResultFile(openSync(path, 'a'), results);
    created.#append([file]);
    syncFolder(dirname(path));
    return created;
  }

  private constructor(handle: number, results: Results) {
    this.#handle = handle;
    this.results = results;
  }

  addEntries(lines: readonly EntryLine[]): void {
    this.#append(lines);
    for (const line of lines) this.results.entries.set(line.index, line);
  }

  addEnds(lines: readonly EndLine[]): void {
    this.#append(lines);
    for (const line of lines) this.results.ends.set(line.index, line);
  }

  close(): void {
    closeSync(this.#handle);
  }

  #append(lines: readonly ResultLine[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    // After a line that is torn nothing may follow: the next run mends it only at the end.
    if (this.#torn) throw new Error('the result file could not be written before');
    this.#torn = true;
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written);
    fdatasyncSync(this.#handle);
    this.#torn = false;
  }
}

/** Keeps an earlier result file under another name: its receipts are still good. */
export function putAside(path: string): string | undefined {
  const aside = `${path.replace(/\.ndjson$/, '')}.until-${new Date().toISOString().replace(/\D/g, '')}.ndjson`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return aside;
}

/** A new file stands in its folder only when the folder was synced; Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
