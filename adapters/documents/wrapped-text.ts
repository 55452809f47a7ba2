import type { PDFFont } from 'pdf-lib';

/** What is seen as one character is never divided between two lines. */
const GRAPHEMES = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** What begins no line (行首禁则): the first of them may stand beyond the line's end instead. */
const CLOSING = /^[，。、；：！？）》」』】〕”’]/;

/**
 * The lines of a text in a column `width` points wide, as Chinese is set: a line may end after any character, and a closing mark may
 * hang over its end. At least one line; every character of the text is in one of them.
 */
export function wrappedText(
  text: string,
  font: Pick<PDFFont, 'widthOfTextAtSize'>,
  size: number,
  width: number,
): readonly string[] {
  const lines = [''];
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    const advance = font.widthOfTextAtSize(segment, size);
    const hangs = used <= width && CLOSING.test(segment);
    if (used > 0 && used + advance > width && !hangs) {
      lines.push('');
      used = 0;
    }
    lines[lines.length - 1] += segment;
    used += advance;
  }
  return lines;
}
