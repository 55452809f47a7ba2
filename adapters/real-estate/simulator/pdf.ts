import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { PDFFont } from 'pdf-lib';

const LINES_A_PAGE = 36;
const PAGE_SIZE: [number, number] = [595.28, 841.89];
const LEFT = 60;
const LINE_WIDTH = 475;

/** Stands for what the font has no glyph for. */
const NO_GLYPH = '〓';

/** Prints papers as PDF; opened with the first of them, since the font has 10 MB. */
export interface PdfPrinter {
  /** A title and lines of Chinese text, A4, as many pages as it takes, with the glyphs used embedded. Equal text gives equal bytes. */
  document(title: string, lines: readonly string[]): Promise<Buffer>;
}

/** Loads the PDF library and the font, Noto Sans SC. */
export async function openPdfPrinter(): Promise<PdfPrinter> {
  const file = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  );
  const [{ PDFDocument }, { default: fontkit }, bytes] = await Promise.all([
    import('pdf-lib'),
    import('@pdf-lib/fontkit'),
    readFile(file),
  ]);
  const typeface = fontkit.create(bytes);
  const known = (text: string) =>
    [...text.replace(/\s+/g, ' ')]
      .map((character) => (typeface.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : NO_GLYPH))
      .join('');

  // A subset with `loca` in the short format loses every glyph behind one of odd length (fontkit 1.1.1): the long format it is.
  const makeSubset = typeface.createSubset.bind(typeface);
  typeface.createSubset = () => {
    const subset = makeSubset() as ReturnType<typeof makeSubset> & {
      loca: { version?: number };
      _addGlyph(id: number): number;
    };
    const add = subset._addGlyph.bind(subset);
    subset._addGlyph = (id) => {
      subset.loca.version = 1;
      return add(id);
    };
    return subset;
  };

  return {
    async document(title, lines) {
      const paper = await PDFDocument.create({ updateMetadata: false });
      paper.registerFontkit({ create: () => typeface });
      const font = await paper.embedFont(bytes, { subset: true, customName: 'BDCXAN+NotoSansSC-Regular' });
      paper.setTitle(known(title));
      paper.setLanguage('zh-CN');
      const pages = pagesOf(lines.flatMap((line) => wrapped(known(line), font, 11)));
      for (const [index, page] of pages.entries()) {
        const sheet = paper.addPage(PAGE_SIZE);
        const heading = known(index === 0 ? title : `${title}（续）`);
        sheet.drawText(heading, { x: LEFT, y: 780, font, size: 18 });
        for (const [row, line] of page.entries()) {
          sheet.drawText(line, { x: LEFT, y: 740 - row * 19, font, size: 11 });
        }
      }
      return Buffer.from(await paper.save());
    },
  };
}

function pagesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(lines.length / LINES_A_PAGE));
  return Array.from({ length: count }, (_, page) => lines.slice(page * LINES_A_PAGE, (page + 1) * LINES_A_PAGE));
}

function wrapped(line: string, font: PDFFont, size: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const character of line) {
    const advance = font.widthOfTextAtSize(character, size);
    if (width + advance > LINE_WIDTH) {
      rows.push(row);
      row = '';
      width = 0;
    }
    row += character;
    width += advance;
  }
  return [...rows, row];
}
