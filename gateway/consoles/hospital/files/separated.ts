import { Faults, type Place, placeOf } from './faults.ts';

export type Separator = ',' | '\t' | ';';

export const SEPARATORS: readonly Separator[] = [',', '\t', ';'];

export interface Cell extends Place {
  readonly text: string;
}

/** A row with the places of its cells: a quoted cell may hold line breaks, so that a row may be several lines. */
export interface Row {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/**
 * Reads a table of separated values (RFC 4180): cells may be quoted, a quote inside is doubled. Empty rows and those that begin with
 * `#` outside quotes are left out. Throws `ConsoleRefusal` at a quote that is not closed or that text follows.
 */
export function* readRows(path: string, text: string, separator: Separator): Generator<Row> {
  const plain = new RegExp(`[^${separator}\r\n]*`, 'y');
  let index = 0;
  let line = 1;
  let lineStart = 0;
  let cells: Cell[] = [];
  let isComment = text.startsWith('#');
  while (index < text.length) {
    const place = { line, column: index - lineStart + 1 };
    if (text.charAt(index) === '"' && !isComment) {
      const end = closingQuote(path, text, index, separator);
      const content = text.slice(index + 1, end);
      cells.push({ ...place, text: content.replaceAll('""', '"') });
      for (const { index: at, 0: ending } of content.matchAll(/\r\n|\n|\r/g)) {
        line += 1;
        lineStart = index + 1 + at + ending.length;
      }
      index = end + 1;
    } else {
      plain.lastIndex = index;
      const content = plain.exec(text)?.[0] ?? '';
      cells.push({ ...place, text: content });
      index += content.length;
    }
    const follows = text.charAt(index);
    if (follows === separator) {
      index += 1;
      if (index === text.length) cells.push({ line, column: index - lineStart + 1, text: '' });
    }
    if (follows === separator && index < text.length) continue;
    if (!isComment && cells.some((cell) => cell.text.trim() !== '')) yield { line: cells[0]?.line ?? line, cells };
    if (follows === '\r' && text.charAt(index + 1) === '\n') index += 1;
    index += 1;
    line += 1;
    lineStart = index;
    cells = [];
    isComment = text.charAt(index) === '#';
  }
}

function closingQuote(path: string, text: string, opening: number, separator: Separator): number {
  let end = opening;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) {
      new Faults(path).stop(placeOf(text, opening), {
        en: 'a quote opens here and is not closed',
        zh: '此处引号未闭合',
      });
    }
    if (text.charAt(end + 1) !== '"') break;
    end += 1;
  } while (end < text.length);
  const follows = text.charAt(end + 1);
  if (follows !== '' && follows !== separator && follows !== '\r' && follows !== '\n') {
    new Faults(path).stop(placeOf(text, end + 1), {
      en: 'text follows a closing quote; a quote inside a quoted cell is doubled',
      zh: '引号闭合后还有内容；单元格内的引号应写成两个',
    });
  }
  return end;
}
