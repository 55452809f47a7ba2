import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qrCode, qrCodePng, qrCodeSvg } from '../../adapters/documents/qr-code.ts';
import { noReaders, qrTextOf } from './readers.ts';

const ADDRESS = 'https://xianan.example.invalid/check/XA20260316000017-7H2KQ9';
/** The longest that a code of level M holds, as bytes and as Chinese. */
const LONGEST = 2_331;

/** The dark modules of a code's path, row by row, quiet zone included. */
function modulesOf({ size, path }: { size: number; path: string }): boolean[][] {
  const rows = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let step = 0; step < Number(width); step += 1) (rows[Number(y)] as boolean[])[Number(x) + step] = true;
  }
  return rows;
}

/** An image of what an SVG's path draws, each module four pixels wide (PBM). */
function drawn(svg: string): Buffer {
  const [, size] = /viewBox="0 0 (\d+) \1"/.exec(svg) ?? [];
  const [, path = ''] = /<path d="([^"]+)"\/>/.exec(svg) ?? [];
  const rows = modulesOf({ size: Number(size), path }).flatMap((row) => {
    const pixels = row.flatMap((dark) => new Array<string>(4).fill(dark ? '1' : '0')).join(' ');
    return new Array<string>(4).fill(pixels);
  });
  return Buffer.from(`P1\n${rows.length} ${rows.length}\n${rows.join('\n')}\n`);
}

describe.skipIf(noReaders() !== undefined)('a QR code, read by a scanner', () => {
  it.each([
    ['an address', ADDRESS],
    ['one character', '1'],
    ['Chinese text', '咸安区非税缴款码：㙍䶮𠮷'],
    ['digits', '42120226031600010142120226031600010142'],
    ['as much as there can be', `https://${'a'.repeat(LONGEST - 8)}`],
  ])('tells %s', async (_, text) => {
    expect(qrTextOf(await qrCodePng(text))).toBe(text);
    expect(qrTextOf(drawn(qrCodeSvg(text)))).toBe(text);
  });

  it('tells an address at any size from two pixels a module', async () => {
    for (const scale of [2, 5, 32]) expect(qrTextOf(await qrCodePng(ADDRESS, { scale }))).toBe(ADDRESS);
  });
});

describe('a QR code', () => {
  it('is of level M: its format begins with 00, masked 10 (ISO/IEC 18004, 7.9)', () => {
    const row = modulesOf(qrCode(ADDRESS))[4 + 8];
    expect(row?.slice(4, 6)).toEqual([true, false]);
  });

  it('has four light modules on each side, in every form', async () => {
    const code = qrCode(ADDRESS);
    const dark = modulesOf(code).flatMap((row, y) => row.flatMap((is, x) => (is ? [x, y] : [])));
    expect([Math.min(...dark), Math.max(...dark)]).toEqual([4, code.size - 5]);
    expect(qrCodeSvg(ADDRESS)).toContain(`viewBox="0 0 ${code.size} ${code.size}"`);
    const png = Buffer.from(await qrCodePng(ADDRESS, { scale: 3 }));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([code.size * 3, code.size * 3]);
  });

  it('is the same for the same text and has no markup of the text in it', async () => {
    const text = '"><script>𠮷';
    expect(await qrCodePng(text)).toEqual(await qrCodePng(text));
    expect(qrCodeSvg(text)).toBe(qrCodeSvg(text));
    expect(qrCodeSvg(text)).not.toContain('script');
  });

  it.each([
    ['empty text', ''],
    ['a byte too many', 'a'.repeat(LONGEST + 1)],
    ['a Chinese character too many', '证'.repeat(LONGEST / 3 + 1)],
    ['half a pair', 'a\ud842'],
  ])('is not made of %s', async (_, text) => {
    const refusal = {
      code: 'INVALID_INPUT',
      extensions: { field: 'text', messageZh: expect.stringMatching(/^输入不合规范。text：\W+/) },
    };
    for (const make of [qrCode, qrCodeSvg, qrCodePng]) {
      await expect((async () => make(text))()).rejects.toMatchObject(refusal);
    }
  });

  it.each([0, -1, 1.5, 33, Number.NaN])('is not drawn with modules %d pixels wide', async (scale) => {
    await expect(qrCodePng(ADDRESS, { scale })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'scale' },
    });
  });

  it('can be made of any whole text within its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (text) => {
        fc.pre(Buffer.byteLength(text) <= LONGEST);
        const { size } = qrCode(text);
        // A side is 17 + 4 × version, and the quiet zone twice.
        expect((size - 8 - 17) % 4).toBe(0);
      }),
    );
  });
});
