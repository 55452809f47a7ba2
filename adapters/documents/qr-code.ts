import qrcode from 'qrcode';
import { refused } from './refused.ts';

/** Level M: a sixth of the code may be damaged and it still reads (ISO/IEC 18004). */
const CORRECTION = { errorCorrectionLevel: 'M' } as const;

/** White modules that the standard wants on each side. */
const QUIET_ZONE = 4;

/** What the largest code (version 40) holds at level M, in bytes of UTF-8. */
const MOST_BYTES = 2_331;

/** A QR code to be drawn: a square of `size` modules, quiet zone included, and its dark modules as SVG path data. */
export interface QrCode {
  readonly size: number;
  readonly path: string;
}

/**
 * The QR code of a text (UTF-8), for whoever draws it. Equal text gives an equal code. Throws `INVALID_INPUT` naming `text` when it is
 * empty, longer than 2,331 bytes or holds half a surrogate pair.
 */
export function qrCode(text: string): QrCode {
  const { size, data } = qrcode.create(encodable(text), CORRECTION).modules;
  const rows = Array.from({ length: size }, (_, row) => darkRuns(data.subarray(row * size, (row + 1) * size), row));
  return { size: size + 2 * QUIET_ZONE, path: rows.join('') };
}

/**
 * The QR code as an SVG document without a size of its own: it fills what it is put into. Throws as `qrCode` does.
 *
 * @example qrCodeSvg('https://example.invalid/pay/1') // '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33" …'
 */
export function qrCodeSvg(text: string): string {
  const { size, path } = qrCode(text);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`
  );
}

/**
 * The QR code as a PNG image, each module `scale` pixels wide, 1 to 32; by default a code for an address is about 300 pixels wide.
 * Throws as `qrCode` does, and `INVALID_INPUT` naming `scale`.
 */
export async function qrCodePng(text: string, { scale = 8 }: { readonly scale?: number } = {}): Promise<Uint8Array> {
  if (!Number.isInteger(scale) || scale < 1 || scale > 32) {
    throw refused('scale', 'must be a whole number from 1 to 32', '应为1至32的整数');
  }
  return qrcode.toBuffer(encodable(text), { ...CORRECTION, type: 'png', margin: QUIET_ZONE, scale });
}

function encodable(text: string): string {
  if (text === '') throw refused('text', 'must not be empty', '不应为空');
  // Half a pair would be encoded as another character.
  if (!text.isWellFormed()) throw refused('text', 'holds half a surrogate pair', '含有不完整的字符');
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw refused('text', `must have at most ${MOST_BYTES} bytes in UTF-8`, `按UTF-8不应超过${MOST_BYTES}字节`);
  }
  return text;
}

/** The runs of dark modules of a row, each a rectangle one module high. */
function darkRuns(modules: Uint8Array, row: number): string {
  const runs: string[] = [];
  for (let from = 0; from < modules.length; from += 1) {
    if (modules[from] === 0) continue;
    let to = from;
    while (modules[to] === 1) to += 1;
    runs.push(`M${from + QUIET_ZONE} ${row + QUIET_ZONE}h${to - from}v1h-${to - from}z`);
    from = to;
  }
  return runs.join('');
}
