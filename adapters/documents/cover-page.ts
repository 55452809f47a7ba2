import { type PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib';
import { type ChineseFont, MISSING } from './chinese-font.ts';
import type { QrCode } from './qr-code.ts';
import { wrappedText } from './wrapped-text.ts';

/** Points; A4 upright. */
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 60;
const LABEL_WIDTH = 110;
const PADDING = 7;
const CODE_WIDTH = 130;
const BODY = { size: 11, leading: 16 };
const SMALL = { size: 9, leading: 13 };

const BLACK = rgb(0, 0, 0);
const GREY = rgb(0.55, 0.55, 0.55);

const HOW_TO_CHECK =
  '核验方法：用手机扫描左侧二维码，或在浏览器中打开“核验地址”。页面所示的证明编号、出具日期和文件摘要与本封面一致，且所附证明文件的SHA-256摘要与之相同的，为真实且未经改动的证明。';
const NO_PROOF_ITSELF = '本封面不是证明本身，不能代替登记机构出具的证明文件。';

/** So many missing characters fit on the page, whatever else stands there. */
const MOST_NAMED = 30;

export interface CoverPage {
  readonly title: string;
  /** Labels with what stands beside them, from top to bottom. */
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly code: QrCode;
  /** Name of the file in the document that holds its texts exactly. */
  readonly attachment: string;
}

/** Draws the page. Gives the characters of its rows that the font lacks; a note below tells of them. */
export function drawCoverPage(
  document: PDFDocument,
  embedded: PDFFont,
  font: ChineseFont,
  { title, rows, code, attachment }: CoverPage,
): readonly string[] {
  const pen = new Pen(document.addPage([PAGE.width, PAGE.height]), embedded);
  pen.title(title);
  const missing: (readonly [label: string, character: string])[] = [];
  for (const [label, value] of rows) {
    const drawable = font.drawable(value);
    missing.push(...drawable.missing.map((character) => [label, character] as const));
    pen.row(label, drawable.text);
  }
  pen.codeWithWords(code, HOW_TO_CHECK);
  pen.paragraph(NO_PROOF_ITSELF);
  if (missing.length > 0) pen.paragraph(missingNote(missing, attachment));
  return [...new Set(missing.map(([, character]) => character))];
}

/** By code points, since the characters themselves cannot be drawn. */
function missingNote(missing: readonly (readonly [label: string, character: string])[], attachment: string): string {
  const byLabel = Map.groupBy(missing.slice(0, MOST_NAMED), ([label]) => label);
  const named = [...byLabel].map(
    ([label, characters]) => `${label} ${characters.map(([, character]) => codePoint(character)).join('、')}`,
  );
  const more = missing.length > MOST_NAMED ? ` 等${missing.length}个` : '';
  return `说明：字库中没有下列字符，上文以“${MISSING}”代替，准确文字见本文件的附件 ${attachment}。${named.join('；')}${more}`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Draws from the top of a page downwards. */
class Pen {
  readonly #page: PDFPage;
  readonly #font: PDFFont;
  #top = PAGE.height - 100;

  constructor(page: PDFPage, font: PDFFont) {
    this.#page = page;
    this.#font = font;
  }

  title(text: string): void {
    const size = 20;
    const x = (PAGE.width - this.#font.widthOfTextAtSize(text, size)) / 2;
    this.#page.drawText(text, { x, y: this.#top, font: this.#font, size });
    this.#top -= 34;
    this.#rule();
  }

  /** A label and its value, ruled off below. */
  row(label: string, value: string): void {
    const left = this.#lines(label, MARGIN, LABEL_WIDTH - PADDING, BODY);
    const right = this.#lines(value, MARGIN + LABEL_WIDTH, PAGE.width - 2 * MARGIN - LABEL_WIDTH, BODY);
    this.#top -= Math.max(left, right) + 2 * PADDING;
    this.#rule();
  }

  codeWithWords({ size, path }: QrCode, words: string): void {
    this.#top -= 2 * PADDING;
    this.#page.drawSvgPath(path, { x: MARGIN, y: this.#top, scale: CODE_WIDTH / size, color: BLACK });
    const beside = CODE_WIDTH + 2 * PADDING;
    this.#lines(words, MARGIN + beside, PAGE.width - 2 * MARGIN - beside, BODY);
    this.#top -= CODE_WIDTH + PADDING;
  }

  paragraph(text: string): void {
    this.#top -= this.#lines(text, MARGIN, PAGE.width - 2 * MARGIN, SMALL) + PADDING;
  }

  /** Draws a text below the current top and gives the height it takes. */
  #lines(text: string, x: number, width: number, { size, leading }: typeof BODY): number {
    const lines = wrappedText(text, this.#font, size, width);
    lines.forEach((line, index) => {
      const y = this.#top - PADDING - size - index * leading;
      this.#page.drawText(line, { x, y, font: this.#font, size });
    });
    return lines.length * leading;
  }

  #rule(): void {
    const y = this.#top;
    this.#page.drawLine({ start: { x: MARGIN, y }, end: { x: PAGE.width - MARGIN, y }, thickness: 0.5, color: GREY });
  }
}
