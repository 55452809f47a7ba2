import { yuanFromFen } from '../../values/fen.ts';
import type { Receipt } from './receipts.ts';

/**
 * The file of an e-bill: one PDF page of a few hundred bytes. Its Chinese is set in a font of the PDF standard's own (STSong-Light),
 * which readers bring along.
 */
export function billFile(receipt: Receipt): Buffer {
  const lines = [
    receipt.typeName,
    `票据代码 ${receipt.code}`,
    `票据号码 ${receipt.number}`,
    `校验码 ${receipt.check}`,
    `缴款码 ${receipt.payCode}`,
    `交款人 ${receipt.payerName}`,
    `金额 ${yuanFromFen(receipt.amountFen)} 元`,
    `开票日期 ${receipt.issuedOn}`,
  ];
  const shown = lines.map((line) => `<${utf16Hex(line)}> Tj T*`).join('\n');
  const content = `BT /F1 12 Tf 20 TL 40 240 Td\n${shown}\nET`;
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 280] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 ' +
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /W [1 95 500] >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 ' +
      '/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  ]);
}

function utf16Hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();
}

function pdfOf(objects: readonly string[]): Buffer {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + table + trailer, 'latin1');
}
