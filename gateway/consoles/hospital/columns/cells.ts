import { isCalendarDate } from '../../../../adapters/values/china-time.ts';
import { fenFromYuan } from '../../../../adapters/values/fen.ts';
import type { Bilingual } from '../../command-line/language.ts';

/** What a cell holds. */
export type CellKind =
  | 'text'
  /** Text of digits that a spreadsheet spoils when it takes it for a number. */
  | 'number-text'
  | 'day'
  /** A day, or a moment of which the day counts. */
  | 'day-of-moment'
  | 'moment'
  | 'whole'
  | 'yuan'
  | 'decimal'
  | 'yes-no'
  /** Codes with their names: `O34.201 瘢痕子宫|O14.900 子痫前期`. */
  | 'codes';

/** A cell that is not of its kind. */
export class CellFault extends Error {
  override readonly name = 'CellFault';
  readonly text: Bilingual;

  constructor(text: Bilingual) {
    super(text.en);
    this.text = text;
  }
}

/** Reads a cell that is not empty as the value that an entry carries. Throws `CellFault`, which does not repeat the cell. */
export function readCell(kind: CellKind, cell: string): unknown {
  switch (kind) {
    case 'text':
      return cell;
    case 'number-text':
      return readNumberText(cell);
    case 'day':
      return readDay(cell.normalize('NFKC'));
    case 'day-of-moment':
      return readDay(cell.normalize('NFKC').replace(/[T\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/, ''));
    case 'moment':
      return readMoment(cell.normalize('NFKC'));
    case 'whole':
      return readWhole(cell.normalize('NFKC'));
    case 'yuan':
      return readYuan(cell.normalize('NFKC'));
    case 'decimal':
      return readDecimal(cell.normalize('NFKC'));
    case 'yes-no':
      return readYesNo(cell.normalize('NFKC').toLowerCase());
    case 'codes':
      return readCodes(cell);
  }
}

function readNumberText(cell: string): string {
  // A spreadsheet writes ="421…" for text that must stay text.
  const text = /^="(.*)"$/.exec(cell)?.[1] ?? cell;
  if (/^\d(\.\d+)?E\+?\d+$/i.test(text)) {
    throw new CellFault({
      en: 'the spreadsheet has rounded this number: format the column as text and enter it again',
      zh: '该号码已被电子表格按数值舍入，请将此列设为文本格式后重新填写',
    });
  }
  return text;
}

function readDay(cell: string): string {
  const match =
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(cell) ??
    /^(\d{4})(年)(\d{1,2})月(\d{1,2})日$/.exec(cell) ??
    /^(\d{4})()(\d{2})(\d{2})$/.exec(cell);
  const [, year = '', , month = '', day = ''] = match ?? [];
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (isCalendarDate(text)) return text;
  throw new CellFault({
    en: 'must be a day of the calendar, 2026-11-24 or 2026/11/24',
    zh: '应为日历上的日期，如2026-11-24或2026/11/24',
  });
}

/** China time, where no offset is told. */
function readMoment(cell: string): string {
  const compact = /^(\d{8})(\d{2})(\d{2})(\d{2})$/.exec(cell);
  const [, day = '', hour = '', minute = '', second = '00', offset = '+08:00'] =
    compact ?? /^([^T\s]+)[T\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(cell) ?? [];
  const text = `${hour.padStart(2, '0')}:${minute}:${second}`;
  if (!/^(?:[01]\d|2[0-3])(?::[0-5]\d){2}$/.test(text)) {
    throw new CellFault({
      en: 'must be a day and a time, 2026-11-24 08:30 or 2026-11-24 08:30:00',
      zh: '应为日期和时间，如2026-11-24 08:30或2026-11-24 08:30:00',
    });
  }
  return `${readDay(day)}T${text}${offset}`;
}

function readWhole(cell: string): number {
  if (/^\d{1,9}$/.test(cell)) return Number(cell);
  throw new CellFault({ en: 'must be a whole number', zh: '应为整数' });
}

/** As fen. */
function readYuan(cell: string): number {
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(cell) ? cell.replaceAll(',', '') : cell;
  try {
    return fenFromYuan(plain);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CellFault({
      en: 'must be an amount in yuan with two decimals at most, 1234.50',
      zh: '应为以元为单位、最多两位小数的金额，如1234.50',
    });
  }
}

function readDecimal(cell: string): string {
  if (/^-?\d{1,12}(\.\d{1,6})?$/.test(cell)) return cell;
  throw new CellFault({ en: 'must be a decimal number', zh: '应为十进制数' });
}

function readYesNo(cell: string): boolean {
  if (['是', '1', 'true', 'yes', 'y'].includes(cell)) return true;
  if (['否', '0', 'false', 'no', 'n'].includes(cell)) return false;
  throw new CellFault({ en: 'must be yes or no', zh: '应填是或否' });
}

function readCodes(cell: string): unknown {
  return cell.split(/[|｜]/).map((part) => {
    const match = /^(\S+)\s+(\S.*)$/.exec(part.trim());
    if (match) return { code: match[1], name: match[2] };
    throw new CellFault({
      en: 'must be codes with their names, divided by |: “O34.201 name|O14.900 name”',
      zh: '应为“代码 名称”，多项以|分隔，如“O34.201 瘢痕子宫|O14.900 子痫前期”',
    });
  });
}
