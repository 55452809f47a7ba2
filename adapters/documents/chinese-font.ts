import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Font, Subset } from '@pdf-lib/fontkit';
import type { PDFDocument, PDFFont } from 'pdf-lib';

/** Noto Sans SC Regular, under the SIL Open Font Licence, which allows embedding. */
const FONT_FILE = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf';

/** The tag before the plus tells readers that a subset is embedded; a document holds one subset of one font. */
const EMBEDDED_NAME = 'CASEGR+NotoSansSC-Regular';

/** Drawn where the font has no glyph, as printers have long done (〓, 缺字符). */
export const MISSING = '〓';

/** What shows nothing of itself or changes the order of others is not drawn even where a font has a glyph for it. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A text as the font can draw it. */
export interface Drawable {
  readonly text: string;
  /** The characters that `〓` stands for, each once, in their order. */
  readonly missing: readonly string[];
}

/** The font, parsed once; each document embeds the glyphs that it uses. */
export interface ChineseFont {
  drawable(text: string): Drawable;
  embedIn(document: PDFDocument): Promise<PDFFont>;
}

/** Reads and parses the font: 10 MB, some 50 ms. */
async function loadChineseFont(): Promise<ChineseFont> {
  const [{ default: fontkit }, bytes] = await Promise.all([
    import('@pdf-lib/fontkit'),
    readFile(createRequire(import.meta.url).resolve(FONT_FILE)),
  ]);
  const font = withLongLocations(fontkit.create(bytes));
  const draws = (character: string) =>
    !INVISIBLE.test(character) && font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
  return {
    drawable(text) {
      const characters = [...text];
      return {
        text: characters.map((character) => (draws(character) ? character : MISSING)).join(''),
        missing: [...new Set(characters.filter((character) => !draws(character)))],
      };
    },
    embedIn(document) {
      document.registerFontkit({ create: () => font });
      return document.embedFont(bytes, { subset: true, customName: EMBEDDED_NAME });
    },
  };
}

/** The font, read when it is first asked for and kept; where that failed, the next who asks tries again. */
export function chineseFontOnce(): () => Promise<ChineseFont> {
  let font: Promise<ChineseFont> | undefined;
  return () => {
    font ??= loadChineseFont().catch((error: unknown) => {
      font = undefined;
      throw error;
    });
    return font;
  };
}

/** What a subset is gathering while it is encoded; the package's types leave it out. */
interface Gathering {
  readonly loca: { version?: number };
  _addGlyph(id: number): number;
}

/**
 * The font with subsets that readers can read. Of itself fontkit 1.1.1 writes small `loca` tables in the short format, which tells
 * half of each glyph's place and so only even ones, yet puts glyphs of odd length down as they are: those behind them come out
 * blank. Version 1 is the long format, in which every place can be told.
 */
function withLongLocations(font: Font): Font {
  const createSubset = font.createSubset.bind(font);
  font.createSubset = () => {
    const subset = createSubset() as Subset & Gathering;
    const addGlyph = subset._addGlyph.bind(subset);
    subset._addGlyph = (id) => {
      subset.loca.version = 1;
      return addGlyph(id);
    };
    return subset;
  };
  return font;
}
