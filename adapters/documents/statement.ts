import { setImmediate as othersTurn } from 'node:timers/promises';
import { type PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib';
import { type ChineseFont, chineseFontOnce } from './chinese-font.ts';
import { wrappedText } from './wrapped-text.ts';

/** Points; A4 across. */
const PAGE = { width: 841.89, height: 595.28 };
const MARGIN = 40;
const PADDING = 4;
const TITLE = { size: 18, leading: 26 };
const BODY = { size: 10, leading: 14 };
const CELL = { size: 8, leading: 10.5 };
/** What stays free below for the number of the page. */
const FOOT = 50;

const GREY = rgb(0.55, 0.55, 0.55);
const SHADE = rgb(0.93, 0.94, 0.95);

/** A table of a statement. */
export interface StatementTable {
  readonly title: string;
  /** Headings and how wide each column is, in parts of the whole. */
  readonly columns: readonly { readonly name: string; readonly share: number; readonly right?: boolean }[];
  /** A line feed in a cell begins a new line there. */
  readonly rows: readonly (readonly string[])[];
}

/** A statement of account (对账单): some lines, tables, and places to sign. */
export interface Statement {
  readonly title: string;
  /** Lines below the title. */
  readonly lines: readonly string[];
  readonly tables: readonly StatementTable[];
  /** Who signs: a place for each stands at the end. */
  readonly signatures: readonly string[];
  /** Milliseconds since 1970; the document's own date. */
  readonly madeAt: number;
}

/** Prints statements. The font is read with the first one and kept. */
export class StatementPrinter {
  readonly #font = chineseFontOnce();

  /** A statement as a PDF, with its pages numbered and the headings of a table on each of them. Equal statements give equal bytes. */
  async print(statement: Statement): Promise<Uint8Array> {
    const [{ PDFDocument }, font] = await Promise.all([import('pdf-lib'), this.#font()]);
    const document = await PDFDocument.create({ updateMetadata: false });
    const pages = new Pages(document, await font.embedIn(document), font);
    pages.title(statement.title);
    for (const line of statement.lines) pages.line(line);
    for (const table of statement.tables) await pages.table(table);
    pages.signatures(statement.signatures);
    pages.number();
    document.setTitle(statement.title, { showInWindowTitleBar: true });
    document.setCreator('Casegraph');
    document.setLanguage('zh-CN');
    document.setCreationDate(new Date(statement.madeAt));
    document.setModificationDate(new Date(statement.madeAt));
    return document.save();
  }
}

type Setting = typeof BODY;

/** A column as it lies on the page. */
interface Laid {
  readonly width: number;
  readonly right: boolean;
}

/** The lines of a cell. */
type Cell = readonly string[];

/** Draws from the top of a page downwards, and goes on with the next. */
class Pages {
  readonly #document: PDFDocument;
  readonly #embedded: PDFFont;
  readonly #font: ChineseFont;
  readonly #advances = new Map<string, number>();
  #page: PDFPage;
  #top = PAGE.height - MARGIN;

  constructor(document: PDFDocument, embedded: PDFFont, font: ChineseFont) {
    this.#document = document;
    this.#embedded = embedded;
    this.#font = font;
    this.#page = document.addPage([PAGE.width, PAGE.height]);
  }

  title(text: string): void {
    const shown = this.#font.drawable(text).text;
    const x = (PAGE.width - this.#embedded.widthOfTextAtSize(shown, TITLE.size)) / 2;
    this.#page.drawText(shown, { x, y: this.#top - TITLE.size, font: this.#embedded, size: TITLE.size });
    this.#top -= TITLE.leading + PADDING;
  }

  line(text: string): void {
    const lines = this.#wrapped(text, PAGE.width - 2 * MARGIN, BODY);
    this.#room(lines.length * BODY.leading);
    this.#draw(lines, MARGIN, BODY);
    this.#top -= lines.length * BODY.leading;
  }

  /** Others have their turn between the rows: a statement of thirty pages takes a second. */
  async table({ title, columns, rows }: StatementTable): Promise<void> {
    this.#top -= 2 * PADDING;
    this.#room(BODY.leading + 4 * CELL.leading);
    this.line(title);
    this.#top -= PADDING;
    const whole = columns.reduce((sum, { share }) => sum + share, 0);
    const laid = columns.map(({ share, right = false }) => ({
      width: ((PAGE.width - 2 * MARGIN) * share) / whole,
      right,
    }));
    const head = this.#cells(
      columns.map(({ name }) => name),
      laid,
    );
    this.#row(head, laid, true);
    for (const row of rows) {
      await othersTurn();
      const cells = this.#cells(row, laid);
      if (this.#top - heightOf(cells) < FOOT) {
        this.#nextPage();
        this.#row(head, laid, true);
      }
      this.#row(cells, laid, false);
    }
  }

  signatures(names: readonly string[]): void {
    this.#room(6 * BODY.leading);
    this.#top -= 2 * BODY.leading;
    const width = (PAGE.width - 2 * MARGIN) / Math.max(1, names.length);
    names.forEach((name, index) => {
      this.#draw([`${name}：`, '', '日期：      年    月    日'], MARGIN + index * width, BODY);
    });
    this.#top -= 3 * BODY.leading;
  }

  /** Writes the number of each page at its foot. */
  number(): void {
    const pages = this.#document.getPages();
    pages.forEach((page, index) => {
      const text = `第${index + 1}页，共${pages.length}页`;
      const x = PAGE.width - MARGIN - this.#embedded.widthOfTextAtSize(text, CELL.size);
      page.drawText(text, { x, y: FOOT / 2, font: this.#embedded, size: CELL.size });
    });
  }

  #cells(row: readonly string[], columns: readonly Laid[]): readonly Cell[] {
    return columns.map(({ width }, index) => this.#wrapped(row[index] ?? '', width - 2 * PADDING, CELL));
  }

  #row(cells: readonly Cell[], columns: readonly Laid[], head: boolean): void {
    const height = heightOf(cells);
    if (head) {
      const width = PAGE.width - 2 * MARGIN;
      this.#page.drawRectangle({ x: MARGIN, y: this.#top - height, width, height, color: SHADE });
    }
    let x = MARGIN;
    columns.forEach(({ width, right }, index) => {
      this.#draw(cells[index] ?? [], x + PADDING, CELL, right ? width - 2 * PADDING : undefined);
      x += width;
    });
    this.#top -= height;
    const ends = { start: { x: MARGIN, y: this.#top }, end: { x: PAGE.width - MARGIN, y: this.#top } };
    this.#page.drawLine({ ...ends, thickness: 0.5, color: GREY });
  }

  #wrapped(text: string, width: number, { size }: Setting): Cell {
    const font = { widthOfTextAtSize: (grapheme: string) => this.#advance(grapheme) * size };
    return text.split('\n').flatMap((line) => wrappedText(this.#font.drawable(line).text, font, size, width));
  }

  /** How wide a character is at size 1; each is measured once. */
  #advance(grapheme: string): number {
    const known = this.#advances.get(grapheme) ?? this.#embedded.widthOfTextAtSize(grapheme, 1);
    this.#advances.set(grapheme, known);
    return known;
  }

  /** Draws lines below the current top; at the right end of a width where one is given. */
  #draw(lines: readonly string[], x: number, { size, leading }: Setting, rightIn?: number): void {
    lines.forEach((line, index) => {
      const left = rightIn === undefined ? x : x + rightIn - this.#embedded.widthOfTextAtSize(line, size);
      const y = this.#top - PADDING - size - index * leading;
      this.#page.drawText(line, { x: left, y, font: this.#embedded, size });
    });
  }

  #room(height: number): void {
    if (this.#top - height < FOOT) this.#nextPage();
  }

  #nextPage(): void {
    this.#page = this.#document.addPage([PAGE.width, PAGE.height]);
    this.#top = PAGE.height - MARGIN;
  }
}

function heightOf(cells: readonly Cell[]): number {
  return Math.max(1, ...cells.map(({ length }) => length)) * CELL.leading + 2 * PADDING;
}
