import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { notTaken } from '../../command-line/refusals.ts';
import { Faults, placeOf } from './faults.ts';

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

/** A file whose bytes were read as text. */
export interface TextFile {
  readonly path: string;
  readonly encoding: Encoding;
  readonly text: string;
  /** Of its bytes, lower-case hexadecimal. */
  readonly sha256: string;
}

/** It is held in memory as a whole. */
const LARGEST = 256 * 1_048_576;

/** Of the characters beyond ASCII, so many may be broken for the file to be UTF-8 with broken places rather than GB18030. */
const BROKEN_SHARE = 0.1;

const MARKS: readonly { readonly encoding: Encoding; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * Reads a text file and tells its encoding: by its byte order mark, else UTF-8 where all of it is, else GB18030. Throws
 * `ConsoleRefusal`, which names the first place that cannot be read.
 */
export function readTextFile(path: string, told?: Encoding): TextFile {
  const bytes = readBytes(path);
  const encoding = told ?? encodingOf(bytes);
  const text = decode(path, bytes, encoding);
  const lost = text.search(/[\0\ufffd]/);
  if (lost >= 0) {
    new Faults(path).stop(placeOf(text, lost), {
      en: 'a character was lost here when the file was made (U+FFFD or NUL): export it again',
      zh: '此处字符在生成文件时已损坏（U+FFFD或NUL），请重新导出',
    });
  }
  return { path, encoding, text, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function readBytes(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > LARGEST) {
      throw notTaken({
        en: `${path}: larger than ${LARGEST / 1_048_576} MiB: divide it`,
        zh: `${path}：超过${LARGEST / 1_048_576}MiB，请拆分`,
      });
    }
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw notTaken({ en: `${path}: cannot be read (${code})`, zh: `${path}：无法读取（${code}）` });
  }
}

function encodingOf(bytes: Buffer): Encoding {
  const marked = MARKS.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte));
  if (marked) return marked.encoding;
  let beyond = 0;
  let broken = 0;
  for (const character of new TextDecoder('utf-8').decode(bytes)) {
    if (character > '\x7f') beyond += 1;
    if (character === '\ufffd') broken += 1;
  }
  return broken <= beyond * BROKEN_SHARE ? 'utf-8' : 'gb18030';
}

function decode(path: string, bytes: Buffer, encoding: Encoding): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = new TextDecoder(encoding).decode(bytes);
    return new Faults(path).stop(placeOf(text, Math.max(0, text.indexOf('\ufffd'))), {
      en: `is not ${encoding.toUpperCase()} here; UTF-8 and GB18030 are taken (--encoding tells which)`,
      zh: `此处不是有效的${encoding.toUpperCase()}编码；支持UTF-8和GB18030（可用--encoding指定）`,
    });
  }
}
