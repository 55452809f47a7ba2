const LINES_A_PAGE = 36;
const CHARACTERS_A_LINE = 42;

/** The objects before the pages: catalogue, page tree, and a Chinese font that readers have and need not be embedded. */
const FONT_OBJECTS = [
  '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>',
  '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 ' +
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>',
  '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 ' +
    '/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
];

/** A plain PDF 1.4 with a title and lines of Chinese text, A4, as many pages as it takes. Equal text gives equal bytes. */
export function pdfDocument(title: string, lines: readonly string[]): Buffer {
  const pages = pagesOf(lines.flatMap(wrapped));
  const first = 3 + FONT_OBJECTS.length;
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids.join(' ')}] >>`,
    ...FONT_OBJECTS,
    ...pages.flatMap((page, index) => [
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> ' +
        `/Contents ${first + index * 2 + 1} 0 R >>`,
      stream(pageContent(index === 0 ? title : `${title}（续）`, page)),
    ]),
  ];
  return assembled(objects);
}

function pagesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(lines.length / LINES_A_PAGE));
  return Array.from({ length: count }, (_, page) => lines.slice(page * LINES_A_PAGE, (page + 1) * LINES_A_PAGE));
}

function wrapped(line: string): string[] {
  const characters = [...line.replace(/\s+/g, ' ')];
  const count = Math.max(1, Math.ceil(characters.length / CHARACTERS_A_LINE));
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * CHARACTERS_A_LINE, (index + 1) * CHARACTERS_A_LINE).join(''),
  );
}

function pageContent(title: string, lines: readonly string[]): string {
  const body = lines.map((line) => `${hexText(line)} Tj T*`).join('\n');
  return `BT /F1 18 Tf 60 780 Td ${hexText(title)} Tj ET\nBT /F1 11 Tf 19 TL 60 740 Td\n${body}\nET`;
}

/** UTF-16BE as the font's encoding wants it. */
function hexText(text: string): string {
  return `<${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
}

function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** Numbers the objects, and tells in the cross-reference table where each begins. Everything is ASCII. */
function assembled(objects: readonly string[]): Buffer {
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
