import iconv from 'iconv-lite';

// Only `gb18030`: `TextDecoder('gbk')` reads FE 9F as a private-use character and no four-byte sequence at all (wire spec section 1).
const decoder = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true });

/**
 * Text as GB18030 bytes; Node has no encoder for it. Throws `RangeError` for text that does not survive the way there and back, a lone
 * surrogate for one.
 *
 * @example encodeGb18030('㙍') // 82 30 AB 33
 */
export function encodeGb18030(text: string): Buffer {
  const bytes = iconv.encode(text, 'gb18030');
  if (decoder.decode(bytes) !== text) throw new RangeError('text that GB18030 cannot carry');
  return bytes;
}

/** GB18030 bytes as text. Throws `TypeError` for bytes that are none. */
export function decodeGb18030(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
